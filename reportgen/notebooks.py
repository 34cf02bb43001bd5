"""Notebooks as templates of runs: finding them, and reading their parameters cell.

The cell tagged ``parameters`` is the schema of a notebook's rows. It is read by its
syntax tree and never run: one annotated literal per line, its comment is its help.
"""

from __future__ import annotations

import ast
import builtins
import io
import json
import keyword
import re
import tokenize
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportgen.errors import InputError, Problem
from reportgen.experiments import annotation, limits

MAX_BYTES = 20_000_000
_NAME = re.compile(r"[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9_-])?")


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


@dataclass(frozen=True)
class Notebook:
    """A notebook that rows can name.

    Parameters
    ----------
    name : str
        File name without ``.ipynb``.
    path : Path
    parameters : mapping of str to Parameter
        In the order of the cell.
    code : tuple of str
        The code cells' sources, without the parameters cell.
    """

    name: str
    path: Path
    parameters: Mapping[str, Parameter]
    code: tuple[str, ...]


class _Fault(Exception):
    """One fault: its code, what is wrong, what mends it."""

    def __init__(self, code: str, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.remedy = code, message, remedy


def discover(folder: Path) -> dict[str, Notebook]:
    """Read every notebook of a folder.

    Parameters
    ----------
    folder : Path
        Its ``*.ipynb`` files are read; hidden files and folders inside are not.

    Returns
    -------
    dict of str to Notebook
        By name, in alphabetical order.

    Raises
    ------
    InputError
        The folder is missing, or notebooks in it are wrong: all their faults at once.
    """
    if not folder.is_dir():
        remedy = "make it, with one notebook per kind of experiment"
        raise InputError([Problem(str(folder), 0, "no-notebooks", "there is no such folder", remedy)])
    found, problems = {}, list[Problem]()
    for path in sorted(folder.glob("*.ipynb")):
        if path.name.startswith("."):
            continue
        try:
            found[path.stem] = read_notebook(path)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return found


def read_notebook(path: Path) -> Notebook:
    """Read one notebook and check its parameters cell.

    Raises
    ------
    InputError
        Every fault of the file: not a notebook of format 4 in Python, not exactly one
        cell tagged ``parameters``, a line in it that is no annotated literal.
    """
    try:
        cells = _code_cells(_content(path))
        schema = _parameters_cell(cells)
    except _Fault as fault:
        raise InputError([Problem(str(path), 0, fault.code, fault.message, fault.remedy)]) from None
    parameters, faults = _read_parameters(_source(cells[schema]))
    if faults:
        raise InputError([Problem(str(path), 0, each.code, each.message, each.remedy) for each in faults])
    code = tuple(_source(cell) for number, cell in enumerate(cells) if number != schema)
    return Notebook(path.stem, path, parameters, code)


def check_value(parameter: Parameter, value: Any) -> str | None:
    """Say what is wrong with a value for a parameter, or return None.

    Parameters
    ----------
    parameter : Parameter
    value : object
        As TOML or a Python literal gives it. Checked strictly: ``true`` is not 1,
        ``32.0`` is no int, ``"32"`` no number; an int is accepted for a float, and the
        text ``"none"`` for None. Parameters whose name is known (``epochs``,
        ``dropout``, ``activation``, ...) must also lie in a sane range.
    """
    expected = annotation.parse(parameter.annotation)
    fault = annotation.mismatch(expected, value)
    return fault or limits.out_of_range(parameter.name, annotation.settle(expected, value))


def settled_value(parameter: Parameter, value: Any) -> Any:
    """Return a checked value as the notebook gets it: ``"none"`` as None, 1 as 1.0 for a float."""
    return annotation.settle(annotation.parse(parameter.annotation), value)


def _content(path: Path) -> dict[str, Any]:
    if not _NAME.fullmatch(path.stem):
        wanted = "small letters, digits, '.', '_' and '-', at most 64 of them"
        raise _Fault("bad-notebook-name", "rows cannot name this notebook", f"rename it: {wanted}")
    try:
        if not path.is_file():
            raise _Fault("no-notebook", "this is no file")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise _Fault(
                "notebook-too-large",
                f"the notebook has {size / 1e6:.0f} MB, more than {MAX_BYTES / 1e6:.0f} MB",
                "clear its outputs (Jupyter: Edit, Clear Outputs of All Cells)",
            )
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise _Fault("no-notebook", f"the notebook cannot be read: {error.strerror}") from None
    except RecursionError:
        raise _Fault("not-a-notebook", "the file is nested too deeply to be a notebook") from None
    except ValueError as error:
        raise _Fault(
            "not-a-notebook", f"the file is not JSON: {error}", "save it again from Jupyter"
        ) from None
    if not isinstance(content, dict) or not isinstance(content.get("nbformat"), int):
        raise _Fault("not-a-notebook", "the file is JSON, but no notebook", "save it again from Jupyter")
    return content


def _code_cells(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    version = content["nbformat"]
    if version != 4:
        remedy = "convert it: jupyter nbconvert --to notebook --nbformat 4 --inplace NOTEBOOK"
        raise _Fault("notebook-format", f"expected notebook format 4, found {version}", remedy)
    language = _language(content.get("metadata"))
    if language != "python":
        raise _Fault("notebook-language", f"expected a Python notebook, found {language}")
    cells = content.get("cells")
    if not isinstance(cells, list) or not all(_is_cell(cell) for cell in cells):
        raise _Fault("not-a-notebook", "the notebook's cells are damaged", "save it again from Jupyter")
    return [cell for cell in cells if cell["cell_type"] == "code"]


def _language(metadata: Any) -> str:
    """The language that the notebook declares; Python where it declares none."""
    for part, key in (("kernelspec", "language"), ("language_info", "name")):
        value = metadata.get(part) if isinstance(metadata, dict) else None
        if isinstance(value, dict) and isinstance(value.get(key), str):
            return str(value[key]).lower()
    return "python"


def _is_cell(cell: Any) -> bool:
    if not isinstance(cell, dict) or not isinstance(cell.get("cell_type"), str):
        return False
    source = cell.get("source")
    return isinstance(source, str) or (
        isinstance(source, list) and all(isinstance(line, str) for line in source)
    )


def _source(cell: Mapping[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _tags(cell: Mapping[str, Any]) -> Sequence[Any]:
    metadata = cell.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    return tags if isinstance(tags, list) else ()


def _parameters_cell(cells: Sequence[Mapping[str, Any]]) -> int:
    if any("injected-parameters" in _tags(cell) for cell in cells):
        remedy = "use the original, or remove the cell tagged injected-parameters"
        raise _Fault("executed-notebook", "this is the executed copy of a notebook", remedy)
    tagged = [number for number, cell in enumerate(cells) if "parameters" in _tags(cell)]
    if not tagged:
        remedy = 'tag the code cell that holds them "parameters" (Jupyter: property inspector, cell tags)'
        raise _Fault("no-parameters-cell", "no code cell is tagged parameters", remedy)
    if len(tagged) > 1:
        remedy = "keep the tag on one of them"
        raise _Fault("two-parameters-cells", f"{len(tagged)} code cells are tagged parameters", remedy)
    return tagged[0]


def _read_parameters(source: str) -> tuple[dict[str, Parameter], list[_Fault]]:
    """Read the cell; a fault of one line does not hide those of the others."""
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        place = f"line {line} of the parameters cell" if line else "the parameters cell"
        return {}, [_Fault("bad-parameters-cell", f"{place} is not Python: {getattr(error, 'msg', error)}")]
    comments = _comments(source)
    parameters: dict[str, Parameter] = {}
    faults = list[_Fault]()
    for statement in statements:
        try:
            parameter = _parameter(statement, comments)
            if parameter.name in parameters:
                raise _Fault("repeated-parameter", f'parameter "{parameter.name}" stands twice in its cell')
            parameters[parameter.name] = parameter
        except _Fault as fault:
            faults.append(fault)
    if (not faults and (seed := parameters.get("seed")) is None) or (seed and seed.annotation != "int"):
        faults.append(
            _Fault(
                "no-seed",
                "the parameters cell has no line `seed: int`",
                "add: seed: int = 42  # seed of the run",
            )
        )
    return parameters, faults


def _comments(source: str) -> dict[int, str]:
    """Comments of a cell by line."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {
        token.start[0]: token.string.lstrip("#").strip() for token in tokens if token.type == tokenize.COMMENT
    }


def _parameter(statement: ast.stmt, comments: Mapping[int, str]) -> Parameter:
    place = f"line {statement.lineno} of the parameters cell"
    example = "write one such line per parameter: epochs: int = 100  # passes over the data"
    if not isinstance(statement, ast.AnnAssign):
        if isinstance(statement, ast.Assign):
            raise _Fault("parameter-without-type", f"{place} gives no type", example)
        raise _Fault("not-a-parameter", f"{place} is no parameter", example)
    if not isinstance(statement.target, ast.Name) or statement.value is None:
        raise _Fault("not-a-parameter", f"{place} needs a plain name and a value", example)
    name = statement.target.id
    _check_name(name, place)
    written = ast.unparse(statement.annotation)
    try:
        annotation.parse(written)
    except ValueError as error:
        allowed = "allowed: int, float, str, bool, list[T], dict[str, T], and unions of them with None"
        raise _Fault("bad-parameter-type", f'{place}: parameter "{name}": {error}', allowed) from None
    try:
        default = ast.literal_eval(statement.value)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        message = f'{place}: the value of parameter "{name}" is no literal'
        raise _Fault(
            "not-a-literal", message, "write a number, a text, a truth value, a list or None"
        ) from None
    help_lines = (comments.get(line) for line in range(statement.lineno, (statement.end_lineno or 0) + 1))
    parameter = Parameter(name, written, default, " ".join(filter(None, help_lines)))
    if fault := check_value(parameter, default):
        raise _Fault("bad-default", f'{place}: parameter "{name}": {fault}')
    return parameter


def _check_name(name: str, place: str) -> None:
    if keyword.iskeyword(name) or (name.startswith("__") and name.endswith("__")) or hasattr(builtins, name):
        raise _Fault("bad-parameter-name", f'{place}: "{name}" is a name of Python itself', "choose another")
