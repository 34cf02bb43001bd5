"""A notebook that ran on its own: from the history of its cells, the run they were, or why they were none.

A kernel does not know the file it belongs to; it knows which cells ran, and in which order. That is what
the key of such a run is made of: a row is served by it where the row's notebook has just these cells.
"""

from __future__ import annotations

import ast
import contextlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportgen.calls.named import in_force
from reportgen.experiments.parameters_cell import Parameter, check_value, read_cell, settled_value

AGAIN = "restart the kernel and run all cells from the top (Jupyter: Restart and Run All)"
_MOST_NOTEBOOKS = 50
_INSTALLING = re.compile(r"[%!]\s*(uv )?(pip3?|conda|mamba)\b|%matplotlib\b|%config InlineBackend\b")


class NotARun(Exception):
    """What ran is no run that a key can name; the message says why, and what to do."""


@dataclass(frozen=True)
class Ran:
    """The run that the cells of a kernel were.

    Parameters
    ----------
    parameters : mapping
        As the parameters cell gives them, the seed among them, without those that others replace.
    code : tuple of str
        The other cells, in the order they ran.
    cells : tuple of str
        All of them, the parameters' too.
    """

    parameters: Mapping[str, Any]
    code: tuple[str, ...]
    cells: tuple[str, ...]


def that_ran(raw: Sequence[str], transformed: Sequence[str]) -> list[str]:
    """The cells of IPython's history as written, without those that are no Python and so did nothing.

    Parameters
    ----------
    raw, transformed : sequence of str
        Every cell as written, and as IPython translated its magic commands.
    """
    return [
        cell for cell, python in zip(raw, transformed, strict=False) if cell.strip() and _is_python(python)
    ]


def what_ran(history: Sequence[str]) -> Ran:
    """Read the history of a kernel up to the cell that records.

    Counted is every cell that could change a number. Cells that only install packages or set up
    plots are left out; so are repetitions of the last cell, where it does nothing but record. A cell
    of plain values right after the parameters cell, as papermill writes it, changes the parameters.

    Parameters
    ----------
    history : sequence of str
        The sources of the cells as they ran, the recording one last.

    Raises
    ------
    NotARun
        No cell holds parameters, or cells ran in an order that no notebook has from top to bottom.
    """
    cells = _one_record([cell for cell in history if cell.strip() and not _only_installs(cell)])
    schemas = [number for number, cell in enumerate(cells) if _parameters(cell)]
    if not schemas:
        raise NotARun("no cell holds the parameters, one per line with its type, such as seed: int = 42")
    first = schemas[0]
    values, end = _values(cells, first)
    code = cells[:first] + cells[end:]
    if schemas[-1] >= end:
        raise NotARun(f"the parameters were set again after other cells had used them; {AGAIN}")
    if len(set(code)) < len(code):
        raise NotARun(
            f"a cell ran more than once, so the model may be another than a first run gives; {AGAIN}"
        )
    return Ran(in_force(values), tuple(code), tuple(cells[:first] + cells[schemas[-1] :]))


def _values(cells: Sequence[str], first: int) -> tuple[dict[str, Any], int]:
    """The parameters as the cells from `first` on set them, and the number of the cell after these."""
    known: Mapping[str, Parameter] = {}
    values: dict[str, Any] = {}
    for number, cell in enumerate(cells[first:], first):
        parameters, given = _parameters(cell), _settings(cell, known)
        if parameters:
            if known.keys() - parameters.keys():
                raise NotARun(f"the parameters cell had other names before, which are still defined; {AGAIN}")
            known = parameters
            values = {name: settled_value(each, each.default) for name, each in parameters.items()}
        elif given:
            values |= given
        else:
            return values, number
    return values, len(cells)


def _parameters(cell: str) -> Mapping[str, Parameter]:
    """The parameters of a cell; none where it is another kind of cell."""
    parameters, faults = read_cell(cell)
    return {} if faults else parameters


def with_the_cells_of(ran: Ran, folder: Path) -> tuple[str, ...]:
    """Names of the notebooks in a folder whose code cells are those that ran."""
    from reportgen.errors import InputError
    from reportgen.notebooks import read_notebook
    from reportgen.store.key import code_digest

    wanted, found = code_digest(ran.code), []
    for path in sorted(folder.glob("*.ipynb"))[:_MOST_NOTEBOOKS]:
        with contextlib.suppress(InputError, OSError):
            if code_digest(read_notebook(path).code) == wanted:
                found.append(path.name)
    return tuple(found)


def as_notebook(ran: Ran) -> bytes:
    """The cells that ran, in their order, as a notebook without outputs."""
    cells = [
        {
            "cell_type": "code",
            "execution_count": number,
            "id": f"cell-{number}",
            "metadata": {"tags": ["parameters"]} if _parameters(cell) else {},
            "outputs": [],
            "source": cell.splitlines(keepends=True),
        }
        for number, cell in enumerate(ran.cells, 1)
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, indent=1, ensure_ascii=False).encode() + b"\n"


def _only_installs(cell: str) -> bool:
    lines = [line.strip() for line in cell.replace("\\\n", " ").splitlines()]
    said = [line for line in lines if line and not line.startswith("#")]
    return bool(said) and all(_INSTALLING.match(line) for line in said)


def _one_record(cells: list[str]) -> list[str]:
    """Without repetitions of a last cell that only calls ``record``: recording changes no model."""
    while len(cells) > 1 and cells[-1] == cells[-2] and _only_records(cells[-1]):
        cells = cells[:-1]
    return cells


def _only_records(cell: str) -> bool:
    match _statements(cell):
        case [ast.Expr(ast.Call(ast.Name("record")))]:
            return True
    return False


def _settings(cell: str, parameters: Mapping[str, Parameter]) -> dict[str, Any]:
    """The values of a cell that only gives known parameters right values; none for any other cell."""
    given: dict[str, Any] = {}
    for statement in _statements(cell):
        match statement:
            case ast.Assign([ast.Name(name)], value) if name in parameters:
                try:
                    given[name] = ast.literal_eval(value)
                except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
                    return {}
                if check_value(parameters[name], given[name]):
                    return {}
                given[name] = settled_value(parameters[name], given[name])
            case _:
                return {}
    return given


def _is_python(cell: str) -> bool:
    try:
        ast.parse(cell)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _statements(cell: str) -> list[ast.stmt]:
    try:
        return ast.parse(cell).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
