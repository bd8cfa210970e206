"""8-bit floats of ml_dtypes, which JAX, TensorFlow and ONNX read and write caches with."""

from __future__ import annotations

import importlib
from typing import Optional

import numpy as np
import torch
from glue_parts import CACHE, attention
from published import Source

Tensor = torch.Tensor
source = Source("ml-dtypes").on_path()
ml_dtypes = importlib.import_module("ml_dtypes")


def codes(x: np.ndarray, kind) -> Tensor:
    with np.errstate(all="ignore"):
        return torch.from_numpy(x.astype(kind).view(np.uint8))


@source.kernel("fp8-write-nan")
def fp8_write_nan(x: Tensor, scale: Tensor):
    return codes((x / scale[:, None, None]).numpy(), ml_dtypes.float8_e4m3fn)


def numbers(x: Tensor, kind) -> Tensor:
    return torch.from_numpy(x.contiguous().numpy().view(kind).astype(np.float32))


@source.kernel("fp8-cache", **CACHE)
def fp8_cache(q, keyCodes, valueCodes, keyScale, valueScale, mask: Optional[Tensor] = None, scale: Optional[float] = None):
    k, v = (numbers(x, ml_dtypes.float8_e4m3fn) for x in (keyCodes, valueCodes))
    return attention(q, k * keyScale[:, None, None], v * valueScale[:, None, None], mask, scale)


@source.kernel("fp8-cache-e5m2", **CACHE)
def fp8_cache_e5m2(q, keyCodes, valueCodes, keyScale, valueScale, mask: Optional[Tensor] = None, scale: Optional[float] = None):
    k, v = (numbers(x, ml_dtypes.float8_e5m2) for x in (keyCodes, valueCodes))
    return attention(q, k * keyScale[:, None, None], v * valueScale[:, None, None], mask, scale)
