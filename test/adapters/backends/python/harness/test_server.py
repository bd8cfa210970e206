"""Errors as answers, and lines that are no commands."""

import json
import random

import pytest

from asking import ask, qkv
import attn_cts
from attn_cts import Server, Session, kernel


def test_a_traceback_starts_in_the_kernel(tmp_path):
    def inner():
        raise RuntimeError("no such luck")

    reply, _ = ask(tmp_path, lambda q, k, v: inner(), qkv())
    assert reply["error"]["message"] == "RuntimeError: no such luck"
    assert "in inner" in reply["error"]["traceback"] and "attn_cts.py" not in reply["error"]["traceback"]
    assert "kind" not in reply["error"] and "fatal" not in reply["error"]


@pytest.mark.parametrize(
    "error, expected",
    [
        (MemoryError(), {"kind": "out-of-memory"}),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes"), {"kind": "out-of-memory"}),
        (RuntimeError("CUDA out of memory. Tried to allocate 2 GiB"), {"kind": "out-of-memory"}),
        (RuntimeError("CUDA error: an illegal memory access was encountered"), {"fatal": True}),
        (KeyError("x"), {}),
    ],
)
def test_errors_of_the_machine_are_told_apart(tmp_path, error, expected, monkeypatch):
    monkeypatch.setattr(attn_cts, "free_memory", lambda: 1)

    def function(q, k, v):
        raise error

    reply, _ = ask(tmp_path, function, qkv())
    assert {key: reply["error"].get(key) for key in ("kind", "fatal") if key in reply["error"]} == expected
    assert "in function" in reply["error"]["traceback"]


def test_an_unsupported_call_is_said_so(tmp_path):
    def function(q, k, v):
        raise attn_cts.Unsupported("odd lengths")

    assert ask(tmp_path, function, qkv())[0] == {"seq": 7, "unsupported": "odd lengths"}


def test_lines_that_are_no_commands_are_answered(tmp_path):
    server = Server(lambda: Session(kernel(lambda q, k, v: q).attn_cts))
    assert "is not JSON" in server.reply("what?")["error"]["message"]
    assert server.reply('{"cmd":"forward","seq":3}') == {"seq": 3, "error": {"message": "forward came before a start command that succeeded"}}
    assert "speaks protocol 1, not 2" in server.reply('{"cmd":"start","protocol":2}')["unavailable"]["reason"]
    server.reply('{"cmd":"start","protocol":1}')
    assert server.reply('{"cmd":"fly","seq":4}')["error"]["message"] == "unknown command 'fly'; allowed: start, forward, backward, time, stop"
    assert server.reply('{"cmd":"forward","seq":5}')["error"]["message"] == "forward lacks the key 'inputs'"
    assert server.reply("[1]")["error"]["message"].startswith("unknown command None")
    assert server.reply('{"cmd":"stop"}') is None


def test_no_line_ends_the_server():
    rng = random.Random(2)
    server = Server(lambda: Session(kernel(lambda q, k, v: q).attn_cts))
    server.reply('{"cmd":"start","protocol":1}')
    line = '{"cmd":"forward","seq":1,"case":{"dims":{},"mask":{"name":"full"},"options":{},"dtype":"f32"},"inputs":"/nowhere/in","outputs":"/nowhere/out"}'
    for _ in range(2000):
        at, span = rng.randrange(len(line)), rng.randrange(12)
        torn = line[:at] + "".join(chr(rng.randrange(32, 127)) for _ in range(rng.randrange(4))) + line[at + span :]
        reply = server.reply(torn)
        assert reply is None or "error" in reply or "unavailable" in reply
        json.dumps(reply, allow_nan=False)
