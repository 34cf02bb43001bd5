"""What the figures of a search share: which measures are shown, and what is far below them."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from reportgen.analysis import numbers
from reportgen.analysis.trials import Searched, Trial
from reportgen.figures import scales

_REACH = 3.0
"""Times the distance of the median trial from the best: trials further off would press all else together."""
_LEAST = {False: 0.2, True: 0.002}
"""The smallest range of an axis, of accuracies in per cent and of losses."""


@dataclass(frozen=True)
class Shown:
    """The range of measures that a figure shows.

    Parameters
    ----------
    marks : tuple of float
        Ticks in the unit of the axis, per cent or a loss; it ends at the outer ones.
    far : tuple of Trial
        Trials that are worse than all that is shown.
    """

    marks: tuple[float, ...]
    far: tuple[Trial, ...]

    @property
    def texts(self) -> list[str]:
        """The ticks in print."""
        return [numbers.decimal(mark, scales.decimals(self.marks)) for mark in self.marks]


def plotted(found: Searched, value: float) -> float:
    """A measure in the unit of the axis."""
    return value if found.by_loss else 100 * value


def shown(found: Searched, errors: bool = False) -> Shown:
    """Return which measures a figure of a search shows.

    Parameters
    ----------
    found : Searched
        With a measure at least.
    errors : bool
        Whether the standard error of the best has to have room.
    """
    best = max(found.merit(trial) for trial in found.done)
    winner = found.winner
    error = (winner.error or 0.0) if winner is not None and errors else 0.0
    behind = {trial.number: best - found.merit(trial) for trial in found.done}
    reach = _REACH * max(median(behind.values()), 2 * error, 1e-4)
    near = [gap for gap in behind.values() if gap <= reach]
    cut = max(behind.values()) > 1.2 * reach
    lowest = best - max(max(near) if cut else max(behind.values()), error)
    highest = best + error
    ends = sorted(
        plotted(found, abs(end) if found.by_loss and end < 0 else max(end, 0.0)) for end in (lowest, highest)
    )
    low, high = max(ends[0], 0.0), ends[1] if found.by_loss else min(ends[1], 100.0)
    if high - low < _LEAST[found.by_loss]:
        low = max(0.0, high - _LEAST[found.by_loss])
    far = tuple(trial for trial in found.done if cut and behind[trial.number] > reach)
    return Shown(tuple(scales.ticks(low, high, most=6)), far)
