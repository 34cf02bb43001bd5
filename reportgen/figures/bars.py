"""Test accuracies as dots with intervals, sorted by validation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen import language
from reportgen.analysis import numbers, twins, words
from reportgen.analysis.matrices import by_validation
from reportgen.analysis.metrics import places
from reportgen.analysis.scores import Score, score
from reportgen.analysis.statistics import LEVEL
from reportgen.figures.cost_key import KEY, Entry, key_lines, write_key
from reportgen.figures.rows import (
    FOOT,
    NOTE_LINE,
    WIDTH,
    Interval,
    chapter_looks,
    cut,
    draw_interval,
    marks_for,
    notes,
    open_rows,
    write_notes,
)
from reportgen.figures.style import (
    GRID,
    INK,
    MUTED,
    NORMAL,
    SMALL,
    canvas,
    fitted,
    mark_size,
    styled,
    text_width,
    wrapped,
    write,
)
from reportgen.figures.top_curve_words import PLACED_BY_TEST
from reportgen.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 60
_DENSE = 30
"""From more rows on, each has one line of small letters."""
_NUMBER, _NAMES, _RIGHT = 14.0, 202.0, 428.0
"""Where titles begin, how wide they are at most, where the axis ends: points."""
_PITCH, _SECOND, _NARROW = 12.0, 8.0, 9.6
_HEAD = 11.0
_MARK, _LEAST = 4.8, 0.5


@dataclass(frozen=True)
class _Dot:
    """A row: its accuracy with interval in per cent, and the lines of its title."""

    section: str
    lines: tuple[str, ...]
    interval: Interval
    height: float
    number: int


@styled
def accuracy_bars(results: Sequence[Result], sections: Mapping[str, str]) -> Figure:
    """Draw the test accuracy of every row with its 95 % interval and value, by validation (468 pt wide).

    One run has Wilson's interval, several have the t interval of their mean. Chapters differ by colour
    and shape, the same as in all figures of a report. Of more than 60 rows the highest 60 by validation
    are shown, and a line says so.

    Parameters
    ----------
    results : sequence of Result
        Of one data set, at least one with a record.
    sections : mapping of str to str
        Titles of the chapters by id, in the order of the file.
    """
    rows = by_validation(results)
    shown = rows[:MOST]
    scores = [score(row, "test_accuracy") for row in shown]
    dense = len(shown) > _DENSE
    numbered = places(results)
    dots = [_dot(row, own, dense, numbered[row.row.id]) for row, own in zip(shown, scores, strict=True)]
    looks = chapter_looks(results, sections)
    marks = [mark for mark in marks_for([dot.interval for dot in dots], _LEAST) if mark <= 100]
    marks = marks if len(marks) > 1 else marks_for([dot.interval for dot in dots], _LEAST)
    key = key_lines(_entries(shown, sections, looks))
    lines = notes(_note(rows, scores, dots, marks))
    height = sum(dot.height for dot in dots)
    top = KEY * len(key) + _HEAD
    figure = canvas(WIDTH, top + height + FOOT + NOTE_LINE * len(lines) + 4)
    write_key(figure, key)
    size = SMALL if dense else NORMAL
    left = _NUMBER + max(text_width(line, size) for dot in dots for line in dot.lines) + 10
    write(figure, left, top - 4, language.text("Test accuracy, %"), weight=600)
    axes = open_rows(figure, (left, _RIGHT, top), height, marks)
    below = 0.0
    for dot in dots:
        middle = below + dot.height / 2
        _draw_dot(axes, dot, middle, looks[dot.section])
        _write_dot(figure, dot, top + middle, size)
        below += dot.height
    write_notes(figure, top + height + FOOT, lines)
    return figure


def _dot(row: Result, own: Score, dense: bool, number: int) -> _Dot:
    interval = Interval(100 * own.mean, 100 * own.low, 100 * own.high)
    if dense:
        return _Dot(row.row.section, (fitted(row.row.title, _NAMES, SMALL),), interval, _NARROW, number)
    lines = tuple(wrapped(row.row.title, _NAMES))
    return _Dot(row.row.section, lines, interval, _PITCH + _SECOND * (len(lines) - 1), number)


def _entries(
    shown: Sequence[Result], sections: Mapping[str, str], looks: Mapping[str, tuple[str, str]]
) -> list[Entry]:
    used = {row.row.section for row in shown}
    return [
        Entry(fitted(sections.get(section, section), 160), sign)
        for section, sign in looks.items()
        if section in used
    ]


def _draw_dot(axes: Axes, dot: _Dot, middle: float, sign: tuple[str, str]) -> None:
    color, shape = sign
    axes.plot(axes.get_xlim(), [middle, middle], "-", color=GRID, linewidth=0.4, zorder=0.5, clip_on=False)
    draw_interval(axes, middle, dot.interval, color, 1.0)
    axes.plot(
        [dot.interval.value], [middle], shape, color=color, markersize=mark_size(shape, _MARK),
        markeredgewidth=0, clip_on=False, zorder=3,
    )  # fmt: skip


def _write_dot(figure: Figure, dot: _Dot, middle: float, size: float) -> None:
    baseline = middle + 0.33 * size
    number = numbers.thousands(dot.number)
    write(figure, _NUMBER - 4, baseline, number, size=SMALL, color=MUTED, align="right")
    for line, text in enumerate(dot.lines):
        at = baseline + _SECOND * (line - (len(dot.lines) - 1) / 2)
        write(figure, _NUMBER, at, text, size=size, color=INK)
    value = numbers.decimal(dot.interval.value, 2)
    write(figure, WIDTH, baseline, value, size=size, color=INK, weight=600, align="right")


def _note(
    rows: Sequence[Result], scores: Sequence[Score], dots: Sequence[_Dot], marks: Sequence[float]
) -> str:
    """Which rows, in which order, and what the intervals are."""
    parts = []
    if len(rows) > len(dots):
        parts.append(
            language.text(
                "{n} of {of} rows: those with the highest validation accuracy.",
                n=numbers.thousands(len(dots)), of=numbers.thousands(len(rows)),
            )
        )  # fmt: skip
    parts.append(language.text("Numbers: order by validation accuracy."))
    if twins.later(rows):
        parts.append(language.text("Rows that share their run share a number."))
    if any(words.held_out(record) == "test" for row in rows for record in row.records):
        parts.append(language.text(PLACED_BY_TEST))
    parts.append(_intervals({own.basis for own in scores}))
    if cut([dot.interval for dot in dots], marks):
        parts.append(language.text("An arrow: the interval goes on."))
    return " ".join(parts)


def _intervals(bases: set[str]) -> str:
    """What the intervals are, and of what."""
    level = numbers.percentage(LEVEL, 0)
    if bases == {"wilson"}:
        return language.text("Lines: Wilson intervals of {level}, one run each.", level=level)
    if bases == {"t"}:
        return language.text("Means over seeds. Lines: t intervals of the means, {level}.", level=level)
    return language.text(
        "One run: Wilson interval; several seeds: their mean and its t interval; all of {level}.", level=level
    )


def describe_bars(results: Sequence[Result], sections: Mapping[str, str]) -> str:
    """Alternative text of `accuracy_bars`: the first by validation, and the range of those shown."""
    rows = by_validation(results)
    scores = [score(row, "test_accuracy") for row in rows[:MOST]]
    first = language.text(
        "{title}: {value}, interval of {level} from {low} to {high}.",
        title=language.quoted(rows[0].row.title),
        value=numbers.percentage(scores[0].mean),
        level=numbers.percentage(LEVEL, 0),
        low=numbers.percentage(scores[0].low),
        high=numbers.percentage(scores[0].high),
    )
    if len(rows) == 1:
        return language.text("Test accuracy of one row. {first}", first=first)
    ordered = sorted(own.mean for own in scores)
    return language.text(
        "Test accuracy of {n} of {of} rows, in the order of their validation accuracy: from {lowest} to"
        " {highest}. The first, {first}",
        n=numbers.thousands(len(scores)),
        of=numbers.thousands(len(rows)),
        lowest=numbers.percentage(ordered[0]),
        highest=numbers.percentage(ordered[-1]),
        first=first,
    )


def caption_bars(results: Sequence[Result]) -> str:
    """Caption of `accuracy_bars`."""
    return language.text(
        "Test accuracy on {data} with its 95 % interval, the highest validation accuracy first. Intervals are"
        " of one row each: whether two rows differ, the declared comparisons and the ranks say. Each chapter"
        " has its colour and mark in all figures of this report.",
        data=words.data_set(results[0].records[0].data.name),
    )
