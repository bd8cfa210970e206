window.attentionCtsParts["implementation-34"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
