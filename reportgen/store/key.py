"""The key of a run: everything that can change its numbers, and nothing else."""

from __future__ import annotations

import ast
import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from reportgen.recordfile import SCHEMA_VERSION

NOT_IN_A_RUN = {"showing.py", "own_sets.py", "predicting.py"}
"""Modules of `reportgen/lab` that cannot change a result: for plain Jupyter alone, or for after a run."""

OF_CALLS = ("grammar.py", "per_epoch.py")
"""Modules of `reportgen/calls` that a run executes: what a text means, and the rates of epochs."""


def key_parts(
    *,
    code: str,
    parameters: Mapping[str, Any],
    seed: int,
    data: Mapping[str, str],
    quick: Mapping[str, int] | None,
    lab: str,
    versions: Mapping[str, str],
    machine: str,
    threads: int,
    onednn: bool,
    split_seed: int | None = None,
    warm_start: str | None = None,
    weights: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the parts of a run's key.

    Parameters
    ----------
    code : str
        `code_digest` of the notebook's cells, without the parameters cell.
    parameters : mapping
        Every parameter but the seed, defaults included.
    seed : int
    data : mapping of str to str
        Digest of every data set that the run reads, by the name it asks for.
    quick : mapping or None
        Images of a shortened run.
    lab : str
        `lab_digest`.
    versions : mapping
        Of Python and of the libraries that compute.
    machine : str
        Such as ``x86_64``.
    threads : int
    onednn : bool
    split_seed : int or None
        Of the validation split, where it is not the run's own seed.
    warm_start : str or None
        Key of the run whose trained weights this one starts from.
    weights : mapping of str to str, or None
        Digest of every file of weights that a layer names, by its name in the row.
    """
    return {
        "schema": SCHEMA_VERSION,
        "code": code,
        "parameters": dict(parameters),
        "seed": seed,
        "data": dict(data),
        "quick": quick,
        "lab": lab,
        "versions": dict(versions),
        "machine": machine,
        "threads": threads,
        "onednn": onednn,
        "deterministic": True,
        "split_seed": split_seed,
        "warm_start": warm_start,
        "weights": dict(weights or {}),
    }


def run_key(parts: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON of `parts`: sorted names, NFC text, 1 and 1.0 kept apart.

    Parameters
    ----------
    parts : mapping
        JSON values only.

    Returns
    -------
    str
        64 hexadecimal digits.

    Raises
    ------
    ValueError
        A number is not finite.
    """
    text = json.dumps(
        _normal(parts), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return hashlib.sha256(text.encode()).hexdigest()


def code_digest(sources: Iterable[str]) -> str:
    """SHA-256 of Python sources by their syntax trees: layout, comments and docstrings do not count."""
    total = hashlib.sha256()
    for source in sources:
        total.update(_tree(source).encode() + b"\0")
    return total.hexdigest()


def lab_digest(folder: Path) -> str:
    """`code_digest` of the modules that a run executes, in the order of their names.

    Parameters
    ----------
    folder : Path
        `reportgen/lab`, with `reportgen/calls` beside it.
    """
    modules = sorted(path for path in folder.glob("*.py") if path.name not in NOT_IN_A_RUN)
    modules += [folder.parent / "calls" / name for name in OF_CALLS]
    return code_digest(path.read_text(encoding="utf-8") for path in modules)


def changes(old: Mapping[str, Any], new: Mapping[str, Any], prefix: str = "") -> tuple[str, ...]:
    """Say which parts of two keys differ, such as ``parameters.epochs 50 -> 60``."""
    found: list[str] = []
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name), new.get(name)
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            found += changes(before, after, f"{prefix}{name}.")
        elif before != after or type(before) is not type(after):
            found.append(f"{prefix}{name} {_short(before)} -> {_short(after)}")
    return tuple(found)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    is_digest = isinstance(value, str) and len(value) == 64
    return value[:8] if is_digest else text if len(text) <= 40 else text[:37] + "..."


def _normal(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {unicodedata.normalize("NFC", name): _normal(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_normal(item) for item in value]
    return value


@lru_cache(maxsize=256)
def _tree(source: str) -> str:
    try:
        tree = _parsed(source)
    except (SyntaxError, ValueError):
        return source.strip()  # a cell with IPython magic: its text is all we can compare
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            _drop_docstring(node)
    return _written(tree)


def _parsed(source: str) -> ast.Module:
    """`ast.parse`, while other threads parse too.

    Python 3.11 counts the depth of all threads' trees in one place: where the collection of garbage lets
    another thread go on in the middle, the count no longer fits, and a SystemError says so. The source is
    not at fault.
    """
    for _ in range(99):
        try:
            return ast.parse(source)
        except SystemError:
            continue
    return ast.parse(source)


def _written(node: object) -> str:
    """A syntax tree as text, alike in every Python: `ast.dump` says more or less of what is empty in each.

    As Python 3.11 writes it: without the empty lists of type parameters and the empty ends of formats that
    some later ones have.
    """
    if isinstance(node, list):
        return f"[{', '.join(map(_written, node))}]"
    if not isinstance(node, ast.AST):
        return repr(node)
    shown = []
    for name in node._fields:
        value = getattr(node, name, None)
        left_out = value is None and getattr(type(node), name, ...) is None
        if isinstance(node, ast.JoinedStr) and isinstance(value, list):
            value = [part for part in value if getattr(part, "value", None) != ""]
        if not left_out and (name != "type_params" or value):
            shown.append(f"{name}={_written(value)}")
    return f"{type(node).__name__}({', '.join(shown)})"


def _drop_docstring(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    first = node.body[0] if node.body else None
    is_text = (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    )
    if is_text:
        node.body = node.body[1:]
