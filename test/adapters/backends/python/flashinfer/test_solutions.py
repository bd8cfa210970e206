"""Solutions: loaded and called as they ask, gated, refused. Run by flashinfer.every.test.ts."""

import json
import os
import sys
import types

import pytest
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "..", "..", "..", "..", "adapters", "backends", "python", "package")]
from calls import D, values
from definitions import gqa_ragged
from pieces import changed, tensor
from solutions import PAGED, RIGHT, solution, twelve
from states import merge_state_into

from attn_cts.flashinfer.__main__ import main
from attn_cts.flashinfer.documents import DocumentError, definition_of
from attn_cts.flashinfer.packed import page_tables
from attn_cts.flashinfer.schema import solution_problems
from attn_cts.flashinfer.solutions import NotBuilt, WrongShape, WrongType, loaded, solution_of
from attn_cts.flashinfer.verdicts import SolutionVerdict, _status
from attn_cts.harness import Unavailable


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


def test_an_output_that_is_an_input_is_written_into_or_returned():
    d = definition_of(merge_state_into(), "d")
    given = {"v": torch.ones(2, 4, 8), "s": torch.zeros(2, 4), "v_other": torch.zeros(2, 4, 8), "s_other": torch.zeros(2, 4)}
    returning = merge_state_into()["reference"] + "    return v, s\n"
    into = merge_state_into()["reference"]
    for source, passing in ((into, False), (into, True), (returning, False)):
        made = solution_of(solution("s", source, "_merge_reference", passing, merge_state_into()), "s", d.dialect)
        with loaded(made, d) as function:
            results = function({name: value.clone() for name, value in given.items()})
        assert torch.equal(results["v"], torch.full((2, 4, 8), 0.5)) and torch.equal(results["s"], torch.ones(2, 4))


def test_what_a_solution_lacks_is_said_at_once():
    wrong = solution("s", RIGHT, language="rust", target_hardware=[])
    wrong["sources"].append({"path": "../x.py", "content": ""})
    wrong["spec"]["entry_point"] = "other.py::run"
    problems = solution_problems(wrong)
    assert len(problems) == 4 and any("leaves the folder" in p for p in problems)
    with pytest.raises(DocumentError, match="rust.*target_hardware|target_hardware"):
        solution_of(wrong, "s")


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


def test_what_cannot_be_judged_is_said_in_one_line(tmp_path, capsys):
    (tmp_path / "d.json").write_text(json.dumps(changed(PAGED, lambda d: d["inputs"].update(alibi=tensor("num_qo_heads")))))
    (tmp_path / "s.json").write_text(json.dumps(solution("s", RIGHT)))
    assert main(["judge", str(tmp_path / "s.json"), "--definition", str(tmp_path)]) == 2
    assert "alibi ([num_qo_heads] bfloat16), which the suite does not know" in capsys.readouterr().err
    (tmp_path / "d.json").write_text(json.dumps(PAGED))
    (tmp_path / "s.json").write_text(json.dumps(solution("s", "", language="cuda")))
    assert main(["judge", str(tmp_path / "s.json"), "--definition", str(tmp_path / "d.json")]) == 2
    assert "unavailable: s is cuda" in capsys.readouterr().err
    (tmp_path / "s.json").write_text(json.dumps(solution("s", RIGHT, definition=gqa_ragged())))
    assert main(["judge", str(tmp_path / "s.json"), "--definition", str(tmp_path / "d.json")]) == 2
    assert "found a Solution of gqa_ragged" in capsys.readouterr().err


VALUE, REFUSED = {"verdict": "fail", "class": "value"}, {"verdict": "fail", "class": "refused"}


@pytest.mark.parametrize(
    "causes, failures, workloads, status",
    [
        # what was raised in a call that is no cause, as while a case is made smaller, says nothing
        ([VALUE], [ValueError()], [], "INCORRECT_NUMERICAL"),
        ([REFUSED, VALUE], [ValueError()], [], "INCORRECT_NUMERICAL"),
        ([REFUSED], [ValueError()], ["INCORRECT_NUMERICAL"], "INCORRECT_NUMERICAL"),
        ([{"verdict": "fail", "class": "misbehaviour"}], [], [], "INCORRECT_NUMERICAL"),
        ([REFUSED], [ValueError()], [], "RUNTIME_ERROR"),
        ([REFUSED], [WrongShape()], [], "INCORRECT_SHAPE"),
        ([REFUSED], [WrongType(), ValueError()], [], "INCORRECT_DTYPE"),
        ([{"verdict": "fail", "class": "shape"}], [], [], "INCORRECT_SHAPE"),
        ([{"verdict": "timeout"}, REFUSED], [ValueError()], [], "TIMEOUT"),
        ([{"verdict": "crash", "class": "SIGSEGV"}], [], [], "RUNTIME_ERROR"),
        ([], [], ["RUNTIME_ERROR"], "RUNTIME_ERROR"),
    ],
)
def test_a_wrong_number_is_told_as_one_whatever_was_raised_beside_it(causes, failures, workloads, status):
    assert _status("fail", {"causes": causes}, failures, [{"status": each} for each in workloads]) == status
