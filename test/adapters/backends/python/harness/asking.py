"""One call of a kernel through the server."""

import json
import os

import numpy as np

from attn_cts import Raw, Server, Session, decode_safetensors, encode_safetensors, kernel

DIMS = {"b": 1, "hk": 1, "g": 1, "m": 3, "n": 4, "d": 2, "e": 2}


def ask(tmp_path, function, tensors, command="forward", case=None, operators=None, **further):
    """One call through the server: its reply, and the outputs if there are any."""
    if not hasattr(function, "attn_cts"):
        kernel(function)
    inputs, outputs = str(tmp_path / "inputs"), str(tmp_path / "outputs")
    with open(inputs, "wb") as file:
        file.write(encode_safetensors({name: Raw(*t) if isinstance(t, tuple) else Raw("f32", np.asarray(t, np.float32)) for name, t in tensors.items()}))
    server = Server(lambda: Session(function.attn_cts))
    start = {"cmd": "start", "protocol": 1, **({"operators": operators} if operators is not None else {})}
    assert "unavailable" not in server.reply(json.dumps(start))
    full = {"operator": "softmax", "dims": DIMS, "mask": {"name": "full"}, "options": {}, "dtype": "f32", "layout": "bhld", **(case or {})}
    reply = server.reply(json.dumps({"cmd": command, "seq": 7, "case": full, "inputs": inputs, "outputs": outputs, **further}))
    assert reply["seq"] == 7
    found = None
    if os.path.exists(outputs):
        with open(outputs, "rb") as file:
            found = decode_safetensors(file.read())
    return reply, found


def qkv(seed=0):
    rng = np.random.default_rng(seed)
    return {"q": rng.normal(size=(1, 1, 3, 2)), "k": rng.normal(size=(1, 1, 4, 2)), "v": rng.normal(size=(1, 1, 4, 2))}
