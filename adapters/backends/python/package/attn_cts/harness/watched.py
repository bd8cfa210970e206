"""Names by which others measure times and compare outputs: a kernel that replaces one is seen by `require_clocks` at its call, and by the seal after it."""

from __future__ import annotations

from typing import Iterator, Mapping, Tuple

from .base import _own_files

_own_files.add(__file__)

Tree = Mapping[str, Tuple[str, ...]]
"""Names by the part of a library that has them; "": the library itself."""

CLOCKS = ("perf_counter", "perf_counter_ns", "time", "time_ns", "monotonic", "monotonic_ns")
"""Of the module time."""
OF_NUMPY: Tree = {"": ("allclose", "array_equal", "isclose"), "testing": ("assert_allclose", "assert_array_equal", "assert_array_almost_equal")}
OF_TORCH: Tree = {
    "": ("allclose", "equal", "isclose"),
    "testing": ("assert_close",),
    "cuda": ("synchronize",),
    "cuda.Event": ("elapsed_time", "record", "synchronize"),
}


def paths_of(tree: Tree) -> Iterator[str]:
    """The names with the parts that have them, such as testing.assert_close."""
    for part, names in tree.items():
        yield from (f"{part}.{name}" if part else name for name in names)


def together(*trees: Tree) -> Tree:
    """The names of several trees in one."""
    parts = dict.fromkeys(part for tree in trees for part in tree)
    return {part: tuple(dict.fromkeys(name for tree in trees for name in tree.get(part, ()))) for part in parts}
