"""The path of a search in stages: how many rows each tried, what it kept, and what the choice was worth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.dimensions import called
from reportgen.analysis.scores import score
from reportgen.analysis.tried import Tried, tried
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
from reportgen.figures.stage_words import describe_path
from reportgen.figures.style import (
    GRID,
    HAIRLINE,
    INK,
    MUTED,
    SMALL,
    TRAINING,
    VALIDATION,
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

__all__ = ["describe_path", "draw_path"]

_KEPT, _LEFT, _RIGHT, _VALUE = 128.0, 262.0, 388.0, 424.0
"""Where the columns begin, or end: the rows kept, the axis, its end, the values."""
_PITCH, _HEAD, _LEAST = 22.0, 13.0, 0.5


@styled
def draw_path(results: Sequence[Result], stages: Sequence[Stage]) -> Figure:
    """Draw the validation accuracy of the row that each stage keeps, with its 95 % interval (468 pt wide).

    A line leads to it from the row that the stage began with; short strokes are all the rows that the stage
    tried. At the right stands what the step was worth, in points.

    Parameters
    ----------
    results : sequence of Result
        The rows of these stages.
    stages : sequence of Stage
        In the order of the file.
    """
    path = [tried(stage, results) for stage in stages]
    kept = {one.stage.id: _interval(one.kept) for one in path if one.kept is not None}
    marks = _marks(list(kept.values()))
    hidden = sum(100 * score(row, "validation_accuracy").mean < marks[0] for one in path for row in one.done)
    lines = notes(_note(hidden, cut(list(kept.values()), marks), path))
    height = _PITCH * len(path)
    figure = canvas(WIDTH, _HEAD + height + FOOT + NOTE_LINE * len(lines) + 4)
    _heads(figure)
    axes = open_rows(figure, (_LEFT, _RIGHT, _HEAD), height, marks)
    places = {one.stage.id: _PITCH * (number + 0.5) for number, one in enumerate(path)}
    for one in path:
        source = one.stage.source
        if one.stage.id in kept and source in kept:
            ends = [kept[source].value, kept[one.stage.id].value]
            axes.plot(
                ends, [places[source], places[one.stage.id]], "-", color=HAIRLINE, linewidth=1.5, zorder=1
            )
        _draw(figure, axes, one, places[one.stage.id], kept.get(one.stage.id))
    write_notes(figure, _HEAD + height + FOOT, lines)
    return figure


def _marks(kept: Sequence[Interval]) -> list[float]:
    if not kept:
        return [0.0, 100.0]
    marks = [mark for mark in marks_for(kept, _LEAST) if mark <= 100]
    return marks if len(marks) > 1 else marks_for(kept, _LEAST)


def _heads(figure: Figure) -> None:
    write(figure, 0, 8, language.text("Stage"), weight=600)
    write(figure, _KEPT, 8, fitted(language.text("Kept"), _LEFT - _KEPT - 8, weight=600), weight=600)
    head = language.text("Validation accuracy, %")
    write(figure, _LEFT, 8, fitted(head, _VALUE - _LEFT, weight=600), weight=600)
    write(figure, WIDTH, 8, language.text("step"), weight=600, align="right")


def _draw(figure: Figure, axes: Axes, one: Tried, middle: float, interval: Interval | None) -> None:
    top = _HEAD + middle
    low, high = axes.get_xlim()
    write(figure, 0, top - 1, fitted(called(one.stage), _KEPT - 8), color=INK)
    write(figure, 0, top + 7.5, fitted(_count(one), _KEPT - 8, SMALL), size=SMALL, color=MUTED)
    axes.plot([low, high], [middle, middle], "-", color=GRID, linewidth=0.4, zorder=0.5)
    values = [100 * score(row, "validation_accuracy").mean for row in one.done]
    inside = [value for value in values if low <= value <= high]
    axes.plot(
        inside, [middle] * len(inside), "|", color=TRAINING, markersize=6, markeredgewidth=0.8, zorder=1.5
    )
    if one.kept is None or interval is None:
        write(figure, _KEPT, top + 2.5, numbers.MISSING, color=MUTED)
        return
    lines = wrapped(one.kept.row.title, _LEFT - _KEPT - 12, 2)
    for number, text in enumerate(lines):
        write(figure, _KEPT, top + 2.5 + 8.5 * (number - (len(lines) - 1) / 2), text, color=INK)
    draw_interval(axes, middle, interval, VALIDATION)
    axes.plot(
        [interval.value], [middle], "o", color=VALIDATION, markersize=5, markeredgewidth=0, clip_on=False,
        zorder=3,
    )  # fmt: skip
    write(figure, _VALUE, top + 2.5, numbers.decimal(interval.value, 2), color=INK, align="right")
    step = numbers.MISSING if one.step is None else numbers.points(one.step.difference)
    clear = one.step is not None and one.step.different
    write(figure, WIDTH, top + 2.5, step, color=INK, weight=600 if clear else 400, align="right")


def _interval(row: Result) -> Interval:
    found = score(row, "validation_accuracy")
    return Interval(100 * found.mean, 100 * found.low, 100 * found.high)


def _count(one: Tried) -> str:
    """How many rows a stage tried, or how far it has come."""
    n = numbers.thousands(one.stage.size)
    if one.waits:
        return language.plural("{n} row waits", "{n} rows wait", one.stage.size, n=n)
    if one.to_come:
        done = numbers.thousands(len(one.rows) - len(one.to_come))
        return language.text("{done} of {n} tried", done=done, n=n)
    if one.failed:
        failed = numbers.thousands(len(one.failed))
        return language.text("{n} tried, {failed} failed", n=n, failed=failed)
    return language.plural("{n} tried", "{n} tried", one.stage.size, n=n)


def _note(hidden: int, beyond: bool, path: Sequence[Tried]) -> str:
    parts = [
        language.text(
            "Dot: the row kept, with its 95 % interval. Strokes: all rows tried. Step: points above the row"
            " that the stage began with."
        )
    ]
    if any(one.step is not None and one.step.different for one in path):
        parts.append(language.text("Bold: a step that validation can tell."))
    if hidden:
        parts.append(
            language.plural(
                "{n} row lies left of the axis.", "{n} rows lie left of the axis.", hidden,
                n=numbers.thousands(hidden),
            )
        )  # fmt: skip
    if beyond:
        parts.append(language.text("An arrow: the interval goes on."))
    return " ".join(parts)
