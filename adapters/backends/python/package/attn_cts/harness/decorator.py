"""@kernel: what a function claims."""

from __future__ import annotations

import functools
import re
from typing import Any, Callable, Dict, Mapping, Optional, Sequence, Union

from .base import KernelError, _Process, _nearest, _own_files
from .safetensors import FLOATS
from .frameworks import FRAMEWORKS, _detect_framework
from .claims import AXES, GRADIENTS, Kernel, LAYOUTS, Limit, MaskArguments, OPTIONS, OUTPUTS, PLAIN, SPEEDS
from .checker import _Checker, _Parameters

_own_files.add(__file__)


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
    speed: Optional[str] = None,
    **unknown: Any,
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
    pages: {"sizes": [16], "append": True}: it takes a cache in pages of these sizes, and appends to it; "only": True: every call is on pages, as
      it is where `block_table` has no default.
    b, hk, g, m, n, d, e: limits of a size: a value, a list of values, {"min", "max", "multipleOf"}, or "=d".
    limits: those of an operator's other axes, {"r": [4, 8]}.
    excludes: partial cases that are not claimed, [{"mask": {"name": "causal"}, "gradients": True}]; `where` is a condition on sizes and
        parameters of the mask, [{"mask": {"name": "causal"}, "where": ["<", "n", "m"]}].
    numeric: the numeric profile, {"accumulate": "f32"}, or one per dtype.
    dialect: conventions that are not at their default, {"causal": "top-left"}.
    deterministic: whether equal calls give equal bits, {"forward": True, "backward": False}.
    batch_invariant: a batch entry gives the same bits alone and among others.
    captured: True: a forward call may be captured as a CUDA graph, and replayed; or a function that captures one, as above.
    compiles_per: sizes that cost a compilation, of which few values are drawn.
    speed: "slow" (default), "medium" or "fast": how large the largest cases are. A medium kernel does 4e8 multiply-adds a second, a fast one 1e11.
    unknown: any other name is refused, with the nearest of these; a hint names claims as documents do, "layouts" for `layout`.

    Raises KernelError where this does not fit the function; while a file is loaded by the suite, the function is left, and the error is
    raised when it is asked for.
    """
    arguments = {key: value for key, value in locals().items() if key not in ("function", "unknown")}
    if function is None:
        return functools.partial(kernel, **arguments, **unknown)
    if not callable(function):
        raise KernelError(f"@kernel: found {type(function).__name__}, must be a function; everything but the function is given by keyword")
    return _with_claims(function, lambda: _claims(function, **_known_arguments(function, arguments, unknown)))


def _known_arguments(function: Callable, arguments: Mapping[str, Any], unknown: Mapping[str, Any]) -> Mapping[str, Any]:
    """The arguments, if there is no other: the names of capabilities, as hints have them, are written otherwise here."""
    for name in unknown:
        written = re.sub("[A-Z]", lambda capital: "_" + capital[0].lower(), name)
        _Checker(function).fail(name, f"there is no such argument{_nearest(written, list(arguments))}")
    return arguments


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
    speed: Optional[str],
    **sizes: Optional[Limit],
) -> Kernel:
    """What `kernel` was told, held to the function; names of an operator's own are checked when its document is known."""
    check = _Checker(function)
    if isinstance(operators, str) or not operators:
        check.fail("operators", f'found {operators!r}, must be a list of names, such as ["softmax"]')
    plain = list(operators) == [PLAIN]
    takes = _Parameters(function, dict(names or {}), check, plain, pages)
    framework = check.one_of("framework", framework or _detect_framework(function), tuple(FRAMEWORKS))
    layouts = check.all_of("layout", [layout] if isinstance(layout, str) else layout, LAYOUTS)
    if "thd" in layouts and not takes("problem") and not (takes("cu_q") and takes("cu_k")):
        check.fail("layout", '"thd" comes with the arguments cu_q and cu_k, which the function does not have')
    pages = check.pages(pages, takes)
    claimed = check.masks(masks, takes)
    every = gradients is True or (backward is not None and not gradients)
    wanted = check.names("gradients", ("q", "k", "v") if every else gradients or (), GRADIENTS if plain else None)
    check.gradients(framework, wanted, backward, block_backward, plain, takes.only_pages)
    if captured is True and framework != "torch":
        check.fail("captured", f"True needs PyTorch and CUDA graphs, but this is a kernel of {framework}: give a function that captures its calls")
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
            check.fail("options", f'"{option}" is claimed, but the function has no argument {takes.keyword(option)}')
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
        "speed": None if speed is None else check.one_of("speed", speed, SPEEDS),
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
