"""Judgements in place of assertions, and a plugin of pytest that lets a test fail by them.

A record of each judgement is a line of JSON in the file that ATTN_CTS_RECORDS names: the test, the
verdict, the largest error in bounds, whether the replaced assertion held (`theirs`), and `tighter`:
median and largest of the assertion's tolerance ÷ the error bound.
"""

from __future__ import annotations

import json
import os
from typing import Any, Callable, Dict, List, Mapping, Optional

import glue
import numpy as np
import pytest
from attn_cts.testing import Verdict, bounds_of, explain

failures: List[str] = []


def judged(assertion: Callable[[], None], tolerance: Mapping[str, float], out: Any, q: Any, k: Any, v: Any, **arguments: Any) -> None:
    """Judges outputs by explain, whose arguments it takes, beside the assertion of the test."""
    record: Dict[str, Any] = {"test": os.environ["PYTEST_CURRENT_TEST"].split("::")[-1].split(" ")[0], "theirs": _holds(assertion)}
    try:
        given = glue.arguments(out, q, k, v, **arguments)
        verdict = explain(given.pop("out"), **given)
    except ValueError as error:
        record.update(verdict="not judged", reason=str(error))
    else:
        record.update(_told(verdict), tighter=_tighter(tolerance, {"numeric": verdict.record["numerics"], **given}, verdict))
        if record["verdict"] == "fail":
            failures.append(str(verdict))
    with open(os.environ["ATTN_CTS_RECORDS"], "a", encoding="utf-8") as file:
        file.write(json.dumps(record) + "\n")


def _holds(assertion: Callable[[], None]) -> bool:
    try:
        assertion()
    except AssertionError:
        return False
    return True


def _told(verdict: Verdict) -> Dict[str, Any]:
    statistics = [seen for judgement in verdict.record["judged"] for seen in judgement["statistics"].values()]
    error = max((float(seen["maxOverBound"]) for seen in statistics), default=0.0)
    return {"verdict": verdict.record["verdict"], "numerics": verdict.record["numerics"], "error": error, "text": str(verdict)}


def _tighter(tolerance: Mapping[str, float], given: Dict[str, Any], verdict: Verdict) -> Optional[List[float]]:
    """Median and largest tolerance ÷ bound, over the elements with a bound whose exact value is not 0."""
    found = bounds_of(**given)
    shares = []
    for name in (name for judgement in verdict.record["judged"] for name in judgement["outputs"]):
        exact, bound = found[name]
        decided = np.isfinite(bound) & (exact != 0)
        shares.append((tolerance["atol"] + tolerance["rtol"] * np.abs(exact[decided])) / bound[decided])
    every = np.concatenate(shares)
    return [float(np.median(every)), float(np.max(every))] if every.size else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Any:
    """Lets a test fail by what was judged in it."""
    failures.clear()
    result = yield
    if failures:
        raise AssertionError("\n".join(failures))
    return result
