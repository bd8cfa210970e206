window.attentionCtsParts["implementation-58"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
