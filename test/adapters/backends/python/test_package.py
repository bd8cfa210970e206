"""The Python package: Node.js is found, functions are judged in this process, and tensors of one's own are held to the oracle. Run by package.every.test.ts."""

import os
import stat
import sys

import numpy as np
import pytest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "..", "..", "adapters", "backends", "python", "package"))
import attn_cts
from attn_cts import node


def program(folder, name, version):
    """A program that says it is this version of Node.js."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\necho v{version}\n")
    path.chmod(path.stat().st_mode | stat.S_IEXEC)
    return str(path)


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """No Node.js on PATH, none of the wheel, and none that is named."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("ATTN_CTS_NODE", raising=False)
    monkeypatch.setattr(node, "_of_wheel", lambda: None)
    node.find_node.cache_clear()
    yield tmp_path, monkeypatch
    node.find_node.cache_clear()


def test_the_named_node_comes_first(machine):
    folder, monkeypatch = machine
    program(folder / "bin", "node", "22.0.0")
    named = program(folder, "mine", "20.19.0")
    monkeypatch.setenv("ATTN_CTS_NODE", named)
    assert node.find_node() == named


def test_one_on_path_that_is_new_enough_comes_before_that_of_the_wheel(machine):
    folder, monkeypatch = machine
    on_path = program(folder / "bin", "node", "24.1.0")
    monkeypatch.setattr(node, "_of_wheel", lambda: program(folder, "of-wheel", "22.0.0"))
    assert node.find_node() == on_path


@pytest.mark.parametrize("version", ["18.20.0", "20.18.9", "nonsense"])
def test_one_that_is_too_old_is_passed_over(machine, version):
    folder, monkeypatch = machine
    program(folder / "bin", "node", version)
    of_wheel = program(folder, "of-wheel", "20.19.1")
    monkeypatch.setattr(node, "_of_wheel", lambda: of_wheel)
    assert node.find_node() == of_wheel


def test_without_any_the_message_says_what_was_found_and_what_to_do(machine, capsys):
    folder, monkeypatch = machine
    program(folder / "bin", "node", "18.0.0")
    with pytest.raises(node.NodeMissing, match=r"version 18\.0\.0.*pip install \"attention-cts\[node\]\".*ATTN_CTS_NODE"):
        node.find_node()
    monkeypatch.setenv("ATTN_CTS_NODE", "/nowhere/node")
    node.find_node.cache_clear()
    with pytest.raises(node.NodeMissing, match="names /nowhere/node, which does not run"):
        node.find_node()


def attention(q, k, v, offset):
    m, n = q.shape[2], k.shape[2]
    scores = np.where(np.tril(np.ones((m, n), bool), offset(m, n)), q @ k.swapaxes(2, 3) / np.sqrt(np.float32(q.shape[-1])), -np.inf)
    top = np.maximum(scores.max(-1, keepdims=True), -1e30)
    weights = np.exp(scores - top)
    total = weights.sum(-1, keepdims=True)
    return (weights / np.where(total > 0, total, 1)).astype(np.float32) @ v


@attn_cts.kernel(masks={"causal": {}}, grouped=False)
def right(q, k, v):
    return attention(q, k, v, lambda m, n: n - m)


calls = []


@attn_cts.kernel(masks={"causal": {}}, grouped=False)
def top_left(q, k, v):
    calls.append(os.getpid())
    return attention(q, k, v, lambda m, n: 0)


def test_a_function_is_judged_in_this_process():
    only = {"filter": "softmax+cross/any/oracle/f32", "runs": 10}
    verdict = attn_cts.judge(right, **only)
    assert (verdict["verdict"], verdict["checks"]["passed"]) == ("pass", 1)
    verdict = attn_cts.judge(top_left, **only)
    assert verdict["verdict"] == "fail" and set(calls) == {os.getpid()}
    [cause] = verdict["causes"]
    assert "causal=top-left" in cause["hint"] and cause["case"]["mask"] == {"name": "causal"}
    # no other process can call this function
    assert "replay" not in cause and "command" not in verdict["next"] and "source" not in verdict["kernels"][0]


def test_a_filter_that_matches_nothing_is_no_verdict():
    with pytest.raises(RuntimeError, match="no verdict"):
        attn_cts.judge(right, filter="softmax/causal/nonsense/f32")


def test_the_oracle_says_what_is_expected_of_tensors():
    q, k, v, do = (np.random.default_rng(x).standard_normal((1, 2, 3, 4), dtype=np.float32) for x in range(4))
    o = right(q, k, v)
    found = attn_cts.expected(q=q, k=k, v=v, do=do, o=o, mask="causal")
    assert found.verdict == "pass" and set(found.values) == {"o", "lse", "dq", "dk", "dv"}
    assert (abs(o - found.values["o"]) <= found.bounds["o"]).all()
    dense = attn_cts.expected(q=q, k=k, v=v, mask=np.tril(np.ones((1, 1, 3, 3), bool)))
    assert (dense.values["o"] == found.values["o"]).all() and dense.verdict == "not judged"
    assert attn_cts.expected(q=q, k=k, v=v, o=-o, mask="causal").verdict == "fail"
    with pytest.raises(ValueError, match="missing: v"):
        attn_cts.expected(q=q, k=k)


received = []


@attn_cts.kernel(masks={"causal": {}}, dtypes=["f32", "f16"], layout="blhd", grouped=False)
def keeping(q, k, v):
    received.append({"q": q.copy(), "k": k.copy(), "v": v.copy()})
    return np.zeros(q.shape[:3] + v.shape[3:], q.dtype)


def test_values_are_those_that_a_kernel_of_this_process_got():
    verdict = attn_cts.judge(keeping, filter="softmax/causal/oracle/*", runs=5)
    cases = [cause["case"] for cause in verdict["causes"]]
    assert len(cases) > 0
    for case in cases:
        given = attn_cts.values(case)
        assert any(all(np.array_equal(given[name], own[name]) and given[name].dtype == own[name].dtype for name in given) for own in received)


def test_values_come_with_what_is_expected_of_them():
    dims = {"b": 1, "hk": 2, "g": 1, "m": 3, "n": 5, "d": 4, "e": 4}
    values = {"distribution": "normal", "seed": 7}
    case = {"operator": "softmax", "dims": dims, "mask": {"name": "causal"}, "options": {}, "dtype": "f32", "layout": "bhld", "values": values}
    given = attn_cts.values(case, expected=True)
    assert set(given) == {"q", "k", "v", "expected.o", "bound.o", "expected.lse", "bound.lse"}
    assert (abs(right(given["q"], given["k"], given["v"]) - given["expected.o"]) <= given["bound.o"]).all()
    found = attn_cts.expected(q=given["q"], k=given["k"], v=given["v"], mask="causal")
    assert (found.values["o"] == given["expected.o"]).all()
    assert attn_cts.values(case, backward=True)["do"].shape == (1, 2, 3, 4)
    with pytest.raises(ValueError, match=r'standard input: at \$\.mask.*"causal"'):
        attn_cts.values({**case, "mask": {"name": "casual"}})


def test_values_in_pytorch_are_the_same_bits():
    torch = pytest.importorskip("torch")
    dims = {"b": 1, "hk": 1, "g": 2, "m": 7, "n": 9, "d": 8, "e": 8}
    values = {"distribution": "heavy-tailed", "seed": 11}
    case = {"operator": "softmax", "dims": dims, "mask": {"name": "full"}, "options": {}, "dtype": "bf16", "layout": "bhld", "values": values}
    given, own = attn_cts.values(case), attn_cts.values(case, framework="torch", device="cpu")
    for name, bits in given.items():
        assert own[name].dtype is torch.bfloat16
        assert (own[name].view(torch.int16).numpy() == bits.view(np.int16)).all()


def test_a_kernel_cannot_end_this_process_as_if_nothing_was_wrong():
    from attn_cts.judge import _guarded

    own = os._exit
    with _guarded() as seal:
        with pytest.raises(SystemExit, match="os._exit"):
            os._exit(0)
        assert seal.broken() is None
        np.asarray, kept = None, np.asarray
        assert "numpy.asarray was replaced" in seal.broken()
    assert os._exit is own and np.asarray is kept
