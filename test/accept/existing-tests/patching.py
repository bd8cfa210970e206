"""Assertions of a public test file, replaced by judgements.

    python patching.py PROJECT.json TESTS.py > PATCHED.py

A patch names a test and an assertion in it by regular expressions, and has the arguments of the judgement as they stand in a call. Each statement that matches becomes

    judged(lambda: THE ASSERTION, {"atol": ..., "rtol": ...}, ARGUMENTS)

with the tolerances of the assertion itself. Everything else of the file stays as it is.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from typing import Any, Dict, Iterator, List, Optional


def patched(source: str, patches: List[Dict[str, str]], defaults: Dict[str, float]) -> str:
    """The source of a test file with its assertions replaced. Raises ValueError for a patch that matches nothing."""
    tree = ast.parse(source)
    used = [0] * len(patches)
    for test in _tests(tree):
        _Patching([(at, patch) for at, patch in enumerate(patches) if re.fullmatch(patch["test"], test.name)], defaults, used).visit(test)
    for patch, count in zip(patches, used):
        if count == 0:
            raise ValueError(f"no assertion of {patch['test']} matches {patch['assertion']}")
    at = next((at for at, node in enumerate(tree.body) if not _opening(node)), 0)
    tree.body[at:at] = ast.parse("import glue\nfrom judged import judged").body
    return ast.unparse(ast.fix_missing_locations(tree))


def _tests(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test"))


def _opening(node: ast.stmt) -> bool:
    """True for statements that must come first in a file: its docstring, and imports from the future."""
    return isinstance(node, ast.Expr) or (isinstance(node, ast.ImportFrom) and node.module == "__future__")


class _Patching(ast.NodeTransformer):
    def __init__(self, patches: List[Any], defaults: Dict[str, float], used: List[int]):
        self.patches = patches
        self.defaults = defaults
        self.used = used

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        text = ast.unparse(node)
        for at, patch in self.patches:
            if isinstance(node.value, ast.Call) and re.search(patch["assertion"], text):
                self.used[at] += 1
                tolerance = patch.get("tolerance") or _tolerance(node.value, self.defaults)
                return ast.parse(f"judged(lambda: {text}, {tolerance}, {patch['judged']})").body[0]
        return node


def _tolerance(assertion: ast.Call, defaults: Dict[str, float]) -> str:
    """The tolerances of an assertion, as an expression."""
    found: Dict[Optional[str], str] = {}
    for call in ast.walk(assertion):
        if isinstance(call, ast.Call):
            found.update((one.arg, ast.unparse(one.value)) for one in call.keywords if one.arg in ("atol", "rtol", None))
    name = assertion.func.attr if isinstance(assertion.func, ast.Attribute) else ""
    if not found and name == "assertLessEqual":
        return f"{{'atol': {ast.unparse(assertion.args[1])}, 'rtol': 0.0}}"
    rest = "".join(f", **{text}" if key is None else f", {key!r}: {text}" for key, text in found.items())
    return f"{{**{defaults!r}{rest}}}"


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        project = json.load(file)
    with open(sys.argv[2], encoding="utf-8") as file:
        print(patched(file.read(), project["patches"], project["defaults"]))
