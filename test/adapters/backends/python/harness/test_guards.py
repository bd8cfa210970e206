"""Guards of the harness: each sees an exploit that the others do not. Run by harness.e2e.test.ts, with the others here."""

import os
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from calling import asked

import attn_cts
from attn_cts import Misbehaviour

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


class Disguised(np.ndarray):
    __module__ = "numpy"


def disguised_output(q, k, v):
    return v.view(Disguised)


def raw_thread(q, k, v):
    import _thread

    out = np.zeros_like(q)

    def later():
        time.sleep(0.03)
        out[...] = v

    _thread.start_new_thread(later, ())
    return out


workers = ThreadPoolExecutor(1)


def work_left_to_a_pool(q, k, v):
    workers.submit(lambda: None).result()
    begun = threading.Event()

    def later():
        begun.set()
        time.sleep(0.03)

    workers.submit(later)
    begun.wait()
    return v.copy()


def changes_error_handling(q, k, v):
    np.seterr(under="raise")
    return v.copy()


def out_of_memory(q, k, v):
    raise MemoryError


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
        (lazy_output, "Lazy, a subclass of ndarray"),
        (disguised_output, "Disguised, a subclass of ndarray"),
        (raw_thread, "the outputs changed after the call"),
        (work_left_to_a_pool, r"left the thread .* running at .*test_guards\.py:\d+"),
        (changes_error_handling, "changed NumPy's handling of floating-point errors from .*under ignore.* to .*under raise"),
        (out_of_memory, "reports that it is out of memory .* MiB are free"),
        (promised_output, "Promise, which becomes an array when it is read"),
        (slow_clock, r"time\.perf_counter_ns was replaced"),
        (easy_comparison, r"numpy\.allclose was replaced"),
    ],
)
@pytest.mark.parametrize("command", ["forward", "time"])
def test_an_exploit_is_seen_by_its_guard(exploit, said, command, tmp_path, restored):
    more = {"pass": "forward", "warmup": 0, "repeats": 1, "flush": False} if command == "time" else {}
    # what is left to others may be done in time on a busy machine: then nothing was wrong
    for _ in range(5):
        try:
            asked(exploit, tmp_path, command, **more)
        except Misbehaviour as found:
            assert re.search(said, str(found))
            return
    pytest.fail("not seen")


def test_the_message_says_what_the_kernel_did(tmp_path):
    try:
        asked(thread_left_behind, tmp_path)
    except Misbehaviour as error:
        assert attn_cts._error(error)["message"].startswith("the call left the thread")
