#!/usr/bin/env python3
"""Speaks process protocol 1 with the standard library alone, and misbehaves in one way from two keys on.

Usage:  python3 misbehaves.py WAY [TOKEN]

With a TOKEN it first starts two children that sleep, one of them in a session of its own: whoever ends it must end them too. They carry the token
as their last argument, so that a test can look for them.
"""
import atexit
import json
import math
import os
import signal
import struct
import subprocess
import sys
import time


def read(path):
    with open(path, "rb") as f:
        header = json.loads(f.read(struct.unpack("<Q", f.read(8))[0]))
        data = f.read()
    return {
        name: (info["shape"], struct.unpack(f"<{(info['data_offsets'][1] - info['data_offsets'][0]) // 4}f", data[slice(*info["data_offsets"])]))
        for name, info in header.items()
    }


def file_of(tensors):
    header, blob = {}, b""
    for name, (dtype, shape, data) in tensors.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(blob), len(blob) + len(data)]}
        blob += data
    head = json.dumps(header).encode()
    return struct.pack("<Q", len(head)) + head + blob


def write(path, data):
    with open(path, "wb") as f:
        f.write(data)


def attention(inputs):
    """o of one head, [1, 1, m, e]: the capabilities claim no more."""
    (_, _, m, d), q = inputs["q"]
    (_, _, n, _), k = inputs["k"]
    (_, _, _, e), v = inputs["v"]
    o = []
    for i in range(m):
        s = [sum(q[i * d + c] * k[j * d + c] for c in range(d)) / math.sqrt(d) for j in range(n)]
        p = [math.exp(x - max(s)) for x in s]
        o += [sum(p[j] * v[j * e + c] for j in range(n)) / sum(p) for c in range(e)]
    return [1, 1, m, e], struct.pack(f"<{len(o)}f", *o)


def say(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def raw(text):
    sys.stdout.write(text)
    sys.stdout.flush()


def sparse(path, size):
    write(path, b"")
    os.truncate(path, size)


def overwrite(path):
    with open(path, "r+b") as f:
        f.seek(-1, os.SEEK_END)
        last = f.read(1)
        f.seek(-1, os.SEEK_END)
        f.write(bytes([last[0] ^ 1]))


def hang():
    while True:
        pass


def die(name):
    print(f"about to get {name}", file=sys.stderr, flush=True)
    os.kill(os.getpid(), getattr(signal, name))
    time.sleep(60)


def exhaust():
    try:
        bytearray(2**62)
    except MemoryError as error:
        return {"message": repr(error), "kind": "out-of-memory"}


# Each is given the command, o's shape and its bytes, and answers by itself.
WAYS = {
    "segfault": lambda c, shape, o: die("SIGSEGV"),
    "abort": lambda c, shape, o: os.abort(),
    "exit": lambda c, shape, o: os._exit(3),
    "killed": lambda c, shape, o: die("SIGKILL"),
    "hang": lambda c, shape, o: hang(),
    "out-of-memory": lambda c, shape, o: say({"seq": c["seq"], "error": exhaust()}),
    "noise": lambda c, shape, o: (raw("computing ...\n"), answer(c, shape, o)),
    "noise-after": lambda c, shape, o: (write(c["outputs"], file_of({"o": ("F32", shape, o)})), raw(json.dumps({"seq": c["seq"], "ok": True}) + "\ndone\n")),
    "half-line": lambda c, shape, o: (raw('{"seq": '), os._exit(0)),
    "half-file": lambda c, shape, o: answer(c, shape, o, lambda data: data[: len(data) // 2]),
    "no-file": lambda c, shape, o: say({"seq": c["seq"], "ok": True}),
    "wrong-seq": lambda c, shape, o: answer({**c, "seq": c["seq"] + 1}, shape, o),
    "wrong-type": lambda c, shape, o: (write(c["outputs"], file_of({"o": ("F32", shape, o)})), say({"seq": c["seq"], "ok": "yes"})),
    "two-answers": lambda c, shape, o: say({"seq": c["seq"], "ok": True, "unsupported": "this"}),
    "wrong-dtype": lambda c, shape, o: (write(c["outputs"], file_of({"o": ("I32", shape, o)})), say({"seq": c["seq"], "ok": True})),
    "wrong-shape": lambda c, shape, o: answer(c, [*shape[:2], shape[3], shape[2]] if shape[2] != shape[3] else [*shape, 1], o),
    "petabytes": lambda c, shape, o: answer(c, shape, o, lambda data: struct.pack("<Q", 2**50) + data[8:]),
    "petabyte-tensor": lambda c, shape, o: answer(c, [2**50], o),
    "petabyte-file": lambda c, shape, o: (sparse(c["outputs"], 2**42), say({"seq": c["seq"], "ok": True})),
    "fifo": lambda c, shape, o: (os.mkfifo(c["outputs"]), say({"seq": c["seq"], "ok": True})),
    "link": lambda c, shape, o: (os.symlink("/etc/hostname", c["outputs"]), say({"seq": c["seq"], "ok": True})),
    "folder": lambda c, shape, o: (os.mkdir(c["outputs"]), say({"seq": c["seq"], "ok": True})),
    "deep-reply": lambda c, shape, o: raw('{"seq": ' + "[" * 20_000 + "]" * 20_000 + "}\n"),
    "deep-header": lambda c, shape, o: answer(c, shape, o, lambda data: struct.pack("<Q", 40_000) + b"[" * 20_000 + b"]" * 20_000),
    "long-line": lambda c, shape, o: raw("x" * 50_000_000 + "\n"),
    "writes-input": lambda c, shape, o: (overwrite(c["inputs"]), answer(c, shape, o)),
    "removes-input": lambda c, shape, o: (os.remove(c["inputs"]), answer(c, shape, o)),
    "unsupported": lambda c, shape, o: say({"seq": c["seq"], "unsupported": "two keys"}),
    "throws": lambda c, shape, o: say({"seq": c["seq"], "error": {"message": "no two keys", "traceback": "at line 7"}}),
    "loses-device": lambda c, shape, o: say({"seq": c["seq"], "error": {"message": "the device fell off", "fatal": True}}),
    "nothing": lambda c, shape, o: answer(c, shape, o),
}


def answer(command, shape, o, change=lambda data: data):
    write(command["outputs"], change(file_of({"o": ("F32", shape, o)})))
    say({"seq": command["seq"], "ok": True})


def capabilities():
    small = {"b": [1], "hk": [1], "g": [1], "m": {"max": 2}, "n": {"max": 2}, "d": [2], "e": [2]}
    return {"dtypes": ["f32"], "operators": ["softmax"], "limits": small, "numeric": {"accumulate": "f32"}}


def start(way):
    if way == "no-start":
        print("waiting for a device", file=sys.stderr, flush=True)
        time.sleep(600)
    if way == "noise-at-start":
        raw("Loading the model ...\n")
    if way == "dies-at-start":
        print("ImportError: libdevice.so", file=sys.stderr, flush=True)
        sys.exit(1)
    if way == "unavailable":
        say({"protocol": 1, "unavailable": {"reason": "no device", "remedy": "plug one in"}})
        return
    says = capabilities()
    if way == "malformed-start":
        says["dtypes"] = ["f31"]
    if way == "meaningless-start":
        says["numeric"] = {"storage": "f16"}
    if way == "false-name":
        return say({"protocol": 1, "adapter": {"id": "reference", "title": "Not it"}, "capabilities": says})
    say({"protocol": 1, "adapter": {"id": f"p-{way}", "title": f"Process that does: {way}", "version": "1"}, "environment": {}, "capabilities": says})


def main():
    way, *token = sys.argv[1:]
    if token:
        for apart in (False, True):
            subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", token[0]], start_new_session=apart)
    for line in sys.stdin:
        command = json.loads(line)
        if command["cmd"] == "stop":
            if "at-exit" in way:
                atexit.register(lambda: (time.sleep(1.5 if "late" in way else 0), os.abort()))
            if way == "dies-of-stop":
                die("SIGSEGV")
            sys.exit(3 if way == "exits-of-stop" else 0)
        if command["cmd"] == "start":
            start(way)
            continue
        inputs = read(command["inputs"])
        misbehave = WAYS.get(way, WAYS["nothing"]) if inputs["k"][0][2] >= 2 else WAYS["nothing"]
        misbehave(command, *attention(inputs))


if __name__ == "__main__":
    main()
