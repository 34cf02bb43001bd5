"""The loss curves of a section's runs, side by side on one scale."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from reportgen.analysis import numbers, words
from reportgen.analysis.metrics import best_epochs, results_of
from reportgen.figures import scales
from reportgen.figures.curves import frame, line, loss_title
from reportgen.figures.style import (
    INK,
    MUTED,
    SMALL,
    TRAINING,
    VALIDATION,
    canvas,
    fitted,
    panel,
    styled,
    text_width,
    write,
)
from reportgen.records import Record
from reportgen.results import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CELL, CELL_HEIGHT, GAP = 148.0, 66.0, 12.0
COLUMNS = 3
WIDTH = COLUMNS * CELL + (COLUMNS - 1) * GAP
_KEY = 14.0
_LEFT, _TOP, _FOOT = 18.0, 13.0, 9.0


@styled
def small_multiples(results: Sequence[Result], sections: Mapping[str, str]) -> Figure:
    """Draw the loss curves of a section's runs, three in a row (468 pt wide, 66 pt a row).

    One y-scale for all; the title stands at the left of each cell, the lowest validation loss at
    the right. A failed run keeps its cell.
    """
    rows = max(1, math.ceil(len(results) / COLUMNS))
    figure = canvas(WIDTH, _KEY + rows * CELL_HEIGHT + (rows - 1) * 6)
    marks = _marks([record for _, record in results_of(results)])
    _write_key(figure, results)
    for number, result in enumerate(results):
        left = number % COLUMNS * (CELL + GAP)
        top = _KEY + number // COLUMNS * (CELL_HEIGHT + 6)
        _draw_cell(figure, result, left, top, marks)
    return figure


def _marks(records: Sequence[Record]) -> list[float]:
    """Ticks of the common scale, from 0: a run's first epochs may lie above it."""
    highest = [
        scales.shown_range((record.history["loss"], record.history["val_loss"]), falling=True)[1]
        for record in records
    ]
    return scales.ticks(0.0, max(highest, default=1.0) or 1.0, most=3)


def _write_key(figure: Figure, results: Sequence[Result]) -> None:
    """What the two lines are, above the cells."""
    records = [record for _, record in results_of(results)]
    if not records:
        return
    write(figure, 0, 7, loss_title(records[0]), weight=600)
    names = sorted({words.held_out(record) for record in records}, reverse=True)
    x = text_width(loss_title(records[0]), weight=600) + 12
    for name, color, dashed in (("training", TRAINING, False), (" or ".join(names), VALIDATION, True)):
        axes = panel(figure, x, 2, 16, 5)
        axes.set_axis_off()
        axes.plot([0, 1], [0, 0], color=color, linestyle="--" if dashed else "-")
        axes.set_xlim(0, 1)
        write(figure, x + 20, 7, name, color=color)
        x += 20 + text_width(name) + 12


def _draw_cell(figure: Figure, result: Result, left: float, top: float, marks: Sequence[float]) -> None:
    record = result.record
    value = "" if record is None else numbers.loss(best_epochs(record).lowest_loss)
    room = CELL - text_width(value, weight=600) - 6
    write(figure, left, top + 8, fitted(result.row.title, room), color=INK)
    axes = panel(figure, left + _LEFT, top + _TOP, CELL - _LEFT, CELL_HEIGHT - _TOP - _FOOT)
    axes.set_ylim(marks[0], marks[-1])
    frame(axes, marks)
    if record is None:
        kind = result.failure.kind.replace("-", " ") if result.failure else "not run"
        middle = top + (_TOP + CELL_HEIGHT - _FOOT) / 2
        write(figure, left + (CELL + _LEFT) / 2, middle, f"no result: {kind}", color=MUTED, align="center")
        return
    axes.set_xlim((1, record.epochs) if record.epochs > 1 else (0, 2))
    line(axes, record.history["loss"], TRAINING, width=1.0)
    line(axes, record.history["val_loss"], VALIDATION, dashed=True, width=1.0)
    write(figure, left + CELL, top + 8, value, color=VALIDATION, weight=600, align="right")
    text = numbers.counted(record.epochs, "epoch")
    write(figure, left + CELL, top + CELL_HEIGHT - 1.5, text, size=SMALL, color=MUTED, align="right")


def describe_small_multiples(results: Sequence[Result], sections: Mapping[str, str]) -> str:
    """Alternative text of `small_multiples`: the lowest loss of every run."""
    found = [(result.row.title, best_epochs(record), record) for result, record in results_of(results)]
    failed = len(results) - len(found)
    lost = f" {numbers.counted(failed, 'run')} without a result." if failed else ""
    if not found:
        return f"No learning curves:{lost}"
    held = " or ".join(sorted({words.held_out(record) for _, _, record in found}, reverse=True))
    title, best, _ = min(found, key=lambda item: item[1].lowest_loss)
    return (
        f"Loss curves of {numbers.counted(len(found), 'run')} on one scale. The lowest {held} loss is"
        f" {numbers.loss(best.lowest_loss)} at epoch {numbers.thousands(best.by_loss)} ({title});"
        f" the others' minima lie between {_others(found, best.lowest_loss)}.{lost}"
        if len(found) > 1
        else f"Loss curves of one run, {title}: lowest {held} loss {numbers.loss(best.lowest_loss)}"
        f" at epoch {numbers.thousands(best.by_loss)}.{lost}"
    )


def _others(found: Sequence[tuple[str, object, Record]], lowest: float) -> str:
    values = sorted(best_epochs(record).lowest_loss for _, _, record in found)[1:]
    return f"{numbers.loss(values[0])} and {numbers.loss(values[-1])}"
