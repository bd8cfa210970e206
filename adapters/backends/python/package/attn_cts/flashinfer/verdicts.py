"""Solutions held to what their Definition means: the suite's checks, then the structures of workloads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Sequence

from .documents import Definition
from .domain import Domain
from .kernels import kernel_of
from .latency import latency
from .references import described, identifier, judged
from .signatures import Match, match
from .solutions import NotBuilt, Solution, loaded, status_of
from .sources import load_reference
from .workloads import Workload, inputs_of, judge_workload


@dataclass
class SolutionVerdict:
    solution: str
    definition: str
    verdict: str
    """pass, fail or inconclusive."""
    status: str
    """As Traces have it: PASSED, INCORRECT_NUMERICAL, INCORRECT_SHAPE, INCORRECT_DTYPE, RUNTIME_ERROR, COMPILE_ERROR or TIMEOUT; PASSED here says nothing of a latency. INCONCLUSIVE, which no Trace has: nothing was judged."""
    causes: List[str] = field(default_factory=list)
    suite: Mapping[str, Any] = field(default_factory=dict)
    """The document of `attn-cts judge --json`."""
    workloads: List[Mapping[str, Any]] = field(default_factory=list)
    latencies: Dict[str, Mapping[str, float]] = field(default_factory=dict)
    """By the uuid of workloads, where they were measured."""

    def document(self) -> Dict[str, Any]:
        suite = {key: self.suite[key] for key in ("suite", "seed", "checks", "causes") if key in self.suite}
        return {
            "solution": self.solution,
            "definition": self.definition,
            "verdict": self.verdict,
            "status": self.status,
            "causes": self.causes,
            "workloads": list(self.workloads),
            **suite,
        }


def judge_solution(
    solution: Solution,
    d: Definition,
    *,
    workloads: Sequence[Workload] = (),
    seed: int = 0,
    time: bool = False,
    **options: Any,
) -> SolutionVerdict:
    """Judges a Solution. options: those of `attn_cts.judge`: profile, filter, runs, time_limit. workloads: of `workloads.read_workloads`.
    time: measure the latency of workloads that pass, and that of the Definition's reference.

    Raises NoMatch for a Definition that is of no operator, or whose constraints are not kept by what the suite draws, and Unavailable where the Solution's language needs what is not installed.
    """
    found: Match = match(d)
    failures: List[Exception] = []
    domain = Domain(d)
    try:
        with loaded(solution, d) as function:

            def call(values: Dict[str, Any]) -> Mapping[str, Any]:
                domain.require(values)
                try:
                    return function(values)
                except Exception as error:
                    failures.append(error)
                    raise

            suite = judged(found, kernel_of(found, call, identifier(solution.name)), seed=seed, **options)
            domain.require_kept()
            results = [judge_workload(found, function, workload, seed) for workload in workloads]
            latencies: Dict[str, Mapping[str, float]] = {}
            if time and d.reference.strip():
                reference = load_reference(d)
                for workload, result in zip(workloads, results):
                    measured = latency(function, reference, inputs_of(found, workload, seed, "normal")) if result["status"] == "PASSED" else None
                    if measured is not None:
                        latencies[workload.uuid] = measured
    except NotBuilt as error:
        return SolutionVerdict(solution.name, d.name, "fail", "COMPILE_ERROR", [str(error)])
    causes = [described(cause) for cause in suite["causes"]]
    causes += [f"workload {r['uuid']}: {r['why']}" for r in results if r["status"] != "PASSED"]
    verdict = suite["verdict"]
    if any(r["status"] != "PASSED" for r in results):
        verdict = "fail"
    return SolutionVerdict(solution.name, d.name, verdict, _status(verdict, suite, failures, results), causes, suite, results, latencies)


def _status(verdict: str, suite: Mapping[str, Any], failures: Sequence[Exception], workloads: Sequence[Mapping[str, Any]]) -> str:
    """The status of a Solution: a wrong number comes before whatever else failed, then the first cause. failures: what the Solution raised, in any call."""
    if verdict != "fail":
        return "PASSED" if verdict == "pass" else "RUNTIME_ERROR" if failures else "INCONCLUSIVE"
    found = [_status_of_cause(cause, failures) for cause in suite["causes"]]
    found += [w["status"] for w in workloads if w["status"] != "PASSED"]
    return "INCORRECT_NUMERICAL" if "INCORRECT_NUMERICAL" in found or not found else found[0]


_BY_CLASS = {"shape": "INCORRECT_SHAPE", "dtype": "INCORRECT_DTYPE"}


def _status_of_cause(cause: Mapping[str, Any], failures: Sequence[Exception]) -> str:
    """The status of one cause: what was raised counts only where the suite says that a call was refused."""
    if cause["verdict"] == "timeout":
        return "TIMEOUT"
    if cause["verdict"] == "crash":
        return "RUNTIME_ERROR"
    if cause.get("class") == "refused":
        return status_of(failures[0]) if failures else "RUNTIME_ERROR"
    return _BY_CLASS.get(cause.get("class", ""), "INCORRECT_NUMERICAL")
