"""MagiAttention's reference in PyTorch, with which its kernels are compared (https://github.com/SandAI-org/MagiAttention, Apache-2.0): magi_attention/testing/ref_attn.py.

q [n, h, d], k and v [n, hk, d], one batch entry; the mask is boolean, [m, n]; sinks are [1, h], and in the LSE [n, h]. The package
itself takes Triton and a GPU, and so do the references with an online softmax: this one needs neither.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import os
import sys
from types import ModuleType
from typing import Any, Callable, Optional, Tuple
from unittest.mock import MagicMock

# a function beside the references is compiled when it is first called, or, before that, when it is defined
os.environ.setdefault("TORCHDYNAMO_DISABLE", "1")

import torch
from attn_cts import Unavailable, kernel
from versions import version_of

Tensor = torch.Tensor


PACKAGES = ("", ".functional", ".testing", ".utils", ".common")
TRITON = ("triton", "triton.language", "triton.language.extra")


def enter(name: str, **contents: Any) -> None:
    """A module without what its __init__ imports: only the contents, and the files beside it."""
    found = importlib.util.find_spec(name)
    if found is None:
        raise Unavailable(f"MagiAttention has no {name}", "use another commit of it")
    module = ModuleType(name)
    module.__path__ = list(found.submodule_search_locations or ())
    module.__dict__.update(contents)
    sys.modules[name] = module


def bring(name: str, file: str) -> None:
    """Gives a module what one of its files has."""
    contents = vars(importlib.import_module(f"{name}.{file}"))
    sys.modules[name].__dict__.update({key: value for key, value in contents.items() if not key.startswith("__")})


def reference() -> Callable:
    for name in PACKAGES:
        enter(f"magi_attention{name}")
    # marks for a profiler of CUDA
    enter("magi_attention.utils.nvtx", instrument_nvtx=lambda function: function, add_nvtx_event=lambda *_: contextlib.nullcontext())
    bring("magi_attention.utils", "_utils")
    bring("magi_attention.common", "forward_meta")
    # kernels for a GPU lie in a file of which the reference calls other functions
    absent = [] if importlib.util.find_spec("triton") else TRITON
    sys.modules.update({name: MagicMock() for name in absent})
    importlib.import_module("magi_attention.functional.utils")
    for name in absent:
        del sys.modules[name]
    return importlib.import_module("magi_attention.testing.ref_attn").ref_attn_func


_attention = reference()


@kernel(
    id="magi-attention-reference",
    title="MagiAttention's reference in PyTorch",
    version=version_of("magi-attention"),
    framework="torch",
    device="cpu",
    layout="blhd",
    b=1,
    masks={},
    dense_mask="boolean",
    dense_mask_shapes=["1 1 m n"],
    outputs=["o", "lse"],
    gradients=["q", "k", "v", "sink"],
    dialect={"maskedNaN": "leaks"},
)
def attention(
    q: Tensor, k: Tensor, v: Tensor, mask: Optional[Tensor] = None, sink: Optional[Tensor] = None, scale: Optional[float] = None
) -> Tuple[Tensor, Tensor]:
    every = torch.ones(q.shape[1], k.shape[1], dtype=torch.bool)
    seen = every if mask is None else mask[0, 0]
    sinks = None if sink is None else sink[None]
    o, meta = _attention(q[0], k[0], v[0], seen, sink=sinks, softmax_scale=scale, backend="torch", return_lse=True)
    return o[None], meta.lse.t()[None]
