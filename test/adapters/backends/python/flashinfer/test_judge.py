"""Matching, pages, Solutions, workloads, Traces and the gate. Run by flashinfer.test.ts."""

import json
import os
import random
import sys
import types

import numpy as np
import pytest
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "..", "..", "..", "..", "adapters", "backends", "python", "package")]
import schemas
from definitions import clean, combined_cache, gqa_ragged
from pieces import changed, scalar, tensor
from states import gdn_decode
from solutions import PAGED, RIGHT, solution, twelve

from attn_cts.flashinfer.__main__ import main
from attn_cts.flashinfer.documents import DocumentError, definition_of
from attn_cts.flashinfer.packed import page_order, page_tables, paged
from attn_cts.flashinfer.schema import solution_problems, trace_problems
from attn_cts.flashinfer.signatures import NoMatch, match
from attn_cts.flashinfer.solutions import NotBuilt, WrongShape, WrongType, loaded, solution_of
from attn_cts.flashinfer.traces import traces
from attn_cts.flashinfer.verdicts import SolutionVerdict
from attn_cts.flashinfer.workloads import judge_workload, read_workloads
from attn_cts.harness import Unavailable
from attn_cts.harness.safetensors import Raw, encode_safetensors

D = definition_of(PAGED, "d.json")
OPERATORS = {"gqa": "softmax", "com": "softmax", "mla": "mla-absorbed", "dsa": "flashinfer-dsa", "gdn": "flashinfer-gdn", "mer": "flashinfer-merge"}


@pytest.mark.parametrize("name", clean())
def test_a_definition_is_matched_by_its_signature_whatever_it_is_called(name):
    d = changed(clean()[name], lambda d: d.update(name="x", op_type="y"))
    found = match(definition_of(d, name))
    assert found.operator == OPERATORS[name[:3]]
    assert found.masks == (("causal",) if "prefill_causal" in name else ("full",))
    assert found.sizes["g"] == {"mla": 4, "dsa": 4, "mer": 1}.get(name[:3], 2) and found.dtype == ("f32" if name[:3] == "mer" else "bf16")


@pytest.mark.parametrize(
    "change, said",
    [
        (lambda d: d["inputs"].update(alibi_slopes=tensor("num_qo_heads", dtype="float32")), r"alibi_slopes \(\[num_qo_heads\] float32\)"),
        (lambda d: d["inputs"].update(logits_soft_cap=scalar()), r"logits_soft_cap \(a scalar float32\), of which nothing is known"),
        (lambda d: d["inputs"].pop("k_cache"), "nothing|no k_cache|no signature"),
        (lambda d: d["inputs"]["q"].update(shape=["batch_size", "head_dim"]), "q .* must have 3 axes"),
        (lambda d: d["inputs"]["k_cache"].update(dtype="float8_e4m3fn"), "k_cache .*float8_e4m3fn"),
        (lambda d: d["inputs"]["kv_indices"].update(dtype="float32"), "kv_indices .*must be integers"),
        (lambda d: d["outputs"].update(maximum=tensor("batch_size", dtype="float32")), "its output maximum"),
        (lambda d: d["axes"].update(num_kv_heads={"type": "const", "value": 128}), "4 heads .* no multiple of 128"),
        (lambda d: d.update(inputs={"x": tensor("batch_size")}), r"nothing is known of its inputs x"),
    ],
)
def test_what_matches_no_signature_says_which_input_is_unknown(change, said):
    with pytest.raises(NoMatch, match=said):
        match(definition_of(changed(PAGED, change), "d"))


@pytest.mark.parametrize(
    "change, said",
    [
        (lambda d: d["axes"].update(kv_cache_dim={"type": "const", "value": 1}), r"kv_cache .* must hold keys and values: axis kv_cache_dim must be 2"),
        (lambda d: d["inputs"].update(k_cache=tensor("num_pages")), r"k_cache .*of which nothing is known"),
        (lambda d: d["inputs"].update(skip_softmax=scalar()), r"skip_softmax \(a scalar float32\), of which nothing is known"),
    ],
)
def test_a_combined_cache_that_is_none_is_not_guessed(change, said):
    with pytest.raises(NoMatch, match=said):
        match(definition_of(changed(combined_cache(), change), "d"))


@pytest.mark.parametrize(
    "change, said",
    [
        (lambda d: d["axes"].update(seq_len={"type": "const", "value": 4}), "token by token: axis seq_len must be 1"),
        (lambda d: d["outputs"].pop("new_state"), "the new state an output"),
    ],
)
def test_a_decode_with_a_state_has_one_token_and_gives_the_state_back(change, said):
    with pytest.raises(NoMatch, match=said):
        match(definition_of(changed(gdn_decode(), change), "d"))


def test_an_optional_input_of_unknown_meaning_is_left_out_of_calls():
    found = match(definition_of(changed(PAGED, lambda d: d["inputs"].update(workspace={**tensor("num_pages"), "optional": True})), "d"))
    assert "workspace" not in found.roles.values()


def test_every_token_is_found_through_the_tables():
    rng = random.Random(20)
    for _ in range(100):
        page = rng.choice([1, 2, 4, 16])
        lengths = [rng.choice([0, 1, page, page + 1, rng.randrange(40)]) for _ in range(rng.randrange(1, 5))]
        starts = np.concatenate([[0], np.cumsum(lengths)]).tolist()
        order, rows = page_order([-(-n // page) for n in lengths])
        tokens = torch.arange(1.0, sum(lengths) + 1)[:, None, None].expand(-1, 2, 3)
        cache = paged(torch, tokens, starts, rows, len(order), page)
        tables = page_tables(torch, rows, lengths, page, "cpu")
        assert sorted(order) == list(range(len(order))) and cache.shape[0] == len(order)
        indptr, indices, last = (tables[name].tolist() for name in ("kv_indptr", "kv_indices", "last_page_len"))
        for b, n in enumerate(lengths):
            pages = indices[indptr[b] : indptr[b + 1]]
            assert max(0, len(pages) - 1) * page + (last[b] if pages else 0) == n
            assert tables["block_table"][b, : len(pages)].tolist() == pages and tables["seq_lens"][b] == n
            read = cache[pages].flatten(0, 1)[:n]
            assert torch.equal(read, tokens[starts[b] : starts[b + 1]])
        assert len(set(indices)) == len(indices)


def values(lengths=(5, 0, 1), page=4, heads=4, key_heads=2, d=8):
    generator = torch.Generator().manual_seed(1)
    order, rows = page_order([-(-n // page) for n in lengths])
    tables = page_tables(torch, rows, lengths, page, "cpu")
    cache = torch.randn(2, len(order), page, key_heads, d, generator=generator).bfloat16()
    given = {"q": torch.randn(len(lengths), heads, d, generator=generator).bfloat16(), "k_cache": cache[0], "v_cache": cache[1]}
    return {**given, "kv_indptr": tables["kv_indptr"], "kv_indices": tables["kv_indices"], "kv_last_page_len": tables["last_page_len"], "sm_scale": 0.3}


def call(given, definition=D):
    with loaded(solution_of(given, "s", definition.dialect), definition) as function:
        return function(values())


class TheirModel:
    @classmethod
    def model_validate(cls, document):
        found = cls()
        found.document = document
        return found


class TheirRegistry:
    """Builds as flashinfer-bench does: a function of inputs, and of outputs where those are passed."""

    @classmethod
    def get_instance(cls):
        return cls()

    def build(self, definition, made):
        assert list(definition.document["inputs"])[0] == "q" and made.document["spec"]["language"] == "cuda"
        if "broken" in made.document["name"]:
            raise RuntimeError("nvcc: error")

        def run(q, *given):
            if made.document["spec"]["destination_passing_style"]:
                *_, output, lse = given
                assert output.isnan().all()
                output.copy_(q)
                lse.zero_()
                return None
            return q.clone(), torch.zeros(q.shape[:2])

        return run


@pytest.mark.parametrize("passing", [True, False])
def test_cuda_is_built_by_the_users_own_flashinfer_bench(passing, monkeypatch):
    compiled = types.ModuleType("flashinfer_bench.compile")
    data = types.ModuleType("flashinfer_bench.data")
    compiled.BuilderRegistry, data.Definition, data.Solution = TheirRegistry, TheirModel, TheirModel
    for name, module in (("flashinfer_bench", types.ModuleType("flashinfer_bench")), ("flashinfer_bench.compile", compiled), ("flashinfer_bench.data", data)):
        monkeypatch.setitem(sys.modules, name, module)
    document = changed(solution("kernel", RIGHT), lambda s: s["spec"].update(language="cuda", entry_point="main.cu::run", destination_passing_style=passing))
    document["sources"] = [{"path": "main.cu", "content": "// not compiled here"}]
    q, pages = torch.ones(2, 4, 8, dtype=torch.bfloat16), torch.zeros(3, 64, 2, 8, dtype=torch.bfloat16)
    tables = page_tables(torch, [[0], [1]], [3, 4], 64, "cpu")
    values = {"q": q, "k_cache": pages, "v_cache": pages, "kv_indptr": tables["kv_indptr"], "kv_indices": tables["kv_indices"], "kv_last_page_len": tables["last_page_len"], "sm_scale": 1.0}
    with loaded(solution_of(document, "s"), D) as call:
        results = call(values)
    assert torch.equal(results["output"], q) and results["lse"].shape == (2, 4)
    with pytest.raises(NotBuilt, match="does not build broken: RuntimeError: nvcc"):
        with loaded(solution_of({**document, "name": "broken"}, "s"), D):
            pass


def test_solutions_are_loaded_and_called_as_they_ask():
    made = {name: given for name, (_, given) in twelve().items()}
    results = [call(made[name]) for name in ("right", "right, into outputs", "right, in several files")]
    assert all(torch.equal(r["output"], results[0]["output"]) and torch.equal(r["lse"], results[0]["lse"]) for r in results)
    assert "parts" not in sys.modules
    assert torch.isnan(call(made["leaves outputs as they are"])["lse"]).all()
    for name, error in (("another dtype", WrongType), ("another shape", WrongShape), ("does not load", NotBuilt)):
        with pytest.raises(error):
            call(made[name])
    with pytest.raises(NotBuilt, match="has no function nowhere"):
        call(solution("none", RIGHT, "nowhere"))
    with pytest.raises(Unavailable, match=r"not_a_module_here.*pip install not_a_module_here"):
        call(solution("imports", "import not_a_module_here\n"))
    with pytest.raises(Unavailable, match=r"cuda, which flashinfer-bench builds.*pip install flashinfer-bench"):
        call(solution("cuda", "", language="cuda"))


def test_outputs_are_passed_by_default_in_one_dialect_and_returned_in_the_other():
    given = solution("s", RIGHT)
    del given["spec"]["destination_passing_style"]
    assert solution_of(given, "s", "bench").passes_destinations and not solution_of(given, "s", "dump").passes_destinations


def test_what_a_solution_lacks_is_said_at_once():
    wrong = solution("s", RIGHT, language="rust", target_hardware=[])
    wrong["sources"].append({"path": "../x.py", "content": ""})
    wrong["spec"]["entry_point"] = "other.py::run"
    problems = solution_problems(wrong)
    assert len(problems) == 4 and any("leaves the folder" in p for p in problems)
    with pytest.raises(DocumentError, match="rust.*target_hardware|target_hardware"):
        solution_of(wrong, "s")


def workload_file(folder, **changes):
    given = values()
    raws = {name: Raw("i32", given[name].numpy()) for name in ("kv_indptr", "kv_indices", "kv_last_page_len")}
    (folder / "blob").mkdir(exist_ok=True)
    (folder / "blob" / "t.safetensors").write_bytes(encode_safetensors(raws))
    source = lambda key: {"type": "safetensors", "path": "blob/t.safetensors", "tensor_key": key}  # noqa: E731
    inputs = {name: source(name) for name in raws}
    inputs.update(q={"type": "random"}, sm_scale={"type": "scalar", "value": 0.3})
    inputs.update(changes)
    axes = {"batch_size": 3, "num_pages": int(given["k_cache"].shape[0]), "len_indptr": 4, "num_kv_indices": len(given["kv_indices"])}
    line = {"definition": D.name, "workload": {"uuid": "w1", "axes": axes, "inputs": inputs}, "solution": None, "evaluation": None}
    (folder / "workloads").mkdir(exist_ok=True)
    path = folder / "workloads" / "w.jsonl"
    path.write_text(json.dumps({"definition": "other", "workload": {}}) + "\n" + json.dumps(line) + "\n")
    return str(path)


@pytest.mark.parametrize(
    "changes, said",
    [
        ({"kv_indptr": {"type": "random"}}, "kv_indptr is random: where things lie cannot be drawn"),
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


class Applied:
    def __init__(self):
        self.solutions = None

    def enable_apply(self, solutions):
        self.solutions = solutions


def test_the_gate_lets_through_only_what_passes(monkeypatch):
    module = sys.modules["attn_cts.flashinfer.gate"]
    monkeypatch.setattr(module, "judge_solution", lambda s, d, **options: SolutionVerdict(s.name, d.name, "fail" if s.name == "bad" else "pass", "", ["o is wrong"]))
    other = changed(gqa_ragged(), lambda d: d.update(name="ragged"))
    solutions = {D.name: solution("good", RIGHT), "ragged": solution("bad", RIGHT, definition=other), "nowhere": solution("x", RIGHT)}
    applied = Applied()
    result = module.gate(solutions, {D.name: PAGED, "ragged": other}, apply=applied)
    assert list(applied.solutions) == [D.name] and applied.solutions[D.name] == solutions[D.name]
    assert result.refused["ragged"] == "o is wrong" and "no Definition is called nowhere" in result.refused["nowhere"]
    applied = Applied()
    assert module.gate({"ragged": solutions["ragged"]}, {"ragged": other}, apply=applied).passed == {} and applied.solutions is None



def test_the_gate_says_what_is_missing():

    try:
        import flashinfer  # noqa: F401
    except ImportError:
        with pytest.raises(Unavailable, match="pip install flashinfer-python"):
            sys.modules["attn_cts.flashinfer.gate"].gate({}, {})


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


def test_what_cannot_be_judged_is_said_in_one_line(tmp_path, capsys):
    (tmp_path / "d.json").write_text(json.dumps(changed(PAGED, lambda d: d["inputs"].update(alibi=tensor("num_qo_heads")))))
    (tmp_path / "s.json").write_text(json.dumps(solution("s", RIGHT)))
    assert main(["judge", str(tmp_path / "s.json"), "--definition", str(tmp_path)]) == 2
    assert "alibi ([num_qo_heads] bfloat16), of which nothing is known" in capsys.readouterr().err
    (tmp_path / "d.json").write_text(json.dumps(PAGED))
    (tmp_path / "s.json").write_text(json.dumps(solution("s", "", language="cuda")))
    assert main(["judge", str(tmp_path / "s.json"), "--definition", str(tmp_path / "d.json")]) == 2
    assert "unavailable: s is cuda" in capsys.readouterr().err
    (tmp_path / "s.json").write_text(json.dumps(solution("s", RIGHT, definition=gqa_ragged())))
    assert main(["judge", str(tmp_path / "s.json"), "--definition", str(tmp_path / "d.json")]) == 2
    assert "is a Solution of gqa_ragged" in capsys.readouterr().err
