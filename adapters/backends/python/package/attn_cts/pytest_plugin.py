"""Plugin of pytest: a function with @attn_cts.conforms is a test, which fails with what is wrong."""

from __future__ import annotations

from typing import Any, Iterator, Optional

import pytest


def pytest_pycollect_makeitem(collector: pytest.Collector, name: str, obj: Any) -> Optional[Iterator[pytest.Item]]:
    """A kernel with @conforms, whatever its name is. One that a file imports from another is tested there, unless its name here is that of a test."""
    judged = getattr(obj, "attn_cts_conforms", None)
    if judged is None:
        return None
    is_own = getattr(obj, "__module__", None) == getattr(getattr(collector, "module", None), "__name__", None)
    if not is_own and not collector.funcnamefilter(name):
        return None
    return [KernelItem.from_parent(collector, name=name, function=obj, judged=judged)]


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
