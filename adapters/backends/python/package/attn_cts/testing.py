"""Bounds in place of tolerances, in a test that exists.

    from attn_cts.testing import assert_attention

    assert_attention(out, q, k, v, is_causal=True)          # instead of torch.testing.assert_close(out, reference, atol=..., rtol=...)

Every element has a bound of its own, derived from the dtype, the inputs and the numeric profile of the device. Tensors are PyTorch's, JAX's or NumPy's; those on a device
are copied once. One process of the suite is kept for all calls; it runs on Node.js (see `attn_cts.node`).
"""

from __future__ import annotations

import hashlib
import html
import json
import os
import re
import tempfile
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple, Union

import numpy as np

from .arguments import attention, Question
from .expected import DTYPES, Raw, _raw, decode_safetensors
from .harness.safetensors import encode_safetensors
from .node import session

__all__ = ["assert_attention", "assert_operator", "attention_bounds", "bounds_of", "explain", "explain_operator", "Verdict"]

Gradients = Union[Sequence[Any], Mapping[str, Any]]
Tensors = Dict[str, Raw]


@dataclass(frozen=True)
class Verdict:
    """Verdict on outputs: `passed`, the `text` that says why, and the `record` that `attn-cts explain --json` prints.

    A verdict that is undecided has not passed: too many elements have no finite bound.
    """

    passed: bool
    text: str
    record: Mapping[str, Any]

    def __bool__(self) -> bool:
        return self.passed

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        color = "#1a7f37" if self.passed else "#cf222e"
        return f'<pre style="border-left: 4px solid {color}; padding-left: 8px">{html.escape(self.text)}</pre>'


def assert_attention(out: Any, q: Any, k: Any, v: Any, **arguments: Any) -> Verdict:
    """Raises AssertionError where an element of softmax attention is outside its error bound; returns the verdict else.

        assert_attention(out, q, k, v, is_causal=True, enable_gqa=True)
        assert_attention(out, q, k, v, mask="sliding-window", left=127, right=0, sink=s, lse=lse, numeric="tf32")
        assert_attention((out, (dq, dk, dv)), q, k, v, do=do, is_causal=True)

    out: the output, or a pair of it and the gradients of q, k and v, in order or by name, either None where it is not judged; gradients need `do`. Shapes as of PyTorch's scaled_dot_product_attention: q
    [..., heads, queries, d], k [..., key heads, keys, d], v [..., key heads, keys, e], or by `layout` "bhld", "blhd", "thd". Arguments are those of SDPA (attn_mask,
    is_causal, scale, enable_gqa), FlashAttention (causal, softmax_scale, softcap, window_size, alibi_slopes, cu_seqlens_q, cu_seqlens_k) and FlashInfer (sm_scale,
    logits_soft_cap, window_left), or the suite's own: mask with its parameters, bias, sink, alibi, lse, dlse. is_causal aligns the first query with the first key, as SDPA
    does, and causal the last with the last, as FlashAttention does.

    numeric: name of a numeric profile (`attn-cts list numerics`), or one as a dictionary, such as {"tile": 64}; by default the widest one of the device and dtype. whole: judge every element of large tensors too.
    Raises ValueError where the call cannot be judged: dropout, an unknown device, shapes that contradict each other, inputs that leave the output undecided, such as infinities.
    """
    return _required(explain(out, q, k, v, **arguments))


def assert_operator(operator: str, outputs: Mapping[str, Any], **given: Any) -> Verdict:
    """Raises AssertionError where an output of an operator is outside its error bound; returns the verdict else.

        assert_operator("gated-delta", {"o": o, "state": s}, q=q, k=k, v=v, gate=g, beta=b, initial=h0)

    outputs and inputs by the names of the operator's document (`attn-cts operator NAME`); numbers are its options. layout, mask, numeric, whole: as of assert_attention.
    """
    return _required(explain_operator(operator, outputs, **given))


def explain(out: Any, q: Any, k: Any, v: Any, **arguments: Any) -> Verdict:
    """Noise or a bug: the verdict on an output of softmax attention. Arguments as of assert_attention."""
    question = attention(q, k, v, **arguments)
    return _judged(question, _outputs(out, question))


def explain_operator(operator: str, outputs: Mapping[str, Any], **given: Any) -> Verdict:
    """The verdict on outputs of an operator. Arguments as of assert_operator."""
    question = Question.of_operator(operator, given)
    return _judged(question, dict(outputs))


def attention_bounds(q: Any, k: Any, v: Any, **arguments: Any) -> Tuple[np.ndarray, np.ndarray]:
    """The exact output of softmax attention and the error bound of each element, in float64 and in the layout of the inputs: bound.max() where a test wants one number.

    Arguments as of assert_attention. The bounds are those of the dtype of q; all rows are computed, so that large tensors take minutes.
    """
    return bounds_of(q, k, v, **arguments)["o"]


def bounds_of(q: Any, k: Any, v: Any, **arguments: Any) -> Dict[str, Tuple[np.ndarray, np.ndarray]]:
    """As attention_bounds, for every output by name: o, lse, and with do= or dlse= the gradients dq, dk, dv and those of further inputs."""
    question = attention(q, k, v, **arguments)
    tensors = {name: _raw(name, value) for name, value in question.tensors.items()}
    with _file(tensors) as inputs, tempfile.TemporaryDirectory() as folder:
        outputs = os.path.join(folder, "expected.safetensors")
        session.ask(["expected", inputs.path, "--out", outputs, "--json", "--numerics", question.widest(), *question.flags()], answered=(0, 1))
        with open(outputs, "rb") as file:
            found = decode_safetensors(file.read())
    names = [name.split(".", 1)[1] for name in found if name.startswith("expected.")]
    shaped = lambda name: question.shaped(found[name].data.copy())  # noqa: E731
    return {name: (shaped(f"expected.{name}"), shaped(f"bound.{name}")) for name in names}


def _required(verdict: Verdict) -> Verdict:
    __tracebackhide__ = True
    if verdict.record["verdict"] == "undecided":
        raise ValueError(verdict.text)
    if not verdict.passed:
        raise AssertionError(verdict.text)
    return verdict


def _outputs(out: Any, question: Question) -> Dict[str, Any]:
    if not isinstance(out, (tuple, list)):
        return {"o": out}
    if len(out) != 2:
        raise ValueError(f"found {len(out)} outputs, must be the output, or the pair of the output and the gradients of q, k and v")
    output, gradients = out
    if isinstance(gradients, Mapping):
        named = {name if name.startswith("d") else f"d{name}": value for name, value in gradients.items()}
    else:
        named = {name: value for name, value in zip(("dq", "dk", "dv"), gradients) if value is not None}
    if "do" not in question.tensors:
        raise ValueError("to judge gradients, give do=..., the gradient of the output that the backward pass received")
    return {"o": output, **named}


def _judged(question: Question, outputs: Mapping[str, Any]) -> Verdict:
    bounds = question.bounds()
    tensors = {name: _raw(name, value) for name, value in {**question.tensors, **question.arranged(outputs)}.items()}
    with _file(tensors) as inputs:
        row = _row_file(tensors, question)
        arguments = ["explain", inputs.path, "--json", "--row", row, *bounds, *question.flags()]
        record = json.loads(session.ask(arguments, answered=(0, 1, 3)))
    if record["verdict"] == "not judged":
        raise ValueError("no output was given to judge")
    passed = record["verdict"] == "pass"
    return Verdict(passed, _text(record), record)


def _text(record: Mapping[str, Any]) -> str:
    bounds = f" by the bounds of {record['numerics']}" if "numerics" in record else ""
    narrower = f"; the narrower {record['narrower']} passes too" if "narrower" in record else ""
    dims = ", ".join(f"{axis}={size}" for axis, size in record["dims"].items())
    lines = [f"{record['operator']} {record['dtype']} [{dims}]: {record['verdict']}{bounds}{narrower}"]
    for part, words in (("rows", "rows judged"), ("keyHeads", "key heads judged for dk and dv")):
        share = record.get(part)
        if share and share["judged"] < share["of"]:
            lines.append(f"  {share['judged']:,} of {share['of']:,} {words}")
    for judged in record["judged"]:
        for name, seen in judged["statistics"].items():
            lines.append(f"  {name}: {seen['elements']:,} elements, largest error {seen['maxOverBound']:.3g} of the bound, {seen['undecided']:,} undecided")
        if judged["status"] == "undecided":
            lines.append(f"  {judged['pass']} pass is undecided: {judged['reason']}")
        if judged["status"] == "fail":
            lines.append(f"  {judged['pass']} pass: {judged['message']}")
            if "hint" in judged:
                lines.append(f"  {_in_python(judged['hint'])}")
    if "replay" in record:
        lines += ["  this row alone fails too; to judge it again:", f"  {record['replay']}"]
    return "\n".join(lines)


def _in_python(hint: str) -> str:
    """A hint with the argument of these functions in place of the flag of the command."""
    flags = r"--dialect (\w+)=(\S+)"
    return re.sub(rf"{flags}(?: {flags})*", lambda found: f"dialect={dict(re.findall(flags, found.group()))}", hint)


class _file:
    """A safetensors file in shared memory, where the machine has it, for as long as a question takes."""

    def __init__(self, tensors: Tensors):
        folder = "/dev/shm" if os.path.isdir("/dev/shm") else None
        descriptor, self.path = tempfile.mkstemp(suffix=".safetensors", prefix="attn-cts-", dir=folder)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(encode_safetensors(tensors))
        except BaseException:
            os.unlink(self.path)
            raise

    def __enter__(self) -> "_file":
        return self

    def __exit__(self, *_: Any) -> None:
        os.unlink(self.path)


def _row_file(tensors: Tensors, question: Question) -> str:
    """Path for the row of a failure: the same for the same shapes and flags, so that a failing loop leaves one file."""
    folder = os.path.join(tempfile.gettempdir(), "attn-cts")
    os.makedirs(folder, exist_ok=True)
    shapes = json.dumps([sorted((name, raw.dtype, list(raw.data.shape)) for name, raw in tensors.items()), question.flags()])
    return os.path.join(folder, f"row-{hashlib.sha256(shapes.encode()).hexdigest()[:12]}.safetensors")
