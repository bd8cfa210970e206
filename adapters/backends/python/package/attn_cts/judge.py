"""Judging a function in the process that holds its device."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import selectors
import shlex
import socket
import subprocess
import sys
import tempfile
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Union

from .harness.sharded_job import _session
from .harness.seal import Seal
from .harness.server import Server, _kernel_of, sealed
from .node import repeated, suite_command, suite_environment

Texts = Union[str, Sequence[str]]
_RELAY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "relay.py")
Answer = Callable[[bytes], Optional[Dict[str, Any]]]


def judge(
    function: Callable,
    *,
    profile: Texts = (),
    filter: Texts = (),
    runs: Optional[int] = None,
    seed: Union[int, str, None] = None,
    time_limit: Optional[float] = None,
    dialect: Optional[Mapping[str, str]] = None,
    spec: Texts = (),
    out: Optional[str] = None,
    arguments: Sequence[str] = (),
) -> Dict[str, Any]:
    """Judges a kernel that is a function of this process, and returns the verdict: the document of `attn-cts judge --json`.

    function: with @kernel, or without claims, as `attn-cts run python:file.py:function` takes it. profile, filter, runs, seed, time_limit (seconds), dialect, spec: as
    of `attn-cts run`. out: folder for the failures; by default a temporary one, so that only `verdict["causes"]` is left. arguments: further ones of `attn-cts judge`.

    The kernel is called here, so a kernel that does not come back keeps this call: `attn-cts judge` can stop such a kernel, which has a process of its own.
    Raises RuntimeError where the suite gives no verdict, KernelError where the claims do not fit the function.
    """
    kernel = _kernel_of(function)
    options: List[str] = []
    for flag, values in (("--profile", profile), ("--filter", filter), ("--spec", spec)):
        options += repeated(flag, values)
    for flag, given in (("--runs", runs), ("--seed", seed), ("--time-limit", time_limit)):
        if given is not None:
            options += [flag, str(given)]
    for axis, value in (dialect or {}).items():
        options += ["--dialect", f"{axis}={value}"]
    with tempfile.TemporaryDirectory() as folder:
        options += ["--out", out or folder, *arguments]
        text = _served(lambda: Server(lambda: _session(kernel)), options)
    try:
        verdict = json.loads(text)
    except ValueError:
        verdict = {"error": text.strip() or "the command printed nothing; see above"}
    if "error" in verdict:
        raise RuntimeError(f"the suite gave no verdict: {verdict['error']}")
    return _without_commands(verdict)


def _without_commands(verdict: Dict[str, Any]) -> Dict[str, Any]:
    """The verdict without command lines, and names, of a kernel of this process: no other process can call it."""
    parts = [(verdict["next"], "command"), *((cause, "replay") for cause in verdict["causes"]), *((kernel, "source") for kernel in verdict["kernels"])]
    for part, key in parts:
        if os.path.basename(_RELAY) in part.get(key, ""):
            del part[key]
    return verdict


def _served(server: Callable[[], Server], options: Sequence[str]) -> str:
    """Runs `attn-cts judge` and answers its calls until it ends. Returns what it printed."""
    key = secrets.token_hex(16)
    with _guarded() as seal, socket.create_server(("127.0.0.1", 0)) as listener, selectors.DefaultSelector() as selector:
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        source = "process:" + shlex.join([sys.executable, "-S", "-E", _RELAY, address, key])
        command = [*suite_command(), "judge", source, "--json", "--jobs", "1", *options]
        suite = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, env=suite_environment())
        try:
            selector.register(listener, selectors.EVENT_READ)
            while suite.poll() is None:
                for ready, _ in selector.select(timeout=0.1):
                    if ready.fileobj is listener:
                        connection, _ = listener.accept()
                        selector.register(connection, selectors.EVENT_READ, _Connection(connection, key, lambda: sealed(server(), seal)))
                    elif not ready.data.answer():
                        selector.unregister(ready.fileobj)
                        ready.fileobj.close()
            return suite.stdout.read() if suite.stdout else ""
        finally:
            if suite.poll() is None:
                suite.kill()
            for ready in list(selector.get_map().values()):
                if ready.fileobj is not listener:
                    ready.fileobj.close()


@contextlib.contextmanager
def _guarded() -> Iterator[Seal]:
    """What the harness relies on, put back at the end. Meanwhile the kernel cannot end this process as if nothing was wrong."""
    own, process = os._exit, os.getpid()

    def leave(code: int) -> None:
        if os.getpid() == process:
            raise SystemExit(f"os._exit({code})")
        own(code)

    os._exit = leave  # type: ignore[assignment]
    seal = Seal()
    try:
        yield seal
    finally:
        seal.restore()
        os._exit = own


class _Connection:
    """A host of the suite: its lines, answered one after the other."""

    def __init__(self, connection: socket.socket, key: str, opening: Callable[[], Answer]):
        self.connection = connection
        self.key = key
        self.opening = opening
        self.known: Optional[Answer] = None
        self.buffer = b""

    def answer(self) -> bool:
        """Reads what is there and answers whole lines. False: the host is gone, or no host of ours."""
        try:
            data = self.connection.recv(1 << 20)
            self.buffer += data
            while b"\n" in self.buffer:
                line, self.buffer = self.buffer.split(b"\n", 1)
                if self.known is None:
                    if not secrets.compare_digest(line, self.key.encode()):
                        return False
                    self.known = self.opening()
                    continue
                reply = self.known(line)
                if reply is None:
                    return False
                self.connection.sendall(json.dumps(reply).encode() + b"\n")
            return bool(data)
        except OSError:
            return False
