window.attentionCtsParts["implementation-25"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
