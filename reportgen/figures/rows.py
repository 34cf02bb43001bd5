"""Rows of dots with intervals beside their names: what several figures are made of."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from reportgen.analysis import numbers
from reportgen.figures import scales
from reportgen.figures.style import GRID, INK, MUTED, SMALL, look, panel, wrapped, write
from reportgen.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 468.0
NOTE_LINE = 8.5
_TITLE_LINE = 8.5
FOOT = 13.0
"""Points that the tick labels under `open_rows` take."""


@dataclass(frozen=True)
class Interval:
    """A value with the ends of its interval, in the unit of the axis; without one both are NaN."""

    value: float
    low: float = math.nan
    high: float = math.nan

    @property
    def known(self) -> bool:
        """Whether there is an interval."""
        return math.isfinite(self.low) and math.isfinite(self.high)


def chapter_looks(results: Sequence[Result], sections: Mapping[str, str]) -> Mapping[str, tuple[str, str]]:
    """Colour and shape of each chapter, the same in every figure of a report.

    Parameters
    ----------
    results : sequence of Result
        Those of a figure. Which they are counts only for chapters that `sections` lacks.
    sections : mapping of str to str
        Titles of all chapters of rows by id, in the order of the file.
    """
    return look([*sections, *(result.row.section for result in results)])


def marks_for(found: Sequence[Interval], least: float, *more: float) -> list[float]:
    """Return the ticks of an axis for `found` and the values `more`; it ends at the outer ones.

    An interval that reaches far beyond the values, and far further than the others do, is not shown
    whole: it would press all else into dots.

    Parameters
    ----------
    found : sequence of Interval
        At least one.
    least : float
        The smallest distance that the values are taken to lie apart.
    """
    values = [*(each.value for each in found), *more]
    low, high = min(values), max(values)
    widths = [each.high - each.low for each in found if each.known]
    room = max(high - low, least, 2 * median(widths) if widths else 0.0)
    lows = [max(each.low, low - room) for each in found if each.known]
    highs = [min(each.high, high + room) for each in found if each.known]
    return scales.ticks(min([low, *lows]), max([high, *highs]), most=6)


def cut(found: Sequence[Interval], marks: Sequence[float]) -> bool:
    """Whether an interval goes on outside of an axis with these ticks."""
    return any(each.known and (each.low < marks[0] or each.high > marks[-1]) for each in found)


def open_rows(
    figure: Figure, place: tuple[float, float, float], height: float, marks: Sequence[float]
) -> Axes:
    """Return axes over rows of `height` points with a labelled grid; y counts points downwards.

    Parameters
    ----------
    figure : Figure
    place : tuple of float
        Left, right and top in points.
    height : float
        Without the tick labels, which take `FOOT` more.
    marks : sequence of float
        Ticks; the axis ends at the outer ones.
    """
    left, right, top = place
    axes = panel(figure, left, top, right - left, height)
    axes.set_xlim(marks[0], marks[-1])
    axes.set_ylim(height, 0)
    axes.set_yticks([])
    axes.set_xticks(marks, [numbers.decimal(mark, scales.decimals(marks)) for mark in marks])
    axes.grid(axis="x", color=GRID, linewidth=0.5, clip_on=False)
    axes.set_axisbelow(True)
    return axes


def draw_interval(axes: Axes, y: float, interval: Interval, color: str, width: float = 1.25) -> None:
    """Draw an interval at height `y`; an arrow shows where it goes on outside of the axes."""
    if not interval.known:
        return
    low, high = axes.get_xlim()
    start, end = max(interval.low, low), min(interval.high, high)
    axes.plot(
        [start, end],
        [y, y],
        "-",
        color=color,
        linewidth=width,
        clip_on=False,
        solid_capstyle="butt",
        zorder=2,
    )
    beyond = [("<", low, interval.low < low), (">", high, interval.high > high)]
    for shape, at, outside in beyond:
        if outside:
            axes.plot([at], [y], shape, color=color, markersize=3.5, markeredgewidth=0, clip_on=False)


def write_title(figure: Figure, right: float, middle: float, lines: Sequence[str]) -> None:
    """Write a row's name in one or two lines, right aligned, around the height `middle`."""
    for number, text in enumerate(lines):
        baseline = middle + 2.5 + _TITLE_LINE * (number - (len(lines) - 1) / 2)
        write(figure, right, baseline, text, color=INK, align="right")


def notes(text: str, most: int = 5) -> list[str]:
    """Return a note below a figure as lines that fit its width."""
    return wrapped(text, WIDTH - 2, most, SMALL) if text else []


def write_notes(figure: Figure, top: float, lines: Sequence[str]) -> None:
    """Write the lines of a note, the first one below `top`."""
    for number, text in enumerate(lines):
        write(figure, 0, top + 7 + NOTE_LINE * number, text, size=SMALL, color=MUTED)
