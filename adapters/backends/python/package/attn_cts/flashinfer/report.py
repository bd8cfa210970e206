"""Findings as a table, as JSON and as SARIF."""

from __future__ import annotations

import os
import textwrap
from collections import Counter
from typing import Any, Dict, List, Sequence

from .audit import Audit
from .findings import LEVELS, RULES, Finding


def table(result: Audit, width: int = 110) -> str:
    """Findings by Definition, then how many there are of each rule."""
    findings, definitions = result.findings, result.definitions
    lines: List[str] = []
    longest = max((len(f.rule) for f in findings), default=0)
    for f, before in zip(findings, [None, *findings]):
        if before is None or (before.path, before.definition) != (f.path, f.definition):
            lines += ["", f.definition, f"  {f.path}"] if lines else [f.definition, f"  {f.path}"]
        text = textwrap.wrap(f.message, max(40, width - longest - 6), break_long_words=False) or [""]
        lines.append(f"  {f.rule:<{longest}}  {text[0]}")
        lines += [f"  {'':<{longest}}  {line}" for line in text[1:]]
        if f.replay:
            lines.append(f"  {'':<{longest}}  {f.replay}")
    counts = Counter(f.rule for f in findings)
    if lines:
        lines.append("")
    if counts:
        lines += [f"{counts[rule]:>5}  {rule:<{longest}}  {RULES[rule]}" for rule in RULES if counts[rule]] + [""]
    wrong = len({(f.path, f.definition) for f in findings})
    matched = sum("matched" in each for each in result.matches)
    lines.append(f"{definitions} Definition{'' if definitions == 1 else 's'}, {wrong} with findings, {matched} of an operator of the suite")
    return "\n".join(lines)


def document(result: Audit) -> Dict[str, Any]:
    """The document of `attn-cts flashinfer audit --json`: `spec/schema/flashinfer-audit.schema.json`."""
    counts = Counter(f.rule for f in result.findings)
    return {
        "format": 1,
        "definitions": result.definitions,
        "counts": {rule: counts[rule] for rule in RULES if counts[rule]},
        "matches": list(result.matches),
        "findings": [f.document() for f in result.findings],
        "references": list(result.references),
    }


def sarif(findings: Sequence[Finding]) -> Dict[str, Any]:
    """SARIF 2.1.0, which code hosts show beside the files."""
    rules = [
        {"id": f"flashinfer/{rule}", "shortDescription": {"text": text}, "defaultConfiguration": {"level": LEVELS.get(rule, "error")}}
        for rule, text in RULES.items()
    ]
    results = [
        {
            "ruleId": f"flashinfer/{f.rule}",
            "ruleIndex": list(RULES).index(f.rule),
            "level": f.level,
            "message": {"text": f"{f.definition}: {f.message}"},
            "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(f.path)}, "region": {"startLine": 1}}}],
        }
        for f in findings
    ]
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": {"name": "attention-cts", "rules": rules}}, "results": results}],
    }


def _uri(path: str) -> str:
    relative = os.path.relpath(path)
    return (path if relative.startswith("..") else relative).replace(os.sep, "/")
