"""The strip on the cover: every run's validation error, one axis per data set."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from reportgen.analysis import numbers, words
from reportgen.analysis.metrics import by_data_set, ranks
from reportgen.figures import scales
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
    write,
)
from reportgen.records import Record
from reportgen.results import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH = 468.0
_NAMES = 130.0
_HEADING, _FOOT, _BETWEEN, _TITLE = 15.0, 14.0, 6.0, 10.0
_TALLEST = 260.0

_Run = tuple[Result, Record]


@styled
def cover_strip(results: Sequence[Result], sections: Mapping[str, str]) -> Figure:
    """Draw the validation error of every run as a dot, on one logarithmic axis per data set (468 pt wide).

    A line of dots per section. The run with the best validation accuracy of a data set is named,
    unless runs were validated on the test set: nothing on the cover is chosen by a test score.

    Parameters
    ----------
    results : sequence of Result
    sections : mapping of str to str
        Titles of sections by id.
    """
    groups = by_data_set(results)
    lines = sum(len(_sections(group)) for group in groups.values())
    fixed = len(groups) * (_HEADING + _FOOT + _BETWEEN) + _TITLE
    pitch = max(13.0, min(21.0, (_TALLEST - fixed) / max(1, lines)))
    figure = canvas(WIDTH, fixed + pitch * lines)
    looks = look([result.row.section for result in results])
    titles = {result.row.section: sections.get(result.row.section, result.row.section) for result in results}
    left = max((text_width(fitted(title, _NAMES)) for title in titles.values()), default=0.0) + 14
    top = 0.0
    for name, group in groups.items():
        heading = words.data_set(name) + (" (validated on its test set)" if _chose_on_test(group) else "")
        write(figure, left, top + 8, heading, weight=600, color=INK)
        top += _HEADING
        _draw_group(figure, group, (left, top, pitch), titles, looks)
        top += pitch * len(_sections(group)) + _FOOT + _BETWEEN
    write(figure, left, top + 7, "Validation error, % (log scale)", size=SMALL, color=MUTED)
    return figure


def _sections(group: Sequence[_Run]) -> list[str]:
    return list(dict.fromkeys(result.row.section for result, _ in group))


def _chose_on_test(group: Sequence[_Run]) -> bool:
    return any(record.data.validated_on_test for _, record in group)


def error(record: Record) -> float:
    """Validation error in per cent; half an item where there is none, as a logarithm has no zero."""
    wrong = 1 - record.evaluation["validation"]["accuracy"]
    return float(100 * max(wrong, 0.5 / max(1, record.data.n_validation)))


def _draw_group(
    figure: Figure,
    group: Sequence[_Run],
    place: tuple[float, float, float],
    titles: Mapping[str, str],
    looks: Mapping[str, tuple[str, str]],
) -> None:
    left, top, pitch = place
    right = WIDTH - 10
    own = _sections(group)
    axes = panel(figure, left, top, right - left, pitch * len(own))
    axes.set_xscale("log")
    low, high = _limits([error(record) for _, record in group])
    axes.set_xlim(low, high)
    axes.set_ylim(len(own) - 0.5, -0.5)
    axes.set_yticks([])
    marks = scales.log_ticks(low, high)
    axes.set_xticks(marks, [numbers.plain(round(mark, 9)) for mark in marks])
    axes.set_xticks([], minor=True)
    axes.grid(axis="x", color=GRID, linewidth=0.5)
    axes.set_axisbelow(True)
    for line, section in enumerate(own):
        title = fitted(titles[section], _NAMES)
        write(figure, left - 8, top + pitch * (line + 0.5) + 2.5, title, color=INK, align="right")
        color, shape = looks[section]
        errors = [error(record) for result, record in group if result.row.section == section]
        axes.plot(
            errors, [line] * len(errors), shape, color=color, alpha=0.5, markersize=mark_size(shape, 5),
            clip_on=False, markeredgewidth=0,
        )  # fmt: skip
    if not _chose_on_test(group):
        _name_best(figure, axes_limits=(low, high), group=group, place=(left, right, top, pitch), looks=looks)


def _limits(errors: Sequence[float]) -> tuple[float, float]:
    """A little more than the errors take, and at least a factor of two."""
    low, high = min(errors), max(errors)
    margin = max((high / low) ** 0.06, (2 * low / high) ** 0.5, 1.02)
    return low / margin, high * margin


def _name_best(
    figure: Figure,
    *,
    axes_limits: tuple[float, float],
    group: Sequence[_Run],
    place: tuple[float, float, float, float],
    looks: Mapping[str, tuple[str, str]],
) -> None:
    """Name the best run over its dot, within the figure."""
    left, right, top, pitch = place
    low, high = axes_limits
    places = ranks([result for result, _ in group])
    result, record = min(group, key=lambda run: places[run[0].row.id].rank)
    line = _sections(group).index(result.row.section)
    x = left + (right - left) * math.log(error(record) / low) / math.log(high / low)
    y = top + pitch * (line + 0.5)
    color, shape = looks[result.row.section]
    axes = panel(figure, x - 5, y - 5, 10, 10)
    axes.set_axis_off()
    axes.set_xlim(-1, 1)
    axes.set_ylim(-1, 1)
    axes.plot([0], [0], shape, color=color, markersize=mark_size(shape, 7), clip_on=False, markeredgewidth=0)
    value = numbers.percent(1 - record.evaluation["validation"]["accuracy"])
    text = f"{fitted(result.row.title, 200, NORMAL, 600)} {value}{numbers.NO_BREAK_SPACE}%"
    wide = text_width(text, NORMAL, 600)
    at = min(max(x - wide / 2, left), WIDTH - wide)
    write(figure, at, y - 6, text, weight=600, color=INK)


def describe_cover(results: Sequence[Result], sections: Mapping[str, str]) -> str:
    """Alternative text of `cover_strip`: range and best run of every data set, by validation."""
    texts = []
    for name, group in by_data_set(results).items():
        errors = sorted(1 - record.evaluation["validation"]["accuracy"] for _, record in group)
        places = ranks([result for result, _ in group])
        best = min(group, key=lambda run: places[run[0].row.id].rank)[0].row.title
        which = f"the lowest is that of “{best}”" if not _chose_on_test(group) else "measured on the test set"
        texts.append(
            f"{words.data_set(name)}, {numbers.counted(len(group), 'run')}: validation errors from"
            f" {numbers.percent(errors[0])} to {numbers.percent(errors[-1])} %; {which}."
            if len(group) > 1
            else f"{words.data_set(name)}, one run, “{best}”: error {numbers.percent(errors[0])} %."
        )
    return " ".join(texts) or "No run has a result."
