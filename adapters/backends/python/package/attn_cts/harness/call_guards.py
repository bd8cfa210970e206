"""Guards around one call of a kernel."""

from __future__ import annotations

from typing import Callable

from .base import _own_files
from .depth import Depth
from .guards import Watch, require_clocks
from .looks import Looks
from .settings import Settings

_own_files.add(__file__)


class CallGuards:
    """Everything that is watched while a kernel is called."""

    def __init__(self, *files: str):
        """files: those by which the suite passes the tensors of the call."""
        require_clocks()
        self.watch = Watch()
        self.settings = Settings()
        Looks.begin(*files)
        self.depth = Depth()

    def __enter__(self) -> "CallGuards":
        return self

    def __exit__(self, *_: object) -> None:
        self.depth.end()
        Looks.unwatch()
        self.settings.restore()

    def require_honest(self, outputs: bytes, read: Callable[[], bytes]) -> None:
        """Raises Misbehaviour for what the kernel did beside its work. read: reads its outputs again."""
        self.depth.require_room()
        self.watch.require_end(outputs, read)
        Looks.require_none()
        self.settings.require_same()
        require_clocks()
