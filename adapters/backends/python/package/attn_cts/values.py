"""The tensors of a case, drawn from its seed by the suite."""

from __future__ import annotations

import json
import os
import tempfile
from typing import Any, Dict, Mapping, Optional, Sequence, Union

import numpy as np

from .harness.frameworks import FRAMEWORKS
from .harness.safetensors import decode_safetensors
from .node import ask, repeated


def values(
    case: Union[Mapping[str, Any], str, "os.PathLike[str]"],
    *,
    backward: bool = False,
    expected: bool = False,
    framework: str = "numpy",
    device: Optional[str] = None,
    spec: Union[str, Sequence[str]] = (),
) -> Dict[str, Any]:
    """The tensors of a case by name, to the bit those that a kernel gets.

        [cause] = judge(my_attention)["causes"]
        given = values(cause["case"], expected=True)
        abs(my_attention(given["q"], given["k"], given["v"]) - given["expected.o"]) <= given["bound.o"]

    case: what verdicts and results call so, or the file or folder of a failure: then the tensors are those of the call whose output is wrong. backward: adds the
    cotangents, do of o. expected: adds expected.X and bound.X of each output X, in float64. framework: "numpy", where bf16 comes as uint16 and fp8 as uint8, as raw
    bits; "torch" or "jax", on `device`. Layout and dtype are the case's; strided views come without their gaps. spec: folders of documents of your own. Raises
    ValueError with the suite's message.
    """
    options = ["--pass", "backward" if backward else "forward", *(["--expected"] if expected else []), *repeated("--spec", spec)]
    path, given = ("-", json.dumps(case)) if isinstance(case, Mapping) else (os.fspath(case), "")
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "case.safetensors")
        ask(["values", path, "--out", out, *options], given)
        found = decode_safetensors(np.fromfile(out, np.uint8))
    give = FRAMEWORKS[framework](device).give
    return {name: give(raw, None) for name, raw in found.items()}
