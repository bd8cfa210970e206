window.attentionCtsParts["implementation-64"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
