"""MLX's fast.scaled_dot_product_attention (https://github.com/ml-explore/mlx, MIT) on its CPU device.

https://ml-explore.github.io/mlx/build/html/python/_autosummary/mlx.core.fast.scaled_dot_product_attention.html
q [b, hk*g, m, d], k [b, hk, n, d], v [b, hk, n, e]; "causal" is bottom-right; a mask is boolean,
true keeps, or added in the inputs' dtype; sinks [hk*g].
"""

from __future__ import annotations

from typing import Any, Mapping, Optional

import mlx.core as mx
import numpy as np
from attn_cts import kernel
from versions import version_of

Array = np.ndarray

mx.set_default_device(mx.cpu)

# q is multiplied by the scale and rounded, scores and probabilities are stored; the softmax is
# computed in float32 (mlx/fast.cpp, the fallback, which is all that the CPU has)
STORED = {
    "accumulate": "f32",
    "prescaledQ": True,
    "scores": "storage",
    "probabilities": "storage",
}
# its exponential is 0 below -88, which is that of subnormal numbers (mlx/backend/cpu/simd/math.h)
F32 = {"accumulate": "f32", "prescaledQ": True, "flushToZero": True}


def given(x: Optional[Array]) -> Optional[mx.array]:
    """NumPy has no bfloat16: such arrays come as their bits."""
    if x is None:
        return None
    return mx.array(x).view(mx.bfloat16) if x.dtype == np.uint16 else mx.array(x)


def taken(x: mx.array) -> Array:
    return np.array(x.view(mx.uint16) if x.dtype == mx.bfloat16 else x)


def one_mask(mask: Optional[mx.array], bias: Optional[mx.array]) -> Optional[mx.array]:
    """The one argument for both; what hides is the number that MLX hides with."""
    if mask is None or bias is None:
        return bias if mask is None else mask
    return mx.where(mask, bias, mx.array(mx.finfo(bias.dtype).min, bias.dtype))


def attended(leaves: Mapping[str, mx.array], mask: Any, causal: bool, scale: Optional[float]) -> mx.array:
    q, k, v = leaves["q"], leaves["k"], leaves["v"]
    return mx.fast.scaled_dot_product_attention(
        q,
        k,
        v,
        scale=q.shape[-1] ** -0.5 if scale is None else scale,
        mask="causal" if causal else one_mask(mask, leaves.get("bias")),
        sinks=leaves.get("sink"),
    )


def arrays(**named: Optional[Array]) -> Mapping[str, mx.array]:
    return {name: given(x) for name, x in named.items() if x is not None}


def backward(
    q: Array,
    k: Array,
    v: Array,
    do: Array,
    mask: Optional[Array] = None,
    bias: Optional[Array] = None,
    sink: Optional[Array] = None,
    causal: bool = False,
    scale: Optional[float] = None,
) -> Mapping[str, Array]:
    leaves, seen = arrays(q=q, k=k, v=v, bias=bias, sink=sink), given(mask)
    compute = lambda *values: [attended(dict(zip(leaves, values)), seen, causal, scale)]
    _, found = mx.vjp(compute, list(leaves.values()), [given(do)])
    return {f"d{name}": taken(gradient) for name, gradient in zip(leaves, found)}


@kernel(
    id="mlx",
    title="MLX, fast.scaled_dot_product_attention on the CPU",
    version=version_of("mlx"),
    framework="numpy",
    dtypes=["f32", "f16", "bf16"],
    masks={"causal": {"causal": True}},
    # added masks are taken too, but a row that one hides with -inf is NaN where a boolean one's is
    # the mean of the values
    dense_mask="boolean",
    dense_mask_shapes=["b h m n", "1 h m n", "b 1 m n", "1 1 m n", "b 1 1 n", "1 1 1 n"],
    # the mask is one argument: "causal" or an array
    excludes=[
        {"mask": {"name": "causal"}, "options": {"bias": True}},
        # what hides is then added, and a score beyond 65504 is infinite before it is
        {"dtype": "f16", "options": {"bias": True}},
        # products, sums and differences of the softmax's gradient are each stored as halves
        {"dtype": "f16", "gradients": True},
        {"dtype": "bf16", "gradients": True},
    ],
    gradients=["q", "k", "v", "bias", "sink"],
    backward=backward,
    numeric={"f32": F32, "f16": STORED, "bf16": STORED},
    # hidden scores become the dtype's lowest number: where all are, the weights are equal
    dialect={"emptyOutput": "mean", "maskedNaN": "leaks"},
    speed="medium",
)
def attention(
    q: Array,
    k: Array,
    v: Array,
    mask: Optional[Array] = None,
    bias: Optional[Array] = None,
    sink: Optional[Array] = None,
    causal: bool = False,
    scale: Optional[float] = None,
) -> Array:
    return taken(attended(arrays(q=q, k=k, v=v, bias=bias, sink=sink), given(mask), causal, scale))
