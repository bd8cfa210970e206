"""Codes and scales that are written into caches, by the rules of those who write them."""

from __future__ import annotations

import torch
from attn_cts import kernel
from lib import CLAIMS

WRITE = {**CLAIMS, "gradients": False}
SCALED = {**WRITE, "outputs": ["o", "scale"]}


def bits(x):
    """The codes of x as E4M3, rounded to even, of which 464 is the last that does not overflow: PyTorch 2.6 gives NaN beyond, 2.15 gives 448."""
    return torch.where(x.abs() > 464, torch.nan, x).to(torch.float8_e4m3fn).view(torch.uint8)


def saturated(x):
    return bits(x.clamp(-448, 448))


@kernel(operators=["fp8-write"], **WRITE)
def fp8_write(x, scale):
    return saturated(x / scale[:, None, None])


@kernel(operators=["fp8-write-nan"], **WRITE)
def fp8_write_nan(x, scale):
    return bits(x / scale[:, None, None])


def blocks(x, block):
    """x in whole blocks [..., blocks, block], the last one filled with zeros."""
    block = int(block)
    return torch.nn.functional.pad(x, (0, -x.shape[-1] % block)).unflatten(-1, (-1, block))


def elements(parts, x):
    return parts.flatten(-2)[..., : x.shape[-1]]


def powers(x, exponent):
    """The E8M0 codes of exponents, that of zeros the least, and x over these powers of two, as E4M3."""
    code = exponent.clamp(-127, 127) + 127
    return code.to(torch.uint8), saturated(torch.ldexp(x, -(code - 127)[..., None]))


@kernel(operators=["mxfp8-write-floor"], **SCALED)
def mxfp8_write_floor(x, block=32):
    parts = blocks(x, block)
    amax = parts.abs().amax(-1)
    scale, codes = powers(parts, torch.where(amax > 0, torch.frexp(amax).exponent - 1 - 8, -127))
    return elements(codes, x), scale


@kernel(operators=["mxfp8-write-ceil"], **SCALED)
def mxfp8_write_ceil(x, block=32):
    parts = blocks(x, block)
    mantissa, exponent = torch.frexp(parts.abs().amax(-1) / 448)
    scale, codes = powers(parts, torch.where(mantissa > 0, exponent - (mantissa == 0.5).int(), -127))
    return elements(codes, x), scale


def fours(y):
    """The codes of y as E2M1. A tie goes to the even code: below the first midpoint, above the second, and so on."""
    codes = 8 * y.signbit()
    for code, midpoint in enumerate((0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5)):
        codes = codes + (y.abs() >= midpoint if code % 2 else y.abs() > midpoint)
    return codes.to(torch.uint8)


@kernel(operators=["nvfp4-write"], **SCALED)
def nvfp4_write(x, globalScale, block=16):
    parts = blocks(x / globalScale, block)
    scale = saturated(parts.abs().amax(-1) / 6)
    by = scale.view(torch.float8_e4m3fn).to(x.dtype)[..., None]
    return elements(fours(torch.where(by > 0, parts / by, 0 * parts)), x), scale


@kernel(operators=["nvfp4-write-te"], **SCALED)
def nvfp4_write_te(x, globalScale, block=16):
    parts = blocks(x, block).float()
    scale = saturated(parts.abs().amax(-1) * (1 / globalScale.float() * (1 / 6)))
    by = scale.view(torch.float8_e4m3fn).float()[..., None]
    inverse = (1 / (by * globalScale.float())).clamp(max=torch.finfo(torch.float32).max)
    return elements(fours(parts * inverse), x), scale


def single(step):
    """GGML computes its steps in float32, whatever x is."""
    return step.to(torch.float32).to(step.dtype)


@kernel(operators=["q8-0-write"], **SCALED)
def q8_0_write(x, block=32):
    parts = blocks(x, block)
    step = single(parts.abs().amax(-1) / 127)[..., None]
    y = parts * torch.where(step > 0, 1 / step, 0)
    whole = torch.floor(y.abs())
    away = torch.copysign(whole + (y.abs() - whole >= 0.5), y)
    return elements(away.to(torch.int8), x), step[..., 0].to(torch.float16)


@kernel(operators=["q8-0-write-x86"], **SCALED)
def q8_0_write_x86(x, block=32):
    parts = blocks(x, block)
    amax = parts.abs().amax(-1, keepdim=True)
    y = parts * single(torch.where(amax > 0, 127 / amax, 0))
    return elements(y.round().to(torch.int8), x), single(amax / 127)[..., 0].to(torch.float16)


@kernel(operators=["q4-0-write"], **SCALED)
def q4_0_write(x, block=32):
    parts = blocks(x, block)
    first = parts.abs().argmax(-1, keepdim=True)
    end = parts.gather(-1, first)
    # of zeros the scale is -0, whatever their signs
    step = single(torch.where(end != 0, end, 0) / -8)
    codes = torch.floor(parts * torch.where(step != 0, 1 / step, 0) + 8.5).clamp(max=15)
    return elements(codes.to(torch.uint8), x), step[..., 0].to(torch.float16)
