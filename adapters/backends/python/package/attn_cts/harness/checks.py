"""Checks of a run under pytest."""

from __future__ import annotations

import functools
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import Any, Callable, List, Mapping, Optional, Tuple


@dataclass(frozen=True)
class Check:
    """One check of a finished run; calling it under pytest passes, skips or fails with the minimal case."""

    result: Mapping[str, Any]
    text: str

    def __str__(self) -> str:
        return self.result["id"]

    def __call__(self) -> None:
        import pytest

        verdict = self.result["verdict"]
        if verdict in ("unsupported", "unavailable", "not-run"):
            pytest.skip(f"{verdict}: {self.result.get('reason', '')}")
        if verdict != "pass":
            pytest.fail(self.text, pytrace=False)


@functools.lru_cache(maxsize=None)
def checks(target: str, *arguments: str) -> Tuple[Check, ...]:
    """Runs `attn-cts run --adapter python:TARGET`, once for the same arguments, and gives its checks, for pytest.mark.parametrize.

    target: file.py:function. arguments: further ones of attn-cts run, such as "--runs", "20". The command is the environment variable
    ATTN_CTS, else attn-cts on the path, else npx attention-cts. Raises RuntimeError where nothing was judged.
    """
    adapter = f"python:{target}"
    out = arguments[arguments.index("--out") + 1] if "--out" in arguments else "attn-cts-out"
    with tempfile.TemporaryDirectory() as folder:
        document = os.path.join(folder, "result.json")
        command = [*_command(), "run", "--adapter", adapter, "--python", sys.executable, "--reporter", f"json={document}", *arguments]
        finished = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            with open(document, encoding="utf-8") as file:
                result = json.load(file)
        except FileNotFoundError:
            raise RuntimeError(f"{shlex.join(command)} ended with {finished.returncode} and no result:\n{finished.stdout}") from None
    for one in result["adapters"]:
        if "unavailable" in one:
            raise RuntimeError(f"{one['id']}: {one['unavailable']['reason']} ({one['unavailable']['remedy']})")
    return tuple(Check(check, _describe(check, adapter, out)) for check in result["checks"])


def conforms(function: Optional[Callable] = None, **judged: Any) -> Callable:
    """Makes a kernel a test of pytest: its plugin, which comes with `pip install attention-cts`, judges the function in the process that holds the device.

    judged: arguments of `attn_cts.judge`, such as profile="core", runs=20. Put it above @kernel or @scheme, or on a function without claims. Outside of pytest it does nothing.
    """
    if function is None:
        return functools.partial(conforms, **judged)
    function.attn_cts_conforms = judged
    return function


def _command() -> List[str]:
    if os.environ.get("ATTN_CTS"):
        return shlex.split(os.environ["ATTN_CTS"])
    return ["attn-cts"] if shutil.which("attn-cts") else ["npx", "attention-cts"]


def _describe(check: Mapping[str, Any], adapter: str, out: str) -> str:
    """The minimal case, expected and actual, and the line that replays it."""
    failure = check.get("failure") or {}
    lines = [f"{check['verdict']} {check['id']} ({check.get('class', '')})", check.get("reason", "")]
    if failure:
        lines.append(f"case      {json.dumps(failure['case'])}")
    if "expected" in failure:
        place = f"{failure.get('output', 'output')}{failure.get('index', '')}"
        lines.append(f"at        {place}: expected {failure['expected']}, actual {failure.get('actual')}, bound {failure.get('bound')}")
    lines += [f"{what:<10}{failure[what]}" for what in ("message", "hint", "where") if what in failure]
    if "folder" in failure:
        parallel = failure["case"].get("parallel") or {}
        ranks = f" --ranks {max(8, parallel['ranks']) if '/any-world/' in check['id'] else parallel['ranks']}" if parallel.get("transport", "simulated") != "simulated" else ""
        lines.append(f"replay    {shlex.join(_command())} replay {out}/{failure['folder']}/failure.json --adapter {shlex.quote(adapter)}{ranks}")
    return "\n".join(line for line in lines if line)
