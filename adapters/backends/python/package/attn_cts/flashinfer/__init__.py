"""FlashInfer's Definitions and the kernels that claim to solve them: audited, judged, and let through to `trace_apply` only if they pass.

$ attn-cts flashinfer audit DIR
$ attn-cts flashinfer judge SOLUTION --definition D
"""

from .audit import Audit, audit
from .documents import Definition, DocumentError, read_definition
from .findings import RULES, Finding
from .gate import Gate, gate
from .signatures import Match, NoMatch, match
from .solutions import Solution, read_solution
from .verdicts import SolutionVerdict, judge_solution

__all__ = ["Gate", "gate", "Match", "NoMatch", "match", "Solution", "read_solution", "SolutionVerdict", "judge_solution", "Audit", "audit", "Definition", "DocumentError", "read_definition", "RULES", "Finding"]
