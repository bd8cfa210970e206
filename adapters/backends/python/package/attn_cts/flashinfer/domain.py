"""The domain of a Definition: the calls for which its constraints hold. Nothing is called outside of it."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Mapping, Optional

from .documents import Definition
from .lints import holds
from .signatures import Match, NoMatch

_ELEMENT = re.compile(r"\b(\w+)\[(-?\d+)\](?:\.item\(\))?")
"""An element of an input in a constraint: kv_indptr[-1].item()."""
_LIMIT = re.compile(r"(\w+) *(%|<=|>=|==|<|>) *(\d+)(?: *== *(0))?")
"""A constraint that limits one axis: batch_size <= 8, seq_len % 4 == 0."""
_BATCHES = ("paged-decode", "table-decode", "combined-decode", "combined-csr-decode", "mla-decode", "latent-decode")
"""Signatures whose queries have a row for each sequence."""


class OutsideDefinition(ValueError):
    """A call that is not made, as no input of the Definition has such a shape."""


class Domain:
    """Holds the calls of one judgement to a Definition's constraints."""

    def __init__(self, d: Definition):
        self.definition = d
        self.broken: Optional[str] = None
        """The first constraint that a call, which was not made, does not keep."""

    def require(self, values: Mapping[str, Any]) -> None:
        """Raises OutsideDefinition for inputs of other shapes, as where the suite asks what another layout would give, and NoMatch where a constraint is false."""
        wrong = _wrong_shape(self.definition, values)
        if wrong is not None:
            raise OutsideDefinition(wrong)
        false = false_constraint(self.definition, values)
        if false is not None:
            self.broken = self.broken or false
            raise NoMatch(f"the constraint {false} does not hold")

    def require_kept(self) -> None:
        """Raises NoMatch where a call lay outside: nothing was judged by it, and what was judged is not all."""
        if self.broken is not None:
            raise NoMatch(f"the constraint {self.broken} does not hold in every call that the suite draws: the suite only knows limits of one axis, such as batch_size <= 8")


def false_constraint(d: Definition, values: Mapping[str, Any], sizes: Mapping[str, int] = {}) -> Optional[str]:
    """The first constraint that is false for the inputs of a call, by their names; None where each holds, or speaks of what is not known here.

    sizes: of axes that no input has.
    """
    known = {**sizes, **{name: axis.value for name, axis in d.axes.items() if axis.kind == "const" and axis.value is not None}}
    for name, spec in d.inputs.items():
        value = values.get(name)
        if spec.shape and hasattr(value, "shape"):
            known.update(zip(spec.shape, map(int, value.shape)))
        elif isinstance(value, int):
            known[name] = int(value)

    def element(found: "re.Match[str]") -> str:
        value, at = values.get(found[1]), int(found[2])
        has = hasattr(value, "shape") and len(value.shape) == 1 and -len(value) <= at < len(value)
        return str(int(value[at])) if has else found[0]

    return next((c for c in d.constraints if holds(_ELEMENT.sub(element, c), known) is False), None)


def _wrong_shape(d: Definition, values: Mapping[str, Any]) -> Optional[str]:
    """What is wrong with the shape of the first input that does not fit the axes."""
    sizes = {name: axis.value for name, axis in d.axes.items() if axis.kind == "const"}
    for name, spec in d.inputs.items():
        shape = list(map(int, values[name].shape)) if spec.shape and hasattr(values.get(name), "shape") else None
        if shape is None:
            continue
        fits = len(shape) == len(spec.shape or ()) and all(sizes.setdefault(axis, size) in (None, size) for axis, size in zip(spec.shape or (), shape))
        if not fits:
            return f"{name} is {shape}, must be [{', '.join(spec.shape or ())}]"
    return None


def limits_of(match: Match) -> Dict[str, Dict[str, int]]:
    """Limits that constraints set to axes of the operator, as claims have them."""
    dims = _dims(match)
    found: Dict[str, Dict[str, int]] = {}
    for constraint in match.definition.constraints:
        said = _LIMIT.fullmatch(constraint.strip())
        if said is None or said[1] not in dims or (said[2] == "%") != (said[4] is not None):
            continue
        limit, number = found.setdefault(dims[said[1]], {}), int(said[3])
        if said[2] in ("<=", "<", "=="):
            limit["max"] = min(number - (said[2] == "<"), limit.get("max", number))
        if said[2] in (">=", ">", "=="):
            limit["min"] = max(number + (said[2] == ">"), limit.get("min", 0))
        if said[2] == "%" and number > 0:
            limit["multipleOf"] = number
    return found


def _dims(match: Match) -> Dict[str, str]:
    """Axes of the operator by the Definition's axes that are drawn and have just their size."""
    shapes: Dict[str, List[str]] = {role: list(match.definition.inputs[match.roles[role]].shape or ()) for role in ("q", "q_nope", "k") if role in match.roles}
    if match.signature in _BATCHES:
        return {(shapes.get("q") or shapes["q_nope"])[0]: "b"}
    if match.signature == "single-prefill":
        return {shapes["k"][0]: "n", shapes["q"][0]: "m"}
    return {shapes["k"][0]: "n"} if match.signature == "single-decode" else {}
