"""A problem in KernelBench's form: a file with Model, get_inputs and, where Model takes arguments, get_init_inputs."""

from __future__ import annotations

import sys
import types
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Mapping, Sequence

import torch
from torch.utils._pytree import tree_flatten, tree_unflatten

from .analysis import Analysed, analyse
from .bounded import Arithmetic

Tensor = torch.Tensor


class ProblemError(Exception):
    """A file that is no problem, or no solution of one: what it lacks."""


def module_of(path: str, name: str) -> Dict[str, Any]:
    """The names that a Python file defines. Raises ProblemError where it cannot be read or run."""
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except OSError as error:
        raise ProblemError(f"{path}: {error.strerror or error}") from None
    module = types.ModuleType(name)
    module.__file__ = path
    sys.modules[name] = module
    try:
        exec(compile(text, path, "exec"), module.__dict__)
    except Exception as error:
        raise ProblemError(f"{path}: {type(error).__name__}: {error}") from None
    return module.__dict__


@dataclass
class Problem:
    """A reference, and what it is called with."""

    path: str
    model: torch.nn.Module
    initial: List[Any]
    """Arguments of Model and ModelNew."""
    inputs: Callable[[], Sequence[Any]]
    """get_inputs of the file: arguments of forward, new ones at each call."""
    seed: int

    @property
    def state(self) -> Mapping[str, Tensor]:
        return {**dict(self.model.named_parameters()), **dict(self.model.named_buffers())}

    @property
    def parameters(self) -> List[str]:
        return [name for name, _ in self.model.named_parameters()]

    def expected(self, arguments: Sequence[Any], state: Mapping[str, Tensor], arithmetic: Arithmetic) -> Analysed:
        """Values and bounds of forward(*arguments) with these parameters and buffers. Raises WithoutRule."""
        leaves, spec = tree_flatten(list(arguments))
        places = [at for at, leaf in enumerate(leaves) if isinstance(leaf, Tensor)]
        names = list(state)

        def forward(*tensors: Tensor) -> Any:
            given = list(leaves)
            for at, tensor in zip(places, tensors):
                given[at] = tensor
            held = dict(zip(names, tensors[len(places) :]))
            return torch.func.functional_call(self.model, held, tuple(tree_unflatten(given, spec)))

        # what is random in forward shows in both runs alike, or has no rule
        torch.manual_seed(self.seed)
        return analyse(forward, [*(leaves[at].detach() for at in places), *(state[name].detach() for name in names)], arithmetic)


def read_problem(path: str, seed: int) -> Problem:
    """A problem of a file; the seed sets PyTorch's before Model is made, as before ModelNew. Raises ProblemError."""
    names = module_of(path, "attn_cts_problem")
    for name in ("Model", "get_inputs"):
        if name not in names:
            raise ProblemError(f"{path}: must define {name}: class Model(nn.Module), get_inputs(), and get_init_inputs() where Model takes arguments")
    try:
        torch.manual_seed(seed)
        initial = list(names["get_init_inputs"]()) if "get_init_inputs" in names else []
        torch.manual_seed(seed)
        model = names["Model"](*initial)
    except Exception as error:
        raise ProblemError(f"{path}: Model: {type(error).__name__}: {error}") from None
    if not isinstance(model, torch.nn.Module):
        raise ProblemError(f"{path}: found {type(model).__name__}, Model must be a torch.nn.Module")
    return Problem(path, model, initial, names["get_inputs"], seed)


