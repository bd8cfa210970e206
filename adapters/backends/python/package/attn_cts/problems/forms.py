"""Verdicts as documents: the suite's own, and those of KernelBench and FlashInfer-Bench."""

from __future__ import annotations

import datetime
from typing import Any, Callable, Dict, Mapping

from .verdict import ProblemVerdict


def own(verdict: ProblemVerdict) -> Dict[str, Any]:
    """The document of spec/schema/problem-verdict.schema.json."""
    return {
        "format": 1,
        "problem": verdict.problem,
        "solution": verdict.solution,
        "verdict": verdict.verdict,
        "kind": verdict.kind,
        **({"operator": verdict.operator} if verdict.operator else {}),
        "seed": verdict.seed,
        "parameters": verdict.parameters,
        "draws": {"passed": verdict.passed, "undecided": len(verdict.undecided)},
        "worstOverBound": verdict.worst if verdict.worst < float("inf") else "Infinity",
        "causes": [cause.document() for cause in verdict.causes],
        "undecided": verdict.undecided,
        "operations": verdict.operations,
        "withoutRule": verdict.without_rule,
    }


def kernelbench(verdict: ProblemVerdict) -> Dict[str, Any]:
    """KernelExecResult of KernelBench: correctness is false unless the verdict is a pass. No time is measured: runtime is -1."""
    metadata: Dict[str, Any] = {"attention-cts": own(verdict)}
    if verdict.causes:
        key = {"refused": "runtime_error", "crash": "runtime_error"}.get(verdict.causes[0].kind, "correctness_issue")
        metadata["compilation_error" if not verdict.compiled else key] = verdict.causes[0].message
    return {"compiled": verdict.compiled, "correctness": verdict.verdict == "pass", "metadata": metadata, "runtime": -1.0, "runtime_stats": {}}


_STATUS = {"shape": "INCORRECT_SHAPE", "dtype": "INCORRECT_DTYPE", "refused": "RUNTIME_ERROR", "crash": "RUNTIME_ERROR"}


def flashinfer_bench(verdict: ProblemVerdict) -> Dict[str, Any]:
    """Evaluation of a Trace of FlashInfer-Bench, but for the performance, which is not measured: a pass has the status PASSED and performance null."""
    from ..flashinfer.traces import environment

    if verdict.verdict == "pass":
        status = "PASSED"
    elif not verdict.compiled:
        status = "COMPILE_ERROR"
    else:
        status = _STATUS.get(verdict.causes[0].kind, "INCORRECT_NUMERICAL") if verdict.causes else "INCONCLUSIVE"
    has_numbers = status in ("PASSED", "INCORRECT_NUMERICAL")
    absolute, relative = verdict.largest
    return {
        "status": status,
        "environment": environment(),
        "timestamp": datetime.datetime.now(datetime.timezone.utc).isoformat(),
        "log": "\n".join(cause.message for cause in verdict.causes),
        "correctness": {"max_relative_error": relative, "max_absolute_error": absolute, "extra": {"attention-cts": own(verdict)}} if has_numbers else None,
        "performance": None,
    }


FORMS: Mapping[str, Callable[[ProblemVerdict], Dict[str, Any]]] = {"attention-cts": own, "kernelbench": kernelbench, "flashinfer-bench": flashinfer_bench}


def text(verdict: ProblemVerdict) -> str:
    """The verdict for a person."""
    kind = f"judged as {verdict.operator}" if verdict.operator else "judged by a float64 run of the reference with a running error analysis, the weaker kind of verdict"
    lines = [f"{verdict.solution}: {verdict.verdict}", f"  {kind}"]
    for cause in verdict.causes:
        over = f", {cause.over_bound:,.3g} times the bound" if cause.over_bound is not None else ""
        lines.append(f"  {cause.kind} (draw {cause.draw}{over}): {cause.message}")
    lines += [f"  undecided: {why}" for why in verdict.undecided[:4]]
    if verdict.without_rule:
        lines.append(f"  no error bound is known of: {', '.join(verdict.without_rule)}. Each needs a rule (attn_cts/problems/rules)")
    if verdict.parameters == "seeded":
        lines.append("  ModelNew holds other parameters than Model, so that both were made after the same seed, and none was drawn")
    lines.append(f"  {verdict.passed} draws passed, the largest error {verdict.worst:.3g} of its bound (seed {verdict.seed})")
    return "\n".join(lines)
