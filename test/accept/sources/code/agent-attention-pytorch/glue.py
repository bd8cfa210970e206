"""Agent attention as lucidrains publishes it."""

from __future__ import annotations

from typing import Optional

import torch
from glue_parts import Given, shared
from published import Source

Tensor = torch.Tensor
source = Source("agent-attention-pytorch").on_path()
_layer = source.module("agent_attention_pytorch/agent_transformer.py").AgentSelfAttention


@source.kernel("agent", m="=n", e="=d", gradients=True)
def agent(q: Tensor, k: Tensor, v: Tensor, agents: Tensor, scale: Optional[float] = None):
    """Queries, keys and values of agents and tokens come one after the other; agents have no values."""
    h, n, d = q.shape[1:]
    k, v = (shared(x, q) for x in (k, v))
    layer = _layer(1, num_agent_tokens=agents.shape[2], dim_head=d, heads=h, talking_heads=False, gate=False)
    layer.scale = layer.scale if scale is None else scale
    layer.norm = layer.to_out = layer.to_agent_out = torch.nn.Identity()
    pairs = ((agents, q), (agents, k), (torch.zeros_like(agents), v))
    layer.to_qkv = Given(torch.stack([torch.cat(pair, 2) for pair in pairs]))
    return layer(q.new_zeros(q.shape[0], n, 1), agent_tokens=q.new_zeros(q.shape[0], agents.shape[2], 1))
