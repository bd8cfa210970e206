"""Honest kernels are not accused; settings and types that a kernel leaves behind are seen. Run by harness.e2e.test.ts, with the others here."""

import logging
import signal
import sys
import threading
import traceback
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from calling import asked

import attn_cts
from attn_cts import Misbehaviour

pool = ThreadPoolExecutor(2)


def with_a_pool(q, k, v):
    return next(iter(pool.map(lambda x: x + 0, [v])))


def joined(q, k, v):
    out = np.empty_like(v)
    worker = threading.Thread(target=lambda: np.copyto(out, v))
    worker.start()
    worker.join()
    return out


def scalar_steps(q, k, v):
    return np.stack([row for row in v])


def prints_where_it_failed(q, k, v):
    try:
        raise ValueError("tried another way first")
    except ValueError:
        traceback.print_exc()
    logging.getLogger("kernel").warning("slow path")
    warnings.warn("slow path")
    return v.copy()


@pytest.mark.parametrize("honest", [with_a_pool, joined, scalar_steps, prints_where_it_failed])
def test_an_honest_kernel_is_not_accused(honest, tmp_path):
    for _ in range(3):
        assert asked(honest, tmp_path)["ok"]


def late_detach(tensor):
    tensor.detach = lambda: tensor
    return tensor


def test_pytorchs_own_subclasses_are_plain(tmp_path):
    torch = pytest.importorskip("torch")
    assert asked(lambda q, k, v: torch.nn.Parameter(v.clone()), tmp_path, framework="torch")["ok"]

    class Late(torch.Tensor):
        pass

    with pytest.raises(Misbehaviour, match="Late, a subclass of Tensor"):
        asked(lambda q, k, v: v.as_subclass(Late), tmp_path, framework="torch")

    class Seeing(torch.overrides.TorchFunctionMode):
        def __torch_function__(self, function, types, args=(), kwargs=None):
            return function(*args, **(kwargs or {}))

    for exploit, said in (
        (lambda q, k, v: late_detach(v.clone()), "a Tensor with a detach of its own"),
        (lambda q, k, v: torch.set_default_dtype(torch.float64) or v.clone(), "changed the default dtype of PyTorch from torch.float32 to torch.float64"),
        (lambda q, k, v: torch.set_float32_matmul_precision("medium") or v.clone(), "precision of PyTorch's float32 products from highest to medium"),
        (lambda q, k, v: Seeing().__enter__() and v.clone(), "the number of PyTorch's modes"),
        (lambda q, k, v: torch.set_flush_denormal(True) and v.clone(), "the flushing of denormal numbers"),
    ):
        for _ in range(2):
            with pytest.raises(Misbehaviour, match=said):
                asked(exploit, tmp_path, framework="torch")
    assert torch.get_default_dtype() == torch.float32
    own = torch.allclose
    try:
        torch.allclose = lambda *_: True
        with pytest.raises(Misbehaviour, match=r"torch\.allclose was replaced"):
            asked(lambda q, k, v: v.clone(), tmp_path, framework="torch")
    finally:
        torch.allclose = own


@pytest.mark.parametrize("waited, elapsed, seen", [(5e-3, 1e-3, True), (20e-6, 1e-6, False), (1e-3, 1.0, False)])
def test_work_on_another_stream_is_seen(waited, elapsed, seen):
    if seen:
        with pytest.raises(Misbehaviour, match="work went on for"):
            attn_cts.require_no_work(waited, elapsed)
    else:
        attn_cts.require_no_work(waited, elapsed)


def recurses(q, k, v):
    return recurses(q, k, v)


def nests(depth):
    return depth if depth == 0 else nests(depth - 1)


def test_a_kernel_that_calls_itself_without_end_raises(tmp_path):
    own = sys.getrecursionlimit(), sys.setrecursionlimit

    def raises_the_limit(q, k, v):
        sys.setrecursionlimit(10**9)
        return recurses(q, k, v)

    try:
        for exploit, limit in ((recurses, 10**9), (raises_the_limit, own[0])):
            sys.setrecursionlimit(limit)
            with pytest.raises(RecursionError):
                asked(exploit, tmp_path)
            assert (sys.getrecursionlimit(), sys.setrecursionlimit) == (limit, own[1])
    finally:
        sys.setrecursionlimit(own[0])


def test_the_recursion_limit_is_set_back(tmp_path):
    before = sys.getrecursionlimit()

    def deeper(q, k, v):
        sys.setrecursionlimit(before + 2000)
        nests(before)
        return v.copy()

    def lower(q, k, v):
        sys.setrecursionlimit(before // 2)
        return v.copy()

    assert asked(deeper, tmp_path)["ok"] and sys.getrecursionlimit() == before
    with pytest.raises(Misbehaviour, match=f"recursion limit from {before} to {before // 2}"):
        asked(lower, tmp_path)
    assert sys.getrecursionlimit() == before


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers on this system")
def test_a_timer_that_is_left_running_is_seen(tmp_path):
    before = signal.signal(signal.SIGALRM, lambda *_: None)

    def later(q, k, v):
        signal.setitimer(signal.ITIMER_REAL, 30)
        return v.copy()

    try:
        with pytest.raises(Misbehaviour, match="whether a timer of the process runs from False to True"):
            asked(later, tmp_path)
        assert signal.getitimer(signal.ITIMER_REAL)[0] == 0
    finally:
        signal.signal(signal.SIGALRM, before)
