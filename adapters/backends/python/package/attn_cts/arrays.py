"""Arrays of PyTorch, JAX and NumPy: their devices, dtypes and values."""

from __future__ import annotations

from typing import Any, Mapping

import numpy as np


def device_of(tensors: Mapping[str, Any]) -> str:
    """Device of the tensors, as the numeric profiles name it. Raises ValueError for one without a profile."""
    found = {_device_of(value) for value in tensors.values()}
    for device in ("cuda-tf32", "cuda"):
        if device in found:
            return device
    return "cpu"


def _device_of(value: Any) -> str:
    root = type(value).__module__.split(".")[0]
    if root == "torch":
        return _of_torch(value)
    if root in ("jax", "jaxlib"):
        platform = next(iter(value.devices())).platform
        return _known("cuda" if platform == "gpu" else platform)
    return "cpu"


def _of_torch(value: Any) -> str:
    import torch

    device = _known(value.device.type)
    if device != "cuda" or value.dtype != torch.float32:
        return device
    matmul = torch.backends.cuda.matmul
    precision = getattr(matmul, "fp32_precision", None)
    allowed = precision == "tf32" if precision not in (None, "none") else matmul.allow_tf32
    return "cuda-tf32" if allowed else "cuda"


def _known(device: str) -> str:
    if device not in ("cpu", "cuda"):
        raise ValueError(f"no numeric profile is known for the device {device}; name one: numeric=... (attn-cts list numerics)")
    return device


_SHORT = {"float64": "f64", "float32": "f32", "float16": "f16", "bfloat16": "bf16", "float8_e4m3fn": "f8e4m3", "float8_e5m2": "f8e5m2"}


def dtype_of(value: Any) -> str:
    """Dtype of an array, by the names of the suite."""
    name = str(value.dtype).split(".")[-1]
    return _SHORT.get(name, name)


def is_bool(value: Any) -> bool:
    """True for an array of booleans."""
    return str(value.dtype).split(".")[-1] in ("bool", "bool_")


def numpy_of(value: Any) -> np.ndarray:
    """An array of numbers; of halves that NumPy has no type for, in float32."""
    if type(value).__module__.split(".")[0] == "torch":
        value = value.detach().cpu()
        return value.float().numpy() if dtype_of(value) == "bf16" else value.numpy()
    array = np.asarray(value)
    return array if array.dtype.kind == "f" else array.astype(np.float32)


def like(array: np.ndarray, value: Any) -> Any:
    """An array as a tensor of the type that a value has."""
    if type(value).__module__.split(".")[0] != "torch":
        return array.astype(np.asarray(value).dtype)
    import torch

    return torch.from_numpy(np.ascontiguousarray(array)).to(value.dtype)


def with_axes(value: Any, count: int) -> Any:
    """An array with axes of size 1 in front."""
    for _ in range(count):
        value = value[None]
    return value
