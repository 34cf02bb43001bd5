"""The project's own files and what its modules import, for the tests of this folder."""

from __future__ import annotations

import ast
import functools
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "reportgen"


def module_name(file: Path) -> str:
    """Return the dotted name of a file of the package."""
    parts = list(file.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@functools.cache
def modules() -> dict[str, Path]:
    """Return every module of the package by its dotted name."""
    return {module_name(file): file for file in sorted(PACKAGE.rglob("*.py"))}


@functools.cache
def tree(name: str) -> ast.Module:
    """Return the syntax tree of a module."""
    return ast.parse(modules()[name].read_text(encoding="utf-8"))


def _only_for_types(node: ast.AST) -> bool:
    if not isinstance(node, ast.If):
        return False
    test = node.test
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )


def _nodes(node: ast.AST, *, deep: bool) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if _only_for_types(child):
            continue
        if not deep and isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        yield child
        yield from _nodes(child, deep=deep)


def imports(name: str, *, deep: bool = True) -> set[str]:
    """Return the modules that a module imports; without `deep`, only what its import runs.

    ``from package import thing`` counts as ``package.thing`` where that is a module of ours, else as ``package``.
    """
    found: set[str] = set()
    for node in _nodes(tree(name), deep=deep):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: imports of this project are absolute"
            base = node.module or ""
            for alias in node.names:
                full = f"{base}.{alias.name}"
                found.add(full if full in modules() else base)
    return found


def within(name: str, package: str) -> bool:
    """Return whether `name` is `package` or stands inside it."""
    return name == package or name.startswith(package + ".")


@functools.cache
def tracked() -> tuple[Path, ...]:
    """Return the files that git knows; none outside a checkout."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    names = done.stdout.decode().split("\0") if done.returncode == 0 else []
    return tuple(ROOT / name for name in names if name and (ROOT / name).is_file())
