"""Only kernels that pass are handed to flashinfer's `trace_apply`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any, Dict, Mapping, Union

from ..harness import Unavailable
from .documents import Definition, DocumentError, definition_of, read_definition, read_json
from .signatures import NoMatch
from .solutions import Solution, solution_of
from .verdicts import SolutionVerdict, judge_solution

Given = Union[str, Mapping[str, Any]]
"""A document, or the path of its file."""


@dataclass(frozen=True)
class Gate:
    """Solutions that were let through, and why the rest was not."""

    passed: Mapping[str, Any]
    """Solutions by the Definition's name, as they were given: what `trace_apply` got."""
    refused: Mapping[str, str]
    """Why, by the Definition's name."""
    verdicts: Mapping[str, SolutionVerdict]


def gate(solutions: Mapping[str, Given], definitions: Union[Given, Mapping[str, Given]], *, apply: Any = None, **options: Any) -> Gate:
    """Judges each Solution, and enables those that pass.

        gate({"gqa_paged_decode_h32_kv8_d128_ps16": "solution.json"}, definitions="definitions/")

    solutions: by the name of the Definition that each claims to compute. definitions: a folder of them, or documents and paths by name. apply: what has
    `enable_apply(solutions)`; by default `flashinfer.trace_apply`. options: of `attn_cts.judge`, such as profile and runs.

    A Solution that fails, or cannot be judged, is left out with the reason, and the function that it would have replaced stays. Raises Unavailable before
    anything is judged where flashinfer is not installed.
    """
    apply = _trace_apply() if apply is None else apply
    known = _definitions(definitions)
    passed: Dict[str, Any] = {}
    refused: Dict[str, str] = {}
    verdicts: Dict[str, SolutionVerdict] = {}
    for name, given in solutions.items():
        try:
            if name not in known:
                raise DocumentError(f"no Definition is called {name}; the known ones: {', '.join(known) or 'none'}")
            solution = _solution(given, known[name])
            if solution.definition != name:
                raise DocumentError(f"{solution.name} is a Solution of {solution.definition}")
            verdicts[name] = judge_solution(solution, known[name], **options)
        except (DocumentError, NoMatch, Unavailable) as error:
            refused[name] = str(error)
            continue
        if verdicts[name].verdict == "pass":
            passed[name] = given
        else:
            refused[name] = "; ".join(verdicts[name].causes) or f"the verdict is {verdicts[name].verdict}"
    if passed:
        apply.enable_apply({name: _document(given) for name, given in passed.items()})
    return Gate(passed, refused, verdicts)


def _trace_apply() -> Any:
    try:
        from flashinfer import trace_apply
    except ImportError as error:
        raise Unavailable(f"flashinfer's trace_apply cannot be imported: {error}", f"{sys.executable} -m pip install flashinfer-python") from None
    return trace_apply


def _definitions(given: Any) -> Dict[str, Definition]:
    from .documents import json_files, looks_like_definition

    if isinstance(given, str):
        read = [(path, read_json(path)) for path in json_files(given)]
        found = [definition_of(document, path) for path, document in read if looks_like_definition(document)]
        return {d.name: d for d in found}
    return {name: read_definition(one) if isinstance(one, str) else definition_of(one, name) for name, one in given.items()}


def _document(given: Given) -> Any:
    return read_json(given) if isinstance(given, str) else given


def _solution(given: Given, d: Definition) -> Solution:
    return solution_of(_document(given), given if isinstance(given, str) else d.name, d.dialect)
