"""Bytes and cells that a rank of a scheme sends and computes."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Iterator, Mapping, Tuple

from .base import _own_files

_own_files.add(__file__)


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
