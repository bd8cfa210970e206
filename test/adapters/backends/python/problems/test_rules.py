"""Bounds of the error analysis: PyTorch's own results, in the dtypes it has, lie within them; and they are no wider than an output."""

import pytest
import torch
import torch.nn.functional as F
from attn_cts.problems.analysis import WithoutRule, analyse
from attn_cts.problems.bounded import RULES, Arithmetic, Bounded, Call, bounded, rule
from torch import nn

torch.manual_seed(0)
MASK = torch.randn(24, 24)


def windowed(q, k, v):
    scores = q @ k.transpose(-1, -2) / 8
    return scores.masked_fill(torch.ones(scores.shape[-2:]).tril() == 0, -torch.inf).softmax(-1) @ v


def in_place(x):
    o = torch.zeros_like(x)
    o[:, :, 0] = x[:, :, 1]
    return o.add_(x).mul_(2).relu_()


MODELS = {
    "attention": (lambda q, k, v: F.scaled_dot_product_attention(q, k, v, is_causal=True), 3),
    "attention with a mask": (lambda q, k, v: F.scaled_dot_product_attention(q, k, v, attn_mask=MASK.to(q.dtype)), 3),
    "attention by hand": (windowed, 3),
    "layer norm": (nn.LayerNorm(32), 1),
    "group norm": (nn.GroupNorm(3, 3), 1),
    "rms norm": (lambda x: F.rms_norm(x, (32,)), 1),
    "rms norm by hand": (lambda x: x / torch.sqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5), 1),
    "gelu": (nn.GELU(), 1),
    "gelu by tanh": (nn.GELU(approximate="tanh"), 1),
    "convolution": (nn.Conv2d(3, 8, 3), 1),
    "transposed convolution": (nn.ConvTranspose2d(3, 8, 3, stride=2), 1),
    "maximum pool": (nn.MaxPool2d(2), 1),
    "mean pool": (nn.AvgPool2d(2), 1),
    "linear": (nn.Linear(32, 16), 1),
    "logsumexp": (lambda x: torch.logsumexp(x, -1), 1),
    "log softmax": (lambda x: F.log_softmax(x, -1), 1),
    "cumulative sum": (lambda x: x.cumsum(-1), 1),
    "largest four": (lambda x: torch.topk(x, 4)[0], 1),
    "sorted": (lambda x: torch.sort(x, -1)[0], 1),
    "activations": (lambda x: F.silu(x) + F.softplus(x) + F.mish(x) + F.hardswish(x) + F.elu(x) + F.leaky_relu(x) + F.selu(x) + F.hardtanh(x), 1),
    "functions": (lambda x: x.sin() + x.cos() + x.tanh() + x.sigmoid() + torch.erf(x) + x.abs().log1p() + (x.abs() + 1).rsqrt(), 1),
    "powers": (lambda x: (x.abs() + 1) ** 1.5 + x**3 + torch.expm1(x), 1),
    "normalised": (lambda x: F.normalize(x, dim=-1), 1),
    "deviation": (lambda x: x.std(-1), 1),
    "cross entropy": (lambda x: F.cross_entropy(x.reshape(-1, 32), torch.arange(144) % 32), 1),
    "other losses": (lambda a, b: F.smooth_l1_loss(a, b) + F.mse_loss(a, b) + F.kl_div(a.log_softmax(-1), b.softmax(-1), reduction="batchmean"), 2),
    "in place": (in_place, 1),
    "product of sums": (lambda a, b: torch.einsum("bhqd,bhkd->bhqk", a, b), 2),
    "moved": (lambda a: torch.cat([a.roll(1, -1), F.pad(a, (0, 3))], -1).flip(-1).unfold(-1, 4, 2), 1),
    "chosen": (lambda a, b: torch.where(a > b, a, b).clamp(-1, 1) + torch.maximum(a, b).amax(-1, keepdim=True), 2),
    "scan": (lambda a, b: torch.stack([sum(0.9 ** (i - j) * a[:, :, j] * b[:, :, i] for j in range(i + 1)) for i in range(4)]), 2),
    "nearest": (lambda a: F.interpolate(a, scale_factor=2), 1),
    "distance": (lambda a, b: torch.dist(a, b), 2),
}


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16], ids=str)
@pytest.mark.parametrize("name", MODELS)
def test_results_lie_within_bounds(name, dtype):
    function, count = MODELS[name]
    tensors = [torch.randn(2, 3, 24, 32).to(dtype) for _ in range(count)]
    if isinstance(function, nn.Module):
        function = function.to(dtype)
    torch.manual_seed(1)
    with torch.no_grad():
        result = function(*tensors)
    torch.manual_seed(1)
    found = analyse(function, tensors, Arithmetic()).outputs[0]
    assert isinstance(found, Bounded) and found.shape == result.shape
    off = (result.double() - found.value).abs()
    assert not torch.isnan(found.error).any() and bool((off <= found.error).all()), float((off / found.error).max())
    if dtype == torch.float32:
        assert float(found.error.max()) <= 1e-3 * float(found.value.abs().max())


def test_a_smaller_precision_lies_outside():
    x, w = torch.randn(64, 64), torch.randn(64, 64)
    found = analyse(lambda a, b: a @ b, [x, w], Arithmetic()).outputs[0]
    lower = (x.bfloat16() @ w.bfloat16()).double()
    assert float(((lower - found.value).abs() / found.error).max()) > 10
    # TF32 rounds operands to 11 bits, which its own arithmetic allows
    rounded = [(y.view(torch.int32) & ~0x1FFF).view(torch.float32) for y in (x, w)]
    result = (rounded[0] @ rounded[1]).double()
    wide = analyse(lambda a, b: a @ b, [x, w], Arithmetic(tf32=True)).outputs[0]
    assert float(((result - found.value).abs() / found.error).max()) > 1 >= float(((result - wide.value).abs() / wide.error).max())


def test_what_has_no_rule_is_named():
    with pytest.raises(WithoutRule) as caught:
        analyse(lambda x: torch.special.bessel_j0(x) + F.dropout(x, 0.5), [torch.randn(4)], Arithmetic())
    assert "special_bessel_j0" in caught.value.names and "bernoulli" in caught.value.names


def test_a_near_tie_is_unsure():
    def place(x, y):
        return (x * y).argmax(-1)

    apart, near = torch.tensor([[1.0, 2.0]]), torch.tensor([[1.0, 1.0 + 2**-23]])
    assert isinstance(analyse(place, [apart, torch.full((1, 2), 1.1)], Arithmetic()).outputs[0], torch.Tensor)
    assert bool(analyse(place, [near, torch.full((1, 2), 1.1)], Arithmetic()).outputs[0].unsure.all())


def test_each_operation_has_one_rule():
    with pytest.raises(ValueError, match="has a rule already"):
        rule("exp")(lambda call, x: x)
    exp = RULES["exp"](Call("exp", torch.exp, torch.float32, Arithmetic()), bounded(torch.tensor([-torch.inf, 0.0])))
    assert exp.value.tolist() == [0.0, 1.0] and bool(torch.isfinite(exp.error).all())
