"""Reference implementation of ONNX's operators, in NumPy."""

from __future__ import annotations

from typing import Callable, Optional

import numpy as np
from published import Source

Array = np.ndarray
onnx = Source("onnx")
OPS = "onnx-1.23.2/onnx/reference/ops/"
_linear = onnx.take(f"{OPS}op_linear_attention.py", "LinearAttention", "_unpack_3d_to_4d", OpRun=object).LinearAttention()
_matmul = onnx.take(f"{OPS}op_matmul.py", "numpy_matmul").numpy_matmul
FUNCTIONS = ("_softmax", "_softcap", "_apply_causal", "_apply_sliding_window", "_compute_attention", "_INPUT_RANK_3D", "_INPUT_RANK_4D")
MODES = ("_QK_MATMUL_OUTPUT_WITH_BIAS", "_QK_MATMUL_OUTPUT_AFTER_SOFTMAX")
_attention = onnx.take(f"{OPS}op_attention.py", *FUNCTIONS, *MODES, numpy_matmul=_matmul)._compute_attention


def flat(x: Optional[Array]) -> Optional[Array]:
    """[b, h, n, …] as [b, n, h · …]."""
    return None if x is None else np.swapaxes(x, 1, 2).reshape(x.shape[0], x.shape[2], -1)


def rules(operator: str) -> Callable:
    """An operator of update rules, whose gate and state are what the shapes of its inputs say."""

    @onnx.kernel(operator, id=f"onnx-{operator}", framework="numpy", outputs=["o", "state"])
    def run(
        q: Array, k: Array, v: Array, gate: Optional[Array] = None, beta: Optional[Array] = None,
        initial: Optional[Array] = None, scale: Optional[float] = None,
    ):  # fmt: skip
        # the rule is what the inputs which are there mean
        rule = {(False, False): "linear", (True, False): "gated", (False, True): "delta", (True, True): "gated_delta"}[
            gate is not None, beta is not None
        ]
        given = (flat(q), flat(k), flat(v), initial, flat(gate), flat(beta))
        y, state = _linear._run(*given, kv_num_heads=k.shape[1], q_num_heads=q.shape[1], scale=scale, update_rule=rule)
        return np.swapaxes(y.reshape(*y.shape[:2], q.shape[1], -1), 1, 2), state

    return run


update_rules = rules("update-rules")
update_rules_by_channel = rules("update-rules-by-channel")


WINDOWED = {
    "causal": {"causal": True},
    "sliding-window": lambda problem: {"window": (problem.parameters["left"], problem.parameters["right"])},
}


@onnx.kernel("softmax", framework="numpy", masks=WINDOWED, dense_mask="boolean", dialect={"maskedNaN": "leaks"})
def softmax(
    q: Array,
    k: Array,
    v: Array,
    mask: Optional[Array] = None,
    bias: Optional[Array] = None,
    scale: Optional[float] = None,
    softcap: Optional[float] = None,
    causal: bool = False,
    window: tuple = (-1, -1),
):
    """All keys are those of an outer cache, in which the last query is level with the last key."""
    added = mask if bias is None else bias if mask is None else np.where(mask, bias, -np.inf).astype(q.dtype)
    lengths = np.full(q.shape[0], k.shape[2])
    more = dict(scale=scale, softcap=softcap, is_causal=causal, left_window_size=window[0], right_window_size=window[1])
    return _attention(q, k, v, added, nonpad_kv_seqlen=lengths, **more)[0]
