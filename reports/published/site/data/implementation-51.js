window.attentionCtsParts["implementation-51"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
