window.attentionCtsParts["implementation-36"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
