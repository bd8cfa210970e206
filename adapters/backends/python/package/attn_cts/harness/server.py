"""Process protocol 1: answers to the suite, and kernels loaded from files."""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import json
import os
import sys
from typing import Any, Callable, Dict, Mapping, Optional, Sequence, Union

from .base import KernelError, Unavailable, Unsupported, _error, _own_files, _Process, _say, _user_frames
from .claims import Kernel
from .guards import Watch
from .looks import Looks
from .own_code import _owns_folder_of
from .plain_process import _hide
from .seal import Seal, _import_torch_of
from .decorator import kernel
from .session import Session
from .job import JobSession, RANKS, _rank, _wanted_ranks
from .sharded_job import _session

_own_files.add(__file__)

COMMANDS = ("forward", "backward", "time")


class Server:
    """Answers one line at a time. `opening` gives the session, or raises why there is none."""

    def __init__(self, opening: Callable[[], Session]):
        self.opening = opening
        self.session: Optional[Session] = None

    def reply(self, line: Union[str, bytes]) -> Optional[Dict[str, Any]]:
        """The answer to a line; None to `stop`."""
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            return {"seq": None, "error": {"message": f"this line is not JSON: {line[:80]!r}"}}
        command = message.get("cmd") if isinstance(message, dict) else None
        if command == "stop":
            return None
        if command == "start":
            return self.start(message)
        seq = message.get("seq") if isinstance(message, dict) else None
        if command not in COMMANDS:
            return {"seq": seq, "error": {"message": f"unknown command {command!r}; allowed: start, {', '.join(COMMANDS)}, stop"}}
        if self.session is None:
            return {"seq": seq, "error": {"message": f"{command} came before a start command that succeeded"}}
        try:
            return {"seq": seq, **self.session.answer(message)}
        except Unsupported as error:
            return {"seq": seq, "unsupported": f"{error}{self.session.only_pages_hint(message)}"}
        except KeyError as error:
            if error.__traceback__ is not None and error.__traceback__.tb_next is not None and _user_frames(error):
                return {"seq": seq, "error": _error(error)}
            return {"seq": seq, "error": {"message": f"{command} lacks the key {error}"}}
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a kernel's failure is an answer, and so is its wish to exit
            return {"seq": seq, "error": _error(error)}

    def start(self, message: Mapping[str, Any]) -> Dict[str, Any]:
        if message.get("protocol") != 1:
            return _unavailable(f"attn_cts.py speaks protocol 1, not {message.get('protocol')!r}", "take the attn_cts.py of your attention-cts")
        try:
            session = self.opening()
            documents = message.get("operators")
            session.begin(documents if isinstance(documents, dict) else {})
            self.session = session
            return session.start()
        except Unavailable as error:
            return _unavailable(error.reason, error.remedy)
        except ModuleNotFoundError as error:
            return _unavailable(
                f"{sys.executable} has no module {error.name}", f"{sys.executable} -m pip install {error.name}, or name another with --python PATH"
            )
        except KernelError as error:
            return _unavailable(str(error), "correct the argument that the message names")
        except Exception as error:
            frames = _user_frames(error)
            where = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
            return _unavailable(f"the kernel's file does not load: {type(error).__name__}: {error}{where}", "mend the file")


def _unavailable(reason: str, remedy: str) -> Dict[str, Any]:
    return {"protocol": 1, "unavailable": {"reason": reason, "remedy": remedy}}


def _open_target(target: str) -> Session:
    """file.py:function, or file.py with a single kernel in it; package.module:function; hub:OWNER/KERNEL:function."""
    if target.startswith(HUB):
        return _session(_of_hub(target[len(HUB) :]))
    if ".py" not in target:
        return _session(_of_module(target))
    path, _, name = target.rpartition(":") if ".py:" in target else (target, "", "")
    if not os.path.isfile(path):
        raise Unavailable(f"no such file: {path}", "name a file, as in kernel.py:my_attention")
    return _session(_find(_load(path), name, path))


def _of_module(target: str) -> Kernel:
    """The kernel that a module of this Python has, by its dotted name. Raises Unavailable where there is none."""
    path, _, name = target.partition(":")
    # as python -m finds it
    sys.path.insert(0, os.getcwd())
    try:
        module = importlib.import_module(path)
    except ModuleNotFoundError as error:
        if not path.startswith(error.name or "."):
            raise
        raise Unavailable(f"{sys.executable} has no module {error.name}", "install it, name another Python with --python PATH, or name a file, as in kernel.py:my_attention")
    return _find(module, name, path)


HUB = "hub:"


def _of_hub(target: str) -> Kernel:
    """A function of a kernel of the Hugging Face Hub, which the library `kernels` fetches as it is set up to. Raises Unavailable where it is not there."""
    repository, _, name = target.partition(":")
    try:
        import kernels
    except ModuleNotFoundError:
        raise Unavailable(f"{sys.executable} has no module kernels, which loads kernels of the Hub", f"{sys.executable} -m pip install kernels")
    try:
        module = kernels.get_kernel(repository)
    except Exception as error:  # no such kernel, none for this device, no network
        raise Unavailable(f"the Hub's kernel {repository} does not load: {type(error).__name__}: {error}", "check its name, its builds for this machine, and the network")
    if not name:
        public = sorted(key for key, value in vars(module).items() if callable(value) and not key.startswith("_"))
        raise Unavailable(f"hub:{repository} names no function", f"name one, as in hub:{repository}:{public[0] if public else 'attention'}; it has {', '.join(public) or 'none'}")
    return _find(module, name, f"hub:{repository}")


def _load(path: str) -> Any:
    folder = os.path.dirname(os.path.abspath(path))
    sys.path.insert(0, folder)
    _owns_folder_of(path)
    with open(path, encoding="utf-8", errors="replace") as file:
        _import_torch_of(file.read())
    if _Process.seal is not None:
        _Process.seal.add_torch()
    name = os.path.splitext(os.path.basename(path))[0]
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    _Process.loading = True
    try:
        with Looks.at_load():
            spec.loader.exec_module(module)
    finally:
        _Process.loading = False
    return module


def _find(module: Any, name: str, path: str) -> Kernel:
    functions = [key for key, value in vars(module).items() if callable(value) and getattr(value, "__module__", None) == module.__name__]
    if not name:
        return _only_kernel(vars(module), path, [key for key in functions if not key.startswith("_") and not isinstance(vars(module)[key], type)])
    function = getattr(module, name, None)
    if function is None:
        near = difflib.get_close_matches(name, functions, 3) or sorted(functions)
        raise Unavailable(f"{path} has no function {name}", f"it has {', '.join(near) or 'none'}")
    if not callable(function):
        raise Unavailable(f"{name} in {path} is a {type(function).__name__}, no function", f"it has {', '.join(functions) or 'none'}")
    return _kernel_of(function)


def _kernel_of(function: Callable) -> Kernel:
    """A function that is not decorated claims what its signature says."""
    if not hasattr(function, "attn_cts"):
        kernel(function)
    return _sound(function.attn_cts)


def _sound(claims: Union[Kernel, KernelError]) -> Kernel:
    if isinstance(claims, KernelError):
        raise claims
    return claims


def _only_kernel(names: Mapping[str, Any], path: str, undecorated: Sequence[str] = ()) -> Kernel:
    """The only function with @kernel; where there is none, the only one of `undecorated`, the other functions of the file."""
    decorated = {id(value): key for key, value in names.items() if isinstance(getattr(value, "attn_cts", None), (Kernel, KernelError))}
    choices = list(decorated.values()) or list(undecorated)
    if len(choices) == 1:
        return _kernel_of(names[choices[0]])
    if not choices:
        raise Unavailable(f"{path} has no function to judge", "put @kernel above the line def my_attention(q, k, v)")
    which = " with @kernel" if decorated else ""
    raise Unavailable(f"{path} has {len(choices)} functions{which}: {', '.join(choices)}", f"name one, as in {path}:{choices[0]}")


def serve(function: Optional[Callable] = None) -> None:
    """Answers the suite on stdin and stdout until it says stop: for the end of a kernel's file, under `if __name__ == "__main__":`.
    function: by default the only one in that file with @kernel."""
    if function is None:
        names = sys._getframe(1).f_globals
        _run(lambda: _session(_only_kernel(names, names.get("__file__", "this file"))))
    else:
        _run(lambda: _session(_kernel_of(function)))


def _run(opening: Callable[[], Session], hidden: bool = False) -> None:
    """Answers the suite on stdin and stdout until it says stop. hidden: this process is the suite's own, and does not show it."""
    if sys.stdin.isatty():
        print("attn_cts: waiting for the suite on stdin; start it with: npx attention-cts run --adapter python:FILE.py:FUNCTION", file=sys.stderr)
    # the protocol keeps its pipes to itself: what a kernel, or a library under it, prints goes to stderr, and reads nothing
    if _rank() > 0:
        if hidden:
            _hide()
        session = opening()
        if isinstance(session, JobSession):
            return session.follow()
    requests, _Process.replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.stdout = sys.stderr
    server = Server(opening)
    reply_to = sealed(server)
    if hidden:
        _hide()
    for line in requests:
        reply = reply_to(line)
        if reply is None:
            break
        _say(reply)
    if server.session is not None:
        server.session.close()


def sealed(server: Server, seal: Optional[Seal] = None) -> Callable[[Union[str, bytes]], Optional[Dict[str, Any]]]:
    """The answers of a server, which say so instead where a kernel has replaced what the harness relies on. seal: made before; by default now."""
    seal = _Process.seal = seal or Seal()
    Watch.others = Watch.others or set(sys._current_frames())
    broken, add_torch, reply = seal.broken, seal.add_torch, server.reply

    def answer(line: Union[str, bytes]) -> Optional[Dict[str, Any]]:
        add_torch()
        said = reply(line)
        problem = broken() if said is not None and "seq" in said else None
        return said if problem is None else {"seq": said["seq"], "error": {"message": problem, "kind": "misbehaviour"}}

    return answer


def main(arguments: Sequence[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help") or (arguments[1:] and arguments[1] != RANKS):
        usage = "usage: python attn_cts.py FILE.py:FUNCTION [--ranks N]    serves the function to the suite: npx attention-cts run --adapter python:FILE.py:FUNCTION"
        print(usage, file=sys.stderr)
        return 2
    if _wanted_ranks() > 1:
        # JAX looks for it when it is imported
        os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} --xla_force_host_platform_device_count={_wanted_ranks()}".strip()
    _run(lambda: _open_target(arguments[0]), hidden=True)
    return 0
