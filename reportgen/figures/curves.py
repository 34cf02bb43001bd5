"""The learning curves of one row: loss over accuracy."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reportgen import language
from reportgen.analysis import numbers, words
from reportgen.figures import scales
from reportgen.figures.curve_marks import mark_tested, mark_without_penalty, penalised, without_penalty
from reportgen.figures.curve_notes import Begun, notes_below
from reportgen.figures.curve_words import describe_learning_curves, highest_text, lowest_text
from reportgen.figures.notes import Area, free_place, x_of, y_of
from reportgen.figures.rate_panel import ABOVE, dead_from, draw_rates, shade, varying
from reportgen.figures.rate_panel import HEIGHT as RATES
from reportgen.figures.seeds import Bundle, bundle, draw_bundle
from reportgen.figures.style import (
    GRID,
    MUTED,
    SMALL,
    TRAINING,
    VALIDATION,
    apart,
    canvas,
    fitted,
    panel,
    styled,
    text_width,
    wrapped,
    write,
)
from reportgen.records import Record
from reportgen.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["describe_learning_curves", "frame", "learning_curves", "loss_title"]

WIDTH, HEIGHT = 278.0, 164.0
_LEFT, _RIGHT = 26.0, 228.0
_PANEL = 49.0
_LOSS_TOP, _ACCURACY_TOP = 17.0, 95.0
_LABEL_GAP = 9.0
_NOTE_LINE = 8.5
_MOST_LINES = 6


@dataclass(frozen=True)
class _Plot:
    """One of the two panels."""

    title: str
    training: Bundle
    held: Bundle
    held_name: str
    best: int
    best_text: str
    falling: bool
    top: float
    tick_decimals: int
    cut: bool
    reach: float = math.inf
    """How far down the panel reaches at the least."""

    @property
    def area(self) -> Area:
        return Area(_LEFT, self.top, _RIGHT - _LEFT, _PANEL)


@dataclass(frozen=True)
class _Outside:
    """A curve that leaves its panel: its name, how far it reaches, whether at its first epoch."""

    name: str
    value: str
    starts: bool


@styled
def learning_curves(result: Result, begun: Begun | None = None) -> Figure:
    """Draw loss over accuracy by epoch, training and validation (278 × 164 pt for one run).

    The epoch of the lowest validation loss is marked on the loss, that of the highest validation
    accuracy on the accuracy, by a hollow dot that hides no curve; a triangle at the foot marks the epoch
    whose weights were tested, where it is not the last. What only the first third of the epochs
    reaches lies outside of the panels where it would press the rest together; words say so, and where an
    axis begins that does not begin at 0. A run validated on the test set has its curve called "test". Several
    runs are shown by their mean and range, and marked where the mean is best; lines below say so.
    A learning rate that varies has a panel below, and the epochs in which it is dead are shaded. Of a loss
    with a penalty a cross shows what the validation loss of the tested weights is without it.

    Parameters
    ----------
    result : Result
    begun : Begun or None
        Where a warm start took its first weights from.
    """
    records = result.records
    note = notes_below(result, begun)
    notes = wrapped(note, WIDTH - 2, _MOST_LINES, SMALL) if note else []
    count = max(record.epochs for record in records)
    rated = varying(records)
    height = HEIGHT + (ABOVE + RATES if rated else 0.0)
    figure = canvas(WIDTH, height + (_NOTE_LINE * len(notes) + 3 if notes else 0.0))
    dead = dead_from(records)
    for plot in _plots(records):
        axes = panel(figure, _LEFT, plot.top, _RIGHT - _LEFT, _PANEL)
        _draw_panel(figure, axes, plot)
        mark_tested(axes, records)
        if dead is not None:
            shade(axes, dead, count)
        if plot.falling:
            mark_without_penalty(axes, records)
    bottom = _ACCURACY_TOP + _PANEL
    if rated:
        draw_rates(figure, records, Area(_LEFT, bottom + ABOVE, _RIGHT - _LEFT, RATES), count)
        if dead is not None:
            shade(figure.axes[-1], dead, count)
        bottom += ABOVE + RATES
    _label_epochs(figure, count, bottom)
    for number, text in enumerate(notes):
        write(figure, 0, height + 7 + _NOTE_LINE * number, text, size=SMALL, color=MUTED)
    return figure


def _plots(records: Sequence[Record]) -> tuple[_Plot, _Plot]:
    held = words.held_out(records[0])
    # One rule for both: two panels of the same epochs are cut together or not at all.
    cut = any(
        scales.starts_far([*bundle(records, name).runs, *bundle(records, f"val_{name}").runs])
        for name in ("loss", "accuracy")
    )
    losses, accuracies = bundle(records, "val_loss"), bundle(records, "val_accuracy", 100)
    (low_at, lowest), (high_at, highest) = losses.lowest(), accuracies.highest()
    title = loss_title(records[0])
    if penalised(records):
        title = language.text("{loss} with penalty", loss=title)
    loss = _Plot(
        title, bundle(records, "loss"), losses, held, low_at,
        lowest_text(losses, low_at, numbers.loss(lowest)),
        True, _LOSS_TOP, 1, cut, without_penalty(records),
    )  # fmt: skip
    accuracy = _Plot(
        language.text("Accuracy, %"), bundle(records, "accuracy", 100), accuracies, held, high_at,
        highest_text(accuracies, high_at, numbers.decimal(highest, 2)),
        False, _ACCURACY_TOP, 0, cut,
    )  # fmt: skip
    return loss, accuracy


def loss_title(record: Record) -> str:
    """What the loss is called over its axis."""
    entropy = "crossentropy" in str(record.loss.get("name", ""))
    return language.text("Cross-entropy loss") if entropy else language.text("Loss")


def _draw_panel(figure: Figure, axes: Axes, plot: _Plot) -> None:
    count = plot.training.longest
    curves = (*plot.training.runs, *plot.held.runs)
    low, high = scales.shown_range(curves, falling=plot.falling, cut=plot.cut)
    low = min(low, plot.reach)
    if plot.falling and 0 <= low < 0.5 * high:
        low = 0.0
    marks = scales.ticks(low, min(high, 100.0) if not plot.falling else high)
    axes.set_xlim((1, count) if count > 1 else (0, 2))
    axes.set_ylim(marks[0], marks[-1])
    frame(axes, marks)
    draw_bundle(axes, plot.training, TRAINING)
    draw_bundle(axes, plot.held, VALIDATION, dashed=True)
    write(figure, 0, plot.top - 8.5, plot.title, weight=600)
    start = text_width(plot.title, weight=600)
    if marks[0] > 0:
        said = language.text("axis from {value}", value=numbers.decimal(marks[0], scales.decimals(marks)))
        write(figure, start + 4, plot.top - 8.5, said, size=SMALL, color=MUTED)
        start += 4 + text_width(said, SMALL)
    _mark_best(figure, axes, plot, start + 8)
    _name_lines(figure, axes, plot)
    _say_cut(figure, axes, plot)


def frame(axes: Axes, marks: Sequence[float], *, labelled: bool = True) -> None:
    """Grid lines and tick labels at `marks`, none on the epoch axis."""
    axes.set_xticks([])
    places = scales.decimals(marks)
    axes.set_yticks(
        marks, [numbers.decimal(mark, places) for mark in marks] if labelled else [""] * len(marks)
    )
    axes.grid(axis="y", color=GRID, linewidth=0.5, clip_on=False)
    axes.set_axisbelow(True)


def _mark_best(figure: Figure, axes: Axes, plot: _Plot, start: float) -> None:
    """Mark the best epoch, and say above the panel, right of `start`, which it is."""
    value = plot.held.mean[plot.best - 1]
    if not np.isfinite(value):
        several = plot.held.several
        text = language.text("no finite mean") if several else language.text("no finite value")
        write(figure, (_LEFT + _RIGHT) / 2, plot.top + _PANEL / 2, text, color=MUTED, align="center")
        return
    _, roof = axes.get_ylim()
    at = [plot.best, plot.best]
    axes.plot(at, [value, roof], color=MUTED, linewidth=0.6, linestyle=(0, (1.2, 1.8)), clip_on=False)
    axes.plot(
        [plot.best], [value], "o", color=VALIDATION, markerfacecolor="none", markeredgewidth=0.9,
        markersize=5, clip_on=False, zorder=3,
    )  # fmt: skip
    wide = text_width(plot.best_text, SMALL) / 2
    middle = min(max(x_of(axes, plot.area, plot.best), start + wide), WIDTH - wide)
    write(figure, middle, plot.top - 8.5, plot.best_text, size=SMALL, color=MUTED, align="center")


def _name_lines(figure: Figure, axes: Axes, plot: _Plot) -> None:
    """Names at the right end of the lines, moved apart where the lines end close together."""
    places = [float(y_of(axes, plot.area, curves.end)) for curves in (plot.training, plot.held)]
    places = apart(places, _LABEL_GAP, plot.top, plot.top + _PANEL)
    names = (language.text("training"), plot.held_name)
    for place, name, color in zip(places, names, (TRAINING, VALIDATION), strict=True):
        write(figure, _RIGHT + 6, place + 2.4, fitted(name, WIDTH - _RIGHT - 6), color=color)


def _say_cut(figure: Figure, axes: Axes, plot: _Plot) -> None:
    """Say which curves start outside of the panel, and where: the means, or else a seed of the band."""
    outside = _outside(axes, plot)
    if not outside:
        return
    texts = [_said_cut(found, plot) for found in outside]
    # One line at the side where the curves start, if that is clear of them; else two, or further down or up.
    one = ", ".join(texts) if len(texts) == 1 else _both_cut(outside, plot)
    notes = [
        (layout, plot.top + abs((not plot.falling) - part) * (_PANEL - 10 - _NOTE_LINE * (len(layout) - 1)))
        for part in (0.0, 1.0, 0.25, 0.5, 0.75)
        for layout in ([one], texts)
    ]
    places = [_place(axes, plot, layout, top) for layout, top in notes]
    best = min(range(len(places)), key=lambda number: places[number][0])
    for number, text in enumerate(notes[best][0]):
        write(
            figure, places[best][1], notes[best][1] + 7 + _NOTE_LINE * number, text, size=SMALL, color=MUTED
        )


def _outside(axes: Axes, plot: _Plot) -> list[_Outside]:
    low, high = axes.get_ylim()
    found = []
    for name, curves in ((language.text("training"), plot.training), (plot.held_name, plot.held)):
        for values, seed in ((curves.mean, False), (np.concatenate(curves.runs), True)):
            known = values[np.isfinite(values)]
            extreme = float(known.max() if plot.falling else known.min()) if len(known) else low
            if not low - 1e-9 <= extreme <= high + 1e-9:
                written = numbers.decimal(extreme, plot.tick_decimals + 1 if plot.falling else 1)
                whose = language.text("{curve} of a seed", curve=name) if seed else name
                found.append(_Outside(whose, written, extreme == values[0]))
                break
    return found


def _said_cut(found: _Outside, plot: _Plot) -> str:
    if found.starts:
        return language.text("{curve} starts at {value}", curve=found.name, value=found.value)
    return language.text("{curve} reaches {value}", curve=found.name, value=found.value)


def _both_cut(outside: Sequence[_Outside], plot: _Plot) -> str:
    first, second = outside
    values = {"curve": first.name, "value": first.value, "other": second.name, "its": second.value}
    if first.starts and second.starts:
        return language.text("{curve} starts at {value}, {other} at {its}", **values)
    return ", ".join(_said_cut(found, plot) for found in outside)


def _place(axes: Axes, plot: _Plot, note: Sequence[str], top: float) -> tuple[int, float]:
    """How many points of the curves a note meets where it meets fewest, and where that is."""
    wide = max(text_width(text, SMALL) for text in note)
    bottom = top + 7 + _NOTE_LINE * (len(note) - 1)
    # The dotted line from the best epoch up to the panel's roof, with the dot at its lower end.
    dotted = bool(y_of(axes, plot.area, plot.held.mean[plot.best - 1]) >= top - 3)
    curves, mark = (*plot.training.runs, *plot.held.runs), float(plot.best) if dotted else None
    return free_place(axes, plot.area, curves, (wide, top, bottom), mark)


def _label_epochs(figure: Figure, count: int, foot: float) -> None:
    """Write the epochs below the last panel, which ends at `foot`."""
    bottom = foot + 10.5
    marks = scales.epochs(count)
    for epoch in marks:
        at = (_LEFT + _RIGHT) / 2 if count == 1 else _LEFT + (_RIGHT - _LEFT) * (epoch - 1) / (count - 1)
        write(figure, at, bottom, numbers.thousands(epoch), size=SMALL, color=MUTED, align="center")
    write(figure, _RIGHT + 14, bottom, language.text("epoch"), size=SMALL, color=MUTED)
