window.attentionCtsParts["power"] = null;
