"""Cells: a raw value beside the text that is printed for it."""

from __future__ import annotations

from reportgen.analysis import numbers
from reportgen.tables.table import Cell

NOTHING = Cell(None, numbers.MISSING)
"""A cell where there is no value."""


def text_cell(text: str, bold: bool = False) -> Cell:
    """A cell whose value is its text."""
    return Cell(text, text, bold)


def whole(value: int) -> Cell:
    """A cell with a whole number."""
    return Cell(value, numbers.thousands(value))


def fraction_cell(fraction: float, decimals: int = 2) -> Cell:
    """A cell with a fraction in per cent, the raw value too: the column's head says "%"."""
    return Cell(round(100 * fraction, 10), numbers.percent(fraction, decimals))


def points_cell(difference: float) -> Cell:
    """A cell with a difference of two fractions in percentage points, signed."""
    return Cell(round(100 * difference, 10), numbers.points(difference))


def loss_cell(value: float) -> Cell:
    """A cell with a loss."""
    return Cell(value, numbers.loss(value))


def score_cell(value: float) -> Cell:
    """A cell with an F1 score, a precision or a recall."""
    return Cell(value, numbers.score(value))


def seconds_cells(values: list[float | None]) -> list[Cell]:
    """A column of times: one decimal for all where one is under ten seconds, else none."""
    decimals = 1 if any(value is not None and value < 10 for value in values) else 0
    return [NOTHING if value is None else Cell(value, numbers.seconds(value, decimals)) for value in values]
