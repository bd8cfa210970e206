"""A process that looks to a kernel as it does without the suite."""

from __future__ import annotations

import os
import sys
import types
from importlib.machinery import ModuleSpec
from typing import Any, Optional

from .base import _own_files, _Process

_own_files.add(__file__)

_NAME = "attn_cts"
_VARIABLES = ("ATTN_CTS", "ATTN_CTS_NODE", "ATTN_CTS_PYTHON")


class _Running:
    """Finder by which a kernel's `import attn_cts` is the module that runs, which is not among the modules before."""

    def __init__(self, module: types.ModuleType):
        self.module = module

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Optional[ModuleSpec]:
        return ModuleSpec(name, self) if name == _NAME else None  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        return self.module

    def exec_module(self, module: types.ModuleType) -> None:
        """It runs already."""


def _hide() -> None:
    """Takes command line, variables and modules of the suite from where a kernel finds them. Only for a process of the suite's own."""
    _Process.arguments = list(sys.argv)
    sys.argv[:] = [""]
    if hasattr(sys, "orig_argv"):
        sys.orig_argv[:] = [sys.executable]
    for name in _VARIABLES:
        os.environ.pop(name, None)
    module = sys.modules[__name__.partition(".")[0]]
    if module.__name__ == "__main__":
        sys.modules["__main__"] = types.ModuleType("__main__")
        sys.meta_path.insert(0, _Running(module))  # type: ignore[arg-type]
