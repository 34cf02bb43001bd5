"""Validation curves of the rows that stand highest by validation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from reportgen import language
from reportgen.analysis import numbers, words
from reportgen.analysis.lists import clauses
from reportgen.analysis.matrices import by_validation
from reportgen.analysis.metrics import validation_accuracy
from reportgen.figures import scales
from reportgen.figures.curves import frame
from reportgen.figures.seeds import Bundle, Curve, bundle
from reportgen.figures.style import (
    FAMILIES,
    INK,
    MUTED,
    SHAPES,
    SMALL,
    apart,
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

WIDTH, MOST = 468.0, 5
_LEFT, _LABELS, _BETWEEN = 24.0, 14.0, 10.0
_PANEL, _TOP, _FOOT = 118.0, 17.0, 14.0
_KEY, _LINE = 10.5, 8.5
_COLOURS = (*FAMILIES, INK)
_DASHES: tuple[str | tuple[float, tuple[float, ...]], ...] = (
    "-", (0, (4.0, 1.8)), (0, (1.2, 1.4)), (0, (6.0, 1.5, 1.2, 1.5)), (0, (9.0, 2.0)),
)  # fmt: skip
"""Lines differ by dash and by the shape at their end, too, and have their number there."""
_FIRST = 0.25
"""Share of a row's epochs that the panels leave out where they would press the rest together."""
_MARK = 3.4


PLACED_BY_TEST = language.message("Rows validated on the test set are placed by their test accuracy.")


@styled
def top_curves(results: Sequence[Result]) -> Figure:
    """Draw validation accuracy and loss by epoch of the five rows highest by validation (468 pt wide).

    Two panels with the order by validation accuracy at the end of each line, and a key with the titles
    in full below. A row with several seeds is shown by their mean. A row validated on the test set shows
    its test curves, and the heads say so.

    Parameters
    ----------
    results : sequence of Result
        Of one data set, at least one with a record.
    """
    rows = by_validation(results)[:MOST]
    notes = wrapped(_note(rows, len(by_validation(results))), WIDTH - 2, 3, SMALL)
    key = _TOP + _PANEL + _FOOT + 4
    figure = canvas(WIDTH, key + _KEY * len(rows) + _LINE * len(notes) + 5)
    wide = (WIDTH - _BETWEEN) / 2
    held = _held(rows)
    heads = _heads(held)
    for number, (name, factor, head) in enumerate(
        (("val_accuracy", 100.0, heads[0]), ("val_loss", 1.0, heads[1]))
    ):
        left = number * (wide + _BETWEEN)
        curves = [bundle(row.records, name, factor) for row in rows]
        _draw_panel(figure, curves, left, wide, head, name == "val_loss")
    for number, row in enumerate(rows):
        _write_key(figure, row, number, key + _KEY * number)
    for number, text in enumerate(notes):
        write(figure, 0, key + _KEY * len(rows) + 7 + _LINE * number, text, size=SMALL, color=MUTED)
    return figure


def _held(rows: Sequence[Result]) -> set[str]:
    return {words.held_out(record) for row in rows for record in row.records}


def _heads(held: set[str]) -> tuple[str, str]:
    """What the panels show, by what the rows were validated on."""
    if held == {"test"}:
        return language.text("Test accuracy, %"), language.text("Test loss")
    if len(held) > 1:
        return (
            language.text("Validation accuracy, of some on the test set, %"),
            language.text("Validation loss, of some on the test set"),
        )
    return language.text("Validation accuracy, %"), language.text("Validation loss")


def _draw_panel(
    figure: Figure, curves: Sequence[Bundle], left: float, wide: float, head: str, falling: bool
) -> None:
    write(figure, left, 8, head, weight=600)
    axes = panel(figure, left + _LEFT, _TOP, wide - _LEFT - _LABELS, _PANEL)
    low, high = _shown(curves, falling)
    marks = scales.ticks(low, high if falling else min(high, 100.0), most=6)
    longest = max(curve.longest for curve in curves)
    axes.set_xlim((1, longest) if longest > 1 else (0, 2))
    axes.set_ylim(marks[0], marks[-1])
    frame(axes, marks)
    for number, curve in enumerate(curves):
        _draw_line(axes, curve, number)
    _number_lines(figure, axes, curves, left + wide - _LABELS)
    _label_epochs(figure, longest, left + _LEFT, left + wide - _LABELS)


def _draw_line(axes: Axes, curve: Bundle, number: int) -> None:
    known = np.isfinite(curve.mean)
    axes.plot(
        np.arange(1, len(curve.mean) + 1),
        np.where(known, curve.mean, np.nan),
        color=_COLOURS[number],
        linestyle=_DASHES[number],
        linewidth=1.1,
        zorder=3 - 0.1 * number,
    )
    shape = SHAPES[number]
    at, value = _end(curve)
    axes.plot(
        [at], [value], shape, color=_COLOURS[number], markersize=mark_size(shape, _MARK), markeredgewidth=0,
        clip_on=False, zorder=4,
    )  # fmt: skip


def _end(curve: Bundle) -> tuple[int, float]:
    """Where a line ends: its last epoch with a number, NaN where it has none."""
    known = np.flatnonzero(np.isfinite(curve.mean))
    return (int(known[-1]) + 1, float(curve.mean[known[-1]])) if len(known) else (1, float("nan"))


def _shown(curves: Sequence[Bundle], falling: bool) -> tuple[float, float]:
    """Smallest and largest value of the axis: the first epochs are left out where they reach far beyond."""
    low, high = _range([curve.mean for curve in curves])
    near, far = _range([curve.mean[int(_FIRST * len(curve.mean)) :] for curve in curves])
    if high - low <= 1.5 * (far - near) or near == far:
        return low, high
    return (low, far) if falling else (near, high)


def _range(found: Sequence[Curve]) -> tuple[float, float]:
    values = np.concatenate(found)
    values = values[np.isfinite(values)]
    return (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)


def _number_lines(figure: Figure, axes: Axes, curves: Sequence[Bundle], right: float) -> None:
    """The order by validation at the right of the panel, at the height of each line's end."""
    (low, high), (_, last) = axes.get_ylim(), axes.get_xlim()
    ends = [_end(curve) for curve in curves]
    kept = [min(max(value, low), high) if np.isfinite(value) else low for _, value in ends]
    heights = [_TOP + _PANEL * (1 - (value - low) / (high - low)) for value in kept]
    room = (last - axes.get_xlim()[0]) / (right - axes.get_window_extent().x0)
    for number, place in enumerate(apart(heights, 8.4, _TOP + 2, _TOP + _PANEL - 2)):
        at = high - (place - _TOP) / _PANEL * (high - low)
        axes.plot(
            [ends[number][0], last, last + 3.5 * room], [kept[number], kept[number], at], "-",
            color=_COLOURS[number], linewidth=0.35, alpha=0.7, clip_on=False, zorder=1.5,
        )  # fmt: skip
        write(
            figure, right + 5, place + 2.5, numbers.thousands(number + 1), color=_COLOURS[number], weight=600
        )


def _label_epochs(figure: Figure, count: int, left: float, right: float) -> None:
    bottom = _TOP + _PANEL + 10
    for epoch in scales.epochs(count):
        at = (left + right) / 2 if count == 1 else left + (right - left) * (epoch - 1) / (count - 1)
        write(figure, at, bottom, numbers.thousands(epoch), size=SMALL, color=MUTED, align="center")


def _write_key(figure: Figure, row: Result, number: int, top: float) -> None:
    axes = panel(figure, 10, top, 22, _KEY)
    axes.set_axis_off()
    axes.plot([0, 1], [0.5, 0.5], color=_COLOURS[number], linestyle=_DASHES[number], linewidth=1.1)
    shape = SHAPES[number]
    axes.plot(
        [1], [0.5], shape, color=_COLOURS[number], markersize=mark_size(shape, _MARK), markeredgewidth=0,
        clip_on=False,
    )  # fmt: skip
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    baseline = top + _KEY / 2 + 2.5
    write(figure, 0, baseline, numbers.thousands(number + 1), color=_COLOURS[number], weight=600)
    value = numbers.percentage(validation_accuracy(row))
    write(figure, WIDTH, baseline, value, align="right")
    write(figure, 38, baseline, fitted(row.row.title, WIDTH - 38 - text_width(value) - 8))


def _note(rows: Sequence[Result], of: int) -> str:
    parts = []
    if of > len(rows):
        parts.append(
            language.text(
                "The {n} of {of} rows with the highest validation accuracy, at the right, in its order.",
                n=numbers.thousands(len(rows)), of=numbers.thousands(of),
            )
        )  # fmt: skip
    else:
        parts.append(language.text("In the order of the validation accuracy, at the right."))
    if any(row.repeated for row in rows):
        parts.append(language.text("Rows with several seeds: means."))
    if "test" in _held(rows):
        parts.append(language.text(PLACED_BY_TEST))
    parts.append(language.text("Horizontal axis: epochs."))
    curves = {name: [bundle(row.records, name) for row in rows] for name in ("val_accuracy", "val_loss")}
    if any(
        _shown(found, name == "val_loss") != _range([c.mean for c in found]) for name, found in curves.items()
    ):
        parts.append(language.text("Parts of the first epochs lie outside of the panels."))
    return " ".join(parts)


def describe_top_curves(results: Sequence[Result]) -> str:
    """Alternative text of `top_curves`: the rows with their accuracy, and where their losses are lowest."""
    rows = by_validation(results)[:MOST]
    parts = []
    for row in rows:
        at, value = bundle(row.records, "val_loss").lowest()
        parts.append(
            language.text(
                "{title}: accuracy {accuracy}, lowest loss {loss} at epoch {epoch}",
                title=language.quoted(row.row.title),
                accuracy=numbers.percentage(validation_accuracy(row)),
                loss=numbers.loss(value),
                epoch=numbers.thousands(at),
            )
        )
    return language.plural(
        "Validation curves of one row. {rows}.",
        "Validation curves of the {n} rows with the highest validation accuracy. {rows}.",
        len(rows),
        n=numbers.thousands(len(rows)),
        rows=clauses(parts),
    )
