"""Arguments of attention as PyTorch, FlashAttention, FlashInfer and vLLM name them, as a question to the suite."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Union

import numpy as np

from .arrays import device_of, dtype_of, is_bool, like, numpy_of, with_axes
from .node import repeated, session

SETTINGS = ("layout", "mask", "numeric", "whole", "dialect", "spec", "device")
"""Arguments that say how to judge, and are no tensors or options."""


@dataclass
class Question:
    """Inputs of an operator with the flags that say what they are."""

    operator: str
    tensors: Dict[str, Any]
    options: Dict[str, float] = field(default_factory=dict)
    mask: Any = None
    parameters: Dict[str, Any] = field(default_factory=dict)
    layout: str = "bhld"
    numeric: Union[str, Mapping[str, Any], None] = None
    whole: bool = False
    dialect: Dict[str, str] = field(default_factory=dict)
    spec: Sequence[str] = ()
    device: Optional[str] = None
    leading: int = 0
    """Axes of size 1 that were put in front of q, k, v and the outputs."""

    @staticmethod
    def of_operator(operator: str, given: Mapping[str, Any]) -> "Question":
        """The question of an operator with inputs by the names of its document; numbers are options."""
        settings = {name: value for name, value in given.items() if name in SETTINGS}
        others = {name: value for name, value in given.items() if name not in SETTINGS and value is not None}
        numbers = {name: float(value) for name, value in others.items() if isinstance(value, (int, float)) and not isinstance(value, bool)}
        tensors = {name: value for name, value in others.items() if name not in numbers}
        question = Question(operator, tensors, numbers, **settings)
        if question.mask is not None and not isinstance(question.mask, (str, Mapping)):
            question.tensors["mask"], question.mask = question.mask, None
        return question

    def flags(self) -> List[str]:
        """Flags of `attn-cts explain` but the bounds."""
        flags = ["--layout", self.layout]
        if self.operator != "softmax":
            flags += ["--operator", self.operator]
        for name, value in self.options.items():
            flags += ["--option", f"{name}={value!r}"]
        if isinstance(self.mask, Mapping):
            flags += ["--mask", json.dumps(self.mask)]
        elif self.mask is not None and self.mask != "full":
            flags += ["--mask", self.mask]
        for name, value in self.parameters.items():
            flags += ["--param", f"{name}={','.join(str(x) for x in value) if isinstance(value, (list, tuple)) else value}"]
        for axis, value in self.dialect.items():
            flags += ["--dialect", f"{axis}={value}"]
        return flags + repeated("--spec", self.spec)

    def bounds(self) -> List[str]:
        """Flags of `attn-cts explain` that say which bounds hold."""
        by = ["--numerics", self.named()] if self.numeric is not None else ["--device", self.device or device_of(self.tensors)]
        return by + (["--whole"] if self.whole else [])

    def named(self) -> str:
        """The given numeric profile as `--numerics` takes it."""
        return json.dumps(self.numeric) if isinstance(self.numeric, Mapping) else str(self.numeric)

    def widest(self) -> str:
        """The numeric profile that decides: the given one, or the widest of the device and dtype."""
        if self.numeric is not None:
            return self.named()
        device, dtype = self.device or device_of(self.tensors), dtype_of(self.tensors["q"])
        ranked = [
            (of["rank"], numerics["name"])
            for numerics in json.loads(session.ask(["list", "numerics", "--json"]))
            for of in numerics["defaults"]
            if of["device"] == device and dtype in of["dtypes"]
        ]
        if not ranked:
            raise ValueError(f"no numeric profile is known for {dtype} on {device}; name one: numeric=... (attn-cts list numerics)")
        return max(ranked)[1]

    def arranged(self, outputs: Mapping[str, Any]) -> Dict[str, Any]:
        """Outputs with the axes of size 1 that the inputs were given."""
        return {name: with_axes(value, self.leading) for name, value in outputs.items() if value is not None}

    def shaped(self, array: np.ndarray) -> np.ndarray:
        """An array without the axes of size 1 that the inputs were given."""
        return array.reshape(array.shape[self.leading :])


def attention(q: Any, k: Any, v: Any, **arguments: Any) -> Question:
    """The question of a call of softmax attention. Raises ValueError for a call that cannot be judged, TypeError for an argument that nobody has."""
    given = {name: value for name, value in arguments.items() if value is not None}
    call = _Call(q, k, v, given)
    for name in list(given):
        if name in _KNOWN:
            _KNOWN[name](call, given[name])
        elif name in ("bias", "sink", "alibi", "do", "dlse", "lse"):
            call.tensors[name] = given[name]
        elif name in SETTINGS:
            call.settings[name] = given[name]
        else:
            call.parameters[name] = given[name]
    return call.question()


class _Call:
    """Arguments of a call, as they are read."""

    def __init__(self, q: Any, k: Any, v: Any, given: Mapping[str, Any]):
        self.given = given
        self.tensors: Dict[str, Any] = {"q": q, "k": k, "v": v}
        self.options: Dict[str, float] = {}
        self.settings: Dict[str, Any] = {}
        self.parameters: Dict[str, Any] = {}
        self.dialect: Dict[str, str] = {}
        self.masks: List[Any] = []

    def question(self) -> Question:
        settings = dict(self.settings)
        mask = settings.pop("mask", None)
        dialect = {**self.dialect, **settings.pop("dialect", {})}
        if mask is not None and not isinstance(mask, (str, Mapping)):
            _attn_mask(self, mask)
        elif mask is not None:
            self.masks.append({"name": mask, "parameters": self.parameters} if isinstance(mask, str) and self.parameters else mask)
        elif self.parameters:
            raise TypeError(f"unknown argument {next(iter(self.parameters))}: SDPA, FlashAttention and FlashInfer do not have it; a parameter of a mask also needs mask=NAME")
        layout = settings.pop("layout", "thd" if "cu_q" in self.tensors else "bhld")
        leading = 0
        if layout == "bhld":
            leading = max(0, 4 - len(self.tensors["q"].shape))
            for name in ("q", "k", "v", "do", "lse", "dlse"):
                if name in self.tensors:
                    self.tensors[name] = with_axes(self.tensors[name], leading)
        named = _joined([each if isinstance(each, Mapping) else {"name": each} for each in self.masks])
        whole = None if not named else named[0] if len(named) == 1 else {"and": named}
        return Question("softmax", self.tensors, self.options, whole, {}, layout, dialect=dialect, leading=leading, **settings)


def _joined(masks: List[Any]) -> List[Any]:
    """Masks with a causal window as one: a window without keys on its right."""
    windows = [each for each in masks if each.get("name") == "sliding-window"]
    if len(windows) != 1 or {"name": "causal"} not in masks:
        return masks
    closed = {**windows[0], "parameters": {**windows[0]["parameters"], "right": 0}}
    return [closed, *(each for each in masks if each is not windows[0] and each != {"name": "causal"})]


def _refused(why: str) -> Callable[[_Call, Any], None]:
    def refuse(_: _Call, value: Any) -> None:
        if value:
            raise ValueError(why)

    return refuse


def _option(name: str) -> Callable[[_Call, Any], None]:
    def take(call: _Call, value: Any) -> None:
        # FlashAttention and FlashInfer turn a softcap off with 0
        if not (name == "softcap" and not value):
            call.options[name] = float(value)

    return take


def _causal(alignment: str) -> Callable[[_Call, Any], None]:
    def take(call: _Call, value: Any) -> None:
        if value:
            call.masks.append("causal")
            call.dialect["causal"] = alignment

    return take


def _attn_mask(call: _Call, value: Any) -> None:
    """A boolean mask keeps; numbers are added, and -inf among them hides."""
    array = value if is_bool(value) else numpy_of(value)
    while len(array.shape) < 4:
        array = array[None]
    if is_bool(array):
        call.tensors["mask"] = array
        return
    hidden = np.isneginf(array)
    if hidden.any():
        call.tensors["mask"] = ~hidden
    kept = np.where(hidden, np.zeros((), array.dtype), array)
    if kept.any():
        call.tensors["bias"] = like(kept, value)


def _window(call: _Call, value: Any) -> None:
    left, right = value if isinstance(value, (tuple, list)) else (value, value)
    if left is None or left < 0:
        left = None
    if right is None or right < 0:
        right = None
    if left is None and right is None:
        return
    sides = {"left": left if left is not None else -1, "right": right if right is not None else -1}
    call.masks.append({"name": "sliding-window", "parameters": sides})
    call.dialect["causal"] = "bottom-right"


def _window_left(call: _Call, value: Any) -> None:
    if value is not None and value >= 0:
        call.masks.append({"name": "sliding-window", "parameters": {"left": value, "right": -1}})


def _tensor(name: str) -> Callable[[_Call, Any], None]:
    def take(call: _Call, value: Any) -> None:
        call.tensors[name] = value

    return take


def _alibi(call: _Call, value: Any) -> None:
    if len(value.shape) != 1:
        raise ValueError(f"alibi_slopes is {list(value.shape)}, must be [heads]: the specification has no slopes per batch entry")
    call.tensors["alibi"] = value
    # FlashAttention subtracts slope * |i - j| on both sides of the diagonal
    call.dialect["alibi"] = "distance"


def _ignored(_: _Call, __: Any) -> None:
    """An argument that does not change the result."""


_KNOWN: Dict[str, Callable[[_Call, Any], None]] = {
    # torch.nn.functional.scaled_dot_product_attention
    "attn_mask": _attn_mask,
    "dropout_p": _refused("a call with dropout cannot be judged: its mask is not in the outputs"),
    "is_causal": _causal("top-left"),
    "scale": _option("scale"),
    "enable_gqa": _ignored,
    # flash_attn_func, flash_attn_varlen_func
    "causal": _causal("bottom-right"),
    "softmax_scale": _option("scale"),
    "softcap": _option("softcap"),
    "window_size": _window,
    "alibi_slopes": _alibi,
    "cu_seqlens_q": _tensor("cu_q"),
    "cu_seqlens_k": _tensor("cu_k"),
    "max_seqlen_q": _ignored,
    "max_seqlen_k": _ignored,
    "deterministic": _ignored,
    # FlashInfer
    "sm_scale": _option("scale"),
    "logits_soft_cap": _option("softcap"),
    "window_left": _window_left,
    "sinks": _tensor("sink"),
}
