window.attentionCtsParts["implementation-40"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
