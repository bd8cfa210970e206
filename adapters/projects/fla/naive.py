"""flash-linear-attention's naive forms (https://github.com/fla-org/flash-linear-attention, MIT): what its Triton kernels are compared with.

Each lies in fla/ops/NAME/naive.py, and is loaded from there: the package itself imports Triton, which needs a GPU. They compute in float32.
"""

from __future__ import annotations

import importlib.util
import os
from typing import Any, Callable, Mapping, Optional, Tuple

import torch
from attn_cts import Unavailable, kernel
from versions import version_of

Tensor = torch.Tensor
CHUNK = 8
"""Tokens of a chunk: more than one chunk in most cases."""


def naive(name: str, function: str) -> Callable:
    """A function of fla/ops/NAME/naive.py."""
    found = importlib.util.find_spec("fla")
    if found is None or not found.submodule_search_locations:
        raise Unavailable("fla has no folder", "pip install flash-linear-attention")
    file = os.path.join(found.submodule_search_locations[0], "ops", name, "naive.py")
    spec = importlib.util.spec_from_file_location(f"fla_naive_{name}", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, function)


def heads_last(x: Optional[Tensor]) -> Optional[Tensor]:
    """[b, h, n, …] as [b, n, h, …], and back."""
    return None if x is None else x.transpose(1, 2)


def claims(name: str, operator: str, **others: Any) -> Mapping[str, Any]:
    common = dict(framework="torch", device="cpu", grouped=False, outputs=["o", "state"], gradients=True)
    title = f"flash-linear-attention, naive {name}"
    return {**common, "id": f"fla-naive-{name}", "title": title, "operators": [operator], "version": version_of("fla-core"), **others}


def gated_delta(name: str, function: str, **others: Any) -> Callable:
    compute = naive("gated_delta_rule", function)

    @kernel(**claims(name, "gated-delta"))
    def run(q: Tensor, k: Tensor, v: Tensor, gate: Tensor, beta: Tensor, initial: Optional[Tensor] = None, scale: Optional[float] = None):
        given = dict(q=q, k=k, v=v, g=gate, beta=beta)
        options = dict(scale=scale, initial_state=initial, output_final_state=True, **others)
        o, state = compute(**{key: heads_last(x) for key, x in given.items()}, **options)
        return heads_last(o), state

    return run


gated_delta_recurrent = gated_delta("gated-delta-recurrent", "naive_recurrent_gated_delta_rule")
gated_delta_chunk = gated_delta("gated-delta-chunk", "naive_chunk_gated_delta_rule", chunk_size=CHUNK)

_delta_recurrence = naive("delta_rule", "delta_rule_recurrence")
_delta_chunkwise = naive("delta_rule", "delta_rule_chunkwise")


@kernel(**claims("delta-recurrent", "delta"))
def delta_recurrent(q: Tensor, k: Tensor, v: Tensor, beta: Tensor, initial: Optional[Tensor] = None):
    return _delta_recurrence(q, k, v, beta, initial_state=initial)


@kernel(**claims("delta-chunk", "delta", n={"multipleOf": CHUNK}))
def delta_chunk(q: Tensor, k: Tensor, v: Tensor, beta: Tensor):
    return _delta_chunkwise(q, k, v, beta, chunk_size=CHUNK)


def simple_gla(name: str, function: str, states: bool = True, **others: Any) -> Callable:
    compute = naive("simple_gla", function)

    @kernel(**claims(name, "simple-gla", outputs=["o", "state"] if states else ["o"], options=["scale", "initial"] if states else ["scale"]))
    def run(q: Tensor, k: Tensor, v: Tensor, gate: Tensor, initial: Optional[Tensor] = None, scale: Optional[float] = None):
        state = dict(initial_state=initial, output_final_state=True) if states else {}
        o, after = compute(*(heads_last(x) for x in (q, k, v, gate)), scale=scale, **state, **others)
        return (heads_last(o), after) if states else heads_last(o)

    return run


simple_gla_recurrent = simple_gla("simple-gla-recurrent", "naive_recurrent_simple_gla")
simple_gla_chunk = simple_gla("simple-gla-chunk", "naive_chunk_simple_gla", chunk_size=CHUNK)
simple_gla_parallel = simple_gla("simple-gla-parallel", "naive_parallel_simple_gla", states=False)

_gla = naive("gla", "naive_recurrent_gla")


@kernel(**claims("gla-recurrent", "gla"))
def gla_recurrent(q: Tensor, k: Tensor, v: Tensor, gate: Tensor, initial: Optional[Tensor] = None) -> Tuple[Tensor, Tensor]:
    o, state = _gla(*(heads_last(x) for x in (q, k, v, gate)), initial_state=initial, output_final_state=True)
    return heads_last(o), state


_retention = naive("retention", "naive_retention")


@kernel(**claims("retention-parallel", "retention", outputs=["o"], fixed={"decay": True}, gradients=["q", "k", "v"]))
def retention_parallel(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    return _retention(q, k, v)


def kda(name: str, function: str, tokens: Optional[Mapping[str, int]] = None, **others: Any) -> Callable:
    compute = naive("kda", function)

    @kernel(**claims(name, "kda", grouped=True, n=tokens))
    def run(q: Tensor, k: Tensor, v: Tensor, gate: Tensor, beta: Tensor, initial: Optional[Tensor] = None, scale: Optional[float] = None):
        given = (heads_last(x) for x in (q, k, v, gate, beta))
        o, state = compute(*given, scale=scale, initial_state=initial, output_final_state=True, **others)
        return heads_last(o), state

    return run


kda_recurrent = kda("kda-recurrent", "naive_recurrent_kda")
kda_chunk = kda("kda-chunk", "naive_chunk_kda", {"multipleOf": CHUNK}, chunk_size=CHUNK)
