"""LitGPT's CausalSelfAttention (https://github.com/Lightning-AI/litgpt, Apache-2.0), whose projections
are identities and whose positions turn nothing, so that it computes attention alone.

q [b, hk*g, n, d], k, v [b, hk, n, d] go in as [b, n, (hk*g + 2*hk)*d] and come out as [b, n, …]; a
query of a window sees sliding_window_size keys, itself among them.
"""

from __future__ import annotations

from typing import Optional

import torch
from attn_cts import Problem, kernel
from litgpt.config import Config
from litgpt.model import CausalSelfAttention
from torch_flash import FLASH_NUMERIC
from versions import version_of

Tensor = torch.Tensor

torch.set_num_threads(min(2, torch.get_num_threads()))


def module(heads: int, groups: int, d: int, window: Optional[int], softcap: Optional[float]) -> CausalSelfAttention:
    width = (heads + 2 * groups) * d
    sizes = {"n_embd": width, "n_head": heads, "n_query_groups": groups, "head_size": d, "n_layer": 1, "rotary_percentage": 0.0}
    if window is not None:
        sizes = {**sizes, "sliding_window_size": window, "sliding_window_indices": [1]}
    made = CausalSelfAttention(Config(**sizes, bias=False, attention_logit_softcapping=softcap), 0)
    with torch.no_grad():
        made.qkv.weight.copy_(torch.eye(width))
        made.proj.weight.copy_(torch.eye(width, heads * d))
    return made.requires_grad_(False)


@kernel(
    id="litgpt",
    title="LitGPT CausalSelfAttention",
    version=version_of("litgpt"),
    framework="torch",
    device="cpu",
    dtypes=["f32"],
    masks=["causal", "sliding-window"],
    # windows look back alone
    excludes=[{"where": ["or", ["<", "left", 0], ["not", ["=", "right", 0]]]}],
    m="=n",
    e="=d",
    hk={"max": 4},
    d={"max": 32},
    gradients=True,
    numeric={**FLASH_NUMERIC, "f32": {**FLASH_NUMERIC["f32"], "prescaledQ": True}},
    dialect={"maskedNaN": "leaks"},
    speed="medium",
)
def attention(q: Tensor, k: Tensor, v: Tensor, problem: Problem, softcap: Optional[float] = None) -> Tensor:
    (b, h, n, d), groups = q.shape, k.size(1)
    window = problem.parameters["left"] + 1 if "left" in problem.parameters else None
    flat = torch.cat([x.transpose(1, 2).reshape(b, n, -1) for x in (q, k, v)], -1)
    turned = torch.ones(1, n, 0), torch.zeros(1, n, 0)
    return module(h, groups, d, window, softcap)(flat, *turned)[..., : h * d].reshape(b, n, h, d).transpose(1, 2)
