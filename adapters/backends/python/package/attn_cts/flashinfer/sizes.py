"""Sizes that a Definition settles, and the operator that its signature is of."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from typing import Dict, Mapping, Optional, Tuple

from .documents import Definition, TensorSpec
from .table import Signature


class NoMatch(ValueError):
    """A Definition whose signature is of no operator that the suite knows; the message names the input that it is about."""


@dataclass(frozen=True)
class Sizes:
    operator: str
    axes: Mapping[str, Optional[int]]
    """Axes of the operator; None: of any size."""
    page: Optional[int] = None
    """Tokens of a page; None: no pages, or of any size."""
    heads_first: bool = False
    settled: Mapping[str, int] = field(default_factory=dict)
    """Values of inputs and options, by role, that nothing but the Definition decides."""


def sizes_of(d: Definition, signature: Signature, roles: Mapping[str, str], outputs: Mapping[str, str], codes: Optional[str]) -> Sizes:
    """Raises NoMatch for sizes that contradict each other, or that decide a meaning and are not there."""
    shapes = {role: d.inputs[name].shape or () for role, name in roles.items()}
    name = signature.name
    if name.startswith("gated-delta"):
        return _of_gated_delta(d, name, shapes)
    if name == "channel-gates":
        return _of_channel_gates(d, roles, shapes)
    if name.startswith("merge"):
        return _of_merge(d, name, shapes)
    if name.startswith("block-lists"):
        return _of_block_lists(d, shapes)
    if name == "latent-decode":
        if codes:
            raise NoMatch(f"{described(d, roles['kv_cache'])}: the suite has no {name} with codes")
        return _of_combined_latent(d, roles, shapes, outputs)
    if "ckv_cache" in shapes:
        slots = {"s": d.size(shapes["sparse_indices"][1])} if name == "dsa" else {}
        widths = {"c": d.size(shapes["ckv_cache"][2]), "r": d.size(shapes["kpe_cache"][2])}
        axes = {"hk": 1, "g": d.size(shapes["q_nope"][1]), **widths, **slots}
        return Sizes("flashinfer-dsa" if name == "dsa" else "mla-absorbed", axes, d.size(shapes["ckv_cache"][1]))
    return _of_softmax(d, roles, shapes, codes)


def _of_gated_delta(d: Definition, name: str, shapes: Mapping[str, Tuple[str, ...]]) -> Sizes:
    heads = shapes["v"][-2], shapes["k"][-2]
    if name != "gated-delta" and not any("state" in output for output in d.outputs):
        raise NoMatch(f"the suite calls a {name} repeatedly with the state of the call before: the new state must be an output")
    if name == "gated-delta-decode" and d.size(shapes["q"][1]) != 1:
        raise NoMatch(f"the suite calls a {name} token by token: axis {shapes['q'][1]} must be 1")
    return Sizes("flashinfer-gdn", {**_heads(d, *heads), "d": d.size(shapes["q"][-1]), "e": d.size(shapes["v"][-1])})


def _of_channel_gates(d: Definition, roles: Mapping[str, str], shapes: Mapping[str, Tuple[str, ...]]) -> Sizes:
    """Kimi delta attention: gates are logarithms, one for each channel of the keys."""
    gates = d.inputs[roles["g"]]
    if gates.dtype != "float32" or shapes["g"][1:] != (shapes["v"][1], shapes["k"][2]):
        raise NoMatch(f"{described(d, roles['g'])} must be float32, with a gate for each channel of the keys of each head of the values: [{shapes['v'][1]}, {shapes['k'][2]}]")
    return Sizes("flashinfer-kda", {**_heads(d, shapes["v"][1], shapes["k"][1]), "d": d.size(shapes["q"][2]), "e": d.size(shapes["v"][2])})


def _of_merge(d: Definition, name: str, shapes: Mapping[str, Tuple[str, ...]]) -> Sizes:
    rows = shapes["v_a" if name == "merge-two" else "v"]
    heads = d.size(rows[-2])
    parts = d.size(rows[1]) if name == "merge" else 2
    return Sizes("flashinfer-merge", {"hk": heads, "g": None if heads is None else 1, "e": d.size(rows[-1]), "s": parts})


def _of_block_lists(d: Definition, shapes: Mapping[str, Tuple[str, ...]]) -> Sizes:
    keys = _block_size(d)
    if keys is None:
        raise NoMatch("the number of keys in a block of the lists is unknown: add an axis block_size, or a constant such as BLK_KV = 128 in its reference")
    axes = {**_heads(d, shapes["q"][1], shapes["k"][1]), "d": d.size(shapes["q"][2]), "e": d.size(shapes["v"][2]), "t": d.size(shapes["block_lists"][2])}
    return Sizes("block-lists", axes, settled={"block": keys})


_BLOCK = re.compile(r"(BLK|BLOCK)(_(KV|K|N|SIZE|SIZE_KV|SIZE_K))?|KV_BLOCK_SIZE", re.IGNORECASE)


def _block_size(d: Definition) -> Optional[int]:
    """Keys of a block: a constant axis, or the one constant that the reference gives a name of blocks; None where there is none, or more than one."""
    found = {axis.value for name, axis in d.axes.items() if axis.kind == "const" and _BLOCK.fullmatch(name)}
    for node in ast.walk(_parsed(d.reference)) if not found else ():
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and type(node.value.value) is int:
            found |= {node.value.value for target in node.targets if isinstance(target, ast.Name) and _BLOCK.fullmatch(target.id)}
    one = next(iter(found)) if len(found) == 1 else None
    return one if one is not None and one > 0 else None


def _parsed(source: str) -> ast.AST:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


def _of_combined_latent(d: Definition, roles: Mapping[str, str], shapes: Mapping[str, Tuple[str, ...]], outputs: Mapping[str, str]) -> Sizes:
    """Sizes of a cache whose rows are a latent vector, then a rotated part, and of queries so."""
    query, cache = shapes["q"], shapes["kv_cache"]
    latent = (d.outputs[outputs["o"]].shape or ("",))[-1]
    width, whole = d.size(latent), d.size(cache[-1])
    if width is None or whole is None or d.size(query[-1]) != whole or not 0 < width < whole:
        raise NoMatch(f"{described(d, roles['kv_cache'])} must hold latent vectors, as wide as the output ({latent}), then a rotated part, and the queries too, in constant sizes")
    page = cache[-2]
    if len(cache) == 4:
        other = cache[1]
        if _of_pages(other) and not _of_pages(page):
            page, other = other, page
        if d.size(other) not in (None, 1):
            raise NoMatch(f"{described(d, roles['kv_cache'])} must have one row for all heads: axis {other} must be 1")
    settled = {"kv_lora_rank": width, "qk_rope_head_dim": whole - width}
    for role, name in roles.items():
        said = d.size(name)
        if role in settled and said not in (None, settled[role]):
            raise NoMatch(f"{name} is {said}, but must be {settled[role]} by the outputs and the cache")
        if role == "qk_nope_head_dim":
            if said is None and not d.inputs[name].optional:
                raise NoMatch(f"{described(d, name)}: its value is unknown: no axis has its name")
            settled[role] = said or 0
    heads_first = len(cache) == 4 and page == cache[2]
    new = d.size(query[1]) if len(query) == 4 else 1
    return Sizes("mla-absorbed", {"hk": 1, "g": d.size(query[-2]), "c": width, "r": whole - width, "m": new}, d.size(page), heads_first, settled)


def _of_softmax(d: Definition, roles: Mapping[str, str], shapes: Mapping[str, Tuple[str, ...]], codes: Optional[str]) -> Sizes:
    query = shapes["q"]
    page: Optional[str] = None
    heads_first = False
    if "kv_cache" in shapes:
        both, first, second, values = shapes["kv_cache"][1:]
        if d.size(both) != 2:
            raise NoMatch(f"{described(d, roles['kv_cache'])} must hold keys and values: axis {both} must be 2")
    elif "k_cache" in shapes:
        (first, second), values = shapes["k_cache"][1:3], shapes["v_cache"][-1]
    else:
        first = second = shapes["k"][1]
        values = shapes["v"][-1]
    heads = second
    if first != second:
        heads_first = _of_pages(second) and not _of_pages(first)
        heads, page = (first, second) if heads_first else (second, first)
    axes = {**_heads(d, query[-2], heads), "d": d.size(query[-1]), "e": d.size(values)}
    operator = _of_codes(d, roles, heads, codes) if codes else "softmax"
    return Sizes(operator, axes, None if page is None else d.size(page), heads_first)


def _of_codes(d: Definition, roles: Mapping[str, str], heads: str, codes: str) -> str:
    """The operator of caches of codes: with one factor for the tensor, or one for each head."""
    shapes = [d.inputs[roles[role]].shape or () for role in ("k_scale", "v_scale") if role in roles]
    form = "" if codes == "e4m3" else f"-{codes}"
    if all(shape == (heads,) for shape in shapes) and shapes:
        return f"fp8-cache{form}"
    if all(shape == () or (len(shape) == 1 and d.size(shape[0]) == 1) for shape in shapes):
        return f"flashinfer-fp8-cache{form}"
    names = ", ".join(described(d, roles[role]) for role in ("k_scale", "v_scale") if role in roles) or "factors of scores and output"
    raise NoMatch(f"{names}: a cache of codes must have one factor, or one factor for each of {heads}")


def _of_pages(axis: str) -> bool:
    return re.search("page|block", axis) is not None


def _heads(d: Definition, queries: str, keys: str) -> Dict[str, Optional[int]]:
    h, hk = d.size(queries), d.size(keys)
    if h is None or hk is None:
        return {}
    if hk == 0 or h == 0 or h % hk != 0:
        raise NoMatch(f"{h} heads ({queries}) must be a multiple of {hk} ({keys})")
    return {"hk": hk, "g": h // hk}


def described(d: Definition, name: str) -> str:
    spec = d.inputs[name]
    return f"{name} ({shape_text(spec)} {spec.dtype})"


def shape_text(spec: TensorSpec) -> str:
    return "a scalar" if spec.shape is None else f"[{', '.join(spec.shape)}]"
