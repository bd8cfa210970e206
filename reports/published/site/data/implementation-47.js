window.attentionCtsParts["implementation-47"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
