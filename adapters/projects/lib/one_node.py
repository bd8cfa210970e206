"""Models of one ONNX node, and the masks that its operators take."""

from __future__ import annotations

from typing import Any, Mapping, Optional, Sequence, Tuple

import numpy as np
from onnx import ModelProto, TensorProto, helper

Array = np.ndarray

ELEMENTS = {
    np.dtype(np.float64): TensorProto.DOUBLE,
    np.dtype(np.float32): TensorProto.FLOAT,
    np.dtype(np.float16): TensorProto.FLOAT16,
    np.dtype(np.bool_): TensorProto.BOOL,
    np.dtype(np.int32): TensorProto.INT32,
    np.dtype(np.int64): TensorProto.INT64,
}
Port = Tuple[str, int, int]
"""Name, element type and rank of an input or output."""
Ports = Tuple[Optional[Port], ...]


def ports_of(feeds: Mapping[str, Optional[Array]]) -> Ports:
    """The ports of inputs in their order: None for one that is left out, and none after the last that is given."""
    given = [(name, ELEMENTS[x.dtype], x.ndim) if x is not None else None for name, x in feeds.items()]
    while given[-1] is None:
        given.pop()
    return tuple(given)


def fed(feeds: Mapping[str, Optional[Array]]) -> Mapping[str, Array]:
    """The inputs that are given, contiguous."""
    return {name: np.ascontiguousarray(x) for name, x in feeds.items() if x is not None}


def one_node(domain: str, op: str, attributes: Mapping[str, Any], inputs: Ports, outputs: Sequence[Port]) -> ModelProto:
    """The model whose one node has these attributes and ports; sizes are left open."""
    value = lambda port: helper.make_tensor_value_info(port[0], port[1], [None] * port[2])
    names = [port[0] if port else "" for port in inputs]
    node = helper.make_node(op, names, [name for name, _, _ in outputs], domain=domain, **attributes)
    graph = helper.make_graph([node], op, [value(port) for port in inputs if port], [value(port) for port in outputs])
    opsets = [helper.make_opsetid("", 24), *([helper.make_opsetid(domain, 1)] if domain else [])]
    return helper.make_model(graph, opset_imports=opsets, ir_version=10)


def added(mask: Optional[Array], bias: Optional[Array], like: Array) -> Optional[Array]:
    """Mask and bias as the one tensor that is added to the scores: -inf where the mask hides."""
    if mask is None:
        return bias
    hidden = np.where(mask, 0.0, -np.inf)
    return (hidden if bias is None else np.where(mask, bias, -np.inf)).astype(like.dtype)


def kept(lengths: Array, left: bool, n: int) -> Array:
    """[b, n]: the keys that are no padding."""
    keys, lengths = np.arange(n), np.asarray(lengths)[:, None]
    return keys >= n - lengths if left else keys < lengths
