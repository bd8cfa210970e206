"""Solutions, references and Traces as their user has them judged, the suite started for each: a minute and more. Run by flashinfer.every.test.ts."""

import json
import os
import sys

import pytest
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "..", "..", "..", "..", "adapters", "backends", "python", "package")]
import schemas
from blocks import block_lists
from calls import D, workload_file
from caches import combined_cache, fp8_paged, latent_cache
from clean import clean
from definitions import mla_paged
from pieces import changed
from planted import planted
from solutions import PAGED, RIGHT, pairs, solution, twelve
from states import gdn_pool, kda_prefill, merge_state_into

from attn_cts.flashinfer import gate
from attn_cts.flashinfer.__main__ import main
from attn_cts.flashinfer.documents import definition_of
from attn_cts.flashinfer.references import check
from attn_cts.flashinfer.signatures import match
from attn_cts.flashinfer.solutions import solution_of
from attn_cts.flashinfer.sources import load_reference
from attn_cts.flashinfer.verdicts import judge_solution
from attn_cts.flashinfer.workload_oracle import compare

# `npm run accept -- flashinfer` asks all; the suite, run for each, takes from 10 s to minutes. Right ones are also judged by the gate and for a trace
ALL = os.environ.get("ATTN_FLASHINFER") == "all"
FEW = ["softmax*/*/oracle/*", "softmax/*/stateless/*", "softmax/*/cache-history/*"]
# a wrong Solution fails every one of them, and each failure is made smaller
ASKED = FEW if ALL else ["softmax+grouped/*/oracle/*"]


@pytest.mark.parametrize("name", list(twelve()) if ALL else list(twelve())[5:6])
def test_the_verdict_on_a_solution_is_right(name):
    status, document = twelve()[name]
    verdict = judge_solution(solution_of(document, name), D, runs=4, filter=ASKED)
    assert (verdict.status, verdict.verdict) == (status, "pass" if status == "PASSED" else "fail"), verdict.causes
    assert bool(verdict.causes) == (status != "PASSED")


def test_a_solution_is_called_inside_its_constraints_alone():
    limited = definition_of(changed(PAGED, lambda d: d["constraints"].append("batch_size <= 2")), "d")
    source = RIGHT.replace("    output = torch.zeros(", "    assert q.shape[0] <= 2\n    output = torch.zeros(", 1)
    assert source != RIGHT
    verdict = judge_solution(solution_of(solution("limited", source), "limited"), limited, runs=4, filter=ASKED)
    assert (verdict.status, verdict.verdict) == ("PASSED", "pass"), verdict.causes


@pytest.mark.parametrize("name", list(pairs()) if ALL else list(pairs())[:2])
def test_a_right_and_a_wrong_solution_of_each_further_signature_are_told_apart(name):
    status, document, definition = pairs()[name]
    verdict = judge_solution(solution_of(document, name), definition_of(definition, "d"), runs=8, filter="*/*/oracle/*")
    assert (verdict.status, verdict.verdict) == (status, "pass" if status == "PASSED" else "fail"), verdict.causes


@pytest.mark.parametrize("name", list(clean()) if ALL else [])
def test_nothing_is_found_in_the_reference_of_a_clean_definition(name):
    result, found = check(definition_of(clean()[name], name), 2)
    assert result["verdict"] == "pass" and found == []


def values_of_workloads():
    """Inputs by name, of Definitions whose structures differ; what is written into or written twice is not among them."""
    random = torch.Generator().manual_seed(3)
    drawn = lambda *shape, kind=torch.bfloat16: torch.randn(*shape, generator=random).to(kind)  # noqa: E731
    whole = lambda *numbers: torch.tensor(numbers, dtype=torch.int32)  # noqa: E731
    tables = {"block_tables": whole([2, 0], [1, 1]), "seq_lens": whole(20, 3), "max_seq_len": 20, "bmm1_scale": 0.4, "bmm2_scale": 0.5, "workspace_buffer": torch.zeros(8, dtype=torch.int8)}
    pages = {"kv_indptr": whole(0, 2, 3), "kv_indices": whole(2, 0, 1), "kv_last_page_len": whole(4, 3), "sm_scale": 0.3}
    yield combined_cache(), {"query": drawn(2, 4, 8), "kv_cache": drawn(3, 2, 2, 16, 8), **tables}
    yield latent_cache(), {"query": drawn(2, 1, 4, 12), "kv_cache": drawn(3, 1, 16, 12), "kv_lora_rank": 8, "qk_rope_head_dim": 4, **tables}
    yield latent_cache(flat=True), {"query": drawn(2, 3, 4, 12), "kv_cache": drawn(3, 16, 12), "kv_lora_rank": 8, "qk_rope_head_dim": 4, **tables}
    yield fp8_paged(), {"q": drawn(2, 4, 8), "k_cache": drawn(3, 16, 2, 8).to(torch.float8_e4m3fn), "v_cache": drawn(3, 16, 2, 8).to(torch.float8_e4m3fn), "k_scale": 0.5, "v_scale": 2.0, **pages}
    lists = torch.randint(-1, 3, (2, 7, 4), generator=random).int()
    yield block_lists(), {"q": drawn(7, 4, 8), "k": drawn(12, 2, 8), "v": drawn(12, 2, 8), "q2k_indices": lists, "cu_seqlens_q": whole(0, 3, 7), "cu_seqlens_k": whole(0, 9, 12), "causal": True, "softmax_scale": 0.3}
    tokens = {"q": drawn(2, 3, 2, 8), "k": drawn(2, 3, 2, 8), "v": drawn(2, 3, 4, 8), "a": drawn(2, 3, 4), "b": drawn(2, 3, 4)}
    gates = {"A_log": drawn(4, kind=torch.float32), "dt_bias": drawn(4, kind=torch.float32), "scale": 0.4}
    yield gdn_pool(), {**tokens, **gates, "initial_state": drawn(5, 4, 8, 8, kind=torch.float32), "initial_state_indices": whole(4, 1)}
    rows = {"q": drawn(7, 2, 8), "k": drawn(7, 2, 8), "v": drawn(7, 4, 8), "g": -drawn(7, 4, 8, kind=torch.float32).abs(), "b": drawn(7, 4).sigmoid()}
    yield kda_prefill(), {**rows, "state": drawn(2, 4, 8, 8, kind=torch.float32), "cu_seqlens": torch.tensor([0, 3, 7]), "scale": 0.4}
    parts = {"v": drawn(3, 4, 8, kind=torch.float32), "v_other": drawn(3, 4, 8, kind=torch.float32)}
    yield merge_state_into(), {**parts, "s": drawn(3, 4, kind=torch.float32), "s_other": drawn(3, 4, kind=torch.float32), "mask": torch.tensor([True, False, True])}


@pytest.mark.parametrize("at", range(8) if ALL else (0, 2, 4, 6))
def test_workloads_of_every_structure_are_held_to_the_oracle(at):
    document, values = list(values_of_workloads())[at]
    d = definition_of(document, "d")
    values = {name: values[name] for name in d.inputs}
    found = match(d)
    outputs = load_reference(d)({name: value.clone() if name in d.outputs else value for name, value in values.items()})
    assert compare(found, values, outputs)["wrong"] == ""
    first = found.outputs["o"]
    assert first in compare(found, values, {**outputs, first: outputs[first] * 1.5})["wrong"]


@pytest.mark.skipif(not ALL, reason="npm run accept -- flashinfer")
def test_a_reference_that_takes_a_state_and_begins_without_it_is_found():
    unread = changed(kda_prefill(), lambda d: d.update(reference=d["reference"].replace("if state is None else state.float().clone()", "")))
    result, found = check(definition_of(unread, "d"), 2, filter="*/*/oracle/*")
    assert result["verdict"] == "fail" and [f.rule for f in found] == ["reference-wrong"] and "initial" in found[0].message


@pytest.mark.skipif(not ALL, reason="npm run accept -- flashinfer")
def test_what_is_wrong_with_references_is_found():
    whole_page = planted()["pages without a length"][1]
    unguarded = planted()["rows that see nothing"][1]
    for document, said, only in ((whole_page, "o", FEW[0]), (unguarded, "emptyOutput=nan", "softmax/*/empty-row/*")):
        result, found = check(definition_of(document, "d"), 4, filter=only)
        assert result["verdict"] == "fail" and {f.rule for f in found} == {"reference-wrong"}
        assert any(said in f.message for f in found)


class Applied:
    def __init__(self):
        self.solutions = None

    def enable_apply(self, solutions):
        self.solutions = solutions


def test_the_gate_judges_what_it_lets_through():
    wrong = changed(twelve()["lse in base e"][1], lambda s: s.update(definition="other"))
    other = changed(PAGED, lambda d: d.update(name="other"))
    applied = Applied()
    result = gate({D.name: twelve()["right"][1], "other": wrong}, {D.name: PAGED, "other": other}, apply=applied, runs=2, filter=ASKED[0])
    assert list(applied.solutions) == [D.name] and list(result.refused) == ["other"]


def test_a_solution_and_its_workload_are_judged_and_traced(tmp_path, capsys):
    for name, value in (("d.json", PAGED), ("good.json", twelve()["right, into outputs"][1]), ("bad.json", twelve()["reads the whole last page"][1])):
        (tmp_path / name).write_text(json.dumps(value))
    workloads = workload_file(tmp_path)
    traced = tmp_path / "traces" / "t.jsonl"
    options = ["--definition", str(tmp_path / "d.json"), "--workloads", workloads, "--trace", str(traced), "--runs", "2", "--json", "--filter", ASKED[0]]
    assert main(["judge", str(tmp_path / "good.json"), str(tmp_path / "bad.json"), *options]) == 1
    good, bad = json.loads(capsys.readouterr().out)
    assert (good["verdict"], good["status"]) == ("pass", "PASSED") and good["workloads"][0]["worst_over_bound"] <= 1
    assert (bad["verdict"], bad["status"]) == ("fail", "INCORRECT_NUMERICAL") and "output" in bad["workloads"][0]["why"]
    lines = [json.loads(line) for line in traced.read_text().splitlines()]
    assert [line["evaluation"]["status"] for line in lines] == ["PASSED", "INCORRECT_NUMERICAL"]
    for line in lines:
        schemas.bench(line)
        schemas.dump(line)


def test_a_reference_that_raises_is_a_finding():
    d = changed(mla_paged(), lambda d: d.update(reference=d["reference"].replace("    output = torch.zeros(q_nope", "    assert q_nope.shape[0] > 10**6\n    output = torch.zeros(q_nope")))
    result, found = check(definition_of(d, "d"), 1, filter="mla-absorbed*/*/oracle/*")
    assert result["verdict"] == "fail" and [f.rule for f in found] == ["reference-raises"] and "AssertionError" in found[0].message
    d = changed(mla_paged(), lambda d: d.update(reference="import nothing_of_this_name\n" + d["reference"]))
    assert [f.rule for f in check(definition_of(d, "d"), 1)[1]] == ["reference-raises"]
