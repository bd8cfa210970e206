"""Schemas of both dialects, as functions that return what is wrong: no library of schemas is needed where a kernel is written."""

from __future__ import annotations

import ast
import math
import re
from typing import Any, List, Mapping, Optional

from .documents import BENCH, entry_of, functions_of

DTYPES = ("float32", "float16", "bfloat16", "float8_e4m3fn", "float8_e5m2", "float4_e2m1", "int64", "int32", "int16", "int8", "bool")
DUMP_DTYPES = (*DTYPES, "float64", "uint8", "uint16", "uint32", "uint64", "unknown", "string", "dtype")
LANGUAGES = ("python", "triton", "cpp", "cuda", "tilelang")
DUMP_LANGUAGES = (*LANGUAGES, "cutedsl", "cutile", "cutlass")
PYTHON_LANGUAGES = ("python", "triton", "tilelang", "cutedsl", "cutile")
STATUSES = ("PASSED", "INCORRECT_SHAPE", "INCORRECT_NUMERICAL", "INCORRECT_DTYPE", "RUNTIME_ERROR", "COMPILE_ERROR", "TIMEOUT")


def definition_problems(d: Mapping[str, Any], dialect: str) -> List[str]:
    """Faults of a Definition by the schema of a dialect, each as a sentence that begins with its place."""
    problems: List[str] = []
    for key in ("name", "op_type"):
        if not isinstance(d.get(key), str) or not d[key]:
            problems.append(f"{key}: found {d.get(key)!r}, must be a string that is not empty")
    axes = d.get("axes")
    for name, axis in axes.items() if isinstance(axes, dict) else ():
        problems += _axis_problems(name, axis)
    for side in ("inputs", "outputs"):
        tensors = d.get(side)
        for name, tensor in tensors.items() if isinstance(tensors, dict) else ():
            problems += [f"{side}.{name}: {problem}" for problem in _tensor_problems(tensor, axes if isinstance(axes, dict) else {}, dialect)]
    if dialect == BENCH:
        both = [name for name in d.get("inputs") or {} if name in (d.get("outputs") or {})]
        if both:
            problems.append(f"outputs: {', '.join(both)} is also the name of an input")
        if not isinstance(d.get("reference"), str) or not d["reference"]:
            problems.append("reference: missing, must be Python source with a function run")
    reference = d.get("reference")
    if isinstance(reference, str) and reference:
        functions = functions_of(reference)
        if functions is None:
            problems.append(f"reference: is not valid Python: {_syntax_error(reference)}")
        elif dialect == BENCH and "run" not in functions:
            problems.append(f"reference: has no function run{', only ' + ', '.join(functions) if functions else ''}")
        elif entry_of(functions) is None:
            problems.append("reference: must have one function, or a function whose name ends in _reference")
    elif reference is not None and not isinstance(reference, str):
        problems.append(f"reference: found {type(reference).__name__}, must be a string")
    return problems + _rest_problems(d)


def _rest_problems(d: Mapping[str, Any]) -> List[str]:
    problems: List[str] = []
    for key in ("tags", "constraints"):
        value = d.get(key)
        if value is not None and not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
            problems.append(f"{key}: must be a list of strings")
    for constraint in d["constraints"] if isinstance(d.get("constraints"), list) else ():
        try:
            ast.parse(str(constraint), mode="eval")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            problems.append(f"constraints: {constraint!r} is not a Python expression")
    if d.get("description") is not None and not isinstance(d["description"], str):
        problems.append("description: must be a string")
    return problems


def _axis_problems(name: str, axis: Any) -> List[str]:
    if not isinstance(axis, dict) or axis.get("type") not in ("const", "var"):
        return [f'axes.{name}: must be {{"type": "const", "value": …}} or {{"type": "var"}}']
    value = axis.get("value")
    if axis["type"] == "const" and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
        return [f"axes.{name}: found {value!r}, must be an integer of at least 0"]
    return []


def _tensor_problems(tensor: Any, axes: Mapping[str, Any], dialect: str) -> List[str]:
    if not isinstance(tensor, dict):
        return [f"found {type(tensor).__name__}, must be an object with shape and dtype"]
    problems: List[str] = []
    shape = tensor.get("shape", "missing")
    if shape is not None and not (isinstance(shape, list) and all(isinstance(axis, str) for axis in shape)):
        problems.append("shape: must be a list of axes, or null for a scalar")
    elif shape is not None:
        problems += [f"shape: no axis is called {axis}" for axis in shape if axis not in axes]
    allowed = DTYPES if dialect == BENCH else DUMP_DTYPES
    if tensor.get("dtype") not in allowed:
        problems.append(f"dtype: found {tensor.get('dtype')!r}, must be one of {', '.join(allowed)}")
    return problems


def solution_problems(s: Any, dialect: str = BENCH) -> List[str]:
    """Faults of a Solution by the schema of a dialect."""
    if not isinstance(s, dict):
        return [f"found {type(s).__name__}, must be a Solution: an object"]
    problems = [f"{key}: must be a string that is not empty" for key in ("name", "definition", "author") if not isinstance(s.get(key), str) or not s[key]]
    sources = s.get("sources")
    paths: List[str] = []
    if not isinstance(sources, list) or not sources:
        problems.append("sources: must be a list of at least one {path, content}")
    for source in sources if isinstance(sources, list) else ():
        path = source.get("path") if isinstance(source, dict) else None
        if not isinstance(path, str) or not path or not isinstance(source.get("content"), str):
            problems.append("sources: each must have a path and its content")
        elif re.match(r"^([/\\]|[A-Za-z]:)", path) or ".." in re.split(r"[/\\]", path):
            problems.append(f"sources: {path} leaves the folder of the Solution")
        elif path in paths:
            problems.append(f"sources: {path} stands twice")
        else:
            paths.append(path)
    return problems + _spec_problems(s.get("spec"), paths, dialect)


def _spec_problems(spec: Any, paths: List[str], dialect: str) -> List[str]:
    if not isinstance(spec, dict):
        return ["spec: must be an object"]
    problems: List[str] = []
    languages = LANGUAGES if dialect == BENCH else DUMP_LANGUAGES
    if spec.get("language") not in languages:
        problems.append(f"spec.language: found {spec.get('language')!r}, must be one of {', '.join(languages)}")
    hardware = spec.get("target_hardware")
    if not isinstance(hardware, list) or not hardware or not all(isinstance(h, str) for h in hardware):
        problems.append("spec.target_hardware: must be a list of at least one string")
    entry = spec.get("entry_point")
    if not isinstance(entry, str) or entry.count("::") != 1 or not all(entry.split("::")):
        problems.append(f"spec.entry_point: found {entry!r}, must be file::function")
    elif entry.split("::")[0] not in paths:
        problems.append(f"spec.entry_point: {entry.split('::')[0]} is not among the sources: {', '.join(paths) or 'there are none'}")
    passing = spec.get("destination_passing_style", True)
    if not isinstance(passing, bool):
        problems.append(f"spec.destination_passing_style: found {passing!r}, must be true or false")
    if spec.get("binding") not in (None, "tvm-ffi", "torch"):
        problems.append(f"spec.binding: found {spec['binding']!r}, must be tvm-ffi, torch or null")
    return problems


def workload_problems(w: Any, definition: Optional[Any] = None) -> List[str]:
    """Faults of a workload by the schema; with its Definition, axes and inputs that this does not have too."""
    if not isinstance(w, dict):
        return [f"workload: found {type(w).__name__}, must be an object"]
    problems: List[str] = []
    if not isinstance(w.get("uuid"), str):
        problems.append("workload.uuid: must be a string")
    axes = w.get("axes")
    if not isinstance(axes, dict) or not all(isinstance(v, int) and not isinstance(v, bool) and v >= 0 for v in axes.values()):
        return [*problems, "workload.axes: must give each variable axis an integer of at least 0"]
    inputs = w.get("inputs", {})
    if not isinstance(inputs, dict):
        return [*problems, "workload.inputs: must be an object"]
    for name, given in inputs.items():
        kind = given.get("type") if isinstance(given, dict) else None
        if kind == "scalar":
            good = isinstance(given.get("value"), (int, float, bool))
        elif kind == "safetensors":
            good = isinstance(given.get("path"), str) and isinstance(given.get("tensor_key"), str)
        else:
            good = kind == "random"
        if not good:
            problems.append(f"workload.inputs.{name}: must be random, a scalar with its value, or safetensors with path and tensor_key")
    if definition is not None:
        problems += [f"workload.axes: {name} is missing" for name, axis in definition.axes.items() if axis.kind == "var" and name not in axes]
        problems += [f"workload.inputs.{name}: {definition.name} has no such input" for name in inputs if name not in definition.inputs]
    return problems


def trace_problems(t: Any) -> List[str]:
    """Faults of a Trace by the schema; that of flashinfer is the same."""
    if not isinstance(t, dict):
        return [f"found {type(t).__name__}, must be a Trace: an object"]
    problems = [] if isinstance(t.get("definition"), str) else ["definition: must be a string"]
    problems += workload_problems(t.get("workload"))
    evaluation = t.get("evaluation")
    if t.get("solution") is None and evaluation is None:
        return problems
    if not isinstance(t.get("solution"), str) or not isinstance(evaluation, dict):
        return [*problems, "solution and evaluation: both must be there, or both be null"]
    status = evaluation.get("status")
    if status not in STATUSES:
        problems.append(f"evaluation.status: found {status!r}, must be one of {', '.join(STATUSES)}")
    environment = evaluation.get("environment")
    if not isinstance(environment, dict) or not isinstance(environment.get("hardware"), str) or not environment["hardware"]:
        problems.append("evaluation.environment: must name the hardware")
    elif not _texts(environment.get("libs")):
        problems.append("evaluation.environment.libs: must be an object of strings")
    for key in ("timestamp", "log"):
        if not isinstance(evaluation.get(key, "" if key == "log" else None), str):
            problems.append(f"evaluation.{key}: must be a string")
    needed = {"correctness": status in ("PASSED", "INCORRECT_NUMERICAL"), "performance": status == "PASSED"}
    keys = {"correctness": ("max_relative_error", "max_absolute_error"), "performance": ("latency_ms", "reference_latency_ms", "speedup_factor")}
    for part, wanted in needed.items():
        value = evaluation.get(part)
        if (value is not None) != wanted:
            problems.append(f"evaluation.{part}: {'must be there' if wanted else 'must be null'} for {status}")
        elif wanted and not (isinstance(value, dict) and all(_measure(value.get(key), part == "correctness") for key in keys[part])):
            problems.append(f"evaluation.{part}: {', '.join(keys[part])} must be numbers of at least 0")
    extra = (evaluation.get("correctness") or {}).get("extra") if isinstance(evaluation.get("correctness"), dict) else None
    if extra is not None and not isinstance(extra, dict):
        problems.append("evaluation.correctness.extra: must be an object")
    return problems


def _measure(value: Any, special: bool) -> bool:
    """True if a value is a number of at least 0; NaN and infinity are strings, where they are allowed."""
    if isinstance(value, str):
        return special and value in ("NaN", "Infinity")
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value) and value >= 0


def _texts(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(v, str) for v in value.values())


def _syntax_error(source: str) -> str:
    try:
        ast.parse(source)
    except SyntaxError as error:
        return f"{error.msg}, line {error.lineno}"
    except (ValueError, RecursionError, MemoryError) as error:
        return str(error) or type(error).__name__
    return ""
