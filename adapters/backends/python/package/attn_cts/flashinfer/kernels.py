"""A function that a Definition describes, as a kernel with claims: the suite's tensors are given to it in the form that the Definition has."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np

from ..harness import Problem, kernel
from .packed import Packed, mask_of, page_order, paged
from .signatures import Match

Call = Callable[[Dict[str, Any]], Mapping[str, Any]]
"""Takes the inputs by the Definition's names, and returns its outputs so."""


def kernel_of(match: Match, call: Call, title: str, source: str = "") -> Callable:
    """The kernel that the suite judges in place of a function."""
    import torch

    maker = {"softmax": _softmax, "mla-absorbed": _mla, "flashinfer-dsa": _dsa, "flashinfer-gdn": _gated_delta, "flashinfer-merge": _merge}[match.operator]
    function, claims = maker(match, call, torch)
    function.__name__ = title
    outputs = ["o", *(name for name in ("lse", "state") if name in match.outputs)]
    dialect = {"lseBase": "2"} if "lse" in match.outputs else {}
    made = kernel(
        function,
        id=title,
        framework="torch",
        operators=[match.operator],
        dtypes=[match.dtype],
        outputs=outputs,
        options=["scale"] if "scale" in match.roles else [],
        dialect=dialect,
        mixed_storage=True,
        **claims,
    )
    return made


def sizes_claimed(match: Match, *names: str) -> Dict[str, List[int]]:
    return {name: [match.sizes[name]] for name in names if name in match.sizes}


def _softmax(match: Match, call: Call, torch: Any) -> Tuple[Callable, Dict[str, Any]]:
    decode = "decode" in match.signature
    paged = "k_cache" in match.roles or "kv_cache" in match.roles

    def attention(q, k, v, problem: Problem, scale=None):
        tables = Packed(torch, problem, q, k, v, match.page or 4)
        values: Dict[str, Any] = {"q": tables.q, "scale": _scale(scale, problem, "d"), "return_lse": True, "causal": mask_of(problem) == "causal"}
        if paged:
            values.update(tables.pages(match.heads_first))
            values.update(kv_cache=torch.stack([values["k_cache"], values["v_cache"]], 1), bmm2_scale=1.0, max_seq_len=max([1, *values["seq_lens"].tolist()]))
            if "workspace_buffer" in match.roles:
                values["workspace_buffer"] = workspace(match, torch, q.device)
        elif "kv_indptr" in match.roles:
            values.update(k=tables.k, v=tables.v, kv_indptr=tables.cu_k)
        else:
            # one sequence after the other
            parts = []
            for i, j, s, t in tables.bounds():
                rows = tables.q[i:j]
                one = {**values, "q": rows[0] if match.signature == "single-decode" else rows, "k": tables.k[s:t], "v": tables.v[s:t]}
                parts.append(_call(match, call, one, torch))
            return tables.back({name: torch.cat([part[name].reshape(-1, *_tail(part[name], name)) for part in parts]) for name in match.outputs})
        values["qo_indptr"] = tables.cu_q
        return tables.back(_call(match, call, values, torch))

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


_WORKSPACE = 1 << 22
"""Bytes to work in where a Definition does not say how many."""


def workspace(match: Match, torch: Any, device: Any) -> Any:
    """Zeros to work in, as many as the Definition says."""
    spec = match.definition.inputs[match.roles["workspace_buffer"]]
    sizes = [match.definition.size(axis) or _WORKSPACE for axis in spec.shape or ()]
    return torch.zeros(sizes, dtype=getattr(torch, spec.dtype, torch.uint8), device=device)


def _with_pages(attention: Callable) -> Callable:
    def paged(q, k, v, problem: Problem, block_table=None, cache_lengths=None, lengths=None, scale=None):
        return attention(q, k, v, problem, scale)

    return paged


def _tail(value: Any, name: str) -> Sequence[int]:
    return value.shape[-2:] if name == "o" else value.shape[-1:]


def _scale(scale: Optional[float], problem: Problem, axis: str) -> float:
    return float(problem.dims[axis] ** -0.5 if scale is None else scale)


def _call(match: Match, call: Call, values: Mapping[str, Any], torch: Any) -> Dict[str, Any]:
    """Calls a function with values by their roles. Returns the outputs by the names of the operator's."""
    given = {}
    for role, name in match.roles.items():
        value = values[role]
        spec = match.definition.inputs[name]
        if spec.dtype == "int64" and isinstance(value, torch.Tensor):
            value = value.long()
        given[name] = value
    results = call(given)
    return {ours: results[name] for ours, name in match.outputs.items()}


class Latent:
    """Rows of latent vectors and rotated parts, as wide as the Definition has them: the channels of the case lie among zeros, which add nothing to a score.

    So a case stays small beside 512 channels, and over the cases all of them are used.
    """

    def __init__(self, torch: Any, match: Match, problem: Problem):
        self.torch = torch
        self.parts = [self.places(problem, axis, match.sizes.get(axis)) for axis in ("c", "r")]

    def places(self, problem: Problem, axis: str, width: Optional[int]) -> Tuple[List[int], int]:
        used = problem.dims[axis]
        seed = int(problem.case["values"]["seed"]) % 2**32
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


def _mla(match: Match, call: Call, torch: Any) -> Tuple[Callable, Dict[str, Any]]:
    decode = match.signature == "mla-decode"

    def mla(q, k, problem: Problem, scale=None):
        latent = Latent(torch, match, problem)
        # one key head, and values beside keys: the cache of both parts is that of `k` cut in two
        tables = Packed(torch, problem, q, k[:, None], k[:, None], match.page or 4)
        cache = tables.pages()
        values = {**cache, "qo_indptr": tables.cu_q, "scale": _scale(scale, problem, "t"), "return_lse": True}
        values["q_nope"], values["q_pe"] = latent.split(tables.q)
        values["ckv_cache"], values["kpe_cache"] = latent.split(cache["k_cache"][:, :, 0])
        found = _call(match, call, values, torch)
        return tables.back({**found, "o": latent.back(found["o"])})

    masks = ["full", "padding"] if decode else ["causal"]
    limits = {**Latent.limits(match), **({"m": [1]} if decode else {})}
    return mla, {"masks": masks, "limits": limits, **sizes_claimed(match, "hk", "g")}


def _dsa(match: Match, call: Call, torch: Any) -> Tuple[Callable, Dict[str, Any]]:
    def dsa(q, k, at, problem: Problem, scale=None):
        latent, page = Latent(torch, match, problem), match.page or 4
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
        values = {"sparse_indices": slots.int(), "scale": _scale(scale, problem, "t"), "return_lse": True}
        values["q_nope"], values["q_pe"] = latent.split(tables.q)
        values["ckv_cache"], values["kpe_cache"] = latent.split(cache)
        found = _call(match, call, values, torch)
        return tables.back({**found, "o": latent.back(found["o"])})

    slots = {"s": {"min": 1, "max": match.sizes["s"]}} if "s" in match.sizes else {}
    return dsa, {"masks": ["full"], "limits": {**Latent.limits(match), **slots}, **sizes_claimed(match, "hk", "g")}


def _gated_delta(match: Match, call: Call, torch: Any) -> Tuple[Callable, Dict[str, Any]]:
    def gated_delta(q, k, v, a, aLog, dtBias, betaLogit, segment, problem: Problem, initial=None, scale=None):
        dims = problem.dims
        hk, g, n, d, e, s = (dims[axis] for axis in ("hk", "g", "n", "d", "e", "s"))
        counts = torch.bincount(segment.long(), minlength=s) if n > 0 else torch.zeros(s, dtype=torch.long)
        state = torch.zeros(s, hk, g, d, e, device=q.device) if initial is None else initial
        decode = match.signature == "gated-delta-decode"
        values = {
            "q": q.transpose(0, 1).contiguous(),
            "k": k.transpose(0, 1).contiguous(),
            "v": v.reshape(hk * g, n, e).transpose(0, 1).contiguous(),
            "a": a.reshape(hk * g, n).transpose(0, 1).contiguous(),
            "b": betaLogit.reshape(hk * g, n).transpose(0, 1).contiguous(),
            "A_log": aLog.reshape(hk * g).float(),
            "dt_bias": dtBias.reshape(hk * g).float(),
            # values before keys
            "state": state.reshape(s, hk * g, d, e).transpose(2, 3).float().contiguous(),
            "cu_seqlens": torch.cat([torch.zeros(1, dtype=torch.long, device=q.device), counts.to(q.device).cumsum(0)]).int(),
            "scale": _scale(scale, problem, "d"),
        }
        found = _token_by_token(match, call, values, torch) if decode else _call(match, call, values, torch)
        outputs = {"o": found["o"].transpose(0, 1).contiguous()}
        if "state" in found:
            outputs["state"] = found["state"].transpose(2, 3).contiguous()
        return outputs

    return gated_delta, {"masks": ["full"], **sizes_claimed(match, "hk", "g", "d", "e")}


def _token_by_token(match: Match, call: Call, values: Mapping[str, Any], torch: Any) -> Dict[str, Any]:
    """Segments by a function of one token each: it is called with the next token of every segment that has one, and the states after the call before."""
    starts, ends = values["cu_seqlens"][:-1].tolist(), values["cu_seqlens"][1:].tolist()
    state, o = values["state"].clone(), torch.zeros_like(values["v"])
    for step in range(max([0, *(end - begin for begin, end in zip(starts, ends))])):
        rows = [row for row, (begin, end) in enumerate(zip(starts, ends)) if begin + step < end]
        at = [starts[row] + step for row in rows]
        tokens = {name: values[name][at][:, None].contiguous() for name in ("q", "k", "v", "a", "b")}
        found = _call(match, call, {**values, **tokens, "state": state[rows]}, torch)
        o[at] = found["o"].reshape(len(at), *o.shape[1:]).to(o.dtype)
        state[rows] = found["state"].reshape(len(rows), *state.shape[1:]).to(state.dtype)
    return {"o": o, "state": state}


def _merge(match: Match, call: Call, torch: Any) -> Tuple[Callable, Dict[str, Any]]:
    def merge(v, w, there, problem: Problem):
        b, h, m, parts, e = v.shape
        rows = v.permute(0, 2, 3, 1, 4).reshape(b * m, parts, h, e)
        weights = w.permute(0, 2, 3, 1).reshape(b * m, parts, h).float()
        # a part that saw no key has the logarithm of nothing
        weights = weights.masked_fill(~there.reshape(b * m, parts, 1).bool(), float("-inf"))
        values = {"v": rows.contiguous(), "s": weights.contiguous()}
        if match.signature == "merge-two":
            values = {name: values[name[0]][:, at].contiguous() for at, name in ((0, "v_a"), (0, "s_a"), (1, "v_b"), (1, "s_b"))}
        found = _call(match, call, values, torch)
        outputs = {"o": found["o"].reshape(b, m, h, e).transpose(1, 2).contiguous()}
        if "lse" in found:
            outputs["lse"] = found["lse"].reshape(b, m, h).transpose(1, 2).contiguous()
        return outputs

    return merge, {"masks": ["full"], "limits": {"s": [match.sizes["s"]]} if "s" in match.sizes else {}, **sizes_claimed(match, "hk", "g", "e")}
