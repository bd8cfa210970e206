"""What a kernel claims: @kernel, and the operators that it is asked."""

from __future__ import annotations

import difflib
import functools
import inspect
import os
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple, Union

from .base import KernelError, Tensor, _own_files, _Process
from .safetensors import FLOATS
from .frameworks import FRAMEWORKS, _detect_framework

_own_files.add(__file__)

AXES = ("b", "hk", "g", "m", "n", "d", "e")
LAYOUTS = ("bhld", "blhd", "thd")
OUTPUTS = ("o", "lse")
GRADIENTS = ("q", "k", "v", "sink", "bias", "alibi", "dlse")
# what a keyword argument of this name claims without being told
OPTIONS = ("scale", "softcap", "sink", "alibi", "bias")
TABLES = ("document", "lengths", "blocks", "blockEdges", "cu_q", "cu_k", "block_table", "cache_lengths", "k_new", "v_new", "q_scale", "k_scale", "v_scale")
PAGES = ("k_pages", "v_pages")
Limit = Union[int, str, Sequence[int], Mapping[str, int]]
MaskArguments = Union[Mapping[str, Any], Callable[["Problem"], Mapping[str, Any]]]


@dataclass(frozen=True)
class Problem:
    """One call: its case (CONTRACTS: case) and the tensors that came with it, by name, in the kernel's framework."""

    case: Mapping[str, Any]
    tensors: Mapping[str, Tensor]

    @property
    def dims(self) -> Mapping[str, int]:
        """Sizes of b, hk, g, m, n, d, e."""
        return self.case["dims"]

    @property
    def options(self) -> Mapping[str, Any]:
        return self.case.get("options") or {}

    @property
    def mask(self) -> Optional[str]:
        """The name of the mask where it travels by its name; None where it came dense."""
        return None if "mask" in self.tensors else self.case["mask"].get("name")

    @property
    def parameters(self) -> Mapping[str, Any]:
        """Of the named mask: `left` and `right` of a window, `lengths` of documents ..."""
        return self.case["mask"].get("parameters") or {}


@dataclass(frozen=True)
class Kernel:
    """A function with its claims, checked."""

    function: Callable
    name: str
    title: str
    version: Optional[str]
    framework: str
    device: Optional[str]
    masks: Mapping[str, MaskArguments]
    names: Mapping[str, str]
    backward: Optional[Callable]
    gradients: Tuple[str, ...]
    outputs: Tuple[str, ...]
    capabilities: Mapping[str, Any] = field(repr=False)
    worlds: Optional[Tuple[int, ...]] = None
    """Of a scheme: on how many ranks it can be run."""
    every_gradient: bool = False
    """Those of every required input of its operators are claimed, whatever their names."""
    options: Optional[Tuple[str, ...]] = None
    """Those that were listed; None: every one that the function takes."""
    capture: Optional[Callable] = None
    """How calls are captured, where it is not by CUDA graphs."""

    def gradients_of(self, operator: "Operator") -> List[str]:
        """Inputs of an operator whose gradients are claimed, in the order in which a tuple has them."""
        if not operator.known:
            return [g for g in self.gradients if g != "dlse"]
        if self.every_gradient:
            return [name for name in operator.inputs if name in operator.differentiable]
        return [g for g in self.gradients if g in operator.differentiable]

    def outputs_of(self, operator: "Operator") -> List[str]:
        """Outputs of an operator that are claimed, in the order in which a tuple has them."""
        if operator.name == PLAIN:
            return [name for name in self.outputs if name in operator.outputs]
        if not operator.known:
            return list(self.outputs)
        return [name for name in operator.outputs if name in self.outputs]

    def leaves(self, problem: Problem, operator: "Operator") -> List[str]:
        """Names of the tensors whose gradients the call wants."""
        required = operator.inputs if operator.known else ("q", "k", "v")
        return [g for g in self.gradients_of(operator) if g in required or problem.options.get(g) is True]


PLAIN = "softmax"
"""The operator that every suite knows, and which no suite sends a document of."""
_PLAIN_DOCUMENT: Mapping[str, Any] = {
    "inputs": {"q": [], "k": [], "v": []},
    "optional": {"bias": [], "alibi": [], "sink": []},
    "options": {"scale": {}, "softcap": {}},
    "outputs": {"o": [], "lse": []},
}


@dataclass(frozen=True)
class Operator:
    """What an operator's document says of the names of its tensors and options."""

    name: str
    inputs: Tuple[str, ...]
    optional: Tuple[str, ...]
    options: Tuple[str, ...]
    outputs: Tuple[str, ...]
    differentiable: Tuple[str, ...]
    known: bool
    """False where the suite sent no document of it: an older suite sends none."""

    @classmethod
    def of(cls, name: str, documents: Mapping[str, Mapping[str, Any]]) -> "Operator":
        document = _PLAIN_DOCUMENT if name == PLAIN else documents.get(name)
        known = document is not None
        document = _PLAIN_DOCUMENT if document is None else document
        inputs, optional = document["inputs"], document.get("optional") or {}
        # an input is its axes, or an object that has more to say
        described = {key: value if isinstance(value, Mapping) else {} for key, value in {**inputs, **optional}.items()}
        differentiable = [key for key, value in described.items() if value.get("kind", "number") == "number" and value.get("gradient", True)]
        options = document.get("options") or {}
        return cls(name, tuple(inputs), tuple(optional), tuple(options), tuple(document["outputs"]), tuple(differentiable), known)

    @property
    def cotangents(self) -> Tuple[str, ...]:
        return tuple(f"d{output}" for output in self.outputs)

    @property
    def arguments(self) -> Tuple[str, ...]:
        """Names that a function may have for what belongs to it."""
        return (*self.inputs, *self.optional, *self.options)


def kernel(
    function: Optional[Callable] = None,
    *,
    id: Optional[str] = None,
    title: Optional[str] = None,
    version: Optional[str] = None,
    framework: Optional[str] = None,
    device: Optional[str] = None,
    operators: Sequence[str] = ("softmax",),
    dtypes: Sequence[str] = ("f32",),
    layout: Union[str, Sequence[str]] = "bhld",
    masks: Union[None, Sequence[str], Mapping[str, MaskArguments]] = None,
    dense_mask: Union[None, bool, str] = None,
    dense_mask_shapes: Optional[Sequence[str]] = None,
    options: Optional[Sequence[str]] = None,
    names: Optional[Mapping[str, str]] = None,
    outputs: Sequence[str] = ("o",),
    gradients: Union[bool, Sequence[str]] = False,
    backward: Optional[Callable] = None,
    block_backward: bool = False,
    mixed_storage: bool = True,
    stored: Optional[Mapping[str, str]] = None,
    fixed: Optional[Mapping[str, Any]] = None,
    strided: bool = False,
    grouped: bool = True,
    pages: Optional[Mapping[str, Any]] = None,
    b: Optional[Limit] = None,
    hk: Optional[Limit] = None,
    g: Optional[Limit] = None,
    m: Optional[Limit] = None,
    n: Optional[Limit] = None,
    d: Optional[Limit] = None,
    e: Optional[Limit] = None,
    limits: Optional[Mapping[str, Limit]] = None,
    excludes: Sequence[Mapping[str, Any]] = (),
    numeric: Optional[Mapping[str, Any]] = None,
    dialect: Optional[Mapping[str, str]] = None,
    deterministic: Optional[Mapping[str, bool]] = None,
    batch_invariant: bool = False,
    captured: Union[bool, Callable] = False,
    compiles_per: Sequence[str] = (),
) -> Callable:
    """Says what a function claims; the function itself is left as it is. What is left out is read from its signature.

    id: how reports and files call it; by default the function's name.
    title: how reports show it; by default the id.
    version: of the kernel, for reports.
    framework: "numpy", "torch" or "jax"; by default what the function is annotated with, or its file imports.
    device: on which its tensors are, such as "cuda:0".
    operators: names of the operators that it computes.
    dtypes: types of its cases: "f64", "f32", "f16", "bf16", "f8e4m3", "f8e5m2".
    layout: "bhld", "blhd" or "thd", or a list of them.
    masks: a name to the keyword arguments that mean it, or to a function of the `Problem` that gives them; or, where the function takes
      `problem`, a list of names. "full" is the call without them, unless one of them takes none.
    dense_mask: False, "boolean" (argument `mask`), "additive" (argument `bias`) or "both".
    dense_mask_shapes: shapes of dense masks: four words, each an axis of b h m n or 1, such as "b 1 m n".
    options: those claimed, where it is not every one that the function takes.
    names: the suite's name to the function's, {"mask": "attn_mask"}.
    outputs: ["o"] or ["o", "lse"]; of another operator, those that are returned.
    gradients: True for those of q, k and v, or of every required input of another operator; or a list of inputs, and "dlse". They come from
      autograd, or from `backward`.
    backward: backward(q, k, v, do, ...), which may also take o, lse, dlse and what the function takes, and returns the gradients in that order
      (True: in the document's), or a dict of "dq", "dk" ...
    block_backward: given a global o and lse, `backward` uses those.
    mixed_storage: False: inputs that the operator's document stores in float32 come in the dtype of q, and are judged so.
    stored: inputs that do not come in the dtype of q, {"k": "f8e4m3", "v": "f8e4m3"}.
    fixed: options and inputs that it has values of its own for, and needs no argument for: {"softcap": 30, "alibi": True}; True is the
      document's standard value, and an expression gives others.
    strided: it takes tensors of any strides.
    grouped: it takes more query heads than key heads.
    pages: {"sizes": [16], "append": True}: it takes a cache in pages of these sizes, and appends to it.
    b, hk, g, m, n, d, e: limits of a size: a value, a list of values, {"min", "max", "multipleOf"}, or "=d".
    limits: those of an operator's other axes, {"r": [4, 8]}.
    excludes: partial cases that are not claimed, [{"mask": {"name": "causal"}, "gradients": True}].
    numeric: the numeric profile, {"accumulate": "f32"}, or one per dtype.
    dialect: conventions that are not at their default, {"causal": "top-left"}.
    deterministic: whether equal calls give equal bits, {"forward": True, "backward": False}.
    batch_invariant: a batch entry gives the same bits alone and among others.
    captured: True: a forward call may be captured as a CUDA graph, and replayed; or a function that captures one, as above.
    compiles_per: sizes that cost a compilation, of which few values are drawn.

    Raises KernelError where this does not fit the function; while a file is loaded by the suite, the function is left, and the error is
    raised when it is asked for.
    """
    arguments = {key: value for key, value in locals().items() if key != "function"}
    if function is None:
        return functools.partial(kernel, **arguments)
    if not callable(function):
        raise KernelError(f"@kernel: found {type(function).__name__}, must be a function; everything but the function is given by keyword")
    return _with_claims(function, lambda: _claims(function, **arguments))


def _with_claims(function: Callable, make: Callable[[], "Kernel"]) -> Callable:
    """The function with its claims, or, in a file that is being loaded, with what is wrong with them."""
    try:
        function.attn_cts = make()
    except KernelError as error:
        if not _Process.loading:
            raise
        function.attn_cts = error
    return function


def _claims(
    function: Callable,
    *,
    id: Optional[str],
    title: Optional[str],
    version: Optional[str],
    framework: Optional[str],
    device: Optional[str],
    operators: Sequence[str],
    dtypes: Sequence[str],
    layout: Union[str, Sequence[str]],
    masks: Union[None, Sequence[str], Mapping[str, MaskArguments]],
    dense_mask: Union[None, bool, str],
    dense_mask_shapes: Optional[Sequence[str]],
    options: Optional[Sequence[str]],
    names: Optional[Mapping[str, str]],
    outputs: Sequence[str],
    gradients: Union[bool, Sequence[str]],
    backward: Optional[Callable],
    block_backward: bool,
    mixed_storage: bool,
    stored: Optional[Mapping[str, str]],
    fixed: Optional[Mapping[str, Any]],
    strided: bool,
    grouped: bool,
    pages: Optional[Mapping[str, Any]],
    limits: Optional[Mapping[str, Limit]],
    excludes: Sequence[Mapping[str, Any]],
    numeric: Optional[Mapping[str, Any]],
    dialect: Optional[Mapping[str, str]],
    deterministic: Optional[Mapping[str, bool]],
    batch_invariant: bool,
    captured: Union[bool, Callable],
    compiles_per: Sequence[str],
    **sizes: Optional[Limit],
) -> Kernel:
    """What `kernel` was told, held to the function; names of an operator's own are checked when its document is known."""
    check = _Checker(function)
    if isinstance(operators, str) or not operators:
        check.fail("operators", f'found {operators!r}, must be a list of names, such as ["softmax"]')
    plain = list(operators) == [PLAIN]
    takes = _Parameters(function, dict(names or {}), check, plain)
    framework = check.one_of("framework", framework or _detect_framework(function), tuple(FRAMEWORKS))
    layouts = check.all_of("layout", [layout] if isinstance(layout, str) else layout, LAYOUTS)
    if "thd" in layouts and not takes("problem") and not (takes("cu_q") and takes("cu_k")):
        check.fail("layout", '"thd" comes with the arguments cu_q and cu_k, which the function does not have')
    check.pages(pages, takes)
    claimed = check.masks(masks, takes)
    every = gradients is True or (backward is not None and not gradients)
    wanted = check.names("gradients", ("q", "k", "v") if every else gradients or (), GRADIENTS if plain else None)
    check.gradients(framework, wanted, backward, block_backward, plain)
    if captured is True and framework != "torch":
        check.fail("captured", f"True is for PyTorch, by CUDA graphs, and this is a kernel of {framework}: give a function that captures its calls")
    if captured and framework == "jax":
        check.fail("captured", "JAX's arrays cannot be written into: leave it out")
    if captured is not True and captured is not False and not callable(captured):
        check.fail("captured", f"found {captured!r}, must be True, False or a function that captures a call")
    if strided and framework == "jax":
        check.fail("strided", "JAX has no strided arrays: leave it out")
    dense = check.dense_mask(dense_mask, takes)
    settled = tuple(options) if options is not None else tuple(o for o in OPTIONS if takes(o))
    for option in settled:
        if not takes(option) and option not in (fixed or {}):
            check.fail("options", f'"{option}" is claimed, and the function has no argument {takes.keyword(option)}')
    common = {axis: sizes[axis] for axis in AXES if sizes[axis] is not None}
    limited = {axis: check.limit(axis, value) for axis, value in {**common, **(limits or {})}.items()}
    capabilities: Dict[str, Any] = {
        "dtypes": check.all_of("dtypes", dtypes, FLOATS),
        "operators": list(operators),
        "masks": list(claimed),
        "denseMask": dense,
        "options": list(settled),
        "outputs": check.names("outputs", outputs, OUTPUTS if plain else None),
        "gradients": wanted if plain or not every else True,
        "layouts": layouts,
        "strided": strided,
        "grouped": grouped,
        "blockBackward": block_backward,
        "limits": limited,
        "excludes": list(excludes),
        "commands": ["forward", *(["backward"] if wanted else []), "time"],
        "batchInvariant": batch_invariant,
        "compilesPer": list(compiles_per),
        "source": check.where,
    }
    if not mixed_storage:
        capabilities["mixedStorage"] = False
    if captured:
        capabilities["captured"] = True
    optional = {
        "pages": pages,
        "denseMaskShapes": dense_mask_shapes,
        "stored": stored,
        "fixed": fixed,
        "numeric": numeric,
        "dialect": dialect,
        "deterministic": deterministic,
    }
    capabilities.update({key: value for key, value in optional.items() if value is not None})
    name = id or getattr(function, "__name__", type(function).__name__).strip("_<>") or "kernel"
    return Kernel(
        function,
        name,
        title or name,
        version,
        framework,
        device,
        claimed,
        dict(names or {}),
        backward,
        tuple(wanted),
        tuple(outputs),
        capabilities,
        every_gradient=every,
        options=None if options is None else tuple(options),
        capture=captured if callable(captured) else None,
    )


class _Parameters:
    """The arguments of a function, by the suite's names. `plain`: of softmax alone, where the first three are q, k and v."""

    def __init__(self, function: Callable, names: Mapping[str, str], check: "_Checker", plain: bool = True):
        self.names = names
        parameters = list(inspect.signature(function).parameters.values())
        by_place = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
        self.any_place = any(p.kind == p.VAR_POSITIONAL for p in parameters)
        if plain and len(by_place) < 3 and not self.any_place:
            check.fail("function", f"takes ({', '.join(p.name for p in parameters)}): its first three arguments must be q, k and v")
        self.any = any(p.kind == p.VAR_KEYWORD for p in parameters)
        self.leading = [p.name for p in by_place[:3]]
        rest = [*by_place[3:], *(p for p in parameters if p.kind == p.KEYWORD_ONLY)]
        self.all = {p.name: p for p in (rest if plain else [*by_place[:3], *rest])}
        if plain:
            self.require_known(rest, self.usual(), check)

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

    def pages(self, pages: Any, takes: _Parameters) -> None:
        if pages is None:
            return
        if not isinstance(pages, Mapping) or not pages.get("sizes"):
            self.fail("pages", f'found {pages!r}, must be {{"sizes": [16], "append": True}}')
        needed = ("block_table", "cache_lengths", *(("k_new", "v_new") if pages.get("append") else ()))
        missing = [name for name in needed if not takes(name)]
        if missing and not takes("problem"):
            self.fail("pages", f"a call on pages comes with {', '.join(needed)}; the function has no argument {', '.join(missing)}")

    def masks(self, masks: Any, takes: _Parameters) -> Dict[str, MaskArguments]:
        if masks is None:
            flag = next((name for name in ("causal", "is_causal") if name in takes.all), None)
            masks = {"causal": {flag: True}} if flag else {}
        if not isinstance(masks, Mapping):
            if isinstance(masks, str) or not isinstance(masks, Sequence):
                self.fail("masks", f'found {masks!r}, must be like {{"causal": {{"causal": True}}}}')
            if masks and not takes("problem"):
                self.fail("masks", "a list of names is for a function that takes `problem`; else give each the arguments that mean it")
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
                self.fail("dense_mask", f'"{dense}" comes as the argument {takes.keyword(argument)}, which the function does not have')
        return dense

    def gradients(self, framework: str, wanted: Sequence[str], backward: Optional[Callable], block_backward: bool, plain: bool) -> None:
        if wanted and backward is None and framework == "numpy":
            self.fail("gradients", "NumPy does not differentiate: give backward=, a function of q, k, v and do")
        if block_backward and backward is None:
            self.fail("block_backward", "autograd cannot use a given o and lse: give backward=, a function that takes them")
        if backward is not None:
            missing = [name for name in (*(("do",) if plain else ()), *(("o", "lse") if block_backward else ())) if name not in inspect.signature(backward).parameters]
            if missing:
                self.fail("backward", f"must have the arguments {', '.join(missing)}")
