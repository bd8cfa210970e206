"""Latencies of a Solution and of its Definition's reference, on one input."""

from __future__ import annotations

import statistics
import time
from typing import Any, Callable, Dict, List, Mapping, Optional

WARM_UP, TIMED = 3, 10
"""Calls before a latency is measured, and those it is the median of."""


def latency(solution: Callable, reference: Callable, values: Mapping[str, Any], trials: int = TIMED) -> Optional[Dict[str, float]]:
    """Median milliseconds of a Solution and of the reference on one input; None where either raises."""
    try:
        mine, theirs = (_median(function, values, trials) for function in (solution, reference))
    except Exception:
        return None
    return {"latency_ms": mine, "reference_latency_ms": theirs, "speedup_factor": theirs / mine}


def _median(function: Callable, values: Mapping[str, Any], trials: int) -> float:
    import torch

    times: List[float] = []
    for number in range(WARM_UP + trials):
        given = {name: value.clone() if isinstance(value, torch.Tensor) else value for name, value in values.items()}
        _wait(torch)
        start = time.perf_counter()
        function(given)
        _wait(torch)
        if number >= WARM_UP:
            times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)


def _wait(torch: Any) -> None:
    if torch.cuda.is_available():
        torch.cuda.synchronize()
