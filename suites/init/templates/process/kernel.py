"""An attention kernel that speaks process protocol 1 by itself: JSON lines on stdin and stdout, tensors in safetensors files.

    npx attention-cts run --adapter "process:python3 kernel.py"

Any language will do: what follows is all there is to the protocol. Put your own kernel into `attention`, and say in CAPABILITIES what it takes:
what is claimed is called, and must be right; what is not claimed is never called. stdout is for answers only: print anything else to stderr.
"""
import json
import struct
import sys
import traceback

try:
    import numpy as np
except ImportError:
    np = None

CAPABILITIES = {
    "dtypes": ["f32"],
    "operators": ["softmax"],
    "masks": ["full", "causal"],  # these come by name; any other comes as a tensor `mask`, true where a query sees a key
    "denseMask": "boolean",
    "options": ["scale"],
    "outputs": ["o", "lse"],
    "numeric": {"accumulate": "f32"},
}


def attention(case, tensors):
    """q [b, hq, m, d], k [b, hk, n, d] and v [b, hk, n, e] to o [b, hq, m, e] and lse [b, hq, m]; query head h reads key head h div (hq / hk)."""
    q, k, v = tensors["q"], tensors["k"], tensors["v"]
    (m, d), n = q.shape[2:], k.shape[2]
    group = q.shape[1] // k.shape[1]
    k, v = np.repeat(k, group, axis=1), np.repeat(v, group, axis=1)
    if "mask" in tensors:
        visible = tensors["mask"]
    elif case["mask"].get("name") == "causal":  # aligned at the last key: query i sees the keys up to i + n - m
        visible = np.arange(n) <= np.arange(m)[:, None] + n - m
    else:
        visible = np.ones((m, n), bool)
    scale = case["options"].get("scale", 1 / np.sqrt(d))
    scores = np.where(visible, q @ k.swapaxes(2, 3) * np.float32(scale), -np.inf)
    top = scores.max(axis=-1, keepdims=True, initial=-np.inf)
    top = np.where(np.isneginf(top), 0, top)  # of a row that sees no key: o is 0, lse -inf
    weights = np.exp(scores - top)
    total = weights.sum(axis=-1, keepdims=True)
    used = np.broadcast_to(visible, scores.shape).any(axis=2)[..., None]  # a key that nobody sees may hold a NaN
    o = weights @ np.where(used, v, 0) / np.where(total == 0, 1, total)
    return {"o": o, "lse": (top + np.log(total))[..., 0]}


DTYPES = {"F32": "<f4", "BOOL": "?", "I32": "<i4", "I8": "<i1", "U8": "<u1"}


def read_tensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    tensors = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        tensors[name] = np.frombuffer(data[start:end], DTYPES[entry["dtype"]]).reshape(entry["shape"])
    return tensors


def write_tensors(path, tensors):
    header, data = {}, b""
    for name, tensor in tensors.items():
        raw = np.ascontiguousarray(tensor, "<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": tensor.shape, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def start():
    if np is None:
        return {"protocol": 1, "unavailable": {"reason": f"{sys.executable} has no NumPy", "remedy": f"{sys.executable} -m pip install numpy"}}
    return {
        "protocol": 1,
        "adapter": {"id": "my-process", "title": "My kernel in a process", "version": "0.1.0"},
        "environment": {"numpy": np.__version__, "python": sys.version.split()[0]},
        "capabilities": CAPABILITIES,
    }


def forward(message):
    try:
        with np.errstate(all="ignore"):
            outputs = attention(message["case"], read_tensors(message["inputs"]))
        write_tensors(message["outputs"], outputs)
        return {"seq": message["seq"], "ok": True}
    except MemoryError as error:
        return {"seq": message["seq"], "error": {"message": str(error), "kind": "out-of-memory"}}
    except Exception as error:
        return {"seq": message["seq"], "error": {"message": repr(error), "traceback": traceback.format_exc()}}


for line in sys.stdin:
    command = json.loads(line)
    if command["cmd"] == "stop":
        break
    print(json.dumps(start() if command["cmd"] == "start" else forward(command)), flush=True)
