"""Arguments of a judgement from the variables of MLX's tests."""

from typing import Any, Dict

import ml_dtypes
import mlx.core as mx
import numpy as np


def arguments(out: Any, q: Any, k: Any, v: Any, mask: Any = None, **given: Any) -> Dict[str, Any]:
    """The arguments of explain. The string "causal" lets the last query see the last key. In halves MLX stores the scores as halves."""
    masked = {} if mask is None else {"causal": True} if isinstance(mask, str) else {"attn_mask": mask}
    numeric = "ieee" if q.dtype == mx.float32 else "unfused"
    call = {"out": out, "q": q, "k": k, "v": v, "numeric": numeric, **given, **masked}
    return {name: _numpy(value) for name, value in call.items()}


def _numpy(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_numpy(one) for one in value)
    if isinstance(value, dict):
        return {name: _numpy(one) for name, one in value.items()}
    if not isinstance(value, mx.array):
        return value
    return np.array(value.astype(mx.float32)).astype(ml_dtypes.bfloat16) if value.dtype == mx.bfloat16 else np.array(value)
