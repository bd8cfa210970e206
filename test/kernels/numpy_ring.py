#!/usr/bin/env python3
"""Ring attention in NumPy on several processes, behind process protocol 1 with the capability "schemes".

Usage:  python3 numpy_ring.py WORLD [--merge weighted|difference] [--declare] [--spec FILE] [--fault NAME] [--silent]

It stands for a scheme that somebody else wrote: it knows the protocol and nothing of the suite. Every rank is a process with a pipe to each
neighbour; keys and values go round, and each rank merges what a block gives into its running o and LSE, all in float32. Rank 0 is asked, and every
rank writes its outputs into a file of its own. `--merge difference` merges by out - sigmoid(lse_block - lse) * (out - block), and `--declare` says
so; `--silent` names no rank's outputs, as the first edition of the protocol; `--fault` plants one fault (FAULTS). Needs NumPy and Linux.
"""
import argparse
import json
import multiprocessing
import os
import signal
import sys
import threading
import time

import numpy as np
from numpy_flash import Kernel, Unsupported, read_safetensors, write_safetensors

FAULTS = {
    "zeros": "rank 1 returns zeros",
    "nan": "rank 1 returns one NaN",
    "shape": "rank 1 returns the rows of its own tokens alone",
    "dtype": "rank 1 returns float64",
    "no-file": "rank 1 names a file that it does not write",
    "elsewhere": "rank 1 names a file in another folder",
    "last-bit": "rank 1 returns one element that differs in its last bit, which is right",
    "dies": "rank 1 is killed in its third call",
    "hangs": "rank 1 waits for ever in its third call",
    "quits": "rank 1 exits with code 7 in its third call",
}
LATE = 3
"""The call in which a rank dies."""


def weighted(o, lse, block, block_lse):
    """The running o and LSE with a block's added, by weights, in float32."""
    new = np.logaddexp(lse, block_lse)
    with np.errstate(invalid="ignore"):
        old_weight = np.where(np.isneginf(lse), 0, np.exp(lse - new)).astype(np.float32)
        weight = np.where(np.isneginf(block_lse), 0, np.exp(block_lse - new)).astype(np.float32)
    return o * old_weight[..., None] + block * weight[..., None], new


def difference(o, lse, block, block_lse):
    """The same by a difference, which cancels where the block has nearly all the weight."""
    with np.errstate(invalid="ignore", over="ignore"):
        x = np.where(np.isneginf(block_lse), -np.inf, np.where(np.isneginf(lse), np.inf, block_lse - lse)).astype(np.float32)
        share = (1 / (1 + np.exp(-x))).astype(np.float32)
        # lse - logsigmoid(lse - block_lse)
        grown = lse + np.logaddexp(np.float32(0), x)
    return o - share[..., None] * (o - block), np.where(np.isneginf(lse), block_lse, grown).astype(np.float32)


MERGES = {"weighted": weighted, "difference": difference}


class Blocks(Kernel):
    """Attention of some queries over some keys of a larger problem."""

    def cells(self, case, t, rows, columns):
        """Which of these queries see which of these keys: [b, hq, rows, columns]."""
        b, hq, m, _ = t["q"].shape
        n = t["k"].shape[2]
        return np.stack([[self.allowed(case, t, x, h, m, n)[rows][:, columns] for h in range(hq)] for x in range(b)])

    def block(self, case, q, k, v, cells):
        plain = {**case, "mask": {"name": "full"}, "options": {"scale": self.scale(case, q.shape[3])}}
        return self.forward(plain, {"q": q, "k": k, "v": v, "mask": cells})


def own(length, ranks, rank):
    """Tokens of a rank: contiguous."""
    return slice(length * rank // ranks, length * (rank + 1) // ranks)


class Rank:
    """One rank of the ring. `left` and `right` are pipes to the neighbours."""

    def __init__(self, rank, ranks, left, right, options):
        self.rank, self.ranks, self.left, self.right, self.options = rank, ranks, left, right, options
        self.kernel = Blocks()
        self.calls = self.sent = self.received = 0

    def hop(self, tensors):
        """Sends tensors to the right, and returns those from the left."""
        if self.ranks == 1:
            return tensors
        # a pipe holds little: who only sends never gets to receive
        sender = threading.Thread(target=self.right.send, args=(tensors,))
        sender.start()
        got = self.left.recv()
        sender.join()
        self.sent += sum(t.nbytes for t in tensors)
        self.received += sum(t.nbytes for t in got)
        return got

    def whole(self, tensors):
        """Of each tensor [b, h, tokens, ...] the tokens of every rank, which went round once; not counted."""
        counts = self.sent, self.received
        parts = {self.rank: tensors}
        for step in range(1, self.ranks):
            parts[(self.rank - step) % self.ranks] = self.hop(parts[(self.rank - step + 1) % self.ranks])
        self.sent, self.received = counts
        return [np.concatenate([parts[rank][at] for rank in range(self.ranks)], axis=2) for at in range(len(tensors))]

    def blocks(self, case, t, kv):
        """For each block of keys as it comes round: its place, its tensors, and which of the rank's queries see which of them."""
        n = t["k"].shape[2]
        for step in range(self.ranks):
            columns = own(n, self.ranks, (self.rank - step) % self.ranks)
            yield columns, kv, self.kernel.cells(case, t, own(t["q"].shape[2], self.ranks, self.rank), columns)
            if step < self.ranks - 1:
                kv = self.hop(kv)

    def forward(self, case, t):
        merge = MERGES[self.options.merge]
        rows, columns = own(t["q"].shape[2], self.ranks, self.rank), own(t["k"].shape[2], self.ranks, self.rank)
        q = t["q"][:, :, rows]
        o = np.zeros((*q.shape[:3], t["v"].shape[3]), np.float32)
        lse = np.full(q.shape[:3], -np.inf, np.float32)
        area = 0
        for _, (k, v), cells in self.blocks(case, t, [t["k"][:, :, columns], t["v"][:, :, columns]]):
            part = self.kernel.block(case, q, k, v, cells)
            o, lse = merge(o, lse, part["o"], part["lse"])
            area += int(cells.sum())
        return o, lse, area

    def work(self, case, t):
        self.sent = self.received = 0
        o, lse, area = self.forward(case, t)
        whole_o, whole_lse = self.whole([o, lse])
        return {"o": whole_o, "lse": whole_lse}, {"sent": self.sent, "received": self.received, "area": area}

    def call(self, message, path):
        """Writes this rank's outputs, and returns what it reports."""
        self.calls += 1
        self.fail()
        with np.errstate(all="ignore"):
            tensors, counts = self.work(message["case"], read_safetensors(message["inputs"]))
        return {**counts, "outputs": self.write(path, tensors)}

    def write(self, path, tensors):
        fault = self.options.fault if self.rank == 1 else None
        if fault == "zeros":
            tensors = {name: np.zeros_like(t) for name, t in tensors.items()}
        if fault == "shape":
            tensors = {name: t[:, :, own(t.shape[2], self.ranks, 1)] for name, t in tensors.items()}
        if fault == "dtype":
            tensors = {name: t.astype(np.int32) for name, t in tensors.items()}
        if fault == "nan":
            tensors["o"].flat[-1] = np.nan
        if fault == "last-bit":
            tensors["o"].flat[-1] = np.nextafter(tensors["o"].flat[-1], np.float32(np.inf))
        if fault == "elsewhere":
            path = os.path.join("/tmp", os.path.basename(path))
        if fault not in ("no-file", "elsewhere"):
            write_safetensors(path, tensors)
        return path

    def fail(self):
        if self.rank != 1 or self.calls != LATE:
            return
        if self.options.fault == "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        if self.options.fault == "quits":
            os._exit(7)
        while self.options.fault == "hangs":
            time.sleep(1)


def leave_with(parent):
    """Ends this process when the one that started it is gone: its pipes stay open among the ranks."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(0)


def follow(rank, control, parent):
    """The life of a rank that is not asked."""
    threading.Thread(target=leave_with, args=(parent,), daemon=True).start()
    while True:
        heard = control.recv()
        if heard is None:
            return
        try:
            control.send(rank.call(*heard))
        except Unsupported as error:
            control.send({"unsupported": str(error)})


class Job:
    """Rank 0 in this process, with the others in processes of their own."""

    def __init__(self, ranks, options):
        context = multiprocessing.get_context("fork")
        # pipe r goes from rank r to rank r + 1
        pipes = [context.Pipe() for _ in range(ranks)]
        self.ranks, self.options = ranks, options
        self.first = Rank(0, ranks, pipes[-1][1], pipes[0][0], options)
        self.controls, self.members = [], []
        for rank in range(1, ranks):
            mine, theirs = context.Pipe()
            member = Rank(rank, ranks, pipes[rank - 1][1], pipes[rank][0], options)
            self.members.append(context.Process(target=follow, args=(member, theirs, os.getpid()), daemon=True))
            self.members[-1].start()
            self.controls.append(mine)

    def watch(self, message):
        """Says which rank is gone, or has not answered in time, in place of this process, which waits for it."""

        def give_up(kind, text):
            print(json.dumps({"seq": message["seq"], "error": {"message": text, "kind": kind}}), flush=True)
            os._exit(1)

        def look():
            deadline = time.monotonic() + message.get("timeout", 1e9)
            while self.answered < message["seq"]:
                time.sleep(0.05)
                if self.answered >= message["seq"]:
                    return
                for rank, member in enumerate(self.members, 1):
                    if member.exitcode is not None:
                        give_up("rank-died", f"rank {rank} of {self.ranks} ended with {member.exitcode}")
                if time.monotonic() > deadline:
                    late = [str(rank) for rank, control in enumerate(self.controls, 1) if not control.poll()]
                    give_up("rank-hangs", f"no answer of rank {', '.join(late)} of {self.ranks} in time")

        threading.Thread(target=look, daemon=True).start()

    answered = 0

    def answer(self, message):
        paths = [message["outputs"] + (f".rank{rank}" if rank else "") for rank in range(self.ranks)]
        if message["cmd"] != "forward":
            raise Unsupported(f"command {message['cmd']}")
        m, n = message["case"]["dims"]["m"], message["case"]["dims"]["n"]
        if "parallel" in message["case"] and m != n:
            raise Unsupported(f"queries lie with their tokens: m = n is needed, found m = {m}, n = {n}")
        if m % self.ranks:
            raise Unsupported(f"the number of tokens, {m}, is no multiple of {self.ranks}")
        for control, path in zip(self.controls, paths[1:]):
            control.send((message, path))
        self.watch(message)
        try:
            reports = [self.first.call(message, paths[0]), *(control.recv() for control in self.controls)]
        except (EOFError, OSError):
            # a rank is gone: the watch says which
            time.sleep(2)
            raise
        self.answered = message["seq"]
        refused = [report["unsupported"] for report in reports if "unsupported" in report]
        if refused:
            raise Unsupported(refused[0])
        if self.options.silent:
            for report in reports:
                del report["outputs"]
        return reports


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("world", type=int)
    parser.add_argument("--merge", choices=sorted(MERGES), default="weighted")
    parser.add_argument("--declare", action="store_true")
    parser.add_argument("--spec")
    parser.add_argument("--fault", choices=sorted(FAULTS))
    parser.add_argument("--silent", action="store_true")
    parser.add_argument("--worlds", default="1,2,4")
    options = parser.parse_args()
    claim = {"worlds": [int(world) for world in options.worlds.split(",")], **({"spec": os.path.abspath(options.spec)} if options.spec else {})}
    start = {
        "protocol": 1,
        "adapter": {"id": "numpy-ring", "title": "Ring attention in NumPy", "version": "1.0.0"},
        "environment": {"numpy": np.__version__, "python": sys.version.split()[0]},
        "capabilities": {
            "dtypes": ["f32"], "operators": ["softmax"], "masks": ["full", "causal"], "denseMask": "boolean", "options": ["scale"],
            "outputs": ["o", "lse"], "schemes": {"numpy-ring": claim},
            "numeric": {"accumulate": "f32", **({"merge": options.merge} if options.declare else {})},
        },
    }
    job = Job(options.world, options)
    for line in sys.stdin:
        message = json.loads(line)
        if message["cmd"] == "stop":
            return
        if message["cmd"] == "start":
            print(json.dumps(start), flush=True)
            continue
        try:
            reply = {"ok": True, "ranks": job.answer(message)}
        except Unsupported as error:
            reply = {"unsupported": str(error)}
        print(json.dumps({"seq": message["seq"], **reply}), flush=True)


if __name__ == "__main__":
    main()
