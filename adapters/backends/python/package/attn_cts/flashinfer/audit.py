"""`attn-cts flashinfer audit`: the findings of every Definition of a folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, List, Mapping, Optional, Sequence, Tuple

from .documents import Definition, DocumentError, definition_of, json_files, looks_like_definition, read_json
from .findings import Finding, finding
from .lints import lint
from .signatures import NoMatch, match


@dataclass(frozen=True)
class Audit:
    findings: Tuple[Finding, ...]
    definitions: int
    """Number of Definitions that were read."""
    matches: Tuple[Mapping[str, Any], ...] = ()
    """For each Definition, the operator that it is of, or why it is of none."""
    references: Tuple[Mapping[str, Any], ...] = ()
    """Results of the references that were run."""


def audit(paths: Sequence[str], references: bool = False, runs: Optional[int] = None, time_limit: Optional[float] = None) -> Audit:
    """Audits files, and the files *.json below folders. A JSON document below a folder that is no Definition is passed over; a file that is named must be one.

    references: also run each Definition's own reference, and hold it to the oracle. This executes the code that the files bring: it needs PyTorch and Node.js.
    time_limit: seconds for each reference; checks that are left are not run.
    """
    found: List[Finding] = []
    read: List[Definition] = []
    for root in paths:
        for path in json_files(root):
            try:
                document = read_json(path)
                if path != root and not looks_like_definition(document):
                    continue
                read.append(definition_of(document, path))
            except DocumentError as error:
                found.append(finding("unreadable", path, path, str(error)))
                continue
            found += lint(read[-1])
    checked: List[Mapping[str, Any]] = []
    if references:
        from .references import check

        for definition in read:
            result, more = check(definition, runs, time_limit=time_limit)
            checked.append(result)
            found += more
    order = {path: place for place, path in enumerate(dict.fromkeys(f.path for f in found))}
    return Audit(tuple(sorted(found, key=lambda f: order[f.path])), len(read), tuple(map(matched, read)), tuple(checked))


def matched(d: Definition) -> Mapping[str, Any]:
    """The operator of a Definition, with its sizes and conventions, or why there is none."""
    result = {"definition": d.name, "path": d.path}
    try:
        return {**result, "matched": match(d).document()}
    except NoMatch as error:
        return {**result, "why": str(error)}
