"""Guards of the harness: each sees an exploit that the others do not, and none accuses an honest kernel. Run by harness.test.ts, with the others here."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import attn_cts
from attn_cts import Misbehaviour, Raw, Session, encode_safetensors, kernel

DIMS = {"b": 1, "hk": 1, "g": 1, "m": 2, "n": 2, "d": 2, "e": 2}


def asked(function, tmp_path, command="forward", **more):
    """Asks a kernel for one call."""
    if not hasattr(function, "attn_cts"):
        kernel(function, framework=more.pop("framework", "numpy"))
    case = {"operator": "softmax", "dims": DIMS, "mask": {"name": "full"}, "options": {}, "dtype": "f32", "layout": "bhld"}
    ones = Raw("f32", np.ones((1, 1, 2, 2), np.float32))
    inputs = tmp_path / "inputs"
    inputs.write_bytes(encode_safetensors({"q": ones, "k": ones, "v": ones}))
    (tmp_path / "outputs").unlink(missing_ok=True)
    message = {"cmd": command, "case": case, "inputs": str(inputs), "outputs": str(tmp_path / "outputs"), **more}
    return Session(function.attn_cts).answer(message)


# --- exploits ---


def finished_by_a_thread(q, k, v):
    out = np.zeros_like(q)

    def later():
        time.sleep(0.03)
        out[...] = v

    threading.Thread(target=later).start()
    return out


def thread_left_behind(q, k, v):
    threading.Thread(target=lambda: time.sleep(1), daemon=True).start()
    return v.copy()


def finished_by_a_child(q, k, v):
    import mmap

    shared = mmap.mmap(-1, v.nbytes)
    out = np.frombuffer(shared, np.float32).reshape(v.shape)
    if os.fork() == 0:
        time.sleep(0.03)
        out[...] = v
        os._exit(0)
    return out


class Lazy(np.ndarray):
    """Computes when it is read."""


def lazy_output(q, k, v):
    return v.view(Lazy)


class Promise:
    def __array__(self, *_, **__):
        return np.ones((1, 1, 2, 2), np.float32)


def promised_output(q, k, v):
    return Promise()


@pytest.fixture
def restored(monkeypatch):
    """Puts back what an exploit replaces."""
    for module, names in ((time, ("perf_counter_ns", "perf_counter")), (np, ("allclose",))):
        for name in names:
            monkeypatch.setattr(module, name, getattr(module, name))


def slow_clock(q, k, v):
    own = time.perf_counter_ns
    time.perf_counter_ns = lambda: own() // 10
    return v.copy()


def easy_comparison(q, k, v):
    np.allclose = lambda *_, **__: True
    return v.copy()


@pytest.mark.parametrize(
    "exploit, said",
    [
        (finished_by_a_thread, "the outputs changed after the call"),
        (thread_left_behind, r"left the thread .* running at .*test_guards\.py:\d+"),
        (finished_by_a_child, "the outputs changed after the call"),
        (lazy_output, "Lazy, which is derived from ndarray"),
        (promised_output, "Promise, which becomes an array when it is read"),
        (slow_clock, r"time\.perf_counter_ns was replaced"),
        (easy_comparison, r"numpy\.allclose was replaced"),
    ],
)
@pytest.mark.parametrize("command", ["forward", "time"])
def test_an_exploit_is_seen_by_its_guard(exploit, said, command, tmp_path, restored):
    more = {"pass": "forward", "warmup": 0, "repeats": 1, "flush": False} if command == "time" else {}
    with pytest.raises(Misbehaviour, match=said):
        asked(exploit, tmp_path, command, **more)


def test_the_message_says_what_the_kernel_did(tmp_path):
    try:
        asked(thread_left_behind, tmp_path)
    except Misbehaviour as error:
        assert attn_cts._error(error)["message"].startswith("the call left the thread")


@pytest.mark.parametrize("waited, elapsed, seen", [(5e-3, 1e-3, True), (20e-6, 1e-6, False), (1e-3, 1.0, False)])
def test_work_on_another_stream_is_seen(waited, elapsed, seen):
    if seen:
        with pytest.raises(Misbehaviour, match="work went on for"):
            attn_cts.require_no_work(waited, elapsed)
    else:
        attn_cts.require_no_work(waited, elapsed)


# --- honest kernels ---

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


@pytest.mark.parametrize("honest", [with_a_pool, joined, scalar_steps])
def test_an_honest_kernel_is_not_accused(honest, tmp_path):
    for _ in range(3):
        assert asked(honest, tmp_path)["ok"]


def test_pytorchs_own_subclasses_are_plain(tmp_path):
    torch = pytest.importorskip("torch")
    assert asked(lambda q, k, v: torch.nn.Parameter(v.clone()), tmp_path, framework="torch")["ok"]

    class Late(torch.Tensor):
        pass

    with pytest.raises(Misbehaviour, match="Late, which is derived from Tensor"):
        asked(lambda q, k, v: v.as_subclass(Late), tmp_path, framework="torch")
    own = torch.allclose
    try:
        torch.allclose = lambda *_: True
        with pytest.raises(Misbehaviour, match=r"torch\.allclose was replaced"):
            asked(lambda q, k, v: v.clone(), tmp_path, framework="torch")
    finally:
        torch.allclose = own
