window.attentionCtsParts["implementation-59"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
