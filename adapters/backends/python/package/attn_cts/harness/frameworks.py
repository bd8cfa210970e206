"""Frameworks: whose tensors the kernel takes."""

from __future__ import annotations

import inspect
from time import perf_counter_ns
from typing import Any, Callable, Dict, Mapping, Optional, Sequence, Tuple

import numpy as np

from .base import KernelError, Tensor, Unavailable
from .safetensors import DTYPES, Raw, _BITS_ONLY
from .guards import free_memory, require_no_work, require_plain


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
            raise TypeError(f"an output of type {type(value).__name__} instead of a torch.Tensor")
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
            raise TypeError(f"an output of type {type(value).__name__} instead of a jax.Array")
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
