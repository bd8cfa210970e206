"""Inputs and parameters that a seed draws, in the shapes and dtypes of a problem's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Dict, Iterator, List, Mapping

import torch
from torch.utils._pytree import tree_flatten, tree_map, tree_unflatten

from .problem import Problem

Tensor = torch.Tensor
Values = Callable[[Tensor, torch.Generator], Tensor]


@dataclass
class Draw:
    """Arguments of forward, and parameters and buffers."""

    name: str
    arguments: List[Any]
    state: Dict[str, Tensor]


def _normal(size: float) -> Values:
    return lambda like, generator: size * torch.randn(like.shape, generator=generator)


def _sparse(like: Tensor, generator: torch.Generator) -> Tensor:
    kept = torch.rand(like.shape, generator=generator) < 0.1
    return torch.randn(like.shape, generator=generator) * kept


def _negative(like: Tensor, generator: torch.Generator) -> Tensor:
    return -torch.rand(like.shape, generator=generator)


VALUES: Mapping[str, Values] = {
    "normal": _normal(1.0),
    # scores of attention far apart: one key takes all the weight
    "large": _normal(4.0),
    "sparse": _sparse,
    "negative": _negative,
    "small": _normal(1 / 64),
}
"""Distributions of the numbers of inputs; "given" are those of get_inputs itself."""


def draws(problem: Problem, runs: int, parameters: bool) -> Iterator[Draw]:
    """So many draws: first the problem's own inputs, then each distribution in turn. parameters: draw these as well."""
    names = ["given", *VALUES]
    for at in range(runs):
        name = names[at % len(names)]
        generator = torch.Generator().manual_seed(problem.seed * 1_000_003 + at)
        torch.manual_seed(problem.seed * 1_000_003 + at)
        arguments = list(problem.inputs())
        state = {key: value.detach().clone() for key, value in problem.state.items()}
        if parameters and at > 0:
            for key in problem.parameters:
                state[key] = _near(state[key], generator)
        if name != "given":
            arguments = _drawn(problem, arguments, state, VALUES[name], generator)
        yield Draw(name, arguments, state)


def _near(parameter: Tensor, generator: torch.Generator) -> Tensor:
    """A parameter with noise of its own size: what starts as zeros or ones is so no longer."""
    deviation = float(parameter.double().std(correction=0)) or 0.1
    return (parameter + deviation * torch.randn(parameter.shape, generator=generator)).to(parameter.dtype)


def _drawn(problem: Problem, arguments: List[Any], state: Mapping[str, Tensor], values: Values, generator: torch.Generator) -> List[Any]:
    """Numbers of a distribution, or their sizes where the reference is not finite for numbers below zero; integers and booleans in another order."""
    leaves, spec = tree_flatten(arguments)
    found = [_like(leaf, values, generator) if isinstance(leaf, Tensor) else leaf for leaf in leaves]
    signed = tree_unflatten(found, spec)
    if _is_finite(problem, signed, state) or not _is_finite(problem, arguments, state):
        return signed
    own = [abs(x) if isinstance(x, Tensor) and x.is_floating_point() and bool((leaf >= 0).all()) else x for x, leaf in zip(found, leaves)]
    unsigned = tree_unflatten(own, spec)
    return unsigned if _is_finite(problem, unsigned, state) else arguments


def _like(given: Tensor, values: Values, generator: torch.Generator) -> Tensor:
    if given.is_floating_point():
        return values(given, generator).to(given.dtype)
    # lengths that add up, and offsets that rise, stay what they are
    if given.dim() == 1 and bool((given[1:] >= given[:-1]).all()):
        return given
    order = torch.randperm(given.numel(), generator=generator)
    return given.reshape(-1)[order].reshape(given.shape)


def _is_finite(problem: Problem, arguments: List[Any], state: Mapping[str, Tensor]) -> bool:
    with torch.no_grad():
        try:
            found = torch.func.functional_call(problem.model, {key: value.clone() for key, value in state.items()}, tuple(tree_map(_copied, arguments)))
        except Exception:
            return False
    return all(bool(torch.isfinite(x).all()) for x in tree_flatten(found)[0] if isinstance(x, Tensor) and x.is_floating_point())


def _copied(value: Any) -> Any:
    return value.clone() if isinstance(value, Tensor) else value
