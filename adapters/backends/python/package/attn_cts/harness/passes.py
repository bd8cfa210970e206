"""The two passes of a kernel: its arguments from the tensors of a problem, by name, and its results by name."""

from __future__ import annotations

import inspect
from typing import Any, Callable, Dict, List, Mapping, Sequence

from .base import KernelError, Tensor, _own_files
from .frameworks import NumPy
from .claims import Kernel, Operator, PAGES, PLAIN, Problem
from .checker import _Parameters

_own_files.add(__file__)


class _Passes:
    """How a kernel is called for a problem. What it is made of is its session's to set."""

    kernel: Kernel
    framework: NumPy
    takes: _Parameters
    operators: Dict[str, Operator]
    plain: bool

    @property
    def appends(self) -> bool:
        """Calls on pages give the cache back."""
        return bool((self.kernel.capabilities.get("pages") or {}).get("append"))

    def forward(self, problem: Problem) -> Callable[[], Dict[str, Tensor]]:
        """The kernel's forward pass as a function that can be run again: it gives o, and lse where it is claimed."""
        given = problem.tensors
        if "k_pages" in given:
            return lambda: self.call_forward(problem, {"k": given["k_pages"], "v": given["v_pages"]}, PAGES if self.appends else ())
        return lambda: self.call_forward(problem, {})

    def operator(self, problem: Problem) -> Operator:
        name = problem.case.get("operator", PLAIN)
        return self.operators.get(name) or Operator.of(name, {})

    def call_forward(self, problem: Problem, others: Mapping[str, Tensor], further: Sequence[str] = ()) -> Dict[str, Tensor]:
        """Calls the function with the tensors of the problem, or with others in their stead."""
        operator = self.operator(problem)
        tensors = {**problem.tensors, **others}
        places = self.takes.places(operator)
        arguments = self.arguments(problem)
        by_name = operator.inputs if not places else ()
        for name in (*by_name, *others):
            if name not in places and (name in others or self.takes.accepts(self.takes.keyword(name))):
                arguments[self.takes.keyword(name)] = tensors[name]
        first = [tensors[name] for name in places]
        first += [arguments.pop(p.name, p.default) for p in self.takes.all.values() if not places and p.kind == p.POSITIONAL_ONLY]
        return self.named(self.kernel.function(*first, **arguments), [*self.kernel.outputs_of(operator), *further], "outputs", further)

    def arguments(self, problem: Problem) -> Dict[str, Any]:
        """Keyword arguments of a call: options, tensors and mask that the function takes by name."""
        operator = self.operator(problem)
        apart = ("q", "k", "v", "do", "dlse", "o", "lse", *operator.outputs, *operator.cotangents, *PAGES)
        options = {name: value for name, value in problem.options.items() if value is not True}
        tensors = {name: t for name, t in problem.tensors.items() if name not in apart}
        own = operator.arguments if operator.name != PLAIN and self.takes.any else ()
        found = {self.takes.keyword(name): value for name, value in {**options, **tensors}.items() if self.takes(name) or name in own}
        if self.takes("problem"):
            found[self.takes.keyword("problem")] = problem
        means = self.kernel.masks.get(self.mask(problem), {})
        found.update(means(problem) if callable(means) else means)
        for name, parameter in self.takes.all.items():
            if parameter.default is parameter.empty:
                found.setdefault(name, None)
        if self.plain or not self.takes.places(operator):
            return found
        return {name: value for name, value in found.items() if name not in self.takes.leading}

    def mask(self, problem: Problem) -> str:
        """A mask that came dense is added to the call that has none."""
        block = "block" in problem.case
        return problem.mask if problem.mask in self.kernel.masks and not block else "full"

    def named(self, result: Any, names: Sequence[str], what: str, further: Sequence[str] = ()) -> Dict[str, Tensor]:
        """What the function returned, by name. Raises KernelError where it is not what was claimed."""
        if isinstance(result, Mapping):
            missing = [name for name in names if name not in result]
            if missing:
                raise KernelError(f"{self.kernel.name} returned {', '.join(result)} without {', '.join(missing)}")
            return {name: result[name] for name in names}
        values = result if isinstance(result, (tuple, list)) else (result,)
        every = [*self.kernel.outputs, *further]
        if what == "outputs" and len(values) == len(every) != len(names):
            # a function of several operators may give every output that it claims
            names = every
        if len(values) != len(names):
            # a function without a decorator claims o alone
            mend = '; name them, as in @kernel(outputs=["o", "lse"])' if what == "outputs" and len(values) > len(names) else ""
            raise KernelError(f"{self.kernel.name} returned {len(values)} tensors, but its {what} are {', '.join(names)}{mend}")
        return dict(zip(names, values))

    def backward(self, problem: Problem) -> Callable[[], Dict[str, Tensor]]:
        """The kernel's backward pass, as a function that can be run again; the forward pass that it needs has been run."""
        operator = self.operator(problem)
        leaves = self.kernel.leaves(problem, operator)
        names = [f"d{leaf}" for leaf in leaves]
        if self.kernel.backward is not None:
            return self.own_backward(problem, leaves)
        given = problem.tensors

        # the outputs that have a cotangent
        judged = [name for name in operator.outputs if f"d{name}" in given]

        def forward(values: Sequence[Tensor]) -> List[Tensor]:
            outputs = self.call_forward(problem, dict(zip(leaves, values)))
            return [outputs[name] for name in judged]

        gradients = self.framework.pullback(forward, [given[leaf] for leaf in leaves], [given[f"d{name}"] for name in judged])
        return lambda: dict(zip(names, gradients()))

    def own_backward(self, problem: Problem, leaves: Sequence[str]) -> Callable[[], Dict[str, Tensor]]:
        parameters = inspect.signature(self.kernel.backward).parameters
        any_name = any(p.kind == p.VAR_KEYWORD for p in parameters.values())
        operator = self.operator(problem)
        given = ["q", "k", "v", *operator.cotangents]
        # its own names are the suite's; those of other operators' inputs may be told by names=
        others = {self.takes.keyword(name): t for name, t in problem.tensors.items() if name in operator.inputs and operator.name != PLAIN}
        found = {**self.arguments(problem), **others, **{name: problem.tensors[name] for name in given if name in problem.tensors}}
        if any(name in parameters for name in operator.outputs):
            # a block of a larger attention brings the global ones
            results = problem.tensors if "o" in problem.tensors else self.forward(problem)()
            found.update({name: results[name] for name in operator.outputs if name in results})
        arguments = {name: value for name, value in found.items() if name in parameters or any_name}
        every = [f"d{g}" for g in self.kernel.gradients_of(operator)]

        def run() -> Dict[str, Tensor]:
            result = self.kernel.backward(**arguments)
            if isinstance(result, Mapping):
                return self.named(result, [f"d{leaf}" for leaf in leaves], "gradients")
            gradients = self.named(result, every, "gradients")
            return {f"d{leaf}": gradients[f"d{leaf}"] for leaf in leaves}

        return run
