"""Attention over the blocks of keys that a list names, on packed sequences."""

from __future__ import annotations

from typing import Any, Callable, Dict, Tuple

from ...harness import Problem
from ..packed import Packed, mask_of
from ..signatures import Match
from .calls import Call, call_by_roles, scale_of, sizes_claimed


def block_lists(match: Match, call: Call, torch: Any) -> Tuple[Callable, Dict[str, Any]]:
    slots = match.sizes.get("t")

    def attention(q, k, v, at, problem: Problem, scale=None):
        tables = Packed(torch, problem, q, k, v, 1)
        b, hk, m, t = at.shape
        lists = at.permute(1, 0, 2, 3).reshape(hk, b * m, t)
        # slots that the suite did not draw are empty ones
        lists = torch.nn.functional.pad(lists, (0, max(0, (slots or t) - t)), value=-1)
        values = {"q": tables.q, "k": tables.k, "v": tables.v, "qo_indptr": tables.cu_q, "kv_indptr": tables.cu_k, "block_lists": lists.int().contiguous()}
        values.update(seqlen_q=m, scale=scale_of(scale, problem, "d"), return_lse=True, causal=mask_of(problem) == "causal")
        return tables.back(call_by_roles(match, call, values, torch))

    block = match.settled["block"]
    limits = {"t": {"min": 1, "max": slots}} if slots else {}
    return attention, {"masks": list(match.masks), "fixed": {"block": block}, "limits": limits, **sizes_claimed(match, "hk", "g", "d", "e")}
