"""A scheme that is given its shards: each rank is handed its own tokens, and its outputs are judged from its own file."""

from __future__ import annotations

import os
from typing import Any, Dict, List, Mapping, Optional, Tuple

import numpy as np

from .base import Tensor, _own_files
from .safetensors import Raw, _write_new, decode_safetensors
from .claims import Kernel, Problem
from .frameworks import NumPy
from .session import Session
from .job import JobSession, _wanted_ranks
from .shards import Shard

_own_files.add(__file__)


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
