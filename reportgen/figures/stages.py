"""What a stage tried, drawn: a heat map for two things that it varies, dots with intervals for one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.dimensions import printed
from reportgen.analysis.scores import score
from reportgen.analysis.tried import Tried, alone
from reportgen.analysis.words import failure
from reportgen.experiments.stages import Stage
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
from reportgen.figures.stage_cells import draw_maps, maps_of
from reportgen.figures.stage_words import describe_stage
from reportgen.figures.style import (
    GRID,
    INK,
    MUTED,
    NORMAL,
    SMALL,
    VALIDATION,
    canvas,
    fitted,
    styled,
    text_width,
    write,
)
from reportgen.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["describe_stage", "draw_stage"]

MOST = 48
"""Rows that a plot of dots shows."""
_NAMES, _RIGHT, _PITCH, _HEAD = 190.0, 420.0, 12.0, 13.0
_LEAST = 0.5


@styled
def draw_stage(results: Sequence[Result], stage: Stage) -> Figure:
    """Draw the validation accuracy of a stage's rows (468 pt wide).

    Of two things that are varied a heat map, of three one for each value of that with the fewest; points
    that were not tried stay empty. Else a dot with its 95 % interval for each row: of one thing by its
    values, numbers by size, of several by accuracy. The row kept is framed, or filled.

    Parameters
    ----------
    results : sequence of Result
        The stage's rows in the order of the file, at least one with a record.
    stage : Stage
    """
    tried = alone(stage, results)
    maps = maps_of(tried)
    return draw_maps(tried, maps) if maps else _dots(tried)


def _dots(tried: Tried) -> Figure:
    rows = _ordered(tried)
    shown = rows[:MOST]
    intervals = {row.row.id: _interval(row) for row in shown if row.records}
    bound = _bound(tried)
    marks = [mark for mark in marks_for(list(intervals.values()), _LEAST, *bound) if mark <= 100]
    marks = marks if len(marks) > 1 else marks_for(list(intervals.values()), _LEAST, *bound)
    labels = [fitted(_label(tried, row), _NAMES) for row in shown]
    head = fitted(_head(tried), _NAMES, weight=600)
    left = max(text_width(head, weight=600), *(text_width(label, NORMAL) for label in labels)) + 10
    lines = notes(_note(tried, rows, cut(list(intervals.values()), marks)))
    height = _PITCH * len(shown)
    figure = canvas(WIDTH, _HEAD + height + FOOT + NOTE_LINE * len(lines) + 4)
    write(figure, left - 10, 8, head, weight=600, align="right")
    write(figure, left, 8, language.text("Validation accuracy, %"), weight=600)
    axes = open_rows(figure, (left, _RIGHT, _HEAD), height, marks)
    for value in bound:
        axes.plot([value, value], [0, height], "--", color=MUTED, linewidth=0.8, zorder=1)
    for number, (row, label) in enumerate(zip(shown, labels, strict=True)):
        middle = _PITCH * (number + 0.5)
        kept = row is tried.kept
        write(
            figure, left - 10, _HEAD + middle + 2.5, label, weight=600 if kept else 400, align="right"
        )  # fmt: skip
        axes.plot([marks[0], marks[-1]], [middle, middle], "-", color=GRID, linewidth=0.4, zorder=0.5)
        _draw_row(figure, axes, intervals.get(row.row.id), (middle, kept), _missing(tried, row))
    write_notes(figure, _HEAD + height + FOOT, lines)
    return figure


def _draw_row(
    figure: Figure, axes: Axes, interval: Interval | None, place: tuple[float, bool], missing: str
) -> None:
    middle, kept = place
    baseline = _HEAD + middle + 2.5
    if interval is None:
        write(figure, WIDTH, baseline, missing, size=SMALL, color=MUTED, align="right")
        return
    draw_interval(axes, middle, interval, VALIDATION, 1.0)
    axes.plot(
        [interval.value], [middle], "o", color=VALIDATION, markersize=5.0 if kept else 4.4,
        markerfacecolor=VALIDATION if kept else "#ffffff", markeredgewidth=1.0, clip_on=False, zorder=3,
    )  # fmt: skip
    text = numbers.decimal(interval.value, 2)
    write(figure, WIDTH, baseline, text, color=INK, weight=600 if kept else 400, align="right")


def _interval(row: Result) -> Interval:
    found = score(row, "validation_accuracy")
    return Interval(100 * found.mean, 100 * found.low, 100 * found.high)


def _bound(tried: Tried) -> tuple[float, ...]:
    """The bound of the rule of one standard error, where that is the rule."""
    if tried.choice is None or tried.stage.choose != "one-standard-error":
        return ()
    return (100 * tried.choice.least,)


def _ordered(tried: Tried) -> list[Result]:
    """By the values of the one thing that is varied; of several, by accuracy, the highest first."""
    if len(tried.varied) == 1:
        (dimension,) = tried.varied
        places = {repr(value): place for place, value in enumerate(dimension.values)}
        return sorted(tried.rows, key=lambda row: places[repr(dimension.of[row.row.id])])
    known = sorted(tried.done, key=lambda row: -score(row, "validation_accuracy").mean)
    return [*known, *(row for row in tried.rows if not row.records)]


def _label(tried: Tried, row: Result) -> str:
    own = tried.varied
    return printed(own[0].of[row.row.id]) if len(own) == 1 else row.row.title


def _head(tried: Tried) -> str:
    own = tried.varied
    return own[0].label if len(own) == 1 else language.text("Experiment")


def _missing(tried: Tried, row: Result) -> str:
    if row in tried.to_come:
        return language.text("not run yet")
    return failure(row.failure.kind if row.failure else "not-run")


def _note(tried: Tried, rows: Sequence[Result], beyond: bool) -> str:
    parts = []
    if tried.kept is not None:
        parts.append(language.text("Filled and bold: the row kept."))
    if _bound(tried):
        parts.append(language.text("Broken line: one standard error below the highest."))
    if len(tried.varied) > 1:
        parts.append(language.text("By validation accuracy, the highest first."))
    if len(rows) > MOST:
        parts.append(
            language.text(
                "Shown are {n} of {of} rows.", n=numbers.thousands(MOST), of=numbers.thousands(len(rows))
            )
        )
    if beyond:
        parts.append(language.text("An arrow: the interval goes on."))
    return " ".join(parts)
