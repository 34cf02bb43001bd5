"""The strip on the cover: every run's validation error, one axis per data set."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import TYPE_CHECKING

from reportgen.analysis import numbers, words
from reportgen.analysis.metrics import by_data_set, ranks
from reportgen.figures import scales
from reportgen.figures.seeds import how_many
from reportgen.figures.style import (
    GRID,
    INK,
    MUTED,
    NORMAL,
    SMALL,
    canvas,
    fitted,
    look,
    mark_size,
    panel,
    styled,
    text_width,
    wrapped,
    write,
)
from reportgen.records import Record
from reportgen.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 468.0
_NAMES = 130.0
_HEADING, _FOOT, _BETWEEN, _TITLE = 15.0, 14.0, 6.0, 10.0
_TALLEST = 260.0
_LINE, _LABEL, _OVER = 9.0, 9.0, 7.5
"""Height of a line of a title, and of the line of its own that a named dot has above it; how far over it."""

_Run = tuple[Result, Record]


@styled
def cover_strip(results: Sequence[Result], sections: Mapping[str, str]) -> Figure:
    """Draw the validation error of every run as a dot, on one logarithmic axis per data set (468 pt wide).

    A line of dots per section; of several seeds the dot is their mean, a fine line their range. The
    row with the best validation accuracy of a data set is named, unless runs were validated on the
    test set: nothing on the cover is chosen by a test score.

    Parameters
    ----------
    results : sequence of Result
    sections : mapping of str to str
        Titles of sections by id.
    """
    groups = by_data_set(results)
    lines = sum(len(_sections(group)) for group in groups.values())
    fixed = len(groups) * (_HEADING + _FOOT + _BETWEEN) + _TITLE
    titles = {
        result.row.section: wrapped(sections.get(result.row.section, result.row.section), _NAMES)
        for result in results
    }
    broken = any(len(title) > 1 for title in titles.values())
    pitch = max(13.0 + _LINE * broken, min(21.0, (_TALLEST - fixed) / max(1, lines)))
    labels = _LABEL * sum(not _chose_on_test(group) for group in groups.values())
    figure = canvas(WIDTH, fixed + pitch * lines + labels)
    looks = look([result.row.section for result in results])
    left = max((text_width(text) for title in titles.values() for text in title), default=0.0) + 14
    top = 0.0
    for name, group in groups.items():
        heading = words.data_set(name) + (" (validated on its test set)" if _chose_on_test(group) else "")
        write(figure, left, top + 8, heading, weight=600, color=INK)
        top += _HEADING
        top = _draw_group(figure, group, (left, top, pitch), titles, looks) + _FOOT + _BETWEEN
    axis = "Validation error, % (log scale)"
    if any(result.repeated for result in results):
        axis += "; of several seeds the mean (dot) and the range (line)"
    write(figure, left, top + 7, axis, size=SMALL, color=MUTED)
    return figure


def _sections(group: Sequence[_Run]) -> list[str]:
    return list(dict.fromkeys(result.row.section for result, _ in group))


def _chose_on_test(group: Sequence[_Run]) -> bool:
    return any(record.data.validated_on_test for _, record in group)


def errors(result: Result) -> tuple[float, float, float]:
    """Validation error in per cent: mean over the seeds, lowest, highest.

    Half an item stands for none, as a logarithm has no zero.
    """
    found = [
        (1 - record.evaluation["validation"]["accuracy"], 0.5 / max(1, record.data.n_validation))
        for record in result.records
    ]
    least = max(half for _, half in found)
    wrong = [error for error, _ in found]
    mean, low, high = (100 * max(value, least) for value in (fmean(wrong), min(wrong), max(wrong)))
    return mean, low, high


def _draw_group(
    figure: Figure,
    group: Sequence[_Run],
    place: tuple[float, float, float],
    titles: Mapping[str, Sequence[str]],
    looks: Mapping[str, tuple[str, str]],
) -> float:
    """Draw the axis of one data set; where it ends, in points from the top."""
    left, top, pitch = place
    right = WIDTH - 10
    own = _sections(group)
    best = None if _chose_on_test(group) else _best(group)
    named = len(own) if best is None else own.index(best[0].row.section)
    middles = {section: pitch * (line + 0.5) + _LABEL * (line >= named) for line, section in enumerate(own)}
    height = pitch * len(own) + (0.0 if best is None else _LABEL)
    axes = panel(figure, left, top, right - left, height)
    axes.set_xscale("log")
    low, high = _limits([value for result, _ in group for value in errors(result)])
    axes.set_xlim(low, high)
    axes.set_ylim(height, 0)
    axes.set_yticks([])
    marks = scales.log_ticks(low, high)
    axes.set_xticks(marks, [numbers.plain(round(mark, 9)) for mark in marks])
    axes.set_xticks([], minor=True)
    label = _label(best, (left, right), (low, high)) if best else None
    _draw_grid(axes, (left, right), height, label, _LABEL + pitch * (named + 0.5) - _OVER)
    for section, middle in middles.items():
        for number, text in enumerate(titles[section]):
            y = top + middle + 2.5 + _LINE * (number - (len(titles[section]) - 1) / 2)
            write(figure, left - 8, y, text, color=INK, align="right")
        found = [errors(result) for result, _ in group if result.row.section == section]
        _draw_dots(axes, found, middle, looks[section])
    if best and label:
        x, y = _across(errors(best[0])[0], (left, right), (low, high)), top + middles[best[0].row.section]
        _name_best(figure, label, (x, y), looks[best[0].row.section])
    return top + height


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


def _best(group: Sequence[_Run]) -> _Run:
    places = ranks([result for result, _ in group])
    return min(group, key=lambda run: places[run[0].row.id].rank)


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


def _label(best: _Run, ends: tuple[float, float], limits: tuple[float, float]) -> tuple[str, float, float]:
    """Name and error of the best run, and where that begins and ends: over its dot, within the frame."""
    result, _ = best
    mean = fmean(1 - record.evaluation["validation"]["accuracy"] for record in result.records)
    value = numbers.percent(mean)
    text = f"{fitted(result.row.title, 220, NORMAL, 600)}: {value}{numbers.NO_BREAK_SPACE}%"
    wide = text_width(text, NORMAL, 600)
    start = min(max(_across(errors(result)[0], ends, limits) - wide / 2, ends[0]), WIDTH - wide)
    return text, start, start + wide


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


def describe_cover(results: Sequence[Result], sections: Mapping[str, str]) -> str:
    """Alternative text of `cover_strip`: range and best run of every data set, by validation."""
    texts = []
    for name, group in by_data_set(results).items():
        wrong = sorted(
            fmean(1 - record.evaluation["validation"]["accuracy"] for record in result.records)
            for result, _ in group
        )
        best = _best(group)[0].row.title
        which = f"the lowest is that of “{best}”" if not _chose_on_test(group) else "measured on the test set"
        seeds = _seeds(group)
        unit = "row" if seeds else "run"
        texts.append(
            f"{words.data_set(name)}, {numbers.counted(len(group), unit)}: validation errors"
            f" from {numbers.percent(wrong[0])} to {numbers.percent(wrong[-1])} %; {which}.{seeds}"
            if len(group) > 1
            else f"{words.data_set(name)}, one {unit}, “{best}”: error {numbers.percent(wrong[0])} %.{seeds}"
        )
    return " ".join(texts) or "No run has a result."


def _seeds(group: Sequence[_Run]) -> str:
    """What the errors are where rows have several seeds, and how far the seeds of one row lie apart."""
    repeated = [result for result, _ in group if result.repeated]
    if not repeated:
        return ""
    seeds = how_many([len(result.records) for result in repeated])
    widest = max(high - low for _, low, high in map(errors, repeated))
    apart = f"which differ by up to {numbers.decimal(widest, 2)} points within a row"
    if len(repeated) == len(group) == 1:
        return f" It is the mean of {seeds}, {apart}."
    if len(repeated) == len(group):
        whose = "Each is the mean"
    else:
        some = numbers.thousands(len(repeated))
        whose = f"{some} of them is the mean" if len(repeated) == 1 else f"{some} of them are means"
    return f" {whose} of {seeds}, {apart}."
