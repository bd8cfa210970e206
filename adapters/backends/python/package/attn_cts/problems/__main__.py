"""`attn-cts judge problem.py --solution new.py`, which is also `python -m attn_cts.problems`."""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from typing import Optional, Sequence

from .forms import FORMS, text
from .problem import ProblemError, read_problem
from .verdict import judge_problem

_EXITS = {"pass": 0, "fail": 1, "inconclusive": 3}


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Runs the command. Returns 0 for a pass, 1 for a failure, 2 for what cannot be run, 3 where it is inconclusive; of several solutions the worst."""
    parser = argparse.ArgumentParser(prog="attn-cts judge problem.py", description="Judge solutions of a problem in KernelBench's form.")
    parser.add_argument("problem", help="file with Model, get_inputs and get_init_inputs")
    parser.add_argument("--solution", action="append", required=True, help="file with ModelNew (repeatable)")
    parser.add_argument("--form", choices=list(FORMS), default=None, help="print a JSON document of this form")
    parser.add_argument("--json", action="store_true", help="print the document of spec/schema/problem-verdict.schema.json")
    parser.add_argument("--runs", type=int, default=8, help="draws (default: 8)")
    parser.add_argument("--seed", type=int, default=0, help="seed of the draws and of PyTorch's (default: 0)")
    parser.add_argument("--device", default="cpu", help="device of the solution (default: cpu)")
    parser.add_argument("--numeric", choices=["ieee", "tf32"], default="ieee", help="what float32 products may round (default: ieee)")
    parser.add_argument("--time-limit", type=float, default=120.0, help="seconds of one call (default: 120)")
    given = parser.parse_args(arguments)
    warnings.filterwarnings("ignore")
    try:
        problem = read_problem(given.problem, given.seed)
        options = {"runs": given.runs, "device": given.device, "time_limit": given.time_limit, "tf32": given.numeric == "tf32"}
        verdicts = [judge_problem(problem, path, **options) for path in given.solution]
    except ProblemError as error:
        print(f"attn-cts judge: {error}", file=sys.stderr)
        return 2
    if given.json or given.form:
        documents = [FORMS[given.form or "attention-cts"](verdict) for verdict in verdicts]
        print(json.dumps(documents[0] if len(documents) == 1 else documents, indent=2))
    else:
        print("\n".join(map(text, verdicts)))
    exits = [_EXITS[verdict.verdict] for verdict in verdicts]
    return 1 if 1 in exits else max(exits)


if __name__ == "__main__":
    sys.exit(main())
