window.attentionCtsParts["implementation-55"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
