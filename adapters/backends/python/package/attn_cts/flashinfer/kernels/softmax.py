"""Softmax attention on packed sequences, on pages and on one sequence."""

from __future__ import annotations

from typing import Any, Callable, Dict, Mapping, Sequence, Tuple

from ...harness import Problem
from ..packed import Packed, mask_of
from ..signatures import Match
from .calls import Call, beside_cache, call_by_roles, scale_of, sizes_claimed


def softmax(match: Match, call: Call, torch: Any) -> Tuple[Callable, Dict[str, Any]]:
    decode = "decode" in match.signature
    paged = "k_cache" in match.roles or "kv_cache" in match.roles

    def attention(q, k, v, problem: Problem, scale=None):
        tables = Packed(torch, problem, q, k, v, match.page or 4)
        values: Dict[str, Any] = {"q": tables.q, "scale": scale_of(scale, problem, "d"), "return_lse": True, "causal": mask_of(problem) == "causal"}
        if paged:
            values.update(tables.pages(match.heads_first))
            values.update(combined(match, values, torch))
        elif "kv_indptr" in match.roles:
            values.update(k=tables.k, v=tables.v, kv_indptr=tables.cu_k)
        else:
            # one sequence after the other
            parts = []
            for i, j, s, t in tables.bounds():
                rows = tables.q[i:j]
                one = {**values, "q": rows[0] if match.signature == "single-decode" else rows, "k": tables.k[s:t], "v": tables.v[s:t]}
                parts.append(call_by_roles(match, call, one, torch))
            return tables.back({name: torch.cat([part[name].reshape(-1, *_tail(part[name], name)) for part in parts]) for name in match.outputs})
        values["qo_indptr"] = tables.cu_q
        return tables.back(call_by_roles(match, call, values, torch))

    sizes = sizes_claimed(match, "hk", "g", "d", "e")
    if "e" not in match.sizes and "d" not in match.sizes:
        sizes["e"] = "=d"  # type: ignore[assignment]
    if match.signature == "single-prefill":
        masks: Any = list(match.masks)
        return attention, {"layout": "bhld", "masks": masks, **sizes}
    if decode:
        pages = {"pages": {"sizes": [match.page or 4]}} if paged else {}
        return _with_pages(attention) if paged else attention, {"layout": "bhld", "masks": ["full", "padding"], "m": [1], **pages, **sizes}
    # documents of different lengths come packed; most checks are of batches
    pages = {"pages": {"sizes": [match.page or 4]}} if paged else {}

    def packed(q, k, v, problem: Problem, cu_q=None, cu_k=None, block_table=None, cache_lengths=None, scale=None):
        return attention(q, k, v, problem, scale)

    return packed, {"layout": ["bhld", "thd"], "masks": list(match.masks), **pages, **sizes}


def combined(match: Match, values: Mapping[str, Any], torch: Any) -> Dict[str, Any]:
    """Pages of keys and values in one tensor, and what functions that take them so are told besides."""
    return {"kv_cache": torch.stack([values["k_cache"], values["v_cache"]], 1), **beside_cache(match, values, torch)}


def _with_pages(attention: Callable) -> Callable:
    def paged(q, k, v, problem: Problem, block_table=None, cache_lengths=None, lengths=None, scale=None):
        return attention(q, k, v, problem, scale)

    return paged


def _tail(value: Any, name: str) -> Sequence[int]:
    return value.shape[-2:] if name == "o" else value.shape[-1:]
