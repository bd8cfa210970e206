"""Workloads: their page tables and lengths are kept, numbers are drawn from a seed that is stored, and what a Solution makes of them is held to the oracle."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

import numpy as np

from ..harness.safetensors import decode_safetensors
from .documents import Definition, DocumentError, read_lines, require_no_pointer
from .domain import false_constraint
from .schema import workload_problems
from .kernels.calls import workspace
from .signatures import Match
from .solutions import status_of
from .workload_oracle import DELTA_RULES, cache_shape, compare

STRUCTURE = ("qo_indptr", "kv_indptr", "kv_indices", "last_page_len", "block_table", "seq_lens", "sparse_indices", "cu_seqlens", "block_lists", "state_indices")
"""Roles whose numbers say where things lie: none of them is drawn."""
DISTRIBUTIONS = ("normal", "peaked")


@dataclass(frozen=True)
class Workload:
    place: str
    """File and line."""
    document: Mapping[str, Any]
    given: Mapping[str, Any]
    """Arrays and scalars that it brings, by the names of inputs."""

    @property
    def uuid(self) -> str:
        return str(self.document["uuid"])


def read_workloads(path: str, d: Definition, root: Optional[str] = None) -> List[Workload]:
    """The lines of a file that are workloads of a Definition. Raises DocumentError for one that is not as its schema says, and for files of tensors that are missing or pointers."""
    found: List[Workload] = []
    for place, line in read_lines(path):
        if not isinstance(line, dict) or not isinstance(line.get("workload"), dict):
            raise DocumentError(f"{place}: not a workload: must be an object with definition and workload")
        if line.get("definition") != d.name:
            continue
        problems = workload_problems(line["workload"], d)
        if problems:
            raise DocumentError(f"{place}: {'; '.join(problems)}")
        found.append(Workload(place, line["workload"], _given(line["workload"], d, place, root or os.path.dirname(path))))
    if not found:
        raise DocumentError(f"{path}: has no workload of {d.name}")
    return found


def _given(document: Mapping[str, Any], d: Definition, place: str, root: str) -> Dict[str, Any]:
    given: Dict[str, Any] = {}
    sizes = {**{name: axis.value for name, axis in d.axes.items() if axis.kind == "const"}, **document["axes"]}
    for name, source in document.get("inputs", {}).items():
        if source["type"] == "scalar":
            given[name] = source["value"]
        elif source["type"] == "safetensors":
            array = _tensor(_found(source["path"], root, place), source["tensor_key"], place)
            wanted = [sizes.get(axis) for axis in d.inputs[name].shape or ()]
            if list(array.shape) != wanted:
                raise DocumentError(f"{place}: {name} is {list(array.shape)} in {source['path']}, must be {wanted} by its axes")
            given[name] = array
    return given


def _found(path: str, root: str, place: str) -> str:
    """A file by its path from the root of a data set, which is the folder of the workloads or one above it."""
    folder = os.path.abspath(root)
    while True:
        full = os.path.join(folder, path)
        if os.path.isfile(full):
            return full
        above = os.path.dirname(folder)
        if above == folder:
            raise DocumentError(f"{place}: no such file: {path}, looked for below {os.path.abspath(root)} and the folders above it")
        folder = above


def _tensor(path: str, key: str, place: str) -> np.ndarray:
    with open(path, "rb") as file:
        data = file.read()
    require_no_pointer(data, path)
    try:
        tensors = decode_safetensors(bytearray(data))
    except Exception as error:
        raise DocumentError(f"{place}: {path} is not a safetensors file: {error}") from None
    if key not in tensors:
        raise DocumentError(f"{place}: {path} has no tensor {key}; it has {', '.join(tensors) or 'none'}")
    return tensors[key].data


def judge_workload(found: Match, function: Callable[[Dict[str, Any]], Mapping[str, Any]], workload: Workload, seed: int) -> Dict[str, Any]:
    """Runs a Solution on a workload, once for each distribution of numbers. Returns its uuid, seed, status, why, and the largest errors."""
    result: Dict[str, Any] = {"uuid": workload.uuid, "seed": seed, "status": "PASSED", "why": "", "max_absolute_error": 0.0, "max_relative_error": 0.0, "worst_over_bound": 0.0}
    for distribution in DISTRIBUTIONS:
        values = inputs_of(found, workload, seed, distribution)
        before = {name: _bits(value) for name, value in values.items()}
        given = {name: value.clone() if name in found.outputs.values() else value for name, value in values.items()}
        try:
            outputs = function(given)
        except Exception as error:
            return {**result, "status": status_of(error), "why": f"{type(error).__name__}: {error}"}
        changed = [name for name, value in values.items() if name not in found.outputs.values() and _bits(value) != before[name]]
        if changed:
            return {**result, "status": "INCORRECT_NUMERICAL", "why": f"input {', '.join(changed)} was written into"}
        compared = compare(found, values, outputs)
        for key in ("max_absolute_error", "max_relative_error", "worst_over_bound"):
            result[key] = float(np.fmax(result[key], compared[key]))
        if compared["wrong"]:
            return {**result, "status": "INCORRECT_NUMERICAL", "why": f"{compared['wrong']} ({distribution} numbers of seed {seed})"}
    return result


def inputs_of(found: Match, workload: Workload, seed: int, distribution: str) -> Dict[str, Any]:
    """The inputs of a call by name: what the workload brings, and numbers for the rest. Raises DocumentError where a table is not there or points outside."""
    import torch

    from .solutions import torch_type

    d = found.definition
    device = "cuda" if torch.cuda.is_available() else "cpu"
    sizes = {**{name: axis.value for name, axis in d.axes.items() if axis.kind == "const"}, **workload.document["axes"]}
    values: Dict[str, Any] = {}
    for role, name in found.roles.items():
        spec = d.inputs[name]
        if name in workload.given:
            given = workload.given[name]
            values[name] = torch.from_numpy(np.array(given)).to(device) if isinstance(given, np.ndarray) else given
        elif role == "mask":
            continue
        elif role in STRUCTURE:
            raise DocumentError(f"{workload.place}: {name} is {'random' if name in workload.document.get('inputs', {}) else 'missing'}: inputs that hold positions cannot be drawn at random")
        elif role == "workspace_buffer":
            values[name] = workspace(found, torch, device)
        elif spec.shape is None:
            values[name] = _scalar(found, role, values)
        else:
            shape = [int(sizes[axis]) for axis in spec.shape]
            generator = torch.Generator().manual_seed(_number(seed, workload.uuid, name, distribution))
            drawn = torch.randn(shape, generator=generator)
            if role in ("q", "q_nope") and distribution == "peaked" and found.operator not in DELTA_RULES:
                drawn = drawn * 6
            if role in ("q", "k") and found.operator in DELTA_RULES:
                drawn = drawn / drawn.norm(dim=-1, keepdim=True)
            if role in ("k_scale", "v_scale"):
                drawn = drawn.abs() + 0.5
            if role == "g":
                drawn = -drawn.abs()
            if role == "b" and found.operator == "flashinfer-kda":
                drawn = drawn.sigmoid()
            values[name] = drawn.to(torch_type("float32" if spec.dtype == "unknown" else spec.dtype)).to(device)
    _require_inside(found, values, workload)
    false = false_constraint(d, values, workload.document["axes"])
    if false is not None:
        raise DocumentError(f"{workload.place}: the constraint {false} does not hold for its axes and inputs")
    return values


def _scalar(found: Match, role: str, values: Mapping[str, Any]) -> Any:
    if role in ("return_lse", "causal"):
        return True
    if role in found.settled:
        return found.settled[role]
    if role in ("bmm2_scale", "k_scale", "v_scale"):
        return 1.0
    if role == "max_seq_len":
        return max([1, *values[found.roles["seq_lens"]].reshape(-1).tolist()])
    if role == "seqlen_q":
        return values[found.roles["q"]].shape[0] // max(1, len(values[found.roles["kv_indptr"]]) - 1)
    size = found.sizes.get("d") or (found.sizes.get("c", 128) + found.sizes.get("r", 64))
    return float(size) ** -0.5


def _require_inside(found: Match, values: Mapping[str, Any], workload: Workload) -> None:
    def of(role: str) -> Optional[np.ndarray]:
        return values[found.roles[role]].cpu().numpy() if role in found.roles else None

    def refuse(role: str, problem: str) -> None:
        raise DocumentError(f"{workload.place}: {found.roles[role]} {problem}")

    lengths = {"qo_indptr": "q", "cu_seqlens": "q", "kv_indptr": "kv_indices" if "kv_indices" in found.roles else "k"}
    for role, of_role in lengths.items():
        starts = of(role)
        if starts is None:
            continue
        name = found.roles.get(of_role) or found.roles["q_nope"]
        total = values[name].shape[0]
        if len(starts) == 0 or starts[0] != 0 or (np.diff(starts) < 0).any() or starts[-1] > total:
            refuse(role, f"must go up from 0 to at most {total}, the length of {name}")
    inside = [("state_indices", 0, len(values[found.roles["state"]]) - 1)] if "state_indices" in found.roles else []
    shape = cache_shape(found, values)
    if shape is not None:
        pages, page = shape
        longest = values[found.roles["block_table"]].shape[1] * page if "block_table" in found.roles else 0
        inside += [("kv_indices", 0, pages - 1), ("block_table", -1, pages - 1), ("seq_lens", 0, longest)]
        inside += [("sparse_indices", -1, pages * page - 1), ("last_page_len", 0, page)]
    for role, least, most in inside:
        numbers = of(role)
        if numbers is not None and numbers.size and (numbers.min() < least or numbers.max() > most):
            refuse(role, f"has {numbers.min()} to {numbers.max()}, must be in {least} to {most}")


def _number(*parts: Any) -> int:
    return int.from_bytes(hashlib.sha256("/".join(map(str, parts)).encode()).digest()[:6], "big")


def _bits(value: Any) -> Any:
    return hashlib.sha256(value.detach().cpu().contiguous().reshape(-1).view(_bytes()).numpy().tobytes()).digest() if hasattr(value, "shape") and value.numel() else value


def _bytes() -> Any:
    import torch

    return torch.uint8
