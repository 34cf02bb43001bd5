"""Scores per class as a dot plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.metrics import class_scores, confusion_matrix, macro_f1, pooled_matrix
from reportgen.figures import scales
from reportgen.figures.seeds import seeds
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
    told_apart,
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

    Nine points of height per class, nearly; from 21 classes on only the ten lowest are shown, lowest
    first, and a line below gives the range of the others. Of several seeds the dot is the score of all
    predictions together, a fine line the seeds' range.
    """
    scores = _scores(result)
    chosen = scores.chosen()
    height = _TOP + _PITCH * len(chosen) + _FOOT
    notes = _notes(result, scores, chosen)
    figure = canvas(WIDTH, height + _NOTE * len(notes))
    names = told_apart([scores.names[place] for place in chosen], _NAMES, SMALL)
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
    _label_axis(figure, left, right, height, (low, high))
    for number, note in enumerate(notes, 1):
        write(figure, WIDTH - 1, height + _NOTE * number - 4, note, size=SMALL, color=MUTED, align="right")
    return figure


def _notes(result: Result, scores: _Scores, chosen: Sequence[int]) -> list[str]:
    """Lines below the axis: which classes of very many are shown, and what is drawn of several seeds."""
    found = []
    rest = [float(score) for place, score in enumerate(scores.pooled) if place not in chosen]
    if rest:
        found.append(
            language.text(
                "lowest {n} of {of}",
                n=numbers.thousands(len(chosen)),
                of=numbers.thousands(len(scores.names)),
            )
        )
        found.append(
            language.plural(
                "{n} other: {low}", "{n} others: {low} to {high}", len(rest),
                n=numbers.thousands(len(rest)), low=_one(min(rest)), high=_one(max(rest)),
            )
        )  # fmt: skip
    if result.repeated:
        found.append(language.text("dot: {seeds} together; line: range", seeds=seeds(result)))
    return [fitted(note, WIDTH, SMALL) for note in found]


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
    figure: Figure, left: float, right: float, height: float, limits: tuple[float, float]
) -> None:
    baseline = height - 4
    low, high = (numbers.decimal(value, scales.decimals(limits)) for value in limits)
    write(figure, left, baseline, low, size=SMALL, color=MUTED, align="center")
    end = f"{high}{numbers.NO_BREAK_SPACE}%"
    write(figure, right, baseline, end, size=SMALL, color=MUTED, align="center")


def describe_f1(result: Result) -> str:
    """Alternative text of `f1_per_class`: the lowest and the highest class, and the mean."""
    scores = _scores(result)
    values = {
        "low": _named(scores, int(scores.pooled.argmin()), result.repeated),
        "high": _named(scores, int(scores.pooled.argmax()), result.repeated),
        "mean": numbers.share(macro_f1(pooled_matrix(result))),
    }
    count = len(scores.names)
    if result.repeated:
        return language.plural(
            "F1 score per class on the test set of {seeds} together: lowest for {low}, highest for {high};"
            " mean of {n} class {mean}.",
            "F1 score per class on the test set of {seeds} together: lowest for {low}, highest for {high};"
            " mean of {n} classes {mean}.",
            count,
            n=numbers.thousands(count),
            seeds=seeds(result),
            **values,
        )
    return language.plural(
        "F1 score per class on the test set: lowest for {low}, highest for {high}; mean of {n} class {mean}.",
        "F1 score per class on the test set: lowest for {low}, highest for {high}; mean of {n} classes"
        " {mean}.",
        count,
        n=numbers.thousands(count),
        **values,
    )


def _named(scores: _Scores, place: int, repeated: bool) -> str:
    values = {"name": scores.names[place], "score": _per_cent(float(scores.pooled[place]))}
    if not repeated:
        return language.text("{name} ({score})", **values)
    return language.text(
        "{name} ({score}, by seed {low} to {high})",
        low=_one(float(scores.low[place])),
        high=_per_cent(float(scores.high[place])),
        **values,
    )


def _per_cent(value: float) -> str:
    return numbers.share(value / 100)


def _one(value: float) -> str:
    return numbers.decimal(value, 1)
