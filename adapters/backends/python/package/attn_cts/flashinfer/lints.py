"""Faults of a Definition that its text alone shows: nothing of it is run."""

from __future__ import annotations

import ast
import re
from typing import Dict, Iterator, List, Optional

from .documents import Definition, entry_of, functions_of
from .findings import Finding, finding
from .schema import definition_problems
from .source_lints import call_order, empty_rows, free_names, hidden_options, optional_outputs, returned


def lint(d: Definition) -> List[Finding]:
    """Every finding, the gravest rules first."""
    found = [("schema", problem) for problem in definition_problems(d.document, d.dialect)]
    functions = functions_of(d.reference) if d.reference else None
    entry = entry_of(functions) if functions else None
    if not d.reference.strip():
        # in the dialect of flashinfer-bench the schema says it too: once is enough
        found = [(rule, problem) for rule, problem in found if not problem.startswith("reference: missing")]
        found.append(("no-reference", "has no reference"))
    for rule, check in (("unbound-axis", _unbound_axes), ("page-length", _page_length), ("constants", _constants)):
        found += [(rule, problem) for problem in check(d)]
    if entry is not None:
        found += [("call-order", problem) for problem in [*call_order(d, entry), *returned(d, entry)]]
        found += [("hidden-option", problem) for problem in hidden_options(d, entry)]
        found += [("optional-output", problem) for problem in optional_outputs(d, entry)]
        if not _as_many_keys(d):
            found += [("empty-row", problem) for problem in empty_rows(entry)]
    for key in ("reference", "init", "check"):
        source = d.document.get(key)
        if isinstance(source, str):
            found += [("free-name", f"{key} uses {name}, which it does not define") for name in free_names(source)]
    return [finding(rule, d.path, d.name, message) for rule, message in found]


def _unbound_axes(d: Definition) -> Iterator[str]:
    bound = {axis for spec in d.inputs.values() for axis in spec.shape or ()}
    for name, axis in d.axes.items():
        if axis.kind == "var" and name not in bound:
            user = next((output for output, spec in d.outputs.items() if name in (spec.shape or ())), None)
            yield f"axis {name} is in no input's shape{f', and output {user} needs it' if user else ''}"


def _as_many_keys(d: Definition) -> bool:
    """True if queries and keys have one length by their shapes, so that a causal mask leaves each query a key."""
    first, second = (next((d.inputs[name].shape for name in names if name in d.inputs), None) for names in (("q", "query"), ("k", "key")))
    return first is not None and second is not None and len(first) == len(second) == 4 and first[1] == second[1]


_LENGTH = re.compile(r"last_page_len|seq_?lens?|seqlen|kv_lens?|cache_lens?|lengths?$|sparse|topk|^positions$")
_TABLE = re.compile(r"(kv_indices|page_table|block_tables?|page_indices|paged_kv_indices)$")


def _page_length(d: Definition) -> Iterator[str]:
    """Caches [pages, page, …] that a table points into."""
    if not any(_TABLE.search(name) for name in d.inputs) or any(_LENGTH.search(name) for name in d.inputs):
        return
    for name, spec in d.inputs.items():
        shape = spec.shape or ()
        pages = [axis for axis in shape if re.search(r"page_size|block_size", axis)]
        if len(shape) >= 3 and pages:
            size = d.size(pages[0])
            if size != 1:
                text = "any number of" if size is None else str(size)
                yield f"{name} has pages of {text} tokens, but no input says how full the last page of a sequence is: unused slots would be read as keys"
                return


_QUERY_HEADS = re.compile(r"num_(qo_|q_|attention_)?heads(_qo|_q)?$")
_KEY_HEADS = re.compile(r"num_(kv|k|key_value)_heads$|num_heads_(kv|k)$")
_NAMED = (("ps", r"page_size$"), ("kv", r"num_kv_heads$"), ("ckv", r"head_dim_ckv$"), ("kpe", r"head_dim_kpe$"), ("topk", r"topk$"))


def _constants(d: Definition) -> Iterator[str]:
    sizes = {name: axis.value for name, axis in d.axes.items() if axis.kind == "const" and axis.value is not None}
    queries = [name for name in sizes if _QUERY_HEADS.search(name)]
    keys = [name for name in sizes if _KEY_HEADS.search(name)]
    gated = any(name == "num_v_heads" for name in sizes)
    for key in keys:
        for query in queries:
            if not gated and (sizes[key] == 0 or sizes[query] % sizes[key] != 0):
                yield f"{query} is {sizes[query]}, must be a multiple of {key}, {sizes[key]}"
    if gated and any(sizes[key] == 0 or sizes["num_v_heads"] % sizes[key] != 0 for key in keys):
        yield f"num_v_heads is {sizes['num_v_heads']}, must be a multiple of the {', '.join(str(sizes[key]) for key in keys)} key heads"
    for name, size in sizes.items():
        if size == 0:
            yield f"axis {name} is 0"
    for constraint in d.constraints:
        if holds(constraint, sizes) is False:
            yield f"the constraint {constraint} is false for the constant axes"
    for letter, axis in _NAMED:
        said = re.search(rf"_{letter}(\d+)(?=_|$)", d.name)
        named = [name for name in sizes if re.search(axis, name)]
        if said and len(named) == 1 and sizes[named[0]] != int(said.group(1)):
            yield f"the name says {said.group(0)[1:]}, but {named[0]} is {sizes[named[0]]}"


def holds(constraint: str, sizes: Dict[str, int]) -> Optional[bool]:
    """True if a constraint holds for constant sizes; None where it speaks of something else. Whole numbers, + - * // %, comparisons, and, or, not: nothing is run."""
    try:
        return bool(_value(ast.parse(constraint, mode="eval").body, sizes))
    except (SyntaxError, ValueError, RecursionError, MemoryError, ZeroDivisionError, OverflowError):
        return None


def _value(node: ast.expr, sizes: Dict[str, int]) -> int:
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return node.value
    if isinstance(node, ast.Name) and node.id in sizes:
        return sizes[node.id]
    if isinstance(node, ast.BinOp):
        left, right = _value(node.left, sizes), _value(node.right, sizes)
        for kind, compute in _BINARY:
            if isinstance(node.op, kind):
                return compute(left, right)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.USub)):
        value = _value(node.operand, sizes)
        return int(not value) if isinstance(node.op, ast.Not) else -value
    if isinstance(node, ast.BoolOp):
        values = [_value(item, sizes) for item in node.values]
        return int(all(values) if isinstance(node.op, ast.And) else any(values))
    if isinstance(node, ast.Compare):
        terms = [_value(item, sizes) for item in [node.left, *node.comparators]]
        for op, left, right in zip(node.ops, terms, terms[1:]):
            compare = next((c for kind, c in _COMPARISONS if isinstance(op, kind)), None)
            if compare is None:
                raise ValueError(constraint_error)
            if not compare(left, right):
                return 0
        return 1
    raise ValueError(constraint_error)


constraint_error = "is no arithmetic of constant axes"
_BINARY = (
    (ast.Add, lambda a, b: a + b),
    (ast.Sub, lambda a, b: a - b),
    (ast.Mult, lambda a, b: a * b),
    (ast.FloorDiv, lambda a, b: a // b),
    (ast.Mod, lambda a, b: a % b),
)
_COMPARISONS = (
    (ast.Eq, lambda a, b: a == b),
    (ast.NotEq, lambda a, b: a != b),
    (ast.Lt, lambda a, b: a < b),
    (ast.LtE, lambda a, b: a <= b),
    (ast.Gt, lambda a, b: a > b),
    (ast.GtE, lambda a, b: a >= b),
)
