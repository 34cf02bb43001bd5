"""Types of parameters: reading ``list[int] | None``, and checking a value against it.

Nothing is coerced: ``true`` is not 1, ``32.0`` is no integer, ``"32"`` no number.
TOML has no null: where a type admits None, the text ``"none"`` stands for it.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from reportgen.experiments.words import describe

NONE_WORD = "none"
_SCALARS = {"int": "an integer", "float": "a number", "str": "a text", "bool": "true or false"}
_PLURALS = {"int": "integers", "float": "numbers", "str": "texts", "bool": "true or false"}
_LARGEST = 2**63 - 1
_DEEPEST = 6


@dataclass(frozen=True)
class Type:
    """A type that a parameter may have.

    Parameters
    ----------
    kind : str
        ``int``, ``float``, ``str``, ``bool``, ``None``, ``list``, ``dict`` or ``union``.
    inner : tuple of Type
        Of a list or dict its one element type, of a union its alternatives.
    """

    kind: str
    inner: tuple[Type, ...] = ()

    def __str__(self) -> str:
        """Say the type in plain words."""
        if self.kind == "list":
            return f"a list of {_plural(self.inner[0])}"
        if self.kind == "dict":
            return f"a table of {_plural(self.inner[0])}"
        if self.kind == "union":
            words = [str(each) for each in self.inner]
            return ", ".join(words[:-1]) + f" or {words[-1]}"
        return _SCALARS.get(self.kind, f'"{NONE_WORD}"')

    def admits(self, kind: str) -> bool:
        """True where a value of this kind is allowed, alone or as an alternative."""
        return self.kind == kind or (self.kind == "union" and any(each.admits(kind) for each in self.inner))


def _plural(kind: Type) -> str:
    return _PLURALS.get(kind.kind) or f"entries, each {kind}"


def parse(annotation: str) -> Type:
    """Read an annotation as it stands in the parameters cell.

    Raises
    ------
    ValueError
        The annotation is not one of ``int``, ``float``, ``str``, ``bool``, ``list[T]``,
        ``dict[str, T]`` or a union of them (with ``None``).
    """
    try:
        node = ast.parse(annotation.strip(), mode="eval").body
        return _type(node, 0)
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise ValueError(f"not a type: {annotation}") from error


def _type(node: ast.expr, depth: int) -> Type:
    if depth > _DEEPEST:
        raise ValueError("a type nested too deeply")
    if isinstance(node, ast.Name) and node.id in _SCALARS:
        return Type(node.id)
    if isinstance(node, ast.Constant) and node.value is None:
        return Type("None")
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return Type("union", _alternatives(node.left, depth) + _alternatives(node.right, depth))
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        if node.value.id == "list" and not isinstance(node.slice, ast.Tuple):
            return Type("list", (_type(node.slice, depth + 1),))
        if node.value.id == "dict" and isinstance(node.slice, ast.Tuple) and len(node.slice.elts) == 2:
            key, value = node.slice.elts
            if isinstance(key, ast.Name) and key.id == "str":
                return Type("dict", (_type(value, depth + 1),))
    raise ValueError(f"not a type that a parameter may have: {ast.unparse(node)}")


def _alternatives(node: ast.expr, depth: int) -> tuple[Type, ...]:
    found = _type(node, depth + 1)
    return found.inner if found.kind == "union" else (found,)


def mismatch(expected: Type, value: Any) -> str | None:
    """Say what is wrong with the type of `value`, or return None.

    A union's fault names the part that does not fit where only one alternative is a
    list (or table) and the value is one too.
    """
    if expected.kind == "union":
        return _union_mismatch(expected, value)
    if expected.kind == "list" and isinstance(value, list):
        return _first_fault((f"entry {n}", expected.inner[0], each) for n, each in enumerate(value, 1))
    if expected.kind == "dict" and isinstance(value, dict):
        return _first_fault((f'"{key}"', expected.inner[0], each) for key, each in value.items())
    if _fits(expected.kind, value):
        return _out_of_bounds(value)
    return f"expected {expected}, found {describe(value)}{_hint(expected, value)}"


def _union_mismatch(expected: Type, value: Any) -> str | None:
    faults = [(each, mismatch(each, value)) for each in expected.inner]
    if any(fault is None for _, fault in faults):
        return None
    same = "list" if isinstance(value, list) else "dict" if isinstance(value, dict) else None
    if same is None and any(_fits(each.kind, value) for each in expected.inner):
        return _out_of_bounds(value)
    inside = [fault for each, fault in faults if each.kind == same]
    if len(inside) == 1:
        return inside[0]
    return f"expected {expected}, found {describe(value)}{_hint(expected, value)}"


def _first_fault(parts: Iterable[tuple[str, Type, Any]]) -> str | None:
    for place, expected, value in parts:
        fault = mismatch(expected, value)
        if fault:
            return f"{place}: {fault}"
    return None


def _fits(kind: str, value: Any) -> bool:
    if kind == "None":
        return value is None or (isinstance(value, str) and value == NONE_WORD)
    if isinstance(value, bool):
        return kind == "bool"
    if isinstance(value, int):
        return kind in ("int", "float")
    return (kind == "float" and isinstance(value, float)) or (kind == "str" and isinstance(value, str))


def _out_of_bounds(value: Any) -> str | None:
    """What no number may be, whatever its type: endless, or wider than 64 bits."""
    if isinstance(value, float) and not math.isfinite(value):
        return f"expected a finite number, found {value!r}"
    if isinstance(value, int) and not -_LARGEST - 1 <= value <= _LARGEST:
        return f"expected a number of at most 64 bits, found {describe(value)}"
    return None


def _hint(expected: Type, value: Any) -> str:
    """What the author probably meant, as an end of the sentence."""
    numeric = expected.admits("int") or expected.admits("float")
    if isinstance(value, float) and expected.admits("int") and value.is_integer():
        return f" (an integer has no decimal point: write {value:.0f})"
    if isinstance(value, str):
        bare = value.strip()
        if numeric and _is_number(bare):
            return f" (a number stands without quotes: write {bare})"
        if expected.admits("bool") and bare.lower() in ("true", "false"):
            return f" (without quotes: write {bare.lower()})"
    if expected.admits("list") and isinstance(value, str) and value.strip().startswith("["):
        return ' (brackets stand outside the quotes: write ["...", "..."])'
    if expected.kind == "list" and mismatch(expected.inner[0], value) is None:
        return " (a list stands in brackets: write [...])"
    return ""


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def settle(expected: Type, value: Any) -> Any:
    """Return a value that fits as the notebook will see it.

    ``"none"`` becomes None where the type admits it, and an integer becomes a float
    where only floats are admitted, so that ``1`` and ``1.0`` are one configuration.
    """
    if expected.kind == "union":
        return settle(_alternative(expected, value), value)
    if expected.kind == "None":
        return None
    if expected.kind == "float" and isinstance(value, int):
        return float(value)
    if expected.kind == "list":
        return [settle(expected.inner[0], each) for each in value]
    if expected.kind == "dict":
        return {key: settle(expected.inner[0], each) for key, each in value.items()}
    return value


def _alternative(expected: Type, value: Any) -> Type:
    """The alternative that a value belongs to: None before text, integer before float."""
    fitting = [each for each in expected.inner if mismatch(each, value) is None]
    order = ("None", "bool", "int", "float", "str", "list", "dict")
    return min(fitting, key=lambda each: order.index(each.kind))
