window.attentionCtsParts["implementation-24"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
