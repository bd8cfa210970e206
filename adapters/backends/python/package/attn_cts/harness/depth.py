"""Depth: how deep calls may nest while a kernel runs."""

from __future__ import annotations

import sys
from typing import Optional

from .base import Misbehaviour, _own_files

_own_files.add(__file__)

DEEPEST = 10_000
"""Nested calls of Python that no kernel needs, and that any process has room for."""
_set_limit = sys.setrecursionlimit


def _set_at_most(limit: int) -> None:
    _set_limit(min(limit, DEEPEST))


class Depth:
    """Bounds the recursion limit around a call: a kernel that calls itself without end raises, and does not fill the memory first."""

    def __init__(self) -> None:
        self.before = sys.getrecursionlimit()
        self.lowered: Optional[int] = None
        self.over = False
        _set_at_most(self.before)
        sys.setrecursionlimit = _set_at_most

    def end(self) -> None:
        """Sets the limit back. What follows has room, whatever the call set it to."""
        if self.over:
            return
        now = sys.getrecursionlimit()
        _set_limit(self.before)
        self.over = True
        sys.setrecursionlimit = _set_limit
        self.lowered = now if now < min(self.before, DEEPEST) else None

    def require_room(self) -> None:
        """Ends the bound. Raises Misbehaviour where the call left less room than there was; more is taken back in silence."""
        self.end()
        if self.lowered is not None:
            raise Misbehaviour(f"the call changed Python's recursion limit from {self.before} to {self.lowered}, a setting that other code relies on: restore it before returning")
