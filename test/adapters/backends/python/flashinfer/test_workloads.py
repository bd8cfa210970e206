"""Workloads and Traces. Run by flashinfer.every.test.ts."""

import json
import os
import sys

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "..", "..", "..", "..", "adapters", "backends", "python", "package")]
from calls import D, workload_file
import schemas
from solutions import RIGHT, solution, twelve

from attn_cts.flashinfer.documents import DocumentError
from attn_cts.flashinfer.schema import trace_problems
from attn_cts.flashinfer.signatures import match
from attn_cts.flashinfer.solutions import loaded, solution_of
from attn_cts.flashinfer.traces import traces
from attn_cts.flashinfer.verdicts import SolutionVerdict
from attn_cts.flashinfer.workloads import judge_workload, read_workloads


@pytest.mark.parametrize(
    "changes, said",
    [
        ({"kv_indptr": {"type": "random"}}, "kv_indptr is random: inputs that hold positions cannot be drawn at random"),
        ({"kv_indices": {"type": "safetensors", "path": "blob/no.safetensors", "tensor_key": "x"}}, "no such file: blob/no.safetensors"),
        ({"kv_indices": {"type": "safetensors", "path": "blob/t.safetensors", "tensor_key": "x"}}, "has no tensor x; it has kv_indices|has no tensor x"),
        ({"kv_indices": {"type": "safetensors", "path": "blob/t.safetensors", "tensor_key": "kv_indptr"}}, r"kv_indices is \[4\] .*must be \[3\]"),
        ({"kv_last_page_len": {"type": "safetensors", "path": "blob/p.safetensors", "tensor_key": "x"}}, "Git-LFS pointer"),
        ({"nothing": {"type": "random"}}, "has no such input"),
        ({"sm_scale": {"type": "scalar"}}, "sm_scale: must be random, a scalar"),
    ],
)
def test_workloads_that_cannot_be_used_are_refused_by_name(tmp_path, changes, said):
    path = workload_file(tmp_path, **changes)
    (tmp_path / "blob" / "p.safetensors").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:1\n")
    with pytest.raises(DocumentError, match=said):
        for workload in read_workloads(path, D):
            judge_workload(match(D), lambda values: {}, workload, 0)


def verdict_of(status, verdict, uuid="w1", error=0.25):
    result = {"uuid": uuid, "seed": 3, "status": status, "why": "" if status == "PASSED" else "o is wrong", "max_absolute_error": error, "max_relative_error": error, "worst_over_bound": error}
    suite = {"suite": "0.1.0", "checks": {"passed": 3, "failed": 0}, "causes": []}
    return SolutionVerdict("s", D.name, verdict, status, [], suite, [result])


WORKLOAD = {"w1": {"uuid": "w1", "axes": {"batch_size": 3}, "inputs": {"q": {"type": "random"}}}}


LATENCY = {"w1": {"latency_ms": 0.5, "reference_latency_ms": 1.0, "speedup_factor": 2.0}}


@pytest.mark.parametrize("status", ["PASSED", "INCORRECT_NUMERICAL", "INCORRECT_SHAPE", "INCORRECT_DTYPE", "RUNTIME_ERROR"])
@pytest.mark.parametrize("error", [0.25, float("nan"), float("inf")])
def test_traces_are_valid_under_both_schemas(status, error):
    verdict = verdict_of(status, "pass" if status == "PASSED" else "fail", error=error)
    (trace,) = traces(verdict, solution_of(solution("s", RIGHT), "s"), D, LATENCY, WORKLOAD)
    read = json.loads(json.dumps(trace, allow_nan=False))
    schemas.bench(read)
    schemas.dump(read)
    assert trace_problems(read) == [] and read["evaluation"]["status"] == status
    if read["evaluation"]["correctness"]:
        assert read["evaluation"]["correctness"]["extra"]["attention-cts"]["seed"] == 3


def test_passed_is_written_only_with_a_latency_and_a_verdict_that_passes():
    s = solution_of(solution("s", RIGHT), "s")
    assert traces(verdict_of("PASSED", "pass"), s, D, {}, WORKLOAD) == []
    assert traces(verdict_of("PASSED", "inconclusive"), s, D, LATENCY, WORKLOAD) == []
    failed = verdict_of("PASSED", "fail")
    failed.status = "INCORRECT_NUMERICAL"
    (trace,) = traces(failed, s, D, LATENCY, WORKLOAD)
    assert trace["evaluation"]["status"] == "INCORRECT_NUMERICAL" and trace["evaluation"]["performance"] is None


def test_what_a_solution_makes_of_a_workload_is_held_to_the_oracle(tmp_path):
    (workload,) = read_workloads(workload_file(tmp_path), D)
    found = {}
    for name in ("right, into outputs", "reads the whole last page", "writes into its inputs", "leaves outputs as they are"):
        with loaded(solution_of(twelve()[name][1], "s"), D) as function:
            found[name] = judge_workload(match(D), function, workload, 3)
    statuses = [result["status"] for result in found.values()]
    assert statuses == ["PASSED", "INCORRECT_NUMERICAL", "INCORRECT_NUMERICAL", "INCORRECT_NUMERICAL"]
    assert 0 < found["right, into outputs"]["worst_over_bound"] <= 1
    assert "input q was written into" in found["writes into its inputs"]["why"]
