"""Scores per class as a dot plot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reportgen.analysis import numbers
from reportgen.analysis.metrics import class_scores, confusion_matrix, macro_f1
from reportgen.figures import scales
from reportgen.figures.style import (
    GRID,
    INK,
    MUTED,
    SMALL,
    TRAINING,
    canvas,
    fitted,
    panel,
    styled,
    text_width,
    write,
)
from reportgen.records import Record

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH = 156.0
_PITCH, _TOP, _FOOT = 10.0, 6.0, 16.0
_NAMES, _VALUES = 62.0, 26.0
_MOST = 20
_LOWEST = 10


@styled
def f1_per_class(record: Record) -> Figure:
    """Draw the F1 score of every class on the test set, in per cent (156 × 122 pt for ten classes).

    Ten points of height per class; from 21 classes on only the ten lowest are shown, lowest first.
    """
    chosen, scores = _chosen(record)
    height = _TOP + _PITCH * len(chosen) + _FOOT
    figure = canvas(WIDTH, height)
    names = [fitted(record.data.class_names[place], _NAMES, SMALL) for place in chosen]
    left = max(text_width(name, SMALL) for name in names) + 7
    right = WIDTH - _VALUES
    low, high = _limits([scores[place] for place in chosen])
    axes = panel(figure, left, _TOP, right - left, _PITCH * len(chosen))
    axes.set_xlim(low, high)
    axes.set_ylim(len(chosen) - 0.5, -0.5)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.hlines(range(len(chosen)), low, high, color=GRID, linewidth=0.5, zorder=1)
    values = [float(scores[place]) for place in chosen]
    axes.plot(values, range(len(chosen)), "o", color=TRAINING, markersize=4, clip_on=False, zorder=2)
    for line, (name, value) in enumerate(zip(names, values, strict=True)):
        baseline = _TOP + _PITCH * (line + 0.5) + 2.3
        write(figure, left - 6, baseline, name, size=SMALL, color=MUTED, align="right")
        write(figure, WIDTH - 1, baseline, numbers.decimal(value, 1), size=SMALL, color=INK, align="right")
    _label_axis(figure, left, right, height, (low, high), len(record.data.class_names))
    return figure


def _chosen(record: Record) -> tuple[list[int], np.ndarray[tuple[int, ...], np.dtype[np.float64]]]:
    """The classes to show, and all F1 scores in per cent."""
    names = record.data.class_names
    scores = 100 * class_scores(confusion_matrix(record.test, len(names))).f1
    if len(names) <= _MOST:
        return list(range(len(names))), scores
    return [int(place) for place in np.argsort(scores, kind="stable")[:_LOWEST]], scores


def _limits(values: list[float]) -> tuple[float, float]:
    """From a round number below the lowest score to 100."""
    lowest = min(values)
    for step in (1, 2, 5, 10, 20, 50):
        low = step * np.floor(lowest / step - 1e-9)
        if (100 - low) / step <= 6:
            return max(0.0, float(low)), 100.0
    return 0.0, 100.0


def _label_axis(
    figure: Figure, left: float, right: float, height: float, limits: tuple[float, float], classes: int
) -> None:
    baseline = height - 4
    low, high = (numbers.decimal(value, scales.decimals(limits)) for value in limits)
    write(figure, left, baseline, low, size=SMALL, color=MUTED, align="center")
    write(
        figure, right, baseline, f"{high}{numbers.NO_BREAK_SPACE}%", size=SMALL, color=MUTED, align="center"
    )
    if classes > _MOST:
        text = f"lowest {_LOWEST} of {numbers.thousands(classes)}"
        write(figure, (left + right) / 2, baseline, text, size=SMALL, color=MUTED, align="center")


def describe_f1(record: Record) -> str:
    """Alternative text of `f1_per_class`: the lowest and the highest class, and the mean."""
    names = record.data.class_names
    matrix = confusion_matrix(record.test, len(names))
    scores = class_scores(matrix).f1
    low, high = int(scores.argmin()), int(scores.argmax())
    return (
        f"F1 score per class on the test set: lowest for {names[low]} ({numbers.percent(scores[low], 1)} %),"
        f" highest for {names[high]} ({numbers.percent(scores[high], 1)} %);"
        f" mean of {numbers.counted(len(names), 'class', 'classes')}"
        f" {numbers.percent(macro_f1(matrix), 1)} %."
    )
