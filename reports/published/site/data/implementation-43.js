window.attentionCtsParts["implementation-43"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
