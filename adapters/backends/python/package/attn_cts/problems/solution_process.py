"""The process of a solution: ModelNew, called on what the judge writes into files.

It runs as a program of its own, imports nothing of the suite, and has no expected value in its memory.
Each line of standard input is a request, a JSON array; each answer is a line on the standard output that it began with.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from typing import Any, Dict, List, Sequence

import torch
from torch.utils._pytree import tree_flatten


def write_values(folder: str, name: str, values: Sequence[Any]) -> None:
    """Writes tensors and plain values: NAME.json lists them, NAME.bin has the bytes of the tensors. Raises TypeError for what JSON has no word for."""
    entries: List[Dict[str, Any]] = []
    with open(os.path.join(folder, f"{name}.bin"), "wb") as file:
        for value in values:
            if not isinstance(value, torch.Tensor):
                entries.append({"value": value})
                continue
            tensor = value.detach().cpu().contiguous()
            raw = tensor.reshape(-1).view(torch.uint8).numpy().tobytes() if tensor.numel() else b""
            file.write(raw)
            entries.append({"dtype": str(tensor.dtype).split(".")[-1], "shape": list(tensor.shape), "bytes": len(raw)})
    with open(os.path.join(folder, f"{name}.json"), "w", encoding="utf-8") as file:
        json.dump(entries, file)


def read_values(folder: str, name: str) -> List[Any]:
    """Reads what write_values wrote: data, never code. Raises one of OSError, ValueError, KeyError, TypeError, RuntimeError, AttributeError for other files."""
    with open(os.path.join(folder, f"{name}.json"), encoding="utf-8") as file:
        entries = json.load(file)
    found: List[Any] = []
    with open(os.path.join(folder, f"{name}.bin"), "rb") as file:
        for entry in entries:
            if "value" in entry:
                found.append(entry["value"])
                continue
            raw, dtype = bytearray(file.read(int(entry["bytes"]))), getattr(torch, entry["dtype"])
            if not isinstance(dtype, torch.dtype):
                raise ValueError(entry["dtype"])
            tensor = torch.frombuffer(raw, dtype=dtype) if raw else torch.empty(0, dtype=dtype)
            found.append(tensor.reshape([int(x) for x in entry["shape"]]))
    return found


def main() -> None:
    folder, path, seed, device = sys.argv[1:5]
    # what the solution prints is not an answer
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def answer(document: Dict[str, Any]) -> None:
        answers.write(json.dumps(document) + "\n")
        answers.flush()

    def read(name: str) -> List[Any]:
        return [x.to(device) if isinstance(x, torch.Tensor) else x for x in read_values(folder, name)]

    def write(name: str, values: Sequence[Any]) -> None:
        plain = (torch.Tensor, int, float, bool)
        write_values(folder, name, [x if isinstance(x, plain) else str(x) for x in values])

    try:
        names: Dict[str, Any] = {"__name__": "solution", "__file__": path}
        with open(path, encoding="utf-8") as file:
            exec(compile(file.read(), path, "exec"), names)
        model_class = names.get("ModelNew")
        if model_class is None:
            raise NameError("the solution must define ModelNew")
        torch.manual_seed(int(seed))
        model = model_class(*read("initial")).to(device)
        state = {key: [str(value.dtype).split(".")[-1], list(value.shape)] for key, value in model.state_dict(keep_vars=True).items()}
        answer({"ok": True, "state": state})
    except BaseException as error:
        traceback.print_exc()
        answer({"ok": False, "error": f"{type(error).__name__}: {error}"})
        return

    with open(os.path.join(folder, "spec.json"), encoding="utf-8") as file:
        shape_of = json.load(file)
    held: List[Any] = []
    last: List[Any] = []
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if request["state"]:
                keys = request["state"]
                with torch.no_grad():
                    own = model.state_dict(keep_vars=True)
                    for key, value in zip(keys, read("state")):
                        own[key].copy_(value)
            inputs = read("inputs")
            if request["reuse"] and len(last) == len(inputs):
                # the same memory with other values: a cache that goes by pointers is stale
                for before, now in zip(last, inputs):
                    if isinstance(now, torch.Tensor):
                        before.copy_(now)
                inputs = last
            last = inputs
            with torch.no_grad():
                found = model(*_nested(inputs, shape_of))
            outputs = tree_flatten(found)[0]
            write("outputs", outputs)
            write("after", inputs)
            # one buffer for every call shows in the outputs of the call before
            write("earlier", held)
            held = outputs
            answer({"ok": True})
        except BaseException as error:
            traceback.print_exc()
            answer({"ok": False, "error": f"{type(error).__name__}: {error}"})


def _nested(leaves: List[Any], lengths: List[Any]) -> List[Any]:
    """Arguments again, whose lists were flat: a number for a list of so many leaves, None for one leaf."""
    found, at = [], 0
    for length in lengths:
        if length is None:
            found.append(leaves[at])
            at += 1
        else:
            found.append(leaves[at : at + length])
            at += length
    return found


if __name__ == "__main__":
    main()
