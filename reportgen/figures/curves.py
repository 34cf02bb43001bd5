"""The learning curves of one run: loss over accuracy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis import numbers, words
from reportgen.analysis.metrics import best_epochs
from reportgen.figures import scales
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
    write,
)
from reportgen.records import Record

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 278.0, 178.0
_LEFT, _RIGHT = 26.0, 228.0
_PANEL = 56.0
_LOSS_TOP, _ACCURACY_TOP = 17.0, 102.0
_LABEL_GAP = 9.0
_NOTE_LINE = 8.5


@dataclass(frozen=True)
class _Plot:
    """One of the two panels."""

    title: str
    training: NDArray[np.float64]
    held: NDArray[np.float64]
    held_name: str
    best: int
    best_text: str
    falling: bool
    top: float
    tick_decimals: int
    cut: bool


@styled
def learning_curves(record: Record) -> Figure:
    """Draw loss over accuracy by epoch, training and validation (278 × 178 pt).

    The epoch of the lowest validation loss is marked on the loss, that of the highest validation
    accuracy on the accuracy. A run validated on the test set has its curve called "test".
    """
    figure = canvas(WIDTH, HEIGHT)
    for plot in _plots(record):
        axes = panel(figure, _LEFT, plot.top, _RIGHT - _LEFT, _PANEL)
        _draw_panel(figure, axes, plot)
    _label_epochs(figure, record.epochs)
    return figure


def _plots(record: Record) -> tuple[_Plot, _Plot]:
    best, held = best_epochs(record), words.held_out(record)
    history = record.history
    lowest = f"lowest {numbers.loss(best.lowest_loss)}, epoch {numbers.thousands(best.by_loss)}"
    highest = f"highest {numbers.percent(best.highest_accuracy)}, epoch {numbers.thousands(best.by_accuracy)}"
    # One rule for both: two panels of the same epochs are cut together or not at all.
    cut = any(scales.starts_far((history[name], history[f"val_{name}"])) for name in ("loss", "accuracy"))
    loss = _Plot(
        loss_title(record),
        history["loss"],
        history["val_loss"],
        held,
        best.by_loss,
        lowest,
        True,
        _LOSS_TOP,
        1,
        cut,
    )
    accuracy = _Plot(
        "Accuracy, %", 100 * history["accuracy"], 100 * history["val_accuracy"], held, best.by_accuracy,
        highest, False, _ACCURACY_TOP, 0, cut,
    )  # fmt: skip
    return loss, accuracy


def loss_title(record: Record) -> str:
    """What the loss is called over its axis."""
    return "Cross-entropy loss" if "crossentropy" in str(record.loss.get("name", "")) else "Loss"


def _draw_panel(figure: Figure, axes: Axes, plot: _Plot) -> None:
    count = len(plot.training)
    low, high = scales.shown_range((plot.training, plot.held), falling=plot.falling, cut=plot.cut)
    if plot.falling and 0 <= low < 0.5 * high:
        low = 0.0
    marks = scales.ticks(low, min(high, 100.0) if not plot.falling else high)
    axes.set_xlim((1, count) if count > 1 else (0, 2))
    axes.set_ylim(marks[0], marks[-1])
    frame(axes, marks)
    line(axes, plot.training, TRAINING)
    line(axes, plot.held, VALIDATION, dashed=True)
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


def line(
    axes: Axes, values: NDArray[np.float64], color: str, *, dashed: bool = False, width: float = 1.25
) -> None:
    """Draw a curve over the epochs from 1; a single epoch, which has no line, is a dot."""
    epochs = np.arange(1, len(values) + 1)
    single = np.isfinite(values).sum() == 1
    axes.plot(
        epochs,
        np.where(np.isfinite(values), values, np.nan),
        color=color,
        linewidth=width,
        linestyle="--" if dashed else "-",
        marker=("s" if dashed else "o") if single else "",
        markersize=3.5,
        clip_on=not single,
        solid_joinstyle="round",
    )


def _x(axes: Axes, epoch: float) -> float:
    """Points from the figure's left edge."""
    low, high = axes.get_xlim()
    return _LEFT + (_RIGHT - _LEFT) * (epoch - low) / (high - low)


def _y(axes: Axes, value: float, top: float) -> float:
    """Points from the figure's top edge, kept within the panel."""
    low, high = axes.get_ylim()
    return top + _PANEL * (1 - min(1.0, max(0.0, (value - low) / (high - low))))


def _mark_best(figure: Figure, axes: Axes, plot: _Plot) -> None:
    value = plot.held[plot.best - 1]
    if not np.isfinite(value):
        write(
            figure,
            (_LEFT + _RIGHT) / 2,
            plot.top + _PANEL / 2,
            "no finite value",
            color=MUTED,
            align="center",
        )
        return
    _, roof = axes.get_ylim()
    axes.plot(
        [plot.best, plot.best],
        [value, roof],
        color=MUTED,
        linewidth=0.6,
        linestyle=(0, (1.2, 1.8)),
        clip_on=False,
    )
    axes.plot([plot.best], [value], "o", color=VALIDATION, markersize=4, clip_on=False, zorder=3)
    wide = text_width(plot.best_text, SMALL) / 2
    start = text_width(plot.title, weight=600) + 8 + wide
    at = min(max(_x(axes, plot.best), start), WIDTH - wide)
    write(figure, at, plot.top - 8.5, plot.best_text, size=SMALL, color=MUTED, align="center")


def _name_lines(figure: Figure, axes: Axes, plot: _Plot) -> None:
    """Names at the right end of the lines, moved apart where the lines end close together."""
    ends = [_last(values) for values in (plot.training, plot.held)]
    places = [_y(axes, value, plot.top) for value in ends]
    places = apart(places, _LABEL_GAP, plot.top, plot.top + _PANEL)
    for place, name, color in zip(places, ("training", plot.held_name), (TRAINING, VALIDATION), strict=True):
        write(figure, _RIGHT + 6, place + 2.4, name, color=color)


def _last(values: NDArray[np.float64]) -> float:
    found = values[np.isfinite(values)]
    return float(found[-1]) if len(found) else 0.0


def _say_cut(figure: Figure, axes: Axes, plot: _Plot) -> None:
    """Say which curves start outside of the panel, and where."""
    low, high = axes.get_ylim()
    outside: list[tuple[str, str]] = []
    starts = True
    for name, curve in (("training", plot.training), (plot.held_name, plot.held)):
        values = curve[np.isfinite(curve)]
        if not len(values):
            continue
        extreme = float(values.max() if plot.falling else values.min())
        if low - 1e-9 <= extreme <= high + 1e-9:
            continue
        starts = starts and extreme == values[0]
        outside.append((name, numbers.decimal(extreme, plot.tick_decimals + 1 if plot.falling else 1)))
    if not outside:
        return
    texts = [f"{name} {'starts at' if starts else 'reaches'} {value}" for name, value in outside]
    # One line where that is clear of the curves, else one below the other.
    layouts = [[", ".join([texts[0], *(text.replace("starts ", "") for text in texts[1:])])], texts]
    places = [_free_place(axes, plot, layout) for layout in layouts]
    best = 0 if places[0][0] <= places[1][0] else 1
    first = _note_top(plot, len(layouts[best])) + 7
    for number, text in enumerate(layouts[best]):
        write(figure, places[best][1], first + _NOTE_LINE * number, text, size=SMALL, color=MUTED)


def _note_top(plot: _Plot, lines: int) -> float:
    """Where a note in the corner that the curves leave free begins, from the figure's top."""
    return plot.top if plot.falling else plot.top + _PANEL - 10 - _NOTE_LINE * (lines - 1)


def _free_place(axes: Axes, plot: _Plot, note: Sequence[str]) -> tuple[int, float]:
    """How many points of the curves a note meets where it meets fewest, and where that is."""
    epochs = range(1, len(plot.training) + 1)
    wide = max(text_width(text, SMALL) for text in note)
    top = _note_top(plot, len(note))
    bottom = top + 7 + _NOTE_LINE * (len(note) - 1)
    met = []
    # The right half first: the curves leave the panel on the left.
    for left in np.linspace(_RIGHT - wide - 2, _LEFT + 6, 13):
        near = [number for number in epochs if left - 3 <= _x(axes, float(number)) <= left + wide + 3]
        heights = [
            _y(axes, values[number - 1], plot.top)
            for values in (plot.training, plot.held)
            for number in near
            if np.isfinite(values[number - 1])
        ]
        touched = sum(top - 1 <= height <= bottom + 4 for height in heights)
        met.append((touched + _crosses(axes, plot, near, bottom), -left))
    touched, left = min(met)
    return touched, float(-left)


def _crosses(axes: Axes, plot: _Plot, near: Sequence[int], bottom: float) -> bool:
    """Whether the dotted line up from the best epoch runs through a note of the epochs `near`."""
    value = plot.held[plot.best - 1]
    return plot.best in near and (plot.falling or bool(_y(axes, value, plot.top) >= bottom - 8))


def _label_epochs(figure: Figure, count: int) -> None:
    bottom = _ACCURACY_TOP + _PANEL + 10.5
    marks = scales.epochs(count)
    for epoch in marks:
        at = (_LEFT + _RIGHT) / 2 if count == 1 else _LEFT + (_RIGHT - _LEFT) * (epoch - 1) / (count - 1)
        write(figure, at, bottom, numbers.thousands(epoch), size=SMALL, color=MUTED, align="center")
    write(figure, _RIGHT + 14, bottom, "epoch", size=SMALL, color=MUTED)


def describe_learning_curves(record: Record) -> str:
    """Alternative text of `learning_curves`: the best epoch of each panel, and where the curves end."""
    best, held, history = best_epochs(record), words.held_out(record), record.history
    loss = _found("loss", "lowest", best.by_loss, numbers.loss(best.lowest_loss), held)
    accuracy = _found(
        "accuracy", "highest", best.by_accuracy, f"{numbers.percent(best.highest_accuracy)} %", held
    )
    return (
        f"Learning curves over {numbers.counted(record.epochs, 'epoch')}. {loss} and"
        f" {_end(history['val_loss'], numbers.loss)}; the training loss"
        f" {_end(history['loss'], numbers.loss)}."
        f" {accuracy} and {_end(history['val_accuracy'], _per_cent)}; the training accuracy"
        f" {_end(history['accuracy'], _per_cent)}."
    )


def _found(what: str, how: str, epoch: int, value: str, held: str) -> str:
    return f"The {held} {what} is {how} at epoch {numbers.thousands(epoch)} ({value})"


def _per_cent(fraction: float) -> str:
    return f"{numbers.percent(fraction)} %"


def _end(values: NDArray[np.float64], written: Callable[[float], str]) -> str:
    """Where a curve ends, or from which epoch on it is no number."""
    broken = np.flatnonzero(~np.isfinite(values))
    if len(broken):
        return f"is not finite from epoch {numbers.thousands(int(broken[0]) + 1)} on"
    return f"ends at {written(float(values[-1]))}"
