"""OpenVINO's ScaledDotProductAttention (https://github.com/openvinotoolkit/openvino, Apache-2.0) on its CPU plugin.

https://docs.openvino.ai/2026/documentation/openvino-ir-format/operation-sets/operation-specs/sequence/scaled-dot-product-attention.html
q [b, h, m, d], k [b, h, n, d], v [b, h, n, e]; attention_mask is boolean, true keeps, or added;
causal is top-left, and attention_mask is then ignored.
"""

from __future__ import annotations

import functools
from typing import Optional

import numpy as np
import openvino as ov
from attn_cts import kernel
from openvino import opset13 as ops
from versions import version_of

Array = np.ndarray
core = ov.Core()
EXACT = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 2}


@functools.lru_cache(maxsize=64)
def compiled(ranks: tuple, causal: bool):
    """A model with inputs of any sizes: ranks has (name, type) of each."""
    given = {name: ops.parameter([-1] * rank, np.dtype(kind).type, name=name) for name, kind, rank in ranks}
    node = ops.scaled_dot_product_attention(
        given["q"], given["k"], given["v"], given.get("mask"), given.get("scale"), causal=causal
    )
    return core.compile_model(ov.Model([node], list(given.values()), "attention"), "CPU", EXACT)


@kernel(
    id="openvino",
    title="OpenVINO ScaledDotProductAttention 13",
    version=version_of("openvino"),
    framework="numpy",
    dtypes=["f32"],
    masks={"causal": {"causal": True}},
    dense_mask="both",
    grouped=False,
    # "In this case attention_mask input is ignored"
    excludes=[{"mask": {"name": "causal"}, "options": {"bias": True}}],
    numeric={"accumulate": "f32", "flushToZero": True},
    dialect={"causal": "top-left", "emptyOutput": "nan", "maskedNaN": "leaks"},
)
def attention(
    q: Array, k: Array, v: Array, mask: Optional[Array] = None, bias: Optional[Array] = None, causal: bool = False, scale: Optional[float] = None
) -> Array:
    if mask is not None and bias is not None:
        mask = np.where(mask, bias, np.float32(-np.inf))
    given = {"q": q, "k": k, "v": v, "mask": bias if mask is None else mask}
    if scale is not None:
        given["scale"] = np.asarray(scale, np.float32)
        if given["mask"] is None:
            given["mask"] = np.zeros((1,) * 4, np.float32)
    given = {name: np.ascontiguousarray(x) for name, x in given.items() if x is not None}
    model = compiled(tuple((name, x.dtype.name, x.ndim) for name, x in given.items()), causal)
    return model(given)[0]
