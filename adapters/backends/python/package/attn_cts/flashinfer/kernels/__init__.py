"""A function that a Definition describes, as a kernel with claims: the suite's tensors are given to it in the form that the Definition has."""

from __future__ import annotations

from typing import Callable

from ...harness import kernel
from ..domain import limits_of
from ..signatures import Match
from .block_lists import block_lists
from .calls import Call
from .codes import codes
from .gated_delta import channel_gates, gated_delta
from .latent import dsa, mla
from .merge import merge
from .softmax import softmax

_MAKERS = {
    "softmax": softmax,
    "mla-absorbed": mla,
    "block-lists": block_lists,
    "fp8-cache": codes,
    "fp8-cache-e5m2": codes,
    "flashinfer-fp8-cache": codes,
    "flashinfer-fp8-cache-e5m2": codes,
    "flashinfer-dsa": dsa,
    "flashinfer-gdn": gated_delta,
    "flashinfer-kda": channel_gates,
    "flashinfer-merge": merge,
}


def kernel_of(match: Match, call: Call, title: str) -> Callable:
    """The kernel that the suite judges in place of a function."""
    import torch

    function, claims = _MAKERS[match.operator](match, call, torch)
    function.__name__ = title
    limits = {**{axis: limit for axis, limit in limits_of(match).items() if axis not in claims}, **claims.pop("limits", {})}
    outputs = ["o", *(name for name in ("lse", "state") if name in match.outputs)]
    dialect = {"lseBase": "2"} if "lse" in match.outputs else {}
    return kernel(
        function,
        id=title,
        framework="torch",
        operators=[match.operator],
        dtypes=[match.dtype],
        outputs=outputs,
        options=[name for role, name in (("scale", "scale"), ("state", "initial")) if role in match.roles],
        dialect=dialect,
        mixed_storage=True,
        **({"limits": limits} if limits else {}),
        **claims,
    )
