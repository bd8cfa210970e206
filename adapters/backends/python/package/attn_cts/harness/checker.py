"""A function held to what is claimed of it."""

from __future__ import annotations

import difflib
import inspect
import os
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Union

from .base import KernelError, _nearest, _own_files
from .claims import Limit, MaskArguments, OPTIONS, Operator, PAGED_NAMES, PLAIN, TABLES

_own_files.add(__file__)


class _Parameters:
    """The arguments of a function, by the suite's names. `plain`: of softmax alone, where the first three are q, k and v. `pages`: the claim of that name."""

    def __init__(self, function: Callable, names: Mapping[str, str], check: "_Checker", plain: bool = True, pages: Any = None):
        parameters = list(inspect.signature(function).parameters.values())
        self.names = {**_paged_names(parameters), **names} if isinstance(pages, Mapping) else names
        self.only_pages = isinstance(pages, Mapping) and pages.get("only", _requires(parameters, self.keyword("block_table"))) is True
        self.by_name = plain and self.only_pages and self.name_pages(parameters)
        by_place = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
        self.any_place = any(p.kind == p.VAR_POSITIONAL for p in parameters)
        if plain and not self.by_name and len(by_place) < 3 and not self.any_place:
            check.fail("function", f"takes ({', '.join(p.name for p in parameters)}): its first three arguments must be q, k and v")
        self.any = any(p.kind == p.VAR_KEYWORD for p in parameters)
        self.leading = [p.name for p in by_place[:3]]
        rest = [*by_place[3:], *(p for p in parameters if p.kind == p.KEYWORD_ONLY)]
        self.all = {p.name: p for p in (rest if plain and not self.by_name else [*by_place[:3], *rest])}
        if plain:
            self.require_known(list(self.all.values()), [*self.usual(), *(self.keyword(name) for name in "qkv" if self.by_name)], check)
        if plain and pages is None and _requires(parameters, "block_table"):
            check.fail("pages", 'the function requires block_table, which only calls on pages have: claim pages, as in pages={"sizes": [16]}')

    def name_pages(self, parameters: Sequence[inspect.Parameter]) -> bool:
        """Whether q and the pages have arguments of their names, in whatever order: then they come by these."""
        usable = [p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
        named = {"q": self.keyword("q"), "k": self.keyword("k_pages"), "v": self.keyword("v_pages")}
        if not all(name in usable for name in named.values()):
            return False
        self.names = {**self.names, **named}
        return True

    def usual(self) -> List[str]:
        """Names that arguments may have whatever the operator, as the function has them."""
        return [self.keyword(name) for name in (*OPTIONS, *TABLES, "mask", "problem")]

    def require_known(self, parameters: Sequence[inspect.Parameter], known: Sequence[str], check: "_Checker") -> None:
        for p in parameters:
            if p.default is p.empty and p.name not in known:
                near = difflib.get_close_matches(p.name, known, 1)
                hint = f"; did you mean {near[0]}?" if near else ""
                check.fail("function", f"argument {p.name} has no default and is none of {', '.join(sorted(set(known)))}: give it one, or names={hint}")

    def places(self, operator: Operator) -> List[str]:
        """Inputs that a call gives by their places: q, k and v, where the arguments have other names, or the operator is softmax; else none."""
        if self.by_name:
            return []
        named = [name for name in ("q", "k", "v") if name in operator.inputs]
        if operator.name != PLAIN and operator.known and (len(named) < 3 or all(self.keyword(name) in self.all for name in named)):
            return []
        return ["q", "k", "v"]

    def missing(self, operator: Operator) -> List[str]:
        """Required inputs that the function has no argument for."""
        places = self.places(operator)
        if places and len(self.leading) < 3 and not self.any_place:
            places = []
        free = [name for name in self.all if not places or name not in self.leading]
        return [name for name in operator.inputs if name not in places and self.keyword(name) not in free and not self.any]

    def keyword(self, name: str) -> str:
        return self.names.get(name, name)

    def __call__(self, name: str) -> bool:
        """Whether the function takes an argument of the suite's name; `**kwargs` takes what is claimed in so many words."""
        return self.keyword(name) in self.all or (self.any and name in self.names)

    def accepts(self, keyword: str) -> bool:
        return keyword in self.all or self.any


def _requires(parameters: Sequence[inspect.Parameter], name: str) -> bool:
    """Whether there is an argument of a name that has no default."""
    return any(p.name == name and p.default is p.empty for p in parameters)


def _paged_names(parameters: Sequence[inspect.Parameter]) -> Dict[str, str]:
    """The suite's names of what a call on pages brings, to those that arguments have in their stead."""
    given = [p.name for p in parameters]
    found = {name: next((other for other in others if other in given), None) for name, others in PAGED_NAMES.items() if name not in given}
    return {name: other for name, other in found.items() if other is not None}


class _Checker:
    """Errors that name the function, the argument, what was found and what is allowed."""

    def __init__(self, function: Callable):
        code = getattr(inspect.unwrap(function), "__code__", None)
        self.where = f"{os.path.relpath(code.co_filename)}:{code.co_firstlineno}" if code else getattr(function, "__name__", "kernel")

    def fail(self, argument: str, problem: str) -> None:
        raise KernelError(f"{self.where}: @kernel: {argument}: {problem}")

    def one_of(self, argument: str, value: Any, allowed: Sequence[str]) -> str:
        if value not in allowed:
            near = difflib.get_close_matches(str(value), allowed, 1)
            self.fail(argument, f"found {value!r}, allowed: {', '.join(allowed)}" + (f"; did you mean {near[0]}?" if near else ""))
        return value

    def names(self, argument: str, values: Any, allowed: Optional[Sequence[str]]) -> List[str]:
        """A list of names; where what is allowed is not known yet, of any."""
        if allowed is not None:
            return self.all_of(argument, values, allowed)
        if isinstance(values, str) or not isinstance(values, Sequence) or not all(isinstance(value, str) for value in values):
            self.fail(argument, f"found {values!r}, must be a list of names")
        return list(values)

    def all_of(self, argument: str, values: Any, allowed: Sequence[str]) -> List[str]:
        if isinstance(values, str) or not isinstance(values, Sequence):
            self.fail(argument, f"found {values!r}, must be a list of {', '.join(allowed)}")
        return [self.one_of(argument, value, allowed) for value in values]

    def limit(self, axis: str, value: Limit) -> Any:
        if isinstance(value, bool) or not isinstance(value, (int, str, list, tuple, range, Mapping)):
            self.fail(axis, f'found {value!r}, must be a value, a list of values, {{"min", "max", "multipleOf"}}, or "=x" for an axis x')
        if isinstance(value, int):
            return [value]
        return value if isinstance(value, (str, Mapping)) else list(value)

    def pages(self, pages: Any, takes: _Parameters) -> Optional[Dict[str, Any]]:
        """The claim with whether every call is on pages: a function that requires a table takes no other."""
        if pages is None:
            return None
        if not isinstance(pages, Mapping) or not pages.get("sizes"):
            self.fail("pages", f'found {pages!r}, must be {{"sizes": [16], "append": True}}')
        unknown = next((key for key in pages if key not in ("sizes", "append", "only")), None)
        if unknown is not None:
            self.fail("pages", f"found {unknown!r}, allowed: sizes, append, only{_nearest(str(unknown), ('sizes', 'append', 'only'))}")
        for key in ("append", "only"):
            if not isinstance(pages.get(key, False), bool):
                self.fail("pages", f"{key}: found {pages[key]!r}, must be True or False")
        needed = ("block_table", "cache_lengths", *(("k_new", "v_new") if pages.get("append") else ()))
        missing = [name for name in needed if not takes(name)]
        if missing and not takes("problem"):
            self.fail("pages", f"a call on pages comes with {', '.join(needed)}; the function has no argument {', '.join(missing)}")
        return {**pages, "only": True} if takes.only_pages else dict(pages)

    def masks(self, masks: Any, takes: _Parameters) -> Dict[str, MaskArguments]:
        if masks is None:
            flag = next((name for name in ("causal", "is_causal") if name in takes.all), None)
            masks = {"causal": {flag: True}} if flag else {}
        if not isinstance(masks, Mapping):
            if isinstance(masks, str) or not isinstance(masks, Sequence):
                self.fail("masks", f'found {masks!r}, must be like {{"causal": {{"causal": True}}}}')
            if masks and not takes("problem"):
                self.fail("masks", "a list of names needs a function that takes `problem`; otherwise give each mask the arguments that select it")
            return {name: {} for name in masks}
        for name, arguments in masks.items():
            if callable(arguments):
                continue
            if not isinstance(arguments, Mapping):
                self.fail("masks", f"{name}: found {arguments!r}, must be keyword arguments of the function, or a function that gives them")
            for keyword in arguments:
                if not takes.accepts(keyword):
                    self.fail("masks", f"{name}: the function has no argument {keyword}; it has {', '.join(takes.all) or 'none'}")
        full = {} if "full" in masks or any(arguments == {} for arguments in masks.values()) else {"full": {}}
        return {**full, **masks}

    def dense_mask(self, dense: Any, takes: _Parameters) -> Union[bool, str]:
        if dense is None:
            return "boolean" if takes("mask") else False
        if dense is False:
            return False
        self.one_of("dense_mask", dense, ("boolean", "additive", "both"))
        for form, argument in (("boolean", "mask"), ("additive", "bias")):
            if dense in (form, "both") and not takes(argument):
                self.fail("dense_mask", f'"{dense}" comes as the argument {takes.keyword(argument)}, which the function does not have: add it, or name the argument, as in names={{"{argument}": "attn_mask"}}')
        return dense

    def gradients(self, framework: str, wanted: Sequence[str], backward: Optional[Callable], block_backward: bool, plain: bool, only_pages: bool = False) -> None:
        if wanted and only_pages:
            self.fail("gradients", "a call on pages has no backward pass, and every call is on pages: leave them out")
        if wanted and backward is None and framework == "numpy":
            self.fail("gradients", "NumPy does not differentiate: give backward=, a function of q, k, v and do")
        if block_backward and backward is None:
            self.fail("block_backward", "autograd cannot use a given o and lse: give backward=, a function that takes them")
        if backward is not None:
            missing = [name for name in (*(("do",) if plain else ()), *(("o", "lse") if block_backward else ())) if name not in inspect.signature(backward).parameters]
            if missing:
                self.fail("backward", f"must have the arguments {', '.join(missing)}")
