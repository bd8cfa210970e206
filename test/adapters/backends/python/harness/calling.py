"""One call of a kernel, as the suite asks for it."""

import numpy as np

from attn_cts import Raw, Session, encode_safetensors, kernel

DIMS = {"b": 1, "hk": 1, "g": 1, "m": 2, "n": 2, "d": 2, "e": 2}


def message_for(tmp_path, command="forward", **more):
    """Asks for one call."""
    case = {"operator": "softmax", "dims": DIMS, "mask": {"name": "full"}, "options": {}, "dtype": "f32", "layout": "bhld"}
    ones = Raw("f32", np.ones((1, 1, 2, 2), np.float32))
    inputs = tmp_path / "inputs"
    inputs.write_bytes(encode_safetensors({"q": ones, "k": ones, "v": ones}))
    (tmp_path / "outputs").unlink(missing_ok=True)
    return {"cmd": command, "case": case, "inputs": str(inputs), "outputs": str(tmp_path / "outputs"), **more}


def asked(function, tmp_path, command="forward", **more):
    """Asks a kernel for one call."""
    if not hasattr(function, "attn_cts"):
        kernel(function, framework=more.pop("framework", "numpy"))
    return Session(function.attn_cts).answer(message_for(tmp_path, command, **more))
