"""Ulysses of other projects around PyTorch's attention: what they send between the ranks needs no CUDA, though their own attentions do.

q [b, n, h, d], k and v [b, n, hk, d] of this rank's tokens; the ranks divide the key heads.
"""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType
from typing import Any, Callable, Optional

import torch
from attn_cts import Unavailable, scheme, shard, unshard
from versions import version_of

Tensor = torch.Tensor
Attention = Callable[[Tensor, Tensor, Tensor, bool, Optional[float]], Tensor]
"""o of a rank's own tokens, given its q, k and v, whether it is causal, and the scale."""


def attention_of_heads(q: Tensor, k: Tensor, v: Tensor, causal: bool = False, softmax_scale: Optional[float] = None, **_: Any) -> Tensor:
    """[b, n, h, d], as the projects' own attentions take them."""
    of = q.shape[2] // k.shape[2]
    q, k, v = (x.transpose(1, 2) for x in (q, k, v))
    k, v = (x.repeat_interleave(of, 1) for x in (k, v))
    with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH):
        return torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=causal, scale=softmax_scale).transpose(1, 2)


def package(name: str, **contents: Any) -> ModuleType:
    """A package without what its __init__ imports, which takes CUDA or a newer PyTorch: only what the contents say, and its own files."""
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        raise Unavailable(f"{name} is no folder of the project", "use another commit of it")
    module = ModuleType(name)
    module.__path__ = list(found.submodule_search_locations)
    module.__dict__.update(contents)
    sys.modules[name] = module
    return module


def declared(name: str, title: str, package: str, of: Callable[[], Attention], zigzag: bool = False, **others: Any) -> Callable:
    """package: as which the project is installed, where it is no checkout."""
    claims = dict(
        worlds=[1, 2, 4],
        hk={"multipleOf": 4},
        masks={"causal": {"causal": True}},
        gradients=True,
        dialect={"maskedNaN": "leaks"},
    )

    @scheme(
        id=name,
        title=title,
        version=version_of(package),
        framework="torch",
        device="cpu",
        layout="blhd",
        m="=n",
        **{**claims, **others},
    )
    def attention(q: Tensor, k: Tensor, v: Tensor, causal: bool = False, scale: Optional[float] = None) -> Tensor:
        own = (shard(x, 1, zigzag=zigzag) for x in (q, k, v))
        return unshard(of()(*own, causal, scale), 1, zigzag=zigzag)

    return attention
