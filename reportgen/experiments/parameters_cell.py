"""The cell tagged ``parameters``: one annotated literal per line, its comment is its help.

It is the schema of a notebook's rows, read by its syntax tree and never run.
"""

from __future__ import annotations

import ast
import builtins
import io
import keyword
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reportgen.calls import named
from reportgen.experiments import annotation, limits

_EXAMPLE = "write one such line per parameter: epochs: int = 100  # passes over the data"
_TYPES = "allowed: int, float, str, bool, list[T], dict[str, T], and unions of them with None"
_LITERALS = "write a number, a text, a truth value, a list, a table or None"


@dataclass(frozen=True)
class Parameter:
    """One line of a parameters cell: ``hidden_units: list[int] = [250]  # one layer per entry``.

    Parameters
    ----------
    name : str
    annotation : str
        As written: ``int``, ``float``, ``str``, ``bool``, ``list[T]``, ``dict[str, T]``,
        and unions with ``|``.
    default : object
        A literal.
    help : str
        The comment on the line.
    """

    name: str
    annotation: str
    default: Any
    help: str = ""

    def __str__(self) -> str:
        """Write the line again."""
        line = f"{self.name}: {self.annotation} = {self.default!r}"
        return f"{line}  # {self.help}" if self.help else line

    @property
    def calls(self) -> bool:
        """Whether its values are calls of Keras as texts."""
        return named.applies(self.name, self.annotation)


class CellFault(Exception):
    """One fault of a notebook: its code, what is wrong, what mends it."""

    def __init__(self, code: str, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.remedy = code, message, remedy


def check_value(parameter: Parameter, value: Any) -> str | None:
    """Say what is wrong with a value for a parameter, or return None.

    Parameters
    ----------
    parameter : Parameter
    value : object
        As TOML or a Python literal gives it. Checked strictly: ``true`` is not 1,
        ``32.0`` is no int, ``"32"`` no number; an int is accepted for a float, and the
        text ``"none"`` for None. Parameters whose name is known (``epochs``,
        ``dropout``, ``activation``, ...) must also lie in a sane range, and calls be right.
    """
    fault = wrong_type(parameter, value)
    if fault:
        return fault
    settled = typed_value(parameter, value)
    if not parameter.calls:
        return limits.out_of_range(parameter.name, settled)
    faults = named.bound(parameter.name, settled)[1] if settled is not None else []
    entry = f"entry {faults[0].entry + 1}: " if faults and faults[0].entry is not None else ""
    return f"{entry}{faults[0].message}" if faults else None


def wrong_type(parameter: Parameter, value: Any) -> str | None:
    """Say why a value is not of the parameter's type, or return None."""
    return annotation.mismatch(annotation.parse(parameter.annotation), value)


def typed_value(parameter: Parameter, value: Any) -> Any:
    """Return a value of the right type as TOML cannot say it: ``"none"`` as None, 1 as 1.0 for a float."""
    return annotation.settle(annotation.parse(parameter.annotation), value)


def settled_value(parameter: Parameter, value: Any) -> Any:
    """Return a checked value as the notebook gets it: `typed_value`, and calls in their one form."""
    typed = typed_value(parameter, value)
    return named.canonical(parameter.name, typed) if parameter.calls else typed


def read_cell(source: str) -> tuple[dict[str, Parameter], list[CellFault]]:
    """Read the source of a parameters cell.

    Returns
    -------
    parameters : dict of str to Parameter
        In the order of the cell; only complete where there are no faults.
    faults : list of CellFault
        Those of all lines: one does not hide the others.
    """
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        place = f"line {line} of the parameters cell" if line else "the parameters cell"
        return {}, [
            CellFault("bad-parameters-cell", f"{place} is not Python: {getattr(error, 'msg', error)}")
        ]
    comments = _comments(source)
    parameters: dict[str, Parameter] = {}
    faults: list[CellFault] = []
    for statement in statements:
        try:
            parameter = _parameter(statement, comments)
            if parameter.name in parameters:
                message = f'parameter "{parameter.name}" stands twice in the parameters cell'
                raise CellFault("repeated-parameter", message, "remove one of the two lines")
            parameters[parameter.name] = parameter
        except CellFault as fault:
            faults.append(fault)
    if not faults:
        faults += _seed_faults(parameters)
    return parameters, faults


def _seed_faults(parameters: Mapping[str, Parameter]) -> list[CellFault]:
    """A notebook that takes no seed would give other numbers each time, without a word."""
    if "seed" in parameters and parameters["seed"].annotation == "int":
        return []
    remedy = "add: seed: int = 42  # of all that is random"
    return [CellFault("no-seed", "the parameters cell has no line seed: int", remedy)]


def _comments(source: str) -> dict[int, str]:
    """Comments of a cell by line."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError):
        return {}
    return {
        token.start[0]: token.string.lstrip("#").strip() for token in tokens if token.type == tokenize.COMMENT
    }


def _parameter(statement: ast.stmt, comments: Mapping[int, str]) -> Parameter:
    place = f"line {statement.lineno} of the parameters cell"
    if isinstance(statement, ast.Assign):
        raise CellFault("parameter-without-type", f"{place} gives no type", _EXAMPLE)
    if not isinstance(statement, ast.AnnAssign):
        raise CellFault("not-a-parameter", f"{place} is no parameter", _EXAMPLE)
    if not isinstance(statement.target, ast.Name) or statement.value is None:
        raise CellFault("not-a-parameter", f"{place} needs a plain name, a type and a value", _EXAMPLE)
    name = statement.target.id
    _check_name(name, place)
    subject = f'{place}: parameter "{name}"'
    try:
        written = ast.unparse(statement.annotation)
        annotation.parse(written)
    except (ValueError, RecursionError) as error:
        raise CellFault("bad-parameter-type", f"{subject}: {error}", _TYPES) from None
    try:
        default = ast.literal_eval(statement.value)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        raise CellFault("not-a-literal", f"{subject}: the value is no literal", _LITERALS) from None
    lines = range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
    parameter = Parameter(name, written, default, " ".join(filter(None, map(comments.get, lines))))
    fault = check_value(parameter, default)
    if fault:
        raise CellFault("bad-default", f"{subject}: {fault}")
    return parameter


def _check_name(name: str, place: str) -> None:
    dunder = name.startswith("__") and name.endswith("__")
    if dunder or keyword.iskeyword(name) or hasattr(builtins, name):
        message = f'{place}: "{name}" is a name of Python itself'
        raise CellFault(
            "bad-parameter-name", message, "choose another, such as " + name.strip("_") + "_value"
        )
