"""ONNX Runtime's attention operators on its CPU provider, from PyPI: each call is a model of one node.

https://onnx.ai/onnx/operators/onnx__Attention.html
https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
q [b, hk*g, m, d], k [b, hk, n, d], v [b, hk, n, e]; o [b, hk*g, m, e]. Operators without an axis of heads take [b, l, h*d].
"""

from __future__ import annotations

import functools
from typing import Any, Dict, Mapping, Optional, Tuple

import numpy as np

import onnxruntime
from attn_cts import Problem, kernel
from one_node import Port, Ports, added, fed, kept, one_node, ports_of

Array = np.ndarray

# of each shape that a mask may have, the attention operators take those with as many rows as queries
SHAPES = ["b h m n", "1 h m n", "b 1 m n", "1 1 m n"]
COMMON: Dict[str, Any] = {"version": onnxruntime.__version__, "framework": "numpy", "dense_mask_shapes": SHAPES, "speed": "medium"}


@functools.lru_cache(maxsize=256)
def session(domain: str, op: str, attributes: tuple, inputs: Ports, outputs: Tuple[Port, ...]):
    model = one_node(domain, op, dict(attributes), inputs, outputs)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def run(domain: str, op: str, attributes: Mapping[str, Any], feeds: Mapping[str, Optional[Array]], outputs: Mapping[str, int]) -> Array:
    """The first output of the node. feeds: its inputs in order, None where one is left out. outputs: the rank of each."""
    given = ports_of(feeds)
    ports = tuple((name, given[0][1], rank) for name, rank in outputs.items())
    made = session(domain, op, tuple(sorted(attributes.items())), given, ports)
    return made.run([ports[0][0]], fed(feeds))[0]


def packed(x: Array) -> Array:
    """[b, h, l, d] as [b, l, h*d]."""
    b, h, l, d = x.shape
    return np.ascontiguousarray(x.transpose(0, 2, 1, 3)).reshape(b, l, h * d)


def unpacked(x: Array, heads: int) -> Array:
    """[b, l, h*d] as [b, h, l, d]."""
    b, l, width = x.shape
    return x.reshape(b, l, heads, width // heads).transpose(0, 2, 1, 3)


def scalars(**values: Optional[float]) -> Dict[str, float]:
    """Attributes that are given; an absent one keeps the operator's default."""
    return {name: float(value) for name, value in values.items() if value is not None}


def padding(problem: Problem) -> Mapping[str, Any]:
    return {"lengths": problem.tensors["lengths"], "left": problem.parameters.get("side") == "left"}


@kernel(
    id="onnxruntime-pypi-attention",
    title="ONNX Runtime from PyPI: ai.onnx Attention 24",
    dtypes=["f32", "f16"],
    masks={"causal": {"is_causal": 1}, "padding": padding},
    dense_mask="both",
    # score, softmax and product are steps over one buffer of the case's dtype; matrices of halves are multiplied in float32
    numeric={"f32": {"accumulate": "f32"}, "f16": {"accumulate": "f32", "scores": "storage", "probabilities": "storage"}},
    dialect={"causal": "top-left", "maskedNaN": "leaks"},
    **COMMON,
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
    lengths: Optional[Array] = None,
    left: bool = False,
) -> Array:
    if left:
        mask = np.broadcast_to(kept(lengths, True, k.shape[2])[:, None, None], (q.shape[0], 1, q.shape[2], k.shape[2]))
    feeds = {
        "q": q,
        "k": k,
        "v": v,
        "attn_mask": mask if bias is None else added(mask, bias, q),
        "past_key": None,
        "past_value": None,
        "nonpad_kv_seqlen": None if lengths is None or left else np.asarray(lengths, np.int64),
    }
    causal = {"is_causal": 1} if is_causal else {}
    return run("", "Attention", {**causal, **scalars(scale=scale, softcap=softcap)}, feeds, {"o": 4})


@kernel(
    id="onnxruntime-pypi-mha",
    title="ONNX Runtime from PyPI: com.microsoft MultiHeadAttention",
    masks={"causal": {"unidirectional": 1}, "padding": padding},
    dense_mask="both",
    grouped=False,
    numeric={"accumulate": "f32"},
    dialect={"causal": "top-left", "emptyOutput": "nan", "maskedNaN": "leaks"},
    **COMMON,
)
def mha(
    q: Array,
    k: Array,
    v: Array,
    mask: Optional[Array] = None,
    bias: Optional[Array] = None,
    scale: Optional[float] = None,
    unidirectional: int = 0,
    lengths: Optional[Array] = None,
    left: bool = False,
) -> Array:
    (b, h, m, _), n = q.shape, k.shape[2]
    keys = None
    if lengths is not None:
        keys = kept(lengths, left, n).astype(np.int32)
    elif mask is not None and mask.shape[1] == 1:
        # a mask without heads is the integer key_padding_mask; one with heads has to be added
        keys, mask = np.broadcast_to(mask[:, 0], (b, m, n)).astype(np.int32), None
    feeds = {
        "q": packed(q),
        "k": packed(k),
        "v": packed(v),
        "projection_bias": None,
        "key_padding_mask": keys,
        "attention_bias": added(mask, bias, q),
    }
    # the default, -10000, would let hidden keys through where scores are that large
    attributes = {"num_heads": h, "mask_filter_value": -np.inf, **({"unidirectional": 1} if unidirectional else {}), **scalars(scale=scale)}
    return unpacked(run("com.microsoft", "MultiHeadAttention", attributes, feeds, {"o": 3}), h)


def window(problem: Problem) -> Mapping[str, Any]:
    """A window that is empty, or that sees ahead, is a mask to add."""
    m, left, right = problem.dims["m"], problem.parameters["left"], problem.parameters["right"]
    if right == 0 and left != 0:
        return {"causal": 1, "local_window_size": left}
    i, j = np.ogrid[:m, :m]
    return {"mask": (((left == -1) | (j > i - left)) & ((right == -1) | (j <= i + right)))[None, None]}


@kernel(
    id="onnxruntime-pypi-gqa",
    title="ONNX Runtime from PyPI: com.microsoft GroupQueryAttention",
    dtypes=["f32", "f16"],
    masks={"causal": {"causal": 1}, "sliding-window": window},
    dense_mask="additive",
    m="=n",
    d={"multipleOf": 8},
    e="=d",
    # scores and probabilities stay in a float buffer, whatever the dtype
    numeric={"accumulate": "f32", "probabilities": "accumulate"},
    dialect={"emptyOutput": "nan", "maskedNaN": "leaks", "window": "exclusive"},
    **COMMON,
)
def gqa(
    q: Array,
    k: Array,
    v: Array,
    bias: Optional[Array] = None,
    sink: Optional[Array] = None,
    scale: Optional[float] = None,
    softcap: Optional[float] = None,
    causal: int = 0,
    local_window_size: int = -1,
    mask: Optional[Array] = None,
) -> Array:
    (b, h, _, _), (_, hk, n, _) = q.shape, k.shape
    feeds = {
        "q": packed(q),
        "k": packed(k),
        "v": packed(v),
        "past_key": None,
        "past_value": None,
        "seqlens_k": np.full(b, n - 1, np.int32),
        "total_sequence_length": np.array([n], np.int32),
        "cos_cache": None,
        "sin_cache": None,
        "position_ids": None,
        "attention_bias": added(mask, bias, q),
        "head_sink": sink,
    }
    attributes = {
        **{"num_heads": h, "kv_num_heads": hk, "causal": causal},
        **({"local_window_size": local_window_size} if local_window_size > 0 else {}),
        **scalars(scale=scale, softcap=softcap),
    }
    outputs = {"o": 3, "present_key": 4, "present_value": 4}
    return unpacked(run("com.microsoft", "GroupQueryAttention", attributes, feeds, outputs), h)
