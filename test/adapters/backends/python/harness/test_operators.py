"""Operators with names of their own."""

import json

import numpy as np
import pytest

from asking import ask, qkv
from attn_cts import Server, Session, kernel


GATED = {
    "gated": {
        "name": "gated",
        "inputs": {
            "q": ["b", "m", "r"],
            "gate": {"axes": ["b", "n"], "stored": "f32"},
            "keep": {"axes": ["b", "n"], "kind": "boolean"},
            "pick": {"axes": ["b", "n"], "kind": "index", "of": "r"},
            "table": {"axes": ["r"], "gradient": False},
        },
        "optional": {"slope": ["r"]},
        "options": {"factor": {"default": 1}},
        "outputs": {"o": ["b", "m", "r"], "state": ["b", "r"], "total": ["b"]},
    },
    "linear": {"name": "linear", "inputs": {"q": [], "k": [], "v": []}, "outputs": {"o": []}},
}


def gated_tensors():
    return {
        "q": np.ones((1, 3, 2)),
        "gate": np.full((1, 4), 0.5),
        "keep": ("bool", np.array([[True, False, True, True]])),
        "pick": ("i32", np.array([[0, 1, 1, 0]], np.int32)),
        "table": [1, 2],
    }


def started(function, documents=GATED, **claims):
    """The start answer of a function."""
    server = Server(lambda: Session(kernel(function, **{"operators": ["gated"], **claims}).attn_cts))
    return server.reply(json.dumps({"cmd": "start", "protocol": 1, "operators": documents}))


def refusal(function, **claims):
    return started(function, **claims)["unavailable"]["reason"]


def test_inputs_come_by_name_in_their_own_types(tmp_path):
    seen = {}

    @kernel(operators=["gated"], outputs=["state", "o"])
    def function(table, q, keep, pick, gate, factor=1, slope=None):
        seen.update(keep=keep, pick=pick, gate=gate, factor=factor, slope=slope, table=table)
        return q, q[:, 0]

    case = {"operator": "gated", "options": {"factor": 3, "slope": True}, "dtype": "bf16"}
    narrow = {name: ("bf16", np.zeros(1, np.uint16)) for name in ("q", "table", "slope")}
    narrow["q"] = ("bf16", np.zeros((1, 3, 2), np.uint16))
    reply, found = ask(tmp_path, function, {**gated_tensors(), **narrow}, case=case, operators=GATED)
    assert reply == {"seq": 7, "ok": True}
    assert seen["keep"].dtype == np.bool_ and seen["pick"].dtype == np.int32 and seen["gate"].dtype == np.float32
    assert seen["table"].dtype == np.uint16 and seen["slope"] is not None and seen["factor"] == 3
    # a tuple is in the document's order
    assert list(found) == ["o", "state"] and found["state"].data.shape == (1, 2)


def test_outputs_may_be_a_dict_and_arguments_collected(tmp_path):
    @kernel(operators=["gated"], outputs=["o", "total"], names={"gate": "g"})
    def function(q, g, /, **others):
        assert sorted(others) == ["keep", "pick", "table"]
        return {"total": g.sum(axis=1), "o": q, "more": q}

    reply, found = ask(tmp_path, function, gated_tensors(), case={"operator": "gated"}, operators=GATED)
    assert reply == {"seq": 7, "ok": True} and sorted(found) == ["o", "total"] and found["total"].data.tolist() == [2]


def test_softmax_is_asked_for_its_own_outputs_alone(tmp_path):
    @kernel(operators=["gated", "softmax"], outputs=["o", "total"])
    def function(*places, **others):
        return {"o": places[0]} if places else {"o": others["q"], "total": others["gate"].sum(axis=1)}

    reply, found = ask(tmp_path, function, qkv(), operators=GATED)
    assert reply == {"seq": 7, "ok": True} and list(found) == ["o"]


@pytest.mark.parametrize("gradients, names", [(True, ["dq", "dgate"]), (["gate"], ["dgate"]), (["gate", "q"], ["dgate", "dq"])])
def test_gradients_have_the_names_of_their_inputs(tmp_path, gradients, names):
    def backward(q, gate, keep, do, dtotal, factor=1):
        given = {"dq": do * 2, "dgate": gate + dtotal}
        return tuple(given[name] for name in names) if len(names) > 1 else given

    @kernel(operators=["gated"], outputs=["o", "total"], gradients=gradients, backward=backward)
    def function(q, gate, keep, pick, table):
        return q, gate.sum(axis=1)

    tensors = {**gated_tensors(), "do": np.ones((1, 3, 2)), "dtotal": [1.0]}
    reply, found = ask(tmp_path, function, tensors, "backward", case={"operator": "gated"}, operators=GATED)
    assert reply == {"seq": 7, "ok": True} and list(found) == names
    assert found["dgate"].data.tolist() == [[1.5] * 4]


def test_a_function_claims_the_options_that_it_takes_and_every_gradient():
    def function(q, gate, keep, pick, table, factor=1, slope=None, other=None):
        return q

    claims = started(function, backward=lambda q, do: q, limits={"r": [4, 8]}, b=1)["capabilities"]
    assert claims["options"] == ["factor", "slope"] and claims["gradients"] is True and claims["limits"] == {"b": [1], "r": [4, 8]}
    assert started(function, options=["factor"])["capabilities"]["options"] == ["factor"]
    assert "mixedStorage" not in claims and started(function, mixed_storage=False)["capabilities"]["mixedStorage"] is False


def test_a_function_needs_no_argument_for_what_it_fixes():
    fixed = {"gate": ["/", 1, ["+", "n", 1]], "slope": 2}
    claims = started(lambda q, keep, pick, table: q, fixed=fixed, stored={"q": "f8e4m3"})["capabilities"]
    assert claims["fixed"] == fixed and claims["stored"] == {"q": "f8e4m3"}
    assert "has no argument gate" in refusal(lambda q, keep, pick, table: q)


def test_names_that_the_document_does_not_have_are_refused_with_the_nearest():
    full = lambda q, gate, keep, pick, table: q  # noqa: E731
    assert "has no argument gate; did you mean gaet?" in refusal(lambda q, gaet, keep, pick, table: q)
    assert "argument facto has no default" in refusal(lambda q, gate, keep, pick, table, facto: q)
    assert "did you mean factor?" in refusal(lambda q, gate, keep, pick, table, facto: q)
    assert "outputs: found 'stat', allowed: o, state, total; did you mean state?" in refusal(full, outputs=["o", "stat"])
    assert "gradients: found 'gates'" in refusal(full, gradients=["gates"], backward=lambda q, do: q)
    # nothing reaches a boolean, nor what the document says has no gradient
    assert "gradients: found 'keep', allowed: q, gate, slope, do" in refusal(full, gradients=["keep"], backward=lambda q, do: q)
    assert "backward: argument dstat is not a tensor or option of gated; did you mean dstate?" in refusal(full, backward=lambda q, do, dstat: q)
    assert "found 'gatd', which names no operator of this suite; did you mean gated?" in refusal(full, operators=["gatd"])


def test_an_operator_that_does_not_fit_is_left_out_with_the_reason():
    answer = started(lambda q, k, v: q, operators=["softmax", "gated", "linear"])
    assert answer["capabilities"]["operators"] == ["softmax", "linear"]
    assert "operator gated is left out: gated has the inputs q, gate" in answer["environment"]["warning"]


def test_q_k_and_v_may_have_other_names(tmp_path):
    def function(query, key, value):
        return query + value[..., :3, :]

    for operators in ({}, GATED):
        (tmp_path / "outputs").unlink(missing_ok=True)
        decorated = kernel(function, operators=["softmax", "linear"])
        reply, found = ask(tmp_path, decorated, qkv(), case={"operator": "linear"}, operators=operators)
        assert reply == {"seq": 7, "ok": True} and list(found) == ["o"]
