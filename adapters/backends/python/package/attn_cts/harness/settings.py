"""Settings of a process that a kernel leaves as it found them."""

from __future__ import annotations

import signal
import sys
from typing import Any, Callable, Dict, List, Tuple

import numpy as np

from .base import Misbehaviour, _own_files

_own_files.add(__file__)

Setting = Tuple[str, Callable[[], Any], Callable[[Any], Any]]
"""What it is called, how it is asked for, and how it is set."""


def _of_numpy() -> List[Setting]:
    return [("NumPy's handling of floating-point errors", np.geterr, lambda value: np.seterr(**value))]


def _of_system() -> List[Setting]:
    # a signal would run the kernel's code after it has returned
    if not hasattr(signal, "setitimer"):
        return []
    timers = (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF)
    return [("whether a timer of the process runs", lambda: any(signal.getitimer(timer)[0] > 0 for timer in timers), lambda _: [signal.setitimer(timer, 0) for timer in timers])]


def _of_torch(torch: Any) -> List[Setting]:
    cuda, cudnn = torch.backends.cuda.matmul, torch.backends.cudnn
    found: List[Setting] = [
        ("the default dtype of PyTorch", torch.get_default_dtype, torch.set_default_dtype),
        ("the grad mode of PyTorch", torch.is_grad_enabled, torch.set_grad_enabled),
        ("the precision of PyTorch's float32 products", torch.get_float32_matmul_precision, torch.set_float32_matmul_precision),
        ("torch.backends.cuda.matmul.allow_tf32", lambda: cuda.allow_tf32, lambda value: setattr(cuda, "allow_tf32", value)),
        ("torch.backends.cudnn.allow_tf32", lambda: cudnn.allow_tf32, lambda value: setattr(cudnn, "allow_tf32", value)),
        ("the deterministic algorithms of PyTorch", torch.are_deterministic_algorithms_enabled, torch.use_deterministic_algorithms),
        ("the flushing of denormal numbers", _flushes, torch.set_flush_denormal),
    ]
    if hasattr(torch, "get_default_device"):
        # a default device is a mode too
        found.append(("the default device of PyTorch", lambda: str(torch.get_default_device()), lambda value: torch.set_default_device(None if value == "cpu" else value)))
    c = torch._C
    found.append(("the number of PyTorch's modes, which see every call", c._len_torch_function_stack, lambda value: _pop(c._len_torch_function_stack, c._pop_torch_function_stack, value)))
    found.append(("the number of PyTorch's dispatch modes", c._len_torch_dispatch_stack, lambda value: _pop(c._len_torch_dispatch_stack, c._pop_torch_dispatch_stack, value)))
    return found


def _pop(count: Callable[[], int], pop: Callable[[], Any], wanted: int) -> None:
    while count() > wanted:
        pop()


def _flushes() -> bool:
    return float(np.float32(1e-40) * np.float32(1)) == 0


class Settings:
    """Settings as they were before a call."""

    def __init__(self) -> None:
        torch = sys.modules.get("torch")
        self.settings = [*_of_numpy(), *_of_system(), *(_of_torch(torch) if torch and hasattr(torch, "get_default_dtype") else ())]
        self.before: Dict[str, Any] = {name: _asked(ask) for name, ask, _ in self.settings}

    def restore(self) -> List[Tuple[str, Any]]:
        """Sets back what the call changed. Returns the names of those settings, and what they were changed to."""
        now = {name: _asked(ask) for name, ask, _ in self.settings}
        changed = [(name, now[name], put) for name, _, put in self.settings if None not in (now[name], self.before[name]) and now[name] != self.before[name]]
        for name, _, put in changed:
            put(self.before[name])
        return [(name, now) for name, now, _ in changed]

    def require_same(self) -> None:
        """Sets back what the call changed. Raises Misbehaviour where it changed something."""
        for name, now in self.restore():
            raise Misbehaviour(f"the call changed {name} from {_shown(self.before[name])} to {_shown(now)}, a setting that other code relies on: restore it before returning")


def _asked(ask: Callable[[], Any]) -> Any:
    """What a setting is; None where PyTorch does not say, because it was set in a way that another name does not tell."""
    try:
        return ask()
    except RuntimeError:
        return None


def _shown(value: Any) -> str:
    return ", ".join(f"{key} {of}" for key, of in value.items()) if isinstance(value, dict) else str(value)
