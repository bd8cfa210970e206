window.attentionCtsParts["implementation-45"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
