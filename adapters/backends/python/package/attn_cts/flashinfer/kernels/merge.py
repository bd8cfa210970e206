"""Merges of results of attention."""

from __future__ import annotations

from typing import Any, Callable, Dict, Mapping, Tuple

from ...harness import Problem
from ..signatures import Match
from .calls import Call, call_by_roles, number_of, sizes_claimed


def merge(match: Match, call: Call, torch: Any) -> Tuple[Callable, Dict[str, Any]]:
    def merged(v, w, there, problem: Problem):
        b, h, m, parts, e = v.shape
        rows = v.permute(0, 2, 3, 1, 4).reshape(b * m, parts, h, e)
        weights = w.permute(0, 2, 3, 1).reshape(b * m, parts, h).float()
        # a part that saw no key has the logarithm of nothing
        weights = weights.masked_fill(~there.reshape(b * m, parts, 1).bool(), float("-inf"))
        values = {"v": rows.contiguous(), "s": weights.contiguous()}
        if match.signature == "merge-two":
            values = {name: values[name[0]][:, at].contiguous() for at, name in ((0, "v_a"), (0, "s_a"), (1, "v_b"), (1, "s_b"))}
        if match.signature == "merge-into":
            values = _into(match, values, there.reshape(b * m, parts).bool(), number_of(v, torch))
        found = call_by_roles(match, call, values, torch)
        outputs = {"o": found["o"].reshape(b, m, h, e).transpose(1, 2).contiguous()}
        if "lse" in found:
            outputs["lse"] = found["lse"].reshape(b, m, h).transpose(1, 2).contiguous()
        return outputs

    return merged, {"masks": ["full"], "limits": {"s": [match.sizes["s"]]} if "s" in match.sizes else {}, **sizes_claimed(match, "hk", "g", "e")}


def _into(match: Match, values: Mapping[str, Any], there: Any, seed: int) -> Dict[str, Any]:
    """Two parts of which the first is written into. Where a mask may be given, every other case has one, which hides the parts that are not there in place of a logarithm of nothing."""
    v, v_other = (values["v"][:, at].contiguous() for at in (0, 1))
    s, s_other = (values["s"][:, at].contiguous() for at in (0, 1))
    if "mask" not in match.roles or (seed % 2 == 0 and match.definition.inputs[match.roles["mask"]].optional):
        return {"v": v, "s": s, "v_other": v_other, "s_other": s_other}
    taken = there[:, 1]
    # a part that saw no key is 0, and what is hidden is any number
    v = v.masked_fill(~there[:, :1, None], 0)
    return {"v": v, "s": s, "v_other": v_other, "s_other": s_other.masked_fill(~taken[:, None], 1.5), "mask": taken}
