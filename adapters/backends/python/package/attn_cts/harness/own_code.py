"""Code of the kernel: which frames are its own, and not a library's or the harness's."""

from __future__ import annotations

import inspect
import os
import sysconfig
from typing import Any, Callable, List

from .base import _own_files

_own_files.add(__file__)

_LIBRARIES = ("site-packages", "dist-packages")
_STANDARD = tuple(os.path.join(path, "") for key, path in sysconfig.get_paths().items() if key in ("stdlib", "platstdlib"))
_FRAMEWORKS = ("numpy", "torch", "triton", "jax", "jaxlib", "cupy")
"""Libraries that may be a checkout beside the kernel."""

_homes: List[str] = []
"""Folders in which the code of kernels lies."""


def _owns_folder_of(path: str) -> None:
    """Code beside this file is the kernel's."""
    home = os.path.join(os.path.dirname(os.path.abspath(path)), "")
    if home not in _homes:
        _homes.append(home)


def _owns_folder_of_function(function: Callable) -> None:
    """Code beside the file of a function is the kernel's, unless the function is the harness's own."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    if code is not None and not code.co_filename.startswith("<") and code.co_filename not in _own_files:
        _owns_folder_of(code.co_filename)


def _is_kernels(frame: Any) -> bool:
    """True if a frame runs code of the kernel: of a file beside its own, or of a text that was compiled while it ran."""
    file = frame.f_code.co_filename
    if file in _own_files:
        return False
    if file.startswith("<"):
        return not file.startswith("<frozen") and str(frame.f_globals.get("__name__", "builtins")) in ("builtins", "__main__")
    if str(frame.f_globals.get("__name__")).partition(".")[0] in _FRAMEWORKS:
        return False
    path = os.path.abspath(file)
    if path.startswith(_STANDARD) or any(f"{os.sep}{name}{os.sep}" in path for name in _LIBRARIES):
        return any(path.startswith(home) for home in _homes if any(f"{os.sep}{name}{os.sep}" in home for name in _LIBRARIES))
    return path.startswith(tuple(_homes))
