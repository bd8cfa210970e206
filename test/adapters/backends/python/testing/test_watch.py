"""Calls of attention that are judged where they are made. Run by testing.e2e.test.ts."""

import os
import subprocess
import sys

import pytest
import torch
from torch.nn import functional as F

import attn_cts


def step(module, batch):
    module(batch).square().mean().backward()


class Block(torch.nn.Module):
    """Two layers of causal attention with shared weights."""

    def __init__(self, attend):
        super().__init__()
        self.projection = torch.nn.Linear(16, 48)
        self.attend = attend

    def forward(self, x):
        for _ in range(2):
            q, k, v = (part.unflatten(-1, (2, 8)).transpose(1, 2) for part in self.projection(x).chunk(3, -1))
            x = x + self.attend(q, k, v).transpose(1, 2).flatten(2)
        return x


def causal(q, k, v):
    return F.scaled_dot_product_attention(q, k, v, is_causal=True)


def test_judges_each_signature_once_with_its_gradients():
    with attn_cts.watch() as seen:
        step(Block(causal), torch.randn(2, 12, 16))
        Block(causal)(torch.randn(2, 5, 16))
    assert not hasattr(F.scaled_dot_product_attention, "__wrapped__")
    first, second = seen.verdicts.values()
    assert first.passed and second.passed and not seen.failed
    assert {"dq", "dk", "dv"} <= set(first.record["judged"][1]["statistics"])
    assert sum(seen.calls.values()) == 4 and "4 calls of 2 signatures, 2 judged, 0 wrong" in str(seen)
    assert "2 judged" in seen._repr_html_() and seen.seconds > 0


def test_the_watched_step_has_the_gradients_of_the_unwatched_one():
    torch.manual_seed(0)
    block, batch = Block(causal), torch.randn(2, 12, 16)
    step(block, batch)
    plain = block.projection.weight.grad.clone()
    block.zero_grad()
    with attn_cts.watch():
        step(block, batch)
    assert torch.equal(block.projection.weight.grad, plain)


def wrong_forward(q, k, v, is_causal=False):
    return torch.nn.functional.scaled_dot_product_attention(q, k, v) * 1.01


class WrongBackward(torch.autograd.Function):
    @staticmethod
    def forward(ctx, q, k, v):
        ctx.save_for_backward(q, k, v)
        return F.scaled_dot_product_attention(q, k, v)

    @staticmethod
    def backward(ctx, do):
        with torch.enable_grad():
            leaves = [x.detach().requires_grad_() for x in ctx.saved_tensors]
            grads = torch.autograd.grad(F.scaled_dot_product_attention(*leaves), leaves, do)
        return grads[0], grads[1] * 1.01, grads[2]


def wrong_backward(q, k, v):
    return WrongBackward.apply(q, k, v)


@pytest.mark.parametrize("name, text", [("wrong_forward", "forward pass: o["), ("wrong_backward", "backward pass: dk[")])
def test_a_wrong_function_is_named_and_its_call_saved(name, text):
    with attn_cts.watch([f"{__name__}.{name}"]) as seen:
        step(Block(lambda *qkv: globals()[name](*qkv)), torch.randn(2, 12, 16))
    assert len(seen.failed) == 1 and text in str(seen) and name in seen.failed[0]
    assert os.path.getsize(seen.saved) > 0


def test_calls_that_cannot_be_judged_are_counted_by_reason():
    q, k, v = (torch.randn(1, 2, 4, 8, requires_grad=True) for _ in range(3))
    with attn_cts.watch() as seen:
        F.scaled_dot_product_attention(q, k, v, dropout_p=0.5)
        F.scaled_dot_product_attention(q.to("meta"), k.to("meta"), v.to("meta"))
        held = [x * 1 for x in (q, k, v)]
        o = F.scaled_dot_product_attention(*held, is_causal=True)
        gradient = torch.ones_like(o)
        held[0].detach()._version
        o.backward(gradient, retain_graph=True)
    assert seen.unjudged == {"dropout": 1, "tensors without data": 1}
    assert "not judged: 1 calls: dropout" in str(seen)


class Keeps(torch.autograd.Function):
    """Attention that saves copies, so that its inputs may be overwritten."""

    @staticmethod
    def forward(ctx, q, k, v):
        ctx.kept = [x.detach().clone() for x in (q, k, v)]
        return F.scaled_dot_product_attention(q, k, v)

    @staticmethod
    def backward(ctx, do):
        with torch.enable_grad():
            leaves = [x.requires_grad_() for x in ctx.kept]
            return torch.autograd.grad(F.scaled_dot_product_attention(*leaves), leaves, do)


def keeps(q, k, v):
    return Keeps.apply(q, k, v)


def test_inputs_that_are_overwritten_before_the_backward_pass_are_counted():
    q, k, v = (torch.randn(1, 2, 4, 8, requires_grad=True) for _ in range(3))
    with attn_cts.watch([f"{__name__}.keeps"]) as seen:
        held = [x * 1 for x in (q, k, v)]
        o = globals()["keeps"](*held)
        with torch.no_grad():
            held[0].detach().zero_()
        o.sum().backward()
    assert seen.unjudged["inputs overwritten before the backward pass"] == 1 and not seen.failed


def test_a_name_that_cannot_be_imported_is_said():
    with pytest.raises(ValueError, match="no_such_module.f cannot be watched"):
        with attn_cts.watch(["no_such_module.f"]):
            pass


SUITE = """
import torch
from torch.nn.functional import scaled_dot_product_attention as imported_early

def attend(q, k, v):
    return torch.nn.functional.scaled_dot_product_attention(q, k, v)

def broken(q, k, v):
    return torch.nn.functional.scaled_dot_product_attention(q, k, v) + 0.1

def qkv():
    return [torch.randn(1, 2, 6, 8) for _ in range(3)]

def test_attend():
    assert attend(*qkv()).shape == (1, 2, 6, 8)

def test_broken():
    assert globals()["broken"](*qkv()).shape == (1, 2, 6, 8)
"""


@pytest.mark.parametrize(
    "arguments, code, text",
    [
        (["--attn-cts-watch"], 0, "2 calls of 1 signatures, 1 judged, 0 wrong"),
        (["--attn-cts-watch-function", "suite.broken"], 1, "FAIL  broken("),
        (["--attn-cts-watch-function=nowhere.broken"], 4, "--attn-cts-watch-function: nowhere.broken cannot be watched"),
        (["--attn-cts-watch", "-k", "nothing"], 3, "0 judged"),
        ([], 0, "2 passed"),
    ],
)
def test_the_plugin_of_pytest(tmp_path, arguments, code, text):
    (tmp_path / "suite.py").write_text(SUITE)
    path = os.pathsep.join([str(tmp_path), os.path.dirname(os.path.dirname(attn_cts.__file__))])
    command = [sys.executable, "-m", "pytest", "-p", "attn_cts.pytest_plugin", "-p", "no:cacheprovider", "-q", *arguments, "suite.py"]
    done = subprocess.run(command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True)
    assert done.returncode == code, done.stdout + done.stderr
    assert text in done.stdout + done.stderr
