"""A scheme on the ranks of a PyTorch job."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

from .base import Tensor, Unsupported, _error, _own_files, _Process, _say
from .safetensors import _write_new
from .claims import Kernel, Problem
from .session import Session
from .counts import _job, _meter, _prepare_meter

_own_files.add(__file__)

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
