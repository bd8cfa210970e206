"""A kernel over pages whose calls are captured: one that keeps where its tensors lie, and one that keeps the lengths of the captured call."""

from attn_cts import kernel
from paged import PAGES, appends

kept = {}


@kernel(id="keeps-pointers", masks={"causal": {"causal": True}}, pages=PAGES, captured=lambda run: run)
def keeps_pointers(q, k, v, scale=None, causal=False, block_table=None, cache_lengths=None, k_new=None, v_new=None):
    return appends(q, k, v, scale, causal, block_table, cache_lengths, k_new, v_new)


def planned(run):
    """The lengths are read when the call is captured, and no more."""
    kept.clear()
    return run


@kernel(id="keeps-lengths", masks={"causal": {"causal": True}}, pages=PAGES, captured=planned)
def keeps_lengths(q, k, v, scale=None, causal=False, block_table=None, cache_lengths=None, k_new=None, v_new=None):
    if cache_lengths is not None:
        cache_lengths = kept.setdefault("lengths", cache_lengths.copy())
    return appends(q, k, v, scale, causal, block_table, cache_lengths, k_new, v_new)
