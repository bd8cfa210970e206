"""Attention Gym's references of the gated delta rule and of Kimi delta attention (https://github.com/meta-pytorch/attention-gym, BSD-3-Clause).

q, k [b, n, hk, d], v [b, n, h, e], gate [b, n, h] or of a channel [b, n, h, d], beta [b, n, h];
states are [b, h, e, d]. The decay of KDA is a power of 2.
"""

from __future__ import annotations

import math
from typing import Any, Callable, Mapping, Optional

import torch
from attn_cts import kernel
from attn_gym.linear.gdn import chunk_gdn, recurrent_gdn
from attn_gym.linear.kda.naive import naive_chunk_kda, naive_recurrent_kda
from versions import version_of

Tensor = torch.Tensor
Initial = Optional[torch.Tensor]

torch.set_num_threads(min(2, torch.get_num_threads()))


def claims(name: str, title: str, operator: str, **others: Any) -> Mapping[str, Any]:
    common = {"version": version_of("attn-gym"), "framework": "torch", "device": "cpu", "dtypes": ["f32"], "outputs": ["o", "state"]}
    return {"id": f"attn-gym-{name}", "title": f"Attention Gym, {title}", "operators": [operator], **common, "gradients": True, **others}


def run(function: Callable, inputs: Mapping[str, Tensor], initial: Initial, scale: Optional[float], **others: Any):
    """Tensors [b, h, n, …] and states [b, h, d, e] are turned, and what comes back is too."""
    turned = {name: x.transpose(1, 2) for name, x in inputs.items()}
    state = None if initial is None else initial.transpose(-1, -2)
    o, after = function(**turned, scale=scale, initial_state=state, output_final_state=True, **others)
    return o.transpose(1, 2), after.transpose(-1, -2)


@kernel(**claims("gdn-recurrent", "recurrent_gdn, reference", "gated-delta"))
def gdn_recurrent(q, k, v, gate, beta, initial: Initial = None, scale: Optional[float] = None):
    return run(recurrent_gdn, {"q": q, "k": k, "v": v, "gate": gate, "beta": beta}, initial, scale, impl="reference")


@kernel(**claims("gdn-chunk", "chunk_gdn, reference", "gated-delta"))
def gdn_chunk(q, k, v, gate, beta, initial: Initial = None, scale: Optional[float] = None):
    return run(chunk_gdn, {"q": q, "k": k, "v": v, "gate": gate, "beta": beta}, initial, scale, impl="reference")


def kda(function: Callable, q, k, v, gate, beta, initial: Initial, scale: Optional[float]):
    return run(function, {"q": q, "k": k, "v": v, "g": gate / math.log(2), "beta": beta}, initial, scale)


@kernel(**claims("kda-recurrent", "naive_recurrent_kda", "kda", grouped=False))
def kda_recurrent(q, k, v, gate, beta, initial: Initial = None, scale: Optional[float] = None):
    return kda(naive_recurrent_kda, q, k, v, gate, beta, initial, scale)


@kernel(**claims("kda-chunk", "naive_chunk_kda", "kda", grouped=False))
def kda_chunk(q, k, v, gate, beta, initial: Initial = None, scale: Optional[float] = None):
    return kda(naive_chunk_kda, q, k, v, gate, beta, initial, scale)
