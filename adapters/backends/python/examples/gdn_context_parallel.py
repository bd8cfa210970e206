"""The gated delta rule on several ranks: each waits for the state after the rank before it, goes on from there, and hands its own on.

npx attention-cts run --profile parallel --adapter python:gdn_context_parallel.py:gdn
"""

from __future__ import annotations

from typing import Optional

import torch
import torch.distributed as dist
from attn_cts import scheme, shard, unshard


class Receive(torch.autograd.Function):
    """The state of the rank before; its gradient goes back there."""

    @staticmethod
    def forward(ctx, leaf: torch.Tensor, state: torch.Tensor) -> torch.Tensor:
        state = state.clone()
        dist.recv(state, dist.get_rank() - 1)
        return state

    @staticmethod
    def backward(ctx, gradient: torch.Tensor):
        dist.send(gradient.contiguous(), dist.get_rank() - 1)
        return None, None


class Send(torch.autograd.Function):
    """A state, to the next rank; 0, for the gradient that comes back to be waited for."""

    @staticmethod
    def forward(ctx, state: torch.Tensor) -> torch.Tensor:
        ctx.shape = state.shape
        dist.send(state.contiguous(), dist.get_rank() + 1)
        return state.new_zeros(())

    @staticmethod
    def backward(ctx, nothing: torch.Tensor) -> torch.Tensor:
        gradient = nothing.new_empty(ctx.shape)
        dist.recv(gradient, dist.get_rank() + 1)
        return gradient


def delta_rule(q, k, v, gate, beta, state):
    """Rows of the output, and the state after the last token."""
    rows = []
    for t in range(q.shape[2]):
        kept = gate[:, :, t, None, None].exp() * state
        new = beta[:, :, t, None] * (v[:, :, t] - (k[:, :, t, :, None] * kept).sum(2))
        state = kept + k[:, :, t, :, None] * new[:, :, None]
        rows.append((q[:, :, t, :, None] * state).sum(2))
    return torch.stack(rows, 2), state


@scheme(
    name="gdn-context-parallel",
    worlds=[2, 3],
    spec="gdn_context_parallel.json",
    operators=["gated-delta"],
    outputs=["o", "state"],
    gradients=["q", "k", "v", "gate", "beta", "initial"],
)
def gdn(q: torch.Tensor, k, v, gate, beta, initial: Optional[torch.Tensor] = None, scale: Optional[float] = None):
    rank, last = dist.get_rank(), dist.get_world_size() - 1
    groups = v.shape[1] // k.shape[1]
    q, k = (x.repeat_interleave(groups, 1) for x in (q, k))
    q, k, v, gate, beta = (shard(x) for x in (q, k, v, gate, beta))
    empty = v.new_zeros(*v.shape[:2], k.shape[-1], v.shape[-1])
    before = Receive.apply(k, empty) if rank > 0 else empty if initial is None else initial
    o, state = delta_rule(q * (k.shape[-1] ** -0.5 if scale is None else scale), k, v, gate, beta, before)
    if rank < last:
        o = o + Send.apply(state)
    # every rank has all of what is given back: the last state is that of the last rank
    return unshard(o), unshard(state[None], 0)[last]
