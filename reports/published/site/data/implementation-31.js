window.attentionCtsParts["implementation-31"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
