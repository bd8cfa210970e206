"""Findings of an audit, and its rules."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Dict

RULES: Dict[str, str] = {
    "schema": "The document is not what the schema of its dialect says.",
    "call-order": "The reference cannot be called with the inputs in their order, or returns another number of outputs.",
    "unbound-axis": "A variable axis is in no input's shape: nothing gives it a value.",
    "page-length": "Pages of more than one token, and no input says how full the last one is.",
    "optional-output": "An output is optional, and nothing that the reference takes decides whether it is there.",
    "hidden-option": "The reference reads an option that is no input: no call of the Definition reaches what it then does.",
    "empty-row": "A query that sees no key has no defined result: the reference computes NaN.",
    "free-name": "The source uses a name that it does not define: it runs only inside the library it was taken from.",
    "constants": "Sizes of constant axes contradict each other.",
    "no-reference": "There is no reference: the Definition gives nothing to judge a kernel by.",
    "unreadable": "The file cannot be read as a Definition.",
    "unmatched": "The signature is of no operator that the suite has an oracle for.",
    "reference-raises": "The reference raises on a call that the Definition allows.",
    "reference-wrong": "The reference computes something else than the specification.",
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
