"""x-transformers' Attend (https://github.com/lucidrains/x-transformers, MIT), with some of its options.

q [b, hk*g, m, d], k [b, hk, n, d], v [b, hk, n, e]; a mask is boolean, true keeps. Query heads of a
key head are hk apart; a softcap bounds the scores after the bias is added.
"""

from __future__ import annotations

from typing import Any, Mapping, Optional

import torch
from attn_cts import kernel
from torch_flash import FLASH_NUMERIC
from versions import version_of
from x_transformers.attend import Attend

Tensor = torch.Tensor
Mask = Optional[torch.Tensor]

torch.set_num_threads(min(2, torch.get_num_threads()))


def claims(name: str, title: str, **others: Any) -> Mapping[str, Any]:
    common = {"version": version_of("x-transformers"), "framework": "torch", "device": "cpu", "dtypes": ["f32"], "speed": "medium"}
    return {"id": f"x-transformers{name}", "title": f"x-transformers, {title}", **common, **others}


MASKED = {"dense_mask": "boolean", "gradients": ["q", "k", "v", "bias"], "numeric": {"accumulate": "f32"}}
# key heads are repeated as a whole; a row that the mask empties is 0
TILED = {"heads": "tiled", "maskedNaN": "leaks"}


@kernel(**claims("", "Attend", dialect=TILED, **MASKED))
def attention(q: Tensor, k: Tensor, v: Tensor, mask: Mask = None, bias: Mask = None, scale: Optional[float] = None) -> Tensor:
    return Attend(scale=scale)(q, k, v, mask=mask, attn_bias=bias)[0]


# a row that the causal mask empties is the mean of the values, but only where a query has company
@kernel(**claims("-causal", "Attend, causal", dialect=TILED, masks={"causal": {}}, m="=n", gradients=True, numeric={"accumulate": "f32"}))
def causal(q: Tensor, k: Tensor, v: Tensor, scale: Optional[float] = None, softcap: Optional[float] = None) -> Tensor:
    capped = {} if softcap is None else {"softclamp_logits": True, "logit_softclamp_value": softcap}
    return Attend(scale=scale, causal=True, **capped)(q, k, v)[0]


@kernel(**claims("-sink", "Attend with sinks", dialect=TILED, dense_mask="boolean", gradients=["q", "k", "v", "sink"], numeric={"accumulate": "f32"}))
def sinks(q: Tensor, k: Tensor, v: Tensor, mask: Mask = None, sink: Optional[Tensor] = None, scale: Optional[float] = None) -> Tensor:
    if sink is None:
        return Attend(scale=scale)(q, k, v, mask=mask)[0]
    module = Attend(scale=scale, heads=q.size(1), head_learned_sink=True)
    return torch.func.functional_call(module, {"head_attn_sink": sink}, (q, k, v), {"mask": mask})[0]


@kernel(
    **claims("-flash", "Attend with flash", dialect={**TILED, "causal": "bottom-right"}, **{**MASKED, "numeric": {**FLASH_NUMERIC["f32"], "prescaledQ": True}}),
    masks={"causal": {"causal": True}},
)
def flash(q: Tensor, k: Tensor, v: Tensor, mask: Mask = None, bias: Mask = None, causal: bool = False, scale: Optional[float] = None) -> Tensor:
    return Attend(flash=True, causal=causal, scale=scale)(q, k, v, mask=mask, attn_bias=bias)[0]


@kernel(**claims("-sigmoid", "Attend with sigmoid", operators=["sigmoid"], dialect=TILED, dense_mask="boolean", gradients=["q", "k", "v"], numeric={"accumulate": "f32"}))
def sigmoid(q: Tensor, k: Tensor, v: Tensor, mask: Mask = None, scale: Optional[float] = None) -> Tensor:
    return Attend(sigmoid=True, scale=scale)(q, k, v, mask=mask)[0]
