"""MLX LM's gated_delta_ops (https://github.com/ml-explore/mlx-lm, MIT) on MLX's CPU device: what its models run where there is no Metal.

q, k [b, n, hk, d], v [b, n, h, e], g [b, n, h] or [b, n, h, d] between 0 and 1, beta [b, n, h];
states are [b, h, e, d]. The caller scales q.
"""

from __future__ import annotations

from typing import Any, Mapping, Optional, Tuple

import mlx.core as mx
import numpy as np
from attn_cts import kernel
from mlx_lm.models.gated_delta import gated_delta_ops
from versions import version_of

Array = np.ndarray

mx.set_default_device(mx.cpu)

COMMON: Mapping[str, Any] = {"version": version_of("mlx-lm"), "framework": "numpy", "dtypes": ["f32"], "outputs": ["o", "state"], "speed": "slow"}


def turned(x: Array) -> mx.array:
    """[b, h, n, …] as [b, n, h, …]."""
    return mx.array(np.ascontiguousarray(np.swapaxes(x, 1, 2)))


def run(q: Array, k: Array, v: Array, gate: Array, beta: Array, initial: Optional[Array], scale: Optional[float]) -> Tuple[Array, Array]:
    scale = q.shape[-1] ** -0.5 if scale is None else scale
    state = None if initial is None else mx.array(np.ascontiguousarray(np.swapaxes(initial, -1, -2)))
    o, state = gated_delta_ops(turned(q) * scale, turned(k), turned(v), mx.exp(turned(gate)), turned(beta), state)
    return np.swapaxes(np.array(o), 1, 2), np.swapaxes(np.array(state), -1, -2)


@kernel(id="mlx-lm-gated-delta", title="MLX LM gated_delta_ops", operators=["gated-delta"], **COMMON)
def gated_delta(q, k, v, gate, beta, initial: Optional[Array] = None, scale: Optional[float] = None) -> Tuple[Array, Array]:
    return run(q, k, v, gate, beta, initial, scale)


@kernel(id="mlx-lm-kda", title="MLX LM gated_delta_ops, gates by channel", operators=["kda"], **COMMON)
def kda(q, k, v, gate, beta, initial: Optional[Array] = None, scale: Optional[float] = None) -> Tuple[Array, Array]:
    return run(q, k, v, gate, beta, initial, scale)
