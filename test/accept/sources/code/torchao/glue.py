"""Block-scaled formats of torchao's prototype, as its emulation in PyTorch computes them."""

from __future__ import annotations

import types
from typing import Callable, Optional

import torch
from glue_parts import CACHE, attention
from published import Source

Tensor = torch.Tensor
torchao = Source("torchao")
FOLDER = "torchao/prototype/mx_formats/"
_constants = vars(torchao.module(f"{FOLDER}constants.py"))
_floats = vars(torchao.module("torchao/prototype/custom_fp_utils.py"))
# bits of the formats, which its files bind several at once
_given = {**_constants, **_floats, "EBITS_F4_E2M1": 2, "MBITS_F4_E2M1": 1, "MBITS_F8_E4M3": 3, "MBITS_F32": 23}
_codes = vars(
    torchao.take(
        f"{FOLDER}kernels.py", "f32_to_f4_unpacked", "f4_unpacked_to_f32", "pack_uint4", "unpack_uint4", "down_size", "up_size", **_given
    )
)
_blocked = vars(torchao.take(f"{FOLDER}utils.py", "from_blocked", "ceil_div"))
_modes = types.SimpleNamespace(FLOOR="floor", RCEIL="rceil", CEIL="ceil", EVEN="even")
_mx = torchao.take(
    f"{FOLDER}mx_tensor.py", "to_mx", "_to_mx_rceil", "to_dtype", "get_fp_scale", ScaleCalculationMode=_modes, **_given, **_codes
)
_four = {**_given, **_codes, **_blocked, "TorchAOBaseTensor": object}
_nv = torchao.take(f"{FOLDER}nvfp4_tensor.py", "NVFP4Tensor", "nvfp4_quantize", "E4M3_EPS", QuantizeTensorToNVFP4Kwargs=object, **_four)


def whole(x: Tensor, block: float) -> Tensor:
    """Rows whose last block is filled up with zeros."""
    return torch.nn.functional.pad(x, (0, -x.shape[-1] % int(block))).contiguous()


def written(x: Tensor, block: float, mode: str):
    scale, codes = _mx.to_mx(whole(x, block), torch.float8_e4m3fn, int(block), mode)
    return codes.view(torch.uint8)[..., : x.shape[-1]], scale.view(torch.uint8)


@torchao.kernel("mxfp8-write-floor", outputs=["o", "scale"])
def mxfp8_write_floor(x: Tensor, block: int = 32):
    return written(x, block, _modes.FLOOR)


@torchao.kernel("mxfp8-write-ceil", outputs=["o", "scale"])
def mxfp8_write_ceil(x: Tensor, block: int = 32):
    return written(x, block, _modes.RCEIL)


# blocks of small numbers alone, which tell it apart, are few
@torchao.kernel("nvfp4-write", outputs=["o", "scale"], fixed={"block": 16}, n={"max": 160}, d={"max": 72})
def nvfp4_write(x: Tensor, globalScale: Tensor):
    padded = whole(x, 16)
    scale, codes = _nv.nvfp4_quantize(padded.flatten(0, -2), 16, globalScale)
    scale = scale.reshape(*x.shape[:-1], -1).view(torch.uint8)
    return _codes["unpack_uint4"](codes).reshape(padded.shape)[..., : x.shape[-1]], scale


@torchao.kernel("mxfp8-cache", **CACHE)
def mxfp8_cache(
    q, keyCodes, valueCodes, keyScale, valueScale, mask: Optional[Tensor] = None, scale: Optional[float] = None, block: int = 32
):
    def read(codes, scales):
        codes8 = whole(codes, block).view(torch.float8_e4m3fn)
        return _mx.to_dtype(codes8, scales, torch.float8_e4m3fn, int(block), torch.float32)[..., : codes.shape[-1]]

    return attention(q, read(keyCodes, keyScale), read(valueCodes, valueScale), mask, scale)


def fours(codes: Tensor, scales: Tensor, whole_scale: Tensor, block: float, size: int) -> Tensor:
    """Numbers of bytes [b, h, n, bytes], scales [b, h, n, blocks], filled up to whole bytes and blocks."""
    block = int(block)
    width = -(-size // block) * block + (block % 2) * (size % 2)
    codes = torch.nn.functional.pad(codes, (0, width // 2 - codes.shape[-1]))
    scales = torch.nn.functional.pad(scales, (0, width // block - scales.shape[-1])).view(torch.float8_e4m3fn)
    tensor = types.SimpleNamespace(qdata=codes, scale=scales, per_tensor_scale=whole_scale, block_size=block, is_swizzled_scales=False)
    tensor.shape = (*codes.shape[:-1], width)
    tensor.get_hp_scales = lambda: _nv.NVFP4Tensor.get_hp_scales(tensor)
    return _nv.NVFP4Tensor.dequantize(tensor, torch.float32)[..., :size]


def rows(tiles: Tensor, n: int, size: int, block: float) -> Tensor:
    """Scales [b, h, n, blocks] of tiles, each head by itself."""
    flat = tiles.flatten(0, 1).flatten(1)
    return torch.stack([_blocked["from_blocked"](one, n, -(-size // int(block))) for one in flat]).unflatten(0, tiles.shape[:2])


def nvfp4(operator: str, scales_of: Callable) -> Callable:
    """Attention on a cache of NVFP4. @param scales_of: scales [b, h, n, blocks] of those of the case, the tokens, the channels and the block."""

    @torchao.kernel(operator, id=f"torchao-{operator}", **CACHE)
    def run(
        q, keyCodes, valueCodes, keyScale, valueScale, keyGlobal, valueGlobal, problem,
        mask: Optional[Tensor] = None, scale: Optional[float] = None, block: int = 16,
    ):  # fmt: skip
        n, d, e = (problem.dims[axis] for axis in "nde")
        k = fours(keyCodes, scales_of(keyScale, n, d, block), keyGlobal, block, d)
        v = fours(valueCodes, scales_of(valueScale, n, e, block), valueGlobal, block, e)
        return attention(q, k, v, mask, scale)

    return run


nvfp4_cache = nvfp4("nvfp4-cache", lambda scales, *others: scales)
nvfp4_cache_swizzled = nvfp4("nvfp4-cache-swizzled", rows)
