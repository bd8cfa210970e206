"""Guards: what a Python process can see of a kernel that games its judge."""

from __future__ import annotations

import inspect
import os
import sys
import threading
import time
import types
from typing import Any, Callable, Dict, Optional, Set, Tuple

import numpy as np

from .base import Misbehaviour, _own_files

_own_files.add(__file__)


_CLOCKS = {name: getattr(time, name) for name in ("perf_counter", "perf_counter_ns", "time", "time_ns", "monotonic", "monotonic_ns")}
_COMPARISONS = ("allclose", "array_equal", "isclose", "testing.assert_allclose", "testing.assert_array_equal")
_OF_TORCH = ("allclose", "equal", "isclose", "testing.assert_close", "cuda.synchronize", "cuda.Event.record", "cuda.Event.elapsed_time", "cuda.Event.synchronize")


_known: Dict[Tuple[str, str], Any] = {}
"""Functions that were seen to be the library's own, by library and name."""


def require_clocks() -> None:
    """Raises Misbehaviour where a clock, or a comparison of NumPy or PyTorch, is not the library's own."""
    for name, clock in _CLOCKS.items():
        if getattr(time, name) is not clock or not isinstance(clock, types.BuiltinFunctionType):
            raise Misbehaviour(f"time.{name} was replaced, by which times are measured: leave the clocks alone")
    for library, names in ((np, _COMPARISONS), (sys.modules.get("torch"), _OF_TORCH)):
        if library is None:
            continue
        for name in names:
            found = _attribute(library, name)
            if found is None or _known.get((library.__name__, name)) is found:
                continue
            if not _is_of(found, os.path.dirname(os.path.abspath(library.__file__))):
                raise Misbehaviour(f"{library.__name__}.{name} was replaced, by which outputs are compared or times are measured: leave it alone")
            _known[library.__name__, name] = found


def _attribute(library: Any, name: str) -> Optional[Any]:
    for part in name.split("."):
        library = getattr(library, part, None)
    return library


def _is_of(function: Any, home: str) -> bool:
    """True if the function is compiled, or its code lies in a library's folder."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    if code is None:
        return not isinstance(function, types.FunctionType)
    return os.path.abspath(code.co_filename).startswith(home + os.sep)


_ARRAYS = ("numpy", "torch", "jax", "jaxlib", "cupy")
"""Libraries whose arrays NumPy reads as they are."""


def require_plain(value: Any, tensor: type) -> None:
    """Raises Misbehaviour for an output whose type is derived from the framework's own: it may compute when it is read."""
    kind = type(value)
    # those that PyTorch itself derives, such as a Parameter, hold what they show
    if isinstance(value, tensor) and kind is not tensor and kind.__module__.split(".")[0] != tensor.__module__.split(".")[0]:
        raise Misbehaviour(f"returned a {kind.__module__}.{kind.__name__}, which is derived from {tensor.__name__} and may compute when it is read: return a plain one")
    if not isinstance(value, tensor) and hasattr(kind, "__array__") and kind.__module__.split(".")[0] not in _ARRAYS:
        raise Misbehaviour(f"returned a {kind.__module__}.{kind.__name__}, which becomes an array when it is read: return an array")


_SMALL = 1 << 20
"""Bytes of outputs that are always read twice."""
_PATIENCE = 0.1
"""Seconds that a thread is waited for."""


class Watch:
    """Threads and processes around a call."""

    idle: Set[threading.Thread] = set()
    """Threads of earlier calls that wait for work, as those of a pool do."""

    def __init__(self, function: Callable):
        self.file = inspect.unwrap(function).__code__.co_filename if hasattr(inspect.unwrap(function), "__code__") else None
        self.threads = set(threading.enumerate())
        self.children = _children()

    def require_end(self, outputs: bytes, read: Callable[[], bytes]) -> None:
        """Raises Misbehaviour where the kernel's own code still runs, or its outputs change after they were read once. read: reads them again."""
        left = [thread for thread in threading.enumerate() if thread not in self.threads and thread not in Watch.idle]
        children = _children() - self.children
        if not left and not children and len(outputs) > _SMALL:
            return
        for thread in left:
            thread.join(_PATIENCE)
        if children:
            time.sleep(_PATIENCE)
        if read() != outputs:
            raise Misbehaviour("the outputs changed after the call had returned and the device was synchronised: finish the work before returning")
        for thread in left:
            place = self.place_of(thread)
            if place is not None:
                raise Misbehaviour(f"the call left the thread {thread.name} running at {place}: end it before returning")
            if thread.is_alive():
                Watch.idle.add(thread)

    def place_of(self, thread: threading.Thread) -> Optional[str]:
        """The place at which a thread runs code of the kernel's own file; None if it does not."""
        frame = sys._current_frames().get(thread.ident or 0)
        while frame is not None:
            if frame.f_code.co_filename == self.file:
                return f"{frame.f_code.co_filename}:{frame.f_lineno}"
            frame = frame.f_back
        return None


def _children() -> Set[str]:
    """Processes that this thread has started; none where the system does not tell."""
    try:
        with open(f"/proc/self/task/{threading.get_native_id()}/children") as file:
            return set(file.read().split())
    except OSError:
        return set()


def require_no_work(waited: float, elapsed: float) -> None:
    """Raises Misbehaviour where a device still had work when the timing of a call had ended. waited, elapsed: seconds."""
    if waited > max(0.1 * elapsed, 50e-6):
        raise Misbehaviour(
            f"work went on for {waited * 1e6:.0f} µs after the {elapsed * 1e6:.0f} µs that were measured on the current stream: launch it there, or make that stream wait for it"
        )
