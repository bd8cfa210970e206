"""Seal: what the harness relies on, as it was before a kernel was loaded."""

from __future__ import annotations

import builtins
import importlib
import os
import re
import sys
import time
import types
from typing import Any, Iterable, Iterator, List, Mapping, Optional, Set, Tuple

from .base import _own_files
from .watched import CLOCKS, OF_NUMPY, OF_TORCH, Tree, together

_own_files.add(__file__)

_HOME = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "") if __name__.startswith("attn_cts.") else os.path.abspath(__file__)
"""Folder of the suite's package; of the one file, the file itself."""


def _not_ours() -> List[str]:
    """Files that pass for the suite's and are not."""
    return [file for file in _own_files if not os.path.abspath(file).startswith(_HOME)]


_NAMED_OF_TORCH: Tree = {
    "": ("Tensor", "as_strided", "autograd", "cuda", "device", "from_numpy", "testing", "zeros", "zeros_like"),
    "Tensor": ("as_strided", "contiguous", "copy_", "cpu", "detach", "device", "dtype", "numpy", "requires_grad_", "to", "view", "__torch_function__"),
    "autograd": ("grad",),
    "cuda": ("Event", "current_stream", "is_available", "max_memory_allocated", "mem_get_info"),
}
"""What the harness names of PyTorch; of Python and NumPy it is read from its code."""

Place = Tuple[Mapping[str, Any], Any, str, Any]
"""Names of an owner as they are now, the owner (None: those are the modules), a name, and what it was."""


class Seal:
    """Functions and classes that the harness calls: its own, and those that it names of Python, NumPy and PyTorch."""

    def __init__(self) -> None:
        self.places: List[Place] = []
        self.codes: List[Tuple[types.FunctionType, types.CodeType]] = []
        self.has_torch = False
        home = __name__.rpartition(".")[0]
        own = [module for name, module in list(sys.modules.items()) if name == __name__ or (home and name.startswith(f"{home}."))]
        named: Set[str] = set()
        for module in own:
            self.add_own(module)
        for _, code in self.codes:
            named.update(_names_in(code))
        modules = {value for module in own for value in vars(module).values() if isinstance(value, types.ModuleType) and value not in own}
        for module in (builtins, *sorted(modules, key=lambda module: module.__name__)):
            self.add(module, [name for name in named if callable(vars(module).get(name))])
            if sys.modules.get(module.__name__) is module:
                self.places.append((sys.modules, None, module.__name__, module))
        self.add(time, CLOCKS)
        self.add_tree("numpy", OF_NUMPY)

    def add_own(self, module: types.ModuleType) -> None:
        """Adds the functions and classes of a module of the harness, and the methods of the classes that it defines."""
        for name, value in list(vars(module).items()):
            if isinstance(value, (types.FunctionType, type)):
                self.add(module, [name])
            if isinstance(value, types.FunctionType):
                self.codes.append((value, value.__code__))
            elif isinstance(value, type) and value.__module__ == module.__name__:
                for key, inner in list(vars(value).items()):
                    function = getattr(inner, "__func__", getattr(inner, "fget", inner))
                    if isinstance(function, types.FunctionType):
                        self.add(value, [key])
                        self.codes.append((function, function.__code__))

    def add(self, owner: Any, names: Iterable[str]) -> None:
        names_now = vars(owner)
        self.places += [(names_now, owner, name, names_now[name]) for name in names if name in names_now]

    def add_tree(self, library: str, tree: Tree) -> None:
        """Adds names of a library's parts."""
        for path, names in tree.items():
            part: Any = sys.modules[library]
            for step in filter(None, path.split(".")):
                part = getattr(part, step, None)
            if part is not None:
                self.add(part, names)

    def add_torch(self) -> None:
        """Adds PyTorch, once it has been imported."""
        if not self.has_torch and "torch" in sys.modules:
            self.has_torch = True
            self.add_tree("torch", together(_NAMED_OF_TORCH, OF_TORCH))

    def broken(self) -> Optional[str]:
        """What was replaced, as a sentence; None where nothing was."""
        for now, owner, name, value in self.places:
            if now.get(name) is not value:
                return f"{_title(owner)}{name} was replaced, but the suite relies on it to judge or measure: leave it alone"
        added = _not_ours()
        if added:
            return f"{added[0]} was added to the files of the suite, which are not watched: leave them alone"
        for function, code in self.codes:
            if function.__code__ is not code:
                return f"the code of {function.__name__}, a function of the suite, was replaced: leave it alone"
        return None

    def restore(self) -> None:
        """Puts everything back."""
        for now, owner, name, value in self.places:
            if now.get(name) is not value:
                if owner is None:
                    sys.modules[name] = value
                else:
                    setattr(owner, name, value)
        for function, code in self.codes:
            function.__code__ = code
        _own_files.difference_update(_not_ours())


def _names_in(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names_in(constant)


def _title(owner: Any) -> str:
    if owner is None:
        return "the module "
    name = getattr(owner, "__qualname__", None) or owner.__name__
    return "" if name == "builtins" else f"{'attn_cts' if name == '__main__' else name}."


def _import_torch_of(text: str) -> None:
    """Imports PyTorch before the file that imports it, so that what it replaces is seen."""
    if re.search(r"^[ \t]*(?:import|from)[ \t]+torch\b", text, re.MULTILINE):
        try:
            importlib.import_module("torch")
        except ImportError:
            # the file says what it needs
            pass
