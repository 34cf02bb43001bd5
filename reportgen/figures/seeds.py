"""Several runs of one row in a figure: their mean, their range, and the words for both."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reportgen import language
from reportgen.analysis import counts, numbers
from reportgen.records import Record
from reportgen.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BAND = 0.2
"""Opacity of a band: two of them may lie on each other, and the lines still show."""
THIN = 0.55
_ROUNDING = 2e-7
_STEP = 1.2
"""Points between the corners of a band, at least: more of them no eye can tell apart."""
_BANDED = 3
"""Runs from which on a band stands for them; two are drawn themselves."""

Curve = NDArray[np.float64]


@dataclass(frozen=True)
class Bundle:
    """One curve of each run of a row, and what they come to.

    Parameters
    ----------
    runs : tuple of (epochs,) float64
        As long as each run lasted.
    mean, low, high : (together,) float64
        Over the epochs that every run has; NaN where a run has no finite number. Of a single
        run all three are its curve.
    """

    runs: tuple[Curve, ...]
    mean: Curve
    low: Curve
    high: Curve

    @property
    def together(self) -> int:
        """Epochs that every run has."""
        return len(self.mean)

    @property
    def longest(self) -> int:
        """Epochs of the longest run."""
        return max(map(len, self.runs))

    @property
    def several(self) -> bool:
        """Whether there is more than one run."""
        return len(self.runs) > 1

    @property
    def end(self) -> float:
        """Where the longest runs end, on average: the last finite value of each; 0 without any."""
        ends = [run[np.isfinite(run)][-1:] for run in self.runs if len(run) == self.longest]
        found = np.concatenate(ends)
        return float(found.mean()) if len(found) else 0.0

    def lowest(self) -> tuple[int, float]:
        """The epoch, from 1, at which the mean is lowest, and the mean there: infinite without any."""
        values = np.where(np.isfinite(self.mean), self.mean, np.inf)
        return int(values.argmin()) + 1, float(values.min())

    def highest(self) -> tuple[int, float]:
        """The first epoch, from 1, at which the mean is highest, and the mean there."""
        values = np.where(np.isfinite(self.mean), self.mean, -np.inf)
        top = float(values.max())
        first = next(place for place, value in enumerate(values) if same(value, top))
        return first + 1, float(values[first])


def same(one: float, other: float) -> bool:
    """Whether two means are the same but for the rounding of the float32 values they come from."""
    return bool(one == other or abs(one - other) <= _ROUNDING * abs(other))


def bundle(records: Sequence[Record], name: str, factor: float = 1.0) -> Bundle:
    """Return the curves `name` of the runs' histories times `factor`, with mean and range.

    Parameters
    ----------
    records : sequence of Record
        At least one.
    name : str
        ``loss``, ``val_accuracy``, ...
    factor : float
        100 for per cent.
    """
    runs = tuple(factor * record.history[name] for record in records)
    if len(runs) == 1:
        return Bundle(runs, runs[0], runs[0], runs[0])
    together = min(map(len, runs))
    stack = np.stack([run[:together] for run in runs])
    stack = np.where(np.isfinite(stack).all(axis=0), stack, np.nan)
    return Bundle(runs, stack.mean(axis=0), stack.min(axis=0), stack.max(axis=0))


def draw_bundle(axes: Axes, curves: Bundle, color: str, *, dashed: bool = False, width: float = 1.25) -> None:
    """Draw a curve over the epochs from 1: the mean as a line, the range of three runs and more as a band.

    Two runs are thin lines beside their mean; so is every run where there is no mean of all.
    A single epoch, which has no line, is a dot.
    """
    if curves.several:
        if len(curves.runs) >= _BANDED:
            _draw_band(axes, curves, color)
        for run in curves.runs:
            _draw_run(axes, run, curves, color, dashed, width)
    epochs = np.arange(1, curves.together + 1)
    single = np.isfinite(curves.mean).sum() == 1
    axes.plot(
        epochs,
        np.where(np.isfinite(curves.mean), curves.mean, np.nan),
        color=color,
        linewidth=width,
        linestyle="--" if dashed else "-",
        marker=("s" if dashed else "o") if single else "",
        markersize=3.5,
        clip_on=not single,
        solid_joinstyle="round",
    )


def _draw_band(axes: Axes, curves: Bundle, color: str) -> None:
    epochs = np.arange(1, curves.together + 1)
    known = np.isfinite(curves.mean)
    if known.sum() == 1:
        (at,) = np.flatnonzero(known)
        ends = [curves.low[at], curves.high[at]]
        axes.plot([at + 1] * 2, ends, color=color, linewidth=0.75, clip_on=False, label="range")
        return
    low, high = curves.low, curves.high
    step = math.ceil(curves.together * _STEP / float(axes.get_window_extent().width))
    if step > 1:
        # Some epochs in one place: from the lowest to the highest of them, never less.
        starts = np.append(np.arange(0, curves.together - 1, step), curves.together - 1)
        reach = [slice(max(0, at - step // 2), at + step - step // 2) for at in starts]
        low, high = np.array([low[r].min() for r in reach]), np.array([high[r].max() for r in reach])
        epochs = starts + 1
    axes.fill_between(
        epochs, low, high, where=np.isfinite(low), color=color, alpha=BAND, linewidth=0, zorder=1
    )


def _draw_run(axes: Axes, run: Curve, curves: Bundle, color: str, dashed: bool, width: float) -> None:
    """One run: all of it where only two are there, else where the mean is missing."""
    shown = np.isfinite(run)
    if len(curves.runs) >= _BANDED:
        shown[: curves.together] &= ~np.isfinite(curves.mean)
    if not shown.any():
        return
    # From the last epoch with a mean on, so that the line starts at the band.
    shown[:-1] |= shown[1:]
    axes.plot(
        np.arange(1, len(run) + 1),
        np.where(shown, run, np.nan),
        color=color,
        alpha=THIN,
        linewidth=0.4 * width,
        linestyle="--" if dashed else "-",
        marker="" if shown.sum() > 1 else "_",
        markersize=3,
        label="seed",
    )


def seeds(result: Result) -> str:
    """How many seeds a row's means are of: ``3 seeds``, or ``2 of 3 seeds`` where a run is missing."""
    count, of = len(result.records), len(result.runs)
    if count == of:
        return counts.seeds(count)
    return language.text("{n} of {seeds}", n=numbers.thousands(count), seeds=counts.seeds(of))


def how_many(numbers_of_seeds: Sequence[int]) -> str:
    """Seeds of several rows: ``3 seeds``, or ``2 to 5 seeds``."""
    low, high = min(numbers_of_seeds), max(numbers_of_seeds)
    if low == high:
        return counts.seeds(high)
    return language.text("{low} to {high}", low=numbers.thousands(low), high=counts.seeds(high))


def spread(values: Sequence[float], written: Callable[[float], str]) -> str:
    """Lowest and highest value in words: ``0.071 to 0.083``."""
    return language.text("{low} to {high}", low=written(min(values)), high=written(max(values)))
