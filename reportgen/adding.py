"""A row put into an experiments file: checked as the file would be, before anything is written."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reportgen.errors import InputError, Problem, StorageError
from reportgen.experiments import syntax
from reportgen.experiments.add import OF_A_ROW, with_row
from reportgen.experiments.load import load
from reportgen.experiments.resolved import Experiments, Row
from reportgen.experiments.words import listed, nearest
from reportgen.notebooks import Notebook, discover
from reportgen.workspace import Workspace

_OF_THE_SECTION = ("two-rates", "without-effect")
"""Faults of two parameters, of which a new row can leave out its own alone."""

_NO_PARAMETER = re.compile(r'"(\w+)" is not a parameter of')


@dataclass(frozen=True)
class Added:
    """A new row.

    Parameters
    ----------
    id, section : str
    line : int
        Of its ``[[experiment]]`` in the file.
    text : str
        As the file has it.
    """

    id: str
    section: str
    line: int
    text: str


def add_row(work: Workspace, like: str, changed: Mapping[str, Any], *, write: bool = True) -> Added:
    """Put one more row into an experiments file, or only say what it would be.

    Parameters
    ----------
    work : Workspace
    like : str
        Id of the row that it is like.
    changed : mapping
        What differs, see `reportgen.experiments.add.with_row`.
    write : bool
        False where the file stays as it is.

    Raises
    ------
    InputError
        The file is wrong as it is, or would be with the row; it stays as it is.
    StorageError
        It cannot be written.
    """
    from reportgen.datasets.registry import DATASETS
    from reportgen.foreseen import known_data

    faults: list[Problem] = []
    notebooks, datasets = discover(work.notebooks, faults), tuple(DATASETS)
    known = load(work.file, notebooks, datasets, seen=known_data(), broken=faults)
    _own_row(known, like)
    before, _, _ = syntax.read(work.file)
    text = with_row(before.decode(), like, changed, str(work.file))
    row = _checked(work.file, text, notebooks, datasets, str(changed["id"]), faults)
    if write:
        _replace(work.file, before, text.encode())
    return Added(row.id, row.section, row.line, _from_line(text, row.line, len(before.decode().split("\n"))))


def _own_row(experiments: Experiments, like: str) -> None:
    """Raise an `InputError` where a row stands nowhere in the file: it comes of a stage."""
    origin = next((row.origin for row in experiments.rows if row.id == like), None)
    stage = experiments.stage(origin.stage or "") if origin is not None else None
    if stage is None:
        return
    remedy = (
        "raise its trials"
        if stage.kind == "search"
        else "give its grid one more value, or add a [[sweep.case]]"
    )
    message = f'"{like}" is a row of the {stage.kind} "{stage.id}", and stands nowhere by itself'
    raise InputError([Problem(experiments.name, stage.line, "bad-row", message, remedy)])


def _checked(
    file: Path,
    text: str,
    notebooks: Mapping[str, Notebook],
    datasets: Collection[str],
    row: str,
    faults: Sequence[Problem],
) -> Row:
    """The row, if the file is right with it; its faults stand in no line yet."""
    from reportgen.foreseen import known_data

    try:
        rows = load(file, notebooks, datasets, text.encode(), known_data(), faults).rows
    except InputError as error:
        raise InputError([_hinted(problem) for problem in error.problems]) from None
    return next(each for each in rows if each.id == row)


def _hinted(problem: Problem) -> Problem:
    """A problem of a row that stands in no line; a word that is no parameter may have been meant as a key."""
    remedy = problem.remedy
    found = _NO_PARAMETER.search(problem.message)
    if found:
        close = None if "did you mean" in remedy else nearest(found[1], OF_A_ROW)
        guess = f'did you mean "{close}"?   ' if close else ""
        remedy = f"{guess}{remedy}; keys of a row: {listed(OF_A_ROW)}"
    if problem.code in _OF_THE_SECTION:
        remedy = f"{remedy}; what its section gives counts as well"
    return replace(problem, line=0, column=0, remedy=remedy)


def _from_line(text: str, line: int, before: int) -> str:
    """The lines of the new row, the first of which is known, as is how many there were without it."""
    lines = text.split("\n")
    return "\n".join(lines[line - 1 : line - 2 + len(lines) - before]).replace("\r", "")


def _replace(file: Path, before: bytes, content: bytes) -> None:
    """Put a file in the place of another at one stroke; links and permissions stay."""
    target = file.resolve()
    if not os.access(target, os.W_OK):
        raise StorageError(file, "is write-protected; nothing was written")
    temporary = None
    try:
        with tempfile.NamedTemporaryFile(
            dir=target.parent, prefix=f".{target.name}.", delete=False
        ) as stream:
            temporary = Path(stream.name)
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        shutil.copymode(target, temporary)
        if target.read_bytes() != before:
            raise StorageError(file, "was changed meanwhile; nothing was written, try again")
        temporary.replace(target)
    except OSError as error:
        raise StorageError(file, error.strerror or str(error)) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
