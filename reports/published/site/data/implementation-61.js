window.attentionCtsParts["implementation-61"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
