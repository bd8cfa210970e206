"""Kernels in PyTorch."""

import numpy as np
import pytest

from asking import ask, qkv
from attn_cts import kernel


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
