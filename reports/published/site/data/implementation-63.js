window.attentionCtsParts["implementation-63"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
