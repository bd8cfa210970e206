"""A solution, run in a process of its own: files go in, files come out."""

from __future__ import annotations

import json
import os
import selectors
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from typing import Any, Dict, List, Mapping, Optional, Sequence

import torch

from .draws import Draw
from .problem import Problem, ProblemError
from .solution_process import read_values, write_values

Tensor = torch.Tensor
_PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "solution_process.py")
_KEPT = ("PATH", "HOME", "LD_LIBRARY_PATH", "CUDA_HOME", "CUDA_VISIBLE_DEVICES", "TMPDIR", "LANG", "VIRTUAL_ENV", "TRITON_INTERPRET", "SYSTEMROOT")


class Died(Exception):
    """A solution that raised, ended or did not come back: a sentence, and the status that KernelBench's form has."""

    def __init__(self, message: str, compiled: bool = True):
        super().__init__(message)
        self.compiled = compiled


class Solution:
    """A ModelNew in its process. Close it after use."""

    def __init__(self, path: str, problem: Problem, device: str, time_limit: float):
        if not os.path.isfile(path):
            raise ProblemError(f"{path}: no such file")
        self.time_limit = time_limit
        self.folder = tempfile.mkdtemp(prefix="attn-cts-")
        own = os.path.join(self.folder, "solution.py")
        shutil.copyfile(path, own)
        self._write("initial", problem.initial)
        with open(os.path.join(self.folder, "spec.json"), "w", encoding="utf-8") as file:
            json.dump([len(x) if isinstance(x, (list, tuple)) else None for x in problem.inputs()], file)
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
        # the solution cannot see what the suite runs, nor write beside it
        self.process = subprocess.Popen(
            [sys.executable, "-I", _PROGRAM, self.folder, own, str(problem.seed), device],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=self.folder, env=environment,
        )  # fmt: skip
        self.errors = _Tail(self.process)
        try:
            ready = self._answer()
        except Died as error:
            self.close()
            raise Died(str(error), compiled=False) from None
        if not ready["ok"]:
            self.close()
            raise Died(ready["error"], compiled=False)
        self.state: Mapping[str, Any] = ready["state"]

    def takes(self, state: Mapping[str, Tensor]) -> bool:
        """True if its parameters and buffers have the names, shapes and dtypes of the problem's."""
        return {key: [str(x.dtype).split(".")[-1], list(x.shape)] for key, x in state.items()} == dict(self.state)

    def call(self, draw: Draw, reuse: bool, with_state: bool) -> List[Any]:
        """Outputs of forward, flat. Raises Died, also where the call changed its inputs."""
        leaves = [leaf for x in draw.arguments for leaf in (x if isinstance(x, (list, tuple)) else [x])]
        self._write("inputs", leaves)
        if with_state:
            self._write("state", list(draw.state.values()))
        for name in ("outputs", "after", "earlier"):
            self._remove(name)
        self._ask({"reuse": reuse, "state": list(draw.state) if with_state else []})
        after = self._read("after")
        for at, (before, now) in enumerate(zip(leaves, after)):
            if isinstance(before, Tensor) and not same_bits(before, now):
                raise Died(f"the call changed input {at}, which is its caller's")
        return self._read("outputs")

    def earlier(self) -> List[Any]:
        """The outputs of the call before the last, as they were after the last."""
        return self._read("earlier")

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream:
                try:
                    stream.close()
                except OSError:
                    pass
        shutil.rmtree(self.folder, ignore_errors=True)

    def _ask(self, request: Dict[str, Any]) -> None:
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
        except OSError:
            pass
        found = self._answer()
        if not found["ok"]:
            raise Died(str(found.get("error")))

    def _answer(self) -> Dict[str, Any]:
        assert self.process.stdout is not None
        end = time.monotonic() + self.time_limit
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            while time.monotonic() < end:
                if not selector.select(timeout=1.0):
                    continue
                line = self.process.stdout.readline()
                if not line:
                    code = self.process.wait()
                    said = self.errors.last()
                    raise Died(f"the process of the solution ended with {code} before it answered{f': {said}' if said else ''}")
                try:
                    found = json.loads(line)
                except ValueError:
                    found = None
                if isinstance(found, dict) and isinstance(found.get("ok"), bool):
                    return found
                raise Died("the process of the solution wrote where only its answers belong")
        raise Died(f"the solution did not come back within {self.time_limit:g} s")

    def _remove(self, name: str) -> None:
        for suffix in ("json", "bin"):
            try:
                os.remove(os.path.join(self.folder, f"{name}.{suffix}"))
            except OSError:
                pass

    def _write(self, name: str, values: Sequence[Any]) -> None:
        try:
            write_values(self.folder, name, values)
        except TypeError as error:
            raise ProblemError(f"arguments must be tensors, numbers, strings, or lists of these: {error}") from None

    def _read(self, name: str) -> List[Any]:
        try:
            return read_values(self.folder, name)
        except (OSError, ValueError, KeyError, TypeError, RuntimeError, AttributeError) as error:
            raise Died(f"the outputs of the solution cannot be read: {error}") from None


class _Tail:
    """The last lines of a process's errors, read in a thread so that it never waits."""

    def __init__(self, process: subprocess.Popen):
        self.lines: List[str] = []
        self.stream = process.stderr
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self) -> None:
        try:
            for line in self.stream or ():
                self.lines = [*self.lines[-20:], line.rstrip()]
        except ValueError:
            # closed with the solution
            pass

    def last(self) -> Optional[str]:
        self.thread.join(timeout=1)
        return next((line for line in reversed(self.lines) if line.strip()), None)


def same_bits(a: Tensor, b: Any) -> bool:
    """True if b is a tensor with the dtype, shape and bits of a."""
    if not isinstance(b, Tensor) or a.dtype != b.dtype or a.shape != b.shape:
        return False
    raw = lambda x: x.detach().contiguous().reshape(-1).view(torch.uint8)  # noqa: E731
    return a.numel() == 0 or bool(torch.equal(raw(a), raw(b)))
