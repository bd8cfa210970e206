"""Looks: what a kernel asks Python about whoever calls it."""

from __future__ import annotations

import mmap
import os
import re
import subprocess
import sys
from contextlib import contextmanager
from typing import Any, Iterator, Optional, Tuple

from .base import Misbehaviour, _own_files
from .own_code import _is_kernels

try:
    import _posixsubprocess
except ImportError:
    # where processes are not forked
    _posixsubprocess = None  # type: ignore[assignment]

_own_files.add(__file__)

_FRAMES = {
    "sys._getframe": "the frames of its callers",
    "sys._current_frames": "the frames of its callers",
    "sys._current_exceptions": "the frames of its callers",
    "gc.get_objects": "the objects of the process",
    "gc.get_referrers": "the objects of the process",
    "sys.settrace": "a trace of its callers",
    "sys.setprofile": "a profile of its callers",
    "sys.monitoring.register_callback": "a profile of its callers",
    "sys.addaudithook": "the audit events of its callers",
}
"""Audit events of Python by which a function sees its callers, and what it then sees."""
_ATTRIBUTES = ("tb_frame", "gi_frame", "cr_frame", "ag_frame")
_SYMBOLS = ("PyEval_GetFrame", "PyThreadState_GetFrame", "PyFrame_GetBack", "PyEval_GetGlobals", "PyEval_GetLocals")
"""Functions of Python's C interface by which a function sees its callers."""
_ALSO_AT_LOAD = ("sys.addaudithook", "sys.settrace", "sys.setprofile", "sys.monitoring.register_callback")
"""Those of them that show later callers to a file that is loaded; the others are usual there."""
_FORWARDERS = ("inspect", "traceback", "logging")
"""Modules of the standard library that ask for a frame in the name of who calls them."""
_LINKS = ("ctypes",)
"""Those that ask for anything else so: a traceback that is printed shows no caller."""
_OWN_PROCESS = re.compile(r"/proc/(self|thread-self|\d+)(/task/\d+)?(/|$)")
_HARMLESS = ("/status", "/statm", "/stat", "/task", "/cgroup", "/limits")
"""Files of /proc in which a process is counted; the others say what it runs and holds open."""
_PROGRAMS = ("subprocess.Popen", "os.posix_spawn", "os.system", "os.exec", "os.spawn", "os.startfile", "pty.spawn", "_posixsubprocess.fork_exec")
"""Audit events of a program that is started. What `os.fork` leaves behind raises os.exec itself."""
_SUITES = re.compile(r"(attn-cts|attention-cts|attn_cts([.]\w+)*)([.](exe|cmd|py))?|.*[/\\]suites[/\\]cli[/\\]main[.]js")
"""Words of a command line by which it starts the suite: its command, its module, or its program; a folder of that name is none."""
_BETWEEN_WORDS = re.compile(r"[\s'\"`;&|()\[\]{},=]+")
_ANSWERS = "answers of the suite, which it starts"
_FILES = ("open", "os.listdir", "os.scandir")
_RESULTS = "attn-cts-out"
"""Folder in which the suite keeps failures with what was expected, unless another is named."""


_set = type.__setattr__
_forked = mmap.mmap(-1, 1)
"""A byte that forked processes share: 1 once one of them would have become the suite, which its parent reads."""


class _Guarded(type):
    """A class whose state no kernel sets."""

    def __setattr__(cls, name: str, value: Any) -> None:
        if _is_kernels(sys._getframe(1)):
            raise Misbehaviour(f"the kernel would set {cls.__name__}.{name}, by which the suite watches it: leave it alone")
        _set(cls, name, value)


class Looks(metaclass=_Guarded):
    """Audit hook of Python that keeps the first look of a kernel at its caller."""

    watching = False
    """True while a kernel runs, or is loaded."""
    loading = False
    """True while a kernel's file is loaded."""
    inside = False
    """True while the hook itself asks for frames."""
    hooked = False
    found: Optional[str] = None
    loaded: Optional[str] = None
    """What a file did when it was loaded: every call of it says so."""
    folders: Tuple[str, ...] = ()
    """Folders of the suite, which a kernel does not read."""
    fork_exec: Any = None
    """The system's own `fork_exec`, while `_fork_exec` stands in its place."""
    process = 0
    """The process that watches, not one that a kernel forked."""

    @classmethod
    def begin(cls, *files: str) -> None:
        """Begins to watch a call. files: those by which the suite passes its tensors."""
        cls.hook()
        cls.folders = tuple(os.path.join(os.path.dirname(os.path.abspath(file)), "") for file in files)
        cls.found = None
        cls.watch()

    @classmethod
    def watch(cls) -> None:
        """Begins to watch, with `_fork_exec` in the place of the system's own."""
        cls.process, _forked[0], cls.watching = os.getpid(), 0, True
        if _posixsubprocess is not None and cls.fork_exec is None:
            cls.fork_exec = _posixsubprocess.fork_exec
            _put_fork_exec(_fork_exec)

    @classmethod
    def unwatch(cls) -> None:
        """Ends the watch, and puts the system's own `fork_exec` back."""
        cls.watching = cls.loading = False
        if cls.fork_exec is not None:
            _put_fork_exec(cls.fork_exec)
            cls.fork_exec = None

    @classmethod
    def hook(cls) -> None:
        if not cls.hooked:
            cls.hooked = True
            sys.addaudithook(_hear)

    @classmethod
    @contextmanager
    def at_load(cls) -> Iterator[None]:
        """Watches while a kernel's file is loaded. What is found is raised by every call."""
        cls.hook()
        cls.loading = True
        cls.watch()
        try:
            yield
        finally:
            cls.unwatch()
            cls.hear_of_forked()
            cls.loaded, cls.found = cls.loaded or cls.found, None

    @classmethod
    def require_none(cls) -> None:
        """Ends the watch. Raises Misbehaviour where the kernel looked at its caller."""
        cls.unwatch()
        cls.hear_of_forked()
        found, cls.found = cls.loaded or cls.found, None
        if found is not None:
            raise Misbehaviour(f"{found}, which could tell it that it is being judged: compute from the arguments alone")

    @classmethod
    def hear_of_forked(cls) -> None:
        """Takes over what a forked process would have started."""
        if cls.found is None and _forked[0]:
            cls.found = f"a process that the kernel forked looked at {_ANSWERS}"


def _fork_exec(arguments: Any, *others: Any) -> Any:
    """The call of the system behind `subprocess`, which raises no audit event where it is called without it."""
    _hear("_posixsubprocess.fork_exec", (arguments,))
    return (Looks.fork_exec or _posixsubprocess.fork_exec)(arguments, *others)


def _put_fork_exec(function: Any) -> None:
    """Puts a function where Python's own modules, and kernels, find `fork_exec`."""
    _posixsubprocess.fork_exec = function
    # since Python 3.11 by a name of its own
    if hasattr(subprocess, "_fork_exec"):
        subprocess._fork_exec = function


def _hear(event: str, arguments: Any) -> None:
    if not Looks.watching or Looks.inside or Looks.found is not None or (Looks.loading and event in _FRAMES and event not in _ALSO_AT_LOAD):
        return
    seen, anyone = _seen(event, arguments)
    if seen is None:
        return
    _set(Looks, "inside", True)
    try:
        frame, through_a_log = _asker(sys._getframe(1), _FORWARDERS if event in _FRAMES else _LINKS)
        if not through_a_log and (anyone or _is_kernels(frame)):
            if os.getpid() != Looks.process and event in _PROGRAMS:
                _forked[0] = 1
                raise Misbehaviour(f"a process that the kernel forked would start the suite ({os.path.basename(frame.f_code.co_filename)}:{frame.f_lineno})")
            _set(Looks, "found", f"the kernel looked at {seen} ({os.path.basename(frame.f_code.co_filename)}:{frame.f_lineno})")
    finally:
        _set(Looks, "inside", False)


def _starts_the_suite(command: Any) -> bool:
    """True if a word of a command line names the suite. command: strings, paths or bytes, in lists or one line for a shell."""
    if isinstance(command, (list, tuple)):
        return any(map(_starts_the_suite, command))
    line = os.fsdecode(command) if isinstance(command, (str, bytes, os.PathLike)) else ""
    words = (word[2:] if word.startswith("-m") else word for word in _BETWEEN_WORDS.split(line))
    return any(_SUITES.fullmatch(name) for word in words if not os.path.isdir(word) for name in (word, os.path.basename(word)))


def _seen(event: str, arguments: Any) -> Tuple[Optional[str], bool]:
    """What an audit event shows to who raises it, and whether it is no library's either to see."""
    if event in _FRAMES:
        return _FRAMES[event], False
    if event == "object.__getattr__":
        return ("the frames of its callers", False) if arguments[1] in _ATTRIBUTES else (None, False)
    if event == "ctypes.dlsym":
        return ("the frames of its callers", False) if arguments[1] in _SYMBOLS else (None, False)
    if event in _FILES:
        return _file_seen(arguments[0])
    if event in _PROGRAMS and _starts_the_suite(arguments[:2]):
        return _ANSWERS, True
    return None, False


def _asker(frame: Any, forwarders: Tuple[str, ...]) -> Tuple[Any, bool]:
    """The frame in whose name something is asked for, and whether it is for a log, which keeps no more than the line that wrote to it."""
    is_log = False
    while frame.f_back is not None and frame.f_globals.get("__name__") in forwarders:
        if frame.f_code.co_name == "findCaller":
            is_log = not frame.f_locals.get("stack_info") and frame.f_locals.get("stacklevel", 1) == 1
        frame = frame.f_back
    return frame, is_log


def _file_seen(path: Any) -> Tuple[Optional[str], bool]:
    """What a file tells of the judge, and whether it is no library's either to read."""
    if isinstance(path, bytes):
        path = path.decode(errors="replace")
    if not isinstance(path, str):
        return None, False
    if _OWN_PROCESS.match(path) and not path.endswith(_HARMLESS):
        return path, False
    full = os.path.join(os.path.abspath(path), "")
    ours = bool(Looks.folders and full.startswith(Looks.folders)) or f"{os.sep}{_RESULTS}{os.sep}" in full
    return (f"files of the suite in {os.path.dirname(path) or path}", True) if ours else (None, False)
