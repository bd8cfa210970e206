"""Solutions: what claims to compute a Definition, loaded as its own tools load it."""

from __future__ import annotations

import contextlib
import inspect
import os
import re
import sys
import tempfile
from dataclasses import dataclass
from typing import Any, Callable, Dict, Iterator, List, Mapping

from ..harness import Unavailable
from ..harness.own_code import _owns_folder_of
from .documents import BENCH, DUMP, Definition, DocumentError, read_json
from .schema import PYTHON_LANGUAGES, solution_problems
from .sources import left_out, load_file, outputs_of

DTYPES = {"float4_e2m1": "uint8"}
"""Names that PyTorch has another for."""


class WrongShape(ValueError):
    """An output has another shape than the Definition says."""


class WrongType(ValueError):
    """An output has another dtype than the Definition says."""


class NotBuilt(ValueError):
    """The sources do not load: what a compiler would have said."""


def status_of(error: BaseException) -> str:
    """The status that Traces have for an exception of a Solution."""
    if isinstance(error, WrongShape):
        return "INCORRECT_SHAPE"
    if isinstance(error, WrongType):
        return "INCORRECT_DTYPE"
    return "COMPILE_ERROR" if isinstance(error, NotBuilt) else "RUNTIME_ERROR"


@dataclass(frozen=True)
class Solution:
    path: str
    name: str
    definition: str
    author: str
    language: str
    entry_file: str
    entry: str
    passes_destinations: bool
    sources: Mapping[str, str]
    document: Mapping[str, Any]


def read_solution(path: str, dialect: str = BENCH) -> Solution:
    """Raises DocumentError with everything that the schema refuses."""
    return solution_of(read_json(path), path, dialect)


def solution_of(document: Any, path: str, dialect: str = BENCH) -> Solution:
    """`dialect` is that of the Definition: it says whether outputs are passed where the Solution does not."""
    problems = solution_problems(document, dialect)
    if problems:
        raise DocumentError(f"{path}: not a Solution: {'; '.join(problems)}")
    spec = document["spec"]
    file, entry = spec["entry_point"].split("::")
    sources = {source["path"]: source["content"] for source in document["sources"]}
    passing = spec.get("destination_passing_style", dialect == BENCH)
    return Solution(path, document["name"], document["definition"], document["author"], spec["language"], file, entry, passing, sources, document)


@contextlib.contextmanager
def loaded(solution: Solution, d: Definition) -> Iterator[Callable[[Dict[str, Any]], Mapping[str, Any]]]:
    """The Solution as a function of the Definition's inputs by name, until the block ends. Raises NotBuilt, and Unavailable where its language needs what is not installed."""
    if solution.language not in PYTHON_LANGUAGES:
        yield _checked(d, _built(solution, d))
        return
    with tempfile.TemporaryDirectory(prefix="attn-cts-") as folder:
        for path, content in solution.sources.items():
            full = os.path.join(folder, *path.split("/"))
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "w", encoding="utf-8") as file:
                file.write(content)
        # sources import each other by the names of their files
        before = set(sys.modules)
        sys.path.insert(0, folder)
        try:
            function = _entry(solution, os.path.join(folder, *solution.entry_file.split("/")))
            # what its sources do is the kernel's own doing
            _owns_folder_of(os.path.join(folder, "entry"))
            yield _checked(d, _called(solution, d, function))
        finally:
            sys.path.remove(folder)
            for name in set(sys.modules) - before:
                origin = getattr(sys.modules[name], "__file__", None)
                if origin and origin.startswith(folder):
                    del sys.modules[name]


def _entry(solution: Solution, path: str) -> Callable:
    try:
        module = load_file(path)
    except ModuleNotFoundError as error:
        raise Unavailable(f"{solution.name} imports {error.name}, which is not installed", f"{sys.executable} -m pip install {error.name}") from None
    except Exception as error:
        raise NotBuilt(f"{solution.entry_file} does not load: {type(error).__name__}: {error}") from error
    function = getattr(module, solution.entry, None)
    if not callable(function):
        raise NotBuilt(f"{solution.entry_file} has no function {solution.entry}")
    return function


def _called(solution: Solution, d: Definition, function: Callable) -> Callable[[Dict[str, Any]], Mapping[str, Any]]:
    """By position in the dialect of flashinfer-bench, by keyword in the other; with outputs to write into where the Solution asks for them."""

    def call(values: Dict[str, Any]) -> Mapping[str, Any]:
        buffers = poisoned(d, values) if solution.passes_destinations else {}
        if d.dialect == DUMP:
            given = {**values, **buffers}
            parameters = inspect.signature(function).parameters
            if not any(p.kind == p.VAR_KEYWORD for p in parameters.values()):
                # an optional input that the function does not ask for
                given = {name: v for name, v in given.items() if name in parameters or not (name in d.inputs and d.inputs[name].optional)}
            result = function(**given, **left_out(d, parameters, given))
        else:
            result = function(*(values.get(name) for name in d.inputs), *buffers.values())
        return {**_written(d, values), **buffers} if solution.passes_destinations else outputs_of(d, result, values)

    return call


def _written(d: Definition, values: Mapping[str, Any]) -> Dict[str, Any]:
    """Outputs that are inputs, which a call writes into."""
    return {name: values[name] for name in d.outputs if name in values}


def poisoned(d: Definition, values: Mapping[str, Any]) -> Dict[str, Any]:
    """Outputs to be written into, but for those that are inputs: NaN, or the least number of an integer type, so that what is not written is seen."""
    import torch

    device = next((v.device for v in values.values() if isinstance(v, torch.Tensor)), "cpu")
    buffers: Dict[str, Any] = {}
    for name, shape in output_shapes(d, values).items():
        if name in values:
            continue
        dtype = torch_type(d.outputs[name].dtype)
        empty = float("nan") if dtype.is_floating_point else False if dtype == torch.bool else torch.iinfo(dtype).min
        buffers[name] = torch.full(shape, empty, dtype=dtype, device=device)
    return buffers


_DIFFERENCE = re.compile(r"(\w+) == (\w+) \+ (\d+)")
"""A constraint that gives a size to an axis that no input has, where a state is left out: len_cu_seqlens == num_seqs + 1."""


def output_shapes(d: Definition, values: Mapping[str, Any]) -> Dict[str, List[int]]:
    """Shapes of the outputs, by the sizes that the inputs, and the constraints, give to the axes."""
    sizes = {name: axis.value for name, axis in d.axes.items() if axis.kind == "const"}
    for name, spec in d.inputs.items():
        value = values.get(name)
        if spec.shape is not None and hasattr(value, "shape"):
            sizes.update(zip(spec.shape, value.shape))
    for constraint in d.constraints:
        told = _DIFFERENCE.fullmatch(constraint.strip())
        if told and sizes.get(told[2]) is None and sizes.get(told[1]) is not None:
            sizes[told[2]] = sizes[told[1]] - int(told[3])
    unbound = [axis for spec in d.outputs.values() for axis in spec.shape or () if sizes.get(axis) is None]
    if unbound:
        raise DocumentError(f"{d.path}: {d.name}: the axis {unbound[0]} of an output has no size")
    return {name: [int(sizes[axis] or 0) for axis in spec.shape or ()] for name, spec in d.outputs.items()}


def torch_type(name: str) -> Any:
    import torch

    return getattr(torch, DTYPES.get(name, name))


def _checked(d: Definition, call: Callable[[Dict[str, Any]], Mapping[str, Any]]) -> Callable[[Dict[str, Any]], Mapping[str, Any]]:
    """The same, held to the shapes and dtypes of the Definition."""

    def checked(values: Dict[str, Any]) -> Mapping[str, Any]:
        results = call(values)
        for name, shape in output_shapes(d, values).items():
            value = results.get(name)
            if value is None:
                continue
            if list(getattr(value, "shape", [])) != shape:
                raise WrongShape(f"{name} is {list(getattr(value, 'shape', []))}, must be {shape}")
            if d.outputs[name].dtype != "unknown" and value.dtype != torch_type(d.outputs[name].dtype):
                raise WrongType(f"{name} is {value.dtype}, must be {d.outputs[name].dtype}")
        return results

    return checked


def _built(solution: Solution, d: Definition) -> Callable[[Dict[str, Any]], Mapping[str, Any]]:
    """A Solution that needs a compiler, as the user's own flashinfer-bench builds it."""
    try:
        from flashinfer_bench.compile import BuilderRegistry
        from flashinfer_bench.data import Definition as TheirDefinition
        from flashinfer_bench.data import Solution as TheirSolution
    except ImportError as error:
        raise Unavailable(
            f"{solution.name} is {solution.language}, which flashinfer-bench builds: {error}", f"{sys.executable} -m pip install flashinfer-bench"
        ) from None
    try:
        runnable = BuilderRegistry.get_instance().build(TheirDefinition.model_validate(dict(d.document)), TheirSolution.model_validate(dict(solution.document)))
    except Exception as error:
        raise NotBuilt(f"flashinfer-bench does not build {solution.name}: {type(error).__name__}: {error}") from error

    def call(values: Dict[str, Any]) -> Mapping[str, Any]:
        given = [values.get(name) for name in d.inputs]
        if not solution.passes_destinations:
            return outputs_of(d, runnable(*given), values)
        buffers = poisoned(d, values)
        runnable(*given, *buffers.values())
        return {**_written(d, values), **buffers}

    return call
