"""What a kernel replaces, and what it finds, in the process of the harness. Run by harness.e2e.test.ts, with the others here."""

import functools
import json
import os
import subprocess
import sys

import numpy as np
import pytest
from calling import message_for

import attn_cts
from attn_cts import Misbehaviour, Server, Session, kernel, sealed

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


@pytest.mark.parametrize("path", [*(f"time.{name}" for name in attn_cts.CLOCKS), *(f"numpy.{path}" for path in attn_cts.paths_of(attn_cts.OF_NUMPY))])
def test_what_others_measure_by_is_seen_at_the_call_and_after_it(path, monkeypatch):
    seal = attn_cts.Seal()
    monkeypatch.setattr(path, lambda *_, **__: True)
    with pytest.raises(Misbehaviour, match=f"{path} was replaced"):
        attn_cts.require_clocks()
    assert f"{path} was replaced" in seal.broken()
