"""Traces: what became of a Solution on each workload, in the form that both of FlashInfer's tools read."""

from __future__ import annotations

import datetime
import json
import math
import os
import platform
from typing import Any, Dict, List, Mapping, Sequence

from .documents import Definition
from .solutions import Solution
from .verdicts import SolutionVerdict


def traces(
    verdict: SolutionVerdict,
    solution: Solution,
    d: Definition,
    latencies: Mapping[str, Mapping[str, float]],
    workloads: Mapping[str, Mapping[str, Any]],
) -> List[Dict[str, Any]]:
    """A Trace for each workload that was judged.

    PASSED needs a latency that was measured, and a Solution that passes the suite's checks: where the workload alone is right, it is INCORRECT_NUMERICAL, and
    `correctness.extra` says which case is wrong. A workload that passes and has no latency has no Trace, as no status is true of it.
    """
    found: List[Dict[str, Any]] = []
    for result in verdict.workloads:
        status = result["status"]
        if status == "PASSED" and verdict.verdict == "fail":
            status = verdict.status
        latency = latencies.get(result["uuid"])
        if status == "PASSED" and (latency is None or verdict.verdict != "pass"):
            continue
        evaluation: Dict[str, Any] = {
            "status": status,
            "environment": environment(),
            "timestamp": datetime.datetime.now(datetime.timezone.utc).isoformat(),
            "log": "\n".join(verdict.causes),
            "correctness": None,
            "performance": None,
        }
        if status in ("PASSED", "INCORRECT_NUMERICAL"):
            evaluation["correctness"] = {
                "max_relative_error": _number(result["max_relative_error"]),
                "max_absolute_error": _number(result["max_absolute_error"]),
                "extra": {"attention-cts": _extra(verdict, result)},
            }
        if status == "PASSED":
            evaluation["performance"] = dict(latency or {})
        found.append({"definition": d.name, "workload": dict(workloads[result["uuid"]]), "solution": solution.name, "evaluation": evaluation})
    return found


def _extra(verdict: SolutionVerdict, result: Mapping[str, Any]) -> Dict[str, Any]:
    """The verdict, for `correctness.extra`, which is free."""
    checks = verdict.suite.get("checks", {})
    causes = verdict.suite.get("causes") or [{}]
    first = {key: causes[0][key] for key in ("title", "hint", "replay") if key in causes[0]}
    return {
        "version": verdict.suite.get("suite", ""),
        "verdict": verdict.verdict,
        "seed": result["seed"],
        "worstOverBound": _number(result["worst_over_bound"]),
        "checks": {key: checks.get(key, 0) for key in ("passed", "failed", "unsupported", "notRun")},
        **({"cause": first} if first else {}),
        **({"why": result["why"]} if result["why"] else {}),
    }


def _number(value: float) -> Any:
    """A measure as both schemas write it: NaN and infinity are strings."""
    return "NaN" if math.isnan(value) else "Infinity" if math.isinf(value) else value


def environment() -> Dict[str, Any]:
    """Hardware and versions."""
    import torch

    hardware = torch.cuda.get_device_name() if torch.cuda.is_available() else f"{platform.machine()} CPU"
    libs = {"torch": str(torch.__version__), "python": platform.python_version()}
    if torch.version.cuda:
        libs["cuda"] = str(torch.version.cuda)
    return {"hardware": hardware, "libs": libs}


def append(path: str, lines: Sequence[Mapping[str, Any]]) -> None:
    """Adds Traces to a file of them."""
    folder = os.path.dirname(path)
    if folder:
        os.makedirs(folder, exist_ok=True)
    with open(path, "a", encoding="utf-8") as file:
        file.writelines(json.dumps(line, allow_nan=False) + "\n" for line in lines)
