"""The learning curves of one row: loss over accuracy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reportgen.analysis import numbers, words
from reportgen.figures import scales
from reportgen.figures.notes import Area, free_place, x_of, y_of
from reportgen.figures.seeds import Bundle, bundle, draw_bundle, same, seeds, spread
from reportgen.figures.style import (
    GRID,
    MUTED,
    SMALL,
    TRAINING,
    VALIDATION,
    apart,
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
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 278.0, 164.0
_LEFT, _RIGHT = 26.0, 228.0
_PANEL = 49.0
_LOSS_TOP, _ACCURACY_TOP = 17.0, 95.0
_LABEL_GAP = 9.0
_NOTE_LINE = 8.5
_MOST_LINES = 4


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

    @property
    def area(self) -> Area:
        return Area(_LEFT, self.top, _RIGHT - _LEFT, _PANEL)


@styled
def learning_curves(result: Result) -> Figure:
    """Draw loss over accuracy by epoch, training and validation (278 × 164 pt for one run).

    The epoch of the lowest validation loss is marked on the loss, that of the highest validation
    accuracy on the accuracy. A run validated on the test set has its curve called "test". Several
    runs are shown by their mean and range, and marked where the mean is best; lines below say so.
    """
    records = result.records
    note = _note(result)
    notes = wrapped(note, WIDTH - 2, _MOST_LINES, SMALL) if note else []
    figure = canvas(WIDTH, HEIGHT + (_NOTE_LINE * len(notes) + 3 if notes else 0.0))
    for plot in _plots(records):
        axes = panel(figure, _LEFT, plot.top, _RIGHT - _LEFT, _PANEL)
        _draw_panel(figure, axes, plot)
    _label_epochs(figure, max(record.epochs for record in records))
    for number, text in enumerate(notes):
        write(figure, 0, HEIGHT + 7 + _NOTE_LINE * number, text, size=SMALL, color=MUTED)
    return figure


def _plots(records: Sequence[Record]) -> tuple[_Plot, _Plot]:
    held = words.held_out(records[0])
    # One rule for both: two panels of the same epochs are cut together or not at all.
    cut = any(
        scales.starts_far([*bundle(records, name).runs, *bundle(records, f"val_{name}").runs])
        for name in ("loss", "accuracy")
    )
    mean = " mean" if len(records) > 1 else ""
    losses, accuracies = bundle(records, "val_loss"), bundle(records, "val_accuracy", 100)
    (low_at, lowest), (high_at, highest) = losses.lowest(), accuracies.highest()
    loss = _Plot(
        loss_title(records[0]), bundle(records, "loss"), losses, held, low_at,
        f"lowest{mean} {numbers.loss(lowest)}, {_epoch(losses, low_at)}",
        True, _LOSS_TOP, 1, cut,
    )  # fmt: skip
    accuracy = _Plot(
        "Accuracy, %", bundle(records, "accuracy", 100), accuracies, held, high_at,
        f"highest{mean} {numbers.decimal(highest, 2)}, {_epoch(accuracies, high_at)}",
        False, _ACCURACY_TOP, 0, cut,
    )  # fmt: skip
    return loss, accuracy


def _last_ties(curves: Bundle, best: int) -> bool:
    """Whether the epoch at which all runs end is as good as the best one, and another."""
    return best < curves.together == curves.longest and same(curves.mean[best - 1], curves.mean[-1])


def _epoch(curves: Bundle, best: int) -> str:
    last = f" (and {numbers.thousands(curves.together)})" if _last_ties(curves, best) else ""
    return f"epoch {numbers.thousands(best)}{last}"


def _note(result: Result) -> str:
    """What lines and bands are where there are several runs, and until where all of them ran."""
    records = result.records
    if len(records) < 2:
        return ""
    each = "bands: lowest to highest" if len(records) > 2 else "thin lines: each seed"
    parts = [f"Lines: means of {seeds(result)}; {each}."]
    together, longest = min(r.epochs for r in records), max(r.epochs for r in records)
    single = "" if len(records) == 2 else "; after it each seed has a thin line"
    if together < longest:
        parts.append(f"All ran until epoch {numbers.thousands(together)}, where the means end{single}.")
    if any(np.isnan(bundle(records, name).mean).any() for name in ("loss", "val_loss")):
        parts.append("Where a seed has no finite loss there is no mean.")
    return " ".join(parts)


def loss_title(record: Record) -> str:
    """What the loss is called over its axis."""
    return "Cross-entropy loss" if "crossentropy" in str(record.loss.get("name", "")) else "Loss"


def _draw_panel(figure: Figure, axes: Axes, plot: _Plot) -> None:
    count = plot.training.longest
    curves = (*plot.training.runs, *plot.held.runs)
    low, high = scales.shown_range(curves, falling=plot.falling, cut=plot.cut)
    if plot.falling and 0 <= low < 0.5 * high:
        low = 0.0
    marks = scales.ticks(low, min(high, 100.0) if not plot.falling else high)
    axes.set_xlim((1, count) if count > 1 else (0, 2))
    axes.set_ylim(marks[0], marks[-1])
    frame(axes, marks)
    draw_bundle(axes, plot.training, TRAINING)
    draw_bundle(axes, plot.held, VALIDATION, dashed=True)
    write(figure, 0, plot.top - 8.5, plot.title, weight=600)
    _mark_best(figure, axes, plot)
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


def _mark_best(figure: Figure, axes: Axes, plot: _Plot) -> None:
    value = plot.held.mean[plot.best - 1]
    if not np.isfinite(value):
        text = "no finite value" if not plot.held.several else "no finite mean"
        write(figure, (_LEFT + _RIGHT) / 2, plot.top + _PANEL / 2, text, color=MUTED, align="center")
        return
    _, roof = axes.get_ylim()
    at = [plot.best, plot.best]
    axes.plot(at, [value, roof], color=MUTED, linewidth=0.6, linestyle=(0, (1.2, 1.8)), clip_on=False)
    axes.plot([plot.best], [value], "o", color=VALIDATION, markersize=4, clip_on=False, zorder=3)
    wide = text_width(plot.best_text, SMALL) / 2
    start = text_width(plot.title, weight=600) + 8 + wide
    middle = min(max(x_of(axes, plot.area, plot.best), start), WIDTH - wide)
    write(figure, middle, plot.top - 8.5, plot.best_text, size=SMALL, color=MUTED, align="center")


def _name_lines(figure: Figure, axes: Axes, plot: _Plot) -> None:
    """Names at the right end of the lines, moved apart where the lines end close together."""
    places = [float(y_of(axes, plot.area, curves.end)) for curves in (plot.training, plot.held)]
    places = apart(places, _LABEL_GAP, plot.top, plot.top + _PANEL)
    for place, name, color in zip(places, ("training", plot.held_name), (TRAINING, VALIDATION), strict=True):
        write(figure, _RIGHT + 6, place + 2.4, name, color=color)


def _say_cut(figure: Figure, axes: Axes, plot: _Plot) -> None:
    """Say which curves start outside of the panel, and where: the means, or else a seed of the band."""
    low, high = axes.get_ylim()
    outside: list[tuple[str, str]] = []
    starts = True
    for name, curves in (("training", plot.training), (plot.held_name, plot.held)):
        for values, seed in ((curves.mean, ""), (np.concatenate(curves.runs), " of a seed")):
            found = values[np.isfinite(values)]
            extreme = float(found.max() if plot.falling else found.min()) if len(found) else low
            if not low - 1e-9 <= extreme <= high + 1e-9:
                starts = starts and extreme == values[0]
                written = numbers.decimal(extreme, plot.tick_decimals + 1 if plot.falling else 1)
                outside.append((name + seed, written))
                break
    if not outside:
        return
    texts = [f"{name} {'starts at' if starts else 'reaches'} {value}" for name, value in outside]
    # One line at the side where the curves start, if that is clear of them; else two, or further down or up.
    one = ", ".join([texts[0], *(text.replace("starts ", "") for text in texts[1:])])
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


def _place(axes: Axes, plot: _Plot, note: Sequence[str], top: float) -> tuple[int, float]:
    """How many points of the curves a note meets where it meets fewest, and where that is."""
    wide = max(text_width(text, SMALL) for text in note)
    bottom = top + 7 + _NOTE_LINE * (len(note) - 1)
    # The dotted line from the best epoch up to the panel's roof, with the dot at its lower end.
    dotted = bool(y_of(axes, plot.area, plot.held.mean[plot.best - 1]) >= top - 3)
    curves, mark = (*plot.training.runs, *plot.held.runs), float(plot.best) if dotted else None
    return free_place(axes, plot.area, curves, (wide, top, bottom), mark)


def _label_epochs(figure: Figure, count: int) -> None:
    bottom = _ACCURACY_TOP + _PANEL + 10.5
    marks = scales.epochs(count)
    for epoch in marks:
        at = (_LEFT + _RIGHT) / 2 if count == 1 else _LEFT + (_RIGHT - _LEFT) * (epoch - 1) / (count - 1)
        write(figure, at, bottom, numbers.thousands(epoch), size=SMALL, color=MUTED, align="center")
    write(figure, _RIGHT + 14, bottom, "epoch", size=SMALL, color=MUTED)


def describe_learning_curves(result: Result) -> str:
    """Alternative text of `learning_curves`: the best epoch of each panel, and where the curves end."""
    records = result.records
    held, mean = words.held_out(records[0]), "mean " if len(records) > 1 else ""
    curves = {name: bundle(records, name) for name in ("loss", "val_loss", "accuracy", "val_accuracy")}
    low_at, lowest = curves["val_loss"].lowest()
    high_at, highest = curves["val_accuracy"].highest()
    low, high = _said(curves["val_loss"], low_at), _said(curves["val_accuracy"], high_at)
    loss = f"The {mean}{held} loss is lowest {low} ({numbers.loss(lowest)})"
    accuracy = f"The {mean}{held} accuracy is highest {high} ({_per_cent(highest)})"
    return (
        f"{_start(result)} {loss} and"
        f" {_end(curves['val_loss'], numbers.loss)}; the {mean}training loss"
        f" {_end(curves['loss'], numbers.loss)}."
        f" {accuracy} and {_end(curves['val_accuracy'], _per_cent)}; the {mean}training accuracy"
        f" {_end(curves['accuracy'], _per_cent)}."
    )


def _said(curves: Bundle, best: int) -> str:
    """``at epoch 7``; ``first at epoch 141, still at 150``, or ``again`` where it was worse between."""
    if not _last_ties(curves, best):
        return f"at epoch {numbers.thousands(best)}"
    again = "still" if all(same(value, curves.mean[-1]) for value in curves.mean[best:]) else "again"
    return f"first at epoch {numbers.thousands(best)}, {again} at {numbers.thousands(curves.together)}"


def _start(result: Result) -> str:
    epochs = sorted(record.epochs for record in result.records)
    if len(epochs) == 1:
        return f"Learning curves over {numbers.counted(epochs[0], 'epoch')}."
    shown = "mean and range" if len(epochs) > 2 else "mean and both curves"
    if epochs[0] == epochs[-1]:
        return f"Learning curves of {seeds(result)} over {numbers.counted(epochs[0], 'epoch')}, {shown}."
    return (
        f"Learning curves of {seeds(result)}, {shown}. The runs lasted {numbers.thousands(epochs[0])} to"
        f" {numbers.counted(epochs[-1], 'epoch')}: the means go to epoch {numbers.thousands(epochs[0])}."
    )


def _per_cent(fraction: float) -> str:
    return f"{numbers.percent(fraction)} %"


def _end(curves: Bundle, written: Callable[[float], str]) -> str:
    """Where a curve ends, or from which epoch on it is no number."""
    broken = np.flatnonzero(~np.isfinite(curves.mean))
    if len(broken):
        return f"is not finite from epoch {numbers.thousands(int(broken[0]) + 1)} on"
    end = f"ends at {written(float(curves.mean[-1]))}"
    if not curves.several:
        return end
    return f"{end} ({spread([float(curves.low[-1]), float(curves.high[-1])], written)})"
