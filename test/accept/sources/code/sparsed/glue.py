"""The choice of blocks of SparseD, called as its layer for Dream calls it."""

from __future__ import annotations

from typing import Optional

import torch
from glue_parts import attention, shared
from published import Source

Tensor = torch.Tensor
source = Source("sparsed")
_code = source.take("models/Dream/SparseD_utils.py", "create_attention_block_mask")


@source.kernel("sparsed", m="=n", outputs=["o", "map"], gradients=["q", "k", "v"])
def sparsed(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    mapQ: Tensor,
    mapK: Tensor,
    scale: Optional[float] = None,
    mapScale: Optional[float] = None,
    block: int = 2,
    ratio: float = 0.25,
    recent: int = 4,
):
    n, block = k.shape[2], int(block)
    starts = range(0, n, block)
    last = next(at for at, start in enumerate(starts) if n - start <= recent or start + block >= n)
    scores = mapQ @ shared(mapK, mapQ).transpose(2, 3) * (mapQ.shape[-1] ** -0.5 if mapScale is None else mapScale)

    def chosen(first: int) -> Tensor:
        """Blocks of keys from `first` on that each block of queries chooses among them."""
        weights = scores[..., first * block :].softmax(-1)
        rows = [_code.create_attention_block_mask(weights[:, :, start : start + block], block, ratio) for start in starts]
        return torch.cat(rows, 2)

    map = torch.cat([chosen(0)[..., :last], chosen(last)], -1)
    seen = map.repeat_interleave(block, 2)[:, :, :n].repeat_interleave(block, 3)[..., :n]
    return attention(q, k, v, seen, scale=scale), map.to(q.dtype)
