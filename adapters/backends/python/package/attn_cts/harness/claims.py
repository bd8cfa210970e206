"""Claims of a kernel, the operators that it is asked, and the calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, List, Mapping, Optional, Sequence, Tuple, Union

from .base import Tensor, _own_files

_own_files.add(__file__)

AXES = ("b", "hk", "g", "m", "n", "d", "e")
LAYOUTS = ("bhld", "blhd", "thd")
SPEEDS = ("slow", "medium", "fast")
OUTPUTS = ("o", "lse")
GRADIENTS = ("q", "k", "v", "sink", "bias", "alibi", "dlse")
# what a keyword argument of this name claims without being told
OPTIONS = ("scale", "softcap", "sink", "alibi", "bias")
TABLES = ("document", "lengths", "blocks", "blockEdges", "cu_q", "cu_k", "block_table", "cache_lengths", "k_new", "v_new", "q_scale", "k_scale", "v_scale")
PAGES = ("k_pages", "v_pages")
PAGED_NAMES = {"k_pages": ("k_cache",), "v_pages": ("v_cache",), "cache_lengths": ("cache_seqlens", "seqlens")}
"""Other names that arguments of a kernel with pages have, as production code calls them."""
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
    shards: Optional[Callable] = None
    """Of a scheme that is called with its own tokens: which they are (shards.Cut). None: it is called with whole tensors."""
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
    "inputs": {"q": ["b", "hk", "g", "m", "d"], "k": ["b", "hk", "n", "d"], "v": ["b", "hk", "n", "e"]},
    "optional": {"bias": ["b", "hk", "g", "m", "n"], "alibi": ["hk", "g"], "sink": ["hk", "g"]},
    "options": {"scale": {}, "softcap": {}},
    "outputs": {"o": ["b", "hk", "g", "m", "e"], "lse": ["b", "hk", "g", "m"]},
}
_MASK = ("b", "hk", "g", "m", "n")
"""Axes of a mask that comes dense."""


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
    axes: Mapping[str, Tuple[str, ...]] = field(default_factory=dict)
    """Those of each input and output, and of a dense mask."""

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
        axes = {key: tuple(value.get("axes", ()) if isinstance(value, Mapping) else value) for key, value in {**inputs, **optional, **document["outputs"]}.items()}
        return cls(name, tuple(inputs), tuple(optional), tuple(options), tuple(document["outputs"]), tuple(differentiable), known, {**axes, "mask": _MASK})

    @property
    def cotangents(self) -> Tuple[str, ...]:
        return tuple(f"d{output}" for output in self.outputs)

    @property
    def arguments(self) -> Tuple[str, ...]:
        """Names that a function may have for what belongs to it."""
        return (*self.inputs, *self.optional, *self.options)
