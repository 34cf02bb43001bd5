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
from reportgen.figures.curves import frame, loss_title
from reportgen.figures.seeds import bundle, draw_bundle, how_many, seeds
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
    cell. What lies under the scale is cut off, and a line below says so. A row with several seeds is
    shown by their mean and range, and its number is the lowest of the mean.
    """
    titles = [_title(result) for result in results]
    rows = [titles[first : first + COLUMNS] for first in range(0, len(titles), COLUMNS)] or [[]]
    extras = [_TITLE_LINE * (max(map(len, row), default=1) - 1) for row in rows]
    records = [record for result in results for record in result.records]
    marks = _marks(records)
    notes = [note for note in (_cut_note(records), _seeds_note(results)) if note]
    heights = [CELL_HEIGHT + extra for extra in extras]
    height = _KEY + sum(heights) + (len(rows) - 1) * _BETWEEN
    figure = canvas(WIDTH, height + _NOTE * len(notes))
    _write_key(figure, results)
    for number, result in enumerate(results):
        row = number // COLUMNS
        left = number % COLUMNS * (CELL + GAP)
        top = _KEY + sum(heights[:row]) + row * _BETWEEN + extras[row]
        _draw_cell(figure, result, titles[number], (left, top), marks)
    for number, note in enumerate(notes, 1):
        write(figure, 0, height + _NOTE * number - 3, note, size=SMALL, color=MUTED)
    return figure


def _lowest(result: Result) -> tuple[int, float]:
    """Epoch and value of the lowest validation loss: of the mean where there are several seeds."""
    return bundle(result.records, "val_loss").lowest()


def _value(result: Result) -> str:
    return "" if result.record is None else numbers.loss(_lowest(result)[1])


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


def _seeds_note(results: Sequence[Result]) -> str:
    """What lines and bands are where rows have several seeds."""
    counts = {len(result.records) for result in results if result.repeated}
    if not counts:
        return ""
    each = [
        *(["band: lowest to highest seed"] if max(counts) > 2 else []),
        *(["thin lines: each of two seeds"] if 2 in counts else []),
    ]
    uneven = any(len({record.epochs for record in result.records}) > 1 for result in results)
    stop = " The mean ends where the first seed stopped; others go on as thin lines." if uneven else ""
    return f"Several seeds: line: their mean; {'; '.join(each)}.{stop}"


def _write_key(figure: Figure, results: Sequence[Result]) -> None:
    """What the two lines and the numbers are, above the cells."""
    records = [record for _, record in results_of(results)]
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
    mean = " mean" if all(result.repeated for result, _ in results_of(results)) else ""
    some = not mean and any(result.repeated for result in results)
    head = f"number: lowest{mean} {names} loss{', of several seeds: of their mean' if some else ''}"
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
    training, held = bundle(result.records, "loss"), bundle(result.records, "val_loss")
    axes.set_xlim((1, training.longest) if training.longest > 1 else (0, 2))
    draw_bundle(axes, training, TRAINING, width=1.0)
    draw_bundle(axes, held, VALIDATION, dashed=True, width=1.0)
    write(figure, left + CELL, top + 8, _value(result), color=VALIDATION, weight=600, align="right")
    text = _lasted(training.together, training.longest)
    if result.repeated:
        text += f", {seeds(result)}"
    write(figure, left + CELL, top + CELL_HEIGHT - 1.5, text, size=SMALL, color=MUTED, align="right")


def _lasted(shortest: int, longest: int) -> str:
    whole = numbers.counted(longest, "epoch")
    return whole if shortest == longest else f"{numbers.thousands(shortest)} to {whole}"


def describe_small_multiples(results: Sequence[Result], sections: Mapping[str, str]) -> str:
    """Alternative text of `small_multiples`: the lowest loss of every row, of the mean of several seeds."""
    found = results_of(results)
    failed = len(results) - len(found)
    lost = f" {numbers.counted(failed, 'run')} without a result." if failed else ""
    if not found:
        return f"No learning curves:{lost}"
    held = " or ".join(sorted({words.held_out(record) for _, record in found}, reverse=True))
    ordered = sorted((_lowest(result) for result, _ in found), key=lambda best: best[1])
    least = min((result for result, _ in found), key=lambda result: _lowest(result)[1])
    at, value = ordered[0]
    many = any(result.repeated for result, _ in found)
    unit = "row" if many else "run"
    what = f"lowest {held} loss"
    where = f"{numbers.loss(value)} at epoch {numbers.thousands(at)}"
    several = f" {_repeated(found)}" if many else ""
    if len(found) == 1:
        return f"Loss curves of one {unit}, {least.row.title}: {what} {where}.{several}{lost}"
    return (
        f"Loss curves of {numbers.counted(len(found), unit)} on one logarithmic scale."
        f" The {what} is {where} ({least.row.title}); the others' minima lie between"
        f" {numbers.loss(ordered[1][1])} and {numbers.loss(ordered[-1][1])}.{several}{lost}"
    )


def _repeated(found: Sequence[tuple[Result, Record]]) -> str:
    """How many rows have several seeds, and how many, in words."""
    counts = [len(result.records) for result, _ in found if result.repeated]
    if len(counts) == len(found):
        which = "Each row shows"
    else:
        which = f"{numbers.thousands(len(counts))} of them {'shows' if len(counts) == 1 else 'show'}"
    return f"{which} mean and range of {how_many(counts)}, with the minimum of the mean."
