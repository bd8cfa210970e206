"""Softmax attention on pages of codes, with a factor for keys and one for values."""

from __future__ import annotations

from typing import Any, Callable, Dict, Tuple

from ...harness import Problem
from ..packed import Packed
from ..signatures import Match
from .calls import Call, call_by_roles, scale_of, sizes_claimed
from .softmax import combined


def codes(match: Match, call: Call, torch: Any) -> Tuple[Callable, Dict[str, Any]]:
    kind = {"e4m3": torch.float8_e4m3fn, "e5m2": torch.float8_e5m2}[match.codes or ""]
    decode = "decode" in match.signature

    def attention(q, keyCodes, valueCodes, keyScale, valueScale, problem: Problem, scale=None):
        # codes lie in pages as bytes
        tables = Packed(torch, problem, q, keyCodes, valueCodes, match.page or 4)
        values: Dict[str, Any] = {"q": tables.q, "qo_indptr": tables.cu_q, "return_lse": True, **tables.pages(match.heads_first)}
        values.update(combined(match, values, torch))
        for role in ("k_cache", "v_cache", "kv_cache"):
            values[role] = values[role].view(kind)
        scale = scale_of(scale, problem, "d")
        if "k_scale" in match.roles:
            values.update(scale=scale, bmm2_scale=1.0, k_scale=_factor(match, "k_scale", keyScale), v_scale=_factor(match, "v_scale", valueScale))
        else:
            # what codes are worth is in the factors of scores and output
            values.update(scale=scale * float(keyScale.reshape(-1)[0]), bmm2_scale=float(valueScale.reshape(-1)[0]))
        return tables.back(call_by_roles(match, call, values, torch))

    masks = ["full", "padding"] if decode else ["causal"]
    return attention, {"masks": masks, "limits": {"m": [1]} if decode else {}, **sizes_claimed(match, "hk", "g", "d", "e")}


def _factor(match: Match, role: str, factor: Any) -> Any:
    """A factor as a number, or as a tensor where the Definition has one."""
    return float(factor.reshape(-1)[0]) if match.definition.inputs[match.roles[role]].shape is None else factor.reshape(-1).float().contiguous()
