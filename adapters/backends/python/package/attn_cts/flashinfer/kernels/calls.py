"""How a function that a Definition describes is called: by the roles of its inputs."""

from __future__ import annotations

import zlib
from typing import Any, Callable, Dict, List, Mapping, Optional

from ...harness import Problem
from ..signatures import Match

Call = Callable[[Dict[str, Any]], Mapping[str, Any]]
"""Takes the inputs by the Definition's names, and returns its outputs so."""


def call_by_roles(match: Match, call: Call, values: Mapping[str, Any], torch: Any) -> Dict[str, Any]:
    """Calls a function with values by their roles; an optional input without a value is left out. Returns the outputs by the names of the operator's."""
    given: Dict[str, Any] = {}
    for role, name in match.roles.items():
        spec = match.definition.inputs[name]
        if role not in values and (spec.optional or role in match.settled):
            if role in match.settled:
                given[name] = match.settled[role]
            continue
        value = values[role]
        if name in match.definition.outputs:
            # it is written into
            value = value.clone()
        if spec.dtype == "int64" and isinstance(value, torch.Tensor):
            value = value.long()
        given[name] = value
    results = call(given)
    return {ours: results[name] for ours, name in match.outputs.items()}


def scale_of(scale: Optional[float], problem: Problem, axis: str) -> float:
    return float(problem.dims[axis] ** -0.5 if scale is None else scale)


def number_of(tensor: Any, torch: Any) -> int:
    """A number to draw by that differs from case to case, as the numbers of a tensor do: a call is told no seed."""
    return zlib.crc32(tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes())


def sizes_claimed(match: Match, *names: str) -> Dict[str, List[int]]:
    return {name: [match.sizes[name]] for name in names if name in match.sizes}


_WORKSPACE = 1 << 22
"""Bytes to work in where a Definition does not say how many."""


def workspace(match: Match, torch: Any, device: Any) -> Any:
    """Zeros to work in, as many as the Definition says."""
    spec = match.definition.inputs[match.roles["workspace_buffer"]]
    sizes = [match.definition.size(axis) or _WORKSPACE for axis in spec.shape or ()]
    return torch.zeros(sizes, dtype=getattr(torch, spec.dtype, torch.uint8), device=device)


def beside_cache(match: Match, values: Mapping[str, Any], torch: Any) -> Dict[str, Any]:
    """What functions that take a combined cache are told besides it."""
    found = {"bmm2_scale": 1.0, "max_seq_len": max([1, *values["seq_lens"].tolist()])}
    return {**found, **({"workspace_buffer": workspace(match, torch, values["seq_lens"].device)} if "workspace_buffer" in match.roles else {})}
