"""Faults of a Definition that its text alone shows: nothing of it is run."""

from __future__ import annotations

import ast
import builtins
import re
import symtable
from typing import Dict, Iterator, List, Optional, Set, Tuple

from .documents import BENCH, Definition, entry_of, functions_of
from .findings import Finding, finding
from .schema import definition_problems


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
        found += [("call-order", problem) for problem in [*_call_order(d, entry), *_returned(d, entry)]]
        found += [("optional-output", problem) for problem in _optional_outputs(d, entry)]
        if not _as_many_keys(d):
            found += [("empty-row", problem) for problem in _empty_rows(entry)]
    for key in ("reference", "init", "check"):
        source = d.document.get(key)
        if isinstance(source, str):
            found += [("free-name", f"{key} uses {name}, which it does not define") for name in free_names(source)]
    return [finding(rule, d.path, d.name, message) for rule, message in found]


def _call_order(d: Definition, entry: ast.FunctionDef) -> Iterator[str]:
    """By position in the one dialect, by keyword in the other."""
    a = entry.args
    by_place = [p.arg for p in [*a.posonlyargs, *a.args]]
    required = by_place[: len(by_place) - len(a.defaults)]
    inputs = list(d.inputs)
    if d.dialect == BENCH:
        if len(inputs) > len(by_place) and a.vararg is None:
            yield f"{entry.name} takes {len(by_place)} arguments and there are {len(inputs)} inputs: {', '.join(inputs[len(by_place) :])} has no place"
        if len(inputs) < len(required):
            yield f"{entry.name} needs {len(required)} arguments and there are {len(inputs)} inputs: nothing is given for {', '.join(required[len(inputs) :])}"
        needed = [p.arg for p, default in zip(a.kwonlyargs, a.kw_defaults) if default is None]
        if needed:
            yield f"{entry.name} needs {', '.join(needed)} by keyword, and is called by position"
        for place, (name, parameter) in enumerate(zip(inputs, by_place)):
            if name != parameter and (parameter in inputs or name in by_place):
                yield f"input {place + 1} is {name}, and argument {place + 1} of {entry.name} is {parameter}"
                break
        return
    named = set(by_place) | {p.arg for p in a.kwonlyargs}
    unknown = [name for name in inputs if name not in named and name not in d.outputs]
    if unknown and a.kwarg is None:
        yield f"{entry.name} has no argument {', '.join(unknown)}: a call with every input is a TypeError"
    needed = [*required, *(p.arg for p, default in zip(a.kwonlyargs, a.kw_defaults) if default is None)]
    without = [name for name in needed if name not in inputs]
    if without:
        yield f"{entry.name} needs {', '.join(without)}, which is no input"


def _returns(entry: ast.FunctionDef) -> List[Optional[int]]:
    """Number of values of each return statement: None where the text does not tell."""
    found: List[Optional[int]] = []
    todo: List[ast.AST] = list(entry.body)
    while todo:
        node = todo.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            continue
        if isinstance(node, ast.Return) and node.value is not None:
            value = node.value
            if isinstance(value, (ast.Tuple, ast.List)):
                starred = any(isinstance(item, ast.Starred) for item in value.elts)
                found.append(None if starred else len(value.elts))
            elif isinstance(value, ast.Dict):
                found.append(len(value.keys))
            else:
                found.append(None)
        todo += ast.iter_child_nodes(node)
    return found


def _returned(d: Definition, entry: ast.FunctionDef) -> Iterator[str]:
    least = sum(not spec.optional for spec in d.outputs.values())
    for count in sorted({count for count in _returns(entry) if count is not None}):
        if not least <= count <= len(d.outputs):
            yield f"{entry.name} returns {count} values, and there are {len(d.outputs)} outputs: {', '.join(d.outputs)}"


def _optional_outputs(d: Definition, entry: ast.FunctionDef) -> Iterator[str]:
    optional = [name for name, spec in d.outputs.items() if spec.optional]
    if not optional or len(set(_returns(entry))) > 1:
        return
    deciding = [name for name in d.inputs if name.startswith("return_") or name.startswith("output_")]
    text = f"output {', '.join(optional)} is optional, and {entry.name} always returns the same"
    yield f"{text}: {', '.join(deciding)} decides nothing" if deciding else f"{text}: no input decides"


def _unbound_axes(d: Definition) -> Iterator[str]:
    bound = {axis for spec in d.inputs.values() for axis in spec.shape or ()}
    for name, axis in d.axes.items():
        if axis.kind == "var" and name not in bound:
            user = next((output for output, spec in d.outputs.items() if name in (spec.shape or ())), None)
            yield f"axis {name} is in no input's shape{f', and output {user} needs it' if user else ''}"


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
                yield f"{name} has pages of {text} tokens, and no input says how full the last page of a sequence is: its rest would be read as keys"
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
                yield f"{query} is {sizes[query]}, which is no multiple of {key}, {sizes[key]}"
    if gated and any(sizes[key] == 0 or sizes["num_v_heads"] % sizes[key] != 0 for key in keys):
        yield f"num_v_heads is {sizes['num_v_heads']}, which is no multiple of the {', '.join(str(sizes[key]) for key in keys)} key heads"
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
            yield f"the name says {said.group(0)[1:]}, and {named[0]} is {sizes[named[0]]}"


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


def free_names(source: str) -> List[str]:
    """Global names that Python source reads and neither defines nor imports, in the order of the alphabet; none where it does not parse or imports `*`."""
    try:
        tree = ast.parse(source)
        table = symtable.symtable(source, "<reference>", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    if any(isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names) for node in ast.walk(tree)):
        return []
    defined = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()}
    # `from __future__ import annotations`: what is only in an annotation is not looked up
    annotations = {name for node in ast.walk(tree) for name in _annotated(node)}
    used: Set[str] = set()
    todo = [table]
    while todo:
        scope = todo.pop()
        if re.match(r"type (parameter|alias)|annotation", str(scope.get_type())):
            continue
        todo += scope.get_children()
        for symbol in scope.get_symbols():
            if symbol.is_referenced() and (symbol.is_global() or (scope is table and not symbol.is_assigned())):
                used.add(symbol.get_name())
            if symbol.is_declared_global() and symbol.is_assigned():
                defined.add(symbol.get_name())
    known = defined | set(dir(builtins)) | {"__name__", "__file__", "__doc__", "__class__", "__annotations__"}
    read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    return sorted((used & read) - known - annotations)


def _annotated(node: ast.AST) -> Iterator[str]:
    """Names that stand in annotations."""
    parts: Tuple[Optional[ast.expr], ...] = ()
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        parts = (node.returns,)
    elif isinstance(node, (ast.arg, ast.AnnAssign)):
        parts = (node.annotation,)
    for part in parts:
        if part is not None:
            yield from (name.id for name in ast.walk(part) if isinstance(name, ast.Name))


def _empty_rows(entry: ast.FunctionDef) -> Iterator[str]:
    """A softmax of scores that were masked with −∞, or weights from differences of logarithms, with nothing that stands for a row without keys."""
    text = [name for node in ast.walk(entry) for name in _called(node)]
    if _guards(entry):
        return
    masks = [node for node in ast.walk(entry) if isinstance(node, ast.Call) and _is_masking(node)]
    if masks and any(name in ("softmax", "logsumexp") for name in text):
        yield f"{entry.name} takes the softmax of scores that are masked with -inf, and does nothing for a query that sees no key: it is NaN there"
        return
    largest = {
        target.id
        for node in ast.walk(entry)
        if isinstance(node, ast.Assign) and any(name in ("maximum", "max", "amax") for part in ast.walk(node.value) for name in _called(part))
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(entry):
        if isinstance(node, ast.Call) and next(_called(node), "") in ("exp", "exp2") and node.args:
            inner = node.args[0]
            if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Sub) and any(
                isinstance(part, ast.Name) and part.id in largest for part in ast.walk(inner.right)
            ):
                yield f"{entry.name} subtracts the largest logarithm, and does nothing where all are -inf: it is NaN there"
                return


def _as_many_keys(d: Definition) -> bool:
    """True if queries and keys have one length by their shapes, so that a causal mask leaves each query a key."""
    first, second = (next((d.inputs[name].shape for name in names if name in d.inputs), None) for names in (("q", "query"), ("k", "key")))
    return first is not None and second is not None and len(first) == len(second) == 4 and first[1] == second[1]


def _called(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute):
            yield node.func.attr
        elif isinstance(node.func, ast.Name):
            yield node.func.id


def _is_masking(node: ast.Call) -> bool:
    name = next(_called(node), "")
    return name in ("masked_fill", "masked_fill_", "where", "full_like", "full", "triu") and any(_is_minus_infinity(arg) for arg in [*node.args, *(k.value for k in node.keywords)]) and not (
        # a tensor of -inf is how an lse begins, and is no mask
        name == "full" and node.args and isinstance(node.args[0], (ast.Tuple, ast.List)) and any(k.arg == "dtype" for k in node.keywords)
    )


def _is_minus_infinity(node: ast.AST) -> bool:
    return any(isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value.strip().lower() in ("-inf", "-infinity") for part in ast.walk(node)) or (
        isinstance(node, ast.UnaryOp)
        and isinstance(node.op, ast.USub)
        and (
            any(isinstance(part, ast.Constant) and isinstance(part.value, str) and "inf" in part.value.lower() for part in ast.walk(node))
            or any(isinstance(part, ast.Attribute) and part.attr == "inf" for part in ast.walk(node))
        )
    )


def _guards(entry: ast.FunctionDef) -> bool:
    """True if something is done for rows without keys: NaN replaced, infinities asked for, or a loop left where the number of visible keys is not positive."""
    for node in ast.walk(entry):
        if any(name in ("nan_to_num", "nan_to_num_", "isinf", "isneginf", "isfinite", "isnan", "any", "all") for name in _called(node)):
            return True
        # `max(0, keys - queries)`: the first query sees a key whatever the lengths are
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "max" and any(isinstance(a, ast.Constant) for a in node.args):
            return True
        if isinstance(node, (ast.If, ast.IfExp)) and any(_asks_for_none(part) for part in ast.walk(node.test)):
            return True
    return False


def _asks_for_none(node: ast.AST) -> bool:
    """`visible <= 0`, `n == 0` or `n < 1` of something counted; the lengths of whole sequences (`start >= end`) do not count."""
    if not isinstance(node, ast.Compare) or len(node.ops) != 1 or not isinstance(node.comparators[0], ast.Constant):
        return False
    number = node.comparators[0].value
    if (type(node.ops[0]), number) not in ((ast.LtE, 0), (ast.Eq, 0), (ast.Lt, 1)):
        return False
    names = [part.id for part in ast.walk(node.left) if isinstance(part, ast.Name)]
    return any(re.search(r"max|visible|valid|end|limit|num_k|keys", name) for name in names)
