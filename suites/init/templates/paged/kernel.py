"""Paged decode with GQA in NumPy: one query a sequence, over the keys and values in the pages of its KV cache. Make `decode` yours."""

import numpy as np
from attn_cts import kernel


# what is claimed is called and must be right; what is not claimed is never called. A function that requires `block_table` takes calls on
# pages alone; m=1 is decode: one new token a sequence, which lies in the pages already. With PyTorch or JAX it gets their tensors, on their
# device. attn_cts.py comes with attention-cts; copy it beside this file to run it alone.
@kernel(
    id="my-paged-kernel",
    title="My paged decode",
    version="0.1.0",
    dtypes=["f32"],
    pages={"sizes": [16]},
    m=1,
    outputs=["o", "lse"],
    numeric={"accumulate": "f32"},
)
def decode(q, k_cache, v_cache, block_table, seqlens, scale=None):
    """q [b, heads, 1, d], k_cache [pages, 16, key heads, d], v_cache [pages, 16, key heads, e], block_table [b, most pages], seqlens [b] -> o [b, heads, 1, e], lse [b, heads, 1]."""
    b, heads, _, d = q.shape
    page, key_heads = k_cache.shape[1:3]
    o = np.empty((b, heads, 1, v_cache.shape[3]), q.dtype)
    lse = np.empty((b, heads, 1), q.dtype)
    for i, length in enumerate(seqlens):
        # entries of the table after the last page name any page, and the rest of the last page holds any number
        pages = block_table[i, : -(-length // page)]
        k = k_cache[pages].reshape(-1, key_heads, d)[:length]
        v = v_cache[pages].reshape(-1, key_heads, v_cache.shape[3])[:length]
        # query head h reads key head h // group
        grouped = q[i, :, 0].reshape(key_heads, heads // key_heads, d)
        scores = np.einsum("hgd,nhd->hgn", grouped, k) * np.float32(d**-0.5 if scale is None else scale)
        largest = scores.max(axis=2, keepdims=True)
        weights = np.exp(scores - largest)
        total = weights.sum(axis=2, keepdims=True)
        o[i, :, 0] = (np.einsum("hgn,nhe->hge", weights, v) / total).reshape(heads, -1)
        lse[i, :, 0] = (largest + np.log(total)).reshape(heads)
    return o, lse
