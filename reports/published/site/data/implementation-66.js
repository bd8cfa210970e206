window.attentionCtsParts["implementation-66"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
