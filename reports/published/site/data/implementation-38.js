window.attentionCtsParts["implementation-38"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
