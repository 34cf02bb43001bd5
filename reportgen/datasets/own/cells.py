"""Lines of a CSV file as numbers; where they are none, which cell it is."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets.own.faults import Faults
from reportgen.experiments.words import quoted

MISSING = frozenset(("", "na", "n/a", "nan", "null", "none", "?", "-nan", "<na>"))
"""What stands for a value that is not there, in small letters."""

_FILL = "fill it in, or take the line out"


@dataclass(frozen=True)
class Cells:
    """Some lines of a file, all with the right number of columns.

    Parameters
    ----------
    texts : list of str
        Without quotes around cells.
    numbers : (n,) int64
        Of the lines, from 1.
    labels : (n,) str
        Empty texts where the file has no labels.
    """

    texts: list[str]
    numbers: NDArray[np.int64]
    labels: NDArray[np.str_]

    def only(self, kept: NDArray[np.bool_]) -> Cells:
        """Those of the lines that are marked."""
        texts = [text for text, keep in zip(self.texts, kept, strict=True) if keep]
        return Cells(texts, self.numbers[kept], self.labels[kept])


def faulty_cells(
    texts: Sequence[str], numbers: Sequence[int], columns: int, label: int | None, name: str, faults: Faults
) -> Cells:
    """Take the labels out of some lines, and tell those that have another number of columns or no label."""
    kept, places, labels = [], [], []
    for text, number in zip(texts, numbers, strict=True):
        cells = _unquoted(text) if '"' in text else None
        found = text.count(",") + 1 if cells is None else len(cells)
        if found != columns:
            message = f"expected {columns:,} columns, found {found:,}"
            faults.add(name, number, "wrong-columns", message, "mend the line, or take it out")
            continue
        mark = "" if label is None else _cell(text, label) if cells is None else cells[label].strip()
        if label is not None and mark.lower() in MISSING:
            faults.add(name, number, "missing-value", "the label is missing", _FILL)
            continue
        if cells is not None:
            text = ",".join("" if n == label else cell for n, cell in enumerate(cells))
            if text.count(",") != columns - 1:
                faults.add(name, number, "not-a-number", "a cell other than the label holds a comma")
                continue
        kept.append(text)
        places.append(number)
        labels.append(mark)
    return Cells(kept, np.array(places, np.int64), np.array(labels, np.str_))


def _unquoted(text: str) -> list[str]:
    return next(csv.reader([text]), [])


def _cell(text: str, column: int) -> str:
    return text.split(",", column + 1)[column].strip()


def numbers_of(
    cells: Cells, columns: Sequence[int], names: Sequence[str], name: str, faults: Faults
) -> tuple[NDArray[Any], Cells]:
    """Read the cells of some columns; lines that hold anything but numbers are told and left out.

    Returns
    -------
    values : (n, columns) int64 or float64
    cells : Cells
        The lines that are left.
    """
    try:
        return _parsed(cells.texts, columns), cells
    except ValueError:
        kept = np.array([_all_numbers(text, number, columns, names, name, faults)
                         for text, number in zip(cells.texts, cells.numbers, strict=True)], bool)  # fmt: skip
    cells = cells.only(kept)
    return _parsed(cells.texts, columns, whole=False), cells


def _parsed(texts: list[str], columns: Sequence[int], whole: bool = True) -> NDArray[Any]:
    if not texts:
        return np.empty((0, len(columns)), np.int64)
    if whole and not any("." in text or "e" in text or "E" in text for text in texts):
        try:
            return np.loadtxt(texts, np.int64, comments=None, delimiter=",", usecols=columns, ndmin=2)
        except ValueError:
            """A cell is empty or no whole number: as a float it may be one, or its place is told."""
    return np.loadtxt(texts, np.float64, comments=None, delimiter=",", usecols=columns, ndmin=2)


def _all_numbers(
    text: str, number: int, columns: Sequence[int], names: Sequence[str], name: str, faults: Faults
) -> bool:
    """Whether a line holds numbers; tells the first cell that does not, and how many more there are."""
    cells = text.split(",")
    wrong = [column for column in columns if not _is_number(cells[column])]
    if not wrong:
        return True
    if faults.full:
        return False
    first = cells[wrong[0]].strip()
    more = f" (and {len(wrong) - 1:,} more in this line)" if len(wrong) > 1 else ""
    if first.lower() in MISSING:
        message = f"{names[wrong[0]]}: a value is missing{more}"
        faults.add(name, int(number), "missing-value", message, _FILL)
    else:
        message = f"{names[wrong[0]]}: expected a number, found {quoted(first)}{more}"
        faults.add(name, int(number), "not-a-number", message, "mend it, or take the line out")
    return False


def _is_number(text: str) -> bool:
    """Whether `numpy.loadtxt` reads a cell as a number that is one."""
    if "_" in text or not text.isascii():  # Python reads 1_000 and other scripts' digits
        return False
    try:
        value = float(text)
    except ValueError:
        return False
    return value == value  # not-a-number stands for a missing value
