"""The example of a scheme with a state, whose ranks each begin with a state of zeros."""

from __future__ import annotations

import sys
from pathlib import Path

import torch
from attn_cts import scheme

EXAMPLES = Path(__file__).parents[5] / "adapters/backends/python/examples"
sys.path.insert(0, str(EXAMPLES))

import gdn_context_parallel as example  # noqa: E402


class Forgotten(example.Receive):
    @staticmethod
    def forward(ctx, leaf: torch.Tensor, state: torch.Tensor) -> torch.Tensor:
        return torch.zeros_like(received(ctx, leaf, state))


received = example.Receive.forward
example.Receive = Forgotten


@scheme(
    name="gdn-context-parallel",
    worlds=[2],
    spec=str(EXAMPLES / "gdn_context_parallel.json"),
    operators=["gated-delta"],
    outputs=["o", "state"],
    gradients=["q", "k", "v", "gate", "beta", "initial"],
)
def forgetful(q: torch.Tensor, k, v, gate, beta, initial=None, scale=None):
    return example.gdn(q, k, v, gate, beta, initial, scale)
