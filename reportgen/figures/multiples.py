"""The loss curves of a section's runs, side by side on one scale."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

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
    panel,
    styled,
    text_width,
    wrapped,
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
_LEFT, _TOP, _FOOT = 22.0, 13.0, 9.0
_TITLE_LINE, _BETWEEN, _NOTE = 9.0, 6.0, 11.0
_WIDEST = 1e4
"""The scale's top over its bottom: what overfitted training falls to below is cut."""


@styled
def small_multiples(results: Sequence[Result], sections: Mapping[str, str]) -> Figure:
    """Draw the loss curves of a section's runs, three in a row (468 pt wide, 66 pt a row and more).

    One logarithmic y-scale for all, as losses fall a hundredfold; the title, in up to two lines,
    stands at the left of each cell, the lowest validation loss at the right. A failed run keeps its
    cell. What lies under the scale is cut off, and a line below says so.
    """
    titles = [_title(result) for result in results]
    rows = [titles[first : first + COLUMNS] for first in range(0, len(titles), COLUMNS)] or [[]]
    extras = [_TITLE_LINE * (max(map(len, row), default=1) - 1) for row in rows]
    records = [record for _, record in results_of(results)]
    marks, note = _marks(records), _cut_note(records)
    heights = [CELL_HEIGHT + extra for extra in extras]
    height = _KEY + sum(heights) + (len(rows) - 1) * _BETWEEN
    figure = canvas(WIDTH, height + (_NOTE if note else 0.0))
    _write_key(figure, records)
    for number, result in enumerate(results):
        row = number // COLUMNS
        left = number % COLUMNS * (CELL + GAP)
        top = _KEY + sum(heights[:row]) + row * _BETWEEN + extras[row]
        _draw_cell(figure, result, titles[number], (left, top), marks)
    if note:
        write(figure, 0, height + _NOTE - 3, note, size=SMALL, color=MUTED)
    return figure


def _value(result: Result) -> str:
    return "" if result.record is None else numbers.loss(best_epochs(result.record).lowest_loss)


def _title(result: Result) -> list[str]:
    """The title's lines, clear of the number beside the last of them."""
    return wrapped(result.row.title, CELL - text_width(_value(result), weight=600) - 6) or [""]


def _positive(records: Sequence[Record]) -> NDArray[np.float64]:
    """All losses that a logarithmic axis can show."""
    curves = [record.history[name] for record in records for name in ("loss", "val_loss")]
    values = np.concatenate([*curves, np.zeros(0)])
    found: NDArray[np.float64] = values[np.isfinite(values) & (values > 0)]
    return found


def _marks(records: Sequence[Record]) -> list[float]:
    """Ticks of the common scale, which ends a little below the lowest of the minima."""
    values = _positive(records)
    if not len(values):
        return [0.1, 1.0]
    high = float(values.max())
    minima = [best_epochs(record).lowest_loss for record in records]
    lowest = min((loss for loss in minima if math.isfinite(loss) and loss > 0), default=high)
    low = max(float(values.min()), 0.7 * min(lowest, high), high / _WIDEST)
    return scales.log_frame(low, high)


def _short(mark: float) -> str:
    """A tick of the scale in the little room beside it: 0.03, but 3e5."""
    if 1e-3 <= mark < 1e4:
        return numbers.plain(round(mark, 9))
    figure, power = f"{mark:.0e}".split("e")
    return numbers.plain(int(figure)) + f"e{int(power)}".replace("-", "\u2212")


def _cut_note(records: Sequence[Record]) -> str:
    """What the scale leaves out at the bottom, in words; empty where it leaves out nothing."""
    floor = _marks(records)[0]
    cut = [
        name
        for name, key in (("Training", "loss"), ("Validation", "val_loss"))
        if any(bool((record.history[key] < floor * (1 - 1e-9)).any()) for record in records)
    ]
    names = " and ".join([*cut[:1], *(name.lower() for name in cut[1:])])
    return f"{names} curves are cut off where they fall below {_short(floor)}." if cut else ""


def _write_key(figure: Figure, records: Sequence[Record]) -> None:
    """What the two lines and the numbers are, above the cells."""
    if not records:
        return
    title = f"{loss_title(records[0])} (log scale)"
    write(figure, 0, 7, title, weight=600)
    names = " or ".join(sorted({words.held_out(record) for record in records}, reverse=True))
    x = text_width(title, weight=600) + 12
    for name, color, dashed in (("training", TRAINING, False), (names, VALIDATION, True)):
        axes = panel(figure, x, 2, 16, 5)
        axes.set_axis_off()
        axes.plot([0, 1], [0, 0], color=color, linestyle="--" if dashed else "-")
        axes.set_xlim(0, 1)
        write(figure, x + 20, 7, name, color=color)
        x += 20 + text_width(name) + 12
    head = f"number: lowest {names} loss"
    write(figure, WIDTH, 7, head, color=VALIDATION, weight=600, align="right")


def _draw_cell(
    figure: Figure, result: Result, title: Sequence[str], place: tuple[float, float], marks: Sequence[float]
) -> None:
    """One run; `place` is where its last line of title begins, at the left and at the top."""
    record, (left, top) = result.record, place
    for number, text in enumerate(reversed(title)):
        write(figure, left, top + 8 - _TITLE_LINE * number, text, color=INK)
    if record is None:
        kind = result.failure.kind.replace("-", " ") if result.failure else "not run"
        middle = top + (_TOP + CELL_HEIGHT - _FOOT) / 2
        write(figure, left + (CELL + _LEFT) / 2, middle, f"no result: {kind}", color=MUTED, align="center")
        return
    axes = panel(figure, left + _LEFT, top + _TOP, CELL - _LEFT, CELL_HEIGHT - _TOP - _FOOT)
    axes.set_yscale("log")
    axes.set_ylim(marks[0], marks[-1])
    frame(axes, marks)
    axes.set_yticks(marks, [_short(mark) for mark in marks])
    axes.set_yticks([], minor=True)
    axes.set_xlim((1, record.epochs) if record.epochs > 1 else (0, 2))
    line(axes, record.history["loss"], TRAINING, width=1.0)
    line(axes, record.history["val_loss"], VALIDATION, dashed=True, width=1.0)
    write(figure, left + CELL, top + 8, _value(result), color=VALIDATION, weight=600, align="right")
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
        f"Loss curves of {numbers.counted(len(found), 'run')} on one logarithmic scale."
        f" The lowest {held} loss is"
        f" {numbers.loss(best.lowest_loss)} at epoch {numbers.thousands(best.by_loss)} ({title});"
        f" the others' minima lie between {_others(found, best.lowest_loss)}.{lost}"
        if len(found) > 1
        else f"Loss curves of one run, {title}: lowest {held} loss {numbers.loss(best.lowest_loss)}"
        f" at epoch {numbers.thousands(best.by_loss)}.{lost}"
    )


def _others(found: Sequence[tuple[str, object, Record]], lowest: float) -> str:
    values = sorted(best_epochs(record).lowest_loss for _, _, record in found)[1:]
    return f"{numbers.loss(values[0])} and {numbers.loss(values[-1])}"
