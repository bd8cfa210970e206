"""Shards: which places of a cut axis each rank of a scheme has, and its part of a tensor."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np

from .base import KernelError, Unsupported, _own_files
from .claims import Operator, Problem

_own_files.add(__file__)

Places = Sequence[range]
Cut = Callable[[Problem, str, int, int], Places]
"""Of a problem, an axis, a rank and how many ranks there are: the places of the axis that the rank has, in the order in which it has them."""

TOKENS = ("m", "n")
"""Axes that shards cut: queries and keys. A tensor is cut along the first of its axes that is one of them."""


def _even(problem: Problem, axis: str, chunks: int) -> int:
    size = problem.dims[axis]
    if size % chunks != 0:
        raise Unsupported(f"the number of tokens, {size}, is no multiple of {chunks}")
    return size // chunks


def _contiguous(problem: Problem, axis: str, rank: int, ranks: int) -> Places:
    length = _even(problem, axis, ranks)
    return [range(rank * length, (rank + 1) * length)]


def _zigzag(problem: Problem, axis: str, rank: int, ranks: int) -> Places:
    length = _even(problem, axis, 2 * ranks)
    return [range(chunk * length, (chunk + 1) * length) for chunk in (rank, 2 * ranks - 1 - rank)]


def _striped(problem: Problem, axis: str, rank: int, ranks: int) -> Places:
    _even(problem, axis, ranks)
    return [range(rank, problem.dims[axis], ranks)]


CUTS: Mapping[str, Cut] = {"contiguous": _contiguous, "zigzag": _zigzag, "striped": _striped}


class Shard:
    """A rank's part of the tensors of a call: its places of each axis that is cut.

    Raises Unsupported where the tokens cannot be cut so, KernelError where a cut of the scheme's own returns no list of ranges.
    """

    def __init__(self, cut: Cut, problem: Problem, operator: Operator, rank: int, ranks: int):
        self.problem, self.operator = problem, operator
        used = [axis for axis in TOKENS if any(axis in axes for axes in operator.axes.values())]
        m, n = (problem.dims.get(axis) for axis in TOKENS)
        if cut in CUTS.values() and len(used) > 1 and m != n:
            raise Unsupported(f"queries lie with their tokens: m = n is needed, found m = {m}, n = {n}")
        self.places = {axis: [r for r in _checked(cut(problem, axis, rank, ranks), axis) if len(r) > 0] for axis in used}

    def along(self, name: str) -> Optional[Tuple[int, str]]:
        """Where a tensor of the call is cut: the place of the axis in its shape, and the axis. None where every rank has the whole."""
        axes = self.operator.axes.get(name) or self.operator.axes.get(name[1:] if name.startswith("d") else name, ())
        axis = next((axis for axis in axes if axis in self.places), None)
        return None if axis is None else (_in_layout(axes, self.problem.case["layout"]).index(axis), axis)

    def take(self, name: str, whole: np.ndarray) -> np.ndarray:
        """The rank's part of a whole tensor, a copy; the tensor itself where it is not cut, or has one place for all."""
        at = self._cut(name, whole)
        return whole if at is None else np.take(whole, self.indices(at[1]), axis=at[0])

    def put(self, name: str, part: np.ndarray, whole: np.ndarray) -> None:
        """Writes the rank's part of a tensor to its places in the whole: the inverse of `take`."""
        at = self._cut(name, whole)
        whole[... if at is None else (slice(None),) * at[0] + (self.indices(at[1]),)] = part

    def _cut(self, name: str, whole: np.ndarray) -> Optional[Tuple[int, str]]:
        """Where a whole tensor is cut, as `along` says. None where it has one place for all."""
        at = self.along(name)
        return None if at is None or whole.shape[at[0]] != self.problem.dims[at[1]] else at

    def indices(self, axis: str) -> np.ndarray:
        return np.concatenate([np.arange(r.start, r.stop, r.step) for r in self.places[axis]] or [np.arange(0)])

    def told(self) -> Dict[str, List[Dict[str, int]]]:
        """The places as a reply has them."""
        return {axis: [{"start": r.start, "length": len(r), "stride": r.step} for r in places] for axis, places in self.places.items()}


def _checked(places: Any, axis: str) -> Places:
    if not isinstance(places, (list, tuple)) or any(not isinstance(r, range) or r.step < 1 or r.start < 0 for r in places):
        raise KernelError(f"shards= returned {places!r} for axis {axis}, must be a list of ascending ranges, such as [range(0, 8), range(24, 32)]")
    return places


def _in_layout(axes: Sequence[str], layout: str) -> List[str]:
    """Names of the axes of a tensor as it lies in a layout: neighbours hk and g are one axis of heads, h."""
    flat: List[str] = []
    for axis in axes:
        if axis == "g" and flat[-1:] == ["hk"]:
            flat[-1] = "h"
        else:
            flat.append(axis)
    rows = len(flat) in (3, 4) and flat[0] == "b" and flat[1] in ("h", "hk") and flat[2] in TOKENS and flat[3:] not in (["m"], ["n"])
    if rows and len(flat) == 4 and layout != "bhld":
        flat[1], flat[2] = flat[2], flat[1]
    return flat[1:] if rows and layout == "thd" else flat
