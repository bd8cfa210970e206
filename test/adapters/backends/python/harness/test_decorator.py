"""What @kernel reads from a function, and how it refuses one."""

import re

import pytest

import attn_cts
from attn_cts import KernelError, kernel


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
        ({"masks": ["causal"]}, r"masks: a list of names needs a function that takes `problem`"),
        ({"outputs": ["o", "logsumexp"]}, r"outputs: found 'logsumexp', allowed: o, lse"),
        ({"gradients": True}, r"gradients: NumPy does not differentiate: give backward="),
        ({"gradients": True, "backward": lambda q, k, v: q}, r"backward: must have the arguments do"),
        ({"block_backward": True}, r"block_backward: autograd cannot"),
        ({"options": ["softcap"]}, r'options: "softcap" is claimed, but the function has no argument softcap'),
        ({"dense_mask": "additive"}, r'dense_mask: "additive" comes as the argument bias'),
        ({"layouts": ["blhd"]}, r"layouts: there is no such argument; did you mean layout\?"),
        ({"denseMask": "boolean"}, r"denseMask: there is no such argument; did you mean dense_mask\?"),
        ({"batchInvariant": True}, r"batchInvariant: there is no such argument; did you mean batch_invariant\?"),
        ({"sped": 3}, r"sped: there is no such argument; did you mean speed\?"),
        ({"speed": "quick"}, r"speed: found 'quick', allowed: slow, medium, fast"),
        ({"d": 1.5}, r"d: found 1.5, must be a value, a list"),
        ({"framework": "pytorch"}, r"framework: found 'pytorch', allowed: numpy, torch, jax; did you mean torch\?"),
    ],
)
def test_wrong_arguments_are_explained(arguments, problem):
    with pytest.raises(KernelError, match=rf"test_decorator\.py:\d+: @kernel: {problem}"):
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


def test_every_flag_of_the_decorator_is_in_its_documentation():
    names = [name for name in attn_cts.kernel.__kwdefaults__ if not re.fullmatch("b|hk|g|m|n|d|e|id|title|version|operators", name)]
    missing = [name for name in names if name not in (attn_cts.kernel.__doc__ or "") and name not in (attn_cts.__doc__ or "")]
    assert missing == []


def test_a_function_that_requires_its_table_takes_calls_on_pages_alone():
    claims = lambda function, **more: kernel(function, pages={"sizes": [16], **more}).attn_cts.capabilities["pages"]  # noqa: E731
    assert claims(lambda q, k_cache, v_cache, block_table, seqlens: q) == {"sizes": [16], "only": True}
    assert claims(lambda q, k, v, block_table=None, cache_lengths=None: q) == {"sizes": [16]}
    assert claims(lambda q, k, v, block_table=None, cache_seqlens=None: q, only=True) == {"sizes": [16], "only": True}
    assert claims(lambda q, k, v, block_table, cache_seqlens: q, only=False) == {"sizes": [16], "only": False}


@pytest.mark.parametrize(
    "function, arguments, problem",
    [
        (lambda q, k, v, block_table, seqlens: q, {}, r"argument seqlens has no default|pages: the function requires block_table"),
        (lambda q, k, v, block_table, cache_lengths: q, {}, r"pages: the function requires block_table.*pages=\{\"sizes\": \[16\]\}"),
        (lambda q, k, v, block_table, seqlens: q, {"pages": {"sizes": [16], "onyl": True}}, r"pages: found 'onyl', allowed: sizes, append, only; did you mean only\?"),
        (lambda q, k, v, block_table, seqlens: q, {"pages": {"sizes": [16], "only": 1}}, r"pages: only: found 1, must be True or False"),
        (lambda q, k, v, block_table, seqlens: q, {"pages": {"sizes": [16]}, "gradients": ["q"]}, r"gradients: a call on pages has no backward pass"),
        (lambda q, k, v, block_table: q, {"pages": {"sizes": [16]}}, r"pages: a call on pages comes with block_table, cache_lengths; the function has no argument cache_lengths"),
    ],
)
def test_wrong_claims_of_pages_are_explained(function, arguments, problem):
    with pytest.raises(KernelError, match=problem):
        kernel(function, **arguments)
