"""Calls of workloads as questions to the oracle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

import numpy as np

from ..expected import expected
from .documents import DocumentError
from .signatures import SPEC, Match


_GATES = {"flashinfer-gdn": {"a": "a", "b": "betaLogit"}, "flashinfer-kda": {"g": "gate", "b": "beta"}}
"""Inputs of each token that are a delta rule's own, by their roles."""
DELTA_RULES = tuple(_GATES)


@dataclass(frozen=True)
class Question:
    arguments: Mapping[str, Any]
    """Of `expected`."""
    back: Callable[[str, np.ndarray], np.ndarray]
    """Brings a result into the shape of the Definition's output."""
    taken: Callable[[str, np.ndarray], np.ndarray] = lambda name, array: array
    """The part of an output that the question is about."""


def compare(found: Match, values: Mapping[str, Any], outputs: Mapping[str, Any]) -> Dict[str, Any]:
    """The largest errors of outputs, and what is wrong in words; "" where nothing is."""
    problem = problem_of(found, values)
    want = expected(dialect={"lseBase": "2"}, **problem.arguments)
    result: Dict[str, Any] = {"wrong": "", "max_absolute_error": 0.0, "max_relative_error": 0.0, "worst_over_bound": 0.0}
    for ours, name in found.outputs.items():
        exact, bound = problem.back(ours, want.values[ours]), problem.back(ours, want.bounds[ours])
        actual = problem.taken(ours, outputs[name].detach().double().cpu().numpy())
        with np.errstate(invalid="ignore", divide="ignore"):
            error = np.abs(actual - exact)
            right = (error <= bound) | (actual == exact) | (np.isnan(actual) & np.isnan(exact)) | np.isinf(bound)
            finite = np.isfinite(exact)
            result["max_absolute_error"] = max(result["max_absolute_error"], _largest(error[finite]))
            result["max_relative_error"] = max(result["max_relative_error"], _largest(error[finite & (exact != 0)] / np.abs(exact[finite & (exact != 0)])))
            result["worst_over_bound"] = max(result["worst_over_bound"], _largest(error[finite & (bound > 0)] / bound[finite & (bound > 0)]))
        if not right.all() and not result["wrong"]:
            at = tuple(int(i) for i in np.argwhere(~right)[0])
            result["wrong"] = f"{int((~right).sum())} of {right.size} elements of {name} are wrong: {name}{list(at)} is {actual[at]}, must be {exact[at]} within {bound[at]}"
    return result


def _largest(values: np.ndarray) -> float:
    if values.size == 0:
        return 0.0
    return float("nan") if np.isnan(values).any() else float(values.max())


def problem_of(found: Match, values: Mapping[str, Any]) -> Question:
    """A call as a question. Raises DocumentError for one that the oracle cannot be asked."""
    given = {role: values[name] for role, name in found.roles.items() if name in values}
    scale = {"scale": float(given["scale"])} if "scale" in given else {}
    if found.operator in DELTA_RULES:
        return _delta_rule(found, given, scale)
    if found.operator == "flashinfer-merge":
        return _merge(found, given)
    return _block_lists(found, given, scale) if found.operator == "block-lists" else _attention(found, given, scale)


def _attention(found: Match, given: Mapping[str, Any], scale: Mapping[str, float]) -> Question:
    """Attention on rows that follow each other, or that a table names in pages."""
    import torch

    if found.operator.startswith("fp8-cache"):
        raise DocumentError(f"{found.definition.path}: workloads of caches with a factor for each head are not judged")
    q = torch.cat([given["q_nope"], given["q_pe"]], -1) if "q_nope" in given else given["q"]
    new = q.shape[1] if q.dim() == 4 else 1
    if q.dim() == 4:
        q = q.flatten(0, 1)
    if q.dim() == 2:
        q = q[None]
    lists = _rows(found, given)
    if lists is None:
        k, v = given["k"], given["v"]
        cu_k = given.get("kv_indptr", torch.tensor([0, k.shape[0]]))
    else:
        k_all, v_all = _tokens(found, given)
        rows = torch.tensor([row for part in lists for row in part], dtype=torch.long, device=q.device)
        k, v = (slots.to(q.dtype)[rows] for slots in (k_all, v_all))
        cu_k = torch.tensor(np.concatenate([[0], np.cumsum([len(part) for part in lists])]))
    cu_q = given.get("qo_indptr")
    if cu_q is None:
        cu_q = torch.arange(0, q.shape[0] + 1, new) if lists is not None else torch.tensor([0, q.shape[0]])
    mask = "causal" if "qo_indptr" in given or given.get("causal") or new > 1 else "full"
    # factors of keys are factors of scores, and those of values are factors of the output
    factors = {role: float(given.get(role, 1.0)) for role in ("k_scale", "v_scale", "bmm2_scale")}
    if "scale" in scale or factors["k_scale"] != 1.0:
        scale = {"scale": scale.get("scale", q.shape[-1] ** -0.5) * factors["k_scale"]}
    arguments = {"q": q, "k": k, "v": v, "cu_q": cu_q.int().cpu(), "cu_k": cu_k.int().cpu(), "layout": "thd", "mask": mask, **scale}
    whole = found.definition.outputs[found.outputs["o"]].shape or ()

    def back(name: str, array: np.ndarray) -> np.ndarray:
        turned = array.T if name == "lse" else array * (factors["v_scale"] * factors["bmm2_scale"])
        return turned[0] if len(whole) == 2 else turned.reshape(-1, new, *turned.shape[1:]) if len(whole) == 4 else turned

    return Question(arguments, back)


def cache_shape(found: Match, values: Mapping[str, Any]) -> Optional[Tuple[int, int]]:
    """Pages of a cache and tokens of a page; None where there is no cache."""
    cache = next((values[found.roles[role]] for role in ("k_cache", "ckv_cache", "kv_cache") if role in found.roles), None)
    if cache is None:
        return None
    if found.signature == "latent-decode":
        return cache.shape[0], cache.shape[-2] if cache.dim() == 3 or found.heads_first else cache.shape[1]
    inner = cache.shape[2:] if "kv_cache" in found.roles else cache.shape[1:]
    return cache.shape[0], inner[1] if found.heads_first else inner[0]


def _tokens(found: Match, given: Mapping[str, Any]) -> Tuple[Any, Any]:
    """Keys and values of all slots of a cache, [slots, heads, …]."""
    import torch

    if "ckv_cache" in given:
        return torch.cat([given["ckv_cache"], given["kpe_cache"]], -1).flatten(0, 1)[:, None], given["ckv_cache"].flatten(0, 1)[:, None]
    if found.signature == "latent-decode":
        rows = given["kv_cache"].reshape(-1, 1, given["kv_cache"].shape[-1])
        return rows, rows[..., : found.sizes["c"]]
    parts = given["kv_cache"].unbind(1) if "kv_cache" in given else (given["k_cache"], given["v_cache"])
    keys, values = ((part.transpose(1, 2) if found.heads_first else part).flatten(0, 1) for part in parts)
    return keys, values


def _rows(found: Match, given: Mapping[str, Any]) -> Optional[List[List[int]]]:
    """Slots of the cache that each sequence has, in order; None: there is no cache."""
    if "sparse_indices" in given:
        return [[int(i) for i in row if i != -1] for row in given["sparse_indices"].tolist()]
    shape = cache_shape(found, {name: given[role] for role, name in found.roles.items() if role in given})
    if shape is None:
        return None
    page = shape[1]
    if "block_table" in given:
        lengths = [int(n) for n in given["seq_lens"].reshape(-1).tolist()]
        tables = given["block_table"].tolist()
    else:
        starts, indices = given["kv_indptr"].tolist(), given["kv_indices"].tolist()
        tables = [indices[s:t] for s, t in zip(starts, starts[1:])]
        last = given["last_page_len"].tolist() if "last_page_len" in given else [page] * len(tables)
        lengths = [max(0, len(table) - 1) * page + last[b] if table else 0 for b, table in enumerate(tables)]
    return [[table[i // page] * page + i % page for i in range(n)] for table, n in zip(tables, lengths)]


def _block_lists(found: Match, given: Mapping[str, Any], scale: Mapping[str, float]) -> Question:
    """Each query and key head as a sequence of its own, of the keys of its blocks."""
    import torch

    block, (tokens, heads, _), keys = found.settled["block"], given["q"].shape, given["k"].shape[1]
    starts = given["kv_indptr"].tolist()
    begins = given["qo_indptr"].tolist() if "qo_indptr" in given else [given["seqlen_q"] * i for i in range(len(starts))]
    rows: List[int] = []
    lengths = [0] * (tokens * keys)
    for i, j, s, t in zip(begins, begins[1:], starts, starts[1:]):
        for query in range(i, j):
            last = t - s - 1 if not given.get("causal") else query - i + (t - s) - (j - i)
            for head in range(keys):
                named = {int(at) for at in given["block_lists"][head, query] if at >= 0}
                seen = [at for at in range(min(t - s, last + 1)) if at // block in named]
                rows += [(s + at) * keys + head for at in seen]
                lengths[query * keys + head] = len(seen)
    at = torch.tensor(rows, dtype=torch.long, device=given["q"].device)
    k, v = (given[name].flatten(0, 1)[at][:, None] for name in ("k", "v"))
    q = given["q"].reshape(tokens * keys, heads // keys, -1)
    cu_k = torch.tensor(np.concatenate([[0], np.cumsum(lengths)])).int()
    arguments = {"q": q, "k": k, "v": v, "cu_q": torch.arange(tokens * keys + 1).int(), "cu_k": cu_k, "layout": "thd", **scale}
    return Question(arguments, lambda name, array: array.T.reshape(tokens, heads) if name == "lse" else array.reshape(tokens, heads, -1))


def _merge(found: Match, given: Mapping[str, Any]) -> Question:
    import torch

    if found.signature == "merge":
        v, s = given["v"], given["s"]
    else:
        first, second = ("v_a", "v_b") if found.signature == "merge-two" else ("v", "v_other")
        v, s = torch.stack([given[first], given[second]], 1), torch.stack([given["s" + name[1:]] for name in (first, second)], 1)
    there = ~torch.isneginf(s).all(-1)
    if (torch.isneginf(s).any(-1) & there).any():
        raise DocumentError(f"{found.definition.path}: a part has keys for some heads only, a merge that the suite does not have")
    if "mask" in given:
        there[:, 1] &= given["mask"].bool()
    arguments = {"operator": "flashinfer-merge", "spec": SPEC, "v": v.permute(2, 0, 1, 3)[None].contiguous(), "w": s.masked_fill(~there[..., None], 0).permute(2, 0, 1)[None].contiguous()}
    return Question({**arguments, "there": there[None]}, lambda name, array: array[0].swapaxes(0, 1))


def _delta_rule(found: Match, given: Mapping[str, Any], scale: Mapping[str, float]) -> Question:
    import torch

    batched = given["q"].dim() == 4
    if batched:
        sequences, tokens = given["q"].shape[:2]
        counts = torch.full((sequences,), tokens)
    else:
        counts = torch.diff(given["cu_seqlens"].long().cpu())
    places = given["state_indices"].long() if "state_indices" in given else None
    names = {"q": "q", "k": "k", "v": "v", **_GATES[found.operator]}
    arguments = {
        "operator": found.operator,
        "spec": SPEC,
        **{ours: (given[role].flatten(0, 1) if batched else given[role]).transpose(0, 1).contiguous() for role, ours in names.items()},
        **{ours: given[role] for role, ours in (("A_log", "aLog"), ("dt_bias", "dtBias")) if role in given},
        "segment": torch.repeat_interleave(torch.arange(len(counts)), counts).int(),
        **scale,
    }
    if given.get("state") is not None:
        arguments["initial"] = (given["state"] if places is None else given["state"][places]).transpose(2, 3).contiguous()

    def back(name: str, array: np.ndarray) -> np.ndarray:
        if name == "state":
            return array.swapaxes(2, 3)
        return array.swapaxes(0, 1).reshape(*given["v"].shape)

    return Question(arguments, back, lambda name, array: array if name == "o" or places is None else array[places.cpu().numpy()])
