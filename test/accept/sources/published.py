"""Code of others, loaded for the glue of a source: functions taken by name from its files, or whole modules.

The folder of each source is named by the environment variable ATTN_CTS_SOURCES, a JSON object from the source's name to its folder, which
`npm run accept -- sources` sets. Nothing of the code is changed. A function is compiled from its own lines, so that a file which imports
what a CPU does not have, such as compiled kernels, can be read for its reference functions.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import sys
import types
from typing import Any, Callable, Optional

from attn_cts import Unavailable, kernel

_MOST = {"b": 2, "hk": 2, "g": 2, "m": 24, "n": 24, "d": 12, "e": 12}
"""Largest sizes of a case. A definition is the same at any size, and small cases take moments; glue of code that computes in chunks claims more."""
_KEPT_DECORATORS = {"staticmethod", "classmethod", "property", "dataclass", "lru_cache", "cache"}


class Source:
    """A source of published code."""

    def __init__(self, name: str):
        """Raises Unavailable if the source is not on this machine, with what `npm run accept -- sources` says of it."""
        folder = json.loads(os.environ.get("ATTN_CTS_SOURCES", "{}")).get(name)
        if folder is None:
            raise Unavailable(f"the code of {name} is not here", "npm run accept -- sources fetches what registries have; --sources DIR names a folder of checkouts")
        self.name = name
        self.folder = folder

    def kernel(self, operator: str, **claims: Any) -> Callable:
        """As `attn_cts.kernel`, for a function that calls the code: a kernel of PyTorch with the id SOURCE-FUNCTION, of one operator."""

        def decorate(function: Callable) -> Callable:
            id = f"{self.name}-{function.__name__}".replace("_", "-")
            sizes = {axis: _limited(most, claims.get(axis)) for axis, most in _MOST.items()}
            return kernel(**{"id": id, "operators": [operator], "framework": "torch", **claims, **sizes})(function)

        return decorate

    def path(self, file: str) -> str:
        """The path of a file of the source. Raises Unavailable if the source has no such file."""
        path = os.path.join(self.folder, file)
        if not os.path.exists(path):
            raise Unavailable(f"{self.name} has no {file}", "name the version that source.json pins")
        return path

    def text(self, file: str) -> str:
        with open(self.path(file), encoding="utf-8") as opened:
            return opened.read()

    def on_path(self, folder: str = "") -> "Source":
        """Lets `import` find the packages in a folder of the source."""
        path = os.path.join(self.folder, folder)
        if path not in sys.path:
            sys.path.insert(0, path)
        return self

    def bare(self, *packages: str) -> None:
        """Lets `import` find the modules of packages of the source without running the packages' own __init__ files, which may import all there is."""
        for name in packages:
            package = sys.modules[name] = types.ModuleType(name)
            package.__path__ = [self.path(name.replace(".", "/"))]

    def module(self, file: str) -> types.ModuleType:
        """A file as a module of its own, without the package around it."""
        path = self.path(file)
        spec = importlib.util.spec_from_file_location(_module_name(path), path)
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        return module

    def take(self, file: str, *names: str, **given: Any) -> types.SimpleNamespace:
        """Functions, classes and constants of a file by name, without the rest of the file.

        Those of the file's own imports that they use are made where they can be; decorators other than those of the language are left out, as kernels'
        are; `given` has what the code refers to beyond that. Raises Unavailable if the file has no such name.
        """
        path = self.path(file)
        tree = ast.parse(self.text(file), filename=path)
        module = types.ModuleType(_module_name(path))
        sys.modules[module.__name__] = module  # dataclasses look their module up
        space = vars(module)
        wanted = [node for node in tree.body if _name_of(node) in names]
        missing = set(names) - {_name_of(node) for node in wanted}
        if missing:
            raise Unavailable(f"{file} of {self.name} has no {', '.join(sorted(missing))}", "name the version that source.json pins")
        for node in wanted:
            _without_decorators(node)
        space.update(_imports(tree, _names_in(wanted) - set(given)), **given)
        tree.body = [ast.ImportFrom("__future__", [ast.alias("annotations")], 0), *wanted]
        ast.fix_missing_locations(tree)
        exec(compile(tree, path, "exec"), space)  # noqa: S102
        return types.SimpleNamespace(**{name: space[name] for name in names})


def _limited(most: int, claimed: Any) -> Any:
    """A claim of a size, with a largest one where it has none."""
    return {"max": most, **claimed} if isinstance(claimed, dict) else {"max": most} if claimed is None else claimed


def _module_name(path: str) -> str:
    return f"published_{abs(hash(path))}"


def _name_of(node: ast.stmt) -> Optional[str]:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return node.name
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id
    return None


def _names_in(nodes: list) -> set:
    return {inner.id for node in nodes for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def _imports(tree: ast.Module, used: set) -> dict:
    """What the absolute imports of a file bind of the names that are used, but for those that fail."""
    space: dict = {}
    for node in tree.body:
        if not isinstance(node, (ast.Import, ast.ImportFrom)) or getattr(node, "level", 0) > 0:
            continue
        bound = {(name.asname or name.name).split(".")[0] for name in node.names}
        if bound.isdisjoint(used | {"*"}):
            continue
        try:
            exec(compile(ast.Module([node], []), "imports", "exec"), space)  # noqa: S102
        except Exception:  # an import runs code of others
            continue
    return space


def _without_decorators(node: ast.AST) -> None:
    for inner in ast.walk(node):
        if isinstance(inner, (ast.FunctionDef, ast.ClassDef)):
            inner.decorator_list = [one for one in inner.decorator_list if _decorator_name(one) in _KEPT_DECORATORS]


def _decorator_name(node: ast.expr) -> Optional[str]:
    node = node.func if isinstance(node, ast.Call) else node
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", None)
