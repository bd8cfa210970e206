"""Affine quantisation of quanto, with which LogQuantKV stores the tokens that it does not keep."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Optional

import torch
from glue_parts import CACHE, Torch, attention
from published import Source

Tensor = torch.Tensor
quanto = Source("quanto")


class Wide(Torch):
    """The module torch, with whole numbers of 32 bits where the code asks for 8: a zero point of a narrow group needs them."""

    int8 = torch.int32


QTYPES = {bits: SimpleNamespace(bits=bits, is_floating_point=False) for bits in (2, 4)}
FOLDER = "quanto/tensor/"
_given = dict(torch=Wide(), AffineOptimizer=object, qint2=QTYPES[2], qint4=QTYPES[4])
_optimizer = quanto.take(f"{FOLDER}optimizers/max_optimizer.py", "MaxOptimizer", **_given).MaxOptimizer()
# what would be packed into bytes
_packed = SimpleNamespace(create=lambda *made: made)
_write = quanto.take(f"{FOLDER}quantizers/affine.py", "AffineQuantizer", QBitsTensor=_packed, **_given).AffineQuantizer
_read = quanto.take(f"{FOLDER}qbits/qbits.py", "QBitsDequantizer", "QBitsTensor", QTensor=object, **_given).QBitsDequantizer


def stored(part: Tensor, bits: int) -> Tensor:
    """Groups, the last axis of [..., r], written and read again; a group of one value stays as it was."""
    rows = part.flatten(0, -2)
    scale, zero = _optimizer.optimize(rows, bits, 0)
    codes = _write.forward(None, rows, QTYPES[bits], 0, None, scale, zero)[5]
    held = SimpleNamespace(_data=SimpleNamespace(unpack=lambda: codes), _scale=scale, _zeropoint=zero, qtype=QTYPES[bits], axis=None)
    return torch.where(scale > 0, _read.forward(None, held), rows).view_as(part)


def kept(tokens: int, window: int) -> Tensor:
    """Which tokens of a prefill are kept: of the first two windows every other one is, again and again until fewer than three are left."""
    left = list(range(tokens))
    while len(left) >= 3 * window:
        left = left[: 2 * window : 2] + left[2 * window :]
    return torch.isin(torch.arange(tokens), torch.tensor(left))


@quanto.kernel("logquant", **CACHE)
def logquant(q: Tensor, k: Tensor, v: Tensor, scale: Optional[float] = None, bits: int = 2, group: int = 64, window: int = 64):
    whole = kept(k.shape[2], int(window))[:, None]
    read = (torch.cat([stored(part, int(bits)) for part in x.split(int(group), -1)], -1) for x in (k, v))
    return attention(q, *(torch.where(whole, x, coded) for x, coded in zip((k, v), read)), scale=scale)
