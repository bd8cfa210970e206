window.attentionCtsParts["implementation-65"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
