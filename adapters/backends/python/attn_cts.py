# Generated from the modules of adapters/backends/python/package/attn_cts/harness by `npm run generate`: one file to copy.
"""attn_cts: hold a Python attention kernel to attention-cts, the conformance suite.

One file to copy; it needs Python 3.9 and NumPy, and PyTorch or JAX where the kernel does.

    from attn_cts import kernel

    @kernel(layout="blhd", dtypes=["bf16"], d=[64, 128], masks={"causal": {"causal": True}})
    def my_attention(q, k, v, causal=False, scale=None): ...

    $ npx attention-cts run --adapter python:my_kernel.py:my_attention

The kernel is a function of q [b, hk*g, m, d], k [b, hk, n, d] and v [b, hk, n, e] (layout "bhld"; sequence before heads in "blhd"), in the
framework's own tensors on its own device, or NumPy arrays, where bf16 is uint16 and fp8 is uint8, as raw bits. It returns o, shaped as q with
e for d, or (o, lse) with lse [b, hk*g, m] where outputs=["o", "lse"]. A keyword argument claims what it is named after:

    scale, softcap          numbers; left out where the case has its default
    sink, alibi             [hk*g]
    bias                    [b, hk*g, m, n], added to the scaled, capped score
    mask                    bool [b, hk*g, m, n], true keeps: any mask that is not among `masks`
    causal, is_causal       True for the mask `causal`
    document, lengths, ...  the tables that masks bring along
    cu_q, cu_k              int32 [documents + 1]: where packed documents begin, with layout "thd"
    block_table, ...        int32, with pages: see below
    problem                 a `Problem`: the whole case

A kernel of another operator, @kernel(operators=["gla"]), is a function of that operator's inputs by the names in its document, in any order,
and of its options: def gla(q, k, v, gate, scale=None). A first three arguments of other names are still q, k and v, where the operator has
these. Booleans are bool, indices int32, stored codes uint8 or int8; an input that is stored in float32 beside a narrower q comes so. The function returns its outputs
in the document's order, those of them that outputs=[...] claims, or a dict of them. The gradient of an input `gate` is `dgate`. When the
suite starts the kernel, it says what the documents are, and names that they do not have are refused, with the nearest ones. What is wrong with
one function of a file makes that kernel unavailable, or that operator of it, and leaves the others as they are.

Layout "thd" is packed documents: q [tq, hk*g, d], k [tk, hk, d], v [tk, hk, e], o as q, lse [hk*g, tq]. Document x has the queries
cu_q[x]:cu_q[x + 1] and the keys cu_k[x]:cu_k[x + 1], either of which may be none, and its mask for itself.

With pages={"sizes": [16]} the function is also called on a cache: then k and v are k_pages [pages, page, hk, d] and v_pages [pages, page, hk, e],
block_table [b, maxPages] names the pages of each sequence and cache_lengths [b] how many tokens it has. With "append": True the m new tokens
come along as k_new and v_new, shaped as k and v are without pages; the lengths are those before them, and the function returns
(o, k_pages, v_pages), or (o, lse, k_pages, v_pages): the cache with them, written in place or not. Other calls bring none of these.
A paged decode kernel that takes no other call requires its table, or says "only": True; its arguments may be in any order where they are called
q, k_pages or k_cache, v_pages or v_cache. cache_lengths may be called cache_seqlens or seqlens:

    @kernel(pages={"sizes": [16]}, m=1)
    def decode(q, k_cache, v_cache, block_table, cache_seqlens, scale=None): ...

With captured=True the suite also has a call captured as a CUDA graph and replayed, with other numbers in the same buffers, as a server does: every
number of a tensor, lengths and tables too, must be read by the replay. With captured=CAPTURE, a function of one argument, the capture is the
kernel's own: it is given a function of no arguments that calls the kernel, and returns one that replays that call and returns what it returned.

A function with @scheme is an attention on several ranks: a torch.distributed job, started by torchrun or by this file (--ranks 4). With shards="zigzag" it is called
on every rank with that rank's tokens and returns its outputs for them. Without, it is called with whole tensors, shards them itself (`shard`, `unshard`), and returns
whole ones on every rank. What every rank returns is judged. What the ranks send is counted.

This file is also the server behind `python:`: it speaks process protocol 1 (JSON lines on stdin and stdout, tensors in safetensors files).
"""

from __future__ import annotations

import builtins
import difflib
import functools
import hashlib
import importlib
import importlib.util
import inspect
import json
import math
import mmap
import os
import platform
import re
import shlex
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
import traceback
import types
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.machinery import ModuleSpec
from time import perf_counter_ns
from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping, Optional, Sequence, Set, Tuple, Union

import numpy as np

__all__ = ["kernel", "scheme", "shard", "unshard", "add_area", "uncounted", "serve", "checks", "conforms", "Problem", "KernelError", "Unavailable", "Unsupported"]

# --- what a kernel may answer with, and how the harness speaks to the suite --------------------------------------------------------------

Tensor = Any
"""An array of the kernel's framework."""


class KernelError(ValueError):
    """What the decorator was told does not fit the function, or the function does not fit what it claims."""


class Unavailable(Exception):
    """Raised while a kernel's file loads: not on this machine. `remedy` is the command or step that mends it."""

    def __init__(self, reason: str, remedy: str):
        super().__init__(f"{reason} ({remedy})")
        self.reason, self.remedy = reason, remedy


class Unsupported(Exception):
    """A kernel's answer to a call that it does not support; inside its claims that is a failure."""


class Misbehaviour(Exception):
    """A kernel that would deceive whoever measures or compares it; the message says by what."""


class _Process:
    """State of this Python process."""

    loading = False
    """True while a kernel's file is loaded: one function that is wrong leaves the others as they are."""
    replies: Any = None
    """Stream to the suite."""
    arguments: Sequence[str] = ()
    """Command line of this process; `sys.argv` is hidden from kernels."""
    seal: Any = None
    """What the harness relies on; None before a kernel is loaded."""


_own_files = {__file__}
"""Files of the harness, whose frames are not the kernel's."""


def _nearest(name: str, known: Sequence[str]) -> str:
    """The known name that is most like one, as the end of a message."""
    near = difflib.get_close_matches(name, known, 1)
    return f"; did you mean {near[0]}?" if near else ""


_SHOWN = 100
"""Frames of a traceback that are read from each end: those of calls without end are all alike."""


def _frames_of(error: BaseException) -> List[traceback.FrameSummary]:
    places = list(traceback.walk_tb(error.__traceback__))
    if len(places) > 2 * _SHOWN:
        places = [*places[:_SHOWN], *places[-_SHOWN:]]
    return list(traceback.StackSummary.extract(iter(places), lookup_lines=False))


def _user_frames(error: BaseException) -> List[traceback.FrameSummary]:
    """The frames from the kernel's own file on."""
    frames = _frames_of(error)
    own = [i for i, frame in enumerate(frames) if frame.filename not in _own_files and frame.filename != "<string>" and not frame.filename.startswith("<frozen")]
    return list(frames[own[0] :]) if own else []


def _is_out_of_memory(error: BaseException) -> bool:
    words = ("can't allocate memory", "RESOURCE_EXHAUSTED", "CUDA out of memory")
    ours = isinstance(error, (KernelError, Misbehaviour))
    return not ours and (isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError" or any(each in str(error) for each in words))


def _error(error: BaseException) -> Dict[str, Any]:
    name = type(error).__name__
    message = str(error) if isinstance(error, (KernelError, Misbehaviour)) else f"{name}: {error}"
    if isinstance(error, SystemExit):
        message = f"the kernel would end the process ({message}): let it return or raise another error"
    reply: Dict[str, Any] = {"message": message, "traceback": "".join(traceback.format_list(_user_frames(error)))}
    if isinstance(error, Misbehaviour):
        reply["kind"] = "misbehaviour"
    elif _is_out_of_memory(error):
        reply["kind"] = "out-of-memory"
    elif "CUDA error" in str(error) or name == "AcceleratorError":
        # after it every other call on the device fails too
        reply["fatal"] = True
    return reply


_saying = threading.Lock()


def _say(reply: Mapping[str, Any]) -> None:
    """A line to the suite."""
    with _saying:
        _Process.replies.write(json.dumps(reply).encode() + b"\n")
        _Process.replies.flush()


# --- tensors in files: eight bytes of length, a JSON header, raw bytes -------------------------------------------------------------------

# dtype of a case: its tag in a file, and the NumPy type of its values or, where NumPy has none, of its bits
DTYPES: Dict[str, Tuple[str, type]] = {
    "f64": ("F64", np.float64),
    "f32": ("F32", np.float32),
    "f16": ("F16", np.float16),
    "bf16": ("BF16", np.uint16),
    "f8e4m3": ("F8_E4M3", np.uint8),
    "f8e5m2": ("F8_E5M2", np.uint8),
    "i32": ("I32", np.int32),
    "i64": ("I64", np.int64),
    "i8": ("I8", np.int8),
    "u8": ("U8", np.uint8),
    "bool": ("BOOL", np.bool_),
}
_BY_TAG = {tag: name for name, (tag, _) in DTYPES.items()}
FLOATS = ("f64", "f32", "f16", "bf16", "f8e4m3", "f8e5m2")
_BITS_ONLY = ("bf16", "f8e4m3", "f8e5m2")


@dataclass(frozen=True)
class Raw:
    """A tensor as it lies in a file: `dtype` by the case's names, `data` a contiguous array of its values or bits, `at` its first byte."""

    dtype: str
    data: np.ndarray
    at: int = 0


def decode_safetensors(buffer: Union[bytes, bytearray, np.ndarray]) -> Dict[str, Raw]:
    """The tensors of a file's bytes. Arrays share the buffer where it is aligned. Raises ValueError naming what is wrong."""
    if len(buffer) < 8:
        raise ValueError(f"safetensors: {len(buffer)} bytes, shorter than the 8 of the header's length")
    size = int.from_bytes(buffer[:8], "little")
    if size > len(buffer) - 8:
        raise ValueError(f"safetensors: a header of {size} bytes in a file of {len(buffer)}")
    try:
        header = json.loads(bytes(buffer[8 : 8 + size]).decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"safetensors: the header is not JSON: {error}") from None
    if not isinstance(header, dict):
        raise ValueError("safetensors: the header is not an object")
    header.pop("__metadata__", None)
    return {name: _decode(name, entry, buffer, 8 + size) for name, entry in header.items()}


def _decode(name: str, entry: Any, buffer: Union[bytes, bytearray, np.ndarray], base: int) -> Raw:
    where = f"safetensors: tensor {name!r}"
    if not isinstance(entry, dict) or not isinstance(entry.get("dtype"), str) or entry["dtype"] not in _BY_TAG:
        raise ValueError(f"{where} has no dtype of {', '.join(_BY_TAG)}")
    shape, offsets = entry.get("shape"), entry.get("data_offsets")
    if not _naturals(shape) or not _naturals(offsets) or len(offsets) != 2:
        raise ValueError(f"{where} has no shape and data_offsets of whole numbers")
    dtype = _BY_TAG[entry["dtype"]]
    numpy_type = np.dtype(DTYPES[dtype][1])
    start, end = offsets
    if start > end or base + end > len(buffer):
        raise ValueError(f"{where} ends at byte {end} of {len(buffer) - base}")
    if end - start != math.prod(shape) * numpy_type.itemsize:
        raise ValueError(f"{where} has {end - start} bytes for shape {shape} of {entry['dtype']}")
    data = np.frombuffer(buffer, numpy_type, math.prod(shape), base + start).reshape(shape)
    return Raw(dtype, data if data.flags.aligned else data.copy(), base + start)


def _naturals(value: Any) -> bool:
    return isinstance(value, list) and all(type(x) is int and x >= 0 for x in value)


def encode_safetensors(tensors: Mapping[str, Raw]) -> bytes:
    header: Dict[str, Any] = {}
    blobs: List[bytes] = []
    at = 0
    for name, raw in tensors.items():
        blob = raw.data.tobytes()
        header[name] = {"dtype": DTYPES[raw.dtype][0], "shape": list(raw.data.shape), "data_offsets": [at, at + len(blob)]}
        blobs.append(blob)
        at += len(blob)
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % 8)
    return b"".join([len(head).to_bytes(8, "little"), head, *blobs])


def _write_new(path: str, data: bytes) -> None:
    """Into a file that must not exist yet."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)


# --- claims of a kernel, the operators that it is asked, and the calls -------------------------------------------------------------------

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


# --- code of the kernel: which frames are its own, and not a library's or the harness's --------------------------------------------------

_LIBRARIES = ("site-packages", "dist-packages")
_STANDARD = tuple(os.path.join(path, "") for key, path in sysconfig.get_paths().items() if key in ("stdlib", "platstdlib"))
_FRAMEWORKS = ("numpy", "torch", "triton", "jax", "jaxlib", "cupy")
"""Libraries that may be a checkout beside the kernel."""

_homes: List[str] = []
"""Folders in which the code of kernels lies."""


def _owns_folder_of(path: str) -> None:
    """Code beside this file is the kernel's."""
    home = os.path.join(os.path.dirname(os.path.abspath(path)), "")
    if home not in _homes:
        _homes.append(home)


def _owns_folder_of_function(function: Callable) -> None:
    """Code beside the file of a function is the kernel's, unless the function is the harness's own."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    if code is not None and not code.co_filename.startswith("<") and code.co_filename not in _own_files:
        _owns_folder_of(code.co_filename)


def _is_kernels(frame: Any) -> bool:
    """True if a frame runs code of the kernel: of a file beside its own, or of a text that was compiled while it ran."""
    file = frame.f_code.co_filename
    if file in _own_files:
        return False
    if file.startswith("<"):
        return not file.startswith("<frozen") and str(frame.f_globals.get("__name__", "builtins")) in ("builtins", "__main__")
    if str(frame.f_globals.get("__name__")).partition(".")[0] in _FRAMEWORKS:
        return False
    path = os.path.abspath(file)
    if path.startswith(_STANDARD) or any(f"{os.sep}{name}{os.sep}" in path for name in _LIBRARIES):
        return any(path.startswith(home) for home in _homes if any(f"{os.sep}{name}{os.sep}" in home for name in _LIBRARIES))
    return path.startswith(tuple(_homes))


# --- names by which others measure times and compare outputs: a kernel that replaces one is seen by `require_clocks` at its call, and by the seal after it 

Tree = Mapping[str, Tuple[str, ...]]
"""Names by the part of a library that has them; "": the library itself."""

CLOCKS = ("perf_counter", "perf_counter_ns", "time", "time_ns", "monotonic", "monotonic_ns")
"""Of the module time."""
OF_NUMPY: Tree = {"": ("allclose", "array_equal", "isclose"), "testing": ("assert_allclose", "assert_array_equal", "assert_array_almost_equal")}
OF_TORCH: Tree = {
    "": ("allclose", "equal", "isclose"),
    "testing": ("assert_close",),
    "cuda": ("synchronize",),
    "cuda.Event": ("elapsed_time", "record", "synchronize"),
}


def paths_of(tree: Tree) -> Iterator[str]:
    """The names with the parts that have them, such as testing.assert_close."""
    for part, names in tree.items():
        yield from (f"{part}.{name}" if part else name for name in names)


def together(*trees: Tree) -> Tree:
    """The names of several trees in one."""
    parts = dict.fromkeys(part for tree in trees for part in tree)
    return {part: tuple(dict.fromkeys(name for tree in trees for name in tree.get(part, ()))) for part in parts}


# --- guards: what a Python process can see of a kernel that games its judge --------------------------------------------------------------

_CLOCKS = {name: getattr(time, name) for name in CLOCKS}

_known: Dict[Tuple[str, str], Any] = {}
"""Functions that were seen to be the library's own, by library and name."""


def require_clocks() -> None:
    """Raises Misbehaviour where a clock, or a comparison of NumPy or PyTorch, is not the library's own."""
    for name, clock in _CLOCKS.items():
        if getattr(time, name) is not clock or not isinstance(clock, types.BuiltinFunctionType):
            raise Misbehaviour(f"time.{name} was replaced, by which times are measured: leave the clocks alone")
    for library, tree in ((np, OF_NUMPY), (sys.modules.get("torch"), OF_TORCH)):
        if library is None:
            continue
        for name in paths_of(tree):
            found = _attribute(library, name)
            if found is None or _known.get((library.__name__, name)) is found:
                continue
            if not _is_of(found, os.path.dirname(os.path.abspath(library.__file__))):
                raise Misbehaviour(f"{library.__name__}.{name} was replaced, by which outputs are compared or times are measured: leave it alone")
            _known[library.__name__, name] = found


def _attribute(library: Any, name: str) -> Optional[Any]:
    for part in name.split("."):
        library = getattr(library, part, None)
    return library


def _is_of(function: Any, home: str) -> bool:
    """True if the function is compiled, or its code, and that of what it wraps, lies in a library's folder."""
    while function is not None:
        code = getattr(function, "__code__", None)
        if code is None and isinstance(function, types.FunctionType):
            return False
        if code is not None and not os.path.abspath(code.co_filename).startswith(home + os.sep):
            return False
        function = getattr(function, "__wrapped__", None)
    return True


_ARRAYS = ("numpy", "torch", "jax", "jaxlib", "cupy")
"""Libraries whose arrays NumPy reads as they are."""


def _is_type_of(kind: type, library: str) -> bool:
    """True if a type is one that a library, or a part of it, has by the name that the type says."""
    if kind.__module__.split(".")[0] != library:
        return False
    found: Any = sys.modules.get(kind.__module__)
    for name in kind.__qualname__.split("."):
        found = getattr(found, name, None)
    return found is kind


def require_plain(value: Any, tensor: type) -> None:
    """Raises Misbehaviour for an output whose type is derived from the framework's own: it may compute when it is read."""
    kind = type(value)
    # those that PyTorch itself derives, such as a Parameter, hold what they show
    if isinstance(value, tensor) and kind is not tensor and not _is_type_of(kind, tensor.__module__.split(".")[0]):
        raise Misbehaviour(f"returned a {kind.__module__}.{kind.__name__}, which is derived from {tensor.__name__} and may compute when it is read: return a plain one")
    if not isinstance(value, tensor) and hasattr(kind, "__array__") and not any(_is_type_of(kind, library) for library in _ARRAYS):
        raise Misbehaviour(f"returned a {kind.__module__}.{kind.__name__}, which becomes an array when it is read: return an array")
    for name in getattr(value, "__dict__", None) or ():
        if hasattr(tensor, name):
            raise Misbehaviour(f"returned a {kind.__name__} with a {name} of its own, which may compute when it is read: return a plain one")


_SMALL = 1 << 20
"""Bytes of outputs that are always read twice."""
_PATIENCE = 0.1
"""Seconds that a thread is waited for."""
_LAST_STEPS = 1e-3
"""Seconds that a thread may take from its last result to its end."""


class Watch:
    """Threads and processes around a call."""

    idle: Set[int] = set()
    """Threads of earlier calls that wait for work, as those of a pool do."""
    others: Set[int] = set()
    """Threads that there were before the kernel was loaded."""

    def __init__(self) -> None:
        self.places = {thread: _place_of(frame) for thread, frame in sys._current_frames().items()}
        self.children = _children()
        self.tasks = _tasks()

    def require_end(self, outputs: bytes, read: Callable[[], bytes]) -> None:
        """Raises Misbehaviour where the kernel's own code still runs, or its outputs change after they were read once. read: reads them again."""
        unfinished = self.unfinished()
        left = [thread for thread in sys._current_frames() if thread not in self.places and thread not in Watch.idle]
        more = bool(_children() - self.children) or _tasks() > self.tasks
        if not left and not more and not unfinished and len(outputs) > _SMALL:
            return
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end and (more or any(thread in sys._current_frames() for thread in [*left, *unfinished])):
            time.sleep(_PATIENCE / 50)
        if read() != outputs:
            raise Misbehaviour("the outputs changed after the call had returned and the device was synchronised: finish the work before returning")
        for thread, place in unfinished.items():
            name = next((each.name for each in threading.enumerate() if each.ident == thread), str(thread))
            raise Misbehaviour(f"the call left the thread {name} running at {place}: end it before returning")
        Watch.idle.update(thread for thread in left if thread in sys._current_frames())

    def unfinished(self) -> Dict[int, str]:
        """Threads that run code of the kernel after it has returned, and where they are."""
        running = self.running()
        if not running:
            return {}
        # one that has just said that it is done
        time.sleep(_LAST_STEPS)
        still = self.running()
        return {thread: place for thread, place in still.items() if thread in running}

    def running(self) -> Dict[int, str]:
        """Threads that run code of the kernel, and did not stand at the same place before the call; and where they are."""
        others = {threading.get_ident(), *Watch.others}
        places = {thread: _place_of(frame) for thread, frame in sys._current_frames().items() if thread not in others}
        return {thread: place[1] for thread, place in places.items() if place is not None and self.places.get(thread) != place}


def _place_of(frame: Any) -> Optional[Tuple[int, str, int]]:
    """Where a thread runs code of the kernel: the frame, its line, and how far it is; None where it does not."""
    while frame is not None:
        if _is_kernels(frame):
            return id(frame), f"{frame.f_code.co_filename}:{frame.f_lineno}", frame.f_lasti
        frame = frame.f_back
    return None


def _tasks() -> int:
    """Number of threads that this process has, those without Python among them; 0 where the system does not tell."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return 0


def _children() -> Set[str]:
    """Processes that this thread has started; none where the system does not tell."""
    try:
        with open(f"/proc/self/task/{threading.get_native_id()}/children") as file:
            return set(file.read().split())
    except OSError:
        return set()


_ROOM = 64
"""Bytes for each product of a case's sizes that a kernel may well need: more than any that keeps its scores does."""


def require_room(problem: Problem, free: Optional[int]) -> None:
    """Raises Misbehaviour where a kernel says that it is out of memory, and there is plenty for its call. free: bytes; None where the system does not tell."""
    wanted = _ROOM * math.prod(max(1, size) for size in problem.dims.values())
    if free is not None and wanted < free:
        raise Misbehaviour(f"the kernel says that it is out of memory for a call of the sizes {dict(problem.dims)}, while {free >> 20} MiB are free: compute it, or claim less")


def free_memory() -> Optional[int]:
    """Bytes of memory that this process may still take; None where the system does not tell, or limits the process."""
    try:
        import resource

        if resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY:
            return None
        with open("/proc/meminfo") as file:
            return next((int(line.split()[1]) << 10 for line in file if line.startswith("MemAvailable:")), None)
    except (ImportError, OSError, ValueError):
        return None


def require_no_work(waited: float, elapsed: float) -> None:
    """Raises Misbehaviour where a device still had work when the timing of a call had ended. waited, elapsed: seconds."""
    if waited > max(0.1 * elapsed, 50e-6):
        raise Misbehaviour(
            f"work went on for {waited * 1e6:.0f} µs after the {elapsed * 1e6:.0f} µs that were measured on the current stream: launch it there, or make that stream wait for it"
        )


# --- looks: what a kernel asks Python about whoever calls it -----------------------------------------------------------------------------

try:
    import _posixsubprocess
except ImportError:
    # where processes are not forked
    _posixsubprocess = None  # type: ignore[assignment]

_own_files.add(__file__)

_FRAMES = {
    "sys._getframe": "the frames of its callers",
    "sys._current_frames": "the frames of its callers",
    "sys._current_exceptions": "the frames of its callers",
    "gc.get_objects": "the objects of the process",
    "gc.get_referrers": "the objects of the process",
    "sys.settrace": "a trace of its callers",
    "sys.setprofile": "a profile of its callers",
    "sys.monitoring.register_callback": "a profile of its callers",
    "sys.addaudithook": "the audit events of its callers",
}
"""Audit events of Python by which a function sees its callers, and what it then sees."""
_ATTRIBUTES = ("tb_frame", "gi_frame", "cr_frame", "ag_frame")
_SYMBOLS = ("PyEval_GetFrame", "PyThreadState_GetFrame", "PyFrame_GetBack", "PyEval_GetGlobals", "PyEval_GetLocals")
"""Functions of Python's C interface by which a function sees its callers."""
_ALSO_AT_LOAD = ("sys.addaudithook", "sys.settrace", "sys.setprofile", "sys.monitoring.register_callback")
"""Those of them that show later callers to a file that is loaded; the others are usual there."""
_FORWARDERS = ("inspect", "traceback", "logging")
"""Modules of the standard library that ask for a frame in the name of who calls them."""
_LINKS = ("ctypes",)
"""Those that ask for anything else so: a traceback that is printed shows no caller."""
_OWN_PROCESS = re.compile(r"/proc/(self|thread-self|\d+)(/task/\d+)?(/|$)")
_HARMLESS = ("/status", "/statm", "/stat", "/task", "/cgroup", "/limits")
"""Files of /proc in which a process is counted; the others say what it runs and holds open."""
_PROGRAMS = ("subprocess.Popen", "os.posix_spawn", "os.system", "os.exec", "os.spawn", "os.startfile", "pty.spawn", "_posixsubprocess.fork_exec")
"""Audit events of a program that is started. What `os.fork` leaves behind raises os.exec itself."""
_SUITES = re.compile(r"(attn-cts|attention-cts|attn_cts([.]\w+)*)([.](exe|cmd|py))?|.*[/\\]suites[/\\]cli[/\\]main[.]js")
"""Words of a command line by which it starts the suite: its command, its module, or its program; a folder of that name is none."""
_BETWEEN_WORDS = re.compile(r"[\s'\"`;&|()\[\]{},=]+")
_ANSWERS = "answers of the suite, which it starts"
_FILES = ("open", "os.listdir", "os.scandir")
_RESULTS = "attn-cts-out"
"""Folder in which the suite keeps failures with what was expected, unless another is named."""


_set = type.__setattr__
_forked = mmap.mmap(-1, 1)
"""A byte that forked processes share: 1 once one of them would have become the suite, which its parent reads."""


class _Guarded(type):
    """A class whose state no kernel sets."""

    def __setattr__(cls, name: str, value: Any) -> None:
        if _is_kernels(sys._getframe(1)):
            raise Misbehaviour(f"the kernel would set {cls.__name__}.{name}, by which the suite watches it: leave it alone")
        _set(cls, name, value)


class Looks(metaclass=_Guarded):
    """Audit hook of Python that keeps the first look of a kernel at its caller."""

    watching = False
    """True while a kernel runs, or is loaded."""
    loading = False
    """True while a kernel's file is loaded."""
    inside = False
    """True while the hook itself asks for frames."""
    hooked = False
    found: Optional[str] = None
    loaded: Optional[str] = None
    """What a file did when it was loaded: every call of it says so."""
    folders: Tuple[str, ...] = ()
    """Folders of the suite, which a kernel does not read."""
    fork_exec: Any = None
    """The system's own `fork_exec`, while `_fork_exec` stands in its place."""
    process = 0
    """The process that watches, not one that a kernel forked."""

    @classmethod
    def begin(cls, *files: str) -> None:
        """Begins to watch a call. files: those by which the suite passes its tensors."""
        cls.hook()
        cls.folders = tuple(os.path.join(os.path.dirname(os.path.abspath(file)), "") for file in files)
        cls.found = None
        cls.watch()

    @classmethod
    def watch(cls) -> None:
        """Begins to watch, with `_fork_exec` in the place of the system's own."""
        cls.process, _forked[0], cls.watching = os.getpid(), 0, True
        if _posixsubprocess is not None and cls.fork_exec is None:
            cls.fork_exec = _posixsubprocess.fork_exec
            _put_fork_exec(_fork_exec)

    @classmethod
    def unwatch(cls) -> None:
        """Ends the watch, and puts the system's own `fork_exec` back."""
        cls.watching = cls.loading = False
        if cls.fork_exec is not None:
            _put_fork_exec(cls.fork_exec)
            cls.fork_exec = None

    @classmethod
    def hook(cls) -> None:
        if not cls.hooked:
            cls.hooked = True
            sys.addaudithook(_hear)

    @classmethod
    @contextmanager
    def at_load(cls) -> Iterator[None]:
        """Watches while a kernel's file is loaded. What is found is raised by every call."""
        cls.hook()
        cls.loading = True
        cls.watch()
        try:
            yield
        finally:
            cls.unwatch()
            cls.hear_of_forked()
            cls.loaded, cls.found = cls.loaded or cls.found, None

    @classmethod
    def require_none(cls) -> None:
        """Ends the watch. Raises Misbehaviour where the kernel looked at its caller."""
        cls.unwatch()
        cls.hear_of_forked()
        found, cls.found = cls.loaded or cls.found, None
        if found is not None:
            raise Misbehaviour(f"{found}, by which it can tell that it is judged: compute from the arguments alone")

    @classmethod
    def hear_of_forked(cls) -> None:
        """Takes over what a forked process would have started."""
        if cls.found is None and _forked[0]:
            cls.found = f"a process that the kernel forked looked at {_ANSWERS}"


def _fork_exec(arguments: Any, *others: Any) -> Any:
    """The call of the system behind `subprocess`, which raises no audit event where it is called without it."""
    _hear("_posixsubprocess.fork_exec", (arguments,))
    return (Looks.fork_exec or _posixsubprocess.fork_exec)(arguments, *others)


def _put_fork_exec(function: Any) -> None:
    """Puts a function where Python's own modules, and kernels, find `fork_exec`."""
    _posixsubprocess.fork_exec = function
    # since Python 3.11 by a name of its own
    if hasattr(subprocess, "_fork_exec"):
        subprocess._fork_exec = function


def _hear(event: str, arguments: Any) -> None:
    if not Looks.watching or Looks.inside or Looks.found is not None or (Looks.loading and event in _FRAMES and event not in _ALSO_AT_LOAD):
        return
    seen, anyone = _seen(event, arguments)
    if seen is None:
        return
    _set(Looks, "inside", True)
    try:
        frame, through_a_log = _asker(sys._getframe(1), _FORWARDERS if event in _FRAMES else _LINKS)
        if not through_a_log and (anyone or _is_kernels(frame)):
            if os.getpid() != Looks.process and event in _PROGRAMS:
                _forked[0] = 1
                raise Misbehaviour(f"a process that the kernel forked would start the suite ({os.path.basename(frame.f_code.co_filename)}:{frame.f_lineno})")
            _set(Looks, "found", f"the kernel looked at {seen} ({os.path.basename(frame.f_code.co_filename)}:{frame.f_lineno})")
    finally:
        _set(Looks, "inside", False)


def _starts_the_suite(command: Any) -> bool:
    """True if a word of a command line names the suite. command: strings, paths or bytes, in lists or one line for a shell."""
    if isinstance(command, (list, tuple)):
        return any(map(_starts_the_suite, command))
    line = os.fsdecode(command) if isinstance(command, (str, bytes, os.PathLike)) else ""
    words = (word[2:] if word.startswith("-m") else word for word in _BETWEEN_WORDS.split(line))
    return any(_SUITES.fullmatch(name) for word in words if not os.path.isdir(word) for name in (word, os.path.basename(word)))


def _seen(event: str, arguments: Any) -> Tuple[Optional[str], bool]:
    """What an audit event shows to who raises it, and whether it is no library's either to see."""
    if event in _FRAMES:
        return _FRAMES[event], False
    if event == "object.__getattr__":
        return ("the frames of its callers", False) if arguments[1] in _ATTRIBUTES else (None, False)
    if event == "ctypes.dlsym":
        return ("the frames of its callers", False) if arguments[1] in _SYMBOLS else (None, False)
    if event in _FILES:
        return _file_seen(arguments[0])
    if event in _PROGRAMS and _starts_the_suite(arguments[:2]):
        return _ANSWERS, True
    return None, False


def _asker(frame: Any, forwarders: Tuple[str, ...]) -> Tuple[Any, bool]:
    """The frame in whose name something is asked for, and whether it is for a log, which keeps no more than the line that wrote to it."""
    is_log = False
    while frame.f_back is not None and frame.f_globals.get("__name__") in forwarders:
        if frame.f_code.co_name == "findCaller":
            is_log = not frame.f_locals.get("stack_info") and frame.f_locals.get("stacklevel", 1) == 1
        frame = frame.f_back
    return frame, is_log


def _file_seen(path: Any) -> Tuple[Optional[str], bool]:
    """What a file tells of the judge, and whether it is no library's either to read."""
    if isinstance(path, bytes):
        path = path.decode(errors="replace")
    if not isinstance(path, str):
        return None, False
    if _OWN_PROCESS.match(path) and not path.endswith(_HARMLESS):
        return path, False
    full = os.path.join(os.path.abspath(path), "")
    ours = bool(Looks.folders and full.startswith(Looks.folders)) or f"{os.sep}{_RESULTS}{os.sep}" in full
    return (f"files of the suite in {os.path.dirname(path) or path}", True) if ours else (None, False)


# --- settings of a process that a kernel leaves as it found them -------------------------------------------------------------------------

Setting = Tuple[str, Callable[[], Any], Callable[[Any], Any]]
"""What it is called, how it is asked for, and how it is set."""


def _of_numpy() -> List[Setting]:
    return [("NumPy's handling of floating-point errors", np.geterr, lambda value: np.seterr(**value))]


def _of_system() -> List[Setting]:
    # a signal would run the kernel's code after it has returned
    if not hasattr(signal, "setitimer"):
        return []
    timers = (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF)
    return [("whether a timer of the process runs", lambda: any(signal.getitimer(timer)[0] > 0 for timer in timers), lambda _: [signal.setitimer(timer, 0) for timer in timers])]


def _of_torch(torch: Any) -> List[Setting]:
    cuda, cudnn = torch.backends.cuda.matmul, torch.backends.cudnn
    found: List[Setting] = [
        ("the default dtype of PyTorch", torch.get_default_dtype, torch.set_default_dtype),
        ("the grad mode of PyTorch", torch.is_grad_enabled, torch.set_grad_enabled),
        ("the precision of PyTorch's float32 products", torch.get_float32_matmul_precision, torch.set_float32_matmul_precision),
        ("torch.backends.cuda.matmul.allow_tf32", lambda: cuda.allow_tf32, lambda value: setattr(cuda, "allow_tf32", value)),
        ("torch.backends.cudnn.allow_tf32", lambda: cudnn.allow_tf32, lambda value: setattr(cudnn, "allow_tf32", value)),
        ("the deterministic algorithms of PyTorch", torch.are_deterministic_algorithms_enabled, torch.use_deterministic_algorithms),
        ("the flushing of denormal numbers", _flushes, torch.set_flush_denormal),
    ]
    if hasattr(torch, "get_default_device"):
        # a default device is a mode too
        found.append(("the default device of PyTorch", lambda: str(torch.get_default_device()), lambda value: torch.set_default_device(None if value == "cpu" else value)))
    c = torch._C
    found.append(("the number of PyTorch's modes, which see every call", c._len_torch_function_stack, lambda value: _pop(c._len_torch_function_stack, c._pop_torch_function_stack, value)))
    found.append(("the number of PyTorch's dispatch modes", c._len_torch_dispatch_stack, lambda value: _pop(c._len_torch_dispatch_stack, c._pop_torch_dispatch_stack, value)))
    return found


def _pop(count: Callable[[], int], pop: Callable[[], Any], wanted: int) -> None:
    while count() > wanted:
        pop()


def _flushes() -> bool:
    return float(np.float32(1e-40) * np.float32(1)) == 0


class Settings:
    """Settings as they were before a call."""

    def __init__(self) -> None:
        torch = sys.modules.get("torch")
        self.settings = [*_of_numpy(), *_of_system(), *(_of_torch(torch) if torch and hasattr(torch, "get_default_dtype") else ())]
        self.before: Dict[str, Any] = {name: _asked(ask) for name, ask, _ in self.settings}

    def restore(self) -> List[Tuple[str, Any]]:
        """Sets back what the call changed. Returns the names of those settings, and what they were changed to."""
        now = {name: _asked(ask) for name, ask, _ in self.settings}
        changed = [(name, now[name], put) for name, _, put in self.settings if None not in (now[name], self.before[name]) and now[name] != self.before[name]]
        for name, _, put in changed:
            put(self.before[name])
        return [(name, now) for name, now, _ in changed]

    def require_same(self) -> None:
        """Sets back what the call changed. Raises Misbehaviour where it changed something."""
        for name, now in self.restore():
            raise Misbehaviour(f"the call changed {name} from {_shown(self.before[name])} to {_shown(now)}, and others compute by it: set it back before returning")


def _asked(ask: Callable[[], Any]) -> Any:
    """What a setting is; None where PyTorch does not say, because it was set in a way that another name does not tell."""
    try:
        return ask()
    except RuntimeError:
        return None


def _shown(value: Any) -> str:
    return ", ".join(f"{key} {of}" for key, of in value.items()) if isinstance(value, dict) else str(value)


# --- depth: how deep calls may nest while a kernel runs ----------------------------------------------------------------------------------

DEEPEST = 10_000
"""Nested calls of Python that no kernel needs, and that any process has room for."""
_set_limit = sys.setrecursionlimit


def _set_at_most(limit: int) -> None:
    _set_limit(min(limit, DEEPEST))


class Depth:
    """Bounds the recursion limit around a call: a kernel that calls itself without end raises, and does not fill the memory first."""

    def __init__(self) -> None:
        self.before = sys.getrecursionlimit()
        self.lowered: Optional[int] = None
        self.over = False
        _set_at_most(self.before)
        sys.setrecursionlimit = _set_at_most

    def end(self) -> None:
        """Sets the limit back. What follows has room, whatever the call set it to."""
        if self.over:
            return
        now = sys.getrecursionlimit()
        _set_limit(self.before)
        self.over = True
        sys.setrecursionlimit = _set_limit
        self.lowered = now if now < min(self.before, DEEPEST) else None

    def require_room(self) -> None:
        """Ends the bound. Raises Misbehaviour where the call left less room than there was; more is taken back in silence."""
        self.end()
        if self.lowered is not None:
            raise Misbehaviour(f"the call changed Python's recursion limit from {self.before} to {self.lowered}, which others run by: set it back before returning")


# --- guards around one call of a kernel --------------------------------------------------------------------------------------------------


class CallGuards:
    """Everything that is watched while a kernel is called."""

    def __init__(self, *files: str):
        """files: those by which the suite passes the tensors of the call."""
        require_clocks()
        self.watch = Watch()
        self.settings = Settings()
        Looks.begin(*files)
        self.depth = Depth()

    def __enter__(self) -> "CallGuards":
        return self

    def __exit__(self, *_: object) -> None:
        self.depth.end()
        Looks.unwatch()
        self.settings.restore()

    def require_honest(self, outputs: bytes, read: Callable[[], bytes]) -> None:
        """Raises Misbehaviour for what the kernel did beside its work. read: reads its outputs again."""
        self.depth.require_room()
        self.watch.require_end(outputs, read)
        Looks.require_none()
        self.settings.require_same()
        require_clocks()


# --- seal: what the harness relies on, as it was before a kernel was loaded --------------------------------------------------------------

_HOME = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "") if __name__.startswith("attn_cts.") else os.path.abspath(__file__)
"""Folder of the suite's package; of the one file, the file itself."""


def _not_ours() -> List[str]:
    """Files that pass for the suite's and are not."""
    return [file for file in _own_files if not os.path.abspath(file).startswith(_HOME)]


_NAMED_OF_TORCH: Tree = {
    "": ("Tensor", "as_strided", "autograd", "cuda", "device", "from_numpy", "testing", "zeros", "zeros_like"),
    "Tensor": ("as_strided", "contiguous", "copy_", "cpu", "detach", "device", "dtype", "numpy", "requires_grad_", "to", "view", "__torch_function__"),
    "autograd": ("grad",),
    "cuda": ("Event", "current_stream", "is_available", "max_memory_allocated", "mem_get_info"),
}
"""What the harness names of PyTorch; of Python and NumPy it is read from its code."""

Place = Tuple[Mapping[str, Any], Any, str, Any]
"""Names of an owner as they are now, the owner (None: those are the modules), a name, and what it was."""


class Seal:
    """Functions and classes that the harness calls: its own, and those that it names of Python, NumPy and PyTorch."""

    def __init__(self) -> None:
        self.places: List[Place] = []
        self.codes: List[Tuple[types.FunctionType, types.CodeType]] = []
        self.has_torch = False
        home = __name__.rpartition(".")[0]
        own = [module for name, module in list(sys.modules.items()) if name == __name__ or (home and name.startswith(f"{home}."))]
        named: Set[str] = set()
        for module in own:
            self.add_own(module)
        for _, code in self.codes:
            named.update(_names_in(code))
        modules = {value for module in own for value in vars(module).values() if isinstance(value, types.ModuleType) and value not in own}
        for module in (builtins, *sorted(modules, key=lambda module: module.__name__)):
            self.add(module, [name for name in named if callable(vars(module).get(name))])
            if sys.modules.get(module.__name__) is module:
                self.places.append((sys.modules, None, module.__name__, module))
        self.add(time, CLOCKS)
        self.add_tree("numpy", OF_NUMPY)

    def add_own(self, module: types.ModuleType) -> None:
        """Adds the functions and classes of a module of the harness, and the methods of the classes that it defines."""
        for name, value in list(vars(module).items()):
            if isinstance(value, (types.FunctionType, type)):
                self.add(module, [name])
            if isinstance(value, types.FunctionType):
                self.codes.append((value, value.__code__))
            elif isinstance(value, type) and value.__module__ == module.__name__:
                for key, inner in list(vars(value).items()):
                    function = getattr(inner, "__func__", getattr(inner, "fget", inner))
                    if isinstance(function, types.FunctionType):
                        self.add(value, [key])
                        self.codes.append((function, function.__code__))

    def add(self, owner: Any, names: Iterable[str]) -> None:
        names_now = vars(owner)
        self.places += [(names_now, owner, name, names_now[name]) for name in names if name in names_now]

    def add_tree(self, library: str, tree: Tree) -> None:
        """Adds names of a library's parts."""
        for path, names in tree.items():
            part: Any = sys.modules[library]
            for step in filter(None, path.split(".")):
                part = getattr(part, step, None)
            if part is not None:
                self.add(part, names)

    def add_torch(self) -> None:
        """Adds PyTorch, once it has been imported."""
        if not self.has_torch and "torch" in sys.modules:
            self.has_torch = True
            self.add_tree("torch", together(_NAMED_OF_TORCH, OF_TORCH))

    def broken(self) -> Optional[str]:
        """What was replaced, as a sentence; None where nothing was."""
        for now, owner, name, value in self.places:
            if now.get(name) is not value:
                return f"{_title(owner)}{name} was replaced, which the suite relies on, or others compare and measure by: leave it alone"
        added = _not_ours()
        if added:
            return f"{added[0]} was added to the files of the suite, whose looks nobody watches: leave them alone"
        for function, code in self.codes:
            if function.__code__ is not code:
                return f"the code of {function.__name__}, a function of the suite, was replaced: leave it alone"
        return None

    def restore(self) -> None:
        """Puts everything back."""
        for now, owner, name, value in self.places:
            if now.get(name) is not value:
                if owner is None:
                    sys.modules[name] = value
                else:
                    setattr(owner, name, value)
        for function, code in self.codes:
            function.__code__ = code
        _own_files.difference_update(_not_ours())


def _names_in(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names_in(constant)


def _title(owner: Any) -> str:
    if owner is None:
        return "the module "
    name = getattr(owner, "__qualname__", None) or owner.__name__
    return "" if name == "builtins" else f"{'attn_cts' if name == '__main__' else name}."


def _import_torch_of(text: str) -> None:
    """Imports PyTorch before the file that imports it, so that what it replaces is seen."""
    if re.search(r"^[ \t]*(?:import|from)[ \t]+torch\b", text, re.MULTILINE):
        try:
            importlib.import_module("torch")
        except ImportError:
            # the file says what it needs
            pass


# --- frameworks: whose tensors the kernel takes ------------------------------------------------------------------------------------------

View = Mapping[str, Any]
"""{"shape", "strides" (in elements), "offset"} of a tensor in a flat buffer."""


class NumPy:
    """Arrays as they lie in the file; also what the other frameworks have in common."""

    name = "numpy"
    takes_views = True
    differentiates = False

    def __init__(self, device: Optional[str]):
        if device not in (None, "cpu"):
            raise KernelError(f'device="{device}": NumPy has only "cpu"')

    def give(self, raw: Raw, view: Optional[View]) -> Tensor:
        """The kernel's own tensor of a file's."""
        if view is None:
            return raw.data
        flat = raw.data.reshape(-1)[view["offset"] :]
        strides = [s * flat.itemsize for s in view["strides"]]
        return np.lib.stride_tricks.as_strided(flat, view["shape"], strides)

    def take(self, value: Tensor, dtype: str) -> Raw:
        """A kernel's answer, whose bits may stand for the case's dtype. Raises TypeError where it is no tensor."""
        require_plain(value, np.ndarray)
        array = np.asarray(value)
        if dtype in _BITS_ONLY and array.dtype == DTYPES[dtype][1]:
            return Raw(dtype, array)
        return Raw(_numpy_dtype(array), array)

    def synchronize(self) -> None:
        """Waits for the device."""

    def rewrite(self, tensor: Tensor, other: Tensor) -> None:
        """Writes the numbers of another tensor into one of the same shape, where it is."""
        np.copyto(tensor, other)

    def require_capture(self) -> None:
        """Raises Unavailable where calls cannot be captured on this machine."""

    def pullback(self, forward: Callable, leaves: Sequence[Tensor], cotangents: Sequence[Tensor]) -> Callable[[], Sequence[Tensor]]:
        """Runs forward(leaves) -> outputs; what it returns gives the gradients of the leaves, as often as it is called."""
        raise KernelError("NumPy does not differentiate: give backward=")

    def clock(self, run: Callable[[], Any], flush: bool) -> Tuple[int, Any]:
        """Nanoseconds of one run by the process's clock, and what it returned."""
        if flush:
            np.zeros(_CACHE_BYTES, np.uint8).sum()
        start = perf_counter_ns()
        result = run()
        self.synchronize()
        return perf_counter_ns() - start, result

    method = "wall"

    def peak_bytes(self) -> Optional[int]:
        """Most bytes of the device in use since the last time it was asked; None where it does not say."""
        return None

    def free_bytes(self) -> Optional[int]:
        """Bytes that a call may still take where its tensors are; None where that is not told."""
        return free_memory()

    def environment(self) -> Dict[str, str]:
        return {}


_CACHE_BYTES = 256 << 20
"""More than the last cache of the machines there are."""


def _numpy_dtype(array: np.ndarray) -> str:
    for name, (_, numpy_type) in DTYPES.items():
        if array.dtype == numpy_type and name not in _BITS_ONLY:
            return name
    raise TypeError(f"an output of dtype {array.dtype}")


class Torch(NumPy):
    """PyTorch's tensors, on `device`: by default CUDA's where there is one."""

    name = "torch"
    differentiates = True

    def __init__(self, device: Optional[str]):
        import torch

        self.torch = torch
        self.device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        if self.device.type == "cuda" and not torch.cuda.is_available():
            raise Unavailable("PyTorch sees no CUDA device", "run it on a machine with one, or leave out device=")
        self.method = "device" if self.device.type == "cuda" else "wall"
        names = {"bf16": "bfloat16", "f8e4m3": "float8_e4m3fn", "f8e5m2": "float8_e5m2"}
        self.narrow = {dtype: getattr(torch, name) for dtype, name in names.items() if hasattr(torch, name)}

    def give(self, raw: Raw, view: Optional[View]) -> Tensor:
        if raw.dtype in _BITS_ONLY:
            signed = np.int16 if raw.dtype == "bf16" else np.int8
            tensor = self.torch.from_numpy(raw.data.view(signed)).view(self.narrow[raw.dtype])
        else:
            tensor = self.torch.from_numpy(raw.data)
        tensor = tensor.to(self.device)
        return tensor if view is None else tensor.as_strided(view["shape"], view["strides"], view["offset"])

    def take(self, value: Tensor, dtype: str) -> Raw:
        if not isinstance(value, self.torch.Tensor):
            raise TypeError(f"an output of type {type(value).__name__}, which is no torch.Tensor")
        require_plain(value, self.torch.Tensor)
        tensor = value.detach().cpu().contiguous()
        for name, torch_type in self.narrow.items():
            if tensor.dtype == torch_type:
                signed = self.torch.int16 if name == "bf16" else self.torch.int8
                return Raw(name, tensor.view(signed).numpy().view(DTYPES[name][1]))
        return Raw(_numpy_dtype(tensor.numpy()), tensor.numpy())

    def synchronize(self) -> None:
        if self.device.type == "cuda":
            self.torch.cuda.synchronize(self.device)

    def rewrite(self, tensor: Tensor, other: Tensor) -> None:
        tensor.copy_(other)

    def require_capture(self) -> None:
        if self.device.type != "cuda":
            raise Unavailable(
                "captured=True is done by CUDA graphs, and the kernel's tensors are on the CPU", "run it on a machine with a CUDA device, or leave out captured="
            )

    def capture(self, run: Callable[[], Dict[str, Tensor]]) -> Callable[[], Dict[str, Tensor]]:
        """A CUDA graph of what a function does on the device, and the tensors that it then writes to."""
        cuda = self.torch.cuda
        aside = cuda.Stream(self.device)
        aside.wait_stream(cuda.current_stream(self.device))
        with cuda.stream(aside):
            # what is compiled or allocated by the first calls is no part of the graph
            for _ in range(3):
                run()
        cuda.current_stream(self.device).wait_stream(aside)
        graph = cuda.CUDAGraph()
        with cuda.graph(graph):
            results = run()

        def replay() -> Dict[str, Tensor]:
            graph.replay()
            return results

        return replay

    def pullback(self, forward: Callable, leaves: Sequence[Tensor], cotangents: Sequence[Tensor]) -> Callable[[], Sequence[Tensor]]:
        made = forward([leaf.requires_grad_() for leaf in leaves])[: len(cotangents)]
        # an output that depends on no leaf, such as a map of what was chosen, adds nothing to a gradient
        outputs, given = zip(*[(o, c.to(o.dtype)) for o, c in zip(made, cotangents) if o.requires_grad] or zip(made, cotangents))

        def gradients() -> Sequence[Tensor]:
            found = self.torch.autograd.grad(outputs, leaves, given, retain_graph=True, allow_unused=True)
            return [self.torch.zeros_like(leaf) if g is None else g for leaf, g in zip(leaves, found)]

        return gradients

    def clock(self, run: Callable[[], Any], flush: bool) -> Tuple[int, Any]:
        if self.device.type != "cuda":
            return super().clock(run, flush)
        if flush:
            self.torch.zeros(_CACHE_BYTES, dtype=self.torch.uint8, device=self.device)
        start, end = (self.torch.cuda.Event(enable_timing=True) for _ in range(2))
        start.record()
        result = run()
        end.record()
        end.synchronize()
        measured = perf_counter_ns()
        self.synchronize()
        elapsed = start.elapsed_time(end) * 1e-3
        require_no_work((perf_counter_ns() - measured) * 1e-9, elapsed)
        return round(elapsed * 1e9), result

    def peak_bytes(self) -> Optional[int]:
        if self.device.type != "cuda":
            return None
        peak = self.torch.cuda.max_memory_allocated(self.device)
        self.torch.cuda.reset_peak_memory_stats(self.device)
        return peak

    def free_bytes(self) -> Optional[int]:
        return self.torch.cuda.mem_get_info(self.device)[0] if self.device.type == "cuda" else super().free_bytes()

    def environment(self) -> Dict[str, str]:
        torch = self.torch
        if self.device.type == "cuda":
            device = {"device": torch.cuda.get_device_name(self.device), "cuda": str(torch.version.cuda)}
        else:
            # what decides which of its kernels run
            onednn = [name for name in ("bf16", "fp16") if getattr(torch.ops.mkldnn, f"_is_mkldnn_{name}_supported")()]
            device = {
                "device": self.device.type,
                "threads": str(torch.get_num_threads()),
                "instructions": torch.backends.cpu.get_cpu_capability(),
                "onednn": " ".join(onednn) or "neither bf16 nor fp16",
            }
        return {"torch": torch.__version__, **device}


class Jax(NumPy):
    """JAX's arrays, on the first device of the platform `device`, or of the default one."""

    name = "jax"
    takes_views = False
    differentiates = True

    def __init__(self, device: Optional[str]):
        import jax
        import ml_dtypes

        # without it an array of float64 silently becomes one of float32
        jax.config.update("jax_enable_x64", True)
        self.jax = jax
        self.device = jax.devices(device)[0]
        names = {"bf16": "bfloat16", "f8e4m3": "float8_e4m3fn", "f8e5m2": "float8_e5m2"}
        self.narrow = {dtype: np.dtype(getattr(ml_dtypes, name)) for dtype, name in names.items()}

    def give(self, raw: Raw, view: Optional[View]) -> Tensor:
        data = raw.data.view(self.narrow[raw.dtype]) if raw.dtype in self.narrow else raw.data
        # a copy: the array must not change with the buffer it came from
        return self.jax.device_put(np.array(data), self.device)

    def take(self, value: Tensor, dtype: str) -> Raw:
        if not isinstance(value, self.jax.Array):
            raise TypeError(f"an output of type {type(value).__name__}, which is no jax.Array")
        array = np.asarray(self.jax.device_get(value))
        for name, narrow_type in self.narrow.items():
            if array.dtype == narrow_type:
                return Raw(name, array.view(DTYPES[name][1]))
        return Raw(_numpy_dtype(array), array)

    def pullback(self, forward: Callable, leaves: Sequence[Tensor], cotangents: Sequence[Tensor]) -> Callable[[], Sequence[Tensor]]:
        outputs, vjp = self.jax.vjp(lambda *given: tuple(forward(given))[: len(cotangents)], *leaves)
        given = tuple(c.astype(o.dtype) for o, c in zip(outputs, cotangents))
        return lambda: vjp(given)

    def clock(self, run: Callable[[], Any], flush: bool) -> Tuple[int, Any]:
        return super().clock(lambda: self.jax.block_until_ready(run()), flush)

    def free_bytes(self) -> Optional[int]:
        return super().free_bytes() if self.device.platform == "cpu" else None

    def environment(self) -> Dict[str, str]:
        return {"jax": self.jax.__version__, "device": self.device.device_kind}


FRAMEWORKS: Dict[str, Callable[[Optional[str]], NumPy]] = {"numpy": NumPy, "torch": Torch, "jax": Jax}


def _detect_framework(function: Callable) -> str:
    """By the annotations of the function, else by what its file has imported."""
    annotations = [p.annotation for p in inspect.signature(function).parameters.values() if p.annotation is not inspect.Parameter.empty]
    roots = [str(getattr(a, "__module__", a) if isinstance(a, type) else a).split(".")[0] for a in annotations]
    named = getattr(inspect.unwrap(function), "__globals__", {})
    imported = {(v.__name__ if inspect.ismodule(v) else str(getattr(v, "__module__", ""))).split(".")[0] for v in list(named.values())}
    for found in (roots, imported):
        for root, framework in (("torch", "torch"), ("jax", "jax"), ("jnp", "jax"), ("jaxlib", "jax")):
            if root in found:
                return framework
    return "numpy"


# --- a function held to what is claimed of it --------------------------------------------------------------------------------------------


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
            check.fail("pages", 'the function requires block_table, which comes with calls on pages alone: claim them, as in pages={"sizes": [16]}')

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
                self.fail("dense_mask", f'"{dense}" comes as the argument {takes.keyword(argument)}, which the function does not have: give it, or say which one it is, as in names={{"{argument}": "attn_mask"}}')
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


# --- @kernel: what a function claims -----------------------------------------------------------------------------------------------------


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
    excludes: partial cases that are not claimed, [{"mask": {"name": "causal"}, "gradients": True}].
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


# --- the two passes of a kernel: its arguments from the tensors of a problem, by name, and its results by name ---------------------------


class _Passes:
    """How a kernel is called for a problem. What it is made of is its session's to set."""

    kernel: Kernel
    framework: NumPy
    takes: _Parameters
    operators: Dict[str, Operator]
    plain: bool

    @property
    def appends(self) -> bool:
        """Calls on pages give the cache back."""
        return bool((self.kernel.capabilities.get("pages") or {}).get("append"))

    def forward(self, problem: Problem) -> Callable[[], Dict[str, Tensor]]:
        """The kernel's forward pass as a function that can be run again: it gives o, and lse where it is claimed."""
        given = problem.tensors
        if "k_pages" in given:
            return lambda: self.call_forward(problem, {"k": given["k_pages"], "v": given["v_pages"]}, PAGES if self.appends else ())
        return lambda: self.call_forward(problem, {})

    def operator(self, problem: Problem) -> Operator:
        name = problem.case.get("operator", PLAIN)
        return self.operators.get(name) or Operator.of(name, {})

    def call_forward(self, problem: Problem, others: Mapping[str, Tensor], further: Sequence[str] = ()) -> Dict[str, Tensor]:
        """Calls the function with the tensors of the problem, or with others in their stead."""
        operator = self.operator(problem)
        tensors = {**problem.tensors, **others}
        places = self.takes.places(operator)
        arguments = self.arguments(problem)
        by_name = operator.inputs if not places else ()
        for name in (*by_name, *others):
            if name not in places and (name in others or self.takes.accepts(self.takes.keyword(name))):
                arguments[self.takes.keyword(name)] = tensors[name]
        first = [tensors[name] for name in places]
        first += [arguments.pop(p.name, p.default) for p in self.takes.all.values() if not places and p.kind == p.POSITIONAL_ONLY]
        return self.named(self.kernel.function(*first, **arguments), [*self.kernel.outputs_of(operator), *further], "outputs", further)

    def arguments(self, problem: Problem) -> Dict[str, Any]:
        """Keyword arguments of a call: options, tensors and mask that the function takes by name."""
        operator = self.operator(problem)
        apart = ("q", "k", "v", "do", "dlse", "o", "lse", *operator.outputs, *operator.cotangents, *PAGES)
        options = {name: value for name, value in problem.options.items() if value is not True}
        tensors = {name: t for name, t in problem.tensors.items() if name not in apart}
        own = operator.arguments if operator.name != PLAIN and self.takes.any else ()
        found = {self.takes.keyword(name): value for name, value in {**options, **tensors}.items() if self.takes(name) or name in own}
        if self.takes("problem"):
            found[self.takes.keyword("problem")] = problem
        means = self.kernel.masks.get(self.mask(problem), {})
        found.update(means(problem) if callable(means) else means)
        for name, parameter in self.takes.all.items():
            if parameter.default is parameter.empty:
                found.setdefault(name, None)
        if self.plain or not self.takes.places(operator):
            return found
        return {name: value for name, value in found.items() if name not in self.takes.leading}

    def mask(self, problem: Problem) -> str:
        """A mask that came dense is added to the call that has none."""
        block = "block" in problem.case
        return problem.mask if problem.mask in self.kernel.masks and not block else "full"

    def named(self, result: Any, names: Sequence[str], what: str, further: Sequence[str] = ()) -> Dict[str, Tensor]:
        """What the function returned, by name. Raises KernelError where it is not what was claimed."""
        if isinstance(result, Mapping):
            missing = [name for name in names if name not in result]
            if missing:
                raise KernelError(f"{self.kernel.name} returned {', '.join(result)} without {', '.join(missing)}")
            return {name: result[name] for name in names}
        values = result if isinstance(result, (tuple, list)) else (result,)
        every = [*self.kernel.outputs, *further]
        if what == "outputs" and len(values) == len(every) != len(names):
            # a function of several operators may give every output that it claims
            names = every
        if len(values) != len(names):
            # a function without a decorator claims o alone
            mend = '; name them, as in @kernel(outputs=["o", "lse"])' if what == "outputs" and len(values) > len(names) else ""
            raise KernelError(f"{self.kernel.name} returned {len(values)} tensors where its {what} are {', '.join(names)}{mend}")
        return dict(zip(names, values))

    def backward(self, problem: Problem) -> Callable[[], Dict[str, Tensor]]:
        """The kernel's backward pass, as a function that can be run again; the forward pass that it needs has been run."""
        operator = self.operator(problem)
        leaves = self.kernel.leaves(problem, operator)
        names = [f"d{leaf}" for leaf in leaves]
        if self.kernel.backward is not None:
            return self.own_backward(problem, leaves)
        given = problem.tensors

        # the outputs that have a cotangent
        judged = [name for name in operator.outputs if f"d{name}" in given]

        def forward(values: Sequence[Tensor]) -> List[Tensor]:
            outputs = self.call_forward(problem, dict(zip(leaves, values)))
            return [outputs[name] for name in judged]

        gradients = self.framework.pullback(forward, [given[leaf] for leaf in leaves], [given[f"d{name}"] for name in judged])
        return lambda: dict(zip(names, gradients()))

    def own_backward(self, problem: Problem, leaves: Sequence[str]) -> Callable[[], Dict[str, Tensor]]:
        parameters = inspect.signature(self.kernel.backward).parameters
        any_name = any(p.kind == p.VAR_KEYWORD for p in parameters.values())
        operator = self.operator(problem)
        given = ["q", "k", "v", *operator.cotangents]
        # its own names are the suite's; those of other operators' inputs may be told by names=
        others = {self.takes.keyword(name): t for name, t in problem.tensors.items() if name in operator.inputs and operator.name != PLAIN}
        found = {**self.arguments(problem), **others, **{name: problem.tensors[name] for name in given if name in problem.tensors}}
        if any(name in parameters for name in operator.outputs):
            # a block of a larger attention brings the global ones
            results = problem.tensors if "o" in problem.tensors else self.forward(problem)()
            found.update({name: results[name] for name in operator.outputs if name in results})
        arguments = {name: value for name, value in found.items() if name in parameters or any_name}
        every = [f"d{g}" for g in self.kernel.gradients_of(operator)]

        def run() -> Dict[str, Tensor]:
            result = self.kernel.backward(**arguments)
            if isinstance(result, Mapping):
                return self.named(result, [f"d{leaf}" for leaf in leaves], "gradients")
            gradients = self.named(result, every, "gradients")
            return {f"d{leaf}": gradients[f"d{leaf}"] for leaf in leaves}

        return run


# --- a kernel that is asked for calls: what it claims, tensors from files and back, clocks and replays -----------------------------------


class Session(_Passes):
    """A kernel with its framework opened."""

    def __init__(self, kernel: Kernel):
        self.kernel = kernel
        _owns_folder_of_function(kernel.function)
        self.framework = FRAMEWORKS[kernel.framework](kernel.device)
        self.check = _Checker(kernel.function)
        self.plain = list(kernel.capabilities["operators"]) == [PLAIN]
        self.takes = _Parameters(kernel.function, kernel.names, self.check, self.plain, kernel.capabilities.get("pages"))
        self.operators: Dict[str, Operator] = {}
        self.left_out: Dict[str, str] = {}
        """Operators that the function claims and cannot be called for, and why."""
        self.held: Optional[Tuple[Problem, Callable[[], Dict[str, Tensor]]]] = None
        """The call that was captured last: its tensors, and what replays it."""
        if kernel.capabilities.get("captured") and kernel.capture is None:
            self.framework.require_capture()
        self.begin({})

    def begin(self, documents: Mapping[str, Mapping[str, Any]]) -> None:
        """Takes the documents of the suite. Raises KernelError where the function's names are not theirs, or it fits none of its operators."""
        claimed = self.kernel.capabilities["operators"]
        self.operators = {name: Operator.of(name, documents) for name in claimed}
        if self.plain or not documents:
            return
        for name, operator in self.operators.items():
            problem = self.misfit(operator, documents)
            if problem is not None:
                self.left_out[name] = problem
        fitting = [operator for name, operator in self.operators.items() if name not in self.left_out]
        if not fitting:
            self.check.fail("operators", "; ".join(self.left_out.values()))
        self.check_names(fitting)

    def misfit(self, operator: Operator, documents: Mapping[str, Any]) -> Optional[str]:
        """Why the function cannot be called for an operator; None where it can."""
        if not operator.known:
            return f"found {operator.name!r}, which names no operator of this suite{_nearest(operator.name, [PLAIN, *documents])}"
        fixed = self.kernel.capabilities.get("fixed") or {}
        missing = [] if self.takes("problem") else [name for name in self.takes.missing(operator) if name not in fixed]
        if not missing:
            return None
        hints = [f"{self.takes.keyword(name)}{_nearest(self.takes.keyword(name), list(self.takes.all))}" for name in missing]
        return f"{operator.name} has the inputs {', '.join(operator.inputs)}; the function has no argument {', '.join(hints)}"

    def check_names(self, operators: Sequence[Operator]) -> None:
        """Holds what the function takes and claims to the names of its operators."""
        of = lambda key: [name for operator in operators for name in getattr(operator, key)]  # noqa: E731
        usual = ("mask", "problem", *TABLES)
        known = [self.takes.keyword(name) for name in (*of("arguments"), *usual)]
        leading = [name for operator in operators if self.takes.places(operator) for name in self.takes.leading]
        self.takes.require_known([p for p in self.takes.all.values() if p.name not in leading], known, self.check)
        self.check.all_of("outputs", self.kernel.outputs, list(dict.fromkeys(of("outputs"))))
        if not self.kernel.every_gradient:
            self.check.all_of("gradients", self.kernel.gradients, list(dict.fromkeys((*of("differentiable"), *of("cotangents")))))
        self.check.all_of("options", self.kernel.options or (), list(dict.fromkeys((*of("optional"), *of("options")))))
        if self.kernel.backward is None:
            return
        parameters = inspect.signature(self.kernel.backward).parameters
        named = [p for p in parameters.values() if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)]
        passed = [*known, *(self.takes.keyword(name) for name in (*of("outputs"), *of("cotangents")))]
        for p in named:
            if p.default is p.empty and p.name not in passed:
                self.check.fail("backward", f"argument {p.name} names nothing of {', '.join(o.name for o in operators)}{_nearest(p.name, passed)}")

    def start(self) -> Dict[str, Any]:
        k = self.kernel
        environment = {"python": platform.python_version(), "numpy": np.__version__, **self.framework.environment()}
        capabilities = {**k.capabilities, "operators": [name for name in self.operators if name not in self.left_out]}
        if k.options is None:
            # an argument claims the option, or the optional input, that it is named after
            own = [name for o in self.operators.values() if o.known and o.name not in self.left_out for name in (*o.options, *o.optional)]
            capabilities["options"] = list(dict.fromkeys([*capabilities["options"], *(name for name in own if self.takes(name))]))
        if self.left_out:
            environment["warning"] = "; ".join(f"operator {name} is left out: {why}" for name, why in self.left_out.items())
        if self.framework.method == "device":
            capabilities["device"] = environment["device"]
        adapter = {"id": k.name, "title": k.title, "version": k.version or "0"}
        return {"protocol": 1, "adapter": adapter, "environment": environment, "capabilities": capabilities}

    def answer(self, message: Mapping[str, Any]) -> Dict[str, Any]:
        """Reads the inputs of a call, runs it, writes the outputs; what to reply beside seq. Raises what the kernel raises."""
        with open(message["inputs"], "rb") as file:
            content = file.read()
        raws, problem = self.problem(message, content)
        with CallGuards(message["inputs"]) as guards:
            try:
                reply, results = self.run(message, content, problem)
                outputs = self.encode(results, problem)
            except Exception as error:
                if _is_out_of_memory(error):
                    require_room(problem, self.framework.free_bytes())
                raise
            guards.require_honest(outputs, lambda: self.encode(results, problem))
        self.finish(message, content, raws, problem, outputs)
        return {"ok": True, **reply}

    def run(self, message: Mapping[str, Any], content: bytes, problem: Problem) -> Tuple[Dict[str, Any], Mapping[str, Tensor]]:
        """Calls the kernel as a message says. Returns what the reply has beside ok, and the outputs."""
        if message.get("captured") is not None:
            return {}, self.replay(message, content, problem)
        command = message["cmd"]
        backward = command == "backward" or (command == "time" and message["pass"] == "backward")
        run = (self.backward if backward else self.forward)(problem)
        return self.time(run, message) if command == "time" else ({}, run())

    def replay(self, message: Mapping[str, Any], content: bytes, problem: Problem) -> Dict[str, Tensor]:
        """Captures the call, where it is to be captured, and replays it with the tensors of a problem in its own."""
        if message["captured"] == "capture":
            self.held = None
            _, own = self.problem(message, content)
            self.held = own, (self.kernel.capture or self.framework.capture)(self.forward(own))
        if self.held is None:
            raise KernelError("a replay came before a call was captured")
        own, run = self.held
        for name, tensor in own.tensors.items():
            self.framework.rewrite(tensor, problem.tensors[name])
        results = run()
        # what the kernel did to its inputs is looked for in those of the problem
        for name, tensor in own.tensors.items():
            self.framework.rewrite(problem.tensors[name], tensor)
        return results

    def problem(self, message: Mapping[str, Any], content: bytes) -> Tuple[Dict[str, Raw], Problem]:
        """The tensors of a call as they lie in the content of its file, and as the kernel is given them."""
        raws = decode_safetensors(bytearray(content))
        views = message.get("views") or {}
        # a cache may be written in place: the kernel's own is a copy
        own = {name: replace(raw, data=raw.data.copy()) if self.appends and name in PAGES else raw for name, raw in raws.items()}
        given = {name: self.framework.give(raw, views.get(name)) for name, raw in own.items()}
        return raws, Problem(message["case"], given)

    def encode(self, results: Mapping[str, Tensor], problem: Problem) -> bytes:
        """The outputs of a call as they lie in its file."""
        self.framework.synchronize()
        return encode_safetensors({name: self.take(name, value, problem) for name, value in results.items()})

    def finish(self, message: Mapping[str, Any], content: bytes, raws: Mapping[str, Raw], problem: Problem, outputs: bytes) -> None:
        """Writes the outputs of a call."""
        _write_new(message["outputs"], outputs)
        self.show_changes(message["inputs"], content, raws, problem.tensors)

    def only_pages_hint(self, message: Mapping[str, Any]) -> str:
        """The end of a refusal of a call that is not on pages, by a kernel that claims pages: how to claim nothing else."""
        pages, history = self.kernel.capabilities.get("pages"), message.get("case", {}).get("history")
        if not pages or pages.get("only") or (history and history[0].get("page")):
            return ""
        return '; a kernel that takes pages alone claims pages={..., "only": True}, and gets no other call'

    def close(self) -> None:
        """Nothing is asked any more."""

    def take(self, name: str, value: Tensor, problem: Problem) -> Raw:
        try:
            return self.framework.take(value, problem.case["dtype"])
        except TypeError as error:
            raise KernelError(f"{self.kernel.name} returned {error} as {name}") from None

    def time(self, run: Callable[[], Any], message: Mapping[str, Any]) -> Tuple[Dict[str, Any], Any]:
        for _ in range(message["warmup"]):
            run()
        self.framework.synchronize()
        self.framework.peak_bytes()
        nanoseconds: List[int] = []
        result = None
        for _ in range(message["repeats"]):
            elapsed, result = self.framework.clock(run, message["flush"])
            nanoseconds.append(elapsed)
        reply: Dict[str, Any] = {"nanoseconds": nanoseconds, "method": self.framework.method}
        peak = self.framework.peak_bytes()
        if peak is not None:
            reply["peakBytes"] = peak
        return reply, result

    def show_changes(self, path: str, content: bytes, raws: Mapping[str, Raw], given: Mapping[str, Tensor]) -> None:
        """A kernel that writes to its inputs writes to ours; the suite looks for that in the file, so it is written there too."""
        now = bytearray(content)
        for name, raw in raws.items():
            if self.appends and name in PAGES:
                continue
            # a tensor in the machine's memory shares that of the file's content; one on a device has its own
            elsewhere = self.framework.name == "torch" and given[name].device.type != "cpu"
            data = (self.whole(given[name], raw) if elsewhere else raw.data).tobytes()
            now[raw.at : raw.at + len(data)] = data
        if now != content:
            with open(path, "wb") as file:
                file.write(now)

    def whole(self, tensor: Tensor, raw: Raw) -> np.ndarray:
        """The flat buffer that a device's tensor is a view of."""
        flat = tensor.detach().as_strided((raw.data.size,), (1,), 0)
        return self.framework.take(flat, raw.dtype).data.reshape(raw.data.shape)


# --- bytes and cells that a rank of a scheme sends and computes --------------------------------------------------------------------------


def add_area(cells: int) -> None:
    """Tells how many more cells of the mask (batch entry, head, query, key) this rank computes."""
    if _job.counting:
        _job.area += cells


class _Counts:
    """What this rank did in a pass: bytes and cells."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.sent = self.received = self.area = 0
        self.counting = False


_job = _Counts()


@contextmanager
def uncounted() -> Iterator[None]:
    """What is sent in here is not the scheme's: such as a forward pass that the backward pass is in want of."""
    before, _job.counting = _job.counting, False
    try:
        yield
    finally:
        _job.counting = before


def _bytes(value: Any) -> int:
    """Of a tensor, or of all in nested lists."""
    return sum(map(_bytes, value)) if isinstance(value, (list, tuple)) else value.numel() * value.element_size()


def _group_place(named: Mapping[str, Any]) -> Tuple[int, int]:
    """Rank and size in the group of a collective."""
    import torch.distributed as dist

    # PyTorch 2.15 hands functional collectives the group itself where earlier ones had its name
    group = named["group_name"] if "group_name" in named else named["process_group"]
    if isinstance(group, str):
        group = dist.distributed_c10d._resolve_process_group(group)
    elif not isinstance(group, dist.ProcessGroup):
        group = dist.ProcessGroup.unbox(group)
    return group.rank(), group.size()


_SILENT = ("wait_tensor", "barrier", "_wrap_tensor_autograd", "check_for_nan")
"""Operations that carry no tensor to another rank."""


def _traffic(operation: str, named: Mapping[str, Any]) -> Tuple[int, int]:
    """Bytes that this rank sends and receives in one collective or message: of an all-reduce those of a ring, of the others each part sent directly to where it belongs."""
    if any(word in operation for word in _SILENT):
        return 0, 0
    if operation in ("send", "isend"):
        return _bytes(named["tensors"] if "tensors" in named else named["tensor"]), 0
    if operation.startswith(("recv", "irecv")):
        return 0, _bytes(named["tensors"] if "tensors" in named else named["tensor"])
    if operation == "batch_p2p_ops":
        messages = list(zip(named["op_list"], named["tensors"]))
        return sum(_bytes(t) for op, t in messages if "send" in op), sum(_bytes(t) for op, t in messages if "recv" in op)
    rank, size = _group_place(named)
    given = next(named[name] for name in ("inputs", "input_tensors", "input_list", "input_tensor", "input", "tensors") if name in named)
    whole = _bytes(given)
    if "all_reduce" in operation or "allreduce" in operation:
        return 2 * whole * (size - 1) // size, 2 * whole * (size - 1) // size
    if "all_gather" in operation or "allgather" in operation:
        return whole * (size - 1), whole * (size - 1)
    if "reduce_scatter" in operation:
        return whole * (size - 1) // size, whole * (size - 1) // size
    if operation == "alltoall_":
        received = named["output_tensors"]
        return whole - _bytes(given[rank]), _bytes(received) - _bytes(received[rank])
    if operation in ("alltoall_base_", "all_to_all_single"):
        row = whole // given.shape[0] if given.shape[0] else 0
        own = [splits[rank] if splits else given.shape[0] // size for splits in (named["input_split_sizes"], named["output_split_sizes"])]
        arrives = sum(named["output_split_sizes"]) if named["output_split_sizes"] else given.shape[0]
        return whole - own[0] * row, (arrives - own[1]) * row
    root = named["src"] if "src" in named else named["root_rank"]
    if operation.startswith("broadcast"):
        return (whole * (size - 1), 0) if rank == root else (0, whole)
    if operation == "scatter_":
        return (whole - whole // size, 0) if rank == root else (0, _bytes(named["output_tensors"]))
    # reduce_, gather_
    return (0, whole * (size - 1)) if rank == root else (whole, 0)


def _meter() -> Any:
    """Counts what torch.distributed sends while it is entered: every collective, functional or not, is an operator that passes by here."""
    from torch.utils._python_dispatch import TorchDispatchMode

    class Meter(TorchDispatchMode):
        def __torch_dispatch__(self, function, types, args=(), kwargs=None):
            result = function(*args, **(kwargs or {}))
            space, _, operation = function._schema.name.partition("::")
            if _job.counting and space in ("c10d", "_c10d_functional"):
                named = {argument.name: value for argument, value in zip(function._schema.arguments, args)}
                sent, received = _traffic(operation, {**named, **(kwargs or {})})
                _job.sent += sent
                _job.received += received
            return result

    return Meter()


def _prepare_meter() -> None:
    """Has PyTorch 2.15 import its compiler, which takes seconds when a mode first sees an operator, before a call is timed."""
    import torch

    with _meter():
        torch.zeros(1)


# --- shards: which places of a cut axis each rank of a scheme has, and its part of a tensor ----------------------------------------------

Places = Sequence[range]
Cut = Callable[[Problem, str, int, int], Places]
"""Of a problem, an axis, a rank and how many ranks there are: the places of the axis that the rank has, in the order in which it has them."""

TOKENS = ("m", "n")
"""Axes that shards cut: queries and keys. A tensor is cut along the first of its axes that is one of them."""


def _even(problem: Problem, axis: str, chunks: int) -> int:
    size = problem.dims[axis]
    if size % chunks != 0:
        raise Unsupported(f"the number of tokens, {size}, is no multiple of {chunks}")
    return size // chunks


def _contiguous(problem: Problem, axis: str, rank: int, ranks: int) -> Places:
    length = _even(problem, axis, ranks)
    return [range(rank * length, (rank + 1) * length)]


def _zigzag(problem: Problem, axis: str, rank: int, ranks: int) -> Places:
    length = _even(problem, axis, 2 * ranks)
    return [range(chunk * length, (chunk + 1) * length) for chunk in (rank, 2 * ranks - 1 - rank)]


def _striped(problem: Problem, axis: str, rank: int, ranks: int) -> Places:
    _even(problem, axis, ranks)
    return [range(rank, problem.dims[axis], ranks)]


CUTS: Mapping[str, Cut] = {"contiguous": _contiguous, "zigzag": _zigzag, "striped": _striped}


class Shard:
    """A rank's part of the tensors of a call: its places of each axis that is cut.

    Raises Unsupported where the tokens cannot be cut so, KernelError where a cut of the scheme's own returns no list of ranges.
    """

    def __init__(self, cut: Cut, problem: Problem, operator: Operator, rank: int, ranks: int):
        self.problem, self.operator = problem, operator
        used = [axis for axis in TOKENS if any(axis in axes for axes in operator.axes.values())]
        m, n = (problem.dims.get(axis) for axis in TOKENS)
        if cut in CUTS.values() and len(used) > 1 and m != n:
            raise Unsupported(f"queries lie with their tokens: m = n is needed, found m = {m}, n = {n}")
        self.places = {axis: [r for r in _checked(cut(problem, axis, rank, ranks), axis) if len(r) > 0] for axis in used}

    def along(self, name: str) -> Optional[Tuple[int, str]]:
        """Where a tensor of the call is cut: the place of the axis in its shape, and the axis. None where every rank has the whole."""
        axes = self.operator.axes.get(name) or self.operator.axes.get(name[1:] if name.startswith("d") else name, ())
        axis = next((axis for axis in axes if axis in self.places), None)
        return None if axis is None else (_in_layout(axes, self.problem.case["layout"]).index(axis), axis)

    def take(self, name: str, whole: np.ndarray) -> np.ndarray:
        """The rank's part of a whole tensor, a copy; the tensor itself where it is not cut, or has one place for all."""
        at = self._cut(name, whole)
        return whole if at is None else np.take(whole, self.indices(at[1]), axis=at[0])

    def put(self, name: str, part: np.ndarray, whole: np.ndarray) -> None:
        """Writes the rank's part of a tensor to its places in the whole: the inverse of `take`."""
        at = self._cut(name, whole)
        whole[... if at is None else (slice(None),) * at[0] + (self.indices(at[1]),)] = part

    def _cut(self, name: str, whole: np.ndarray) -> Optional[Tuple[int, str]]:
        """Where a whole tensor is cut, as `along` says. None where it has one place for all."""
        at = self.along(name)
        return None if at is None or whole.shape[at[0]] != self.problem.dims[at[1]] else at

    def indices(self, axis: str) -> np.ndarray:
        return np.concatenate([np.arange(r.start, r.stop, r.step) for r in self.places[axis]] or [np.arange(0)])

    def told(self) -> Dict[str, List[Dict[str, int]]]:
        """The places as a reply has them."""
        return {axis: [{"start": r.start, "length": len(r), "stride": r.step} for r in places] for axis, places in self.places.items()}


def _checked(places: Any, axis: str) -> Places:
    if not isinstance(places, (list, tuple)) or any(not isinstance(r, range) or r.step < 1 or r.start < 0 for r in places):
        raise KernelError(f"shards= returned {places!r} for axis {axis}, must be a list of ascending ranges, such as [range(0, 8), range(24, 32)]")
    return places


def _in_layout(axes: Sequence[str], layout: str) -> List[str]:
    """Names of the axes of a tensor as it lies in a layout: neighbours hk and g are one axis of heads, h."""
    flat: List[str] = []
    for axis in axes:
        if axis == "g" and flat[-1:] == ["hk"]:
            flat[-1] = "h"
        else:
            flat.append(axis)
    rows = len(flat) in (3, 4) and flat[0] == "b" and flat[1] in ("h", "hk") and flat[2] in TOKENS and flat[3:] not in (["m"], ["n"])
    if rows and len(flat) == 4 and layout != "bhld":
        flat[1], flat[2] = flat[2], flat[1]
    return flat[1:] if rows and layout == "thd" else flat


# --- @scheme: attention on the ranks of a job, and how its tensors are shared out --------------------------------------------------------


def scheme(
    function: Optional[Callable] = None,
    *,
    name: Optional[str] = None,
    worlds: Sequence[int] = (1, 2, 4),
    spec: Optional[str] = None,
    shards: Union[None, str, Cut] = None,
    **claims: Any,
) -> Callable:
    """Says that a function computes attention on several ranks.

    With shards= it is called on every rank with that rank's tokens, and returns its outputs for these; so does `backward` with gradients, and autograd is run on each rank
    for itself. Without, it is called on every rank with whole tensors, shards them with `shard`, and returns whole outputs on every rank, with `unshard`. Gradients then
    come from autograd (those of the ranks are summed), or from `backward`, which returns whole ones too. It refuses with `Unsupported`, on every rank, what it cannot
    compute.
    name: of the scheme; by default the function's.
    worlds: numbers of ranks that it runs on.
    spec: the scheme's document, a file beside the function's: what it needs and sends is then judged too.
    shards: which tokens each rank has: "contiguous", "zigzag" (chunks r and 2P - 1 - r of 2P), "striped" (every P-th), or a function of a problem, an axis ("m", the
        queries, or "n", the keys), a rank and the number of ranks, which returns a list of ranges. q, o and lse are cut along m, k and v along n, a dense mask and bias
        along m; what has neither axis, and tables of masks, are whole on every rank. Each rank's outputs are judged from its own file: nothing is gathered.
    claims: as of `kernel`.

    Raises KernelError where this does not fit the function.
    """
    if function is None:
        return functools.partial(scheme, name=name, worlds=worlds, spec=spec, shards=shards, **claims)
    kernel(function, **claims)
    plain = function.attn_cts
    if isinstance(plain, KernelError):
        return function
    return _with_claims(function, lambda: _scheme_claims(function, plain, name, worlds, spec, shards))


def _scheme_claims(
    function: Callable, plain: Kernel, name: Optional[str], worlds: Sequence[int], spec: Optional[str], shards: Union[None, str, Cut]
) -> Kernel:
    check = _Checker(function)
    if not (shards is None or callable(shards) or shards in CUTS):
        check.fail("shards", f"found {shards!r}, must be one of {', '.join(CUTS)}, or a function that returns ranges{_nearest(str(shards), list(CUTS))}")
    if shards is not None and plain.framework != "torch":
        check.fail("shards", f"{plain.framework} has all ranks in one process: shards= is for torch.distributed")
    if not worlds or any(type(world) is not int or world < 1 for world in worlds):
        check.fail("worlds", f"found {worlds!r}, must be a list of numbers of ranks, such as [1, 2, 4]")
    entry: Dict[str, Any] = {"worlds": list(worlds)}
    if spec is not None:
        entry["spec"] = os.path.join(os.path.dirname(os.path.abspath(inspect.unwrap(function).__code__.co_filename)), spec)
        if not os.path.isfile(entry["spec"]):
            check.fail("spec", f"no such file: {entry['spec']}")
    named = name or plain.name.lower().replace("_", "-")
    capabilities = {**plain.capabilities, "schemes": {named: entry}}
    capabilities["commands"] = [command for command in plain.capabilities["commands"] if command != "time"]
    return replace(plain, capabilities=capabilities, worlds=tuple(worlds), shards=CUTS.get(shards) if isinstance(shards, str) else shards)


def shard(x: Tensor, dim: int = 2, zigzag: bool = False) -> Tensor:
    """This rank's tokens of a whole tensor: contiguous, or with zigzag chunks r and 2P - 1 - r of 2P. Raises Unsupported where they cannot be cut evenly."""
    import torch
    import torch.distributed as dist

    rank, ranks = dist.get_rank(), dist.get_world_size()
    chunks = 2 * ranks if zigzag else ranks
    if x.shape[dim] % chunks != 0:
        raise Unsupported(f"the number of tokens, {x.shape[dim]}, is no multiple of {chunks}")
    parts = x.chunk(chunks, dim)
    return torch.cat([parts[rank], parts[chunks - 1 - rank]], dim) if zigzag else parts[rank].contiguous()


def unshard(x: Tensor, dim: int = 2, zigzag: bool = False) -> Tensor:
    """The whole tensor of which every rank has the tokens that `shard` gave it; not counted. The gradient of its own tokens comes back to a rank."""
    import torch
    import torch.distributed as dist

    rank, ranks = dist.get_rank(), dist.get_world_size()
    parts = [torch.empty_like(x, memory_format=torch.contiguous_format) for _ in range(ranks)]
    with uncounted():
        dist.all_gather(parts, x.detach().contiguous())
    # autograd keeps the own part
    parts[rank] = x
    if not zigzag:
        return torch.cat(parts, dim)
    halves = [part.chunk(2, dim) for part in parts]
    return torch.cat([*(first for first, _ in halves), *(second for _, second in reversed(halves))], dim)


# --- a scheme on the ranks of a PyTorch job ----------------------------------------------------------------------------------------------

RANKS = "--ranks"
STORE = "ATTN_CTS_STORE"
"""Of the ranks that rank 0 started: the port at which they meet."""


def _place(thread: int) -> str:
    """Where a thread is: the innermost line of the scheme's own files, and the call of torch.distributed that it waits in."""
    frame = sys._current_frames().get(thread)
    frames = traceback.extract_stack(frame) if frame else []
    inner = frames[max((i + 1 for i, line in enumerate(frames) if line.filename in _own_files and line.name not in _HELPERS), default=0) :]
    waits = next((line.name for line in reversed(inner) if f"torch{os.sep}distributed" in line.filename and line.name != "wrapper"), None)
    own = [line for line in inner if f"{os.sep}torch{os.sep}" not in line.filename and line.filename not in _own_files]
    inside = f"in {own[-1].name} ({os.path.basename(own[-1].filename)}:{own[-1].lineno})" if own else "done with its part"
    return f"waits for the others {inside}, {waits}" if waits else f"is {inside}"


_HELPERS = ("shard", "unshard", "__torch_dispatch__")
"""Functions of this file that are called from a scheme."""


class _Watch:
    """A thread beside that of the scheme. Every rank says where it is when the time of a call is over; rank 0 tells the suite, and of ranks that died."""

    PERIOD = 0.1
    PATIENCE = 0.6
    """Seconds in which the others say where they are."""

    def __init__(self, session: "JobSession"):
        self.session = session
        self.thread = threading.get_ident()
        self.call = 0
        self.seq: Optional[int] = None
        self.deadline: Optional[float] = None
        self.lock = threading.Lock()
        # a rank that rank 0 started ends with it, however that ends
        self.parent = os.getppid() if STORE in os.environ else None
        threading.Thread(target=self.run, daemon=True).start()

    def begin(self, message: Mapping[str, Any]) -> None:
        with self.lock:
            self.call += 1
            self.seq = message["seq"]
            self.deadline = time.monotonic() + message["timeout"] if "timeout" in message else None

    def end(self) -> None:
        with self.lock:
            self.seq = None

    def say(self, what: str) -> None:
        """What this rank came to in the call, for rank 0 to tell where the others do not follow."""
        self.session.store.set(self.key(self.session.rank), what)

    def key(self, rank: int) -> str:
        return f"attn_cts/{self.call}/{rank}"

    def run(self) -> None:
        while True:
            time.sleep(self.PERIOD)
            if self.parent is not None and os.getppid() != self.parent:
                os._exit(1)
            with self.lock:
                if self.seq is None:
                    continue
                self.look_at_helpers()
                if self.deadline is not None and time.monotonic() > self.deadline:
                    self.deadline = None
                    self.explain()

    def look_at_helpers(self) -> None:
        """On rank 0, which started them."""
        for rank, helper in enumerate(self.session.helpers, 1):
            code = helper.poll()
            if code is not None:
                how = f"died by signal {signal.Signals(-code).name}" if code < 0 else f"exited with code {code}"
                self.give_up("rank-died", f"rank {rank} of {self.session.ranks} {how}")

    def explain(self) -> None:
        rank, ranks, store = self.session.rank, self.session.ranks, self.session.store
        if not store.check([self.key(rank)]):
            self.say(_place(self.thread))
        if rank > 0:
            return
        time.sleep(self.PATIENCE)
        said = [store.get(self.key(r)).decode() if store.check([self.key(r)]) else "says nothing" for r in range(ranks)]
        # who waits is not who is waited for
        order = sorted(range(ranks), key=lambda r: said[r].startswith("waits"))
        self.give_up("rank-hangs", f"no answer of {ranks} ranks in time: " + "; ".join(f"rank {r} {said[r]}" for r in order))

    def give_up(self, kind: str, message: str) -> None:
        """The last words of the job, whose other ranks end first: rank 0 may be killed as soon as it has said them."""
        for helper in self.session.helpers:
            helper.kill()
        _say({"seq": self.seq, "error": {"message": message, "kind": kind}})
        time.sleep(5)
        os._exit(1)


class JobSession(Session):
    """A scheme on one rank of a PyTorch job. Rank 0 is asked; it tells the others, and answers for all."""

    def __init__(self, kernel: Kernel, ranks: int):
        super().__init__(kernel)
        import torch
        import torch.distributed as dist

        self.dist, self.torch = dist, torch
        self.helpers: List[subprocess.Popen] = []
        self.join(ranks)
        self.rank, self.ranks = dist.get_rank(), dist.get_world_size()
        torch.set_num_threads(max(1, (os.cpu_count() or 1) // self.ranks))
        # what the harness says among ranks needs no device
        self.control = dist.new_group(backend="gloo")
        self.store = dist.distributed_c10d._get_default_store()
        self.watch = _Watch(self)

    def begin(self, documents: Mapping[str, Mapping[str, Any]]) -> None:
        super().begin(documents)
        if documents and self.rank == 0:
            self.tell(({"cmd": "start", "operators": documents}, b""))

    def join(self, ranks: int) -> None:
        """Into the job that torchrun started, or that rank 0 starts here."""
        _prepare_meter()
        cuda = self.framework.device.type == "cuda"
        backend = "cpu:gloo,cuda:nccl" if cuda else "gloo"
        local = int(os.environ.get("LOCAL_RANK", 0))
        if cuda:
            self.framework.device = self.torch.device("cuda", local % self.torch.cuda.device_count())
            self.torch.cuda.set_device(self.framework.device)
        # a build without libuv has no other store
        os.environ.setdefault("USE_LIBUV", "0")
        if "RANK" in os.environ and STORE not in os.environ:
            self.dist.init_process_group(backend)
            return
        rank, ranks = _rank(), int(os.environ.get("WORLD_SIZE", ranks))
        port = int(os.environ.get(STORE, 0))
        store = self.dist.TCPStore("127.0.0.1", port, ranks, rank == 0, wait_for_workers=False, use_libuv=False)
        if rank == 0:
            self.start_others(ranks, store.port)
        self.dist.init_process_group(backend, store=store, rank=rank, world_size=ranks)

    def start_others(self, ranks: int, port: int) -> None:
        for rank in range(1, ranks):
            place = {"RANK": str(rank), "LOCAL_RANK": str(rank), "WORLD_SIZE": str(ranks), STORE: str(port)}
            command = [sys.executable, *(_Process.arguments or sys.argv)]
            self.helpers.append(subprocess.Popen(command, env={**os.environ, **place}, stdin=subprocess.DEVNULL, stdout=2))

    def answer(self, message: Mapping[str, Any]) -> Dict[str, Any]:
        with open(message["inputs"], "rb") as file:
            content = file.read()
        self.watch.begin(message)
        raws, problem = self.hand_out(message, content)
        outputs, reports = self.work(message, problem)
        failed = next((report["failure"] for report in reports if report["failure"]), None)
        if failed:
            return failed
        self.finish(message, content, raws, problem, outputs)
        return {"ok": True, "ranks": [report["counts"] for report in reports]}

    def follow(self) -> None:
        """The life of a rank that is not asked."""
        while True:
            heard = self.tell(None)
            if heard is None:
                return
            message, content = heard
            if message["cmd"] == "start":
                self.begin(message["operators"])
                continue
            self.watch.begin(message)
            self.work(message, self.take_over(message, content))

    def hand_out(self, message: Mapping[str, Any], content: bytes) -> Tuple[Dict[str, Raw], Problem]:
        """On rank 0: tells the others of a call. Returns its tensors as they lie in the file, and as the scheme is given them."""
        self.tell((message, content))
        return self.problem(message, content)

    def take_over(self, message: Mapping[str, Any], content: bytes) -> Problem:
        """On the other ranks: the problem that they were told of."""
        return self.problem(message, content)[1]

    def close(self) -> None:
        self.tell(None)
        for helper in self.helpers:
            helper.wait()
        self.dist.destroy_process_group()

    def tell(self, what: Any) -> Any:
        """What rank 0 says, on every rank."""
        said = [what]
        self.dist.broadcast_object_list(said, src=0, group=self.control)
        return said[0]

    def work(self, message: Mapping[str, Any], problem: Problem) -> Tuple[bytes, List[Dict[str, Any]]]:
        """Calls the scheme on this rank. Returns its outputs as they lie in a file; and on rank 0 what every rank reports, its entry in the reply as `counts`."""
        outputs = b""
        failure = None
        _job.reset()
        start = time.perf_counter_ns()
        try:
            outputs = self.compute(message["cmd"], problem)
        except Unsupported as error:
            failure = {"unsupported": str(error)}
        except Exception as error:  # a scheme's failure is an answer
            failure = {"error": _error(error)}
        if failure:
            self.watch.say(f"has failed: {failure.get('unsupported') or failure['error']['message']}")
        counts = {"sent": _job.sent, "received": _job.received, "nanoseconds": time.perf_counter_ns() - start}
        if _job.area > 0:
            counts["area"] = _job.area
        try:
            reports = self.collect(message, outputs, {"failure": failure, "counts": counts})
        except RuntimeError as error:
            # a rank that is gone does not come back
            if self.rank == 0:
                # the watch names the rank that is gone
                time.sleep(10 * _Watch.PERIOD)
            sys.exit(f"attn_cts: rank {self.rank} of {self.ranks} lost the others: {error}")
        self.watch.end()
        return outputs, reports

    def compute(self, command: str, problem: Problem) -> bytes:
        """This rank's outputs as they lie in a file."""
        results = self.backward_pass(problem) if command == "backward" else self.counted(self.forward(problem))
        return self.encode(results, problem)

    def collect(self, message: Mapping[str, Any], outputs: bytes, report: Dict[str, Any]) -> List[Dict[str, Any]]:
        """On rank 0: what every rank reports. Where none has failed, the outputs of the others have files, which their entries name."""
        reports = self.gather({**report, "digest": hashlib.sha256(outputs).digest()})
        # a rank's own outputs are sent only where they are not those of rank 0: they may be large, and its machine another
        failed = any(report["failure"] for report in reports)
        wanted = [] if failed else [rank for rank, report in enumerate(reports) if report["digest"] != reports[0]["digest"]]
        wanted = self.tell(wanted)
        others = self.gather(outputs if self.rank in wanted else None) if wanted else []
        for rank, report in enumerate(reports):
            # a rank that has the bits of rank 0 needs no file of its own
            own = others[rank] if others else None
            report["counts"]["outputs"] = message["outputs"] if own is None else f"{message['outputs']}.rank{rank}"
            if own is not None:
                _write_new(report["counts"]["outputs"], own)
        return reports

    def gather(self, what: Any) -> List[Any]:
        """What every rank has, on rank 0; nothing on the others."""
        everything: List[Any] = [None] * self.ranks
        self.dist.gather_object(what, everything if self.rank == 0 else None, group=self.control)
        return everything if self.rank == 0 else []

    def counted(self, run: Callable[[], Any]) -> Any:
        _job.reset()
        with _meter():
            _job.counting = True
            try:
                return run()
            finally:
                _job.counting = False

    def backward_pass(self, problem: Problem) -> Mapping[str, Tensor]:
        gradients = self.counted(self.backward(problem))
        if self.kernel.backward is None:
            self.sum_gradients(gradients)
        return gradients

    def sum_gradients(self, gradients: Mapping[str, Tensor]) -> None:
        """Adds up what autograd gave on each rank: the gradients by its own tokens."""
        for gradient in gradients.values():
            self.dist.all_reduce(gradient)


def _rank() -> int:
    """In a job; 0 outside of one."""
    return int(os.environ.get("RANK", 0))


def _wanted_ranks() -> int:
    """Of the command line."""
    arguments = _Process.arguments or sys.argv
    return int(arguments[arguments.index(RANKS) + 1]) if RANKS in arguments[:-1] else 1


# --- a scheme that is given its shards: each rank is handed its own tokens, and its outputs are judged from its own file -----------------


class ShardedJobSession(JobSession):
    """A scheme on one rank of a PyTorch job, which is called with this rank's tokens and returns those of its outputs. Nothing is gathered."""

    shard: Optional[Shard] = None
    """Of the call: None where it cannot be cut, and `refusal` says why."""
    refusal: Optional[Exception] = None

    def hand_out(self, message: Mapping[str, Any], content: bytes) -> Tuple[Dict[str, Raw], Problem]:
        views = message.get("views") or {}
        # each rank's tensors are contiguous, whatever the whole one's are
        whole = {name: (raw.dtype, NumPy.give(self.framework, raw, views.get(name))) for name, raw in decode_safetensors(content).items()}
        parts: List[Any] = []
        for rank in range(self.ranks):
            shard = self.cut(message, rank)
            parts.append({name: (dtype, shard.take(name, data)) for name, (dtype, data) in whole.items()} if shard else {})
        self.tell((message, b""))
        return self.receive(message, parts)

    def take_over(self, message: Mapping[str, Any], content: bytes) -> Problem:
        return self.receive(message, None)[1]

    def receive(self, message: Mapping[str, Any], parts: Optional[List[Any]]) -> Tuple[Dict[str, Raw], Problem]:
        """This rank's tensors. parts: those of all, on rank 0."""
        got: List[Any] = [None]
        self.dist.scatter_object_list(got, parts, src=0, group=self.control)
        raws = {name: Raw(dtype, np.array(data)) for name, (dtype, data) in got[0].items()}
        self.shard = self.cut(message, self.rank)
        return raws, Problem(message["case"], {name: self.framework.give(raw, None) for name, raw in raws.items()})

    def cut(self, message: Mapping[str, Any], rank: int) -> Optional[Shard]:
        problem = Problem(message["case"], {})
        try:
            self.refusal = None
            return Shard(self.kernel.shards, problem, self.operator(problem), rank, self.ranks)
        except Exception as error:  # of the scheme's own cut: its answer to the call
            self.refusal = error
            return None

    def compute(self, command: str, problem: Problem) -> bytes:
        if self.refusal is not None:
            raise self.refusal
        return super().compute(command, problem)

    def sum_gradients(self, gradients: Mapping[str, Tensor]) -> None:
        # each rank has those of its own tokens; what no shard cuts has a part of its gradient on every rank
        for name, gradient in gradients.items():
            if self.shard is not None and self.shard.along(name) is None:
                self.dist.all_reduce(gradient)

    def collect(self, message: Mapping[str, Any], outputs: bytes, report: Dict[str, Any]) -> List[Dict[str, Any]]:
        reports = self.gather({**report, "counts": {**report["counts"], "shard": self.shard.told() if self.shard else {}}})
        if self.tell(any(report["failure"] for report in reports)):
            return reports
        path = self.path_of(message, self.rank)
        # the folder is there where the rank is on the machine of rank 0
        sent = None
        if self.rank > 0 and os.path.isdir(os.path.dirname(path)):
            _write_new(path, outputs)
        elif self.rank > 0:
            sent = outputs
        for rank, own in enumerate(self.gather(sent)):
            if own is not None:
                _write_new(self.path_of(message, rank), own)
        for rank, report in enumerate(reports):
            report["counts"]["outputs"] = self.path_of(message, rank)
        return reports

    def path_of(self, message: Mapping[str, Any], rank: int) -> str:
        return message["outputs"] if rank == 0 else f"{message['outputs']}.rank{rank}"

    def show_changes(self, path: str, content: bytes, raws: Mapping[str, Raw], given: Mapping[str, Tensor]) -> None:
        """Writes what the scheme did to rank 0's part of the inputs into their file, where the suite looks for it."""
        now = bytearray(content)
        for name, whole in decode_safetensors(now).items():
            part = self.whole(given[name], raws[name]) if given[name].device.type != "cpu" else raws[name].data
            if self.shard is not None and part.ndim == whole.data.ndim:
                self.shard.put(name, part, whole.data)
        if now != content:
            with open(path, "wb") as file:
                file.write(now)


def _session(found: Kernel) -> Session:
    # JAX has all its devices in one process
    if found.worlds is None or found.framework != "torch":
        return Session(found)
    return (JobSession if found.shards is None else ShardedJobSession)(found, _wanted_ranks())


# --- a process that looks to a kernel as it does without the suite -----------------------------------------------------------------------

_NAME = "attn_cts"
_VARIABLES = ("ATTN_CTS", "ATTN_CTS_NODE", "ATTN_CTS_PYTHON")


class _Running:
    """Finder by which a kernel's `import attn_cts` is the module that runs, which is not among the modules before."""

    def __init__(self, module: types.ModuleType):
        self.module = module

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Optional[ModuleSpec]:
        return ModuleSpec(name, self) if name == _NAME else None  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        return self.module

    def exec_module(self, module: types.ModuleType) -> None:
        """It runs already."""


def _hide() -> None:
    """Takes command line, variables and modules of the suite from where a kernel finds them. Only for a process of the suite's own."""
    _Process.arguments = list(sys.argv)
    sys.argv[:] = [""]
    if hasattr(sys, "orig_argv"):
        sys.orig_argv[:] = [sys.executable]
    for name in _VARIABLES:
        os.environ.pop(name, None)
    module = sys.modules[__name__.partition(".")[0]]
    if module.__name__ == "__main__":
        sys.modules["__main__"] = types.ModuleType("__main__")
        sys.meta_path.insert(0, _Running(module))  # type: ignore[arg-type]


# --- process protocol 1: answers to the suite, and kernels loaded from files -------------------------------------------------------------

COMMANDS = ("forward", "backward", "time")


class Server:
    """Answers one line at a time. `opening` gives the session, or raises why there is none."""

    def __init__(self, opening: Callable[[], Session]):
        self.opening = opening
        self.session: Optional[Session] = None

    def reply(self, line: Union[str, bytes]) -> Optional[Dict[str, Any]]:
        """The answer to a line; None to `stop`."""
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            return {"seq": None, "error": {"message": f"this line is not JSON: {line[:80]!r}"}}
        command = message.get("cmd") if isinstance(message, dict) else None
        if command == "stop":
            return None
        if command == "start":
            return self.start(message)
        seq = message.get("seq") if isinstance(message, dict) else None
        if command not in COMMANDS:
            return {"seq": seq, "error": {"message": f"command {command!r} is none of start, {', '.join(COMMANDS)}, stop"}}
        if self.session is None:
            return {"seq": seq, "error": {"message": f"{command} came before a start that was answered"}}
        try:
            return {"seq": seq, **self.session.answer(message)}
        except Unsupported as error:
            return {"seq": seq, "unsupported": f"{error}{self.session.only_pages_hint(message)}"}
        except KeyError as error:
            if error.__traceback__ is not None and error.__traceback__.tb_next is not None and _user_frames(error):
                return {"seq": seq, "error": _error(error)}
            return {"seq": seq, "error": {"message": f"{command} came without {error}"}}
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a kernel's failure is an answer, and so is its wish to exit
            return {"seq": seq, "error": _error(error)}

    def start(self, message: Mapping[str, Any]) -> Dict[str, Any]:
        if message.get("protocol") != 1:
            return _unavailable(f"attn_cts.py speaks protocol 1, not {message.get('protocol')!r}", "take the attn_cts.py of your attention-cts")
        try:
            session = self.opening()
            documents = message.get("operators")
            session.begin(documents if isinstance(documents, dict) else {})
            self.session = session
            return session.start()
        except Unavailable as error:
            return _unavailable(error.reason, error.remedy)
        except ModuleNotFoundError as error:
            return _unavailable(
                f"{sys.executable} has no module {error.name}", f"{sys.executable} -m pip install {error.name}, or name another with --python PATH"
            )
        except KernelError as error:
            return _unavailable(str(error), "mend what the message names")
        except Exception as error:
            frames = _user_frames(error)
            where = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
            return _unavailable(f"the kernel's file does not load: {type(error).__name__}: {error}{where}", "mend the file")


def _unavailable(reason: str, remedy: str) -> Dict[str, Any]:
    return {"protocol": 1, "unavailable": {"reason": reason, "remedy": remedy}}


def _open_target(target: str) -> Session:
    """file.py:function, or file.py with a single kernel in it; package.module:function; hub:OWNER/KERNEL:function."""
    if target.startswith(HUB):
        return _session(_of_hub(target[len(HUB) :]))
    if ".py" not in target:
        return _session(_of_module(target))
    path, _, name = target.rpartition(":") if ".py:" in target else (target, "", "")
    if not os.path.isfile(path):
        raise Unavailable(f"no such file: {path}", "name a file, as in kernel.py:my_attention")
    return _session(_find(_load(path), name, path))


def _of_module(target: str) -> Kernel:
    """The kernel that a module of this Python has, by its dotted name. Raises Unavailable where there is none."""
    path, _, name = target.partition(":")
    # as python -m finds it
    sys.path.insert(0, os.getcwd())
    try:
        module = importlib.import_module(path)
    except ModuleNotFoundError as error:
        if not path.startswith(error.name or "."):
            raise
        raise Unavailable(f"{sys.executable} has no module {error.name}", "install it, name another Python with --python PATH, or name a file, as in kernel.py:my_attention")
    return _find(module, name, path)


HUB = "hub:"


def _of_hub(target: str) -> Kernel:
    """A function of a kernel of the Hugging Face Hub, which the library `kernels` fetches as it is set up to. Raises Unavailable where it is not there."""
    repository, _, name = target.partition(":")
    try:
        import kernels
    except ModuleNotFoundError:
        raise Unavailable(f"{sys.executable} has no module kernels, which loads kernels of the Hub", f"{sys.executable} -m pip install kernels")
    try:
        module = kernels.get_kernel(repository)
    except Exception as error:  # no such kernel, none for this device, no network
        raise Unavailable(f"the Hub's kernel {repository} does not load: {type(error).__name__}: {error}", "check its name, its builds for this machine, and the network")
    if not name:
        public = sorted(key for key, value in vars(module).items() if callable(value) and not key.startswith("_"))
        raise Unavailable(f"hub:{repository} names no function", f"name one, as in hub:{repository}:{public[0] if public else 'attention'}; it has {', '.join(public) or 'none'}")
    return _find(module, name, f"hub:{repository}")


def _load(path: str) -> Any:
    folder = os.path.dirname(os.path.abspath(path))
    sys.path.insert(0, folder)
    _owns_folder_of(path)
    with open(path, encoding="utf-8", errors="replace") as file:
        _import_torch_of(file.read())
    if _Process.seal is not None:
        _Process.seal.add_torch()
    name = os.path.splitext(os.path.basename(path))[0]
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    _Process.loading = True
    try:
        with Looks.at_load():
            spec.loader.exec_module(module)
    finally:
        _Process.loading = False
    return module


def _find(module: Any, name: str, path: str) -> Kernel:
    functions = [key for key, value in vars(module).items() if callable(value) and getattr(value, "__module__", None) == module.__name__]
    if not name:
        return _only_kernel(vars(module), path, [key for key in functions if not key.startswith("_") and not isinstance(vars(module)[key], type)])
    function = getattr(module, name, None)
    if function is None:
        near = difflib.get_close_matches(name, functions, 3) or sorted(functions)
        raise Unavailable(f"{path} has no function {name}", f"it has {', '.join(near) or 'none'}")
    if not callable(function):
        raise Unavailable(f"{name} in {path} is a {type(function).__name__}, no function", f"it has {', '.join(functions) or 'none'}")
    return _kernel_of(function)


def _kernel_of(function: Callable) -> Kernel:
    """A function that is not decorated claims what its signature says."""
    if not hasattr(function, "attn_cts"):
        kernel(function)
    return _sound(function.attn_cts)


def _sound(claims: Union[Kernel, KernelError]) -> Kernel:
    if isinstance(claims, KernelError):
        raise claims
    return claims


def _only_kernel(names: Mapping[str, Any], path: str, undecorated: Sequence[str] = ()) -> Kernel:
    """The only function with @kernel; where there is none, the only one of `undecorated`, the other functions of the file."""
    decorated = {id(value): key for key, value in names.items() if isinstance(getattr(value, "attn_cts", None), (Kernel, KernelError))}
    choices = list(decorated.values()) or list(undecorated)
    if len(choices) == 1:
        return _kernel_of(names[choices[0]])
    if not choices:
        raise Unavailable(f"{path} has no function to judge", "put @kernel above the line def my_attention(q, k, v)")
    which = " with @kernel" if decorated else ""
    raise Unavailable(f"{path} has {len(choices)} functions{which}: {', '.join(choices)}", f"name one, as in {path}:{choices[0]}")


def serve(function: Optional[Callable] = None) -> None:
    """Answers the suite on stdin and stdout until it says stop: for the end of a kernel's file, under `if __name__ == "__main__":`.
    function: by default the only one in that file with @kernel."""
    if function is None:
        names = sys._getframe(1).f_globals
        _run(lambda: _session(_only_kernel(names, names.get("__file__", "this file"))))
    else:
        _run(lambda: _session(_kernel_of(function)))


def _run(opening: Callable[[], Session], hidden: bool = False) -> None:
    """Answers the suite on stdin and stdout until it says stop. hidden: this process is the suite's own, and does not show it."""
    if sys.stdin.isatty():
        print("attn_cts: waiting for the suite on stdin; start it with: npx attention-cts run --adapter python:FILE.py:FUNCTION", file=sys.stderr)
    # the protocol keeps its pipes to itself: what a kernel, or a library under it, prints goes to stderr, and reads nothing
    if _rank() > 0:
        if hidden:
            _hide()
        session = opening()
        if isinstance(session, JobSession):
            return session.follow()
    requests, _Process.replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.stdout = sys.stderr
    server = Server(opening)
    reply_to = sealed(server)
    if hidden:
        _hide()
    for line in requests:
        reply = reply_to(line)
        if reply is None:
            break
        _say(reply)
    if server.session is not None:
        server.session.close()


def sealed(server: Server, seal: Optional[Seal] = None) -> Callable[[Union[str, bytes]], Optional[Dict[str, Any]]]:
    """The answers of a server, which say so instead where a kernel has replaced what the harness relies on. seal: made before; by default now."""
    seal = _Process.seal = seal or Seal()
    Watch.others = Watch.others or set(sys._current_frames())
    broken, add_torch, reply = seal.broken, seal.add_torch, server.reply

    def answer(line: Union[str, bytes]) -> Optional[Dict[str, Any]]:
        add_torch()
        said = reply(line)
        problem = broken() if said is not None and "seq" in said else None
        return said if problem is None else {"seq": said["seq"], "error": {"message": problem, "kind": "misbehaviour"}}

    return answer


def main(arguments: Sequence[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help") or (arguments[1:] and arguments[1] != RANKS):
        usage = "usage: python attn_cts.py FILE.py:FUNCTION [--ranks N]    serves it to the suite: npx attention-cts run --adapter python:FILE.py:FUNCTION"
        print(usage, file=sys.stderr)
        return 2
    if _wanted_ranks() > 1:
        # JAX looks for it when it is imported
        os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} --xla_force_host_platform_device_count={_wanted_ranks()}".strip()
    _run(lambda: _open_target(arguments[0]), hidden=True)
    return 0


# --- checks of a run under pytest --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Check:
    """One check of a finished run; calling it under pytest passes, skips or fails with the minimal case."""

    result: Mapping[str, Any]
    text: str

    def __str__(self) -> str:
        return self.result["id"]

    def __call__(self) -> None:
        import pytest

        verdict = self.result["verdict"]
        if verdict in ("unsupported", "unavailable", "not-run"):
            pytest.skip(f"{verdict}: {self.result.get('reason', '')}")
        if verdict != "pass":
            pytest.fail(self.text, pytrace=False)


@functools.lru_cache(maxsize=None)
def checks(target: str, *arguments: str) -> Tuple[Check, ...]:
    """Runs `attn-cts run --adapter python:TARGET`, once for the same arguments, and gives its checks, for pytest.mark.parametrize.

    target: file.py:function. arguments: further ones of attn-cts run, such as "--runs", "20". The command is the environment variable
    ATTN_CTS, else attn-cts on the path, else npx attention-cts. Raises RuntimeError where nothing was judged.
    """
    adapter = f"python:{target}"
    out = arguments[arguments.index("--out") + 1] if "--out" in arguments else "attn-cts-out"
    with tempfile.TemporaryDirectory() as folder:
        document = os.path.join(folder, "result.json")
        command = [*_command(), "run", "--adapter", adapter, "--python", sys.executable, "--reporter", f"json={document}", *arguments]
        finished = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            with open(document, encoding="utf-8") as file:
                result = json.load(file)
        except FileNotFoundError:
            raise RuntimeError(f"{shlex.join(command)} ended with {finished.returncode} and no result:\n{finished.stdout}") from None
    for one in result["adapters"]:
        if "unavailable" in one:
            raise RuntimeError(f"{one['id']}: {one['unavailable']['reason']} ({one['unavailable']['remedy']})")
    return tuple(Check(check, _describe(check, adapter, out)) for check in result["checks"])


def conforms(function: Optional[Callable] = None, **judged: Any) -> Callable:
    """Makes a kernel a test of pytest: its plugin, which comes with `pip install attention-cts`, judges the function in the process that holds the device.

    judged: arguments of `attn_cts.judge`, such as profile="core", runs=20. Put it above @kernel or @scheme, or on a function without claims. Outside of pytest it does nothing.
    """
    if function is None:
        return functools.partial(conforms, **judged)
    function.attn_cts_conforms = judged
    return function


def _command() -> List[str]:
    if os.environ.get("ATTN_CTS"):
        return shlex.split(os.environ["ATTN_CTS"])
    return ["attn-cts"] if shutil.which("attn-cts") else ["npx", "attention-cts"]


def _describe(check: Mapping[str, Any], adapter: str, out: str) -> str:
    """The minimal case, expected and actual, and the line that replays it."""
    failure = check.get("failure") or {}
    lines = [f"{check['verdict']} {check['id']} ({check.get('class', '')})", check.get("reason", "")]
    if failure:
        lines.append(f"case      {json.dumps(failure['case'])}")
    if "expected" in failure:
        place = f"{failure.get('output', 'output')}{failure.get('index', '')}"
        lines.append(f"at        {place}: expected {failure['expected']}, actual {failure.get('actual')}, bound {failure.get('bound')}")
    lines += [f"{what:<10}{failure[what]}" for what in ("message", "hint", "where") if what in failure]
    if "folder" in failure:
        parallel = failure["case"].get("parallel") or {}
        ranks = f" --ranks {max(8, parallel['ranks']) if '/any-world/' in check['id'] else parallel['ranks']}" if parallel.get("transport", "simulated") != "simulated" else ""
        lines.append(f"replay    {shlex.join(_command())} replay {out}/{failure['folder']}/failure.json --adapter {shlex.quote(adapter)}{ranks}")
    return "\n".join(line for line in lines if line)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
