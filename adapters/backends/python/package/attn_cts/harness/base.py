"""What a kernel may answer with, and how the harness speaks to the suite."""

from __future__ import annotations

import difflib
import json
import threading
import traceback
from typing import Any, Dict, List, Mapping, Sequence


Tensor = Any
"""An array of the kernel's framework."""


class KernelError(ValueError):
    """What the decorator was told does not fit the function, or the function does not fit what it claims."""


class Unavailable(Exception):
    """Raised while a kernel's file loads: not on this machine. `remedy` is the command or step that mends it."""

    def __init__(self, reason: str, remedy: str):
        super().__init__(f"{reason} ({remedy})")
        self.reason, self.remedy = reason, remedy


class Unsupported(Exception):
    """A kernel's answer to a call that it does not support; inside its claims that is a failure."""


class Misbehaviour(Exception):
    """A kernel that would deceive whoever measures or compares it; the message says by what."""


class _Process:
    """State of this Python process."""

    loading = False
    """True while a kernel's file is loaded: one function that is wrong leaves the others as they are."""
    replies: Any = None
    """Stream to the suite."""
    arguments: Sequence[str] = ()
    """Command line of this process; `sys.argv` is hidden from kernels."""
    seal: Any = None
    """What the harness relies on; None before a kernel is loaded."""


_own_files = {__file__}
"""Files of the harness, whose frames are not the kernel's."""


def _nearest(name: str, known: Sequence[str]) -> str:
    """The known name that is most like one, as the end of a message."""
    near = difflib.get_close_matches(name, known, 1)
    return f"; did you mean {near[0]}?" if near else ""


_SHOWN = 100
"""Frames of a traceback that are read from each end: those of calls without end are all alike."""


def _frames_of(error: BaseException) -> List[traceback.FrameSummary]:
    places = list(traceback.walk_tb(error.__traceback__))
    if len(places) > 2 * _SHOWN:
        places = [*places[:_SHOWN], *places[-_SHOWN:]]
    return list(traceback.StackSummary.extract(iter(places), lookup_lines=False))


def _user_frames(error: BaseException) -> List[traceback.FrameSummary]:
    """The frames from the kernel's own file on."""
    frames = _frames_of(error)
    own = [i for i, frame in enumerate(frames) if frame.filename not in _own_files and frame.filename != "<string>" and not frame.filename.startswith("<frozen")]
    return list(frames[own[0] :]) if own else []


def _is_out_of_memory(error: BaseException) -> bool:
    words = ("can't allocate memory", "RESOURCE_EXHAUSTED", "CUDA out of memory")
    ours = isinstance(error, (KernelError, Misbehaviour))
    return not ours and (isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError" or any(each in str(error) for each in words))


def _error(error: BaseException) -> Dict[str, Any]:
    name = type(error).__name__
    message = str(error) if isinstance(error, (KernelError, Misbehaviour)) else f"{name}: {error}"
    if isinstance(error, SystemExit):
        message = f"the kernel would end the process ({message}): let it return or raise another error"
    reply: Dict[str, Any] = {"message": message, "traceback": "".join(traceback.format_list(_user_frames(error)))}
    if isinstance(error, Misbehaviour):
        reply["kind"] = "misbehaviour"
    elif _is_out_of_memory(error):
        reply["kind"] = "out-of-memory"
    elif "CUDA error" in str(error) or name == "AcceleratorError":
        # after it every other call on the device fails too
        reply["fatal"] = True
    return reply


_saying = threading.Lock()


def _say(reply: Mapping[str, Any]) -> None:
    """A line to the suite."""
    with _saying:
        _Process.replies.write(json.dumps(reply).encode() + b"\n")
        _Process.replies.flush()
