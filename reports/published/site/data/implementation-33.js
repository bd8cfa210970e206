window.attentionCtsParts["implementation-33"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
