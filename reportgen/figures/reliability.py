"""Predicted probabilities against how often they are right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean
from typing import TYPE_CHECKING

import numpy as np

from reportgen import language
from reportgen.analysis import counts, numbers
from reportgen.analysis.calibration import BINS, Bin, confidences, errors, reliability
from reportgen.figures.seeds import seeds
from reportgen.figures.style import (
    GRID,
    MUTED,
    SMALL,
    TRAINING,
    canvas,
    panel,
    styled,
    text_width,
    wrapped,
    write,
)
from reportgen.records import Predictions
from reportgen.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 228.0
_LEFT, _RIGHT = 26.0, 222.0
_TOP, _PANEL = 17.0, 112.0
_BIN = (_RIGHT - _LEFT) / BINS
_FOOT = 34.0
_NOTE_LINE = 8.5
_MOST_LINES = 7
_FEW = 10
"""Items, per run, under which a dot is hollow and has no line: it would span all there is."""
_ENOUGH = 20
"""Items, per run, from which on a bin may be named as the one that is furthest off."""


@dataclass(frozen=True)
class _Reliability:
    """The bins of all runs together, with the ends of each one's line, and how far they are off.

    Parameters
    ----------
    bins : tuple of Bin
        Per cent where the figure shows them; fractions here.
    ends : tuple of (low, high)
        Wilson's interval for one run, the range over the runs for several.
    items : tuple of float
        In each bin, per run.
    counts : tuple of int
        The same, so rounded that they add up to the items of a run.
    confidence, accuracy, off : float
        Mean probability of the answers, share of right ones, and the mean distance of the two in
        the bins, weighted with their items: each the mean over the runs.
    """

    bins: tuple[Bin, ...]
    ends: tuple[tuple[float, float], ...]
    items: tuple[float, ...]
    counts: tuple[int, ...]
    confidence: float
    accuracy: float
    off: float

    @property
    def furthest(self) -> tuple[Bin, int] | None:
        """The bin that is furthest off among those of enough items, with its items per run."""
        known = [
            (one, count)
            for one, items, count in zip(self.bins, self.items, self.counts, strict=True)
            if items >= _ENOUGH
        ]
        return max(known, key=lambda pair: _gap(pair[0])) if known else None


@styled
def reliability_diagram(result: Result) -> Figure:
    """Draw how often answers are right against the probability the model gave them (228 pt wide).

    Ten bins of equal width, with the items in each below; on the dotted diagonal a model is right as
    often as it says. Of several seeds all predictions are taken together, a line is the seeds' range.
    Two such figures have room beside each other.
    """
    found = _measured(result)
    notes = wrapped(_note(result, found), WIDTH - 2, _MOST_LINES, SMALL)
    bottom = _TOP + _PANEL
    texts = [numbers.thousands(count) for count in found.counts]
    # Long numbers of neighbours would touch: they stand on two lines in turn.
    crowded = any(text_width(one + other, SMALL) > 2 * _BIN - 4 for one, other in pairwise(texts))
    foot = _FOOT + _NOTE_LINE * crowded
    figure = canvas(WIDTH, bottom + foot + _NOTE_LINE * len(notes) + 5)
    write(figure, 0, _TOP - 8.5, language.text("Right answers, %"), weight=600)
    axes = panel(figure, _LEFT, _TOP, _RIGHT - _LEFT, _PANEL)
    _draw_axes(axes)
    _draw_bins(axes, found)
    for number, (one, text) in enumerate(zip(found.bins, texts, strict=True)):
        middle = _LEFT + (_RIGHT - _LEFT) * (one.low + one.high) / 2
        down = bottom + 31 + _NOTE_LINE * (crowded and number % 2)
        write(figure, middle, down, text, size=SMALL, align="center")
    write(figure, 0, bottom + 31, language.text("items"), size=SMALL, color=MUTED)
    text = language.text("probability that the model gives its answer, %")
    write(figure, (_LEFT + _RIGHT) / 2, bottom + 21, text, size=SMALL, color=MUTED, align="center")
    for number, line in enumerate(notes):
        write(figure, 0, bottom + foot + 8 + _NOTE_LINE * number, line, size=SMALL, color=MUTED)
    return figure


def _draw_axes(axes: Axes) -> None:
    axes.set_xlim(0, 100)
    axes.set_ylim(0, 100)
    axes.set_yticks([0, 50, 100])
    axes.set_xticks([0, 20, 40, 60, 80, 100])
    axes.grid(axis="y", color=GRID, linewidth=0.5, clip_on=False)
    axes.vlines(range(0, 101, 100 // BINS), 0, 100, color=GRID, linewidth=0.5, zorder=0.5)
    axes.set_axisbelow(True)
    axes.plot([0, 100], [0, 100], color=MUTED, linewidth=0.75, linestyle=(0, (1.2, 1.8)), zorder=1)
    for x, y, text, align in (
        (2, 91, language.text("more often right than it says"), "left"),
        (98, 4, language.text("less often right than it says"), "right"),
    ):
        axes.text(x, y, text, size=SMALL, color=MUTED, ha=align, va="baseline", parse_math=False)


def _draw_bins(axes: Axes, found: _Reliability) -> None:
    for one, (low, high), items in zip(found.bins, found.ends, found.items, strict=True):
        at, few = 100 * one.confidence, items < _FEW
        if not few:
            axes.plot([at, at], [100 * low, 100 * high], "-", color=TRAINING, linewidth=1.0, clip_on=False)
        axes.plot(
            [at], [100 * one.accuracy], "o", markerfacecolor="#ffffff" if few else TRAINING,
            markeredgecolor=TRAINING, markeredgewidth=0.75, markersize=3.6, clip_on=False, zorder=3,
        )  # fmt: skip


def _measured(result: Result) -> _Reliability:
    runs = [record.test for record in result.records]
    together = reliability(_together(runs))
    each = [{one.low: one for one in reliability(run)} for run in runs]
    ends = []
    for one in together:
        rates = [bins[one.low].accuracy for bins in each if one.low in bins]
        several = (min(rates), max(rates))
        ends.append(several if len(runs) > 1 else (one.accuracy_low, one.accuracy_high))
    return _Reliability(
        together,
        tuple(ends),
        tuple(one.n / len(runs) for one in together),
        _whole([one.n for one in together], len(runs)),
        fmean(float(confidences(run).mean()) for run in runs),
        fmean(1 - errors(run) / len(run.y_true) for run in runs),
        fmean(_off(list(bins.values())) for bins in each),
    )


def _whole(totals: Sequence[int], runs: int) -> tuple[int, ...]:
    """Totals per run in whole numbers that keep their sum: those with the largest remainder go up."""
    counts = [total // runs for total in totals]
    missing = sum(totals) // runs - sum(counts)
    order = sorted(range(len(totals)), key=lambda place: -(totals[place] % runs))
    for place in order[:missing]:
        counts[place] += 1
    return tuple(counts)


def _together(runs: Sequence[Predictions]) -> Predictions:
    names = ("index", "y_true", "y_pred", "probabilities")
    return Predictions(*(np.concatenate([getattr(run, name) for run in runs]) for name in names))


def _gap(one: Bin) -> float:
    return abs(one.accuracy - one.confidence)


def _off(bins: Sequence[Bin]) -> float:
    """Mean distance of probability and share of right answers over the bins, weighted with their items."""
    whole = sum(one.n for one in bins)
    return sum(one.n * _gap(one) for one in bins) / whole


def _note(result: Result, found: _Reliability) -> str:
    parts = [_summary(found), language.text("Dotted: right as often as it says.")]
    if result.repeated:
        parts.append(
            language.text(
                "Dots: answers in steps of ten percentage points, of all seeds; lines: the range over"
                " {seeds}; items: per seed.",
                seeds=seeds(result),
            )
        )
    else:
        parts.append(
            language.text(
                "Dots: answers in steps of ten percentage points; lines: {level} intervals.", level=_level()
            )
        )
    if min(found.items) < _FEW:
        parts.append(language.text("Hollow: fewer than {n} items.", n=numbers.thousands(_FEW)))
    return " ".join(parts)


def _level() -> str:
    return numbers.percentage(0.95, 0)


def _summary(found: _Reliability) -> str:
    """How sure and how right, in words, on average and where the two are furthest apart."""
    values = {
        "sure": numbers.share(found.confidence), "right": numbers.share(found.accuracy),
        "off": numbers.percent(found.off, 1),
    }  # fmt: skip
    if found.furthest is None:
        return language.text(
            "On average the model gives its answer a probability of {sure} and is right in {right}; bin by"
            " bin the two are {off} points apart on average.",
            **values,
        )
    return language.text(
        "On average the model gives its answer a probability of {sure} and is right in {right}; bin by bin"
        " the two are {off} points apart on average, and at most {gap} in a bin of at least {enough} items.",
        gap=numbers.percent(_gap(found.furthest[0]), 1),
        enough=numbers.thousands(_ENOUGH),
        **values,
    )


def describe_reliability(result: Result) -> str:
    """Alternative text of `reliability_diagram`: how sure, how right, and where they are furthest apart."""
    found = _measured(result)
    wrong = round(fmean(errors(record.test) for record in result.records))
    values = {
        "errors": counts.errors(wrong), "items": counts.items(result.records[0].data.n_test),
    }  # fmt: skip
    if result.repeated:
        text = language.text(
            "Predicted probability against share of right answers on the test set ({errors} in {items}, mean"
            " of {seeds}).",
            seeds=seeds(result),
            **values,
        )
    else:
        text = language.text(
            "Predicted probability against share of right answers on the test set ({errors} in {items}).",
            **values,
        )
    parts = [text, _summary(found), _where(found, result.repeated)]
    return " ".join(part for part in parts if part)


def _where(found: _Reliability, repeated: bool) -> str:
    """In which bin the two are furthest apart; empty where none has enough items."""
    if found.furthest is None:
        return ""
    one, count = found.furthest
    values = {
        "low": numbers.percent(one.low, 0), "high": numbers.percentage(one.high, 0),
        "sure": numbers.share(one.confidence), "right": numbers.share(one.accuracy),
        "items": counts.items(count),
    }  # fmt: skip
    if repeated:
        return language.text(
            "They are furthest apart where it says {low} to {high}: {sure} on average, right in {right} of"
            " {items} per seed.",
            **values,
        )
    return language.text(
        "They are furthest apart where it says {low} to {high}: {sure} on average, right in {right} of"
        " {items}.",
        **values,
    )
