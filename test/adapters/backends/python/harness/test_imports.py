"""Imports inside the package run one way, those inside of functions too."""

import ast
import graphlib
import pathlib

import pytest

PACKAGE = pathlib.Path(__file__).resolve().parents[5] / "adapters" / "backends" / "python" / "package"


def name_of(path, root):
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path, root, modules):
    """Names of the modules that a file imports. `from . import x` imports the module x where there is one."""
    package = name_of(path, root).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            inside = [f"{source}.{alias.name}" for alias in node.names]
            yield from (name if name in modules else source for name in inside)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def order_of(root):
    """Modules of a folder, each after those that it imports. Raises CycleError, which names a circle."""
    files = {name_of(path, root): path for path in root.rglob("*.py")}
    graph = {name: {m for m in imports_of(path, root, files) if m in files and m != name} for name, path in files.items()}
    return list(graphlib.TopologicalSorter(graph).static_order())


def test_no_module_imports_itself_through_others():
    assert order_of(PACKAGE)


@pytest.mark.parametrize("first", ["from .b import f", "from . import b", "def g():\n    from .b import f", "import p.b"])
def test_a_circle_is_seen(tmp_path, first):
    folder = tmp_path / "p"
    folder.mkdir()
    for name, text in {"__init__": "", "a": first, "b": "from .a import g"}.items():
        (folder / f"{name}.py").write_text(text)
    with pytest.raises(graphlib.CycleError) as raised:
        order_of(tmp_path)
    assert {"p.a", "p.b"} <= set(raised.value.args[1])
