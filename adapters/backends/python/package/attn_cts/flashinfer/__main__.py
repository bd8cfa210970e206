"""`attn-cts flashinfer …`, which is also `python -m attn_cts.flashinfer …`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Any, List, Optional, Sequence

from .audit import audit
from .documents import DocumentError
from .findings import Finding
from .report import document, sarif, table


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Runs the command. Returns 0 if nothing was found, 1 if something was, 2 for what cannot be run."""
    parser = _parser()
    try:
        given = parser.parse_args(arguments)
        return given.action(given)
    except DocumentError as error:
        print(f"attn-cts flashinfer: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="attn-cts flashinfer", description="Audit FlashInfer's Definitions and judge the kernels that claim to solve them.")
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("audit", help="what is wrong with Definitions")
    one.add_argument("path", nargs="+", help="Definition, or folder of them")
    one.add_argument("--references", action="store_true", help="also run each Definition's own reference, which is code of the file, and hold it to the oracle: needs PyTorch")
    one.add_argument("--runs", type=int, help="cases of each check, with --references")
    one.add_argument("--json", action="store_true", help="print a JSON document")
    one.add_argument("--sarif", metavar="FILE", help="write SARIF 2.1.0")
    one.set_defaults(action=_audit)
    return parser


def _audit(given: argparse.Namespace) -> int:
    missing = [path for path in given.path if not os.path.exists(path)]
    if missing:
        raise DocumentError(f"no such file: {', '.join(missing)}")
    result = audit(given.path, references=given.references, runs=given.runs)
    findings: List[Finding] = list(result.findings)
    if given.sarif:
        _write(given.sarif, sarif(findings))
    if given.json:
        print(json.dumps(document(findings, result.definitions, result.references), indent=2))
    else:
        print(table(findings, result.definitions))
    return 1 if any(f.level != "note" for f in findings) else 0


def _write(path: str, value: Any) -> None:
    try:
        with open(path, "w", encoding="utf-8") as file:
            json.dump(value, file, indent=2)
            file.write("\n")
    except OSError as error:
        raise DocumentError(f"{path}: {error.strerror or error}") from None


if __name__ == "__main__":
    sys.exit(main())
