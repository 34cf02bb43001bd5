"""The trials of a search as lines across its axes, stronger in colour for the better."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from reportgen import language
from reportgen.analysis import trial_words as words
from reportgen.analysis.dimensions import named, printed
from reportgen.analysis.trials import Searched, Trial
from reportgen.experiments.stages import Axis
from reportgen.figures import scales
from reportgen.figures.rows import NOTE_LINE, WIDTH, notes, write_notes
from reportgen.figures.search_marks import Shown, plotted, shown
from reportgen.figures.search_words import describe_parallel
from reportgen.figures.style import (
    INK,
    MUTED,
    SMALL,
    VALIDATION,
    canvas,
    fitted,
    panel,
    styled,
    text_width,
    told_apart,
    wrapped,
    write,
)
from reportgen.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes as Panel
    from matplotlib.figure import Figure

__all__ = ["describe_parallel", "search_parallel"]

SHADES = ("#d3dfe9", "#a8c5dc", "#74a5ca", "#3b7fb0", "#0b4a7a")
"""From the worst fifth to the best: one hue, each step darker, so that no kind of sight confuses them.

In the dark theme each step is lighter.
"""
MOST_AXES = 6
"""Axes of a search side by side; more go on below."""
_LEFT, _RIGHT, _KEY, _HEAD, _HEIGHT, _FOOT = 62.0, 430.0, 15.0, 20.0, 128.0, 9.0
_SCATTER = 0.45
"""Part of its room over which the lines through one value spread."""
_GOLDEN = (math.sqrt(5) - 1) / 2


@styled
def search_parallel(results: Sequence[Result], found: Searched) -> Figure:
    """Draw every trial as a line through its settings to its measure (468 pt wide).

    The stronger the colour, the better, in fifths of the trials; the best is set off by another colour,
    width and dots. Values of a list are evenly apart, lines through one of them a little spread; the best
    measure is on top.

    Parameters
    ----------
    results : sequence of Result
        Not used: all it needs is in `found`.
    found : Searched
        With a measure at least.
    """
    bands = [found.axes[start : start + MOST_AXES] for start in range(0, len(found.axes), MOST_AXES)]
    seen = shown(found)
    lines = notes(_note(found, seen))
    each = _HEAD + _HEIGHT + _FOOT
    figure = canvas(WIDTH, _KEY + each * len(bands) + NOTE_LINE * len(lines) + 4)
    _write_key(figure)
    for number, band in enumerate(bands):
        _draw_band(figure, _KEY + each * number + _HEAD, band, found, seen)
    write_notes(figure, _KEY + each * len(bands) - 2, lines)
    return figure


def _write_key(figure: Figure) -> None:
    """Worst to best fifth, and the best trial."""
    axes = panel(figure, 0, 0, WIDTH, 12)
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(12, 0)
    axes.set_axis_off()
    worst, best = language.text("worst fifth"), language.text("best fifth")
    at = text_width(worst, SMALL) + 5
    write(figure, 0, 8, worst, size=SMALL, color=MUTED)
    for shade in SHADES:
        axes.plot([at, at + 14], [5.5, 5.5], color=shade, linewidth=3, solid_capstyle="butt")
        at += 15
    write(figure, at + 4, 8, best, size=SMALL, color=MUTED)
    at += text_width(best, SMALL) + 22
    axes.plot([at, at + 16], [5.5, 5.5], "o-", color=VALIDATION, linewidth=2, markersize=3.5, markevery=[1])
    write(figure, at + 22, 8, language.text("the best trial"), size=SMALL, color=INK)


def _draw_band(figure: Figure, top: float, band: Sequence[Axis], found: Searched, seen: Shown) -> None:
    axes = panel(figure, _LEFT, top, _RIGHT - _LEFT, _HEIGHT)
    axes.set_xlim(0, len(band))
    axes.set_ylim(0, 1)
    axes.set_xticks([])
    axes.set_yticks([])
    for shade, trials in _fifths(found):
        xs: list[float] = []
        ys: list[float] = []
        for trial in trials:  # one line for all, with gaps: a path for each would be a large file
            heights = _heights(trial, band, found, seen)
            xs += [*range(len(heights)), math.nan]
            ys += [*heights, math.nan]
        axes.plot(xs, ys, color=shade, linewidth=1.0, clip_on=False, zorder=1)
    best = found.ordered(found.done)[0]
    heights = _heights(best, band, found, seen)
    axes.plot(
        range(len(heights)), heights, "o-", color=VALIDATION, linewidth=2.0, markersize=3.8, clip_on=False,
        zorder=3,
    )  # fmt: skip
    gap = (_RIGHT - _LEFT) / len(band)
    for place, axis in enumerate(band):
        _draw_axis(figure, axes, (place, _LEFT + gap * place, top), axis, gap if place else _LEFT)
    _draw_measure(figure, axes, (len(band), _RIGHT, top), found, seen)


def _fifths(found: Searched) -> list[tuple[str, list[Trial]]]:
    """The trials by shade, the worst first: those that were only as good stand with the better ones."""
    order = found.ordered(found.done)
    groups: dict[str, list[Trial]] = {shade: [] for shade in SHADES}
    place = 0
    for number, trial in enumerate(order):
        if number and found.merit(trial) != found.merit(order[number - 1]):
            place = number
        groups[SHADES[len(SHADES) - 1 - place * len(SHADES) // len(order)]].append(trial)
    return [(shade, trials) for shade, trials in groups.items() if trials]


def _heights(trial: Trial, band: Sequence[Axis], found: Searched, seen: Shown) -> list[float]:
    """Where a trial crosses each axis, from 0 to 1, and last that of the measure."""
    low, high = seen.marks[0], seen.marks[-1]
    part = (plotted(found, trial.measure or 0.0) - low) / (high - low)
    part = min(max(1 - part if found.by_loss else part, 0.0), 1.0)
    return [*(height(axis, trial) for axis in band), part]


def height(axis: Axis, trial: Trial) -> float:
    """Return where a trial crosses an axis, between 0 and 1."""
    value = trial.values[axis.name]
    if axis.low is not None and axis.high is not None:
        return min(max(_along(axis, value), 0.0), 1.0)
    places = len(axis.values)
    spread = _SCATTER * (math.fmod(trial.number * _GOLDEN, 1.0) - 0.5)
    return (list(axis.values).index(value) + 0.5 + spread) / places


def _along(axis: Axis, value: float) -> float:
    low, high = float(axis.low or 0.0), float(axis.high or 0.0)
    if axis.log:
        return math.log(value / low) / math.log(high / low)
    return (value - low) / (high - low)


def _draw_axis(figure: Figure, axes: Panel, place: tuple[int, float, float], axis: Axis, room: float) -> None:
    number, x, top = place
    axes.plot([number, number], [0, 1], color=INK, linewidth=0.75, clip_on=False, zorder=2)
    head = wrapped(named(axis.name), min(room, 76) - 4 if number else _LEFT + 14, 2)
    for line, text in enumerate(head):
        at = top - 6 - 8.5 * (len(head) - 1 - line)
        write(figure, x if number else 0, at, text, weight=600, align="center" if number else "left")
    wide = min(room, 76) - 10
    for at, text in _labels(axis, wide):
        said = write(figure, x - 4, top + _HEIGHT * (1 - at), text, size=SMALL, color=MUTED, align="right",
                     vertical="center")  # fmt: skip
        said.set_bbox({"facecolor": "#ffffff", "alpha": 0.75, "pad": 0.4, "linewidth": 0})
        if axis.low is not None:
            axes.plot([number - 0.01, number + 0.01], [at, at], color=INK, linewidth=0.75, zorder=2)


def _labels(axis: Axis, wide: float) -> list[tuple[float, str]]:
    """The labels of an axis with their heights: every value of a list, or round numbers."""
    if axis.low is None or axis.high is None:
        names = told_apart([printed(value) for value in axis.values], wide, SMALL)
        count = len(names)
        every = math.ceil(count * 9.0 / _HEIGHT)
        return [((place + 0.5) / count, name) for place, name in enumerate(names) if place % every == 0]
    low, high = float(axis.low), float(axis.high)
    marks = scales.log_ticks(low, high) if axis.log else scales.ticks_inside(low, high)
    return [(_along(axis, mark), fitted(printed(mark), wide, SMALL)) for mark in marks]


def _draw_measure(
    figure: Figure, axes: Panel, place: tuple[int, float, float], found: Searched, seen: Shown
) -> None:
    number, x, top = place
    axes.plot([number, number], [0, 1], color=INK, linewidth=1.25, clip_on=False, zorder=2)
    head = wrapped(words.measure_head(found), 84, 2)
    for line, text in enumerate(head):
        write(figure, WIDTH, top - 6 - 8.5 * (len(head) - 1 - line), text, weight=600, align="right")
    low, high = seen.marks[0], seen.marks[-1]
    for mark, text in zip(seen.marks, seen.texts, strict=True):
        part = (mark - low) / (high - low)
        at = 1 - part if found.by_loss else part
        write(figure, x + 6, top + _HEIGHT * (1 - at), text, size=SMALL, color=MUTED, vertical="center")


def _note(found: Searched, seen: Shown) -> str:
    lost = len(found.trials) - len(found.done)
    logs = [named(axis.name) for axis in found.axes if axis.log]
    parts = (
        language.text("Lines through one value of a list are spread a little.")
        if any(axis.low is None for axis in found.axes)
        else "",
        language.text("On a logarithmic scale: {names}.", names=language.listed(logs)) if logs else "",
        language.plural("{n} trial without a result is not drawn.",
                        "{n} trials without a result are not drawn.", lost, n=lost) if lost else "",
        language.plural("{n} trial far beyond the last axis ends at its foot.",
                        "{n} trials far beyond the last axis end at its foot.",
                        len(seen.far), n=len(seen.far))
        if seen.far else "",
    )  # fmt: skip
    return " ".join(part for part in parts if part)
