window.attentionCtsParts["implementation-62"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
