"""A call of Keras as a short text, ``"Conv2D(32, 3, padding='same')"``, read without running it.

Only the grammar is known here: a name, and arguments that are literals, simple arithmetic on
numbers, or calls themselves. Which names there are and what they take is for `bound` to say.
"""

from __future__ import annotations

import ast
import math
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from reportgen.experiments.words import quoted

LONGEST = 1_000
"""Characters of a text."""


def names(text: str) -> frozenset[str]:
    """The words of a text, for tables of names."""
    return frozenset(text.split())


MODULES = names(
    """tf tensorflow keras layers optimizers losses callbacks schedules regularizers initializers constraints
    activations applications mobilenet_v2 nn"""
)
"""What may stand before a name, as in ``keras.layers.Dense``: it says nothing that the name does not."""

_DEEPEST = 6
_LARGEST = 2**63
_INSIDE = re.compile(r"\w+\.add\(")
_EXAMPLE = "write a call such as Dense(64, activation='relu')"


@dataclass(frozen=True)
class Fault:
    """What is wrong with a text, and where in it.

    Parameters
    ----------
    code : str
        Short kebab-case name of the kind of fault.
    message : str
        One sentence.
    remedy : str
    at : int
        Place in the text, in characters from 0.
    entry : int or None
        Number of the text in its list, from 0; None where the text stands alone.
    warning : bool
        True where the row can be run all the same.
    """

    code: str
    message: str
    remedy: str = ""
    at: int = 0
    entry: int | None = None
    warning: bool = False

    def of(self, entry: int) -> Fault:
        """The same fault, of an entry of a list."""
        return replace(self, entry=entry)


class CallFault(Exception):
    """A text that is no call; holds the `Fault`."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


Value = Any
"""None, bool, int, float, str, `Call`, a tuple of these, or a dict of literals to these."""


@dataclass(frozen=True)
class Argument:
    """An argument of a call: its name, None where it goes by place, its value, and where it stands."""

    name: str | None
    value: Value
    at: int


@dataclass(frozen=True)
class Call:
    """A call as it was written.

    Parameters
    ----------
    name : str
        Without the modules before it: ``Dense`` of ``keras.layers.Dense``.
    arguments : tuple of Argument
    at : int
        Place of the name in the text.
    called : bool
        False for a bare name, such as ``rmsprop``.
    """

    name: str
    arguments: tuple[Argument, ...] = ()
    at: int = 0
    called: bool = True


def parse(text: str) -> Call:
    """Read one text.

    Raises
    ------
    CallFault
        It is no Python, no call, or has an argument that is neither a literal nor a call.
    """
    if len(text) > LONGEST:
        raise CallFault(Fault("bad-call", f"it has {len(text)} characters, more than {LONGEST}"))
    body = text.lstrip()
    skipped = len(text) - len(body)
    reader = _Reader(body, skipped)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's remarks on odd literals are not the student's affair
            node = ast.parse(body.rstrip(), mode="eval").body
        return reader.call(node)
    except SyntaxError as error:
        raise CallFault(_syntax(error, body, skipped)) from None
    except (ValueError, RecursionError, MemoryError):
        raise CallFault(Fault("bad-call", "it is no Python", _EXAMPLE)) from None


def _syntax(error: SyntaxError, body: str, skipped: int) -> Fault:
    if not body.strip():
        return Fault("bad-call", "it is empty", _EXAMPLE)
    if re.match(r"\w+\s*=[^=]", body):
        return Fault("bad-call", "it is an assignment", "write only what stands after the =", skipped)
    line, column = error.lineno or 1, max(error.offset or 1, 1)
    before = sum(len(each) + 1 for each in body.split("\n")[: line - 1])
    at = min(skipped + before + column - 1, skipped + len(body))
    return Fault("bad-call", f"Python cannot read it: {error.msg}", _EXAMPLE, at)


class _Reader:
    """Turns a syntax tree into calls and literals."""

    def __init__(self, text: str, skipped: int) -> None:
        self.lines = text.split("\n")
        self.skipped = skipped

    def at(self, node: ast.expr | ast.keyword) -> int:
        """Place of a node in the text; Python counts bytes of a line."""
        line = self.lines[node.lineno - 1].encode()[: node.col_offset]
        before = sum(len(each) + 1 for each in self.lines[: node.lineno - 1])
        return self.skipped + before + len(line.decode(errors="ignore"))

    def fault(self, node: ast.expr | ast.keyword, message: str, remedy: str = "") -> CallFault:
        return CallFault(Fault("bad-call", message, remedy, self.at(node)))

    def call(self, node: ast.expr) -> Call:
        """The call that a whole text holds."""
        if isinstance(node, ast.Tuple) and len(node.elts) == 1:
            raise self.fault(node, "a comma stands after it", "remove the comma at the end of the text")
        if isinstance(node, ast.Tuple):
            raise self.fault(node, "it holds several", "write each in quotes of its own, with commas between")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Call):
            raise self.fault(
                node, "it is called twice", "leave out the brackets at the end: layers follow one another"
            )
        if isinstance(node, ast.Call) and _INSIDE.match(ast.unparse(node)):
            raise self.fault(node, "it adds a layer to a model", "write only what stands inside add(...)")
        if isinstance(node, ast.Call | ast.Name | ast.Attribute):
            return self._call(node, 0)
        raise self.fault(node, f"it is no call: {quoted(ast.unparse(node))}", _EXAMPLE)

    def _call(self, node: ast.Call | ast.Name | ast.Attribute, depth: int) -> Call:
        if depth > _DEEPEST:
            raise self.fault(node, "calls are nested too deeply")
        if not isinstance(node, ast.Call):
            return Call(self._name(node), at=self.at(node), called=False)
        arguments = [*self._positional(node, depth), *self._keywords(node, depth)]
        return Call(self._name(node.func), tuple(arguments), self.at(node))

    def _name(self, node: ast.expr) -> str:
        """The last part of a dotted name whose other parts are modules of Keras."""
        parts = ast.unparse(node).split(".") if isinstance(node, ast.Name | ast.Attribute) else []
        if not parts or not all(part.isidentifier() for part in parts):
            raise self.fault(node, f"{quoted(ast.unparse(node))} is no name", _EXAMPLE)
        strange = [part for part in parts[:-1] if part not in MODULES]
        if strange:
            raise self.fault(node, f'"{strange[0]}" is no module of Keras', f"write {parts[-1]} alone")
        return parts[-1]

    def _positional(self, node: ast.Call, depth: int) -> Iterator[Argument]:
        for each in node.args:
            if isinstance(each, ast.Starred):
                raise self.fault(each, "a star stands before an argument", "write the arguments out")
            yield Argument(None, self._value(each, depth + 1), self.at(each))

    def _keywords(self, node: ast.Call, depth: int) -> Iterator[Argument]:
        for each in node.keywords:
            if each.arg is None:
                raise self.fault(each.value, "stars stand before an argument", "write the arguments out")
            yield Argument(each.arg, self._value(each.value, depth + 1), self.at(each))

    def _value(self, node: ast.expr, depth: int) -> Value:
        if depth > _DEEPEST:
            raise self.fault(node, "it is nested too deeply")
        match node:
            case ast.Constant(value=None | bool() | int() | float() | str()):
                return self._bounded(node, node.value)
            case ast.Tuple() | ast.List():
                return tuple(self._value(each, depth + 1) for each in node.elts)
            case ast.Dict():
                return self._table(node, depth)
            case ast.UnaryOp() | ast.BinOp():
                return self._bounded(node, self._number(node))
            case ast.Call():
                return self._call(node, depth)
            case ast.Name() | ast.Attribute():
                raise self._bare(node)
        raise self.fault(
            node, f"{quoted(ast.unparse(node))} is no literal", "write a number, a text in quotes, or a list"
        )

    def _bare(self, node: ast.Name | ast.Attribute) -> CallFault:
        """A name where a value should stand: most likely a text that lost its quotes, or a class."""
        name = ast.unparse(node).rpartition(".")[2]
        if name in ("true", "false", "none", "null"):
            python = {"true": "True", "false": "False"}.get(name, "None")
            return self.fault(node, f'"{name}" is no value', f"Python writes {python}")
        remedy = f"write {name}()" if name[0].isupper() else f"write it in quotes: '{name}'"
        return self.fault(node, f'"{name}" is a name without a value', remedy)

    def _table(self, node: ast.Dict, depth: int) -> dict[Value, Value]:
        found: dict[Value, Value] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                raise self.fault(node, "stars stand inside a dictionary", "write its entries out")
            name = self._value(key, depth + 1)
            if isinstance(name, tuple | dict | Call):
                raise self.fault(key, "a key must be a number or a text")
            if name in found:
                raise self.fault(key, f"the key {name!r} stands there twice", "remove one")
            found[name] = self._value(value, depth + 1)
        return found

    def _number(self, node: ast.expr) -> int | float:
        """A number, or arithmetic on numbers such as ``1 / 255``."""
        match node:
            case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
                return node.value  # type: ignore[return-value]
            case ast.UnaryOp(op=ast.USub()):
                return -self._number(node.operand)
            case ast.UnaryOp(op=ast.UAdd()):
                return self._number(node.operand)
            case ast.BinOp():
                left, right = self._number(node.left), self._number(node.right)
                return self._computed(node, left, right)
        raise self.fault(
            node, f"{quoted(ast.unparse(node))} is no number", "write a number, or arithmetic such as 1/255"
        )

    def _computed(self, node: ast.BinOp, left: int | float, right: int | float) -> int | float:
        try:
            match node.op:
                case ast.Add():
                    return left + right
                case ast.Sub():
                    return left - right
                case ast.Mult():
                    return left * right
                case ast.Div():
                    return left / right
                case ast.FloorDiv():
                    return left // right
                case ast.Pow() if abs(right) <= 64 and abs(left) <= _LARGEST:
                    power = left**right
                    if isinstance(power, int | float):
                        return power
        except (ZeroDivisionError, OverflowError):
            raise self.fault(node, f"{quoted(ast.unparse(node))} has no value") from None
        raise self.fault(node, f"{quoted(ast.unparse(node))} is no simple arithmetic", "write the number")

    def _bounded(self, node: ast.expr, value: Value) -> Value:
        if isinstance(value, float) and not math.isfinite(value):
            raise self.fault(node, "the number is not finite")
        if isinstance(value, int) and not -_LARGEST <= value < _LARGEST:
            raise self.fault(node, "the number has more than 64 bits")
        return value


def written(value: Value) -> str:
    """Return a value, or a call, as Python writes it: one text for one value, whatever its layout was."""
    if isinstance(value, Call):
        inner = ", ".join(
            written(each.value) if each.name is None else f"{each.name}={written(each.value)}"
            for each in value.arguments
        )
        return f"{value.name}({inner})" if value.called else value.name
    if isinstance(value, tuple):
        inner = ", ".join(map(written, value))
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{written(key)}: {written(one)}" for key, one in value.items()) + "}"
    return repr(value)
