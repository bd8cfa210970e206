"""The oracle's values, gradients and error bounds for tensors of one's own."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Sequence, Union

import numpy as np

from .harness.frameworks import FRAMEWORKS
from .harness.safetensors import DTYPES, Raw, decode_safetensors, encode_safetensors
from .node import ask, repeated


@dataclass(frozen=True)
class Expected:
    """Outputs that the specification asks for, with their error bounds."""

    values: Mapping[str, np.ndarray]
    """Exact outputs, and gradients where a cotangent was given, by name, in float64 and in the layout of the inputs."""
    bounds: Mapping[str, np.ndarray]
    """Largest error that a right kernel of the inputs' precision can make in each element, rounding to the output's type included. Infinite: nothing is decided."""
    verdict: str
    """Verdict on the outputs that were given: pass, fail or undecided; "not judged" without any."""
    judged: Sequence[Mapping[str, Any]]
    """A record for each pass that was judged: status, message, the worst element, hint."""


def expected(
    operator: str = "softmax",
    *,
    mask: Any = "full",
    parameters: Mapping[str, Any] = {},
    layout: str = "bhld",
    dialect: Mapping[str, str] = {},
    spec: Union[str, Sequence[str]] = (),
    **given: Any,
) -> Expected:
    """The oracle's outputs, gradients and bounds for tensors of one's own.

        found = expected(q=q, k=k, v=v, mask="causal", scale=0.125)
        abs(o - found.values["o"]) <= found.bounds["o"]

    given: the inputs of the operator by the names of its document, NumPy arrays or tensors of PyTorch or JAX; numbers are its options. With do=, dlse= the gradients
    come too. Outputs among them, o=, lse=, dq=, are judged: see `verdict`. mask: a name with its parameters, or a boolean tensor [b or 1, heads or 1, m or 1, n] whose
    True keeps. layout: "bhld", "blhd", or "thd" with cu_q and cu_k. dialect, spec: as of `attn-cts run`. Raises ValueError with the suite's message.
    """
    tensors: Dict[str, Raw] = {}
    options: List[str] = ["--operator", operator, "--layout", layout]
    for name, value in given.items():
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            options += ["--option", f"{name}={value!r}"]
        elif value is not None:
            tensors[name] = _raw(name, value)
    if isinstance(mask, Mapping):
        options += ["--mask", json.dumps(mask)]
    elif isinstance(mask, str):
        options += ["--mask", mask] if mask != "full" else []
        for key, value in parameters.items():
            options += ["--param", f"{key}={','.join(str(x) for x in value) if isinstance(value, (list, tuple)) else value}"]
    elif mask is not None:
        tensors["mask"] = _raw("mask", mask)
    for axis, value in dialect.items():
        options += ["--dialect", f"{axis}={value}"]
    options += repeated("--spec", spec)
    with tempfile.TemporaryDirectory() as folder:
        inputs, outputs = (os.path.join(folder, name) for name in ("inputs.safetensors", "expected.safetensors"))
        with open(inputs, "wb") as file:
            file.write(encode_safetensors(tensors))
        record = json.loads(ask(["expected", inputs, "--json", "--out", outputs, *options], answered=(0, 1, 3)))
        with open(outputs, "rb") as file:
            found = decode_safetensors(file.read())
    part = lambda prefix: {name[len(prefix) :]: raw.data.copy() for name, raw in found.items() if name.startswith(prefix)}  # noqa: E731
    return Expected(part("expected."), part("bound."), record["verdict"], record["judged"])


_NARROW = {"bfloat16": "bf16", "float8_e4m3fn": "f8e4m3", "float8_e5m2": "f8e5m2"}
"""Types that NumPy has by the library ml_dtypes."""


def _raw(name: str, value: Any) -> Raw:
    """A tensor of any framework as the file has it; whole numbers of 64 bits as int32."""
    dtype = _NARROW.get(getattr(getattr(value, "dtype", None), "name", ""))
    if dtype is not None and isinstance(value, np.ndarray):
        return Raw(dtype, np.ascontiguousarray(value).view(DTYPES[dtype][1]))
    root = type(value).__module__.split(".")[0]
    framework = {"torch": "torch", "jax": "jax", "jaxlib": "jax"}.get(root, "numpy")
    try:
        raw = FRAMEWORKS[framework]("cpu").take(value, "")
    except TypeError as error:
        raise ValueError(f"{name}: {error}") from None
    return Raw("i32", raw.data.astype(np.int32)) if raw.dtype == "i64" else raw
