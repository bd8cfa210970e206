"""A Definition's own reference, judged as a kernel."""

from __future__ import annotations

import traceback
from typing import Any, Dict, List, Mapping, Optional, Tuple

from ..judge import judge
from .documents import Definition
from .domain import Domain
from .findings import Finding, finding
from .kernels import kernel_of
from .signatures import SPEC, Match, NoMatch, match
from .sources import load_reference

RUNS = 12
"""Cases of each check: references are loops in Python."""


def check(d: Definition, runs: Optional[int] = None, **options: Any) -> Tuple[Mapping[str, Any], List[Finding]]:
    """Holds the reference to the oracle; options: of `attn_cts.judge`. Returns what became of it, and the findings."""
    result: Dict[str, Any] = {"definition": d.name, "path": d.path}
    if not d.reference.strip():
        return {**result, "verdict": "no reference"}, []
    try:
        found = match(d)
    except NoMatch as error:
        return {**result, "verdict": "unmatched", "why": str(error)}, [finding("unmatched", d.path, d.name, str(error))]
    result["matched"] = found.document()
    try:
        reference = load_reference(d)
    except Exception as error:
        text = said(error)
        return {**result, "verdict": "fail"}, [finding("reference-raises", d.path, d.name, f"cannot be loaded: {text}")]
    raised: List[str] = []
    domain = Domain(d)

    def call(values: Dict[str, Any]) -> Mapping[str, Any]:
        domain.require(values)
        try:
            return reference(values)
        except Exception as error:
            text = said(error)
            if text not in raised:
                raised.append(text)
            raise

    verdict = judged(found, kernel_of(found, call, identifier(d.name)), runs=RUNS if runs is None else runs, **options)
    try:
        domain.require_kept()
    except NoMatch as error:
        return {**result, "verdict": "unmatched", "why": str(error)}, [finding("unmatched", d.path, d.name, str(error))]
    result.update(verdict=verdict["verdict"], checks=verdict["checks"])
    findings = [finding("reference-raises", d.path, d.name, text) for text in raised[:3]]
    for cause in verdict["causes"]:
        # a cause without an element is that nothing came back
        if raised and "actual" not in cause:
            continue
        findings.append(finding("reference-wrong", d.path, d.name, described(cause)))
    for kernel in verdict["kernels"]:
        if kernel.get("unavailable"):
            findings.append(finding("reference-raises", d.path, d.name, kernel["unavailable"]))
    return result, findings


def judged(found: Match, function: Any, **options: Any) -> Dict[str, Any]:
    """The verdict on a kernel of a matched Definition, by the profile of its operator where none is named."""
    options.setdefault("profile", profile_of(found))
    options.setdefault("spec", SPEC)
    return judge(function, **options)


def profile_of(found: Match) -> List[str]:
    return ["flashinfer" if found.operator.startswith("flashinfer-") else "flashinfer-attention"]


def described(cause: Mapping[str, Any]) -> str:
    """A cause in one line, with its smallest case."""
    text = cause.get("hint") or cause["title"]
    case = cause.get("case")
    if case:
        sizes = " ".join(f"{axis}={size}" for axis, size in case["dims"].items())
        text += f" (smallest case: {sizes}, mask {case['mask'].get('name', 'of its own')}"
        if "actual" in cause:
            text += f"; {cause.get('output')}{cause.get('index')} is {cause['actual']}, must be {cause['expected']}"
        text += ")"
    return text


def said(error: BaseException) -> str:
    """An exception with the line of the reference that raised it."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith("reference.py")]
    where = f", line {frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error).strip() else 'no message'}{where}"


def identifier(name: str) -> str:
    """A name as an identifier of a kernel."""
    return "".join(c if c.isalnum() else "_" for c in name)
