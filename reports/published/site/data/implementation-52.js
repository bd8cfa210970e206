window.attentionCtsParts["implementation-52"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
