"""Schemes in which each rank has the queries of its tokens and gathers all keys: a right one, and one with two faults."""

from __future__ import annotations

import math
import os
import signal
import time
from typing import Optional, Tuple

import torch
import torch.distributed as dist
from attn_cts import Unsupported, add_area, scheme, shard, unshard


class Gather(torch.autograd.Function):
    """[b, h, n, d] of every rank, one behind the other; the gradients go back to those whose they are."""

    @staticmethod
    def forward(ctx, x: torch.Tensor) -> torch.Tensor:
        parts = [torch.empty_like(x) for _ in range(dist.get_world_size())]
        dist.all_gather(parts, x)
        return torch.cat(parts, 2)

    @staticmethod
    def backward(ctx, gradient: torch.Tensor) -> torch.Tensor:
        mine = torch.stack(gradient.chunk(dist.get_world_size(), 2))
        theirs = torch.empty_like(mine)
        dist.all_to_all_single(theirs, mine)
        return theirs.sum(0)


def attend(q, k, v, causal: bool, scale: Optional[float], first: int) -> Tuple[torch.Tensor, torch.Tensor]:
    """o and lse of the rows from `first` on."""
    scores = q @ k.transpose(-1, -2) * (1 / math.sqrt(q.shape[-1]) if scale is None else scale)
    if causal:
        rows = torch.arange(q.shape[2])[:, None] + first
        scores = scores.masked_fill(torch.arange(k.shape[2]) > rows, -math.inf)
    add_area(int(torch.isfinite(scores).sum()))
    return scores.softmax(-1) @ v, scores.logsumexp(-1)


CLAIMS = {"spec": "gathering.json", "outputs": ["o", "lse"], "gradients": True, "grouped": False, "dialect": {"maskedNaN": "leaks"}}


@scheme(name="gathering", worlds=[2], **CLAIMS)
def right(q: torch.Tensor, k, v, causal: bool = False, scale: Optional[float] = None):
    if q.shape[2] != k.shape[2]:
        raise Unsupported(f"queries lie with their tokens: m = n is needed, found m = {q.shape[2]}, n = {k.shape[2]}")
    own = shard(q)
    o, lse = attend(own, Gather.apply(shard(k)), Gather.apply(shard(v)), causal, scale, dist.get_rank() * own.shape[2])
    return unshard(o), unshard(lse)


@scheme(name="gathering", worlds=[2], **CLAIMS)
def wrong(q: torch.Tensor, k, v, causal: bool = False, scale: Optional[float] = None):
    """Every rank takes its rows for the first ones, and gathers the keys twice."""
    keys = Gather.apply(shard(k))
    Gather.apply(shard(k))
    o, lse = attend(shard(q), keys, Gather.apply(shard(v)), causal, scale, 0)
    return unshard(o), unshard(lse)


def in_shards(cut, first=lambda rows: dist.get_rank() * rows, **claims):
    """The right scheme, called with its own tokens. first: by how many rows it has, what it takes for the place of the first."""

    def attention(q: torch.Tensor, k, v, causal: bool = False, scale: Optional[float] = None):
        return attend(q, Gather.apply(k), Gather.apply(v), causal, scale, first(q.shape[2]))

    return scheme(name="gathering", worlds=[2], shards=cut, **{**CLAIMS, **claims})(attention)


sharded = in_shards("contiguous")
wrong_in_shards = in_shards("contiguous", lambda rows: 0, gradients=False)
both_alike = in_shards(lambda problem, axis, rank, ranks: [range(problem.dims[axis] // 2)], gradients=False)
no_ranges = in_shards(lambda problem, axis, rank, ranks: rank, gradients=False)

CHANGES = {
    0.25: lambda o, lse: (torch.zeros_like(o), lse),
    0.5: lambda o, lse: (o, torch.full_like(lse, math.nan)),
    2.0: lambda o, lse: (o.chunk(2, 2)[1], lse),
}


@scheme(name="gathering", worlds=[2], **{**CLAIMS, "gradients": False})
def one_rank_apart(q: torch.Tensor, k, v, causal: bool = False, scale: Optional[float] = None):
    """The right scheme, but what rank 1 returns is changed: the scale says how."""
    o, lse = right(q, k, v, causal, scale)
    return CHANGES.get(scale, lambda *both: both)(o, lse) if dist.get_rank() == 1 else (o, lse)


def dying(ways, world=2):
    """The right scheme, in which some ranks do something else in their second call."""
    calls = []

    def attention(q: torch.Tensor, k, v, causal: bool = False, scale: Optional[float] = None):
        calls.append(None)
        if dist.get_rank() in ways and len(calls) == 2:
            ways[dist.get_rank()]()
        return right(q, k, v, causal, scale)

    return scheme(name="gathering", worlds=[world], **{**CLAIMS, "gradients": False})(attention)


def sleep_for_ever():
    while True:
        time.sleep(1)


def fail():
    raise ValueError("rank 1 has no more memory of its own")


killed = dying({1: lambda: os.kill(os.getpid(), signal.SIGKILL)})
quitting = dying({1: lambda: os._exit(7)})
failing_and_hanging = dying({1: fail, 2: sleep_for_ever}, world=3)
