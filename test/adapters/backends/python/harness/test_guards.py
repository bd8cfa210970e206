"""Guards of the harness: each sees an exploit that the others do not, and none accuses an honest kernel. Run by harness.test.ts, with the others here."""

import functools
import gc
import inspect
import json
import logging
import os
import re
import subprocess
import sys
import threading
import time
import traceback
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import attn_cts
from attn_cts import Misbehaviour, Raw, Server, Session, encode_safetensors, kernel, sealed

DIMS = {"b": 1, "hk": 1, "g": 1, "m": 2, "n": 2, "d": 2, "e": 2}


def message_for(tmp_path, command="forward", **more):
    """Asks for one call."""
    case = {"operator": "softmax", "dims": DIMS, "mask": {"name": "full"}, "options": {}, "dtype": "f32", "layout": "bhld"}
    ones = Raw("f32", np.ones((1, 1, 2, 2), np.float32))
    inputs = tmp_path / "inputs"
    inputs.write_bytes(encode_safetensors({"q": ones, "k": ones, "v": ones}))
    (tmp_path / "outputs").unlink(missing_ok=True)
    return {"cmd": command, "case": case, "inputs": str(inputs), "outputs": str(tmp_path / "outputs"), **more}


def asked(function, tmp_path, command="forward", **more):
    """Asks a kernel for one call."""
    if not hasattr(function, "attn_cts"):
        kernel(function, framework=more.pop("framework", "numpy"))
    return Session(function.attn_cts).answer(message_for(tmp_path, command, **more))


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


def looks_at_frames(q, k, v):
    frame = sys._getframe()
    return v.copy() if frame.f_back else v


def looks_at_the_stack(q, k, v):
    return v.copy() if any("attn_cts" in line.filename for line in inspect.stack(0)) else v


def looks_at_a_traceback(q, k, v):
    try:
        raise ValueError
    except ValueError as error:
        return v.copy() if error.__traceback__.tb_frame.f_back else v


def looks_at_objects(q, k, v):
    return v.copy() if gc.get_objects() else v


def looks_at_the_command_line(q, k, v):
    with open("/proc/self/cmdline") as file:
        return v.copy() if file.read() else v


def reads_files_of_the_suite(q, k, v):
    for folder, _, files in os.walk("attn-cts-out"):
        raise AssertionError(folder, files)
    return v.copy()


def asks_the_suite(q, k, v):
    subprocess.run([sys.executable, "-S", "-c", "pass", "attn-cts", "expected"], check=True)
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
        (lazy_output, "Lazy, which is derived from ndarray"),
        (disguised_output, "Disguised, which is derived from ndarray"),
        (raw_thread, "the outputs changed after the call"),
        (work_left_to_a_pool, r"left the thread .* running at .*test_guards\.py:\d+"),
        (looks_at_frames, "looked at the frames of its callers"),
        (looks_at_the_stack, "looked at the frames of its callers"),
        (looks_at_a_traceback, "looked at the frames of its callers"),
        (looks_at_objects, "looked at the objects of the process"),
        (looks_at_the_command_line, "looked at /proc/self/cmdline"),
        (reads_files_of_the_suite, "looked at files of the suite"),
        (asks_the_suite, "looked at answers of the suite"),
        (changes_error_handling, "changed NumPy's handling of floating-point errors from .*under ignore.* to .*under raise"),
        (out_of_memory, "says that it is out of memory .* MiB are free"),
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


def replaces_a_library(q, k, v):
    np.asarray = lambda value, own=np.asarray, **named: own(value, **named)
    return v.copy()


def wraps_a_comparison(q, k, v):
    np.allclose = functools.wraps(np.allclose)(lambda *_, **__: True)
    return v.copy()


def replaces_a_builtin(q, k, v):
    import builtins

    builtins.isinstance = lambda value, kind, own=isinstance: own(value, kind)
    return v.copy()


def replaces_a_module(q, k, v):
    sys.modules["json"] = object()
    return v.copy()


def replaces_a_method(q, k, v):
    attn_cts.Session.take = lambda self, *given, own=attn_cts.Session.take: own(self, *given)
    return v.copy()


def replaces_a_guard(q, k, v):
    attn_cts.require_clocks.__code__ = (lambda: None).__code__
    return v.copy()


@pytest.mark.parametrize(
    "exploit, said",
    [
        (replaces_a_library, "numpy.asarray was replaced"),
        (wraps_a_comparison, "numpy.allclose was replaced"),
        (replaces_a_builtin, "isinstance was replaced"),
        (replaces_a_module, "the module json was replaced"),
        (replaces_a_method, "Session.take was replaced"),
        (replaces_a_guard, "the code of require_clocks"),
    ],
)
def test_what_the_harness_relies_on_is_sealed(exploit, said, tmp_path):
    kernel(exploit, framework="numpy")
    answer = sealed(Server(lambda: Session(exploit.attn_cts)))
    start, stop = json.dumps({"cmd": "start", "protocol": 1}), json.dumps({"cmd": "stop"})
    try:
        assert "adapter" in answer(start)
        reply = answer(json.dumps({**message_for(tmp_path), "seq": 7}))
    finally:
        attn_cts._Process.seal.restore()
    assert reply["seq"] == 7 and said in reply["error"]["message"] and reply["error"]["kind"] == "misbehaviour"
    assert attn_cts._Process.seal.broken() is None and answer(stop) is None


def test_a_kernel_that_exits_is_an_answer(tmp_path):
    @kernel(framework="numpy")
    def leaves(q, k, v):
        sys.exit(0)

    answer = sealed(Server(lambda: Session(leaves.attn_cts)))
    answer(json.dumps({"cmd": "start", "protocol": 1}))
    assert "would end the process" in answer(json.dumps({**message_for(tmp_path), "seq": 1}))["error"]["message"]


def test_the_process_of_the_suite_shows_nothing_of_it(tmp_path):
    (tmp_path / "kernel.py").write_text(
        "import os, sys\n"
        "def seen(): return [*sys.argv, *sys.orig_argv, *sys.modules, *vars(sys.modules['__main__']), *os.environ]\n"
        "at_import = seen()\n"
        "def attention(q, k, v):\n"
        "    assert not [name for name in at_import + seen() if 'attn' in name.lower()]\n"
        "    import attn_cts\n"
        "    raise attn_cts.Unsupported('seen nothing')\n"
    )
    lines = [{"cmd": "start", "protocol": 1}, {**message_for(tmp_path), "seq": 1}, {"cmd": "stop"}]
    # variables of the tests are not the suite's
    others = {name: value for name, value in os.environ.items() if not name.startswith("ATTN_")}
    environment = {**others, "ATTN_CTS_PYTHON": sys.executable}
    ran = subprocess.run(
        [sys.executable, attn_cts.__file__, f"{tmp_path / 'kernel.py'}:attention"],
        input="".join(json.dumps(line) + "\n" for line in lines),
        capture_output=True,
        text=True,
        env=environment,
    )
    assert json.loads(ran.stdout.splitlines()[1]) == {"seq": 1, "unsupported": "seen nothing"}, ran.stdout + ran.stderr


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

    with pytest.raises(Misbehaviour, match="Late, which is derived from Tensor"):
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
