"""Python that documents bring along, loaded as a module of its own."""

from __future__ import annotations

import importlib.util
import inspect
import itertools
import os
import sys
import tempfile
from typing import Any, Callable, Dict, Mapping

from .documents import DUMP, Definition, entry_of, functions_of

_number = itertools.count()


def load_reference(d: Definition) -> Callable[[Dict[str, Any]], Mapping[str, Any]]:
    """The Definition's reference as a function of its inputs by name. Runs the source; raises what that raises."""
    entry = entry_of(functions_of(d.reference) or {})
    if entry is None:
        raise ValueError(f"{d.name} has no function that could be its reference")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "reference.py")
        with open(path, "w", encoding="utf-8") as file:
            file.write(d.reference)
        function = getattr(load_file(path), entry.name)
    parameters = inspect.signature(function).parameters
    any_name = any(p.kind == p.VAR_KEYWORD for p in parameters.values())

    def call(values: Dict[str, Any]) -> Mapping[str, Any]:
        if d.dialect == DUMP:
            # what only decides which outputs there are is given to those that ask for it
            given = {name: value for name, value in values.items() if any_name or name in parameters}
            return outputs_of(d, function(**given, **left_out(d, parameters, values)), values)
        return outputs_of(d, function(*(values.get(name) for name in d.inputs)), values)

    return call


def left_out(d: Definition, parameters: Mapping[str, inspect.Parameter], values: Mapping[str, Any]) -> Dict[str, None]:
    """None for each optional input that a call does not bring and whose argument has no default."""
    asked = {name for name, p in parameters.items() if p.default is p.empty}
    return {name: None for name, spec in d.inputs.items() if spec.optional and name in asked and name not in values}


def load_file(path: str) -> Any:
    """A file as a module with a name of its own."""
    name = f"attn_cts_loaded_{next(_number)}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python module")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def outputs_of(d: Definition, result: Any, inputs: Mapping[str, Any]) -> Dict[str, Any]:
    """The results of a function by the names of the Definition's outputs: in their order, or a dict, or nothing where each is an input that is written into.

    Raises ValueError for another number of them.
    """
    if result is None and all(name in inputs for name in d.outputs):
        return {name: inputs[name] for name in d.outputs}
    if isinstance(result, Mapping):
        missing = [name for name, spec in d.outputs.items() if name not in result and not spec.optional]
        if missing:
            raise ValueError(f"returned {', '.join(map(str, result))} without {', '.join(missing)}")
        return dict(result)
    values = list(result) if isinstance(result, (tuple, list)) else [result]
    least = sum(not spec.optional for spec in d.outputs.values())
    if not least <= len(values) <= len(d.outputs):
        raise ValueError(f"returned {len(values)} values, but {d.name} has the outputs {', '.join(d.outputs)}")
    return dict(zip(d.outputs, values))
