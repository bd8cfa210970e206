window.attentionCtsParts["implementation-30"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
