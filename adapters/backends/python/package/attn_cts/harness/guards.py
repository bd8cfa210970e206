"""Guards: what a Python process can see of a kernel that games its judge."""

from __future__ import annotations

import math
import os
import sys
import threading
import time
import types
from typing import Any, Callable, Dict, Optional, Set, Tuple

import numpy as np

from .base import Misbehaviour, _own_files
from .claims import Problem
from .own_code import _is_kernels
from .watched import CLOCKS, OF_NUMPY, OF_TORCH, paths_of

_own_files.add(__file__)

_CLOCKS = {name: getattr(time, name) for name in CLOCKS}

_known: Dict[Tuple[str, str], Any] = {}
"""Functions that were seen to be the library's own, by library and name."""


def require_clocks() -> None:
    """Raises Misbehaviour where a clock, or a comparison of NumPy or PyTorch, is not the library's own."""
    for name, clock in _CLOCKS.items():
        if getattr(time, name) is not clock or not isinstance(clock, types.BuiltinFunctionType):
            raise Misbehaviour(f"time.{name} was replaced, but times are measured by it: leave the clocks alone")
    for library, tree in ((np, OF_NUMPY), (sys.modules.get("torch"), OF_TORCH)):
        if library is None:
            continue
        for name in paths_of(tree):
            found = _attribute(library, name)
            if found is None or _known.get((library.__name__, name)) is found:
                continue
            if not _is_of(found, os.path.dirname(os.path.abspath(library.__file__))):
                raise Misbehaviour(f"{library.__name__}.{name} was replaced, but outputs are compared or times are measured by it: leave it alone")
            _known[library.__name__, name] = found


def _attribute(library: Any, name: str) -> Optional[Any]:
    for part in name.split("."):
        library = getattr(library, part, None)
    return library


def _is_of(function: Any, home: str) -> bool:
    """True if the function is compiled, or its code, and that of what it wraps, lies in a library's folder."""
    while function is not None:
        code = getattr(function, "__code__", None)
        if code is None and isinstance(function, types.FunctionType):
            return False
        if code is not None and not os.path.abspath(code.co_filename).startswith(home + os.sep):
            return False
        function = getattr(function, "__wrapped__", None)
    return True


_ARRAYS = ("numpy", "torch", "jax", "jaxlib", "cupy")
"""Libraries whose arrays NumPy reads as they are."""


def _is_type_of(kind: type, library: str) -> bool:
    """True if a type is one that a library, or a part of it, has by the name that the type says."""
    if kind.__module__.split(".")[0] != library:
        return False
    found: Any = sys.modules.get(kind.__module__)
    for name in kind.__qualname__.split("."):
        found = getattr(found, name, None)
    return found is kind


def require_plain(value: Any, tensor: type) -> None:
    """Raises Misbehaviour for an output whose type is derived from the framework's own: it may compute when it is read."""
    kind = type(value)
    # those that PyTorch itself derives, such as a Parameter, hold what they show
    if isinstance(value, tensor) and kind is not tensor and not _is_type_of(kind, tensor.__module__.split(".")[0]):
        raise Misbehaviour(f"returned a {kind.__module__}.{kind.__name__}, a subclass of {tensor.__name__} that may compute when it is read: return a plain {tensor.__name__}")
    if not isinstance(value, tensor) and hasattr(kind, "__array__") and not any(_is_type_of(kind, library) for library in _ARRAYS):
        raise Misbehaviour(f"returned a {kind.__module__}.{kind.__name__}, which becomes an array when it is read: return an array")
    for name in getattr(value, "__dict__", None) or ():
        if hasattr(tensor, name):
            raise Misbehaviour(f"returned a {kind.__name__} with a {name} of its own, which may compute when it is read: return a plain {kind.__name__}")


_SMALL = 1 << 20
"""Bytes of outputs that are always read twice."""
_PATIENCE = 0.1
"""Seconds that a thread is waited for."""
_LAST_STEPS = 1e-3
"""Seconds that a thread may take from its last result to its end."""


class Watch:
    """Threads and processes around a call."""

    idle: Set[int] = set()
    """Threads of earlier calls that wait for work, as those of a pool do."""
    others: Set[int] = set()
    """Threads that there were before the kernel was loaded."""

    def __init__(self) -> None:
        self.places = {thread: _place_of(frame) for thread, frame in sys._current_frames().items()}
        self.children = _children()
        self.tasks = _tasks()

    def require_end(self, outputs: bytes, read: Callable[[], bytes]) -> None:
        """Raises Misbehaviour where the kernel's own code still runs, or its outputs change after they were read once. read: reads them again."""
        unfinished = self.unfinished()
        left = [thread for thread in sys._current_frames() if thread not in self.places and thread not in Watch.idle]
        more = bool(_children() - self.children) or _tasks() > self.tasks
        if not left and not more and not unfinished and len(outputs) > _SMALL:
            return
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end and (more or any(thread in sys._current_frames() for thread in [*left, *unfinished])):
            time.sleep(_PATIENCE / 50)
        if read() != outputs:
            raise Misbehaviour("the outputs changed after the call had returned and the device was synchronised: finish the work before returning")
        for thread, place in unfinished.items():
            name = next((each.name for each in threading.enumerate() if each.ident == thread), str(thread))
            raise Misbehaviour(f"the call left the thread {name} running at {place}: end it before returning")
        Watch.idle.update(thread for thread in left if thread in sys._current_frames())

    def unfinished(self) -> Dict[int, str]:
        """Threads that run code of the kernel after it has returned, and where they are."""
        running = self.running()
        if not running:
            return {}
        # one that has just said that it is done
        time.sleep(_LAST_STEPS)
        still = self.running()
        return {thread: place for thread, place in still.items() if thread in running}

    def running(self) -> Dict[int, str]:
        """Threads that run code of the kernel, and did not stand at the same place before the call; and where they are."""
        others = {threading.get_ident(), *Watch.others}
        places = {thread: _place_of(frame) for thread, frame in sys._current_frames().items() if thread not in others}
        return {thread: place[1] for thread, place in places.items() if place is not None and self.places.get(thread) != place}


def _place_of(frame: Any) -> Optional[Tuple[int, str, int]]:
    """Where a thread runs code of the kernel: the frame, its line, and how far it is; None where it does not."""
    while frame is not None:
        if _is_kernels(frame):
            return id(frame), f"{frame.f_code.co_filename}:{frame.f_lineno}", frame.f_lasti
        frame = frame.f_back
    return None


def _tasks() -> int:
    """Number of threads that this process has, those without Python among them; 0 where the system does not tell."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return 0


def _children() -> Set[str]:
    """Processes that this thread has started; none where the system does not tell."""
    try:
        with open(f"/proc/self/task/{threading.get_native_id()}/children") as file:
            return set(file.read().split())
    except OSError:
        return set()


_ROOM = 64
"""Bytes for each product of a case's sizes that a kernel may well need: more than any that keeps its scores does."""


def require_room(problem: Problem, free: Optional[int]) -> None:
    """Raises Misbehaviour where a kernel says that it is out of memory, and there is plenty for its call. free: bytes; None where the system does not tell."""
    wanted = _ROOM * math.prod(max(1, size) for size in problem.dims.values())
    if free is not None and wanted < free:
        raise Misbehaviour(f"the kernel reports that it is out of memory for a call of the sizes {dict(problem.dims)}, while {free >> 20} MiB are free: compute it, or claim less")


def free_memory() -> Optional[int]:
    """Bytes of memory that this process may still take; None where the system does not tell, or limits the process."""
    try:
        import resource

        if resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY:
            return None
        with open("/proc/meminfo") as file:
            return next((int(line.split()[1]) << 10 for line in file if line.startswith("MemAvailable:")), None)
    except (ImportError, OSError, ValueError):
        return None


def require_no_work(waited: float, elapsed: float) -> None:
    """Raises Misbehaviour where a device still had work when the timing of a call had ended. waited, elapsed: seconds."""
    if waited > max(0.1 * elapsed, 50e-6):
        raise Misbehaviour(
            f"work went on for {waited * 1e6:.0f} µs after the {elapsed * 1e6:.0f} µs that were measured on the current stream: launch it there, or make that stream wait for it"
        )
