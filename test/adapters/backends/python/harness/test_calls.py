"""Calls of a kernel: what it is given, and what becomes of what it returns."""

import json

import numpy as np
import pytest

from asking import DIMS, ask, qkv
from attn_cts import KernelError, Raw, Server, Session, decode_safetensors, encode_safetensors, kernel


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
        (lambda q: (q, q), 'returned 2 tensors, but its outputs are o; name them, as in @kernel(outputs=["o", "lse"])'),
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
    with pytest.raises(KernelError, match="captured: True needs PyTorch"):
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
