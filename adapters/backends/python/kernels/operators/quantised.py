"""Attention on caches of stored codes, which come as bytes: PyTorch's own float8 types say what they stand for."""

from __future__ import annotations

import torch
from attn_cts import kernel
from lib import CLAIMS, attention

READ = {**CLAIMS, "outputs": ["o", "lse"], "gradients": ["q"]}
E2M1 = torch.tensor([0, 0.5, 1, 1.5, 2, 3, 4, 6])


def e4m3(codes, like):
    return codes.view(torch.float8_e4m3fn).to(like.dtype)


def e8m0(codes, like):
    return torch.exp2(codes.to(like.dtype) - 127)


def repeated(scale, size, block):
    """The scale of each block of an axis, for each of its elements."""
    return scale.repeat_interleave(int(block), -1)[..., :size]


@kernel(operators=["fp8-cache"], **READ)
def fp8_cache(q, keyCodes, valueCodes, keyScale, valueScale, mask=None, causal=False, scale=None):
    k, v = e4m3(keyCodes, q) * keyScale[:, None, None], e4m3(valueCodes, q) * valueScale[:, None, None]
    return attention(q, k, v, mask, causal, scale)


@kernel(operators=["fp8-cache-by-tensor"], **READ)
def fp8_cache_by_tensor(q, keyCodes, valueCodes, keyScale, valueScale, mask=None, causal=False, scale=None):
    return attention(q, e4m3(keyCodes, q) * keyScale, e4m3(valueCodes, q) * valueScale, mask, causal, scale)


@kernel(operators=["fp8-cache-e5m2"], **READ)
def fp8_cache_e5m2(q, keyCodes, valueCodes, keyScale, valueScale, mask=None, causal=False, scale=None):
    k, v = (x.view(torch.float8_e5m2).to(q.dtype) for x in (keyCodes, valueCodes))
    return attention(q, k * keyScale[:, None, None], v * valueScale[:, None, None], mask, causal, scale)


@kernel(operators=["mxfp8-cache"], **READ)
def mxfp8_cache(q, keyCodes, valueCodes, keyScale, valueScale, mask=None, causal=False, scale=None, block=32):
    k, v = (
        e4m3(codes, q) * repeated(e8m0(scales, q), codes.shape[-1], block) for codes, scales in ((keyCodes, keyScale), (valueCodes, valueScale))
    )
    return attention(q, k, v, mask, causal, scale)


def e2m1(packed, size, like):
    """Element 2i from the low half of byte i, 2i + 1 from the high one."""
    nibbles = torch.stack([packed & 15, packed >> 4], -1).flatten(-2)[..., :size].int()
    return (E2M1.to(like)[nibbles & 7]) * (1 - 2 * (nibbles >> 3)).to(like)


@kernel(operators=["nvfp4-cache"], **READ)
def nvfp4_cache(
    q, keyCodes, valueCodes, keyScale, valueScale, keyGlobal, valueGlobal, problem, mask=None, causal=False, scale=None, block=16
):
    d, e = problem.dims["d"], problem.dims["e"]
    k = e2m1(keyCodes, d, q) * repeated(e4m3(keyScale, q) * keyGlobal, d, block)
    v = e2m1(valueCodes, e, q) * repeated(e4m3(valueScale, q) * valueGlobal, e, block)
    return attention(q, k, v, mask, causal, scale)


def linear(tiles, tokens, blocks):
    """Scales in tiles of 128 tokens and 4 blocks, by the offset that the layout's definition gives each."""
    flat = tiles.reshape(*tiles.shape[:2], -1)
    across = tiles.shape[3]
    r, c = torch.arange(tokens)[:, None], torch.arange(blocks)
    at = ((r // 128) * across + c // 4) * 512 + r % 32 * 16 + r % 128 // 32 * 4 + c % 4
    return flat[..., at.to(flat.device)]


@kernel(operators=["nvfp4-cache-swizzled"], **READ)
def nvfp4_cache_swizzled(
    q, keyCodes, valueCodes, keyScale, valueScale, keyGlobal, valueGlobal, problem, mask=None, causal=False, scale=None, block=16
):
    n, d, e = (problem.dims[axis] for axis in "nde")
    keyScale, valueScale = linear(keyScale, n, -(-d // int(block))), linear(valueScale, n, -(-e // int(block)))
    k = e2m1(keyCodes, d, q) * repeated(e4m3(keyScale, q) * keyGlobal, d, block)
    v = e2m1(valueCodes, e, q) * repeated(e4m3(valueScale, q) * valueGlobal, e, block)
    return attention(q, k, v, mask, causal, scale)


@kernel(operators=["q8-0-cache"], **READ)
def q8_0_cache(q, keyCodes, valueCodes, keyScale, valueScale, mask=None, causal=False, scale=None, block=32):
    k, v = (
        codes.to(q.dtype) * repeated(scales.to(q.dtype), codes.shape[-1], block)
        for codes, scales in ((keyCodes, keyScale), (valueCodes, valueScale))
    )
    return attention(q, k, v, mask, causal, scale)


@kernel(operators=["q4-0-cache"], **READ)
def q4_0_cache(q, keyCodes, valueCodes, keyScale, valueScale, problem, mask=None, causal=False, scale=None, block=32):
    def numbers(packed, scales, size):
        codes = torch.cat([packed & 15, packed >> 4], -1).to(q.dtype) - 8
        return (codes * scales[..., None].to(q.dtype)).flatten(-2)[..., :size]

    k, v = numbers(keyCodes, keyScale, problem.dims["d"]), numbers(valueCodes, valueScale, problem.dims["e"])
    return attention(q, k, v, mask, causal, scale)


MLA = {**READ, "gradients": ["q", "rotated"]}


@kernel(operators=["mla-fp8"], **MLA)
def mla_fp8(q, latentCodes, latentScale, rotated, mask=None, causal=False, scale=None, block=128):
    latent = e4m3(latentCodes, q) * repeated(latentScale, latentCodes.shape[-1], block)
    return attention(q, torch.cat([latent, rotated], -1)[:, None], latent[:, None], mask, causal, scale)


@kernel(operators=["mla-fp8-whole-row"], **MLA)
def mla_fp8_whole_row(q, latentCodes, latentScale, rotated, mask=None, causal=False, scale=None, block=64):
    latent = e4m3(latentCodes, q) * repeated(e8m0(latentScale, q), latentCodes.shape[-1], block)
    row = torch.cat([latent, rotated], -1)[:, None]
    return attention(q, row, row, mask, causal, scale)
