window.attentionCtsParts["implementation-53"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
