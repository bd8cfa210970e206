window.attentionCtsParts["implementation-56"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
