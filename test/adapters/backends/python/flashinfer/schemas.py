"""Validators of Traces after the tables of both tools, written apart from the package's own: what flashinfer-bench's models and flashinfer's dataclasses take."""

import math

SEVEN = {"PASSED", "INCORRECT_SHAPE", "INCORRECT_NUMERICAL", "INCORRECT_DTYPE", "RUNTIME_ERROR", "COMPILE_ERROR", "TIMEOUT"}


def bench(trace):
    """As flashinfer-bench reads it: raises AssertionError."""
    assert set(trace) == {"definition", "workload", "solution", "evaluation"}
    assert isinstance(trace["definition"], str) and isinstance(trace["solution"], str)
    workload = trace["workload"]
    assert isinstance(workload["uuid"], str) and all(type(n) is int and n >= 0 for n in workload["axes"].values())
    for given in workload["inputs"].values():
        assert {"random": {"type"}, "scalar": {"type", "value"}, "safetensors": {"type", "path", "tensor_key"}}[given["type"]] == set(given)
    e = trace["evaluation"]
    assert set(e) == {"status", "environment", "timestamp", "log", "correctness", "performance"} and e["status"] in SEVEN
    assert e["environment"]["hardware"] and all(type(k) is type(v) is str for k, v in e["environment"]["libs"].items())
    assert isinstance(e["timestamp"], str) and isinstance(e["log"], str)
    assert (e["correctness"] is not None) == (e["status"] in ("PASSED", "INCORRECT_NUMERICAL"))
    assert (e["performance"] is not None) == (e["status"] == "PASSED")
    if e["correctness"] is not None:
        assert set(e["correctness"]) == {"max_relative_error", "max_absolute_error", "extra"}
        for key in ("max_relative_error", "max_absolute_error"):
            number = float(e["correctness"][key])
            assert math.isnan(number) or number >= 0
        assert all(isinstance(key, str) for key in e["correctness"]["extra"])
    if e["performance"] is not None:
        assert set(e["performance"]) == {"latency_ms", "reference_latency_ms", "speedup_factor"} and all(n > 0 for n in e["performance"].values())


def dump(trace):
    """As flashinfer reads it, which has no NaN outside strings."""
    bench(trace)

    def strict(value):
        if isinstance(value, float):
            assert math.isfinite(value)
        for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            strict(item)

    strict(trace)
