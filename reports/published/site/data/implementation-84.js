window.attentionCtsParts["implementation-84"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
