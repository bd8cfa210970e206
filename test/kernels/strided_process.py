#!/usr/bin/env python3
"""numpy_flash.py with views, a second layout and the command `time`, for what process protocol 1 says of them."""
import json
import sys
import time

import numpy as np
from numpy_flash import Kernel, read_safetensors, write_safetensors


def swapped(tensors):
    """Between bhld and blhd: q, k, v, o and their gradients; an LSE has one axis less, and one order."""
    return {name: t.swapaxes(1, 2) if t.ndim == 4 and name != "mask" else t for name, t in tensors.items()}


def inputs_of(message):
    tensors = read_safetensors(message["inputs"])
    for name, view in message.get("views", {}).items():
        flat = tensors[name][view["offset"] :]
        strides = [stride * flat.itemsize for stride in view["strides"]]
        tensors[name] = np.ascontiguousarray(np.lib.stride_tricks.as_strided(flat, view["shape"], strides))
    return tensors


def call(kernel, message, command):
    tensors = inputs_of(message)
    swap = swapped if message["case"]["layout"] == "blhd" else dict
    with np.errstate(all="ignore"):
        return swap(getattr(kernel, command)(message["case"], {name: np.ascontiguousarray(t) for name, t in swap(tensors).items()}))


def answer(kernel, message):
    if message["cmd"] != "time":
        write_safetensors(message["outputs"], call(kernel, message, message["cmd"]))
        return {}
    nanoseconds = []
    for _ in range(message["warmup"] + message["repeats"]):
        begun = time.perf_counter_ns()
        outputs = call(kernel, message, message["pass"])
        nanoseconds.append(time.perf_counter_ns() - begun)
    write_safetensors(message["outputs"], outputs)
    return {"nanoseconds": nanoseconds[message["warmup"] :], "method": "wall", "peakBytes": 0}


CAPABILITIES = {
    "dtypes": ["f32"], "operators": ["softmax"], "masks": ["full", "causal"], "denseMask": "boolean", "options": ["scale"],
    "outputs": ["o", "lse"], "gradients": True, "layouts": ["bhld", "blhd"], "strided": True, "commands": ["forward", "backward", "time"],
    "numeric": {"accumulate": "f32"},
}
START = {
    "protocol": 1,
    "adapter": {"id": "strided-process", "title": "NumPy on strided tensors", "licence": "none"},
    "environment": {"numpy": np.__version__, "threads": 1},
    "capabilities": {**CAPABILITIES, "colour": "blue"},
}


def main():
    kernel = Kernel()
    for line in sys.stdin:
        message = json.loads(line)
        if message["cmd"] == "stop":
            return
        reply = START if message["cmd"] == "start" else {"seq": message["seq"], "ok": True, **answer(kernel, message)}
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
