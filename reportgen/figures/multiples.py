"""The loss curves of a section's runs, side by side on one scale."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.metrics import best_epochs, results_of
from reportgen.figures import scales
from reportgen.figures.curve_marks import mark_tested
from reportgen.figures.curves import frame, loss_title
from reportgen.figures.multiple_words import (
    describe_small_multiples,
    held_by,
    lasted,
    left_out_note,
    lowest,
    marks_note,
    number_text,
    seeds_note,
    why_none,
)
from reportgen.figures.seeds import bundle, draw_bundle, seeds
from reportgen.figures.style import (
    INK,
    MUTED,
    SMALL,
    TRAINING,
    VALIDATION,
    canvas,
    fitted,
    middle_cut,
    one_line,
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

__all__ = ["describe_small_multiples", "small_multiples"]

CELL, CELL_HEIGHT, GAP = 148.0, 66.0, 12.0
COLUMNS = 3
WIDTH = COLUMNS * CELL + (COLUMNS - 1) * GAP
_KEY = 14.0
_LEFT, _TOP, _FOOT = 22.0, 13.0, 9.0
_TITLE_LINE, _BETWEEN, _NOTE = 9.0, 6.0, 11.0
_TALLEST = 610.0
"""Points that a page has for a figure and its caption, on the shorter paper."""
_WIDEST = 1e4
"""The scale's top over its bottom: what overfitted training falls to below is cut."""
_BELOW = 0.05
"""Share of the lowest validation loss down to which the scale follows the training curves."""


@styled
def small_multiples(results: Sequence[Result], sections: Mapping[str, str]) -> Figure:
    """Draw the loss curves of a section's runs, three in a row (468 pt wide, 66 pt a row and more).

    One logarithmic y-scale for all, as losses fall a hundredfold; the title, in up to two lines,
    stands at the left of each cell, the lowest validation loss at the right. A failed run keeps its
    cell. What lies under the scale is cut off, and a line below says so. A row with several seeds is
    shown by their mean and range, and its number is the lowest of the mean. Of more rows than a page
    holds those are shown whose loss goes lowest, and a line below says so.
    """
    shown = _shown(results)
    titles = _titles(shown)
    extras = _extras(titles)
    records = [record for result in shown for record in result.records]
    marks = _marks(records)
    left_out = left_out_note(len(shown), len(results))
    several = wrapped(seeds_note(shown), WIDTH - 2, 3, SMALL)
    marks_said = wrapped(marks_note(shown), WIDTH - 2, 2, SMALL)
    notes = [note for note in (left_out, _cut_note(records), *several, *marks_said) if note]
    heights = [CELL_HEIGHT + extra for extra in extras]
    height = _height(extras)
    figure = canvas(WIDTH, height + _NOTE * len(notes))
    _write_key(figure, shown)
    for number, result in enumerate(shown):
        row = number // COLUMNS
        left = number % COLUMNS * (CELL + GAP)
        top = _KEY + sum(heights[:row]) + row * _BETWEEN + extras[row]
        _draw_cell(figure, result, titles[number], (left, top), marks)
    for number, note in enumerate(notes, 1):
        write(figure, 0, height + _NOTE * number - 3, note, size=SMALL, color=MUTED)
    return figure


def _value(result: Result) -> str:
    return "" if result.record is None else numbers.loss(lowest(result)[1])


def _shown(results: Sequence[Result]) -> Sequence[Result]:
    """All rows, or of more than a page holds those whose validation loss goes lowest, in their order."""
    most = COLUMNS * int((_TALLEST - _KEY + _BETWEEN) // (CELL_HEIGHT + _BETWEEN))
    if len(results) <= most and _height(_extras(_titles(results))) <= _TALLEST:
        return results
    place = {id(result): number for number, result in enumerate(results)}
    best = sorted(
        (result for result in results if result.records),
        key=lambda result: (lowest(result)[1], place[id(result)]),
    )
    for count in range(most, 0, -COLUMNS):
        chosen = sorted(best[:count], key=lambda result: place[id(result)])
        if _height(_extras(_titles(chosen))) <= _TALLEST:
            return chosen
    return best[:COLUMNS]


def _height(extras: Sequence[float]) -> float:
    """Points of the key and the cells, of which each row has `extras` more for its titles."""
    return _KEY + sum(CELL_HEIGHT + extra for extra in extras) + (len(extras) - 1) * _BETWEEN


def _extras(titles: Sequence[Sequence[str]]) -> list[float]:
    rows = [titles[first : first + COLUMNS] for first in range(0, len(titles), COLUMNS)] or [[]]
    return [_TITLE_LINE * (max(map(len, row), default=1) - 1) for row in rows]


def _titles(results: Sequence[Result]) -> list[list[str]]:
    """The lines of every title, clear of the number beside the last of them."""
    rooms = [CELL - text_width(_value(result), weight=600) - 6 for result in results]
    whole = [wrapped(result.row.title, room) or [""] for result, room in zip(results, rooms, strict=True)]
    last = [lines[-1] for lines in whole]
    if len({tuple(lines) for lines in whole}) == len({result.row.title for result in results}):
        return whole
    # Titles that would read the same differ further on: their second lines keep their ends.
    return [
        lines if last.count(lines[-1]) < 2 else [*lines[:-1], _end_of(result.row.title, lines, room)]
        for result, lines, room in zip(results, whole, rooms, strict=True)
    ]


def _end_of(title: str, lines: Sequence[str], room: float) -> str:
    rest = one_line(title).removeprefix(" ".join(lines[:-1])).strip()
    return middle_cut(rest, room)


def _positive(records: Sequence[Record]) -> NDArray[np.float64]:
    """All losses that a logarithmic axis can show."""
    curves = [record.history[name] for record in records for name in ("loss", "val_loss")]
    values = np.concatenate([*curves, np.zeros(0)])
    found: NDArray[np.float64] = values[np.isfinite(values) & (values > 0)]
    return found


def _marks(records: Sequence[Record]) -> list[float]:
    """Ticks of the common scale, which reaches the lowest loss of all; far below the minima it ends."""
    values = _positive(records)
    if not len(values):
        return [0.1, 1.0]
    high = float(values.max())
    minima = [best_epochs(record).lowest_loss for record in records]
    lowest = min((loss for loss in minima if math.isfinite(loss) and loss > 0), default=high)
    low = max(float(values.min()), _BELOW * min(lowest, high), high / _WIDEST)
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
        any(bool((record.history[key] < floor * (1 - 1e-9)).any()) for record in records)
        for key in ("loss", "val_loss")
    ]
    if all(cut):
        return language.text(
            "Training and validation curves are cut off where they fall below {floor}.", floor=_short(floor)
        )
    if cut[0]:
        return language.text(
            "Training curves are cut off where they fall below {floor}.", floor=_short(floor)
        )
    if cut[1]:
        return language.text(
            "Validation curves are cut off where they fall below {floor}.", floor=_short(floor)
        )
    return ""


def _write_key(figure: Figure, results: Sequence[Result]) -> None:
    """What the two lines and the numbers are, above the cells."""
    records = [record for _, record in results_of(results)]
    if not records:
        return
    title = language.text("{loss} (log scale)", loss=loss_title(records[0]))
    write(figure, 0, 7, title, weight=600)
    x = text_width(title, weight=600) + 12
    for name, color, dashed in (
        (language.text("training"), TRAINING, False),
        (held_by(records), VALIDATION, True),
    ):
        axes = panel(figure, x, 2, 16, 5)
        axes.set_axis_off()
        axes.plot([0, 1], [0, 0], color=color, linestyle="--" if dashed else "-")
        axes.set_xlim(0, 1)
        write(figure, x + 20, 7, name, color=color)
        x += 20 + text_width(name) + 12
    head = fitted(number_text(results, held_by(records)), WIDTH - x, weight=600)
    write(figure, WIDTH, 7, head, color=VALIDATION, weight=600, align="right")


def _draw_cell(
    figure: Figure, result: Result, title: Sequence[str], place: tuple[float, float], marks: Sequence[float]
) -> None:
    """One run; `place` is where its last line of title begins, at the left and at the top."""
    record, (left, top) = result.record, place
    for number, text in enumerate(reversed(title)):
        write(figure, left, top + 8 - _TITLE_LINE * number, text, color=INK)
    if record is None:
        middle = top + (_TOP + CELL_HEIGHT - _FOOT) / 2
        text = fitted(why_none(result), CELL)
        write(figure, left + CELL / 2, middle, text, color=MUTED, align="center")
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
    mark_tested(axes, result.records, 3.2)
    write(figure, left + CELL, top + 8, _value(result), color=VALIDATION, weight=600, align="right")
    text = lasted(training.together, training.longest)
    if result.repeated:
        text = language.text("{epochs}, {seeds}", epochs=text, seeds=seeds(result))
    write(figure, left + CELL, top + CELL_HEIGHT - 1.5, text, size=SMALL, color=MUTED, align="right")
