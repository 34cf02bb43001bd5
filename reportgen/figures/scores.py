"""Scores per class as a dot plot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis import numbers
from reportgen.analysis.metrics import class_scores, confusion_matrix, macro_f1, pooled_matrix
from reportgen.figures import scales
from reportgen.figures.seeds import seeds, spread
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
from reportgen.results import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH = 156.0
_PITCH, _TOP, _FOOT = 8.8, 6.0, 16.0
_NAMES, _VALUES = 62.0, 26.0
_MOST = 20
_LOWEST = 10
_NOTE = 9.0


@dataclass(frozen=True)
class _Scores:
    """F1 in per cent: of all runs together, and the lowest and the highest of one run, each (C,)."""

    names: tuple[str, ...]
    pooled: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    def chosen(self) -> list[int]:
        """The classes to show: all, or the lowest of very many."""
        if len(self.names) <= _MOST:
            return list(range(len(self.names)))
        return [int(place) for place in np.argsort(self.pooled, kind="stable")[:_LOWEST]]


@styled
def f1_per_class(result: Result) -> Figure:
    """Draw the F1 score of every class on the test set, in per cent (156 × 110 pt for ten classes).

    Nine points of height per class, nearly; from 21 classes on only the ten lowest are shown, lowest first.
    Of several seeds the dot is the score of all predictions together, a fine line the seeds' range.
    """
    scores = _scores(result)
    chosen = scores.chosen()
    height = _TOP + _PITCH * len(chosen) + _FOOT
    figure = canvas(WIDTH, height + (_NOTE if result.repeated else 0.0))
    names = [fitted(scores.names[place], _NAMES, SMALL) for place in chosen]
    left = max(text_width(name, SMALL) for name in names) + 7
    right = WIDTH - _VALUES
    low, high = _limits([float(scores.low[place]) for place in chosen])
    axes = panel(figure, left, _TOP, right - left, _PITCH * len(chosen))
    axes.set_xlim(low, high)
    axes.set_ylim(len(chosen) - 0.5, -0.5)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.hlines(range(len(chosen)), low, high, color=GRID, linewidth=0.5, zorder=1)
    if result.repeated:
        ends = (scores.low[chosen], scores.high[chosen])
        axes.hlines(range(len(chosen)), *ends, color=TRAINING, linewidth=1.0, zorder=2)
    values = [float(scores.pooled[place]) for place in chosen]
    size = 3 if result.repeated else 4
    axes.plot(values, range(len(chosen)), "o", color=TRAINING, markersize=size, clip_on=False, zorder=2)
    for line, (name, value) in enumerate(zip(names, values, strict=True)):
        baseline = _TOP + _PITCH * (line + 0.5) + 2.3
        write(figure, left - 6, baseline, name, size=SMALL, color=MUTED, align="right")
        write(figure, WIDTH - 1, baseline, numbers.decimal(value, 1), size=SMALL, color=INK, align="right")
    _label_axis(figure, left, right, height, (low, high), len(scores.names))
    if result.repeated:
        note = fitted(f"dot: {seeds(result)} together; line: range", WIDTH, SMALL)
        write(figure, WIDTH - 1, height + _NOTE - 4, note, size=SMALL, color=MUTED, align="right")
    return figure


def _scores(result: Result) -> _Scores:
    names = result.records[0].data.class_names
    each = [100 * class_scores(confusion_matrix(r.test, len(names))).f1 for r in result.records]
    pooled = 100 * class_scores(pooled_matrix(result)).f1
    return _Scores(names, pooled, np.min(each, axis=0), np.max(each, axis=0))


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


def describe_f1(result: Result) -> str:
    """Alternative text of `f1_per_class`: the lowest and the highest class, and the mean."""
    scores = _scores(result)
    low, high = int(scores.pooled.argmin()), int(scores.pooled.argmax())
    head = f" of {seeds(result)} together" if result.repeated else ""
    return (
        f"F1 score per class on the test set{head}: lowest for {_named(scores, low, result.repeated)},"
        f" highest for {_named(scores, high, result.repeated)};"
        f" mean of {numbers.counted(len(scores.names), 'class', 'classes')}"
        f" {numbers.percent(macro_f1(pooled_matrix(result)), 1)} %."
    )


def _named(scores: _Scores, place: int, repeated: bool) -> str:
    text = f"{scores.names[place]} ({_one(scores.pooled[place])} %"
    return (
        f"{text}, by seed {spread([scores.low[place], scores.high[place]], _one)} %)"
        if repeated
        else f"{text})"
    )


def _one(value: float) -> str:
    return numbers.decimal(value, 1)
