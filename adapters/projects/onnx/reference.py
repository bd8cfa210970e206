"""ONNX's reference evaluator (https://github.com/onnx/onnx, Apache-2.0): Attention 24, in NumPy.

https://onnx.ai/onnx/operators/onnx__Attention.html
q [b, hk*g, m, d], k [b, hk, n, d], v [b, hk, n, e]; attn_mask is boolean, true keeps, or added;
without a cache is_causal is top-left; nonpad_kv_seqlen is the number of keys of each batch entry.
"""

from __future__ import annotations

import functools
from typing import Any, Mapping, Optional, Tuple

import numpy as np
from attn_cts import Problem, kernel
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator
from versions import version_of

Array = np.ndarray

ELEMENTS = {
    np.dtype(np.float64): TensorProto.DOUBLE,
    np.dtype(np.float32): TensorProto.FLOAT,
    np.dtype(np.float16): TensorProto.FLOAT16,
    np.dtype(np.bool_): TensorProto.BOOL,
    np.dtype(np.int64): TensorProto.INT64,
}
INPUTS = ["q", "k", "v", "attn_mask", "past_key", "past_value", "nonpad_kv_seqlen"]
# q and k are each multiplied by the root of the scale; scores and weights are arrays of the dtype,
# and the sums of NumPy's products of halves are halves
HALVES = {"accumulate": "f16", "prescaledQ": True, "scores": "storage", "probabilities": "storage"}


@functools.lru_cache(maxsize=256)
def evaluator(given: Tuple[Tuple[str, int, int], ...], attributes: tuple) -> ReferenceEvaluator:
    """given: name, element type and rank of each input that there is."""
    names = [name for name, _, _ in given]
    inputs = [name if name in names else "" for name in INPUTS]
    value = lambda name, kind, rank: helper.make_tensor_value_info(name, kind, [None] * rank)
    node = helper.make_node("Attention", inputs, ["o"], **dict(attributes))
    graph = helper.make_graph([node], "attention", [value(*x) for x in given], [value("o", given[0][1], 4)])
    return ReferenceEvaluator(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 24)]))


def padding(problem: Problem) -> Mapping[str, Any]:
    """Keys are left out at the end; padding before them is a boolean mask."""
    lengths = np.asarray(problem.tensors["lengths"], np.int64)
    if problem.parameters["side"] == "right":
        return {"nonpad": lengths}
    n = problem.dims["n"]
    seen = np.arange(n) >= n - lengths[:, None]
    return {"mask": np.broadcast_to(seen[:, None, None], (len(lengths), 1, problem.dims["m"], n))}


@kernel(
    id="onnx-attention",
    title="ONNX reference evaluator, Attention 24",
    version=version_of("onnx"),
    framework="numpy",
    dtypes=["f64", "f32", "f16"],
    masks={"causal": {"is_causal": 1}, "padding": padding},
    dense_mask="both",
    dense_mask_shapes=["b h m n", "1 h m n", "b 1 m n", "1 1 m n", "b 1 1 n", "1 1 1 n"],
    # the attributes are float32, and the root of the scale is taken of that
    excludes=[{"dtype": "f64", "options": {"scale": True}}],
    numeric={"f64": {"accumulate": "f64", "prescaledQ": True}, "f32": {"accumulate": "f32", "prescaledQ": True}, "f16": HALVES},
    dialect={"causal": "top-left", "maskedNaN": "leaks"},
)
def attention(
    q: Array,
    k: Array,
    v: Array,
    mask: Optional[Array] = None,
    bias: Optional[Array] = None,
    scale: Optional[float] = None,
    softcap: Optional[float] = None,
    is_causal: int = 0,
    nonpad: Optional[Array] = None,
) -> Array:
    if mask is not None and bias is not None:
        mask = np.where(mask, bias, bias.dtype.type(-np.inf))
    feeds = {"q": q, "k": k, "v": v, "attn_mask": bias if mask is None else mask, "nonpad_kv_seqlen": nonpad}
    feeds = {name: np.ascontiguousarray(x) for name, x in feeds.items() if x is not None}
    attributes = {"is_causal": is_causal, "scale": scale, "softcap": softcap}
    made = evaluator(
        tuple((name, ELEMENTS[x.dtype], x.ndim) for name, x in feeds.items()),
        tuple((name, value) for name, value in attributes.items() if value),
    )
    return made.run(None, feeds)[0]
