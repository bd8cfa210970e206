"""Faults of a reference that its source shows: how it is called, what it returns, names that it lacks, rows without keys. Nothing of it is run."""

from __future__ import annotations

import ast
import builtins
import re
import symtable
from typing import Iterator, List, Optional, Set, Tuple

from .documents import BENCH, Definition


def call_order(d: Definition, entry: ast.FunctionDef) -> Iterator[str]:
    """Inputs and arguments that do not fit: by position in the one dialect, by keyword in the other."""
    a = entry.args
    by_place = [p.arg for p in [*a.posonlyargs, *a.args]]
    required = by_place[: len(by_place) - len(a.defaults)]
    inputs = list(d.inputs)
    if d.dialect == BENCH:
        if len(inputs) > len(by_place) and a.vararg is None:
            yield f"{entry.name} takes {len(by_place)} arguments, but there are {len(inputs)} inputs: no argument takes {', '.join(inputs[len(by_place) :])}"
        if len(inputs) < len(required):
            yield f"{entry.name} needs {len(required)} arguments, but there are {len(inputs)} inputs: no input is passed to {', '.join(required[len(inputs) :])}"
        needed = [p.arg for p, default in zip(a.kwonlyargs, a.kw_defaults) if default is None]
        if needed:
            yield f"{entry.name} needs {', '.join(needed)} by keyword, but is called by position"
        for place, (name, parameter) in enumerate(zip(inputs, by_place)):
            if name != parameter and (parameter in inputs or name in by_place):
                yield f"input {place + 1} is {name}, but argument {place + 1} of {entry.name} is {parameter}"
                break
        return
    named = set(by_place) | {p.arg for p in a.kwonlyargs}
    unknown = [name for name in inputs if name not in named and name not in d.outputs]
    if unknown and a.kwarg is None:
        yield f"{entry.name} has no argument {', '.join(unknown)}: a call with every input is a TypeError"
    needed = [*required, *(p.arg for p, default in zip(a.kwonlyargs, a.kw_defaults) if default is None)]
    without = [name for name in needed if name not in inputs]
    if without:
        yield f"{entry.name} needs {', '.join(without)}, which is not an input"


def hidden_options(d: Definition, entry: ast.FunctionDef) -> Iterator[str]:
    """Options that a reference takes from its further keywords, and that are no inputs: what it does with them, no call of the Definition shows."""
    kwargs = entry.args.kwarg.arg if entry.args.kwarg else None
    read: Set[str] = set()
    for node in ast.walk(entry):
        key: Optional[ast.expr] = None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("get", "pop") and node.args:
            key = node.args[0] if _is_name(node.func.value, kwargs) else None
        elif isinstance(node, ast.Subscript) and _is_name(node.value, kwargs):
            key = node.slice
        if isinstance(key, ast.Constant) and isinstance(key.value, str) and key.value not in d.inputs:
            read.add(key.value)
    if read:
        yield f"{entry.name} takes {', '.join(sorted(read))} from **{kwargs}, which is not an input of the Definition: its effect is never judged"


def _is_name(node: ast.expr, name: Optional[str]) -> bool:
    return isinstance(node, ast.Name) and node.id == name


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


def returned(d: Definition, entry: ast.FunctionDef) -> Iterator[str]:
    """Return statements with another number of values than there are outputs."""
    least = sum(not spec.optional for spec in d.outputs.values())
    for count in sorted({count for count in _returns(entry) if count is not None}):
        if not least <= count <= len(d.outputs):
            yield f"{entry.name} returns {count} values, but there are {len(d.outputs)} outputs: {', '.join(d.outputs)}"


def optional_outputs(d: Definition, entry: ast.FunctionDef) -> Iterator[str]:
    """Outputs that are optional, and that nothing decides."""
    optional = [name for name, spec in d.outputs.items() if spec.optional]
    if not optional or len(set(_returns(entry))) > 1:
        return
    deciding = [name for name in d.inputs if name.startswith("return_") or name.startswith("output_")]
    text = f"output {', '.join(optional)} is optional, but {entry.name} always returns the same outputs"
    yield f"{text}: {', '.join(deciding)} decides nothing" if deciding else f"{text}: no input decides"


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


def empty_rows(entry: ast.FunctionDef) -> Iterator[str]:
    """A softmax of scores that were masked with −∞, or weights from differences of logarithms, with nothing that stands for a row without keys."""
    text = [name for node in ast.walk(entry) for name in _called(node)]
    if _guards(entry):
        return
    masks = [node for node in ast.walk(entry) if isinstance(node, ast.Call) and _is_masking(node)]
    if masks and any(name in ("softmax", "logsumexp") for name in text):
        yield f"{entry.name} takes the softmax of scores that are masked with -inf without handling a query that sees no key: its output is NaN"
        return
    largest = {
        target.id
        for node in ast.walk(entry)
        if isinstance(node, ast.Assign) and any(name in ("maximum", "max", "amax") for part in ast.walk(node.value) for name in _called(part))
        for named in node.targets
        # `top, _ = scores.max(dim=1)`
        for target in (named.elts if isinstance(named, ast.Tuple) else [named])
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(entry):
        if isinstance(node, ast.Call) and next(_called(node), "") in ("exp", "exp2") and node.args:
            inner = node.args[0]
            if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Sub) and any(
                isinstance(part, ast.Name) and part.id in largest for part in ast.walk(inner.right)
            ):
                yield f"{entry.name} subtracts the largest logarithm without handling the case that all are -inf: the output is NaN"
                return


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
