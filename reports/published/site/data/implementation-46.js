window.attentionCtsParts["implementation-46"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
