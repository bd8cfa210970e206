window.attentionCtsParts["implementation-48"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
