"""Schemes: attention on the ranks of a job."""

from __future__ import annotations

import functools
import hashlib
import inspect
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from .base import KernelError, Tensor, Unsupported, _error, _own_files, _say
from .safetensors import _write_new
from .claims import Kernel, Problem, _Checker, _with_claims, kernel
from .session import Session

_own_files.add(__file__)

RANKS = "--ranks"
STORE = "ATTN_CTS_STORE"
"""Of the ranks that rank 0 started: the port at which they meet."""


def scheme(
    function: Optional[Callable] = None,
    *,
    name: Optional[str] = None,
    worlds: Sequence[int] = (1, 2, 4),
    spec: Optional[str] = None,
    **claims: Any,
) -> Callable:
    """Says that a function computes attention on several ranks.

    It is called on every rank with whole tensors, shards them with `shard`, and returns whole outputs on every rank, with `unshard`. Gradients come from autograd (those
    of the ranks are summed), or from `backward`, which returns whole ones too. It refuses with `Unsupported`, on every rank, what it cannot compute.
    name: of the scheme; by default the function's.
    worlds: numbers of ranks that it runs on.
    spec: the scheme's document, a file beside the function's: what it needs and sends is then judged too.
    claims: as of `kernel`.

    Raises KernelError where this does not fit the function.
    """
    if function is None:
        return functools.partial(scheme, name=name, worlds=worlds, spec=spec, **claims)
    kernel(function, **claims)
    plain = function.attn_cts
    if isinstance(plain, KernelError):
        return function
    return _with_claims(function, lambda: _scheme_claims(function, plain, name, worlds, spec))


def _scheme_claims(function: Callable, plain: Kernel, name: Optional[str], worlds: Sequence[int], spec: Optional[str]) -> Kernel:
    check = _Checker(function)
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
    return replace(plain, capabilities=capabilities, worlds=tuple(worlds))


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

    if "group_name" in named:
        group = dist.distributed_c10d._resolve_process_group(named["group_name"])
    else:
        group = dist.ProcessGroup.unbox(named["process_group"])
    return group.rank(), group.size()


def _traffic(operation: str, named: Mapping[str, Any]) -> Tuple[int, int]:
    """Bytes that this rank sends and receives in one collective or message: of an all-reduce those of a ring, of the others each part sent directly to where it belongs."""
    if "wait_tensor" in operation or "barrier" in operation:
        return 0, 0
    if operation == "send":
        return _bytes(named["tensors"]), 0
    if operation.startswith("recv"):
        return 0, _bytes(named["tensors"])
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
        """The last words of the job."""
        _say({"seq": self.seq, "error": {"message": message, "kind": kind}})
        for helper in self.session.helpers:
            helper.kill()
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
            command = [sys.executable, *sys.argv]
            self.helpers.append(subprocess.Popen(command, env={**os.environ, **place}, stdin=subprocess.DEVNULL, stdout=2))

    def answer(self, message: Mapping[str, Any]) -> Dict[str, Any]:
        with open(message["inputs"], "rb") as file:
            content = file.read()
        self.watch.begin(message)
        self.tell((message, content))
        raws, problem = self.problem(message, content)
        outputs, reports, others = self.work(message["cmd"], problem)
        failed = next((report["failure"] for report in reports if report["failure"]), None)
        if failed:
            return failed
        self.finish(message, content, raws, problem, outputs)
        # a rank that has the bits of rank 0 needs no file of its own
        paths = [message["outputs"]] * self.ranks
        for rank, own in others.items():
            paths[rank] = f"{message['outputs']}.rank{rank}"
            _write_new(paths[rank], own)
        return {"ok": True, "ranks": [{**report["counts"], "outputs": path} for report, path in zip(reports, paths)]}

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
            self.work(message["cmd"], self.problem(message, content)[1])

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

    def work(self, command: str, problem: Problem) -> Tuple[bytes, List[Dict[str, Any]], Dict[int, bytes]]:
        """This rank's outputs as they lie in a file; and on rank 0 what every rank reports, and the outputs of the ranks that have others."""
        outputs = b""
        failure = None
        _job.reset()
        start = time.perf_counter_ns()
        try:
            results = self.backward_pass(problem) if command == "backward" else self.counted(self.forward(problem))
            outputs = self.encode(results, problem)
        except Unsupported as error:
            failure = {"unsupported": str(error)}
        except Exception as error:  # a scheme's failure is an answer
            failure = {"error": _error(error)}
        if failure:
            self.watch.say(f"has failed: {failure.get('unsupported') or failure['error']['message']}")
        counts = {"sent": _job.sent, "received": _job.received, "nanoseconds": time.perf_counter_ns() - start}
        if _job.area > 0:
            counts["area"] = _job.area
        report = {"failure": failure, "counts": counts, "digest": hashlib.sha256(outputs).digest()}
        try:
            reports = self.gather(report)
            # a rank's own outputs are sent only where they are not those of rank 0: they may be large, and its machine another
            failed = any(report["failure"] for report in reports)
            wanted = [] if failed else [rank for rank, report in enumerate(reports) if report["digest"] != reports[0]["digest"]]
            wanted = self.tell(wanted)
            others = self.gather(outputs if self.rank in wanted else None) if wanted else []
        except RuntimeError as error:
            # a rank that is gone does not come back
            if self.rank == 0:
                # the watch names the rank that is gone
                time.sleep(10 * _Watch.PERIOD)
            sys.exit(f"attn_cts: rank {self.rank} of {self.ranks} lost the others: {error}")
        self.watch.end()
        return outputs, reports, {rank: own for rank, own in enumerate(others) if own is not None}

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
            # each rank has those of its own tokens
            for gradient in gradients.values():
                self.dist.all_reduce(gradient)
        return gradients


def _rank() -> int:
    """In a job; 0 outside of one."""
    return int(os.environ.get("RANK", 0))


def _wanted_ranks() -> int:
    """Of the command line."""
    return int(sys.argv[sys.argv.index(RANKS) + 1]) if RANKS in sys.argv[:-1] else 1


def _session(found: Kernel) -> Session:
    if found.worlds is None:
        return Session(found)
    # JAX has all its devices in one process
    return JobSession(found, _wanted_ranks()) if found.framework == "torch" else Session(found)
