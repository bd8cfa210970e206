"""Attention on latent rows: multi-head latent attention, dense and sparse."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

import numpy as np

from ...harness import Problem
from ..packed import Packed, page_order, paged
from ..signatures import Match
from .calls import Call, beside_cache, call_by_roles, number_of, scale_of, sizes_claimed


class Latent:
    """Rows of latent vectors and rotated parts, as wide as the Definition has them: the channels of the case lie among zeros, which add nothing to a score.

    So a case stays small beside 512 channels, and over the cases all of them are used.
    """

    def __init__(self, torch: Any, match: Match, problem: Problem, q: Any):
        """q: the queries, whose numbers say which channels are used."""
        self.torch = torch
        seed = number_of(q, torch)
        self.parts = [self.places(problem, axis, match.sizes.get(axis), seed) for axis in ("c", "r")]

    def places(self, problem: Problem, axis: str, width: Optional[int], seed: int) -> Tuple[List[int], int]:
        used = problem.dims[axis]
        width = used if width is None else width
        return sorted(np.random.default_rng([seed, ord(axis)]).permutation(width)[:used].tolist()), width

    def split(self, rows: Any) -> List[Any]:
        """Rows [..., c + r] in the two tensors that a Definition takes."""
        found, begin = [], 0
        for places, width in self.parts:
            wide = self.torch.zeros(*rows.shape[:-1], width, dtype=rows.dtype, device=rows.device)
            wide[..., places] = rows[..., begin : begin + len(places)]
            begin += len(places)
            found.append(wide)
        return found

    def back(self, output: Any) -> Any:
        """The channels of the case; what is in others, and must be 0, is added to them."""
        places, width = self.parts[0]
        others = sorted(set(range(width)) - set(places))
        return output[..., places] + output[..., others].abs().sum(-1, keepdim=True).to(output.dtype)

    @staticmethod
    def limits(match: Match) -> Dict[str, Any]:
        return {axis: {"min": 1, "max": match.sizes[axis]} for axis in ("c", "r") if axis in match.sizes}


def mla(match: Match, call: Call, torch: Any) -> Tuple[Callable, Dict[str, Any]]:
    decode = "decode" in match.signature

    def attention(q, k, problem: Problem, scale=None):
        latent = Latent(torch, match, problem, q)
        # one key head, and values beside keys: the cache of both parts is that of `k` cut in two
        tables = Packed(torch, problem, q, k[:, None], k[:, None], match.page or 4)
        cache = tables.pages()
        values = {**cache, "qo_indptr": tables.cu_q, "scale": scale_of(scale, problem, "t"), "return_lse": True}
        values["q_nope"], values["q_pe"] = latent.split(tables.q)
        values["ckv_cache"], values["kpe_cache"] = latent.split(cache["k_cache"][:, :, 0])
        if match.signature == "latent-decode":
            values.update(_combined(match, values, q.shape[2], torch))
        found = call_by_roles(match, call, values, torch)
        o = found["o"].reshape(*tables.q.shape[:2], found["o"].shape[-1])
        return tables.back({**found, "o": latent.back(o)})

    sizes = sizes_claimed(match, "hk", "g")
    if not decode:
        return attention, {"masks": ["causal"], "limits": Latent.limits(match), **sizes}
    if match.masks == ("full",):
        return attention, {"masks": ["full", "padding"], "limits": {**Latent.limits(match), "m": [1]}, **sizes}
    # new tokens do not see those after them, as FlashInfer's own tests have it; the cache has them all
    if "m" in match.sizes:
        new = match.sizes["m"]
        return attention, {"masks": ["causal"], "limits": {**Latent.limits(match), "m": [new], "n": {"min": new}}, **sizes}
    # sequences of different lengths are asked for with one new token each
    several = [{"mask": {"name": "padding"}, "dims": {"m": new}} for new in range(2, _MOST_NEW + 1)]
    limits = {**Latent.limits(match), "m": {"min": 1, "max": _MOST_NEW}, "n": {"min": _MOST_NEW}}
    return attention, {"masks": ["causal", "padding"], "limits": limits, "excludes": several, **sizes}


_MOST_NEW = 4
"""New tokens of a sequence that are asked for where a Definition leaves their number open."""


def _combined(match: Match, values: Mapping[str, Any], new: int, torch: Any) -> Dict[str, Any]:
    """Queries, and a cache, whose rows have both parts one after the other, with the axes that the Definition has for new tokens and one head."""
    shapes = {role: match.definition.inputs[match.roles[role]].shape or () for role in ("q", "kv_cache")}
    q = torch.cat([values["q_nope"], values["q_pe"]], -1)
    cache = torch.cat([values["ckv_cache"], values["kpe_cache"]], -1)
    found = {
        "q": q.reshape(-1, new, *q.shape[1:]) if len(shapes["q"]) == 4 else q,
        "kv_cache": cache if len(shapes["kv_cache"]) == 3 else cache[:, None] if match.heads_first else cache[:, :, None],
    }
    return {**found, **beside_cache(match, values, torch)}


def dsa(match: Match, call: Call, torch: Any) -> Tuple[Callable, Dict[str, Any]]:
    def attention(q, k, at, problem: Problem, scale=None):
        latent, page = Latent(torch, match, problem, q), match.page or 4
        b, h, m, _ = q.shape
        n = k.shape[1]
        tables = Packed(torch, problem, q, k[:, None], k[:, None], page)
        order, rows = page_order([-(-n // page)] * b)
        cache = paged(torch, k.reshape(b * n, -1), [entry * n for entry in range(b + 1)], rows, len(order), page)
        pages = torch.tensor(rows, dtype=torch.long, device=q.device).reshape(b, -1)
        index = at.long()
        clipped = index.clamp(0, max(n - 1, 0))
        slots = pages.gather(1, (clipped // page).reshape(b, -1)).reshape(clipped.shape) * page + clipped % page if n > 0 else index
        slots = torch.where((index < 0) | (index >= n), -1, slots).reshape(b * m, -1)
        # slots that the suite did not draw are empty ones
        slots = torch.nn.functional.pad(slots, (0, max(0, match.sizes.get("s", 0) - slots.shape[1])), value=-1)
        values = {"sparse_indices": slots.int(), "scale": scale_of(scale, problem, "t"), "return_lse": True}
        values["q_nope"], values["q_pe"] = latent.split(tables.q)
        values["ckv_cache"], values["kpe_cache"] = latent.split(cache)
        found = call_by_roles(match, call, values, torch)
        return tables.back({**found, "o": latent.back(found["o"])})

    slots = {"s": {"min": 1, "max": match.sizes["s"]}} if "s" in match.sizes else {}
    return attention, {"masks": ["full"], "limits": {**Latent.limits(match), **slots}, **sizes_claimed(match, "hk", "g")}
