"""Judging the calls of attention that a test suite, a training step or a notebook makes, without changing a line of it.

    with attn_cts.watch() as seen:
        model(batch).loss.backward()
    print(seen)

One call of each signature (function, shapes, dtypes and options) is judged, forward and, where a backward pass follows, its gradients. Every other call is passed on as it is.
"""

from __future__ import annotations

import contextlib
import html
import importlib
import inspect
import os
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from .arguments import attention
from .expected import _raw
from .harness.safetensors import encode_safetensors
from .testing import Verdict, _judged

SDPA = "torch.nn.functional.scaled_dot_product_attention"
FUNCTIONS = (SDPA, "flash_attn.flash_attn_func", "flash_attn.flash_attn_varlen_func")
"""Functions that are watched where they can be imported."""

_PARAMETERS = {
    SDPA: ("query", "key", "value", "attn_mask", "dropout_p", "is_causal", "scale", "enable_gqa"),
    "flash_attn.flash_attn_func": ("q", "k", "v", "dropout_p", "softmax_scale", "causal", "window_size", "softcap", "alibi_slopes", "deterministic"),
}
"""Names of positional arguments of functions that do not tell them."""

_TENSORS = {"query": "q", "key": "k", "value": "v"}
_NO_ARGUMENTS = ("return_attn_probs", "block_table")
"""Arguments that the specification has no word for: calls with them are not judged."""


@dataclass
class Watched:
    """Calls that were seen: verdicts by signature, and how many calls were not judged, by reason."""

    every: int = 1
    numeric: Optional[str] = None
    verdicts: Dict[str, Verdict] = field(default_factory=dict)
    unjudged: Counter = field(default_factory=Counter)
    calls: Counter = field(default_factory=Counter)
    seconds: float = 0.0
    """Time that judging took."""
    saved: Optional[str] = None
    """File of the first failing call, for `attn-cts explain`."""
    _pending: List["_Pending"] = field(default_factory=list)

    @property
    def failed(self) -> List[str]:
        """Signatures with a wrong output."""
        return [signature for signature, verdict in self.verdicts.items() if not verdict.passed]

    def __str__(self) -> str:
        lines = [f"{sum(self.calls.values())} calls of {len(self.calls)} signatures, {len(self.verdicts)} judged, {len(self.failed)} wrong; judging took {self.seconds:.1f} s"]
        for signature, verdict in self.verdicts.items():
            lines.append(f"{'pass' if verdict.passed else 'FAIL'}  {signature}  ({self.calls[signature]} calls)")
            if not verdict.passed:
                lines += [f"      {line}" for line in verdict.text.split("\n")]
        lines += [f"not judged: {count} calls: {reason}" for reason, count in sorted(self.unjudged.items())]
        if self.saved:
            lines.append(f"first failing call: {self.saved}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(str(self))}</pre>"

    def close(self) -> None:
        """Counts the calls whose backward pass never came; their outputs were judged."""
        self._pending.clear()


@dataclass
class _Pending:
    """A judged call that waits for its backward pass."""

    signature: str
    inputs: Dict[str, Any]
    arguments: Dict[str, Any]
    output: Any
    versions: Tuple[int, ...]
    gradients: Dict[str, Any] = field(default_factory=dict)


@contextlib.contextmanager
def watch(functions: Sequence[str] = (), *, every: int = 1, numeric: Optional[str] = None) -> Iterator[Watched]:
    """Judges calls of the named functions inside the block: dotted paths, by default SDPA and flash-attn's functions.

    every: judge the first call of a signature and then each so many of its calls. numeric: name of a numeric profile. Yields the Watched, which prints as a summary.
    """
    seen = Watched(every=every, numeric=numeric)
    patches = _patched(functions or FUNCTIONS, seen, strict=bool(functions))
    try:
        yield seen
    finally:
        for owner, name, original in reversed(patches):
            setattr(owner, name, original)
        seen.close()


def _patched(paths: Sequence[str], seen: Watched, strict: bool) -> List[Tuple[Any, str, Callable]]:
    patches: List[Tuple[Any, str, Callable]] = []
    for path in paths:
        try:
            owner, name = _owner(path)
        except (ImportError, AttributeError) as error:
            if strict:
                raise ValueError(f"{path} cannot be watched: {error}") from None
            continue
        original = getattr(owner, name)
        setattr(owner, name, _wrapped(original, path, seen))
        patches.append((owner, name, original))
    return patches


def _owner(path: str) -> Tuple[Any, str]:
    """The object that has the attribute at the end of a dotted path, and its name."""
    parts = path.split(".")
    for end in range(len(parts) - 1, 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:end]))
        except ImportError:
            if end == 1:
                raise
            continue
        for part in parts[end:-1]:
            found = getattr(found, part)
        getattr(found, parts[-1])
        return found, parts[-1]
    raise ImportError(f"{path} is not a dotted path, such as package.module.function")


def _wrapped(original: Callable, path: str, seen: Watched) -> Callable:
    def call(*args: Any, **kwargs: Any) -> Any:
        reason = _unjudgeable(args, kwargs)
        if reason is None:
            try:
                named = _named(original, path, args, kwargs)
                signature = _signature(path, named)
            except (TypeError, KeyError, AttributeError):
                reason = "its arguments are not those of attention"
        if reason is not None:
            if reason != COMPILED:
                seen.unjudged[reason] += 1
            return original(*args, **kwargs)
        seen.calls[signature] += 1
        if (seen.calls[signature] - 1) % seen.every != 0 or (seen.every == 1 and signature in seen.verdicts):
            return original(*args, **kwargs)
        return _judge_call(original, path, signature, named, args, kwargs, seen)

    call.__name__ = getattr(original, "__name__", "watched")
    call.__wrapped__ = original  # type: ignore[attr-defined]
    return call


COMPILED = "inside a compiled graph"


def _unjudgeable(args: Sequence[Any], kwargs: Mapping[str, Any]) -> Optional[str]:
    import sys

    torch = sys.modules.get("torch")
    if torch is not None and torch.compiler.is_compiling():
        return COMPILED
    if kwargs.get("dropout_p"):
        return "dropout"
    first = args[0] if args else kwargs.get("query", kwargs.get("q"))
    if torch is not None and isinstance(first, torch.Tensor) and (first.device.type == "meta" or torch._C._functorch.is_functorch_wrapped_tensor(first)):
        return "tensors without data"
    return None


def _named(original: Callable, path: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Dict[str, Any]:
    names = _PARAMETERS.get(path) or tuple(inspect.signature(original).parameters)
    if len(args) > len(names):
        raise TypeError("too many arguments")
    given = {**dict(zip(names, args)), **kwargs}
    return {_TENSORS.get(name, name): value for name, value in given.items() if value is not None}


def _signature(path: str, named: Mapping[str, Any]) -> str:
    parts = []
    for name, value in named.items():
        if hasattr(value, "shape"):
            parts.append(f"{name}={str(value.dtype).split('.')[-1]}{list(value.shape)}")
        elif value not in (False, 0.0):
            parts.append(f"{name}={value}")
    if not {"q", "k", "v"} <= set(named):
        raise TypeError("no q, k and v")
    return f"{path.rsplit('.', 1)[-1]}({', '.join(parts)})"


def _judge_call(original: Callable, path: str, signature: str, named: Dict[str, Any], args: Sequence[Any], kwargs: Mapping[str, Any], seen: Watched) -> Any:
    inputs = {name: named[name] for name in ("q", "k", "v")}
    trained = _is_trained(inputs)
    if trained:
        # aliases whose gradients are those of this call alone
        aliases = {name: value.view_as(value) for name, value in inputs.items()}
        by_name = {original_name: aliases[short] for original_name, short in (("query", "q"), ("key", "k"), ("value", "v"), ("q", "q"), ("k", "k"), ("v", "v"))}
        names = _PARAMETERS.get(path) or tuple(inspect.signature(original).parameters)
        args = [by_name.get(name, value) for name, value in zip(names, args)]
        kwargs = {name: by_name.get(name, value) for name, value in kwargs.items()}
    result = original(*args, **kwargs)
    output = result[0] if isinstance(result, tuple) else result
    arguments = {name: value for name, value in named.items() if name not in inputs}
    if path.startswith("flash_attn."):
        arguments["layout"] = "thd" if "cu_seqlens_q" in named else "blhd"
    if seen.numeric is not None:
        arguments["numeric"] = seen.numeric
    detached = {name: _detached(value) for name, value in inputs.items()}
    _record(seen, signature, detached, arguments, _detached(output), {})
    if trained and output.requires_grad and signature in seen.verdicts:
        versions = tuple(value._version for value in inputs.values())
        pending = _Pending(signature, detached, arguments, _detached(output), versions)
        seen._pending.append(pending)
        output.register_hook(lambda gradient: _received(seen, pending, "do", gradient, inputs))
        for name, alias in aliases.items():
            if alias.requires_grad:
                alias.register_hook(lambda gradient, name=name: _received(seen, pending, f"d{name}", gradient, inputs))
    return result


def _is_trained(inputs: Mapping[str, Any]) -> bool:
    return all(type(value).__module__.split(".")[0] == "torch" for value in inputs.values()) and any(value.requires_grad for value in inputs.values())


def _detached(value: Any) -> Any:
    return value.detach() if hasattr(value, "detach") else value


def _received(seen: Watched, pending: _Pending, name: str, gradient: Any, inputs: Mapping[str, Any]) -> None:
    """Keeps a gradient, and judges the backward pass when the last one is there."""
    if pending not in seen._pending:
        return
    pending.gradients[name] = gradient.detach()
    wanted = {"do", *(f"d{each}" for each, value in inputs.items() if value.requires_grad)}
    if not wanted <= set(pending.gradients):
        return
    seen._pending.remove(pending)
    if tuple(value._version for value in inputs.values()) != pending.versions:
        seen.unjudged["inputs overwritten before the backward pass"] += 1
        return
    _record(seen, pending.signature, pending.inputs, pending.arguments, pending.output, pending.gradients)


def _record(seen: Watched, signature: str, inputs: Mapping[str, Any], arguments: Mapping[str, Any], output: Any, gradients: Dict[str, Any]) -> None:
    started = time.perf_counter()
    given = {**arguments, **({"do": gradients["do"]} if gradients else {})}
    outputs = {"o": output, **{name: value for name, value in gradients.items() if name != "do"}}
    try:
        question = attention(inputs["q"], inputs["k"], inputs["v"], **given)
        verdict = _judged(question, outputs)
    except (TypeError, ValueError) as error:
        seen.unjudged[str(error).split("\n")[0]] += 1
        return
    finally:
        seen.seconds += time.perf_counter() - started
    if verdict.record["verdict"] == "undecided":
        seen.unjudged["too many elements have no finite bound"] += 1
        return
    before = seen.verdicts.get(signature)
    if before is None or before.passed:
        seen.verdicts[signature] = verdict
    if not verdict.passed and seen.saved is None:
        folder = os.path.join(tempfile.gettempdir(), "attn-cts")
        os.makedirs(folder, exist_ok=True)
        seen.saved = os.path.join(folder, f"call-{os.getpid()}.safetensors")
        tensors = {name: _raw(name, value) for name, value in {**question.tensors, **question.arranged(outputs)}.items()}
        with open(seen.saved, "wb") as file:
            file.write(encode_safetensors(tensors))
