"""`attn-cts flashinfer …`, which is also `python -m attn_cts.flashinfer …`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Any, List, Optional, Sequence

from .audit import audit
from .documents import Definition, DocumentError, definition_of, json_files, looks_like_definition, read_definition, read_json
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
    except RuntimeError as error:
        # the suite refused what it was asked, and has said why
        print(f"attn-cts flashinfer: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="attn-cts flashinfer", description="Audit FlashInfer's Definitions and judge the kernels that claim to solve them.")
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("audit", help="list the faults of Definitions")
    one.add_argument("path", nargs="+", help="Definition, or folder of them")
    one.add_argument("--references", action="store_true", help="also run the reference of each Definition, code of its file, and compare it with the oracle: needs PyTorch")
    one.add_argument("--runs", type=int, help="cases of each check, with --references")
    one.add_argument("--time-limit", type=float, help="seconds for each reference, with --references")
    one.add_argument("--json", action="store_true", help="print a JSON document: the operator of each Definition, or why there is none, and the findings (spec/schema/flashinfer-audit.schema.json)")
    one.add_argument("--sarif", metavar="FILE", help="write SARIF 2.1.0")
    one.set_defaults(action=_audit)
    one = commands.add_parser("judge", help="judge a Solution by the meaning of its Definition")
    one.add_argument("solution", nargs="+", help="Solution")
    one.add_argument("--definition", required=True, metavar="FILE", help="Definition of the Solution, or a folder that holds it")
    one.add_argument("--workloads", metavar="FILE", help="workloads: the Solution is also judged on their page tables and lengths")
    one.add_argument("--root", metavar="DIR", help="folder that paths in workloads are relative to (default: the folder of FILE, or one above)")
    one.add_argument("--trace", metavar="FILE", help="append a Trace for each workload; latencies are measured")
    one.add_argument("--profile", action="append", default=[], help="profile whose checks are run (repeatable)")
    one.add_argument("--filter", action="append", default=[], help="run only the checks whose id matches this glob (repeatable)")
    one.add_argument("--runs", type=int, help="cases of each check")
    one.add_argument("--seed", type=int, default=0, help="seed of cases and of the numbers of workloads (default: 0)")
    one.add_argument("--time-limit", type=float, help="seconds after which checks are left out")
    one.add_argument("--json", action="store_true", help="print a JSON document")
    one.set_defaults(action=_judge)
    return parser


def _audit(given: argparse.Namespace) -> int:
    missing = [path for path in given.path if not os.path.exists(path)]
    if missing:
        raise DocumentError(f"no such file: {', '.join(missing)}")
    result = audit(given.path, references=given.references, runs=given.runs, time_limit=given.time_limit)
    findings: List[Finding] = list(result.findings)
    if given.sarif:
        _write(given.sarif, sarif(findings))
    if given.json:
        print(json.dumps(document(result), indent=2))
    else:
        print(table(result))
    return 1 if any(f.level != "note" for f in findings) else 0


def _judge(given: argparse.Namespace) -> int:
    from ..harness import Unavailable
    from .signatures import NoMatch
    from .solutions import solution_of
    from .traces import append, traces
    from .verdicts import judge_solution
    from .workloads import read_workloads

    options = {"profile": given.profile, "filter": given.filter, "runs": given.runs, "time_limit": given.time_limit}
    options = {key: value for key, value in options.items() if value not in (None, [])}
    if given.trace and not given.workloads:
        raise DocumentError("--trace: add --workloads FILE: each Trace belongs to a workload")
    verdicts = []
    for path in given.solution:
        document = read_json(path)
        d = _definition_for(document, given.definition)
        solution = solution_of(document, path, d.dialect)
        if solution.definition != d.name:
            raise DocumentError(f"{path}: found a Solution of {solution.definition}, must be of {d.name}, the given Definition")
        workloads = read_workloads(given.workloads, d, given.root) if given.workloads else []
        try:
            verdict = judge_solution(solution, d, workloads=workloads, seed=given.seed, time=bool(given.trace), **options)
        except NoMatch as error:
            raise DocumentError(f"{d.path}: {d.name}: {error}") from None
        except Unavailable as error:
            raise DocumentError(f"unavailable: {error}") from None
        if given.trace:
            append(given.trace, traces(verdict, solution, d, verdict.latencies, {w.uuid: w.document for w in workloads}))
        verdicts.append(verdict)
    if given.json:
        documents = [verdict.document() for verdict in verdicts]
        print(json.dumps(documents[0] if len(documents) == 1 else documents, indent=2))
    else:
        for verdict in verdicts:
            print(f"{verdict.solution}: {verdict.verdict} ({verdict.status})")
            for cause in verdict.causes:
                print(f"  {cause}")
    if any(verdict.verdict == "fail" for verdict in verdicts):
        return 1
    return 3 if any(verdict.verdict != "pass" for verdict in verdicts) else 0


def _definition_for(document: Any, path: str) -> Definition:
    """The Definition of a file, or the one of a folder that a Solution names."""
    if not os.path.isdir(path):
        return read_definition(path)
    name = document.get("definition") if isinstance(document, dict) else None
    for file in json_files(path):
        found = read_json(file)
        if looks_like_definition(found) and found.get("name") == name:
            return definition_of(found, file)
    raise DocumentError(f"{path}: has no Definition {name}")


def _write(path: str, value: Any) -> None:
    try:
        with open(path, "w", encoding="utf-8") as file:
            json.dump(value, file, indent=2)
            file.write("\n")
    except OSError as error:
        raise DocumentError(f"{path}: {error.strerror or error}") from None


if __name__ == "__main__":
    sys.exit(main())
