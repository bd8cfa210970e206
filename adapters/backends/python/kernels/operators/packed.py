"""Recurrences on packed segments: one run for each, as if it were alone."""

from __future__ import annotations

import torch
from attn_cts import kernel
from recurrent import chain, gated_delta, kda


def alone(run, tokens, segment, initial, scale, problem):
    """Rows of all segments, one after the other, and the last state of each. @param tokens q, k, v and more [h, n, ...]."""
    rows, states = [], []
    for s in range(problem.dims["s"]):
        own = segment == s
        begun = tokens[2].new_zeros(len(tokens[2]), tokens[1].shape[-1], tokens[2].shape[-1]) if initial is None else initial[s]
        if own.any():
            o, state = run(*(x[None, :, own] for x in tokens), begun[None], scale)
            rows.append(o[0])
        states.append(state[0] if own.any() else begun)
    return torch.cat(rows, 1), torch.stack(states)


@kernel(operators=["gdn-packed"], **chain("q", "k", "v", "gate", "beta"))
def gdn_packed(q, k, v, gate, beta, segment, problem, initial=None, scale=None):
    return alone(gated_delta, (q, k, v, gate, beta), segment, initial, scale, problem)


@kernel(operators=["gdn-packed-grouped-queries"], **chain("q", "k", "v", "alpha", "beta"))
def gdn_packed_grouped_queries(q, k, v, alpha, beta, segment, problem, initial=None, scale=None):
    k, v = (x.repeat_interleave(len(q) // len(x), 0) for x in (k, v))
    begun = None if initial is None else initial.mT
    o, state = alone(gated_delta, (q, k, v, torch.log(alpha), beta), segment, begun, scale, problem)
    return o, state.mT


@kernel(operators=["kda-packed"], **chain("q", "k", "v", "gate", "beta"))
def kda_packed(q, k, v, gate, beta, segment, problem, initial=None, scale=None):
    return alone(kda, (q, k, v, gate, beta), segment, initial, scale, problem)
