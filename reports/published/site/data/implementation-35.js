window.attentionCtsParts["implementation-35"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
