"""tinygrad's Tensor.scaled_dot_product_attention (https://github.com/tinygrad/tinygrad, MIT), on the device that its variable DEV names.

q [b, hk*g, m, d], k and v [b, hk, n, d]; is_causal is top-left; attn_mask is boolean, true keeps, or added. Every shape is compiled anew: DEV=CPU
takes clang (CC=clang-19 names another), DEV=PYTHON interprets.
"""

from __future__ import annotations

from typing import Mapping, Optional

import numpy as np
from attn_cts import Unavailable, kernel
from tinygrad import Tensor
from versions import version_of

Array = np.ndarray

try:
    (Tensor([1.0]) + 1).realize()
except Exception as error:
    raise Unavailable(
        f"tinygrad finds no device that runs: {error}", "apt install clang (CC names another compiler), or set DEV=PYTHON"
    ) from None


def attended(q: Tensor, k: Tensor, v: Tensor, mask: Optional[Array], bias: Optional[Tensor], is_causal: bool) -> Tensor:
    """A boolean mask with a bias is one mask that is added."""
    if mask is not None:
        bias = Tensor(mask) if bias is None else Tensor(mask).where(bias, -np.inf)
    return q.scaled_dot_product_attention(k, v, attn_mask=bias, is_causal=is_causal, enable_gqa=q.shape[1] != k.shape[1])


def backward(
    q: Array, k: Array, v: Array, do: Array, mask: Optional[Array] = None, bias: Optional[Array] = None, is_causal: bool = False
) -> Mapping[str, Array]:
    leaves = {name: Tensor(x) for name, x in {"q": q, "k": k, "v": v, "bias": bias}.items() if x is not None}
    o = attended(leaves["q"], leaves["k"], leaves["v"], mask, leaves.get("bias"), is_causal)
    found = o.gradient(*leaves.values(), gradient=Tensor(do))
    Tensor.realize(*found)
    return {f"d{name}": gradient.numpy() for name, gradient in zip(leaves, found)}


@kernel(
    id="tinygrad",
    title="tinygrad, scaled_dot_product_attention",
    version=version_of("tinygrad"),
    framework="numpy",
    dtypes=["f32"],
    masks={"causal": {"is_causal": True}},
    dense_mask="both",
    dense_mask_shapes=["b h m n", "1 h m n", "b 1 m n", "1 1 m n", "b 1 1 n", "1 1 1 n"],
    # "cannot set attn_mask when is_causal=True"
    excludes=[{"mask": {"name": "causal"}, "options": {"bias": True}}],
    gradients=["q", "k", "v", "bias"],
    backward=backward,
    dialect={"causal": "top-left", "emptyOutput": "nan", "maskedNaN": "leaks"},
    compiles_per=["b", "hk", "g", "m", "n", "d", "e"],
)
def attention(
    q: Array, k: Array, v: Array, mask: Optional[Array] = None, bias: Optional[Array] = None, is_causal: bool = False
) -> Array:
    return attended(Tensor(q), Tensor(k), Tensor(v), mask, None if bias is None else Tensor(bias), is_causal).numpy()
