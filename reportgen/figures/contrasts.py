"""The differences of a declared family of comparisons, around zero."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.contrasts import Family, FamilyLine
from reportgen.figures import contrast_words as said
from reportgen.figures.contrast_words import describe_differences
from reportgen.figures.rows import (
    FOOT,
    NOTE_LINE,
    WIDTH,
    Interval,
    cut,
    draw_interval,
    marks_for,
    notes,
    open_rows,
    write_notes,
    write_title,
)
from reportgen.figures.style import (
    INK,
    MUTED,
    SMALL,
    TRAINING,
    canvas,
    fitted,
    styled,
    wrapped,
    write,
)
from reportgen.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["describe_differences", "differences"]

_NAMES, _LEFT, _RIGHT, _VALUES = 158.0, 168.0, 344.0, 354.0
_HEADING, _PITCH = 24.0, 21.0
_UNDER = 4.5
"""Single seeds stand this far under their mean."""
_LEAST = 0.5
_MOST = 25
"""Comparisons that fit a page."""


@styled
def differences(results: Sequence[Result], family: Family) -> Figure:
    """Draw a family's differences in percentage points with their intervals around zero (468 pt wide).

    A filled dot is a difference that the family's correction leaves; a hollow one is none that could
    be told from zero, and the words beside it say so. Below five shared seeds each of them is
    shown, and so is each pair of runs where these are compared.

    Parameters
    ----------
    results : sequence of Result
        With the family's rows: their titles.
    family : Family
    """
    titles = {result.row.id: result.row.title for result in results}
    lines = _shown(family)
    found = notes(_note(family, lines))
    figure = canvas(WIDTH, _HEADING + _PITCH * len(lines) + FOOT + NOTE_LINE * len(found) + 9)
    write(figure, 0, 8, said.heading(family), weight=600)
    if family.reference is not None:
        write(figure, 0, 17, fitted(said.subtrahend(family, titles), WIDTH, SMALL), size=SMALL, color=MUTED)
    if lines:
        marks = _marks(lines)
        axes = open_rows(figure, (_LEFT, _RIGHT, _HEADING), _PITCH * len(lines), marks)
        axes.axvline(0, color=MUTED, linewidth=0.75, zorder=1)
        for number, line in enumerate(lines):
            middle = _PITCH * (number + 0.5)
            write_title(figure, _NAMES, _HEADING + middle, _title(family, line, titles))
            _draw_line(axes, line, middle)
            _write_values(figure, line, _HEADING + middle)
    write_notes(figure, _HEADING + _PITCH * len(lines) + FOOT + 6, found)
    return figure


def _shown(family: Family) -> list[FamilyLine]:
    """All comparisons, or the largest differences of very many, in the family's order."""
    sizes = sorted((abs(line.difference.difference) for line in family.lines), reverse=True)
    if len(sizes) <= _MOST:
        return list(family.lines)
    return [line for line in family.lines if abs(line.difference.difference) >= sizes[_MOST - 1]][:_MOST]


def _marks(lines: Sequence[FamilyLine]) -> list[float]:
    points = [100 * point for line in lines for point in _points(line)]
    return marks_for([_interval(line) for line in lines], _LEAST, 0.0, *points)


def _title(family: Family, line: FamilyLine, titles: Mapping[str, str]) -> list[str]:
    first, second = (titles.get(name, name) for name in (line.difference.first, line.difference.second))
    if family.reference is not None:
        return wrapped(first, _NAMES)
    return [fitted(first, _NAMES), fitted(f"{numbers.MINUS} {second}", _NAMES)]


def _interval(line: FamilyLine) -> Interval:
    found = line.difference
    return Interval(100 * found.difference, 100 * found.low, 100 * found.high)


def _points(line: FamilyLine) -> tuple[float, ...]:
    """Differences of single seeds or pairs of runs, where there is no interval of their mean."""
    return line.difference.points if line.difference.basis == "points" else ()


def _draw_line(axes: Axes, line: FamilyLine, middle: float) -> None:
    color = TRAINING if line.different else MUTED
    draw_interval(axes, middle, _interval(line), color, 1.25 if line.different else 0.75)
    axes.plot(
        [100 * line.difference.difference], [middle], "o", markersize=4.5, markeredgewidth=1.0,
        markerfacecolor=color if line.different else "#ffffff", markeredgecolor=color, clip_on=False,
        zorder=3,
    )  # fmt: skip
    points = [100 * point for point in _points(line)]
    if points:
        axes.plot(
            points, [middle + _UNDER] * len(points), "d", markersize=2.8, markeredgewidth=0, color=color,
            clip_on=False, zorder=3,
        )  # fmt: skip


def _write_values(figure: Figure, line: FamilyLine, middle: float) -> None:
    found = line.difference
    value = numbers.points(found.difference)
    write(figure, _VALUES + 26, middle - 1.2, value, weight=600, color=INK, align="right")
    write(figure, _VALUES + 31, middle - 1.2, said.ends(line), size=SMALL, color=MUTED)
    words = fitted(language.text(line.verdict), WIDTH - _VALUES - 6, SMALL)
    write(figure, _VALUES + 6, middle + 7, words, size=SMALL, color=INK if line.different else MUTED)


def _note(family: Family, lines: Sequence[FamilyLine]) -> str:
    """What marks and lines mean in this family, and what is not there."""
    beyond = bool(lines) and cut([_interval(line) for line in lines], _marks(lines))
    return said.note(family, lines, beyond)
