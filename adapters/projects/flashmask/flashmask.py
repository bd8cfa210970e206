"""FlashMask: paddle.nn.functional.flashmask_attention, on tensors that PyTorch and Paddle share.

https://www.paddlepaddle.org.cn/documentation/docs/en/api/paddle/nn/functional/flashmask_attention_en.html
q [b, m, hk*g, d], k and v [b, n, hk, d] in float16 or bfloat16 on CUDA. A mask is columns: for each key the row from which it is hidden at the
lower left, and, without causal, the row up to which it is hidden at the upper right; int32 [b, 1, n, 1 or 2].
"""

from __future__ import annotations

from typing import Any, Callable, Mapping, Tuple

import paddle
import torch
from attn_cts import Problem, kernel

Tensor = torch.Tensor
Edges = Callable[[Problem, Tensor], Tuple[Tensor, ...]]
"""From the keys' indices: the row from which each is hidden, and the row up to which it is."""


def columns(causal: bool, edges: Edges) -> Callable[[Problem], Mapping[str, Any]]:
    def arguments(problem: Problem) -> Mapping[str, Any]:
        q, n = problem.tensors["q"], problem.dims["n"]
        found = torch.stack(edges(problem, torch.arange(n, device=q.device)), dim=-1)
        return {"causal": causal, "rows": found.clamp(0, n).int().expand(q.size(0), 1, *found.shape)}

    return arguments


def span(problem: Problem, keys: Tensor) -> Tuple[Tensor, Tensor]:
    """The first row of each key's document and the row after its last."""
    lengths = torch.tensor(problem.parameters["lengths"], device=keys.device)
    end = lengths.cumsum(0).repeat_interleave(lengths)
    return end - lengths.repeat_interleave(lengths), end


def prefix_document(problem: Problem, keys: Tensor) -> Tuple[Tensor, ...]:
    start, end = span(problem, keys)
    return end, torch.where(keys - start < problem.parameters["prefix"], start, keys)


def window(problem: Problem, keys: Tensor) -> Tuple[Tensor, ...]:
    left, right, n = problem.parameters["left"], problem.parameters["right"], keys.numel()
    last = torch.full_like(keys, n) if left == -1 else keys + left + 1
    return last, torch.zeros_like(keys) if right == -1 else keys - right


class FlashMask(torch.autograd.Function):
    """Paddle has the gradients: its graph is kept from the forward pass to the backward pass."""

    @staticmethod
    def forward(ctx, q: Tensor, k: Tensor, v: Tensor, rows, causal: bool) -> Tensor:
        ctx.inputs = [paddle.utils.dlpack.from_dlpack(torch.utils.dlpack.to_dlpack(t.detach().contiguous())) for t in (q, k, v)]
        for tensor in ctx.inputs:
            tensor.stop_gradient = False
        shared = None if rows is None else paddle.utils.dlpack.from_dlpack(torch.utils.dlpack.to_dlpack(rows.contiguous()))
        ctx.output = paddle.nn.functional.flashmask_attention(*ctx.inputs, startend_row_indices=shared, causal=causal)
        return to_torch(ctx.output)

    @staticmethod
    def backward(ctx, cotangent: Tensor):
        shared = paddle.utils.dlpack.from_dlpack(torch.utils.dlpack.to_dlpack(cotangent.contiguous()))
        gradients = paddle.grad([ctx.output], ctx.inputs, grad_outputs=[shared], retain_graph=True)
        return (*map(to_torch, gradients), None, None)


def to_torch(tensor) -> Tensor:
    return torch.utils.dlpack.from_dlpack(paddle.utils.dlpack.to_dlpack(tensor.detach()))


@kernel(
    id="flashmask",
    title="FlashMask (Paddle)",
    version=paddle.__version__,
    framework="torch",
    device="cuda",
    layout="blhd",
    dtypes=["f16", "bf16"],
    d=[64, 128, 256],
    e="=d",
    m="=n",
    masks={
        "causal": {"causal": True},
        "document": columns(False, lambda problem, keys: span(problem, keys)[::-1]),
        "document-causal": columns(True, lambda problem, keys: span(problem, keys)[1:]),
        "prefix-document": columns(False, prefix_document),
        "sliding-window": columns(False, window),
    },
    gradients=True,
)
def attention(q: Tensor, k: Tensor, v: Tensor, rows=None, causal: bool = False) -> Tensor:
    """o [b, m, hk*g, d]."""
    return FlashMask.apply(q, k, v, rows, causal)
