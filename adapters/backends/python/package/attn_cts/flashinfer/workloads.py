"""Workloads: their page tables and lengths are kept, numbers are drawn from a seed that is stored, and what a Solution makes of them is held to the oracle."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

import numpy as np

from ..expected import expected
from ..harness.safetensors import decode_safetensors
from .documents import Definition, DocumentError, read_lines, require_no_pointer
from .schema import workload_problems
from .signatures import SPEC, Match

STRUCTURE = ("qo_indptr", "kv_indptr", "kv_indices", "last_page_len", "block_table", "seq_lens", "sparse_indices", "cu_seqlens")
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
            raise DocumentError(f"{place}: no workload: must be an object with definition and workload")
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
        raise DocumentError(f"{place}: {path} is no safetensors file: {error}") from None
    if key not in tensors:
        raise DocumentError(f"{place}: {path} has no tensor {key}; it has {', '.join(tensors) or 'none'}")
    return tensors[key].data


def judge_workload(found: Match, function: Callable[[Dict[str, Any]], Mapping[str, Any]], workload: Workload, seed: int) -> Dict[str, Any]:
    """Runs a Solution on a workload, once for each distribution of numbers. Returns its uuid, seed, status, why, and the largest errors."""
    from .verdicts import status_of

    result: Dict[str, Any] = {"uuid": workload.uuid, "seed": seed, "status": "PASSED", "why": "", "max_absolute_error": 0.0, "max_relative_error": 0.0, "worst_over_bound": 0.0}
    for distribution in DISTRIBUTIONS:
        values = inputs_of(found, workload, seed, distribution)
        before = {name: _bits(value) for name, value in values.items()}
        try:
            outputs = function(dict(values))
        except Exception as error:
            return {**result, "status": status_of(error), "why": f"{type(error).__name__}: {error}"}
        changed = [name for name, value in values.items() if _bits(value) != before[name]]
        if changed:
            return {**result, "status": "INCORRECT_NUMERICAL", "why": f"input {', '.join(changed)} was written into"}
        compared = _compare(found, values, outputs)
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
        elif role in STRUCTURE:
            raise DocumentError(f"{workload.place}: {name} is {'random' if name in workload.document.get('inputs', {}) else 'missing'}: where things lie cannot be drawn")
        elif spec.shape is None:
            values[name] = _scalar(found, role)
        else:
            shape = [int(sizes[axis]) for axis in spec.shape]
            generator = torch.Generator().manual_seed(_number(seed, workload.uuid, name, distribution))
            drawn = torch.randn(shape, generator=generator)
            if role in ("q", "q_nope") and distribution == "peaked" and found.operator != "flashinfer-gdn":
                drawn = drawn * 6
            if role in ("q", "k") and found.operator == "flashinfer-gdn":
                drawn = drawn / drawn.norm(dim=-1, keepdim=True)
            values[name] = drawn.to(torch_type("float32" if spec.dtype == "unknown" else spec.dtype)).to(device)
    _require_inside(found, values, workload)
    return values


def _scalar(found: Match, role: str) -> Any:
    if role in ("return_lse", "causal"):
        return True
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
    cache = next((values[found.roles[role]] for role in ("k_cache", "ckv_cache") if role in found.roles), None)
    if cache is None:
        return
    pages, page = cache.shape[0], cache.shape[2] if found.heads_first else cache.shape[1]
    for role, least, most in (("kv_indices", 0, pages - 1), ("sparse_indices", -1, pages * page - 1), ("last_page_len", 0, page)):
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


def _compare(found: Match, values: Mapping[str, Any], outputs: Mapping[str, Any]) -> Dict[str, Any]:
    problem, back = problem_of(found, values)
    want = expected(dialect={"lseBase": "2"}, **problem)
    result: Dict[str, Any] = {"wrong": "", "max_absolute_error": 0.0, "max_relative_error": 0.0, "worst_over_bound": 0.0}
    for ours, name in found.outputs.items():
        exact, bound = back(ours, want.values[ours]), back(ours, want.bounds[ours])
        actual = outputs[name].detach().double().cpu().numpy()
        with np.errstate(invalid="ignore", divide="ignore"):
            error = np.abs(actual - exact)
            right = (error <= bound) | (actual == exact) | (np.isnan(actual) & np.isnan(exact)) | np.isinf(bound)
            finite = np.isfinite(exact)
            result["max_absolute_error"] = max(result["max_absolute_error"], _largest(error[finite]))
            result["max_relative_error"] = max(result["max_relative_error"], _largest(error[finite & (exact != 0)] / np.abs(exact[finite & (exact != 0)])))
            result["worst_over_bound"] = max(result["worst_over_bound"], _largest(error[finite & (bound > 0)] / bound[finite & (bound > 0)]))
        if not right.all() and not result["wrong"]:
            at = tuple(int(i) for i in np.argwhere(~right)[0])
            result["wrong"] = f"{int((~right).sum())} of {right.size} elements of {name} are wrong: {name}{list(at)} is {actual[at]}, must be {exact[at]} within {bound[at]}"
    return result


def _largest(values: np.ndarray) -> float:
    if values.size == 0:
        return 0.0
    return float("nan") if np.isnan(values).any() else float(values.max())


def problem_of(found: Match, values: Mapping[str, Any]) -> Tuple[Dict[str, Any], Callable[[str, np.ndarray], np.ndarray]]:
    """A call as arguments of `expected`, and what brings its results into the shape of the Definition's outputs."""
    import torch

    given = {role: values[name] for role, name in found.roles.items() if name in values}
    scale = {"scale": float(given["scale"])} if "scale" in given else {}
    if found.operator == "flashinfer-gdn":
        return _gated_delta(found, given, scale)
    latent = "q_nope" in given
    q = torch.cat([given["q_nope"], given["q_pe"]], -1) if latent else given["q"]
    if q.dim() == 2:
        q = q[None]
    lists = _rows(found, given, q.shape[0])
    if lists is None:
        k, v = given["k"], given["v"]
        cu_k = given.get("kv_indptr", torch.tensor([0, k.shape[0]]))
    else:
        if latent:
            k_all, v_all = torch.cat([given["ckv_cache"], given["kpe_cache"]], -1).flatten(0, 1)[:, None], given["ckv_cache"].flatten(0, 1)[:, None]
        else:
            k_all, v_all = (_tokens(given[role], found.heads_first) for role in ("k_cache", "v_cache"))
        rows = torch.tensor([row for part in lists for row in part], dtype=torch.long, device=q.device)
        k, v = k_all[rows], v_all[rows]
        cu_k = torch.tensor(np.concatenate([[0], np.cumsum([len(part) for part in lists])]))
    cu_q = given.get("qo_indptr")
    if cu_q is None:
        cu_q = torch.arange(q.shape[0] + 1) if lists is not None else torch.tensor([0, q.shape[0]])
    mask = "causal" if "qo_indptr" in given or given.get("causal") else "full"
    problem = {"q": q, "k": k, "v": v, "cu_q": cu_q.int().cpu(), "cu_k": cu_k.int().cpu(), "layout": "thd", "mask": mask, **scale}
    whole = found.definition.outputs[found.outputs["o"]].shape or ()

    def back(name: str, array: np.ndarray) -> np.ndarray:
        turned = array.T if name == "lse" else array
        return turned[0] if len(whole) == 2 else turned

    return problem, back


def _tokens(cache: Any, heads_first: bool) -> Any:
    return (cache.transpose(1, 2) if heads_first else cache).flatten(0, 1)


def _rows(found: Match, given: Mapping[str, Any], queries: int) -> Optional[List[List[int]]]:
    """Tokens of the cache that each sequence has, in order; None: there is no cache."""
    if "sparse_indices" in given:
        return [[int(i) for i in row if i != -1] for row in given["sparse_indices"].tolist()]
    cache = given.get("k_cache", given.get("ckv_cache"))
    if cache is None:
        return None
    page = cache.shape[2] if found.heads_first else cache.shape[1]
    if "block_table" in given:
        lengths = [int(n) for n in given["seq_lens"].reshape(-1).tolist()]
        tables = given["block_table"].tolist()
    else:
        starts, indices = given["kv_indptr"].tolist(), given["kv_indices"].tolist()
        tables = [indices[s:t] for s, t in zip(starts, starts[1:])]
        last = given["last_page_len"].tolist() if "last_page_len" in given else [page] * len(tables)
        lengths = [max(0, len(table) - 1) * page + last[b] if table else 0 for b, table in enumerate(tables)]
    return [[table[i // page] * page + i % page for i in range(n)] for table, n in zip(tables, lengths)]


def _gated_delta(found: Match, given: Mapping[str, Any], scale: Mapping[str, float]) -> Tuple[Dict[str, Any], Callable[[str, np.ndarray], np.ndarray]]:
    import torch

    counts = torch.diff(given["cu_seqlens"].long().cpu())
    problem = {
        "operator": "flashinfer-gdn",
        "spec": SPEC,
        **{name: given[name].transpose(0, 1).contiguous() for name in ("q", "k", "v", "a")},
        "betaLogit": given["b"].transpose(0, 1).contiguous(),
        "aLog": given["A_log"],
        "dtBias": given["dt_bias"],
        "segment": torch.repeat_interleave(torch.arange(len(counts)), counts).int(),
        "initial": given["state"].transpose(2, 3).contiguous(),
        **scale,
    }
    return problem, lambda name, array: array.swapaxes(0, 1) if name == "o" else array.swapaxes(2, 3)
