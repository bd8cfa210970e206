"""ONNX's reference evaluator (https://github.com/onnx/onnx, Apache-2.0): Attention 24, in NumPy.

https://onnx.ai/onnx/operators/onnx__Attention.html
q [b, hk*g, m, d], k [b, hk, n, d], v [b, hk, n, e]; attn_mask is boolean, true keeps, or added;
without a cache is_causal is top-left; nonpad_kv_seqlen is the number of keys of each batch entry.
"""

from __future__ import annotations

import functools
from typing import Any, Mapping, Optional

import numpy as np
from attn_cts import Problem, kernel
from one_node import Ports, added, fed, kept, one_node, ports_of
from onnx.reference import ReferenceEvaluator
from versions import version_of

Array = np.ndarray

# q and k are each multiplied by the root of the scale; scores and weights are arrays of the dtype,
# and the sums of NumPy's products of halves are halves
HALVES = {"accumulate": "f16", "prescaledQ": True, "scores": "storage", "probabilities": "storage"}


@functools.lru_cache(maxsize=256)
def evaluator(attributes: tuple, inputs: Ports) -> ReferenceEvaluator:
    return ReferenceEvaluator(one_node("", "Attention", dict(attributes), inputs, [("o", inputs[0][1], 4)]))


def padding(problem: Problem) -> Mapping[str, Any]:
    """Keys are left out at the end; padding before them is a boolean mask."""
    lengths = np.asarray(problem.tensors["lengths"], np.int64)
    if problem.parameters["side"] == "right":
        return {"nonpad": lengths}
    m, n = problem.dims["m"], problem.dims["n"]
    return {"mask": np.broadcast_to(kept(lengths, True, n)[:, None, None], (len(lengths), 1, m, n))}


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
    feeds = {
        "q": q,
        "k": k,
        "v": v,
        "attn_mask": mask if bias is None else added(mask, bias, q),
        "past_key": None,
        "past_value": None,
        "nonpad_kv_seqlen": nonpad,
    }
    attributes = {"is_causal": is_causal, "scale": scale, "softcap": softcap}
    made = evaluator(tuple((name, value) for name, value in attributes.items() if value), ports_of(feeds))
    return made.run(None, fed(feeds))[0]
