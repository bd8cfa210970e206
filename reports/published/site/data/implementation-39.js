window.attentionCtsParts["implementation-39"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
