window.attentionCtsParts["implementation-32"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
