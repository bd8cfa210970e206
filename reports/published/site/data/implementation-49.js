window.attentionCtsParts["implementation-49"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
