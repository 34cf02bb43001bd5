"""Cells: a raw value beside the text that is printed for it; what is not finite is nothing."""

from __future__ import annotations

import math
from collections.abc import Callable

from reportgen import language
from reportgen.analysis import lists, numbers, p_values
from reportgen.tables.table import Cell

NOTHING = Cell(None, numbers.MISSING)
"""A cell where there is no value."""


def text_cell(text: str, bold: bool = False) -> Cell:
    """A cell whose value is its text, as of a name, which no language changes."""
    return Cell(text, text, bold)


def said_cell(say: Callable[[], str]) -> Cell:
    """A cell in words: its text in the language in use, its value in that of the source.

    Words, and numbers within a text, whose decimal mark changes: what is exported is the same in all
    languages.
    """
    with language.use(language.SOURCE):
        value = say()
    return Cell(value, say())


def word_cell(word: str) -> Cell:
    """A cell with a word that `language.message` marked."""
    return Cell(word, language.text(word))


def whole(value: int) -> Cell:
    """A cell with a whole number."""
    return Cell(value, numbers.thousands(value))


def fraction_cell(fraction: float, decimals: int = 2) -> Cell:
    """A cell with a fraction in per cent, the raw value too: the column's head says "%"."""
    return number_cell(round(100 * fraction, 10), numbers.percent(fraction, decimals))


def points_cell(difference: float) -> Cell:
    """A cell with a difference of two fractions in percentage points, signed."""
    return number_cell(round(100 * difference, 10), numbers.points(difference))


def points_interval_cell(low: float, high: float) -> Cell:
    """A cell with an interval of a difference in percentage points: ``−0.46 to +0.33``."""
    return said_cell(lambda: lists.between(numbers.points(low), numbers.points(high)))


def interval_cell(low: float, high: float) -> Cell:
    """A cell with an interval of fractions in per cent: ``91.30–92.37``."""
    return said_cell(lambda: numbers.interval(low, high))


def loss_cell(value: float) -> Cell:
    """A cell with a loss."""
    return number_cell(value, numbers.loss(value))


def score_cell(value: float) -> Cell:
    """A cell with an F1 score, a precision or a recall."""
    return number_cell(value, numbers.score(value))


def p_cell(value: float | None) -> Cell:
    """A cell with a p value: ``0.410``, ``0.0047``, ``< 0.0001``; nothing where there was no test."""
    return NOTHING if value is None else number_cell(value, p_values.printed(value))


def number_cell(value: float, text: str) -> Cell:
    """A cell with a number and its text; nothing where the number is not finite."""
    return Cell(value, text) if math.isfinite(value) else NOTHING


def seconds_cells(values: list[float | None]) -> list[Cell]:
    """A column of times: one decimal for all where one is under ten seconds, else none."""
    decimals = 1 if any(value is not None and value < 10 for value in values) else 0
    return [NOTHING if value is None else Cell(value, numbers.seconds(value, decimals)) for value in values]
