window.attentionCtsParts["implementation-50"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
