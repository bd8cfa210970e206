window.attentionCtsParts["implementation-83"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
