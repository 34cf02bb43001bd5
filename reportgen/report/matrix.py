"""The confusion matrix as cells of a table, coloured by share of the true class."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.metrics import class_scores

BINS = (0.002, 0.005, 0.01, 0.02, 0.05)
"""Upper ends of the first five colour classes, as shares of the true class; the sixth is open.

Fixed for every report, so that pages and reports can be compared.
"""

LEGEND = (
    ("e1", language.message("up to 0.2")),
    ("e2", language.message("to 0.5")),
    ("e3", language.message("to 1")),
    ("e4", language.message("to 2")),
    ("e5", language.message("to 5")),
    ("e6", language.message("over 5")),
)
"""Colour classes and their words, which are translated where they are printed."""

LARGEST = 26
"""Classes above which no matrix is printed: its cells would be too small to read."""

_SHORT, _TURNED = 3, 12
_PER_LETTER, _LABEL_AT_MOST, _CELL_AT_MOST, _END, _DENSE_BELOW = 1.4, 32.0, 7.3, 9.6, 6.4
"""Widths in mm: a letter, the longest row name, a cell, the recall; below the last, smaller type."""
_WIDEST_CELL = 10.0
"""Width in mm of a cell at most where the matrix has the page for itself."""
_DIGIT = 7.0 * 0.5 * 25.4 / 72
"""Width in mm of a digit of the smaller type."""

_FEW_CLASSES = ((3, 16.0), (6, 11.0))
"""Widths in mm of the cells of so many classes at most: the heading stands over them."""

_WIDE = 10_000
"""A count with more digits than a cell has room for with a space."""

NARROW, WIDE = 98.5, 165.0
"""Width in mm that a matrix may take: beside other tables, and alone."""

SIDE_BY_SIDE = 13
"""Classes up to which the matrix may stand beside the pairs and the F1 scores."""


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
        True for many classes: smaller type.
    label, cell, head : float
        On paper, in mm: width of the row names, width of a cell, height of turned heads.
    rows : tuple of Row
    precision : tuple of str
        Per cent, by column.
    """

    heads: tuple[tuple[str, str], ...]
    turned: bool
    dense: bool
    label: float
    cell: float
    head: float
    rows: tuple[Row, ...]
    precision: tuple[str, ...]

    @property
    def beside(self) -> bool:
        """Whether it leaves room for other tables beside it."""
        return self.width <= NARROW + 0.01 * len(self.heads)

    @property
    def width(self) -> float:
        """Width of the table on paper, in mm."""
        return round(self.label + self.cell * len(self.heads) + _END, 2)


def matrix_view(counts: NDArray[np.int64], names: Sequence[str]) -> Matrix | None:
    """Return a confusion matrix as it is printed; None for too many classes.

    Columns with names too long to be turned carry a number instead, which the rows explain.

    Parameters
    ----------
    counts : (C, C) int64
        True classes in rows; of one run, or the sum over the runs of a row.
    names : sequence of str
        Of the C classes.
    """
    if len(names) > LARGEST:
        return None
    found = class_scores(counts)
    longest = max(len(name) for name in names)
    numbered = longest > _TURNED
    heads = tuple((str(place) if numbered else name, name) for place, name in enumerate(names, 1))
    rows = tuple(
        Row(
            name=f"{name} ({place})" if numbered else name,
            cells=tuple(
                _cell(int(count), int(found.support[place - 1]), place - 1 == column)
                for column, count in enumerate(counts[place - 1])
            ),
            recall=_per_cent(float(found.recall[place - 1]), int(found.support[place - 1])),
        )
        for place, name in enumerate(names, 1)
    )
    predicted = counts.sum(axis=0)
    precision = tuple(_per_cent(float(p), int(n)) for p, n in zip(found.precision, predicted, strict=True))
    digits = len(str(counts.max()))
    label, cell = _widths(max(len(row.name) for row in rows), len(names), digits)
    turned = _SHORT < longest <= _TURNED
    head = round(longest * _PER_LETTER * 0.82 + 2, 2) if turned else 0.0
    return Matrix(heads, turned, cell < _DENSE_BELOW, label, cell, head, rows, precision)


def _widths(letters: int, classes: int, digits: int) -> tuple[float, float]:
    """Width of the row names and of a cell, in mm: beside other tables where the counts fit their cells."""
    label = min(max(letters * _PER_LETTER + 2, 16.0), _LABEL_AT_MOST)
    largest = next((size for most, size in _FEW_CLASSES if classes <= most), _CELL_AT_MOST)
    narrow = (NARROW - label - _END) / classes
    if classes <= _ALWAYS_BESIDE or (classes <= SIDE_BY_SIDE and narrow >= max(digits, _PERCENT) * _DIGIT):
        return round(label, 2), round(min(largest, narrow), 2)
    return round(label, 2), round(min(_WIDEST_CELL, (WIDE - label - _END) / classes), 2)


_ALWAYS_BESIDE, _PERCENT = 10, 4
"""Classes up to which a matrix always stands beside other tables; digits of a precision."""


def legend_text() -> str:
    """Return the legend as it is printed, without its patches of colour: a semicolon stands for each."""
    heads = language.text("Errors, % of true class:")
    return f"{heads} " + " ".join(f"; {language.text(words)}" for _, words in LEGEND)


def colour_class(count: int, support: int) -> str:
    """Return the colour class of `count` errors among `support` items of the true class."""
    if not count:
        return "e0"
    return f"e{bisect_left(BINS, count / support) + 1}"


def _cell(count: int, support: int, diagonal: bool) -> Cell:
    text = numbers.thousands(count) if count else ""
    if count >= _WIDE:
        text = str(count)  # the space between thousands no longer fits the cell
    return Cell(text, "hit" if diagonal else colour_class(count, support))


def _per_cent(value: float, items: int) -> str:
    return numbers.percent(value, 1) if items else numbers.MISSING
