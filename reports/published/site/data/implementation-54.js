window.attentionCtsParts["implementation-54"] = {"environment":{},"rows":[],"strings":[""],"failures":[],"history":[]};
