"""The reader of FlashInfer's documents, and the lints. Run by flashinfer.every.test.ts."""

import json
import os
import random
import sys

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "..", "..", "..", "..", "adapters", "backends", "python", "package")]
from clean import clean
from definitions import gqa_paged
from planted import planted

from attn_cts.flashinfer import audit
from attn_cts.flashinfer.__main__ import main
from attn_cts.flashinfer.documents import DocumentError, definition_of, parse, read_definition, read_lines
from attn_cts.flashinfer.lints import free_names, holds, lint
from attn_cts.flashinfer.schema import definition_problems, solution_problems, trace_problems, workload_problems

CLEAN, PLANTED = clean(), planted()


def written(folder, name, value):
    path = folder / name
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    return str(path)


@pytest.mark.parametrize("name", CLEAN)
def test_nothing_is_found_in_a_clean_definition(name):
    d = definition_of(CLEAN[name], name)
    assert d.dialect == name.rsplit(".", 1)[1]
    assert lint(d) == []


@pytest.mark.parametrize("name", PLANTED)
def test_every_planted_defect_is_found_and_nothing_else(name):
    rule, document = PLANTED[name]
    found = lint(definition_of(document, name))
    assert {f.rule for f in found} == {rule}, [f"{f.rule}: {f.message}" for f in found]


def test_the_order_of_keys_is_kept_even_of_those_that_look_like_numbers(tmp_path):
    d = gqa_paged()
    d["inputs"] = {"10": d["inputs"]["q"], "2": d["inputs"]["k_cache"], "q": d["inputs"]["q"]}
    assert list(read_definition(written(tmp_path, "d.json", d)).inputs) == ["10", "2", "q"]


def test_nan_is_read_as_text_and_as_a_number():
    assert parse('{"max_relative_error": "NaN"}', "t")["max_relative_error"] == "NaN"
    assert parse("[NaN, -Infinity]", "t")[1] == float("-inf")


@pytest.mark.parametrize(
    "text, said",
    [
        ("version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 3\n", "Git-LFS pointer.*git lfs pull --include x.json"),
        ("{", "not JSON"),
        ('{"name": 1, "name": 2}', 'key "name" appears twice'),
        pytest.param("[" * 100_000, "nested too deeply|not JSON", id="nested"),
        ("[]", "found list, must be a Definition"),
        ('{"axes": {}}', "inputs, outputs must be an object"),
        ("\x00", "not JSON"),
    ],
)
def test_what_cannot_be_read_is_refused_by_the_name_of_the_file(tmp_path, text, said):
    path = written(tmp_path, "x.json", text)
    with pytest.raises(DocumentError, match=said) as refused:
        read_definition(path)
    assert str(refused.value).startswith(path)


def test_bytes_that_are_no_text_and_files_that_are_not_there_are_refused(tmp_path):
    (tmp_path / "x.json").write_bytes(b"\xff\xfe{}")
    with pytest.raises(DocumentError, match="not UTF-8"):
        read_definition(str(tmp_path / "x.json"))
    with pytest.raises(DocumentError, match="No such file"):
        read_definition(str(tmp_path / "y.json"))


def test_a_line_that_is_wrong_is_named(tmp_path):
    path = written(tmp_path, "w.jsonl", '{"a": 1}\n\n{"a": \n')
    with pytest.raises(DocumentError, match=r"w\.jsonl:3: not JSON"):
        read_lines(path)


VALUES = [None, True, 0, -1, 1.5, "", "x", [], ["q"], {}, {"type": "const"}, {"shape": 3}, "def run(:", float("nan"), [[1]], {"1": {}, "0": {}}]


def anywhere(value, rng):
    """A copy with one value, at any depth, in another's place, or without it."""
    if isinstance(value, (dict, list)) and value and rng.random() < 0.8:
        result = dict(value) if isinstance(value, dict) else list(value)
        key = rng.choice(list(result)) if isinstance(result, dict) else rng.randrange(len(result))
        if rng.random() < 0.2:
            del result[key]
        else:
            result[key] = anywhere(result[key], rng)
        return result
    return rng.choice(VALUES)


def test_any_document_is_read_or_refused():
    rng = random.Random(20)
    documents = [*CLEAN.values(), *(d for _, d in PLANTED.values())]
    read = refused = 0
    for _ in range(400):
        document = anywhere(rng.choice(documents), rng)
        for check in (solution_problems, trace_problems, workload_problems):
            assert all(isinstance(problem, str) for problem in check(document))
        try:
            d = definition_of(document, "fuzz")
        except DocumentError:
            refused += 1
            continue
        read += 1
        assert all(f.message for f in lint(d))
        for dialect in ("bench", "dump"):
            definition_problems(document, dialect)
    assert read > 100 and refused > 10


def test_text_that_was_cut_or_changed_is_read_or_refused():
    rng = random.Random(21)
    text = json.dumps(CLEAN["gqa_ragged_prefill_causal_h4_kv2_d8.bench"])
    for _ in range(300):
        at = rng.randrange(len(text))
        changed = text[:at] if rng.random() < 0.3 else text[:at] + rng.choice('{}[]":,\\x0\n\u2028') + text[at + 1 :]
        try:
            lint(definition_of(parse(changed, "fuzz"), "fuzz"))
        except DocumentError as error:
            assert str(error).startswith("fuzz: ")


@pytest.mark.parametrize(
    "constraint, expected",
    [
        ("a % b == 0", True),
        ("a < b", False),
        ("a // b + 1 == 3 and not a == b", True),
        ("1 < b <= a", True),
        ("n == kv_indptr[-1].item()", None),
        ("a % 0 == 1", None),
        ("__import__('os').system('true')", None),
        ("a ** 10 ** 10 == 0", None),
        ("a ==", None),
    ],
)
def test_constraints_are_arithmetic_and_nothing_is_run(constraint, expected):
    assert holds(constraint, {"a": 4, "b": 2}) is expected


@pytest.mark.parametrize(
    "source, names",
    [
        ("import math\ndef run(x):\n    return math.pi * len(x)", []),
        ("def run(x):\n    return helper(x) + y", ["helper", "y"]),
        ("def run(x: Tensor) -> Optional[int]:\n    def inner():\n        return x\n    return inner()", []),
        ("def run(x):\n    return [y for y in x if (z := y)]", []),
        ("from torch import *\ndef run(x):\n    return zeros(3)", []),
        ("def run(x):\n    global n\n    n = 1\n    return n", []),
        ("class A:\n    b = 1\n    def f(self):\n        return c", ["c"]),
        ("try:\n    import torch\nexcept ImportError as e:\n    torch = e\ndef run(x):\n    return torch", []),
        ("def run(", []),
    ],
)
def test_free_names(source, names):
    assert free_names(source) == names


def test_a_folder_is_audited_and_what_is_no_definition_passed_over(tmp_path, capsys):
    (tmp_path / "gqa").mkdir()
    for number, (_, document) in enumerate(PLANTED.values()):
        written(tmp_path / "gqa", f"{number}.json", document)
    written(tmp_path, "clean.json", CLEAN["gqa_ragged_prefill_causal_h4_kv2_d8.bench"])
    written(tmp_path, "solution.json", {"name": "s", "spec": {}, "sources": []})
    written(tmp_path, "pointer.json", "version https://git-lfs.github.com/spec/v1\n")
    result = audit([str(tmp_path)])
    assert result.definitions == len(PLANTED) + 1
    assert {f.rule for f in result.findings} == {rule for rule, _ in PLANTED.values()} | {"unreadable"}

    assert main(["audit", str(tmp_path), "--json", "--sarif", str(tmp_path / "out.sarif")]) == 1
    printed = json.loads(capsys.readouterr().out)
    assert printed["definitions"] == len(PLANTED) + 1 and len(printed["findings"]) == len(result.findings)
    assert [each["path"] for each in printed["matches"]] == [each["path"] for each in result.matches] and len(result.matches) == result.definitions
    assert all(("matched" in each) != ("why" in each) for each in result.matches)
    run = json.loads((tmp_path / "out.sarif").read_text())["runs"][0]
    assert [r["message"]["text"] for r in run["results"]] == [f"{f.definition}: {f.message}" for f in result.findings]
    assert all(run["tool"]["driver"]["rules"][r["ruleIndex"]]["id"] == r["ruleId"] for r in run["results"])

    assert main(["audit", str(tmp_path)]) == 1
    text = capsys.readouterr().out
    assert f"{len(PLANTED) + 1} Definitions" in text and "kv_last_page_len" not in text.split("clean.json")[-1]
    assert main(["audit", str(tmp_path / "clean.json")]) == 0
    assert capsys.readouterr().out == "1 Definition, 0 with findings, 1 of an operator of the suite\n"
    assert main(["audit", str(tmp_path / "solution.json")]) == 1
    assert main(["audit", str(tmp_path / "nowhere")]) == 2
    assert "no such file" in capsys.readouterr().err
