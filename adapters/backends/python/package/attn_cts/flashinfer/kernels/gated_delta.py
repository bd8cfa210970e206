"""The gated delta rule, with a gate for each head or for each channel: on whole sequences, and some tokens at a time with a state."""

from __future__ import annotations

from typing import Any, Callable, Dict, Mapping, Optional, Tuple

import numpy as np

from ...harness import Problem
from ..signatures import Match
from .calls import Call, call_by_roles, scale_of, sizes_claimed


def gated_delta(match: Match, call: Call, torch: Any) -> Tuple[Callable, Dict[str, Any]]:
    def updated(q, k, v, a, aLog, dtBias, betaLogit, segment, problem: Problem, initial=None, scale=None):
        heads = problem.dims["hk"] * problem.dims["g"]
        values = {
            **_tokens(problem, torch, q, k, v, segment, initial, scale),
            "a": _by_token(a, problem),
            "b": _by_token(betaLogit, problem),
            "A_log": aLog.reshape(heads).float(),
            "dt_bias": dtBias.reshape(heads).float(),
        }
        step = _step(match, call, torch)
        return _by_head(_in_steps(match, step, values, torch) if step else call_by_roles(match, call, values, torch))

    return updated, _claims(match)


def channel_gates(match: Match, call: Call, torch: Any) -> Tuple[Callable, Dict[str, Any]]:
    """Kimi delta attention. A state that the Definition leaves optional, or has not, is not given where there is none."""

    def called(q, k, v, gate, beta, segment, problem: Problem, initial=None, scale=None):
        values = {
            **_tokens(problem, torch, q, k, v, segment, initial, scale),
            "g": _by_token(gate, problem, problem.dims["d"]),
            "b": _by_token(beta, problem),
        }
        if initial is None and "state" in match.roles and match.definition.inputs[match.roles["state"]].optional:
            del values["state"]
        return _by_head(call_by_roles(match, call, values, torch))

    def called_without_state(q, k, v, gate, beta, segment, problem: Problem, scale=None):
        return called(q, k, v, gate, beta, segment, problem, scale=scale)

    return called if "state" in match.roles else called_without_state, _claims(match)


def _claims(match: Match) -> Dict[str, Any]:
    return {"masks": ["full"], **sizes_claimed(match, "hk", "g", "d", "e")}


def _tokens(problem: Problem, torch: Any, q: Any, k: Any, v: Any, segment: Any, initial: Any, scale: Optional[float]) -> Dict[str, Any]:
    """What every form takes: rows of tokens, a state for each segment, values before keys, and where segments begin."""
    dims = problem.dims
    hk, g, n, d, e, s = (dims[axis] for axis in ("hk", "g", "n", "d", "e", "s"))
    counts = torch.bincount(segment.long(), minlength=s) if n > 0 else torch.zeros(s, dtype=torch.long)
    state = torch.zeros(s, hk, g, d, e, device=q.device) if initial is None else initial
    return {
        "q": q.transpose(0, 1).contiguous(),
        "k": k.transpose(0, 1).contiguous(),
        "v": _by_token(v, problem, e),
        "state": state.reshape(s, hk * g, d, e).transpose(2, 3).float().contiguous(),
        "cu_seqlens": torch.cat([torch.zeros(1, dtype=torch.long, device=q.device), counts.to(q.device).cumsum(0)]).int(),
        "scale": scale_of(scale, problem, "d"),
    }


def _by_token(rows: Any, problem: Problem, *width: int) -> Any:
    """Rows of each head of the values as [tokens, heads, …]."""
    dims = problem.dims
    return rows.reshape(dims["hk"] * dims["g"], dims["n"], *width).transpose(0, 1).contiguous()


def _by_head(found: Mapping[str, Any]) -> Dict[str, Any]:
    outputs = {"o": found["o"].transpose(0, 1).contiguous()}
    if "state" in found:
        outputs["state"] = found["state"].transpose(2, 3).contiguous()
    return outputs


Step = Callable[[Mapping[str, Any], Any, Any], Tuple[Any, Any]]
"""Takes the inputs of some tokens of some segments, the states of these, and numbers to draw by; returns outputs and new states."""


def _step(match: Match, call: Call, torch: Any) -> Optional[Step]:
    """How a function that takes some tokens of each sequence is called; None: it takes whole sequences."""
    if match.signature == "gated-delta-decode":

        def plain(inputs: Mapping[str, Any], state: Any, rng: Any) -> Tuple[Any, Any]:
            found = call_by_roles(match, call, {**inputs, "state": state}, torch)
            return found["o"], found["state"]

        return plain
    if match.signature != "gated-delta-pool":
        return None

    def pooled(inputs: Mapping[str, Any], state: Any, rng: Any) -> Tuple[Any, Any]:
        rows = state.shape[0]
        places = torch.tensor(rng.permutation(rows + _SPARE), dtype=torch.long, device=state.device)
        others = torch.tensor(rng.standard_normal((_SPARE, *state.shape[1:])), dtype=state.dtype, device=state.device)
        pool = torch.empty(rows + _SPARE, *state.shape[1:], dtype=state.dtype, device=state.device)
        pool[places] = torch.cat([state, others])
        found = call_by_roles(match, call, {**inputs, "state": pool, "state_indices": places[:rows].int()}, torch)
        new = found["state"][places]
        # states that are nobody's stay as they are: what is added to them is added to all
        return found["o"], new[:rows] + (new[rows:] - others).abs().sum().to(new.dtype)

    return pooled


_SPARE = 2
"""States of a pool that no sequence has."""
_NO_DECAY = -1e4
"""Gate of a token that changes no state: the softplus of it is 0."""


def _in_steps(match: Match, step: Step, values: Mapping[str, Any], torch: Any) -> Dict[str, Any]:
    """Segments by a function of a few tokens each: it is called with the next tokens of every segment that has one, and the states after the call before.

    The last tokens of a segment may be fewer; behind them come tokens that change nothing, whose outputs are left out.
    """
    starts, ends = values["cu_seqlens"][:-1].tolist(), values["cu_seqlens"][1:].tolist()
    longest = max([0, *(end - begin for begin, end in zip(starts, ends))])
    axis = (match.definition.inputs[match.roles["q"]].shape or ("", ""))[1]
    # where any number of tokens may come, at least two calls, of two tokens or more
    tokens = match.definition.size(axis) or max(2, (longest + 1) // 2)
    state, o = values["state"].clone(), torch.zeros_like(values["v"])
    rng = np.random.default_rng([longest, len(starts)])
    for first in range(0, longest, tokens):
        rows = [row for row, (begin, end) in enumerate(zip(starts, ends)) if begin + first < end]
        at = [[min(starts[row] + first + i, ends[row]) for i in range(tokens)] for row in rows]
        there = torch.tensor([[place < ends[row] for place in places] for row, places in zip(rows, at)], device=state.device)
        inputs = {name: _with_rest(values[name], at, there, _NO_DECAY if name == "a" else 0.0, torch) for name in ("q", "k", "v", "a", "b")}
        found, new = step({**values, **inputs}, state[rows], rng)
        taken = torch.tensor(at, device=state.device)[there]
        o[taken] = found.reshape(len(rows), tokens, *o.shape[1:])[there].to(o.dtype)
        state[rows] = new.reshape(len(rows), *state.shape[1:]).to(state.dtype)
    return {"o": o, "state": state}


def _with_rest(rows: Any, at: Any, there: Any, rest: float, torch: Any) -> Any:
    """Rows at their places, [sequences, tokens, …]; another number where there is no token."""
    places = torch.tensor(at, device=rows.device).clamp(max=max(0, rows.shape[0] - 1))
    found = rows[places]
    return found.masked_fill(~there.reshape(*there.shape, *[1] * (found.dim() - 2)), rest).contiguous()
