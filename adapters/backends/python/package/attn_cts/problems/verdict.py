"""The verdict on a solution: outputs of each draw against values and bounds of the reference."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional, Sequence, Tuple

import torch

from .analysis import Analysed, WithoutRule
from .bounded import Arithmetic, Bounded, Choice
from .draws import draws
from .matching import Operator, operator_of
from .problem import Problem
from .solution import Died, Solution, same_bits

Tensor = torch.Tensor

# where most bounds are as wide as the output is large, agreement says nothing
_MOST = 0.5


@dataclass
class Cause:
    """One thing that is wrong: of which kind, in which draw, and how it shows."""

    kind: str
    """value, shape, dtype, refused, crash, state or inputs."""
    draw: str
    message: str
    over_bound: Optional[float] = None

    def document(self) -> Dict[str, Any]:
        found: Dict[str, Any] = {"kind": self.kind, "draw": self.draw, "message": self.message}
        if self.over_bound is not None:
            found["overBound"] = self.over_bound if self.over_bound < float("inf") else "Infinity"
        return found


@dataclass
class ProblemVerdict:
    problem: str
    solution: str
    seed: int
    verdict: str = "inconclusive"
    """pass, fail or inconclusive."""
    kind: str = "error-analysis"
    """operator: the outputs were judged by an operator of the suite; error-analysis: by bounds of a float64 run, the weaker kind."""
    operator: Optional[str] = None
    compiled: bool = True
    parameters: str = "drawn"
    """drawn; or seeded, where ModelNew holds others than Model."""
    passed: int = 0
    causes: List[Cause] = field(default_factory=list)
    undecided: List[str] = field(default_factory=list)
    operations: List[str] = field(default_factory=list)
    without_rule: List[str] = field(default_factory=list)
    worst: float = 0.0
    """Largest error, in bounds."""
    largest: Tuple[float, float] = (0.0, 0.0)
    """Largest absolute and relative error."""


def judge_problem(problem: Problem, path: str, *, runs: int = 8, device: str = "cpu", time_limit: float = 120.0, tf32: bool = False) -> ProblemVerdict:
    """Judges a solution of a problem on so many draws. time_limit: seconds that one call may take.

    Raises ProblemError for files that are no problem or no solution.
    """
    found = ProblemVerdict(problem.path, path, problem.seed)
    try:
        solution = Solution(path, problem, device, time_limit)
    except Died as error:
        found.verdict, found.compiled = "fail", error.compiled
        found.causes.append(Cause("refused", "none", f"the solution cannot be made: {error}"))
        return found
    try:
        _judge(found, problem, solution, runs, Arithmetic(tf32))
    finally:
        solution.close()
    if found.causes:
        found.verdict = "fail"
    elif found.passed and not found.undecided and not found.without_rule:
        found.verdict = "pass"
    return found


def _judge(found: ProblemVerdict, problem: Problem, solution: Solution, runs: int, arithmetic: Arithmetic) -> None:
    drawn = solution.takes(problem.state)
    found.parameters = "drawn" if drawn else "seeded"
    operator: Optional[Operator] = None
    before: Optional[List[Any]] = None
    for at, draw in enumerate(draws(problem, runs, drawn)):
        title = f"{at}, {draw.name}"
        try:
            expected = problem.expected(draw.arguments, draw.state, arithmetic)
        except WithoutRule as error:
            found.without_rule = sorted(error.names)
            return
        found.operations = sorted(expected.operations)
        if at == 0:
            operator = operator_of(draw, expected)
            found.kind, found.operator = ("operator", operator.title) if operator else (found.kind, None)
        try:
            reuse = at % 2 == 1
            outputs = solution.call(draw, reuse=reuse, with_state=drawn)
            # where the judge wrote into the inputs again, an output that is a part of them may change
            if before is not None and not reuse and not _are_same(before, solution.earlier()):
                found.causes.append(Cause("state", title, "the outputs of a call changed in the next one: both are one buffer"))
        except Died as error:
            kind = "inputs" if "changed input" in str(error) else "crash" if "ended with" in str(error) or "come back" in str(error) else "refused"
            found.causes.append(Cause(kind, title, str(error)))
            return
        before = outputs
        causes, undecided = _compared(expected, outputs, title, found)
        if operator and all(cause.kind == "value" for cause in causes):
            # the operator's own judgement is the stronger, and says which kernel the output matches
            fault = operator.fault_of(draw, outputs)
            causes = [Cause("value", title, fault, causes[0].over_bound if causes else None)] if fault else causes
        found.causes += causes
        found.undecided += undecided
        found.passed += not causes and not undecided
        if len(found.causes) >= 4:
            return


def _are_same(a: Sequence[Any], b: Sequence[Any]) -> bool:
    return len(a) == len(b) and all(same_bits(x, y) for x, y in zip(a, b) if isinstance(x, Tensor))


def _compared(expected: Analysed, outputs: Sequence[Any], draw: str, verdict: ProblemVerdict) -> Tuple[List[Cause], List[str]]:
    if len(outputs) != len(expected.outputs):
        return [Cause("shape", draw, f"found {len(outputs)} outputs, expected {len(expected.outputs)}")], []
    causes: List[Cause] = []
    undecided: List[str] = []
    for at, (wanted, dtype, output) in enumerate(zip(expected.outputs, expected.dtypes, outputs)):
        name = f"output {at}" if len(outputs) > 1 else "output"
        value = wanted.value if isinstance(wanted, (Bounded, Choice)) else wanted
        if not isinstance(output, Tensor) or list(output.shape) != list(value.shape):
            causes.append(Cause("shape", draw, f"the shape of {name} is {list(getattr(output, 'shape', []))}, expected {list(value.shape)}"))
        elif output.dtype != dtype:
            causes.append(Cause("dtype", draw, f"the dtype of {name} is {output.dtype}, expected {dtype}"))
        elif not output.is_floating_point():
            sure = ~wanted.unsure if isinstance(wanted, Choice) else torch.ones_like(value, dtype=torch.bool)
            off = (output != value) & sure
            if bool(off.any()):
                place = _place(off.reshape(-1).to(torch.int8).argmax(), off)
                causes.append(Cause("value", draw, f"{name}{place} is {output[tuple(place)].item()}, expected {value[tuple(place)].item()}"))
            elif float(sure.double().mean()) < _MOST:
                undecided.append(f"draw {draw}: {name}: another rounding would decide most elements otherwise")
        elif output.numel():
            assert isinstance(wanted, Bounded)
            cause, why = _numbers(wanted, output, name, draw, verdict)
            causes += [cause] if cause else []
            undecided += [why] if why else []
    return causes, undecided


def _numbers(wanted: Bounded, output: Tensor, name: str, draw: str, verdict: ProblemVerdict) -> Tuple[Optional[Cause], Optional[str]]:
    got, value, bound = output.double(), wanted.value, wanted.error
    limit = torch.finfo(output.dtype).max
    # what the dtype cannot hold may be infinite
    overflows = torch.isinf(got) & (value.abs() + bound >= limit) & (got.sign() == value.sign())
    agrees = (got == value) | (torch.isnan(got) & torch.isnan(value)) | overflows
    off = torch.where(agrees, 0.0, (got - value).abs())
    off = torch.where(torch.isnan(off), torch.inf, off)
    # where the bound is no number, the analysis says nothing of a finite value, nor of NaN
    decided = torch.isfinite(bound) & ~((value.abs() >= limit) & ~torch.isinf(value))
    over = torch.where(off == 0, 0.0, torch.where(decided, off / bound.clamp(min=1e-300), 0.0))
    verdict.worst = max(verdict.worst, float(over.max()))
    finite = torch.where(torch.isfinite(off), off, 0.0)
    verdict.largest = (max(verdict.largest[0], float(finite.max())), max(verdict.largest[1], float((finite / value.abs().clamp(min=1e-30)).nan_to_num(0.0).max())))
    if bool((over > 1).any()):
        place = _place(over.reshape(-1).argmax(), over)
        one = tuple(place)
        times = float(over[one])
        count = int((over > 1).sum())
        message = f"{name}{place} is {float(got[one]):.6g}, expected {float(value[one]):.6g} within {float(bound[one]):.3g}"
        return Cause("value", draw, f"{message}; {count} of {over.numel()} elements are outside of their bounds", times), None
    size = value[torch.isfinite(value)].abs()
    largest = float(size.max()) if size.numel() else 0.0
    wide = ~decided | ((bound >= largest) & (bound > 0) & torch.isfinite(value))
    if float(wide.double().mean()) > _MOST and largest > 0:
        return None, f"draw {draw}: the bounds of {name} are as wide as its values: {float(bound[torch.isfinite(bound)].mean() if bool(decided.any()) else float('inf')):.3g}, of at most {largest:.3g}"
    return None, None


def _place(flat: Tensor, of: Tensor) -> List[int]:
    return [int(x) for x in torch.unravel_index(flat, of.shape)] if of.dim() else []
