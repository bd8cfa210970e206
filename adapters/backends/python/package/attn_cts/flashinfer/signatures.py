"""Meaning of a Definition by its signature: the operator, the roles of its inputs, and the sizes that are settled. Names and op_type of Definitions decide nothing."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Tuple

from .documents import Definition
from .sizes import NoMatch, described, shape_text, sizes_of
from .table import CODES, ROLES, SIGNATURES, Signature

SPEC = os.path.join(os.path.dirname(os.path.abspath(__file__)), "spec")
"""Folder of the operators that only FlashInfer's Definitions have: for `--spec`."""
TYPES = {"float32": "f32", "float16": "f16", "bfloat16": "bf16"}
INTEGERS = ("int32", "int64", "unknown", "uint32")


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
    settled: Mapping[str, int] = field(default_factory=dict)
    """Values of inputs and options, by role, that nothing but the Definition decides."""
    codes: Optional[str] = None
    """Format of caches whose numbers are codes."""

    @property
    def causal(self) -> bool:
        return "causal" in self.masks

    def document(self) -> Dict[str, Any]:
        found: Dict[str, Any] = {"operator": self.operator, "signature": self.signature, "masks": list(self.masks), "dtype": self.dtype, "sizes": dict(self.sizes)}
        return {**found, "dialect": {"lseBase": "2", "causal": "bottom-right", "emptyOutput": "zero", "emptyLse": "-inf"}, **({"page": self.page} if self.page else {}), **({"settled": dict(self.settled)} if self.settled else {})}


def match(d: Definition) -> Match:
    """Raises NoMatch."""
    roles: Dict[str, str] = {}
    unknown: List[str] = []
    for name in d.inputs:
        role = ROLES.get(name)
        if role is None:
            unknown.append(name)
        elif role in roles:
            raise NoMatch(f"{name} and {roles[role]} both match {role}")
        else:
            roles[role] = name
    signature = _signature(d, roles, unknown)
    codes = _codes(d, roles)
    known = {*signature.required, *signature.allowed} - (set() if codes else {"k_scale", "v_scale"})
    for role, name in list(roles.items()):
        if role not in known:
            unknown.append(name)
            del roles[role]
    needed = [name for name in unknown if not d.inputs[name].optional]
    if needed:
        raise NoMatch(f"its inputs are those of {signature.name} but for {', '.join(described(d, name) for name in needed)}, which the suite does not know")
    for role, rank in signature.ranks:
        shape = d.inputs[roles[role]].shape or ()
        if len(shape) != rank:
            raise NoMatch(f"{described(d, roles[role])} must have {rank} axes for {signature.name}")
    return _sized(d, signature, roles, codes)


CACHES = ("k_cache", "v_cache", "kv_cache")


def _codes(d: Definition, roles: Mapping[str, str]) -> Optional[str]:
    """Format of the codes that caches of keys and values hold; None: they hold numbers. Raises NoMatch where nothing says what a code is worth."""
    caches = [roles[role] for role in CACHES if role in roles]
    formats = {CODES.get(d.inputs[name].dtype) for name in caches}
    found = next(iter(formats)) if len(formats) == 1 else None
    if found is None:
        return None
    if not {"k_scale", "v_scale"} <= set(roles) and not {"scale", "bmm2_scale"} <= set(roles):
        raise NoMatch(f"{described(d, caches[0])} holds codes, but has neither k_scale and v_scale nor factors of scores and output to scale them")
    return found


def _signature(d: Definition, roles: Mapping[str, str], unknown: List[str]) -> Signature:
    fitting = [s for s in SIGNATURES if set(s.required) <= set(roles)]
    ranked = [s for s in fitting if all(len(d.inputs[roles[role]].shape or ()) == rank for role, rank in s.ranks)]
    best = max(ranked or fitting, key=lambda s: len(s.required), default=None)
    if best is not None:
        return best
    # the signature that most of its inputs are of says what is not there
    near = max(SIGNATURES, key=lambda s: len(set(s.required) & set(roles)) - len(set(s.required) - set(roles)) / 10)
    if unknown:
        raise NoMatch(f"unknown inputs: {', '.join(described(d, name) for name in unknown)}")
    missing = [role for role in near.required if role not in roles]
    raise NoMatch(f"its inputs {', '.join(d.inputs) or '(none)'} match no signature; {near.name} also needs {', '.join(missing)}")


def _sized(d: Definition, signature: Signature, roles: Mapping[str, str], codes: Optional[str]) -> Match:
    first = d.inputs[next(roles[role] for role in ("q", "q_nope", "v_a", "v") if role in roles)]
    dtype = TYPES.get(first.dtype)
    same = [role for role in ("q", "k", "v", "v_a", "v_b", "v_other", "k_cache", "v_cache", "kv_cache", "q_nope", "q_pe", "ckv_cache", "kpe_cache", "a", "b") if role in roles]
    if codes:
        same = [role for role in same if role not in CACHES]
    for role in same:
        spec = d.inputs[roles[role]]
        if spec.dtype not in TYPES or (spec.dtype != first.dtype):
            # `unknown` is whatever the others are
            if not (spec.dtype == "unknown" and dtype is not None):
                raise NoMatch(f"{described(d, roles[role])}: the suite has no {signature.name} with this type beside {first.dtype}")
    if dtype is None:
        raise NoMatch(f"found {first.dtype}, must be one of {', '.join(TYPES)}")
    for role in ("s_a", "s_b", "s", "s_other"):
        if role in roles and d.inputs[roles[role]].dtype != "float32":
            raise NoMatch(f"{described(d, roles[role])} must be float32")
    for role in ("qo_indptr", "kv_indptr", "kv_indices", "last_page_len", "block_table", "seq_lens", "sparse_indices", "cu_seqlens", "block_lists", "state_indices"):
        if role in roles and d.inputs[roles[role]].dtype not in INTEGERS:
            raise NoMatch(f"{described(d, roles[role])} must be integers")
    outputs = _outputs(d, "state" in roles or signature.name == "channel-gates")
    sizes = sizes_of(d, signature, roles, outputs, codes)
    masks = ("causal",) if "qo_indptr" in roles else ("full", "causal") if "causal" in roles else ("full",)
    if "qo_indptr" in roles and "causal" in roles:
        masks = ("full", "causal")
    if signature.name == "latent-decode" and sizes.axes["m"] != 1:
        # new tokens do not see those after them
        masks = ("causal",)
    return Match(d, signature.name, sizes.operator, dict(roles), outputs, masks, dtype, {axis: size for axis, size in sizes.axes.items() if size is not None}, sizes.page, sizes.heads_first, sizes.settled, codes)


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
            raise NoMatch(f"unknown output: {name} {shape_text(spec)}")
    if "o" not in found:
        raise NoMatch(f"none of its outputs {', '.join(names) or '(none)'} is the result of attention")
    return found
