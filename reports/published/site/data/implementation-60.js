window.attentionCtsParts["implementation-60"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
