"""Tokamax's dot_product_attention (https://github.com/openxla/tokamax, Apache-2.0), on XLA's CPU.

https://github.com/openxla/tokamax/blob/main/tokamax/_src/ops/attention/api.py
q [b, m, hk*g, d], k [b, n, hk, d], v [b, n, hk, e]; is_causal and local_window_size are top-left;
a mask is boolean, true keeps; the softcap bounds scores to which the bias is added. xla_chunked
reads the keys by chunks (https://arxiv.org/abs/2112.05682).
"""

from __future__ import annotations

import functools
from typing import Any, Mapping, Optional

import jax
import tokamax
from attn_cts import Problem, kernel
from versions import version_of
from xla import F32

Mask = Optional[jax.Array]


def window(problem: Problem) -> Mapping[str, Any]:
    sides = (problem.parameters["left"], problem.parameters["right"])
    return {"local_window_size": tuple(1 << 20 if side == -1 else side for side in sides)}


COMMON: Any = {
    "version": version_of("tokamax"),
    "framework": "jax",
    "layout": "blhd",
    "dtypes": ["f32"],
    "masks": {"causal": {"is_causal": True}, "sliding-window": window},
    "dense_mask": "boolean",
    "gradients": ["q", "k", "v", "bias"],
    "dialect": {"causal": "top-left", "emptyOutput": "mean", "maskedNaN": "leaks"},
    "speed": "medium",
    "compiles_per": ["b", "hk", "g", "m", "n", "d", "e"],
}


@functools.partial(jax.jit, static_argnames=("implementation", "is_causal", "local_window_size", "scale"))
def attend(q, k, v, bias, mask, **options):
    return tokamax.dot_product_attention(q, k, v, bias, mask, **options)


@kernel(id="tokamax-xla", title="Tokamax dot_product_attention, xla", numeric={"f32": F32}, **COMMON)
def xla(q, k, v, bias: Mask = None, mask: Mask = None, is_causal: bool = False, local_window_size=None, scale: Optional[float] = None):
    return attend(q, k, v, bias, mask, implementation="xla", is_causal=is_causal, local_window_size=local_window_size, scale=scale)


@kernel(id="tokamax-chunked", title="Tokamax dot_product_attention, xla_chunked", numeric={"f32": F32}, **COMMON)
def chunked(q, k, v, bias: Mask = None, mask: Mask = None, is_causal: bool = False, local_window_size=None, scale: Optional[float] = None):
    return attend(q, k, v, bias, mask, implementation="xla_chunked", is_causal=is_causal, local_window_size=local_window_size, scale=scale)
