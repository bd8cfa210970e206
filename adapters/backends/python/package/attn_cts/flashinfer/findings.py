"""Findings of an audit, and its rules."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Dict

RULES: Dict[str, str] = {
    "schema": "The document does not fit the schema of its dialect.",
    "call-order": "The reference cannot be called with the inputs in the order of the Definition, or returns a wrong number of outputs.",
    "unbound-axis": "A variable axis is in the shape of no input, so it has no value.",
    "page-length": "Pages hold more than one token, but no input says how full the last page is.",
    "optional-output": "An output is optional, but no argument of the reference decides whether it is returned.",
    "hidden-option": "The reference reads an option that is not an input: no call of the Definition can set it.",
    "empty-row": "A query that sees no key has no defined result: the reference computes NaN.",
    "free-name": "The source uses a name that it does not define: it runs only inside the library it was taken from.",
    "constants": "Sizes of constant axes contradict each other.",
    "no-reference": "There is no reference, so a kernel cannot be judged by the Definition.",
    "unreadable": "The file cannot be read as a Definition.",
    "unmatched": "The suite has no oracle for an operator with this signature.",
    "reference-raises": "The reference raises on a call that the Definition allows.",
    "reference-wrong": "The results of the reference differ from the specification.",
}
"""Every rule, and what it means."""

LEVELS = {"unmatched": "note", "optional-output": "warning", "unbound-axis": "warning", "hidden-option": "warning"}
"""Rules that are no errors."""


@dataclass(frozen=True)
class Finding:
    rule: str
    path: str
    definition: str
    message: str
    level: str
    replay: str = ""
    """Command line that shows it again; empty for what is read from the text alone."""

    def document(self) -> Dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if value}


def finding(rule: str, path: str, definition: str, message: str, replay: str = "") -> Finding:
    return Finding(rule, path, definition, message, LEVELS.get(rule, "error"), replay)
