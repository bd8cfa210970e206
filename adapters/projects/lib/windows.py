"""Windows as FlashAttention and Transformer Engine take them: window_size (left, right), inclusive, -1 for unbounded."""

from __future__ import annotations

from typing import Any, Mapping

from attn_cts import Problem


def window_size(problem: Problem) -> Mapping[str, Any]:
    return {"window_size": (problem.parameters["left"], problem.parameters["right"])}
