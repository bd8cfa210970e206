"""Layers of transformers around the operators of a case: projections hand in its tensors, and what is not compared is left out."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Callable, Optional, Tuple

import torch
from glue_parts import heads_last
from published import Source

Tensor = torch.Tensor
Option = Optional[float]
transformers = Source("transformers")
LOWEST = torch.finfo(torch.float32).min
STATES = dict(outputs=["o", "state"], gradients=True)
DENSE = dict(e="=d", dense_mask="boolean", dialect={"maskedNaN": "leaks"})
WIDE = {**DENSE, "e": None}
# the code's own eager form is what its registry gives
EAGER = SimpleNamespace(get_interface=lambda name, default: default)


def modeling(model: str, *names: str, **given: Any) -> SimpleNamespace:
    """Functions and classes of a model's file, with the eager attention in it."""
    return transformers.take(f"transformers/models/{model}/modeling_{model}.py", *names, ALL_ATTENTION_FUNCTIONS=EAGER, **given)


def same(x: Tensor, *others: Any) -> Tensor:
    """A projection or norm around the operator, left out."""
    return x


def gives(x: Tensor) -> Callable[..., Tensor]:
    """A projection that hands in a tensor of the case."""
    return lambda *others, **options: x


def tokens(x: Tensor) -> Tensor:
    """[b, h, n, d] as [b, n, h·d], as projections give it."""
    return x.transpose(1, 2).flatten(2)


def heads(x: Tensor, count: int) -> Tensor:
    """[b, n, h·d] as [b, h, n, d]."""
    return x.unflatten(-1, (count, -1)).transpose(1, 2)


def added(mask: Optional[Tensor]) -> Optional[Tensor]:
    """A mask as the code's eager attention takes it: the lowest number where a key is hidden."""
    return None if mask is None else torch.zeros(mask.shape).masked_fill(~mask, LOWEST)


def seeing(o: Tensor, mask: Optional[Tensor]) -> Tensor:
    """Outputs, with 0 for a query without a visible key, where the code has the mean of all values."""
    return o if mask is None else o.masked_fill(~mask.any(-1, keepdim=True), 0)


def unrotated(q: Tensor, channels: Optional[int] = None) -> Tuple[Tensor, Tensor]:
    """Cosines and sines of no rotation."""
    ones = torch.ones(len(q), q.shape[2], q.shape[-1] if channels is None else channels)
    return ones, torch.zeros_like(ones)


def cached(*values: Tensor) -> SimpleNamespace:
    """A cache that holds the keys and values of the case."""
    return SimpleNamespace(update=lambda *others, **options: values)


def around(q: Tensor, k: Tensor, scale: Option, **fields: Any) -> SimpleNamespace:
    """Fields of an attention layer; what it projects from hidden states is the case's."""
    size = q.shape[-1]
    common = dict(config=SimpleNamespace(_attn_implementation="eager"), layer_idx=0, head_dim=size, training=False, attention_dropout=0.0)
    common.update(num_key_value_groups=q.shape[1] // k.shape[1], scaling=size**-0.5 if scale is None else scale, sliding_window=None)
    projected = {name: gives(tokens(x[:, :, :1].expand(-1, -1, q.shape[2], -1))) for name, x in (("k_proj", k), ("v_proj", k))}
    return SimpleNamespace(**{**common, **projected, "q_proj": gives(tokens(q)), "q_norm": same, "k_norm": same, "o_proj": same, **fields})


def hidden(q: Tensor) -> Tensor:
    """Hidden states, of which only the sizes count."""
    return torch.zeros(len(q), q.shape[2], 1)


_gemma2 = modeling("gemma2", "repeat_kv", "eager_attention_forward")


def plain(q: Tensor, k: Tensor, v: Tensor, mask: Optional[Tensor], scale: Option = None, softcap: Option = None) -> Tensor:
    """Eager attention of Gemma 2."""
    layer = around(q, k, scale)
    return heads_last(_gemma2.eager_attention_forward(layer, q, k, v, mask, scaling=layer.scaling, softcap=softcap)[0])
