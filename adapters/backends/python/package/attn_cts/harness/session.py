"""A kernel that is asked for calls: what it claims, tensors from files and back, clocks and replays."""

from __future__ import annotations

import inspect
import platform
from dataclasses import replace
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np

from .base import KernelError, Tensor, _is_out_of_memory, _nearest, _own_files
from .safetensors import Raw, _write_new, decode_safetensors, encode_safetensors
from .frameworks import FRAMEWORKS
from .call_guards import CallGuards
from .guards import require_room
from .own_code import _owns_folder_of_function
from .claims import Kernel, Operator, PAGES, PLAIN, Problem, TABLES
from .checker import _Checker, _Parameters
from .passes import _Passes

_own_files.add(__file__)


class Session(_Passes):
    """A kernel with its framework opened."""

    def __init__(self, kernel: Kernel):
        self.kernel = kernel
        _owns_folder_of_function(kernel.function)
        self.framework = FRAMEWORKS[kernel.framework](kernel.device)
        self.check = _Checker(kernel.function)
        self.plain = list(kernel.capabilities["operators"]) == [PLAIN]
        self.takes = _Parameters(kernel.function, kernel.names, self.check, self.plain, kernel.capabilities.get("pages"))
        self.operators: Dict[str, Operator] = {}
        self.left_out: Dict[str, str] = {}
        """Operators that the function claims and cannot be called for, and why."""
        self.held: Optional[Tuple[Problem, Callable[[], Dict[str, Tensor]]]] = None
        """The call that was captured last: its tensors, and what replays it."""
        if kernel.capabilities.get("captured") and kernel.capture is None:
            self.framework.require_capture()
        self.begin({})

    def begin(self, documents: Mapping[str, Mapping[str, Any]]) -> None:
        """Takes the documents of the suite. Raises KernelError where the function's names are not theirs, or it fits none of its operators."""
        claimed = self.kernel.capabilities["operators"]
        self.operators = {name: Operator.of(name, documents) for name in claimed}
        if self.plain or not documents:
            return
        for name, operator in self.operators.items():
            problem = self.misfit(operator, documents)
            if problem is not None:
                self.left_out[name] = problem
        fitting = [operator for name, operator in self.operators.items() if name not in self.left_out]
        if not fitting:
            self.check.fail("operators", "; ".join(self.left_out.values()))
        self.check_names(fitting)

    def misfit(self, operator: Operator, documents: Mapping[str, Any]) -> Optional[str]:
        """Why the function cannot be called for an operator; None where it can."""
        if not operator.known:
            return f"found {operator.name!r}, which names no operator of this suite{_nearest(operator.name, [PLAIN, *documents])}"
        fixed = self.kernel.capabilities.get("fixed") or {}
        missing = [] if self.takes("problem") else [name for name in self.takes.missing(operator) if name not in fixed]
        if not missing:
            return None
        hints = [f"{self.takes.keyword(name)}{_nearest(self.takes.keyword(name), list(self.takes.all))}" for name in missing]
        return f"{operator.name} has the inputs {', '.join(operator.inputs)}; the function has no argument {', '.join(hints)}"

    def check_names(self, operators: Sequence[Operator]) -> None:
        """Holds what the function takes and claims to the names of its operators."""
        of = lambda key: [name for operator in operators for name in getattr(operator, key)]  # noqa: E731
        usual = ("mask", "problem", *TABLES)
        known = [self.takes.keyword(name) for name in (*of("arguments"), *usual)]
        leading = [name for operator in operators if self.takes.places(operator) for name in self.takes.leading]
        self.takes.require_known([p for p in self.takes.all.values() if p.name not in leading], known, self.check)
        self.check.all_of("outputs", self.kernel.outputs, list(dict.fromkeys(of("outputs"))))
        if not self.kernel.every_gradient:
            self.check.all_of("gradients", self.kernel.gradients, list(dict.fromkeys((*of("differentiable"), *of("cotangents")))))
        self.check.all_of("options", self.kernel.options or (), list(dict.fromkeys((*of("optional"), *of("options")))))
        if self.kernel.backward is None:
            return
        parameters = inspect.signature(self.kernel.backward).parameters
        named = [p for p in parameters.values() if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)]
        passed = [*known, *(self.takes.keyword(name) for name in (*of("outputs"), *of("cotangents")))]
        for p in named:
            if p.default is p.empty and p.name not in passed:
                self.check.fail("backward", f"argument {p.name} is not a tensor or option of {', '.join(o.name for o in operators)}{_nearest(p.name, passed)}")

    def start(self) -> Dict[str, Any]:
        k = self.kernel
        environment = {"python": platform.python_version(), "numpy": np.__version__, **self.framework.environment()}
        capabilities = {**k.capabilities, "operators": [name for name in self.operators if name not in self.left_out]}
        if k.options is None:
            # an argument claims the option, or the optional input, that it is named after
            own = [name for o in self.operators.values() if o.known and o.name not in self.left_out for name in (*o.options, *o.optional)]
            capabilities["options"] = list(dict.fromkeys([*capabilities["options"], *(name for name in own if self.takes(name))]))
        if self.left_out:
            environment["warning"] = "; ".join(f"operator {name} is left out: {why}" for name, why in self.left_out.items())
        if self.framework.method == "device":
            capabilities["device"] = environment["device"]
        adapter = {"id": k.name, "title": k.title, "version": k.version or "0"}
        return {"protocol": 1, "adapter": adapter, "environment": environment, "capabilities": capabilities}

    def answer(self, message: Mapping[str, Any]) -> Dict[str, Any]:
        """Reads the inputs of a call, runs it, writes the outputs; what to reply beside seq. Raises what the kernel raises."""
        with open(message["inputs"], "rb") as file:
            content = file.read()
        raws, problem = self.problem(message, content)
        with CallGuards(message["inputs"]) as guards:
            try:
                reply, results = self.run(message, content, problem)
                outputs = self.encode(results, problem)
            except Exception as error:
                if _is_out_of_memory(error):
                    require_room(problem, self.framework.free_bytes())
                raise
            guards.require_honest(outputs, lambda: self.encode(results, problem))
        self.finish(message, content, raws, problem, outputs)
        return {"ok": True, **reply}

    def run(self, message: Mapping[str, Any], content: bytes, problem: Problem) -> Tuple[Dict[str, Any], Mapping[str, Tensor]]:
        """Calls the kernel as a message says. Returns what the reply has beside ok, and the outputs."""
        if message.get("captured") is not None:
            return {}, self.replay(message, content, problem)
        command = message["cmd"]
        backward = command == "backward" or (command == "time" and message["pass"] == "backward")
        run = (self.backward if backward else self.forward)(problem)
        return self.time(run, message) if command == "time" else ({}, run())

    def replay(self, message: Mapping[str, Any], content: bytes, problem: Problem) -> Dict[str, Tensor]:
        """Captures the call, where it is to be captured, and replays it with the tensors of a problem in its own."""
        if message["captured"] == "capture":
            self.held = None
            _, own = self.problem(message, content)
            self.held = own, (self.kernel.capture or self.framework.capture)(self.forward(own))
        if self.held is None:
            raise KernelError("a replay came before a call was captured")
        own, run = self.held
        for name, tensor in own.tensors.items():
            self.framework.rewrite(tensor, problem.tensors[name])
        results = run()
        # what the kernel did to its inputs is looked for in those of the problem
        for name, tensor in own.tensors.items():
            self.framework.rewrite(problem.tensors[name], tensor)
        return results

    def problem(self, message: Mapping[str, Any], content: bytes) -> Tuple[Dict[str, Raw], Problem]:
        """The tensors of a call as they lie in the content of its file, and as the kernel is given them."""
        raws = decode_safetensors(bytearray(content))
        views = message.get("views") or {}
        # a cache may be written in place: the kernel's own is a copy
        own = {name: replace(raw, data=raw.data.copy()) if self.appends and name in PAGES else raw for name, raw in raws.items()}
        given = {name: self.framework.give(raw, views.get(name)) for name, raw in own.items()}
        return raws, Problem(message["case"], given)

    def encode(self, results: Mapping[str, Tensor], problem: Problem) -> bytes:
        """The outputs of a call as they lie in its file."""
        self.framework.synchronize()
        return encode_safetensors({name: self.take(name, value, problem) for name, value in results.items()})

    def finish(self, message: Mapping[str, Any], content: bytes, raws: Mapping[str, Raw], problem: Problem, outputs: bytes) -> None:
        """Writes the outputs of a call."""
        _write_new(message["outputs"], outputs)
        self.show_changes(message["inputs"], content, raws, problem.tensors)

    def only_pages_hint(self, message: Mapping[str, Any]) -> str:
        """The end of a refusal of a call that is not on pages, by a kernel that claims pages: how to claim nothing else."""
        pages, history = self.kernel.capabilities.get("pages"), message.get("case", {}).get("history")
        if not pages or pages.get("only") or (history and history[0].get("page")):
            return ""
        return '; a kernel that only takes pages claims pages={..., "only": True}: then all calls are on pages'

    def close(self) -> None:
        """Nothing is asked any more."""

    def take(self, name: str, value: Tensor, problem: Problem) -> Raw:
        try:
            return self.framework.take(value, problem.case["dtype"])
        except TypeError as error:
            raise KernelError(f"{self.kernel.name} returned {error} as {name}") from None

    def time(self, run: Callable[[], Any], message: Mapping[str, Any]) -> Tuple[Dict[str, Any], Any]:
        for _ in range(message["warmup"]):
            run()
        self.framework.synchronize()
        self.framework.peak_bytes()
        nanoseconds: List[int] = []
        result = None
        for _ in range(message["repeats"]):
            elapsed, result = self.framework.clock(run, message["flush"])
            nanoseconds.append(elapsed)
        reply: Dict[str, Any] = {"nanoseconds": nanoseconds, "method": self.framework.method}
        peak = self.framework.peak_bytes()
        if peak is not None:
            reply["peakBytes"] = peak
        return reply, result

    def show_changes(self, path: str, content: bytes, raws: Mapping[str, Raw], given: Mapping[str, Tensor]) -> None:
        """A kernel that writes to its inputs writes to ours; the suite looks for that in the file, so it is written there too."""
        now = bytearray(content)
        for name, raw in raws.items():
            if self.appends and name in PAGES:
                continue
            # a tensor in the machine's memory shares that of the file's content; one on a device has its own
            elsewhere = self.framework.name == "torch" and given[name].device.type != "cpu"
            data = (self.whole(given[name], raw) if elsewhere else raw.data).tobytes()
            now[raw.at : raw.at + len(data)] = data
        if now != content:
            with open(path, "wb") as file:
                file.write(now)

    def whole(self, tensor: Tensor, raw: Raw) -> np.ndarray:
        """The flat buffer that a device's tensor is a view of."""
        flat = tensor.detach().as_strided((raw.data.size,), (1,), 0)
        return self.framework.take(flat, raw.dtype).data.reshape(raw.data.shape)
