"""Test accuracies as bars with intervals, sorted by validation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.matrices import by_validation
from reportgen.analysis.scores import Score, score
from reportgen.figures.cost_key import KEY, Entry, key_lines, write_key
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
)
from reportgen.figures.style import (
    INK,
    MUTED,
    SMALL,
    canvas,
    fitted,
    look,
    mark_size,
    styled,
    wrapped,
    write,
)
from reportgen.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 60
_DENSE = 30
"""From more rows on, each has one line of small letters."""
_NUMBER, _NAMES, _LEFT, _RIGHT = 14.0, 216.0, 224.0, 424.0
_PITCH, _SECOND, _NARROW = 12.0, 8.0, 9.6
_HEAD = 11.0
_MARK, _LEAST = 4.4, 0.5
_PALE = 0.3


@dataclass(frozen=True)
class _Bar:
    """A row: its accuracy with interval in per cent, and the lines of its title."""

    section: str
    lines: tuple[str, ...]
    interval: Interval
    height: float


@styled
def accuracy_bars(results: Sequence[Result], sections: Mapping[str, str]) -> Figure:
    """Draw the test accuracy of every row with its 95 % interval and value, by validation (468 pt wide).

    One run has Wilson's interval, several have the t interval of their mean. Bars begin where the axis
    does, which a line below says where that is not 0. Chapters differ by colour and shape. Of more than
    60 rows the highest 60 by validation are shown, and a line says so.

    Parameters
    ----------
    results : sequence of Result
        Of one data set, at least one with a record.
    sections : mapping of str to str
        Titles of the chapters by id.
    """
    rows = by_validation(results)
    shown = rows[:MOST]
    scores = [score(row, "test_accuracy") for row in shown]
    dense = len(shown) > _DENSE
    bars = [_bar(row, own, dense) for row, own in zip(shown, scores, strict=True)]
    looks = look([result.row.section for result in results])
    marks = [mark for mark in marks_for([bar.interval for bar in bars], _LEAST) if mark <= 100]
    marks = marks if len(marks) > 1 else marks_for([bar.interval for bar in bars], _LEAST)
    key = key_lines(_entries(shown, sections, looks))
    lines = notes(_note(rows, scores, bars, marks))
    height = sum(bar.height for bar in bars)
    top = KEY * len(key) + _HEAD
    figure = canvas(WIDTH, top + height + FOOT + NOTE_LINE * len(lines) + 4)
    write_key(figure, key)
    write(figure, _LEFT, top - 4, language.text("Test accuracy, %"), weight=600)
    axes = open_rows(figure, (_LEFT, _RIGHT, top), height, marks)
    below = 0.0
    for number, bar in enumerate(bars, 1):
        middle = below + bar.height / 2
        _draw_bar(axes, bar, middle, looks[bar.section])
        _write_bar(figure, bar, number, top + middle, dense)
        below += bar.height
    write_notes(figure, top + height + FOOT, lines)
    return figure


def _bar(row: Result, own: Score, dense: bool) -> _Bar:
    interval = Interval(100 * own.mean, 100 * own.low, 100 * own.high)
    wide = _NAMES - _NUMBER - 4
    if dense:
        return _Bar(row.row.section, (fitted(row.row.title, wide, SMALL),), interval, _NARROW)
    lines = tuple(wrapped(row.row.title, wide))
    return _Bar(row.row.section, lines, interval, _PITCH + _SECOND * (len(lines) - 1))


def _entries(
    shown: Sequence[Result], sections: Mapping[str, str], looks: Mapping[str, tuple[str, str]]
) -> list[Entry]:
    used = {row.row.section for row in shown}
    return [
        Entry(fitted(sections.get(section, section), 160), sign)
        for section, sign in looks.items()
        if section in used
    ]


def _draw_bar(axes: Axes, bar: _Bar, middle: float, sign: tuple[str, str]) -> None:
    color, shape = sign
    start, _ = axes.get_xlim()
    axes.barh(
        [middle], [bar.interval.value - start], height=5.2, left=start, color=color, alpha=_PALE, linewidth=0
    )
    draw_interval(axes, middle, bar.interval, color, 0.9)
    axes.plot(
        [bar.interval.value], [middle], shape, color=color, markersize=mark_size(shape, _MARK),
        markeredgewidth=0, clip_on=False, zorder=3,
    )  # fmt: skip


def _write_bar(figure: Figure, bar: _Bar, number: int, middle: float, dense: bool) -> None:
    size = SMALL if dense else 7.5
    baseline = middle + 0.33 * size
    write(figure, _NUMBER - 4, baseline, numbers.thousands(number), size=SMALL, color=MUTED, align="right")
    for line, text in enumerate(bar.lines):
        at = baseline + _SECOND * (line - (len(bar.lines) - 1) / 2)
        write(figure, _NUMBER, at, text, size=size, color=INK)
    value = numbers.decimal(bar.interval.value, 2)
    write(figure, WIDTH, baseline, value, size=size, color=INK, weight=600, align="right")


def _note(
    rows: Sequence[Result], scores: Sequence[Score], bars: Sequence[_Bar], marks: Sequence[float]
) -> str:
    """Which rows, in which order, what the intervals are, and where the bars begin."""
    parts = []
    if len(rows) > len(bars):
        parts.append(
            language.text(
                "{n} of {of} rows: those with the highest validation accuracy.",
                n=numbers.thousands(len(bars)), of=numbers.thousands(len(rows)),
            )
        )  # fmt: skip
    parts.append(language.text("Numbers: order by validation accuracy, not by the accuracy shown."))
    bases = {own.basis for own in scores}
    if bases == {"wilson"}:
        parts.append(language.text("Lines: 95 % Wilson intervals, one run each."))
    elif bases == {"t"}:
        parts.append(language.text("Values: means over seeds. Lines: 95 % t intervals of the mean."))
    else:
        parts.append(
            language.text(
                "Lines: 95 % intervals, Wilson's for one run, the t interval of the mean for several seeds."
            )
        )
    if marks[0] > 0:
        parts.append(
            language.text(
                "The axis begins at {start} %: compare where bars end, not how long they are.",
                start=numbers.decimal(marks[0], 1 if marks[0] % 1 else 0),
            )
        )
    if cut([bar.interval for bar in bars], marks):
        parts.append(language.text("An arrow: the interval goes on."))
    return " ".join(parts)


def describe_bars(results: Sequence[Result], sections: Mapping[str, str]) -> str:
    """Alternative text of `accuracy_bars`: the first by validation, and the range of all."""
    rows = by_validation(results)[:MOST]
    scores = [score(row, "test_accuracy") for row in rows]
    first = scores[0]
    facts = {
        "title": language.quoted(rows[0].row.title),
        "value": numbers.percentage(first.mean),
        "low": numbers.percent(first.low),
        "high": numbers.percentage(first.high),
    }
    if len(rows) == 1:
        return language.text("Test accuracy of {title}: {value}, 95 % interval {low} to {high}.", **facts)
    ordered = sorted(own.mean for own in scores)
    return language.text(
        "Test accuracy of {n} rows, from {lowest} to {highest}. Highest by validation: {title}, {value}, 95 %"
        " interval {low} to {high}.",
        n=numbers.thousands(len(rows)),
        lowest=numbers.percent(ordered[0]),
        highest=numbers.percentage(ordered[-1]),
        **facts,
    )
