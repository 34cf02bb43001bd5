"""Notebooks as templates of runs: finding them, and reading what their rows may set.

A notebook is read as a local file and as JSON; nothing in it is run here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportgen.errors import InputError, Problem
from reportgen.experiments.parameters_cell import (
    CellFault,
    Parameter,
    check_value,
    read_cell,
    settled_value,
    typed_value,
    wrong_type,
)

__all__ = [
    "Notebook",
    "Parameter",
    "check_value",
    "discover",
    "read_notebook",
    "settled_value",
    "typed_value",
    "wrong_type",
]

MAX_BYTES = 20_000_000
_NAME = re.compile(r"[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9_-])?")


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
        The code cells' sources, without the parameters cell and without empty ones.
    """

    name: str
    path: Path
    parameters: Mapping[str, Parameter]
    code: tuple[str, ...]


def discover(folder: Path, faults: list[Problem] | None = None) -> dict[str, Notebook]:
    """Read every notebook of a folder.

    Parameters
    ----------
    folder : Path
        Its ``*.ipynb`` files are read; hidden files and folders inside are not.
    faults : list of Problem, optional
        Where given, wrong notebooks are left out and their faults added here: a draft that
        no row names should stop nobody.

    Returns
    -------
    dict of str to Notebook
        By name, in alphabetical order.

    Raises
    ------
    InputError
        The folder is missing; or, without `faults`, notebooks in it are wrong.
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
    if problems and faults is None:
        raise InputError(problems)
    if faults is not None:
        faults += problems
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
    except CellFault as fault:
        raise InputError([Problem(str(path), 0, fault.code, fault.message, fault.remedy)]) from None
    parameters, faults = read_cell(_source(cells[schema]))
    if faults:
        raise InputError([Problem(str(path), 0, each.code, each.message, each.remedy) for each in faults])
    sources = [_source(cell) for number, cell in enumerate(cells) if number != schema]
    code = tuple(source for source in sources if source.strip())  # Jupyter adds an empty cell at the end
    return Notebook(path.stem, path, parameters, code)


def _content(path: Path) -> dict[str, Any]:
    if not _NAME.fullmatch(path.stem):
        wanted = "small letters, digits, '.', '_' and '-', at most 64 of them"
        raise CellFault("bad-notebook-name", "rows cannot name this notebook", f"rename it: {wanted}")
    try:
        if not path.is_file():
            raise CellFault("no-notebook", "this is no file")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise CellFault(
                "notebook-too-large",
                f"the notebook has {size / 1e6:.0f} MB, more than {MAX_BYTES / 1e6:.0f} MB",
                "clear its outputs (Jupyter: Edit, Clear Outputs of All Cells)",
            )
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise CellFault("no-notebook", f"the notebook cannot be read: {error.strerror}") from None
    except RecursionError:
        raise CellFault("not-a-notebook", "the file is nested too deeply to be a notebook") from None
    except ValueError as error:
        raise CellFault(
            "not-a-notebook", f"the file is not JSON: {error}", "save it again from Jupyter"
        ) from None
    if not isinstance(content, dict) or not isinstance(content.get("nbformat"), int):
        raise CellFault("not-a-notebook", "the file is JSON, but no notebook", "save it again from Jupyter")
    return content


def _code_cells(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    version = content["nbformat"]
    if version != 4:
        remedy = "convert it: jupyter nbconvert --to notebook --nbformat 4 --inplace NOTEBOOK"
        raise CellFault("notebook-format", f"expected notebook format 4, found {version}", remedy)
    language = _language(content.get("metadata"))
    if language != "python":
        raise CellFault("notebook-language", f"expected a Python notebook, found {language}")
    cells = content.get("cells")
    if not isinstance(cells, list) or not all(_is_cell(cell) for cell in cells):
        raise CellFault("not-a-notebook", "the notebook's cells are damaged", "save it again from Jupyter")
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
        raise CellFault("executed-notebook", "this is the executed copy of a notebook", remedy)
    tagged = [number for number, cell in enumerate(cells) if "parameters" in _tags(cell)]
    if not tagged:
        remedy = 'tag the code cell that holds them "parameters" (Jupyter: property inspector, cell tags)'
        raise CellFault("no-parameters-cell", "no code cell is tagged parameters", remedy)
    if len(tagged) > 1:
        remedy = "keep the tag on one of them"
        raise CellFault("two-parameters-cells", f"{len(tagged)} code cells are tagged parameters", remedy)
    return tagged[0]
