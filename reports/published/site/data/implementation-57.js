window.attentionCtsParts["implementation-57"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
