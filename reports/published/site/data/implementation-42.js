window.attentionCtsParts["implementation-42"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
