"""local-attention's LocalAttention (https://github.com/lucidrains/local-attention, MIT).

q, k [b, h, n, d], v [b, h, n, d], cut into blocks of window_size tokens; each block of queries sees
look_backward blocks before it and look_forward after it, or with exact_windowsize every query as
many tokens. autopad fills the last block up.
"""

from __future__ import annotations

import math
from typing import Any, Mapping, Optional

import torch
from attn_cts import Problem, kernel
from local_attention import LocalAttention
from versions import version_of

Tensor = torch.Tensor

torch.set_num_threads(min(2, torch.get_num_threads()))

COMMON: Mapping[str, Any] = {
    "version": version_of("local-attention"),
    "framework": "torch",
    "device": "cpu",
    "dtypes": ["f32"],
    "grouped": False,
    "m": "=n",
    "e": "=d",
    "gradients": True,
    "numeric": {"accumulate": "f32", "prescaledQ": True},
    "dialect": {"maskedNaN": "leaks"},
    "speed": "medium",
}


def local(window_size: int, scale: Optional[float], **others: Any) -> LocalAttention:
    return LocalAttention(window_size=window_size, scale=scale, use_rotary_pos_emb=False, **others)


def windowed(q: Tensor, k: Tensor, v: Tensor, problem: Problem, scale: Optional[float], autopad: bool) -> Tensor:
    left, right = problem.parameters["left"], problem.parameters["right"]
    size = math.gcd(left, right) or 1
    around = {"look_backward": left // size, "look_forward": right // size}
    return local(size, scale, causal=right == 0, exact_windowsize=True, autopad=autopad, **around)(q, k, v)


UNBOUNDED = {"where": ["<", ["min", "left", "right"], 0]}
# without autopad the tokens are whole blocks, of one token or of those that a query looks back
ONE_TOKEN = ["or", ["=", "left", 1], ["=", "right", 1], ["=", ["max", "left", "right"], 0]]
LOOK_BACK = ["and", ["=", ["mod", "n", "left"], 0], ["or", ["=", "right", "left"], ["=", "right", 0]]]
BLOCKS = {"where": ["not", ["or", ONE_TOKEN, LOOK_BACK]]}


@kernel(
    id="local-attention",
    title="local-attention, LocalAttention with exact windows",
    masks=["sliding-window"],
    excludes=[UNBOUNDED, BLOCKS],
    **COMMON,
)
def window(q: Tensor, k: Tensor, v: Tensor, problem: Problem, scale: Optional[float] = None) -> Tensor:
    return windowed(q, k, v, problem, scale, autopad=False)


@kernel(
    id="local-attention-autopad",
    title="local-attention, LocalAttention with exact windows and autopad",
    masks=["sliding-window"],
    excludes=[UNBOUNDED],
    **COMMON,
)
def padded(q: Tensor, k: Tensor, v: Tensor, problem: Problem, scale: Optional[float] = None) -> Tensor:
    return windowed(q, k, v, problem, scale, autopad=True)


@kernel(id="local-attention-blocks", title="local-attention, LocalAttention by blocks", masks=["chunk-causal"], **COMMON)
def blocks(q: Tensor, k: Tensor, v: Tensor, problem: Problem, scale: Optional[float] = None) -> Tensor:
    return local(problem.parameters["chunk"], scale, causal=True, look_backward=0, autopad=True)(q, k, v)
