window.attentionCtsParts["implementation-41"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
