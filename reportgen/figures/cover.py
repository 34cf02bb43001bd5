"""The strip on the cover: every run's validation error, one axis per data set."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from reportgen import language
from reportgen.analysis import numbers, words
from reportgen.analysis.metrics import by_data_set
from reportgen.figures import scales
from reportgen.figures.cover_words import CoverRun, best_of, chose_on_test, describe_cover, errors
from reportgen.figures.rows import chapter_looks
from reportgen.figures.style import (
    GRID,
    INK,
    MUTED,
    NORMAL,
    SMALL,
    canvas,
    fitted,
    mark_size,
    panel,
    styled,
    text_width,
    wrapped,
    write,
)
from reportgen.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["cover_strip", "describe_cover", "errors"]

WIDTH = 468.0
_NAMES = 130.0
_HEADING, _FOOT, _BETWEEN, _TITLE = 15.0, 14.0, 6.0, 10.0
_TALLEST = 260.0
_NOTE_LINE = 8.5
_LINE, _LABEL, _OVER = 9.0, 9.0, 7.5
"""Height of a line of a title, and of the line of its own that a named dot has above it; how far over it."""
_LONGEST, _CENTRED = 265.0, 180.0
"""Points that the name of a row takes at most; of a label up to the second, half stands left of its dot."""


@styled
def cover_strip(results: Sequence[Result], sections: Mapping[str, str]) -> Figure:
    """Draw the validation error of every run as a dot, on one logarithmic axis per data set (468 pt wide).

    A line of dots per section; of several seeds the dot is their mean, a fine line their range. The
    row with the best validation accuracy of a data set is named over its dot, unless runs were validated
    on the test set: nothing on the cover is chosen by a test score. Where the sections are too many for a
    cover, a data set has one line for all of them; where the data sets are, the last are left out
    and it is said how many.

    Parameters
    ----------
    results : sequence of Result
    sections : mapping of str to str
        Titles of sections by id.
    """
    plan = _plan(results, sections)
    figure = canvas(WIDTH, plan.height + _NOTE_LINE * max(0, len(plan.notes) - 1))
    looks = chapter_looks(results, sections)
    named = [title for strip in plan.strips for title in strip.titles]
    left = max((text_width(text) for title in named for text in title), default=0.0) + 14
    top = 0.0
    for strip in plan.strips:
        axis = language.text("validation error, % (log scale)")
        room = WIDTH - left - text_width(axis, SMALL) - 6
        heading = fitted(_heading(strip), room, NORMAL, 600)
        write(figure, left, top + 8, heading, weight=600, color=INK)
        write(figure, left + text_width(heading, NORMAL, 600) + 6, top + 8, axis, size=SMALL, color=MUTED)
        top += _HEADING
        top = _draw_group(figure, strip, (left, top, plan.pitch), looks) + _FOOT + _BETWEEN
    for number, text in enumerate(plan.notes):
        write(figure, left, top + 7 + _NOTE_LINE * number, text, size=SMALL, color=MUTED)
    return figure


@dataclass(frozen=True)
class _Strip:
    """The axis of one data set: its runs in lines of dots, each with the lines of its title."""

    name: str
    lines: tuple[tuple[CoverRun, ...], ...]
    titles: tuple[tuple[str, ...], ...]

    @property
    def runs(self) -> list[CoverRun]:
        return [run for line in self.lines for run in line]

    @property
    def best(self) -> int | None:
        """The line of the best run, which has its name above it; None where the test set chose."""
        runs = self.runs
        if chose_on_test(runs):
            return None
        best = best_of(runs)[0].row.id
        return next(n for n, line in enumerate(self.lines) if any(run[0].row.id == best for run in line))


@dataclass(frozen=True)
class _Plan:
    """What the cover has room for."""

    strips: tuple[_Strip, ...]
    pitch: float
    height: float
    notes: tuple[str, ...]


def _plan(results: Sequence[Result], sections: Mapping[str, str]) -> _Plan:
    groups = by_data_set(results)
    whole = tuple(_by_section(name, group, sections) for name, group in groups.items())
    pitch = _pitch(whole)
    if _height(whole, pitch) > _TALLEST:
        whole = tuple(
            strip if len(strip.lines) == 1 else _in_one_line(strip.name, strip.runs) for strip in whole
        )
        pitch = _pitch(whole)
    shown = len(whole)
    while shown > 1 and _height(whole[:shown], pitch) > _TALLEST:
        shown -= 1
    strips = whole[:shown]
    notes = wrapped(_note(results, strips, len(whole) - shown), 330.0, 3, SMALL)
    return _Plan(strips, pitch, _height(strips, pitch), tuple(notes))


def _by_section(name: str, group: Sequence[CoverRun], sections: Mapping[str, str]) -> _Strip:
    own = _sections(group)
    return _Strip(
        name,
        tuple(tuple(run for run in group if run[0].row.section == section) for section in own),
        tuple(tuple(wrapped(sections.get(section, section), _NAMES)) for section in own),
    )


def _in_one_line(name: str, group: Sequence[CoverRun]) -> _Strip:
    count = len(_sections(group))
    title = language.plural("{n} chapter", "{n} chapters", count, n=numbers.thousands(count))
    return _Strip(name, (tuple(group),), ((title,),))


def _pitch(strips: Sequence[_Strip]) -> float:
    lines = sum(len(strip.lines) for strip in strips)
    broken = any(len(title) > 1 for strip in strips for title in strip.titles)
    return max(13.0 + _LINE * broken, min(21.0, (_TALLEST - _fixed(strips)) / max(1, lines)))


def _fixed(strips: Sequence[_Strip]) -> float:
    labels = _LABEL * sum(strip.best is not None for strip in strips)
    return len(strips) * (_HEADING + _FOOT + _BETWEEN) + _TITLE + labels


def _height(strips: Sequence[_Strip], pitch: float) -> float:
    return _fixed(strips) + pitch * sum(len(strip.lines) for strip in strips)


def _heading(strip: _Strip) -> str:
    name = words.data_set(strip.name)
    if not chose_on_test(strip.runs):
        return name
    return language.text("{data} (validated on its test set)", data=name)


def _note(results: Sequence[Result], strips: Sequence[_Strip], left_out: int) -> str:
    """What large and pale dots and lines are, and what is not there."""
    parts = []
    if any(strip.best is not None and len(strip.runs) > 1 for strip in strips):
        parts.append(language.text("Large: the lowest error of its data set; pale: the other rows."))
    if any(result.repeated for result in results):
        parts.append(language.text("Of several seeds: the mean (mark) and the range (line)."))
    if left_out:
        parts.append(
            language.plural(
                "{n} more data set is not shown.",
                "{n} more data sets are not shown.",
                left_out,
                n=numbers.thousands(left_out),
            )
        )
    return " ".join(parts)


def _sections(group: Sequence[CoverRun]) -> list[str]:
    return list(dict.fromkeys(result.row.section for result, _ in group))


def _draw_group(
    figure: Figure, strip: _Strip, place: tuple[float, float, float], looks: Mapping[str, tuple[str, str]]
) -> float:
    """Draw the axis of one data set; where it ends, in points from the top."""
    left, top, pitch = place
    right, named, group = WIDTH - 10, strip.best, strip.runs
    best = None if named is None else best_of(group)
    above = len(strip.lines) if named is None else named
    middles = [pitch * (line + 0.5) + _LABEL * (line >= above) for line in range(len(strip.lines))]
    height = pitch * len(strip.lines) + (0.0 if best is None else _LABEL)
    axes = panel(figure, left, top, right - left, height)
    name = _name(best) if best else ""
    share = min(text_width(name, NORMAL, 600), _CENTRED) / 2 / (right - left)
    limits = _scale(axes, [value for result, _ in group for value in errors(result)], height, share)
    label = _label(best, name, (left, right), limits) if best else None
    _draw_grid(axes, (left, right), height, label, _LABEL + pitch * (above + 0.5) - _OVER)
    for line, middle, title in zip(strip.lines, middles, strip.titles, strict=True):
        for number, text in enumerate(title):
            y = top + middle + 2.5 + _LINE * (number - (len(title) - 1) / 2)
            write(figure, left - 8, y, text, color=INK, align="right")
        for section in _sections(line):
            own = [errors(result) for result, _ in line if result.row.section == section]
            _draw_dots(axes, own, middle, looks[section])
    if best and label:
        x, y = _across(errors(best[0])[0], (left, right), limits), top + middles[above]
        _name_best(figure, label, (x, y), looks[best[0].row.section])
    return top + height


def _scale(axes: Axes, errors: Sequence[float], height: float, share: float) -> tuple[float, float]:
    """Set both scales; the ends of that of the errors, the lowest of which has `share` of it on its left."""
    axes.set_xscale("log")
    low, high = _limits(errors)
    least = min(errors)
    if math.log(least / low) < share * math.log(high / low):
        low = high / math.exp(math.log(high / least) / (1 - share))
    axes.set_xlim(low, high)
    axes.set_ylim(height, 0)
    axes.set_yticks([])
    marks = scales.log_ticks(low, high)
    axes.set_xticks(marks, [numbers.plain(round(mark, 9)) for mark in marks])
    axes.set_xticks([], minor=True)
    return low, high


def _draw_dots(
    axes: Axes, found: Sequence[tuple[float, float, float]], middle: float, sign: tuple[str, str]
) -> None:
    """Dots of a section's mean errors, with fine lines from the lowest to the highest of several seeds."""
    color, shape = sign
    for _, low, high in found:
        if low < high:
            axes.plot(
                [low, high], [middle, middle], "-", color=color, alpha=0.4, linewidth=0.75, clip_on=False
            )
    axes.plot(
        [mean for mean, _, _ in found], [middle] * len(found), shape, color=color, alpha=0.5,
        markersize=mark_size(shape, 5), clip_on=False, markeredgewidth=0,
    )  # fmt: skip


def _across(value: float, ends: tuple[float, float], limits: tuple[float, float]) -> float:
    """Points from the figure's left edge of an error on an axis between `ends`."""
    low, high = limits
    return ends[0] + (ends[1] - ends[0]) * math.log(value / low) / math.log(high / low)


def _draw_grid(
    axes: Axes,
    ends: tuple[float, float],
    height: float,
    label: tuple[str, float, float] | None,
    baseline: float,
) -> None:
    """Grid lines, with a gap where the name of the best run stands on them, at `baseline`."""
    for mark in axes.get_xticks():
        x = _across(float(mark), ends, axes.get_xlim())
        crossed = label is not None and label[1] - 3 <= x <= label[2] + 3
        pieces = [(0.0, baseline - 7.0), (baseline + 2.5, height)] if crossed else [(0.0, height)]
        for start, end in pieces:
            if end > start:
                axes.plot([mark, mark], [start, end], "-", color=GRID, linewidth=0.5, zorder=0.5)


def _limits(errors: Sequence[float]) -> tuple[float, float]:
    """A little more than the errors take, and at least a factor of two."""
    low, high = min(errors), max(errors)
    margin = max((high / low) ** 0.06, (2 * low / high) ** 0.5, 1.02)
    return low / margin, high * margin


def _name(best: CoverRun) -> str:
    """Name and error of the best run of a data set."""
    result, _ = best
    mean = fmean(1 - record.evaluation["validation"]["accuracy"] for record in result.records)
    return language.text(
        "{title}: {error}",
        title=fitted(result.row.title, _LONGEST, NORMAL, 600),
        error=numbers.percentage(mean),
    )


def _label(
    best: CoverRun, name: str, ends: tuple[float, float], limits: tuple[float, float]
) -> tuple[str, float, float]:
    """The best run's name, and where that begins and ends: centred over its dot."""
    wide = text_width(name, NORMAL, 600)
    start = min(max(_across(errors(best[0])[0], ends, limits) - wide / 2, ends[0]), WIDTH - wide)
    return name, start, start + wide


def _name_best(
    figure: Figure, label: tuple[str, float, float], place: tuple[float, float], sign: tuple[str, str]
) -> None:
    """Draw the best run's dot larger, and its name above."""
    x, y = place
    color, shape = sign
    axes = panel(figure, x - 5, y - 5, 10, 10)
    axes.set_axis_off()
    axes.set_xlim(-1, 1)
    axes.set_ylim(-1, 1)
    axes.plot([0], [0], shape, color=color, markersize=mark_size(shape, 7), clip_on=False, markeredgewidth=0)
    write(figure, label[1], y - _OVER, label[0], weight=600, color=INK)
