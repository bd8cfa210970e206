window.attentionCtsParts["implementation-23"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
