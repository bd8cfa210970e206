"""Plugin of pytest: a function with @attn_cts.conforms is a test, which fails with what is wrong."""

from __future__ import annotations

import contextlib
from typing import Any, Iterator, Optional

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("attn-cts", "attention-cts: judge calls of attention by derived error bounds")
    group.addoption("--attn-cts-watch", action="store_true", help="judge one call of each signature with which the tests call SDPA or a function of flash-attn")
    group.addoption(
        "--attn-cts-watch-function",
        action="append",
        default=[],
        metavar="FUNCTION",
        help="judge the calls of this function instead, a dotted path such as package.module.attention, whose arguments are named q, k, v (repeatable)",
    )
    group.addoption("--attn-cts-numeric", metavar="NAME", help="numeric profile that sets the bounds (attn-cts list numerics; default: the widest of the device)")


def pytest_configure(config: pytest.Config) -> None:
    functions = config.getoption("--attn-cts-watch-function")
    if not functions and not config.getoption("--attn-cts-watch"):
        return
    from .watch import watch

    stack = contextlib.ExitStack()
    try:
        config.stash[_WATCHED] = stack.enter_context(watch(functions, numeric=config.getoption("--attn-cts-numeric")))
    except ValueError as error:
        raise pytest.UsageError(f"--attn-cts-watch-function: {error}") from None
    config.add_cleanup(stack.close)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Exit code 1 where a call is wrong, 3 where none was judged."""
    seen = session.config.stash.get(_WATCHED, None)
    if seen is None or exitstatus not in (0, 5):
        return
    if seen.failed:
        session.exitstatus = 1
    elif not seen.verdicts:
        session.exitstatus = 3


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    seen = config.stash.get(_WATCHED, None)
    if seen is not None:
        terminalreporter.section("attention-cts")
        terminalreporter.write_line(str(seen))


def pytest_pycollect_makeitem(collector: pytest.Collector, name: str, obj: Any) -> Optional[Iterator[pytest.Item]]:
    """A kernel with @conforms, whatever its name is. One that a file imports from another is tested there, unless its name here is that of a test."""
    judged = getattr(obj, "attn_cts_conforms", None)
    if judged is None:
        return None
    is_own = getattr(obj, "__module__", None) == getattr(getattr(collector, "module", None), "__name__", None)
    if not is_own and not collector.funcnamefilter(name):
        return None
    return [KernelItem.from_parent(collector, name=name, function=obj, judged=judged)]


_WATCHED: pytest.StashKey = pytest.StashKey()


class KernelItem(pytest.Item):
    """Test of one kernel: judged in this process."""

    def __init__(self, *, function: Any, judged: Any, **of_item: Any):
        super().__init__(**of_item)
        self.function, self.judged = function, judged

    def runtest(self) -> None:
        from . import judge

        verdict = judge(self.function, **self.judged)
        if verdict["verdict"] != "pass":
            raise KernelFailed(verdict)

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        if isinstance(excinfo.value, KernelFailed):
            return describe(excinfo.value.verdict)
        return super().repr_failure(excinfo, style)

    def reportinfo(self):
        return self.path, None, f"{self.name} conforms"


class KernelFailed(Exception):
    """The kernel did not pass."""

    def __init__(self, verdict: Any):
        super().__init__(verdict["verdict"])
        self.verdict = verdict


def describe(verdict: Any) -> str:
    """A verdict in words: how many checks failed, and each cause with its smallest case."""
    checks = verdict["checks"]
    lines = [f"{verdict['verdict']}: {checks['failed']} of {checks['planned']} checks failed, {checks['passed']} passed"]
    for cause in verdict["causes"]:
        lines += ["", f"{cause['title']}  ({cause['checks']} {'check' if cause['checks'] == 1 else 'checks'}, such as {cause['examples'][0]})"]
        if "expected" in cause:
            lines.append(f"  {cause['output']}{cause['index']}: expected {cause['expected']}, actual {cause['actual']}, bound {cause['bound']}")
        if "case" in cause:
            case = cause["case"]
            lines.append(f"  case: {case['operator']} {case['dtype']}, mask {case['mask']}, dims {case['dims']}, options {case['options']}")
        if "hint" in cause and cause["hint"] != cause["title"]:
            lines.append(f"  {cause['hint']}")
        if "where" in cause:
            lines.append(f"  {cause['where']}")
    if not verdict["causes"]:
        lines += [verdict["next"]["do"], *(f"  {entry['checks']} unsupported: {entry['reason']}" for entry in verdict["unsupported"])]
    return "\n".join(lines)
