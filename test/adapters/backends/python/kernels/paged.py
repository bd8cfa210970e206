"""A cache in pages: a NumPy kernel that appends in place, one that only reads, and one that reads its last page to the end."""

import numpy as np
from attn_cts import kernel

PAGES = {"sizes": [4], "append": True}


def slots(pages, table, count):
    """Which page and slot each of a sequence's positions lies in."""
    at = np.arange(count)
    page = pages.shape[1]
    return table[at // page], at % page


def attend(q, k, v, scale, causal):
    """One sequence: q [hq, m, d], k [hk, n, d], v [hk, n, e]."""
    group = q.shape[0] // k.shape[0]
    k, v = np.repeat(k, group, axis=0), np.repeat(v, group, axis=0)
    scores = np.einsum("hid,hjd->hij", q, k) * np.float32(q.shape[2] ** -0.5 if scale is None else scale)
    if causal:
        scores = np.where(np.arange(k.shape[1]) <= np.arange(q.shape[1])[:, None] + k.shape[1] - q.shape[1], scores, -np.inf)
    p = np.exp(scores - scores.max(axis=2, keepdims=True))
    return np.einsum("hij,hje->hie", p / p.sum(axis=2, keepdims=True), v)


def over_pages(q, k_pages, v_pages, block_table, lengths, scale, causal):
    o = np.empty((*q.shape[:3], v_pages.shape[3]), q.dtype)
    for b, length in enumerate(lengths):
        where = slots(k_pages, block_table[b], length)
        o[b] = attend(q[b], k_pages[where].swapaxes(0, 1), v_pages[where].swapaxes(0, 1), scale, causal)
    return o


@kernel(id="appends", masks={"causal": {"causal": True}}, pages=PAGES)
def appends(q, k, v, scale=None, causal=False, block_table=None, cache_lengths=None, k_new=None, v_new=None):
    if block_table is None:
        return np.stack([attend(*entry, scale, causal) for entry in zip(q, k, v)])
    t = k_new.shape[2]
    for b, length in enumerate(cache_lengths):
        page, slot = slots(k, block_table[b], length + t)
        k[page[length:], slot[length:]] = k_new[b].swapaxes(0, 1)
        v[page[length:], slot[length:]] = v_new[b].swapaxes(0, 1)
    return over_pages(q, k, v, block_table, cache_lengths + t, scale, causal), k, v


@kernel(id="reads", masks={"causal": {"causal": True}}, pages={"sizes": [4]})
def reads(q, k, v, scale=None, causal=False, block_table=None, cache_lengths=None):
    if block_table is None:
        return appends(q, k, v, scale, causal)
    return over_pages(q, k, v, block_table, cache_lengths, scale, causal)


@kernel(id="reads-on", pages={"sizes": [4]})
def reads_on(q, k, v, scale=None, block_table=None, cache_lengths=None):
    """The last page to its end, whatever lies there."""
    lengths = None if cache_lengths is None else -(-cache_lengths // 4) * 4
    return reads(q, k, v, scale, False, block_table, lengths)
