"""Solutions, references and Traces as their user has them judged, the suite started for each: a minute and more. Run by flashinfer.every.test.ts."""

import json
import os

import pytest
from test_judge import D, workload_file

import schemas
from definitions import clean, mla_paged
from pieces import changed
from planted import planted
from solutions import PAGED, twelve

from attn_cts.flashinfer import gate
from attn_cts.flashinfer.__main__ import main
from attn_cts.flashinfer.documents import definition_of
from attn_cts.flashinfer.references import check
from attn_cts.flashinfer.solutions import solution_of
from attn_cts.flashinfer.verdicts import judge_solution

# `npm run accept -- flashinfer` asks all; the suite, run for each, takes from 10 s to minutes
ALL = os.environ.get("ATTN_FLASHINFER") == "all"
FEW = ["softmax*/*/oracle/*", "softmax/*/stateless/*", "softmax/*/cache-history/*"]


@pytest.mark.parametrize("name", list(twelve())[:: 1 if ALL else 5])
def test_the_verdict_on_a_solution_is_right(name):
    status, document = twelve()[name]
    verdict = judge_solution(solution_of(document, name), D, runs=4, filter=FEW)
    assert (verdict.status, verdict.verdict) == (status, "pass" if status == "PASSED" else "fail"), verdict.causes
    assert bool(verdict.causes) == (status != "PASSED")


@pytest.mark.parametrize("name", list(clean()) if ALL else [])
def test_nothing_is_found_in_the_reference_of_a_clean_definition(name):
    result, found = check(definition_of(clean()[name], name), 2)
    assert result["verdict"] == "pass" and found == []


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
    result = gate({D.name: twelve()["right"][1], "other": wrong}, {D.name: PAGED, "other": other}, apply=applied, runs=2, filter=FEW[0])
    assert list(applied.solutions) == [D.name] and list(result.refused) == ["other"]


def test_a_solution_and_its_workload_are_judged_and_traced(tmp_path, capsys):
    for name, value in (("d.json", PAGED), ("good.json", twelve()["right, into outputs"][1]), ("bad.json", twelve()["reads the whole last page"][1])):
        (tmp_path / name).write_text(json.dumps(value))
    workloads = workload_file(tmp_path)
    traced = tmp_path / "traces" / "t.jsonl"
    options = ["--definition", str(tmp_path / "d.json"), "--workloads", workloads, "--trace", str(traced), "--runs", "2", "--json", "--filter", FEW[0]]
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
