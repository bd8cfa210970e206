"""Looks of a kernel at whoever calls it, while it runs and while its file is loaded. Run by harness.e2e.test.ts, with the others here."""

import ctypes
import gc
import inspect
import io
import json
import logging
import os
import re
import subprocess
import sys

import pytest
from calling import asked, message_for

import attn_cts
from attn_cts import Looks, Misbehaviour, Session, _starts_the_suite, kernel, sealed


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


def asks_by_the_call_below_subprocess(q, k, v):
    import _posixsubprocess

    _fork_exec_of(_posixsubprocess.fork_exec)
    return v.copy()


def asks_by_the_call_that_subprocess_has(q, k, v):
    _fork_exec_of(getattr(subprocess, "_fork_exec", None) or __import__("_posixsubprocess").fork_exec)
    return v.copy()


def _fork_exec_of(fork_exec):
    """Starts what is called as the suite is, as subprocess does: its arguments are read off, for they differ by version."""
    ours, given = subprocess._fork_exec if hasattr(subprocess, "_fork_exec") else None, []
    if ours is not None:
        subprocess._fork_exec = lambda *arguments: given.append(arguments) or ours(*arguments)
        try:
            subprocess.run([sys.executable, "-S", "-c", "pass"], check=True, close_fds=True, preexec_fn=int)
        finally:
            subprocess._fork_exec = ours
        first = given[0]
    else:
        first = (None, [os.fsencode(sys.executable)], True, (), None, None, -1, -1, -1, -1, -1, -1, -1, -1, True, False, None, None, None, -1, None)
    read, write = os.pipe()
    os.set_inheritable(write, True)
    others = list(first[1:])
    others[11], others[12] = read, write
    os.waitpid(fork_exec([os.fsencode(each) for each in (sys.executable, "-S", "-c", "pass", "attn-cts", "expected")], *others), 0)
    os.close(read), os.close(write)


def asks_from_a_fork(q, k, v):
    child = os.fork()
    if child == 0:
        try:
            os.execv(sys.executable, [sys.executable, "-S", "-c", "pass", "attn-cts", "expected"])
        finally:
            os._exit(1)
    os.waitpid(child, 0)
    return v.copy()


def forks_a_program(q, k, v):
    child = os.fork()
    if child == 0:
        try:
            os.execv(sys.executable, [sys.executable, "-S", "-c", "pass"])
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    return v.copy()


def starts_a_compiler(q, k, v):
    """As torch.compile does, with headers of an environment in the suite's cache folder."""
    include = os.path.join(os.path.expanduser("~"), ".cache", "attention-cts", "python", "include")
    subprocess.run([sys.executable, "-S", "-c", "pass", f"-I{include}", "kernel.cpp"], check=True)
    return v.copy()


def looks_at_open_files(q, k, v):
    return v.copy() if os.listdir("/proc/self/fd") else v


def looks_at_the_stack_of_a_log(q, k, v):
    text = io.StringIO()
    log = logging.Logger("kernel")
    log.addHandler(logging.StreamHandler(text))
    log.warning("here", stack_info=True)
    return v.copy() if "answer" in text.getvalue() else v


def looks_by_the_interface_of_c(q, k, v):
    return v.copy() if ctypes.PyDLL(None).PyEval_GetFrame else v


def ends_the_watch(q, k, v):
    Looks.watching = False
    return v.copy()


def writes_to_a_log(q, k, v):
    logging.getLogger("kernel").debug("here")
    logging.Logger("kernel").info("here")
    return v.copy()


def counts_itself(q, k, v):
    with open("/proc/self/status") as file:
        return v.copy() if file.read() else v


@pytest.mark.parametrize(
    "exploit, said",
    [
        (looks_at_frames, "looked at the frames of its callers"),
        (looks_at_the_stack, "looked at the frames of its callers"),
        (looks_at_a_traceback, "looked at the frames of its callers"),
        (looks_at_objects, "looked at the objects of the process"),
        (looks_at_the_command_line, "looked at /proc/self/cmdline"),
        (looks_at_open_files, "looked at /proc/self/fd"),
        (looks_at_the_stack_of_a_log, "looked at the frames of its callers"),
        (looks_by_the_interface_of_c, "looked at the frames of its callers"),
        (reads_files_of_the_suite, "looked at files of the suite"),
        (asks_the_suite, "looked at answers of the suite"),
        (asks_by_the_call_below_subprocess, "looked at answers of the suite"),
        (asks_by_the_call_that_subprocess_has, "looked at answers of the suite"),
        (asks_from_a_fork, "a process that the kernel forked looked at answers of the suite"),
        (ends_the_watch, r"would set Looks\.watching"),
    ],
)
@pytest.mark.parametrize("command", ["forward", "time"])
def test_a_look_is_seen(exploit, said, command, tmp_path):
    more = {"pass": "forward", "warmup": 0, "repeats": 1, "flush": False} if command == "time" else {}
    with pytest.raises(Misbehaviour, match=said):
        asked(exploit, tmp_path, command, **more)


@pytest.mark.parametrize("honest", [writes_to_a_log, counts_itself, starts_a_compiler, forks_a_program])
def test_what_shows_no_caller_is_no_look(honest, tmp_path):
    assert asked(honest, tmp_path)["ok"]


@pytest.mark.parametrize(
    "command, starts",
    [
        (["attn-cts", "expected"], True),
        ([b"/usr/bin/npx", b"attention-cts", b"judge"], True),
        ("cd /tmp && /opt/venv/bin/attn-cts expected in.safetensors", True),
        ([sys.executable, "-m", "attn_cts.expected"], True),
        ([sys.executable, "-mattn_cts"], True),
        ([sys.executable, "-c", "from attn_cts import expected"], True),
        (["node", "/srv/dist/suites/cli/main.js", "expected"], True),
        (["g++", "-I/home/me/.cache/attention-cts/python/include", "/home/me/attention-cts/kernel.cpp"], False),
        (["ptxas", "--output-file", "attention-cts-kernel.cubin"], False),
        ("make -C /home/me/attn-cts-fork all", False),
    ],
)
def test_a_command_line_is_read_word_by_word(command, starts):
    assert _starts_the_suite((command[0] if isinstance(command, list) else "/bin/sh", command)) is starts


def test_a_folder_of_the_suites_name_is_not_the_suite(tmp_path):
    (tmp_path / "attention-cts").mkdir()
    assert not _starts_the_suite(("g++", ["g++", "-c", str(tmp_path / "attention-cts")]))


def test_a_look_of_a_kernel_that_raises_is_not_the_next_ones(tmp_path):
    def looks_and_raises(q, k, v):
        sys._getframe()
        raise ValueError("no such size")

    with pytest.raises(ValueError, match="no such size"):
        asked(looks_and_raises, tmp_path)
    assert asked(counts_itself, tmp_path)["ok"]


AT_LOAD = {
    "sys.addaudithook(lambda event, given: None)": "looked at the audit events of its callers",
    "open('/proc/self/cmdline').read()": "looked at /proc/self/cmdline",
    "import ctypes; ctypes.pythonapi.PyEval_GetFrame": "looked at the frames of its callers",
}


@pytest.mark.parametrize("text", AT_LOAD)
def test_a_look_while_the_file_is_loaded_is_said_at_every_call(text, tmp_path):
    (tmp_path / "kernel.py").write_text(f"import sys\n{text}\ndef attention(q, k, v):\n    return v.copy()\n")
    lines = [{"cmd": "start", "protocol": 1}, {**message_for(tmp_path), "seq": 1}, {**message_for(tmp_path), "seq": 2}, {"cmd": "stop"}]
    # a hook stays for as long as its process
    ran = subprocess.run(
        [sys.executable, attn_cts.__file__, f"{tmp_path / 'kernel.py'}:attention"],
        input="".join(json.dumps(line) + "\n" for line in lines),
        capture_output=True,
        text=True,
    )
    for line in ran.stdout.splitlines()[1:]:
        assert re.search(AT_LOAD[text], json.loads(line)["error"]["message"]), ran.stdout + ran.stderr


def test_a_file_that_passes_for_the_suites_is_seen(tmp_path):
    @kernel(framework="numpy")
    def passes_for_the_suite(q, k, v):
        attn_cts._own_files.add(__file__)
        return v.copy()

    answer = sealed(attn_cts.Server(lambda: Session(passes_for_the_suite.attn_cts)))
    answer(json.dumps({"cmd": "start", "protocol": 1}))
    try:
        said = answer(json.dumps({**message_for(tmp_path), "seq": 1}))["error"]["message"]
    finally:
        attn_cts._Process.seal.restore()
    assert "was added to the files of the suite" in said
    assert __file__ not in attn_cts._own_files


def test_the_suites_own_files_are_its_own_by_whatever_path_it_was_found():
    folder = os.path.dirname(os.path.abspath(attn_cts.__file__))
    roundabout = os.path.join(folder, "..", os.path.basename(folder), "package")
    found = subprocess.run(
        [sys.executable, "-c", "from attn_cts.harness.seal import Seal; print(Seal().broken())"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": roundabout},
    )
    assert found.stdout.strip() == "None", found.stdout + found.stderr
