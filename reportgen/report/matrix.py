"""The confusion matrix as cells of a table, coloured by share of the true class."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from reportgen.analysis import numbers
from reportgen.analysis.metrics import class_scores, confusion_matrix
from reportgen.records import Record

BINS = (0.002, 0.005, 0.01, 0.02, 0.05)
"""Upper ends of the first five colour classes, as shares of the true class; the sixth is open.

Fixed for every report, so that pages and reports can be compared.
"""

LEGEND = (
    ("e1", "up to 0.2"),
    ("e2", "to 0.5"),
    ("e3", "to 1"),
    ("e4", "to 2"),
    ("e5", "to 5"),
    ("e6", "over 5"),
)

LARGEST = 30
"""Classes above which no matrix is printed: its cells would be too small to read."""

_SHORT, _TURNED, _DENSE = 3, 12, 12


@dataclass(frozen=True)
class Cell:
    """A cell: its text (empty for zero) and its colour class."""

    text: str
    style: str


@dataclass(frozen=True)
class Row:
    """True class, its cells, and its recall in per cent."""

    name: str
    cells: tuple[Cell, ...]
    recall: str


@dataclass(frozen=True)
class Matrix:
    """A confusion matrix ready to print.

    Parameters
    ----------
    heads : tuple of (str, str)
        What stands over each column, and the full name of the class.
    turned : bool
        True where the heads are turned to fit.
    dense : bool
        True for many classes: smaller cells.
    rows : tuple of Row
    precision : tuple of str
        Per cent, by column.
    """

    heads: tuple[tuple[str, str], ...]
    turned: bool
    dense: bool
    rows: tuple[Row, ...]
    precision: tuple[str, ...]


def matrix_view(record: Record) -> Matrix | None:
    """Return the confusion matrix of a run on the test set; None for too many classes to print.

    Columns with names too long to be turned carry a number instead, which the rows explain.
    """
    names = record.data.class_names
    if len(names) > LARGEST:
        return None
    counts = confusion_matrix(record.test, len(names))
    found = class_scores(counts)
    longest = max(len(name) for name in names)
    numbered = longest > _TURNED
    heads = tuple((str(place) if numbered else name, name) for place, name in enumerate(names, 1))
    rows = tuple(
        Row(
            name=f"{name} ({place})" if numbered else name,
            cells=tuple(_cell(int(n), int(found.support[place - 1]), place - 1 == column) for column, n in enumerate(counts[place - 1])),
            recall=_per_cent(float(found.recall[place - 1]), int(found.support[place - 1])),
        )
        for place, name in enumerate(names, 1)
    )
    predicted = counts.sum(axis=0)
    precision = tuple(_per_cent(float(p), int(n)) for p, n in zip(found.precision, predicted, strict=True))
    return Matrix(heads, _SHORT < longest <= _TURNED, len(names) > _DENSE, rows, precision)


def colour_class(count: int, support: int) -> str:
    """Return the colour class of `count` errors among `support` items of the true class."""
    if not count:
        return "e0"
    return f"e{bisect_left(BINS, count / support) + 1}"


def _cell(count: int, support: int, diagonal: bool) -> Cell:
    text = numbers.thousands(count) if count else ""
    return Cell(text, "hit" if diagonal else colour_class(count, support))


def _per_cent(value: float, items: int) -> str:
    return numbers.percent(value, 1) if items else numbers.MISSING
