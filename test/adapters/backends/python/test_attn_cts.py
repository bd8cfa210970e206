"""The harness by itself: safetensors, the decorator, calls and the protocol. Run by harness.test.ts."""

import json
import os
import random
import re
import sys

import numpy as np
import pytest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "..", "..", "adapters", "backends", "python"))
import attn_cts
from attn_cts import KernelError, Raw, Server, Session, decode_safetensors, encode_safetensors, kernel

DIMS = {"b": 1, "hk": 1, "g": 1, "m": 3, "n": 4, "d": 2, "e": 2}


# --- bytes of collectives ---


class Sized:
    """What counting asks of a tensor."""

    def __init__(self, *shape, size=4):
        self.shape, self.size = shape, size

    def numel(self):
        return int(np.prod(self.shape))

    def element_size(self):
        return self.size


X = Sized(8, 3)  # 96 bytes, 24 for each of four ranks
PARTS = [Sized(rank + 1) for rank in range(4)]  # 4, 8, 12 and 16 bytes


@pytest.mark.parametrize(
    "operation, named, sent, received",
    [
        ("send", {"tensors": [X]}, 96, 0),
        ("recv_", {"tensors": [X]}, 0, 96),
        ("wait_tensor", {"tensor": X}, 0, 0),
        ("barrier", {"tensor": X}, 0, 0),
        ("allgather_", {"output_tensors": [[X] * 4], "input_tensors": [X]}, 288, 288),
        ("_allgather_base_", {"output_tensor": Sized(32, 3), "input_tensor": X}, 288, 288),
        ("all_gather_into_tensor", {"input": X}, 288, 288),
        ("allreduce_", {"tensors": [X]}, 144, 144),
        ("all_reduce", {"input": X}, 144, 144),
        ("_reduce_scatter_base_", {"output_tensor": Sized(2, 3), "input_tensor": X}, 72, 72),
        ("reduce_scatter_tensor", {"input": X}, 72, 72),
        ("alltoall_", {"output_tensors": [PARTS[1]] * 4, "input_tensors": PARTS}, 32, 24),
        ("alltoall_base_", {"output": X, "input": X, "output_split_sizes": [], "input_split_sizes": []}, 72, 72),
        ("all_to_all_single", {"input": X, "output_split_sizes": [1, 1, 1, 2], "input_split_sizes": [0, 5, 0, 3]}, 36, 48),
        ("broadcast_", {"tensors": [X], "root_rank": 1}, 288, 0),
        ("broadcast", {"input": X, "src": 0}, 0, 96),
        ("scatter_", {"output_tensors": [X], "input_tensors": [[X] * 4], "root_rank": 1}, 288, 0),
        ("gather_", {"output_tensors": [], "input_tensors": [X], "root_rank": 0}, 96, 0),
        ("reduce_", {"tensors": [X], "root_rank": 1}, 0, 288),
    ],
)
def test_the_second_of_four_ranks_sends_and_receives(monkeypatch, operation, named, sent, received):
    monkeypatch.setattr(attn_cts, "_group_place", lambda _: (1, 4))
    assert attn_cts._traffic(operation, named) == (sent, received)


# --- safetensors ---


def random_tensors(rng):
    def one():
        dtype = rng.choice(list(attn_cts.DTYPES))
        shape = [rng.randrange(4) for _ in range(rng.randrange(4))]
        numpy_type = np.dtype(attn_cts.DTYPES[dtype][1])
        size = int(np.prod(shape)) * numpy_type.itemsize
        data = bytes(rng.randrange(2) if dtype == "bool" else rng.randrange(256) for _ in range(size))
        return Raw(dtype, np.frombuffer(data, numpy_type).reshape(shape))

    return {f"t{i}": one() for i in range(rng.randrange(5))}


@pytest.mark.parametrize("seed", range(100))
def test_what_is_written_is_read(seed):
    tensors = random_tensors(random.Random(seed))
    found = decode_safetensors(encode_safetensors(tensors))
    assert {name: (t.dtype, t.data.shape, t.data.tobytes()) for name, t in found.items()} == {
        name: (t.dtype, t.data.shape, t.data.tobytes()) for name, t in tensors.items()
    }


def test_broken_files_are_refused_with_a_reason_and_nothing_else():
    rng = random.Random(1)
    refused = 0
    for _ in range(3000):
        content = bytearray(encode_safetensors(random_tensors(rng)))
        for _ in range(rng.randrange(1, 4)):
            if rng.random() < 0.3:
                del content[rng.randrange(len(content) + 1) :]
            elif content:
                content[rng.randrange(min(len(content), 200))] = rng.choice([0, 255, 0x7F, *b'"{}[]:,0 19-e', rng.randrange(256)])
        try:
            decode_safetensors(content)
        except ValueError as error:
            assert str(error).startswith("safetensors: ")
            refused += 1
    assert refused > 1000


@pytest.mark.parametrize(
    "header, problem",
    [
        (b"[]", "not an object"),
        (b"{", "not JSON"),
        (b'{"q": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}}', "4 bytes for shape"),
        (b'{"q": {"dtype": "F32", "shape": [1000000000000], "data_offsets": [0, 4000000000000]}}', "ends at byte 4000000000000 of 4"),
        (b'{"q": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}}', "whole numbers"),
        (b'{"q": {"dtype": "F12", "shape": [1], "data_offsets": [0, 4]}}', "no dtype of F64"),
    ],
)
def test_a_header_that_lies_is_named(header, problem):
    with pytest.raises(ValueError, match=problem):
        decode_safetensors(len(header).to_bytes(8, "little") + header + bytes(4))


def test_a_header_longer_than_the_file_is_not_read():
    with pytest.raises(ValueError, match="a header of 1152921504606846976 bytes in a file of 8"):
        decode_safetensors((1 << 60).to_bytes(8, "little"))


# --- the decorator ---


def attention(q, k, v, mask=None, causal=False, scale=None, window=(-1, -1)):
    return q


@pytest.mark.parametrize(
    "arguments, problem",
    [
        ({"dtypes": ["float32"]}, r"dtypes: found 'float32', allowed: f64, f32.*did you mean f32\?"),
        ({"dtypes": "f32"}, r"dtypes: found 'f32', must be a list"),
        ({"layout": "lbhd"}, r"layout: found 'lbhd', allowed: bhld, blhd, thd; did you mean blhd\?"),
        ({"pages": {"sizes": [16], "append": True}}, r"pages: a call on pages comes with block_table, cache_lengths, k_new, v_new"),
        ({"pages": [16]}, r"pages: found \[16\], must be"),
        ({"layout": "thd"}, r"layout: \"thd\" comes with the arguments cu_q and cu_k"),
        ({"masks": {"causal": {"is_causal": True}}}, r"masks: causal: the function has no argument is_causal; it has mask, causal"),
        ({"masks": {"causal": True}}, r"masks: causal: found True, must be keyword arguments"),
        ({"masks": ["causal"]}, r"masks: a list of names is for a function that takes `problem`"),
        ({"outputs": ["o", "logsumexp"]}, r"outputs: found 'logsumexp', allowed: o, lse"),
        ({"gradients": True}, r"gradients: NumPy does not differentiate: give backward="),
        ({"gradients": True, "backward": lambda q, k, v: q}, r"backward: must have the arguments do"),
        ({"block_backward": True}, r"block_backward: autograd cannot"),
        ({"options": ["softcap"]}, r'options: "softcap" is claimed, and the function has no argument softcap'),
        ({"dense_mask": "additive"}, r'dense_mask: "additive" comes as the argument bias'),
        ({"d": 1.5}, r"d: found 1.5, must be a value, a list"),
        ({"framework": "pytorch"}, r"framework: found 'pytorch', allowed: numpy, torch, jax; did you mean torch\?"),
    ],
)
def test_wrong_arguments_are_explained(arguments, problem):
    with pytest.raises(KernelError, match=rf"test_attn_cts\.py:\d+: @kernel: {problem}"):
        kernel(attention, **arguments)


def test_functions_that_cannot_be_kernels_are_explained():
    with pytest.raises(KernelError, match=r"takes \(q, k\): its first three arguments must be q, k and v"):
        kernel(lambda q, k: q)
    with pytest.raises(KernelError, match=r"argument dropout has no default and is none of alibi, bias"):
        kernel(lambda q, k, v, dropout: q)


def test_what_is_left_out_is_read_from_the_signature():
    claims = kernel(lambda q, k, v, mask=None, causal=False, softcap=0, bias=None: q).attn_cts.capabilities
    assert claims["masks"] == ["full", "causal"]
    assert claims["denseMask"] == "boolean"
    assert claims["options"] == ["softcap", "bias"]
    assert claims["dtypes"] == ["f32"] and claims["outputs"] == ["o"] and claims["gradients"] == []


def test_a_mask_without_arguments_takes_the_place_of_full():
    assert kernel(attention, masks={"causal": {}}).attn_cts.capabilities["masks"] == ["causal"]
    assert kernel(attention, masks={"full": {}, "causal": {"causal": True}}).attn_cts.capabilities["masks"] == ["full", "causal"]


def test_a_decorated_function_is_left_as_it_is():
    @kernel(dtypes=["f64"], d=[64, 128], e="=d", m={"min": 2}, n=7)
    def scaled(q, k, v):
        return q * 2

    assert scaled(3, 0, 0) == 6
    assert scaled.attn_cts.capabilities["limits"] == {"m": {"min": 2}, "n": [7], "d": [64, 128], "e": "=d"}


# --- calls ---


def ask(tmp_path, function, tensors, command="forward", case=None, operators=None, **further):
    """One call through the server: its reply, and the outputs if there are any."""
    if not hasattr(function, "attn_cts"):
        kernel(function)
    inputs, outputs = str(tmp_path / "inputs"), str(tmp_path / "outputs")
    with open(inputs, "wb") as file:
        file.write(encode_safetensors({name: Raw(*t) if isinstance(t, tuple) else Raw("f32", np.asarray(t, np.float32)) for name, t in tensors.items()}))
    server = Server(lambda: Session(function.attn_cts))
    start = {"cmd": "start", "protocol": 1, **({"operators": operators} if operators is not None else {})}
    assert "unavailable" not in server.reply(json.dumps(start))
    full = {"operator": "softmax", "dims": DIMS, "mask": {"name": "full"}, "options": {}, "dtype": "f32", "layout": "bhld", **(case or {})}
    reply = server.reply(json.dumps({"cmd": command, "seq": 7, "case": full, "inputs": inputs, "outputs": outputs, **further}))
    assert reply["seq"] == 7
    found = None
    if os.path.exists(outputs):
        with open(outputs, "rb") as file:
            found = decode_safetensors(file.read())
    return reply, found


def qkv(seed=0):
    rng = np.random.default_rng(seed)
    return {"q": rng.normal(size=(1, 1, 3, 2)), "k": rng.normal(size=(1, 1, 4, 2)), "v": rng.normal(size=(1, 1, 4, 2))}


def test_options_masks_and_tensors_come_by_name(tmp_path):
    seen = {}

    @kernel(masks={"sliding-window": lambda p: {"window": (p.parameters["left"], p.dims["n"])}}, names={"bias": "attn_bias"})
    def function(q, k, v, scale=None, sink=None, attn_bias=None, window=None, document=None, softcap=None):
        seen.update(scale=scale, sink=sink, attn_bias=attn_bias, window=window, document=document, softcap=softcap)
        return q

    case = {"mask": {"name": "sliding-window", "parameters": {"left": 2}}, "options": {"scale": 0.5, "sink": True, "bias": True}}
    tensors = {**qkv(), "sink": [1.5], "bias": np.ones((1, 1, 3, 4)), "document": ("i32", np.zeros((1, 4), np.int32))}
    reply, _ = ask(tmp_path, function, tensors, case=case)
    assert reply == {"seq": 7, "ok": True}
    assert seen["scale"] == 0.5 and seen["window"] == (2, 4) and seen["sink"].tolist() == [1.5] and seen["softcap"] is None
    assert seen["attn_bias"].shape == (1, 1, 3, 4) and seen["document"].dtype == np.int32
    # a mask that came dense, and a block's, is added to the plain call
    ask(tmp_path / "..", function, qkv(), case={**case, "block": {"queries": [0, 3], "keys": [0, 4]}})
    assert seen["window"] is None


def test_a_view_is_given_with_its_strides(tmp_path):
    seen = {}

    @kernel(strided=True)
    def function(q, k, v):
        seen["q"] = q
        return np.zeros((1, 1, 3, 2), np.float32)

    flat = np.arange(20)
    view = {"q": {"shape": [1, 1, 3, 2], "strides": [99, 99, 4, 2], "offset": 1}}
    assert ask(tmp_path, function, {**qkv(), "q": flat}, views=view)[0]["ok"]
    assert seen["q"].tolist() == [[[[1, 3], [5, 7], [9, 11]]]]


def test_narrow_types_are_bits(tmp_path):
    seen = {}

    def function(q, k, v):
        seen["q"] = q
        return q

    bits = np.array([[[[0x3F80, 0x4000]]]], np.uint16)
    _, found = ask(tmp_path, function, {"q": ("bf16", bits), "k": ("bf16", bits), "v": ("bf16", bits)}, case={"dtype": "bf16"})
    assert seen["q"].dtype == np.uint16
    assert found["o"].dtype == "bf16" and found["o"].data.tolist() == bits.tolist()


@pytest.mark.parametrize(
    "returned, problem",
    [
        (lambda q: (q, q), "returned 2 tensors where its outputs are o"),
        (lambda q: {"out": q}, "returned out without o"),
        (lambda q: None, "returned an output of dtype object as o"),
        (lambda q: "text", "returned an output of dtype <U4 as o"),
    ],
)
def test_wrong_returns_are_explained(tmp_path, returned, problem):
    reply, found = ask(tmp_path, kernel(lambda q, k, v: returned(q), id="mine"), qkv())
    assert reply["error"]["message"] == f"mine {problem}" and found is None


def test_an_input_that_the_kernel_changes_is_changed_in_its_file(tmp_path):
    def function(q, k, v):
        k[0, 0, 1, 0] = 123
        return q

    ask(tmp_path, function, qkv())
    with open(tmp_path / "inputs", "rb") as file:
        assert decode_safetensors(file.read())["k"].data[0, 0, 1, 0] == 123


def test_a_kernel_that_keeps_to_its_own_leaves_the_file_as_it_was(tmp_path):
    written = encode_safetensors({name: Raw("f32", np.asarray(t, np.float32)) for name, t in qkv().items()})
    ask(tmp_path, lambda q, k, v: q.copy(), qkv())
    assert (tmp_path / "inputs").read_bytes() == written


def test_a_captured_call_is_replayed_in_its_own_buffers(tmp_path):
    seen = []

    def capture(run):
        seen.append("captured")
        run()
        return run

    @kernel(captured=capture)
    def function(q, k, v):
        seen.append(q)
        if len(seen) > 3:
            k[0, 0, 1, 0] = 123
        return q * 2

    server = Server(lambda: Session(function.attn_cts))
    assert server.reply('{"cmd": "start", "protocol": 1}')["capabilities"]["captured"] is True
    full = {"operator": "softmax", "dims": DIMS, "mask": {"name": "full"}, "options": {}, "dtype": "f32", "layout": "bhld"}

    def call(seq, captured):
        inputs, outputs = tmp_path / f"inputs{seq}", tmp_path / f"outputs{seq}"
        tensors = {name: Raw("f32", np.asarray(t, np.float32)) for name, t in qkv(seq).items()}
        inputs.write_bytes(encode_safetensors(tensors))
        message = {"cmd": "forward", "seq": seq, "case": full, "inputs": str(inputs), "outputs": str(outputs), "captured": captured}
        reply = server.reply(json.dumps(message))
        if "error" in reply:
            return reply["error"]["message"]
        return decode_safetensors(inputs.read_bytes())["k"].data[0, 0, 1, 0], decode_safetensors(outputs.read_bytes())["o"].data, tensors

    assert call(1, "replay") == "a replay came before a call was captured"
    k, o, tensors = call(2, "capture")
    assert (o == 2 * tensors["q"].data).all() and k == tensors["k"].data[0, 0, 1, 0]
    k, o, tensors = call(3, "replay")
    assert (o == 2 * tensors["q"].data).all()
    # what a replay does to its inputs is shown in the file
    assert k == 123
    assert [isinstance(one, str) for one in seen] == [True, False, False, False] and all(q is seen[1] for q in seen[1:])


def test_capture_needs_a_cuda_device_or_a_function():
    with pytest.raises(KernelError, match="captured: True is for PyTorch"):
        kernel(lambda q, k, v: q, captured=True)
    with pytest.raises(KernelError, match="captured: found 3"):
        kernel(lambda q, k, v: q, captured=3)
    torch = pytest.importorskip("torch")
    if torch.cuda.is_available():
        return

    @kernel(framework="torch", captured=True)
    def function(q, k, v):
        return q

    reply = Server(lambda: Session(function.attn_cts)).reply('{"cmd": "start", "protocol": 1}')
    assert "CUDA graphs" in reply["unavailable"]["reason"] and "captured=" in reply["unavailable"]["remedy"]


def test_a_backward_of_ones_own_gets_what_it_names(tmp_path):
    def backward(q, k, v, do, o, lse, scale=None):
        return o + do, k * scale, v + lse[0, 0, 0]

    @kernel(backward=backward, block_backward=True, outputs=["o", "lse"])
    def function(q, k, v, scale=None):
        return q * 2, q[..., 0]

    tensors = {**qkv(), "do": np.ones((1, 1, 3, 2))}
    q = np.asarray(tensors["q"], np.float32)
    reply, found = ask(tmp_path, function, tensors, "backward", case={"options": {"scale": 3}})
    assert reply == {"seq": 7, "ok": True} and list(found) == ["dq", "dk", "dv"]
    assert found["dq"].data == pytest.approx(q * 2 + 1)
    # of a block: the o and lse of the whole
    (tmp_path / "outputs").unlink()
    given = {**tensors, "o": np.full((1, 1, 3, 2), 5.0), "lse": np.zeros((1, 1, 3))}
    _, found = ask(tmp_path, function, given, "backward", case={"options": {"scale": 3}})
    assert found["dq"].data == pytest.approx(np.full((1, 1, 3, 2), 6.0))


def test_time_gives_every_repeat_and_the_last_outputs(tmp_path):
    calls = []

    def function(q, k, v):
        calls.append(1)
        return q + len(calls)

    reply, found = ask(tmp_path, function, qkv(), "time", **{"pass": "forward", "warmup": 2, "repeats": 3, "flush": False})
    assert len(calls) == 5 and len(reply["nanoseconds"]) == 3 and reply["method"] == "wall"
    assert all(type(x) is int and x > 0 for x in reply["nanoseconds"])
    assert found["o"].data == pytest.approx(np.asarray(qkv()["q"], np.float32) + 5)


# --- operators with names of their own ---

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
    assert "backward: argument dstat names nothing of gated; did you mean dstate?" in refusal(full, backward=lambda q, do, dstat: q)
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


def test_one_wrong_function_leaves_the_others_of_its_file(tmp_path):
    file = tmp_path / "both.py"
    file.write_text("from attn_cts import kernel\n@kernel(dtypes=['f23'])\ndef bad(q, k, v): ...\n@kernel\ndef good(q, k, v): ...\n")
    start = '{"cmd":"start","protocol":1}'
    assert "capabilities" in Server(lambda: attn_cts._open_target(f"{file}:good")).reply(start)
    assert "did you mean f32?" in Server(lambda: attn_cts._open_target(f"{file}:bad")).reply(start)["unavailable"]["reason"]
    assert "2 functions with @kernel: bad, good" in Server(lambda: attn_cts._open_target(str(file))).reply(start)["unavailable"]["reason"]


# --- errors as answers ---


def test_a_traceback_starts_in_the_kernel(tmp_path):
    def inner():
        raise RuntimeError("no such luck")

    reply, _ = ask(tmp_path, lambda q, k, v: inner(), qkv())
    assert reply["error"]["message"] == "RuntimeError: no such luck"
    assert "in inner" in reply["error"]["traceback"] and "attn_cts.py" not in reply["error"]["traceback"].replace("test_attn_cts.py", "")
    assert "kind" not in reply["error"] and "fatal" not in reply["error"]


@pytest.mark.parametrize(
    "error, expected",
    [
        (MemoryError(), {"kind": "out-of-memory"}),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes"), {"kind": "out-of-memory"}),
        (RuntimeError("CUDA out of memory. Tried to allocate 2 GiB"), {"kind": "out-of-memory"}),
        (RuntimeError("CUDA error: an illegal memory access was encountered"), {"fatal": True}),
        (KeyError("x"), {}),
    ],
)
def test_errors_of_the_machine_are_told_apart(tmp_path, error, expected, monkeypatch):
    monkeypatch.setattr(attn_cts, "free_memory", lambda: 1)

    def function(q, k, v):
        raise error

    reply, _ = ask(tmp_path, function, qkv())
    assert {key: reply["error"].get(key) for key in ("kind", "fatal") if key in reply["error"]} == expected
    assert "in function" in reply["error"]["traceback"]


def test_an_unsupported_call_is_said_so(tmp_path):
    def function(q, k, v):
        raise attn_cts.Unsupported("odd lengths")

    assert ask(tmp_path, function, qkv())[0] == {"seq": 7, "unsupported": "odd lengths"}


def test_lines_that_are_no_commands_are_answered(tmp_path):
    server = Server(lambda: Session(kernel(lambda q, k, v: q).attn_cts))
    assert "is not JSON" in server.reply("what?")["error"]["message"]
    assert server.reply('{"cmd":"forward","seq":3}') == {"seq": 3, "error": {"message": "forward came before a start that was answered"}}
    assert "speaks protocol 1, not 2" in server.reply('{"cmd":"start","protocol":2}')["unavailable"]["reason"]
    server.reply('{"cmd":"start","protocol":1}')
    assert server.reply('{"cmd":"fly","seq":4}')["error"]["message"] == "command 'fly' is none of start, forward, backward, time, stop"
    assert server.reply('{"cmd":"forward","seq":5}')["error"]["message"] == "forward came without 'inputs'"
    assert server.reply("[1]")["error"]["message"].startswith("command None")
    assert server.reply('{"cmd":"stop"}') is None


def test_no_line_ends_the_server():
    rng = random.Random(2)
    server = Server(lambda: Session(kernel(lambda q, k, v: q).attn_cts))
    server.reply('{"cmd":"start","protocol":1}')
    line = '{"cmd":"forward","seq":1,"case":{"dims":{},"mask":{"name":"full"},"options":{},"dtype":"f32"},"inputs":"/nowhere/in","outputs":"/nowhere/out"}'
    for _ in range(2000):
        at, span = rng.randrange(len(line)), rng.randrange(12)
        torn = line[:at] + "".join(chr(rng.randrange(32, 127)) for _ in range(rng.randrange(4))) + line[at + span :]
        reply = server.reply(torn)
        assert reply is None or "error" in reply or "unavailable" in reply
        json.dumps(reply, allow_nan=False)


# --- PyTorch ---


def test_torch_tensors_come_in_their_own_types(tmp_path):
    torch = pytest.importorskip("torch")
    seen = {}

    @kernel(framework="torch", dtypes=["bf16"], strided=True, device="cpu")
    def function(q, k, v):
        seen.update(q=q, k=k)
        return q * 2

    bits = np.arange(0x3F80, 0x3F80 + 8, dtype=np.uint16)
    view = {"k": {"shape": [1, 1, 2, 2], "strides": [0, 0, 1, 2], "offset": 1}}
    tensors = {"q": ("bf16", bits.reshape(1, 1, 4, 2)), "k": ("bf16", bits), "v": ("bf16", bits.reshape(1, 1, 4, 2))}
    _, found = ask(tmp_path, function, tensors, case={"dtype": "bf16"}, views=view)
    assert seen["q"].dtype == torch.bfloat16 and seen["k"].stride() == (0, 0, 1, 2)
    assert found["o"].dtype == "bf16" and found["o"].data.flat[0] == 0x4000


def test_autograd_gives_the_gradients(tmp_path):
    torch = pytest.importorskip("torch")

    @kernel(framework="torch", device="cpu", outputs=["o", "lse"], gradients=["q", "k", "v", "sink", "dlse"])
    def function(q, k, v, sink=None):
        s = q @ k.transpose(-1, -2)
        if sink is not None:
            s = torch.cat([s, sink.reshape(1, -1, 1, 1).expand(*s.shape[:3], 1)], -1)
        return torch.softmax(s, -1)[..., : k.size(-2)] @ v, torch.logsumexp(s, -1)

    tensors = {**qkv(), "do": np.ones((1, 1, 3, 2)), "dlse": np.full((1, 1, 3), 0.5)}
    _, found = ask(tmp_path, function, tensors, "backward")
    assert list(found) == ["dq", "dk", "dv"]
    q, k, v = (torch.tensor(np.asarray(tensors[x], np.float32), requires_grad=True) for x in "qkv")
    o, lse = function(q, k, v)
    (o.sum() + 0.5 * lse.sum()).backward()
    assert found["dq"].data == pytest.approx(q.grad.numpy()) and found["dk"].data == pytest.approx(k.grad.numpy())
    (tmp_path / "outputs").unlink()
    _, found = ask(tmp_path, function, {**tensors, "sink": [0.5]}, "backward", case={"options": {"sink": True}})
    assert list(found) == ["dq", "dk", "dv", "dsink"] and found["dsink"].data.shape == (1,)


def test_backward_is_timed_without_the_forward_pass(tmp_path):
    pytest.importorskip("torch")
    calls = []

    @kernel(framework="torch", device="cpu", gradients=True)
    def function(q, k, v):
        calls.append(1)
        return (q @ k.transpose(-1, -2)) @ v

    timing = {"pass": "backward", "warmup": 1, "repeats": 4, "flush": True}
    reply, found = ask(tmp_path, function, {**qkv(), "do": np.ones((1, 1, 3, 2))}, "time", **timing)
    assert len(calls) == 1 and len(reply["nanoseconds"]) == 4 and list(found) == ["dq", "dk", "dv"]


def test_a_torch_kernel_is_recognised(tmp_path):
    torch = pytest.importorskip("torch")

    def annotated(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor):
        return q

    def written(q: "torch.Tensor", k, v):
        return q

    assert kernel(annotated).attn_cts.framework == "torch" and kernel(written).attn_cts.framework == "torch"
    assert kernel(lambda q, k, v: q).attn_cts.framework == "numpy"


def test_every_flag_of_the_decorator_is_in_its_documentation():
    names = [name for name in attn_cts.kernel.__kwdefaults__ if not re.fullmatch("b|hk|g|m|n|d|e|id|title|version|operators", name)]
    missing = [name for name in names if name not in (attn_cts.kernel.__doc__ or "") and name not in (attn_cts.__doc__ or "")]
    assert missing == []


# --- where kernels come from ---


def test_a_module_by_its_dotted_name(tmp_path, monkeypatch):
    package = tmp_path / "own_package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "kernels.py").write_text("def mine(q, k, v): return v\n")
    monkeypatch.chdir(tmp_path)
    start = json.dumps({"cmd": "start", "protocol": 1})
    assert Server(lambda: attn_cts._open_target("own_package.kernels:mine")).reply(start)["adapter"]["id"] == "mine"
    reason = Server(lambda: attn_cts._open_target("own_package.nowhere:mine")).reply(start)["unavailable"]["reason"]
    assert "has no module own_package.nowhere" in reason
    assert "has no function main" in Server(lambda: attn_cts._open_target("own_package.kernels:main")).reply(start)["unavailable"]["reason"]


def test_a_kernel_of_the_hub(monkeypatch):
    import types

    start = json.dumps({"cmd": "start", "protocol": 1})
    monkeypatch.setitem(sys.modules, "kernels", None)
    unavailable = Server(lambda: attn_cts._open_target("hub:owner/attention:flash")).reply(start)["unavailable"]
    assert "has no module kernels" in unavailable["reason"] and "pip install kernels" in unavailable["remedy"]

    def get_kernel(repository):
        if repository != "owner/attention":
            raise FileNotFoundError(f"no {repository}")
        return types.SimpleNamespace(flash=lambda q, k, v: v, __name__="flash")

    monkeypatch.setitem(sys.modules, "kernels", types.SimpleNamespace(get_kernel=get_kernel))
    reply = lambda target: Server(lambda: attn_cts._open_target(target)).reply(start)  # noqa: E731
    assert "capabilities" in reply("hub:owner/attention:flash")
    assert "hub:owner/attention:flash" in reply("hub:owner/attention")["unavailable"]["remedy"]
    assert "no owner/none" in reply("hub:owner/none:flash")["unavailable"]["reason"]
