"""Meaning of a Definition by its signature: the operator, the roles of its inputs, and the sizes that are settled. Names and op_type of Definitions decide nothing."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Tuple

from .documents import Definition, TensorSpec

SPEC = os.path.join(os.path.dirname(os.path.abspath(__file__)), "spec")
"""Folder of the operators that only FlashInfer's Definitions have: for `--spec`."""
TYPES = {"float32": "f32", "float16": "f16", "bfloat16": "bf16"}
INTEGERS = ("int32", "int64", "unknown", "uint32")

_ROLES: Mapping[str, str] = {
    **{name: "q" for name in ("q", "query")},
    **{name: "k" for name in ("k", "key")},
    **{name: "v" for name in ("v", "value")},
    **{name: "k_cache" for name in ("k_cache", "paged_k_cache")},
    **{name: "v_cache" for name in ("v_cache", "paged_v_cache")},
    **{name: "kv_cache" for name in ("kv_cache", "paged_kv_cache")},
    **{name: name for name in ("q_nope", "q_pe", "ckv_cache", "kpe_cache", "sparse_indices", "return_lse", "causal")},
    **{name: "qo_indptr" for name in ("qo_indptr", "q_indptr", "cu_seqlens_q")},
    **{name: "kv_indptr" for name in ("kv_indptr", "paged_kv_indptr", "cu_seqlens_k", "cu_seqlens_kv")},
    **{name: "kv_indices" for name in ("kv_indices", "paged_kv_indices")},
    **{name: "last_page_len" for name in ("kv_last_page_len", "last_page_len", "paged_kv_last_page_len")},
    **{name: "block_table" for name in ("block_table", "block_tables", "page_table")},
    **{name: "seq_lens" for name in ("seq_lens", "cache_seqlens", "kv_lens")},
    **{name: "scale" for name in ("sm_scale", "softmax_scale", "scale", "bmm1_scale")},
    **{name: name for name in ("bmm2_scale", "max_seq_len", "workspace_buffer")},
    **{name: name for name in ("state", "A_log", "a", "dt_bias", "b")},
    **{name: name for name in ("cu_seqlens", "v_a", "s_a", "v_b", "s_b", "s")},
}


@dataclass(frozen=True)
class _Signature:
    name: str
    required: Tuple[str, ...]
    allowed: Tuple[str, ...] = ("scale", "return_lse")
    ranks: Tuple[Tuple[str, int], ...] = ()
    """Number of axes of the inputs that sizes are read from."""


_CALL = ("scale", "return_lse")
_RUNTIME = ("bmm2_scale", "max_seq_len", "workspace_buffer")
"""Inputs of functions that are told what a plan would know: a factor of the output, the longest length, room to work in."""
_KV = (("q", 3), ("k_cache", 4), ("v_cache", 4))
_LATENT = (("q_nope", 3), ("q_pe", 3), ("ckv_cache", 3), ("kpe_cache", 3))
_SIGNATURES = (
    _Signature("paged-prefill", ("q", "k_cache", "v_cache", "qo_indptr", "kv_indptr", "kv_indices"), ("last_page_len", "scale", "return_lse"), _KV),
    _Signature("paged-decode", ("q", "k_cache", "v_cache", "kv_indptr", "kv_indices"), ("last_page_len", "scale", "return_lse"), _KV),
    _Signature("table-decode", ("q", "k_cache", "v_cache", "block_table", "seq_lens"), (*_CALL, *_RUNTIME), _KV),
    _Signature("combined-decode", ("q", "kv_cache", "block_table", "seq_lens"), (*_CALL, *_RUNTIME), (("q", 3), ("kv_cache", 5))),
    _Signature("combined-csr-decode", ("q", "kv_cache", "kv_indptr", "kv_indices"), ("last_page_len", *_CALL), (("q", 3), ("kv_cache", 5))),
    _Signature("combined-prefill", ("q", "kv_cache", "qo_indptr", "kv_indptr", "kv_indices"), ("last_page_len", *_CALL), (("q", 3), ("kv_cache", 5))),
    _Signature("ragged-prefill", ("q", "k", "v", "qo_indptr", "kv_indptr"), ("scale", "return_lse", "causal"), (("q", 3), ("k", 3), ("v", 3))),
    _Signature("mla-prefill", ("q_nope", "q_pe", "ckv_cache", "kpe_cache", "qo_indptr", "kv_indptr", "kv_indices"), ("last_page_len", "scale", "return_lse"), _LATENT),
    _Signature("mla-decode", ("q_nope", "q_pe", "ckv_cache", "kpe_cache", "kv_indptr", "kv_indices"), ("last_page_len", "scale", "return_lse"), _LATENT),
    _Signature("dsa", ("q_nope", "q_pe", "ckv_cache", "kpe_cache", "sparse_indices"), ("scale", "return_lse"), (*_LATENT, ("sparse_indices", 2))),
    _Signature(
        "gated-delta",
        ("q", "k", "v", "state", "A_log", "a", "dt_bias", "b", "cu_seqlens"),
        ("scale",),
        (("q", 3), ("k", 3), ("v", 3), ("state", 4), ("a", 2), ("b", 2), ("A_log", 1), ("dt_bias", 1)),
    ),
    _Signature(
        "gated-delta-decode",
        ("q", "k", "v", "state", "A_log", "a", "dt_bias", "b"),
        ("scale",),
        (("q", 4), ("k", 4), ("v", 4), ("state", 4), ("a", 3), ("b", 3), ("A_log", 1), ("dt_bias", 1)),
    ),
    _Signature("merge-two", ("v_a", "s_a", "v_b", "s_b"), (), (("v_a", 3), ("s_a", 2), ("v_b", 3), ("s_b", 2))),
    _Signature("merge", ("v", "s"), (), (("v", 4), ("s", 3))),
    _Signature("single-prefill", ("q", "k", "v"), ("scale", "return_lse", "causal"), (("q", 3), ("k", 3), ("v", 3))),
    _Signature("single-decode", ("q", "k", "v"), ("scale", "return_lse"), (("q", 2), ("k", 3), ("v", 3))),
)


class NoMatch(ValueError):
    """A Definition whose signature is of no operator that the suite knows; the message names the input that it is about."""


@dataclass(frozen=True)
class Match:
    definition: Definition
    signature: str
    operator: str
    roles: Mapping[str, str]
    """Inputs by their role; one that is optional and of no known role is left out of calls."""
    outputs: Mapping[str, str]
    """Outputs of the Definition by the names of the operator's."""
    masks: Tuple[str, ...]
    dtype: str
    sizes: Mapping[str, int]
    """Axes of the operator whose size is settled."""
    page: Optional[int]
    """Tokens of a page; None: no pages, or of any size."""
    heads_first: bool = False
    """Pages are [heads, tokens, d]."""

    @property
    def causal(self) -> bool:
        return "causal" in self.masks

    def document(self) -> Dict[str, Any]:
        found: Dict[str, Any] = {"operator": self.operator, "signature": self.signature, "masks": list(self.masks), "dtype": self.dtype, "sizes": dict(self.sizes)}
        return {**found, "dialect": {"lseBase": "2", "causal": "bottom-right", "emptyOutput": "zero", "emptyLse": "-inf"}, **({"page": self.page} if self.page else {})}


def match(d: Definition) -> Match:
    """Raises NoMatch."""
    roles: Dict[str, str] = {}
    unknown: List[str] = []
    for name in d.inputs:
        role = _ROLES.get(name)
        if role is None:
            unknown.append(name)
        elif role in roles:
            raise NoMatch(f"{name} and {roles[role]} are both taken for {role}")
        else:
            roles[role] = name
    signature = _signature(d, roles, unknown)
    known = {*signature.required, *signature.allowed}
    for role, name in list(roles.items()):
        if role not in known:
            unknown.append(name)
            del roles[role]
    needed = [name for name in unknown if not d.inputs[name].optional]
    if needed:
        raise NoMatch(f"its inputs are those of {signature.name} but for {', '.join(_described(d, name) for name in needed)}, of which nothing is known")
    for role, rank in signature.ranks:
        shape = d.inputs[roles[role]].shape or ()
        if len(shape) != rank:
            raise NoMatch(f"{_described(d, roles[role])} must have {rank} axes for {signature.name}")
    return _sized(d, signature, roles)


def _signature(d: Definition, roles: Mapping[str, str], unknown: List[str]) -> _Signature:
    fitting = [s for s in _SIGNATURES if set(s.required) <= set(roles)]
    ranked = [s for s in fitting if all(len(d.inputs[roles[role]].shape or ()) == rank for role, rank in s.ranks)]
    best = max(ranked or fitting, key=lambda s: len(s.required), default=None)
    if best is not None:
        return best
    # the signature that most of its inputs are of says what is not there
    near = max(_SIGNATURES, key=lambda s: len(set(s.required) & set(roles)) - len(set(s.required) - set(roles)) / 10)
    if unknown:
        raise NoMatch(f"nothing is known of its inputs {', '.join(_described(d, name) for name in unknown)}")
    missing = [role for role in near.required if role not in roles]
    raise NoMatch(f"its inputs {', '.join(d.inputs) or '(none)'} are of no signature; for {near.name} there is no {', '.join(missing)}")


def _sized(d: Definition, signature: _Signature, roles: Mapping[str, str]) -> Match:
    shape = lambda role: d.inputs[roles[role]].shape or ()  # noqa: E731
    first = d.inputs[next(roles[role] for role in ("q", "q_nope", "v_a", "v") if role in roles)]
    dtype = TYPES.get(first.dtype)
    same = [role for role in ("q", "k", "v", "v_a", "v_b", "k_cache", "v_cache", "kv_cache", "q_nope", "q_pe", "ckv_cache", "kpe_cache", "a", "b") if role in roles]
    for role in same:
        spec = d.inputs[roles[role]]
        if spec.dtype not in TYPES or (spec.dtype != first.dtype):
            # `unknown` is whatever the others are
            if not (spec.dtype == "unknown" and dtype is not None):
                raise NoMatch(f"{_described(d, roles[role])}: the suite has no {signature.name} of that beside {first.dtype}")
    if dtype is None:
        raise NoMatch(f"{first.dtype} is none of {', '.join(TYPES)}")
    for role in ("s_a", "s_b", "s"):
        if role in roles and d.inputs[roles[role]].dtype != "float32":
            raise NoMatch(f"{_described(d, roles[role])} must be float32")
    for role in ("qo_indptr", "kv_indptr", "kv_indices", "last_page_len", "block_table", "seq_lens", "sparse_indices", "cu_seqlens"):
        if role in roles and d.inputs[roles[role]].dtype not in INTEGERS:
            raise NoMatch(f"{_described(d, roles[role])} must be integers")
    outputs = _outputs(d, "state" in roles)
    sizes, page, heads_first, operator = _sizes(d, signature, shape)
    masks = ("causal",) if "qo_indptr" in roles else ("full", "causal") if "causal" in roles else ("full",)
    if "qo_indptr" in roles and "causal" in roles:
        masks = ("full", "causal")
    return Match(d, signature.name, operator, dict(roles), outputs, masks, dtype, sizes, page, heads_first)


def _sizes(d: Definition, signature: _Signature, shape: Any) -> Tuple[Dict[str, int], Optional[int], bool, str]:
    """Sizes of the operator's axes, tokens of a page, whether pages have heads first, and the operator."""
    sizes: Dict[str, Optional[int]] = {}
    page: Optional[str] = None
    heads_first = False
    if signature.name in ("dsa", "mla-prefill", "mla-decode"):
        sizes = {"hk": 1, "g": d.size(shape("q_nope")[1]), "c": d.size(shape("ckv_cache")[2]), "r": d.size(shape("kpe_cache")[2])}
        page = shape("ckv_cache")[1]
        operator = "mla-absorbed"
        if signature.name == "dsa":
            operator = "flashinfer-dsa"
            sizes["s"] = d.size(shape("sparse_indices")[1])
    elif signature.name.startswith("merge"):
        operator, two = "flashinfer-merge", signature.name == "merge-two"
        rows = shape("v_a" if two else "v")
        sizes = {"hk": d.size(rows[-2]), "e": d.size(rows[-1]), "s": 2 if two else d.size(rows[1])}
        sizes["g"] = None if sizes["hk"] is None else 1
    elif signature.name == "gated-delta-decode":
        operator = "flashinfer-gdn"
        if d.size(shape("q")[1]) != 1 or not any("state" in name for name in d.outputs):
            raise NoMatch(f"the suite calls a {signature.name} token by token: axis {shape('q')[1]} must be 1, and the new state an output")
        sizes = {**_heads(d, shape("v")[2], shape("k")[2]), "d": d.size(shape("q")[3]), "e": d.size(shape("v")[3])}
    elif signature.name == "gated-delta":
        operator = "flashinfer-gdn"
        sizes = {**_heads(d, shape("v")[1], shape("k")[1]), "d": d.size(shape("q")[2]), "e": d.size(shape("v")[2])}
    else:
        operator = "softmax"
        if "kv_cache" in signature.required:
            both, first, second = shape("kv_cache")[1:4]
            if d.size(both) != 2:
                raise NoMatch(f"{_described(d, next(name for name in d.inputs if _ROLES.get(name) == 'kv_cache'))} must hold keys and values: axis {both} must be 2")
            heads_first = _of_pages(second) and not _of_pages(first)
            heads, page = (first, second) if heads_first else (second, first)
            sizes = {**_heads(d, shape("q")[1], heads), "d": d.size(shape("q")[2]), "e": d.size(shape("kv_cache")[4])}
            return {axis: size for axis, size in sizes.items() if size is not None}, d.size(page), heads_first, operator
        keys, values = ("k_cache", "v_cache") if "cache" in signature.required[1] else ("k", "v")
        at = 1
        if keys == "k_cache":
            heads_first = _of_pages(shape(keys)[2]) and not _of_pages(shape(keys)[1])
            at, page = (1, shape(keys)[2]) if heads_first else (2, shape(keys)[1])
        query = shape("q")
        sizes = {**_heads(d, query[-2], shape(keys)[at]), "d": d.size(query[-1]), "e": d.size(shape(values)[-1])}
    return {axis: size for axis, size in sizes.items() if size is not None}, None if page is None else d.size(page), heads_first, operator


def _of_pages(axis: str) -> bool:
    return re.search("page|block", axis) is not None


def _heads(d: Definition, queries: str, keys: str) -> Dict[str, Optional[int]]:
    h, hk = d.size(queries), d.size(keys)
    if h is None or hk is None:
        return {}
    if hk == 0 or h == 0 or h % hk != 0:
        raise NoMatch(f"{h} heads ({queries}) are no multiple of {hk} ({keys})")
    return {"hk": hk, "g": h // hk}


def _outputs(d: Definition, has_state: bool) -> Dict[str, str]:
    names = list(d.outputs)
    found: Dict[str, str] = {}
    for name in names:
        if re.search(r"^lse$|logsumexp|^s(_merged|_out)?$", name) and "lse" not in found and not has_state:
            found["lse"] = name
        elif has_state and "state" in name and "state" not in found:
            found["state"] = name
        elif "o" not in found:
            found["o"] = name
        else:
            spec = d.outputs[name]
            raise NoMatch(f"nothing is known of its output {name} {_shape(spec)}")
    if "o" not in found:
        raise NoMatch(f"none of its outputs {', '.join(names) or '(none)'} is the result of attention")
    return found


def _described(d: Definition, name: str) -> str:
    spec = d.inputs[name]
    return f"{name} ({_shape(spec)} {spec.dtype})"


def _shape(spec: TensorSpec) -> str:
    return "a scalar" if spec.shape is None else f"[{', '.join(spec.shape)}]"
