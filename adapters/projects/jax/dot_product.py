"""JAX's dot_product_attention, compiled by XLA.

https://docs.jax.dev/en/latest/_autosummary/jax.nn.dot_product_attention.html
q [b, m, hk*g, d], k and v [b, n, hk, d]; bias and mask [b|1, h|1, m, n]; is_causal is top-left; local_window_size (left, right) is inclusive.
"""

from __future__ import annotations

import functools
from typing import Any, Mapping, Optional

import jax
from attn_cts import Problem, kernel
from xla import F32, STORED

CPU = jax.default_backend() == "cpu"


def window(problem: Problem) -> Mapping[str, Any]:
    """-1 is unbounded: as far as there are positions."""
    far = problem.dims["m"] + problem.dims["n"]
    left, right = (far if x == -1 else x for x in (problem.parameters["left"], problem.parameters["right"]))
    return {"local_window_size": (left, right)}


@functools.partial(jax.jit, static_argnames=("is_causal", "scale", "local_window_size"))
def compiled(q, k, v, bias, mask, is_causal, scale, local_window_size):
    return jax.nn.dot_product_attention(
        q, k, v, bias=bias, mask=mask, scale=scale, is_causal=is_causal, local_window_size=local_window_size, implementation="xla"
    )


@kernel(
    id="jax",
    title="JAX dot_product_attention, XLA",
    version=jax.__version__,
    framework="jax",
    layout="blhd",
    # in float16, "The precision 'F16_F16_F32' is not supported by dot_general on CPU"
    dtypes=["f32", "bf16"] if CPU else ["f32", "f16", "bf16"],
    numeric={"f32": F32, "bf16": STORED} if CPU else None,
    masks={"causal": {"is_causal": True}, "sliding-window": window},
    dense_mask="boolean",
    dense_mask_shapes=["b h m n", "1 h m n", "b 1 m n", "1 1 m n"],
    gradients=["q", "k", "v", "bias"],
    e="=d",
    # hidden scores become one large negative number: where all are, the weights are equal
    dialect={"causal": "top-left", "emptyOutput": "mean", "maskedNaN": "leaks"},
    speed="medium",
    compiles_per=["b", "hk", "g", "m", "n", "d", "e"],
)
def attention(
    q: jax.Array,
    k: jax.Array,
    v: jax.Array,
    bias: Optional[jax.Array] = None,
    mask: Optional[jax.Array] = None,
    is_causal: bool = False,
    scale: Optional[float] = None,
    local_window_size: Optional[tuple] = None,
) -> jax.Array:
    return compiled(q, k, v, bias, mask, is_causal, scale, local_window_size)
