"""Bounds in place of tolerances. Run by testing.e2e.test.ts."""

import numpy as np
import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention as sdpa

from attn_cts.node import session
from attn_cts.testing import assert_attention, assert_operator, attention_bounds, bounds_of, explain

DTYPES = [torch.float64, torch.float32, torch.float16, torch.bfloat16]


def drawn(seed, *shape, dtype=torch.float32):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float32).to(dtype)


def qkv(seed, b=2, h=4, hk=4, m=24, n=24, d=16, e=16, dtype=torch.float32):
    return drawn(seed, b, h, m, d, dtype=dtype), drawn(seed + 1, b, hk, n, d, dtype=dtype), drawn(seed + 2, b, hk, n, e, dtype=dtype)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("seed", range(4))
def test_sdpa_is_right_under_every_argument(dtype, seed):
    m, n = [(24, 24), (7, 33), (33, 7), (1, 40)][seed]
    q, k, v = qkv(10 * seed, hk=2, m=m, n=n, dtype=dtype)
    mask = drawn(seed, 2, 1, m, n) > -0.5
    mask[..., 0] = True
    bias = drawn(seed, 1, 4, m, n, dtype=dtype).masked_fill(~mask[:1], float("-inf"))
    assert_attention(sdpa(q, k, v, enable_gqa=True), q, k, v, enable_gqa=True)
    assert_attention(sdpa(q, k, v, is_causal=True, enable_gqa=True), q, k, v, is_causal=True, enable_gqa=True)
    assert_attention(sdpa(q, k, v, attn_mask=mask, scale=0.3, enable_gqa=True), q, k, v, attn_mask=mask, scale=0.3)
    assert_attention(sdpa(q, k, v, attn_mask=bias, enable_gqa=True), q, k, v, attn_mask=bias)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=str)
def test_gradients_are_judged(dtype):
    q, k, v = (x.requires_grad_() for x in qkv(3, dtype=dtype))
    o = sdpa(q, k, v, is_causal=True)
    do = drawn(9, *o.shape, dtype=dtype)
    o.backward(do)
    gradients = (q.grad, k.grad, v.grad)
    assert {"dq", "dk", "dv"} <= set(assert_attention((o, gradients), q, k, v, do=do, is_causal=True).record["judged"][1]["statistics"])
    wrong = explain((o, {"q": q.grad, "k": k.grad * 1.1, "v": v.grad}), q, k, v, do=do, is_causal=True)
    assert not wrong and "backward pass: dk" in str(wrong)
    with pytest.raises(ValueError, match="to judge gradients, give do="):
        assert_attention((o, gradients), q, k, v)


def test_a_failure_says_what_explains_it_and_how_to_replay_it():
    q, k, v = qkv(4, m=8, n=24)
    with pytest.raises(AssertionError) as failure:
        assert_attention(sdpa(q, k, v, is_causal=True), q, k, v, causal=True)
    text = str(failure.value)
    assert "times the bound" in text and "causal=top-left" in text
    replay = text.strip().split("\n")[-1]
    row = next(word for word in replay.split() if word.endswith(".safetensors"))
    with pytest.raises(ValueError, match="times|failed|ended with 1"):
        session.ask(["explain", row, "--numerics", "pytorch-cpu"])


def test_names_of_flash_attention_and_flashinfer():
    q, k, v = qkv(5, m=20, n=20)
    distance = torch.arange(20)[:, None] - torch.arange(20)
    window = (distance >= 0) & (distance <= 5)
    o = sdpa(q, k, v, attn_mask=window, scale=0.2)
    assert_attention(o, q, k, v, causal=True, window_size=(5, -1), softmax_scale=0.2)
    assert_attention(o, q, k, v, causal=True, window_left=5, sm_scale=0.2)
    assert_attention(o, q, k, v, mask="sliding-window", left=5, right=0, scale=0.2)
    assert not explain(o, q, k, v, causal=True, window_size=(4, -1), softmax_scale=0.2)
    scores = q.double() @ k.double().transpose(-1, -2) / 4
    capped = (torch.tanh(scores / 3) * 3).softmax(-1) @ v.double()
    assert_attention(capped.float(), q, k, v, softcap=3.0)
    assert_attention(capped.float(), q, k, v, logits_soft_cap=3.0)
    slopes = torch.tensor([0.5, 0.25, 0.125, 0.0625])
    biased = (scores - slopes[:, None, None] * distance.abs()).softmax(-1) @ v.double()
    assert_attention(biased.float(), q, k, v, alibi_slopes=slopes)


def test_layouts_and_packed_sequences():
    q, k, v = qkv(6, b=1, m=20, n=20)
    lengths = torch.tensor([0, 7, 20], dtype=torch.int32)
    parts = [sdpa(q[:, :, a:b], k[:, :, a:b], v[:, :, a:b], is_causal=True) for a, b in ((0, 7), (7, 20))]
    packed = [x[0].transpose(0, 1).contiguous() for x in (torch.cat(parts, 2), q, k, v)]
    assert_attention(*packed, cu_seqlens_q=lengths, cu_seqlens_k=lengths, causal=True, max_seqlen_q=13, max_seqlen_k=13)
    assert not explain(*packed, cu_seqlens_q=lengths, cu_seqlens_k=lengths)
    swapped = [x.transpose(1, 2) for x in (sdpa(q, k, v), q, k, v)]
    assert_attention(*swapped, layout="blhd")
    assert_attention(sdpa(q[0], k[0], v[0]), q[0], k[0], v[0])


def test_arrays_of_numpy_and_jax():
    q, k, v = qkv(7)
    arrays = [x.numpy() for x in (sdpa(q, k, v, is_causal=True), q, k, v)]
    assert_attention(*arrays, is_causal=True)
    jax = pytest.importorskip("jax")
    q, k, v = (jax.numpy.asarray(x.transpose(1, 2).numpy()) for x in (q, k, v))
    assert_attention(jax.nn.dot_product_attention(q, k, v, is_causal=True), q, k, v, is_causal=True, layout="blhd")


def test_an_operator_by_its_document():
    q, k, v = (x.double() for x in qkv(8))
    weights = torch.relu(q @ k.transpose(-1, -2) / 4) / 24
    assert_operator("relu-attention", {"o": weights @ v}, q=q, k=k, v=v, scale=0.25)
    with pytest.raises(AssertionError, match="relu-attention"):
        assert_operator("relu-attention", {"o": weights @ v * 1.01}, q=q, k=k, v=v, scale=0.25)


def test_bounds_to_use_as_one_likes():
    q, k, v = qkv(11)
    expected, bound = attention_bounds(q, k, v, is_causal=True)
    exact = sdpa(q.double(), k.double(), v.double(), is_causal=True).numpy()
    assert abs(expected - exact).max() < 1e-12
    assert (abs(sdpa(q, k, v, is_causal=True).numpy() - expected) <= bound).all() and bound.max() < 1e-4


def test_bounds_of_every_output_by_name():
    q, k, v = qkv(5)
    o, bound = attention_bounds(q, k, v, is_causal=True)
    found = bounds_of(q, k, v, is_causal=True, do=drawn(9, 2, 4, 24, 16))
    assert set(found) == {"o", "lse", "dq", "dk", "dv"} and (found["o"][0] == o).all() and (found["o"][1] == bound).all()
    assert all(value.shape == limit.shape and (limit > 0).all() for value, limit in found.values())


def test_refuses_a_call_that_it_cannot_judge():
    q, k, v = qkv(12)
    with pytest.raises(ValueError, match="dropout"):
        assert_attention(q, q, k, v, dropout_p=0.1)
    with pytest.raises(TypeError, match="unknown argument causl"):
        assert_attention(q, q, k, v, causl=True)
    with pytest.raises(ValueError, match="unknown numeric profile"):
        assert_attention(q, q, k, v, numeric="ieeee")
    with pytest.raises(ValueError, match="axis hk is 4 here, but 3 in k"):
        assert_attention(q, q, k[:, :3], v)
    with pytest.raises(ValueError, match="device meta"):
        assert_attention(q, q.to("meta"), k, v)


def test_an_output_without_finite_bounds_is_undecided():
    q, k, v = qkv(6)
    k[..., 0, :] = float("inf")
    o = sdpa(q, k, v)
    verdict = explain(o, q, k, v)
    assert not verdict and verdict.record["verdict"] == "undecided" and "have no finite bound" in str(verdict)
    with pytest.raises(ValueError, match="is undecided"):
        assert_attention(o, q, k, v)


@pytest.mark.parametrize("shape", [(), (1,), (24, 1), (4, 1, 1), (2, 1, 24, 1), (24,)], ids=str)
def test_masks_are_broadcast_as_by_sdpa(shape):
    q, k, v = qkv(7)
    added = drawn(8, *shape)
    kept = drawn(8, *shape) > -9
    for mask in (added, kept):
        o = sdpa(q, k, v, attn_mask=mask.expand(*torch.broadcast_shapes(shape, (1, 1, 24, 24))))
        assert assert_attention(o, q, k, v, attn_mask=mask).record["judged"][0]["statistics"]["o"]["undecided"] == 0


def test_one_output_alone_is_judged():
    q, k, v = (x.requires_grad_() for x in qkv(9))
    o = sdpa(q, k, v)
    do = drawn(9, *o.shape)
    o.backward(do)
    verdict = assert_attention((None, {"k": k.grad}), q, k, v, do=do)
    assert [judged["outputs"] for judged in verdict.record["judged"]] == [["dk"]]


def test_the_process_is_kept_and_comes_back():
    q, k, v = qkv(13)
    assert_attention(sdpa(q, k, v), q, k, v)
    first = session._process.pid
    assert_attention(sdpa(q, k, v), q, k, v)
    assert session._process.pid == first
    session._process.kill()
    session._process.wait()
    assert_attention(sdpa(q, k, v), q, k, v)
    assert session._process.pid != first


def test_a_sample_of_large_tensors_sees_one_wrong_tile():
    q, k, v = qkv(14, b=1, h=8, hk=2, m=1536, n=1536, d=64, e=64, dtype=torch.bfloat16)
    o = sdpa(q, k, v, is_causal=True, enable_gqa=True)
    verdict = assert_attention(o, q, k, v, is_causal=True)
    assert "of 12,288 rows judged" in str(verdict)
    wrong = o.clone()
    wrong[0, 5, 1024:1088] = 0
    assert not explain(wrong, q, k, v, is_causal=True)
    # an element that the sample may have left out is outside the range of its values
    outside = o.clone()
    outside[0, 3, 1301, 7] = 9.0
    verdict = explain(outside, q, k, v, is_causal=True)
    assert not verdict and "o[0, 3, 1301, 7] is 9" in str(verdict)
    outside[0, 3, 1301, 7] = float("nan")
    assert "o[0, 3, 1301, 7] is NaN" in str(explain(outside, q, k, v, is_causal=True))


N, QUERIES, TILE = 16_384, 16, 64


def fused(q, k, v, reads=lambda seen: seen, scale=1.0, lse=0.0, unscaled=None):
    """Causal attention of the last queries in bf16, as a fused kernel computes it, with one of six faults."""
    counts = torch.tensor([min(N, reads(N - QUERIES + i + 1)) for i in range(QUERIES)])
    scores = (q.float() @ k.float().transpose(-1, -2)) * (scale / 8)
    scores = scores.masked_fill(torch.arange(N) >= counts[:, None], -torch.inf)
    top = torch.full((*q.shape[:3], 1), -torch.inf)
    total, out = torch.zeros_like(top), torch.zeros(q.shape)
    for tile in range(0, N, TILE):
        part = scores[..., tile : tile + TILE]
        new = torch.maximum(top, part.amax(-1, keepdim=True))
        kept = torch.ones_like(new) if tile // TILE == unscaled else torch.exp(top - new)
        weights = torch.exp(part - new)
        total = total * kept + weights.sum(-1, keepdim=True)
        out = out * kept + weights.bfloat16().float() @ v[..., tile : tile + TILE, :].float()
        top = new
    return (out / total).bfloat16(), (top + total.log())[..., 0] + lse


FAULTS = {
    "last key dropped": {"reads": lambda seen: seen - 1},
    "one extra key": {"reads": lambda seen: seen + 1},
    "last per cent dropped": {"reads": lambda seen: seen - -(-seen // 100)},
    "scale x 0.9": {"scale": 0.9},
    "LSE off by ln 2": {"lse": float(np.log(2))},
    "one tile not rescaled": {"unscaled": 2},
}


def long_inputs():
    return drawn(1, 1, 8, QUERIES, 64, dtype=torch.bfloat16), *(drawn(s, 1, 8, N, 64, dtype=torch.bfloat16) for s in (2, 3))


def test_the_right_kernel_passes_at_16384_keys():
    q, k, v = long_inputs()
    o, lse = fused(q, k, v)
    assert_attention(o, q, k, v, causal=True, lse=lse, numeric={"tile": TILE, "chain": TILE})


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_finds_a_fault_at_16384_keys_that_assert_close_accepts(fault):
    q, k, v = long_inputs()
    (exact, _), (o, lse) = fused(q, k, v), fused(q, k, v, **fault)
    torch.testing.assert_close(o, exact, atol=1e-2, rtol=1e-2)
    assert not explain(o, q, k, v, causal=True, lse=lse, numeric={"tile": TILE, "chain": TILE})
