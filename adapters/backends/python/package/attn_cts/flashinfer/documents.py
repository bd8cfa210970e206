"""Reader of FlashInfer's documents: Definitions, Solutions, Workloads and Traces, of flashinfer-bench and of the dumps of flashinfer.

The order of keys is kept: that of `inputs` and `outputs` is the order of a call. What a document says is held to its schema by `schema.py`; here only what cannot be
read is refused.
"""

from __future__ import annotations

import ast
import json
import os
from dataclasses import dataclass, field
from typing import Any, Dict, Iterator, List, Mapping, Optional, Tuple

BENCH = "bench"
"""Dialect of flashinfer-bench and of its data set: `reference` has a function `run`, which is called by position."""
DUMP = "dump"
"""Dialect that flashinfer writes of its own calls: `reference` has one function of any name, which is called by keyword, and inputs may be optional."""


class DocumentError(ValueError):
    """A file that cannot be read as a document; the message begins with its path."""


@dataclass(frozen=True)
class Axis:
    kind: str
    """const, var or, in other suites' files, expr."""
    value: Optional[int] = None
    """Size, of a const axis."""


@dataclass(frozen=True)
class TensorSpec:
    """An input or output."""

    shape: Optional[Tuple[str, ...]]
    """Names of axes; None: a scalar."""
    dtype: str
    optional: bool = False


@dataclass(frozen=True)
class Definition:
    path: str
    name: str
    op_type: str
    dialect: str
    axes: Mapping[str, Axis]
    inputs: Mapping[str, TensorSpec]
    outputs: Mapping[str, TensorSpec]
    reference: str
    constraints: Tuple[str, ...]
    document: Mapping[str, Any] = field(repr=False)
    """As it was read."""

    def size(self, axis: str) -> Optional[int]:
        """Size of a const axis; None: the axis is variable, or there is none of the name."""
        found = self.axes.get(axis)
        return found.value if found is not None and found.kind == "const" else None


def read_json(path: str) -> Any:
    """The JSON of a file. Raises DocumentError: not there, a Git-LFS pointer, not UTF-8, not JSON, or an object with one key twice."""
    return parse(read_text(path), path)


def read_text(path: str) -> str:
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise DocumentError(f"{path}: {error.strerror or error}") from None
    require_no_pointer(data, path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(f"{path}: not UTF-8: {error.reason} at byte {error.start}") from None


def require_no_pointer(data: bytes, path: str) -> None:
    """Raises DocumentError for a Git-LFS pointer, which stands where a file was not fetched."""
    if data.startswith(b"version https://git-lfs.github.com/spec/"):
        raise DocumentError(f"{path}: is a Git-LFS pointer, not the file: run `git lfs pull --include {os.path.basename(path)}` in its repository")


def parse(text: str, path: str) -> Any:
    """JSON whose objects keep the order of their keys. Raises DocumentError."""

    def unique(pairs: List[Tuple[str, Any]]) -> Dict[str, Any]:
        result: Dict[str, Any] = {}
        for key, value in pairs:
            if key in result:
                raise DocumentError(f"{path}: the key {json.dumps(key)} appears twice in one object")
            result[key] = value
        return result

    try:
        return json.loads(text, object_pairs_hook=unique)
    except RecursionError:
        raise DocumentError(f"{path}: nested too deeply") from None
    except DocumentError:
        raise
    except ValueError as error:
        raise DocumentError(f"{path}: not JSON: {error}") from None


def read_lines(path: str) -> List[Tuple[str, Any]]:
    """Documents of a JSON-lines file, each with its place."""
    lines = read_text(path).split("\n")
    return [(f"{path}:{number}", parse(line, f"{path}:{number}")) for number, line in enumerate(lines, 1) if line.strip()]


def definition_of(document: Any, path: str) -> Definition:
    """The Definition of a document; what has another type than the schema says is left out here. Raises DocumentError for a document that is none."""
    if not isinstance(document, dict):
        raise DocumentError(f"{path}: found {type(document).__name__}, must be a Definition: an object with name, axes, inputs and outputs")
    missing = [key for key in ("axes", "inputs", "outputs") if not isinstance(document.get(key), dict)]
    if missing:
        raise DocumentError(f"{path}: not a Definition: {', '.join(missing)} must be an object")
    constraints = document.get("constraints")
    return Definition(
        path,
        _text(document.get("name")) or os.path.splitext(os.path.basename(path))[0],
        _text(document.get("op_type")) or _text(document.get("type")),
        _dialect(document),
        {name: _axis(value) for name, value in document["axes"].items()},
        {name: _tensor(value) for name, value in document["inputs"].items()},
        {name: _tensor(value) for name, value in document["outputs"].items()},
        _text(document.get("reference")),
        tuple(c for c in constraints if isinstance(c, str)) if isinstance(constraints, list) else (),
        document,
    )


def read_definition(path: str) -> Definition:
    return definition_of(read_json(path), path)


def looks_like_definition(document: Any) -> bool:
    return isinstance(document, dict) and isinstance(document.get("axes"), dict) and "inputs" in document and "outputs" in document


def json_files(root: str) -> Iterator[str]:
    """The files *.json below a folder, in the order of their names; the file itself where it is one."""
    if not os.path.isdir(root):
        yield root
        return
    for folder, folders, files in os.walk(root):
        folders.sort()
        for name in sorted(files):
            if name.endswith(".json"):
                yield os.path.join(folder, name)


def functions_of(source: str) -> Optional[Dict[str, ast.FunctionDef]]:
    """Top-level functions of Python source, in their order; None where it does not parse."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return {node.name: node for node in body if isinstance(node, ast.FunctionDef)}


def entry_of(functions: Mapping[str, ast.FunctionDef]) -> Optional[ast.FunctionDef]:
    """The function that a reference is called by: `run`, else the last one named `…_reference`, else the only one."""
    if "run" in functions:
        return functions["run"]
    named = [f for name, f in functions.items() if name.endswith("_reference")]
    if named:
        return named[-1]
    return next(iter(functions.values())) if len(functions) == 1 else None


def _dialect(document: Mapping[str, Any]) -> str:
    if "init" in document or "check" in document:
        return DUMP
    functions = functions_of(_text(document.get("reference"))) or {}
    if "run" in functions:
        return BENCH
    tags = document.get("tags")
    if isinstance(tags, list) and any(isinstance(tag, str) and tag.startswith("fi_api:") for tag in tags):
        return DUMP
    entries = [*document["inputs"].values(), *document["outputs"].values()]
    if any(isinstance(entry, dict) and ("optional" in entry or entry.get("dtype") == "unknown") for entry in entries):
        return DUMP
    return DUMP if any(name.endswith("_reference") for name in functions) else BENCH


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _axis(value: Any) -> Axis:
    if not isinstance(value, dict):
        return Axis("unknown")
    size = value.get("value")
    return Axis(_text(value.get("type")) or "unknown", size if isinstance(size, int) and not isinstance(size, bool) else None)


def _tensor(value: Any) -> TensorSpec:
    if not isinstance(value, dict):
        return TensorSpec(None, "")
    shape = value.get("shape")
    return TensorSpec(
        tuple(str(axis) for axis in shape) if isinstance(shape, list) else None,
        _text(value.get("dtype")),
        value.get("optional") is True,
    )
