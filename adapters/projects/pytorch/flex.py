"""PyTorch's flex_attention, with the suite's masks as mask_mod and its options as score_mod: eager on CPU, compiled on CUDA.

https://docs.pytorch.org/docs/stable/nn.attention.flex_attention.html
q [b, hk*g, m, d], k [b, hk, n, d], v [b, hk, n, e]; o [b, hk*g, m, e], lse float32 [b, hk*g, m].
"""

from __future__ import annotations

from typing import Any, Callable, Optional, Tuple

import torch
from attn_cts import Problem, kernel
from mask_mods import NAMES, mask_mod
from torch.nn.attention.flex_attention import create_block_mask, flex_attention
from torch_flash import EXP

Tensor = torch.Tensor
CUDA = torch.cuda.is_available()

torch.set_num_threads(min(2, torch.get_num_threads()))
compiled = torch.compile(flex_attention, dynamic=False)
attend = compiled if CUDA else flex_attention

HEAD_SIZES = [2, 4, 8, 16, 32, 64, 128, 256]
# eager: the product q·k is stored before it is scaled, and probabilities are stored (torch/_higher_order_ops/flex_attention.py);
# oneDNN multiplies bfloat16 without subnormals
STORED = {"accumulate": "f32", "scores": "storage", "probabilities": "storage"}


def score_mod(problem: Problem) -> Optional[Callable[..., Tensor]]:
    """softcap, ALiBi and bias, in this order; None without any."""
    options, tensors = problem.options, problem.tensors
    cap, alibi, bias = options.get("softcap"), tensors.get("alibi"), tensors.get("bias")
    if cap is not None:
        # a number that differs from that of the call before is traced as data, and refused for halves
        cap = torch.tensor(cap, device=tensors["q"].device)
    offset = problem.dims["n"] - problem.dims["m"]
    if cap is None and alibi is None and bias is None:
        return None

    def score(s: Tensor, b: Tensor, h: Tensor, i: Tensor, j: Tensor) -> Tensor:
        if cap is not None:
            s = cap * torch.tanh(s / cap)
        if alibi is not None:
            s = s + alibi[h] * (j - i - offset)
        if bias is not None:
            s = s + bias[b % bias.size(0), h % bias.size(1), i % bias.size(2), j]
        return s

    return score


FLEX = {
    "version": torch.__version__,
    "framework": "torch",
    "masks": NAMES,
    "dense_mask": "boolean",
    "options": ["scale", "softcap", "alibi", "bias"],
    "names": {name: name for name in ("softcap", "alibi", "bias", "mask")},
    # a hidden value is multiplied with a probability of 0
    "dialect": {"maskedNaN": "leaks"},
    # each is traced anew
    "compiles_per": ["b", "hk", "g", "m", "n", "d", "e"],
    # "Currently non power of 2 embedding dimension are not supported"
    "d": HEAD_SIZES,
    "e": HEAD_SIZES,
}


def call(function: Callable[..., Any], q: Tensor, k: Tensor, v: Tensor, problem: Problem, scale: Optional[float], **other: Any) -> Any:
    b, h, m, _d = q.shape
    visible = create_block_mask(mask_mod(problem, q.device), b, h, m, k.size(2), device=q.device)
    return function(q, k, v, score_mod=score_mod(problem), block_mask=visible, scale=scale, enable_gqa=h != k.size(1), **other)


@kernel(
    id="pytorch-flex",
    title="PyTorch flex_attention",
    dtypes=["f32", "f16", "bf16"],
    outputs=["o", "lse"],
    gradients=True,
    strided=True,
    numeric={"f32": {"accumulate": "f32"}, "f16": STORED, "bf16": {**STORED, "flushToZero": True}},
    **FLEX,
)
def flex(q: Tensor, k: Tensor, v: Tensor, problem: Problem, scale: Optional[float] = None, **_: object) -> Tuple[Tensor, Tensor]:
    return call(attend, q, k, v, problem, scale, return_lse=True)


# "torch.compile on CPU only supports inference and `return_lse` is not supported yet"
@kernel(id="pytorch-flex-inductor", title="PyTorch flex_attention, compiled by inductor for the CPU", numeric={"accumulate": "f32", "exp": EXP}, **FLEX)
def inductor(q: Tensor, k: Tensor, v: Tensor, problem: Problem, scale: Optional[float] = None, **_: object) -> Tensor:
    """o alone, in float32."""
    with torch.no_grad():
        return call(compiled, q, k, v, problem, scale)
