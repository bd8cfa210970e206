"""Tensors in files: eight bytes of length, a JSON header, raw bytes."""

from __future__ import annotations

import json
import math
import os
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Tuple, Union

import numpy as np


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
