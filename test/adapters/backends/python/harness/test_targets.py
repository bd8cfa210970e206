"""Where kernels come from: files, modules, the hub."""

import json
import sys

import attn_cts
from attn_cts import Server


def test_one_wrong_function_leaves_the_others_of_its_file(tmp_path):
    file = tmp_path / "both.py"
    file.write_text("from attn_cts import kernel\n@kernel(dtypes=['f23'])\ndef bad(q, k, v): ...\n@kernel\ndef good(q, k, v): ...\n")
    start = '{"cmd":"start","protocol":1}'
    assert "capabilities" in Server(lambda: attn_cts._open_target(f"{file}:good")).reply(start)
    assert "did you mean f32?" in Server(lambda: attn_cts._open_target(f"{file}:bad")).reply(start)["unavailable"]["reason"]
    assert "2 functions with @kernel: bad, good" in Server(lambda: attn_cts._open_target(str(file))).reply(start)["unavailable"]["reason"]


def test_a_file_without_a_name_is_its_only_function(tmp_path):
    def answer(*lines):
        file = tmp_path / f"file{len(list(tmp_path.iterdir()))}.py"
        file.write_text("\n".join(["from math import sqrt", "class Plan: ...", *lines]) + "\n")
        return Server(lambda: attn_cts._open_target(str(file))).reply('{"cmd":"start","protocol":1}')

    mine, _helper, other = "def mine(q, k, v): return v", "def _helper(x): return x", "def other(q, k, v): return v"
    decorate = "from attn_cts import kernel\n@kernel"
    assert answer(mine, _helper)["adapter"]["id"] == "mine"
    assert answer(mine, decorate, other)["adapter"]["id"] == "other"
    several = answer(mine, other)["unavailable"]
    assert "has 2 functions: mine, other" in several["reason"] and several["remedy"].endswith(".py:mine")
    assert "has no function to judge" in answer(_helper)["unavailable"]["reason"]


def test_a_module_by_its_dotted_name(tmp_path, monkeypatch):
    package = tmp_path / "own_package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "kernels.py").write_text("def mine(q, k, v): return v\n")
    monkeypatch.chdir(tmp_path)
    start = json.dumps({"cmd": "start", "protocol": 1})
    assert Server(lambda: attn_cts._open_target("own_package.kernels:mine")).reply(start)["adapter"]["id"] == "mine"
    reason = Server(lambda: attn_cts._open_target("own_package.nowhere:mine")).reply(start)["unavailable"]["reason"]
    assert "has no module own_package.nowhere" in reason
    assert "has no function main" in Server(lambda: attn_cts._open_target("own_package.kernels:main")).reply(start)["unavailable"]["reason"]


def test_a_kernel_of_the_hub(monkeypatch):
    import types

    start = json.dumps({"cmd": "start", "protocol": 1})
    monkeypatch.setitem(sys.modules, "kernels", None)
    unavailable = Server(lambda: attn_cts._open_target("hub:owner/attention:flash")).reply(start)["unavailable"]
    assert "has no module kernels" in unavailable["reason"] and "pip install kernels" in unavailable["remedy"]

    def get_kernel(repository):
        if repository != "owner/attention":
            raise FileNotFoundError(f"no {repository}")
        return types.SimpleNamespace(flash=lambda q, k, v: v, __name__="flash")

    monkeypatch.setitem(sys.modules, "kernels", types.SimpleNamespace(get_kernel=get_kernel))
    reply = lambda target: Server(lambda: attn_cts._open_target(target)).reply(start)  # noqa: E731
    assert "capabilities" in reply("hub:owner/attention:flash")
    assert "hub:owner/attention:flash" in reply("hub:owner/attention")["unavailable"]["remedy"]
    assert "no owner/none" in reply("hub:owner/none:flash")["unavailable"]["reason"]
