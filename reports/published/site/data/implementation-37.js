window.attentionCtsParts["implementation-37"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
