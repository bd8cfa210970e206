window.attentionCtsParts["implementation-44"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
