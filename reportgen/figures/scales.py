"""Round numbers for axes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

_STEPS = (1.0, 2.0, 2.5, 5.0)
_LOG_FACTORS = ((1.0,), (1.0, 2.0, 5.0), (1.0, 1.5, 2.0, 3.0, 5.0, 7.0), tuple(map(float, range(1, 10))))
_MOST_LOG_TICKS = 6


def ticks(low: float, high: float, most: int = 4) -> list[float]:
    """Round numbers that enclose `low` to `high`: at most `most`, at least two."""
    if not high > low:
        low, high = low - (abs(low) * 0.05 or 0.5), high + (abs(high) * 0.05 or 0.5)
    power = math.floor(math.log10((high - low) / most)) - 1
    for step in (factor * 10.0**exponent for exponent in range(power, power + 5) for factor in _STEPS):
        first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
        if last - first + 1 <= most:
            return [round(number * step, 12) for number in range(first, last + 1)]
    return [low, high]


def decimals(values: Sequence[float]) -> int:
    """Decimals that all of `values` need at most, so that a column of tick labels is even."""
    for count in range(7):
        if all(abs(value - round(value, count)) < 1e-9 * max(1.0, abs(value)) for value in values):
            return count
    return 7


def epochs(last: int, most: int = 5) -> list[int]:
    """Epochs to mark: the first, round ones, the last."""
    if last <= most:
        return list(range(1, last + 1))
    step = next(s for s in _whole_steps() if last // s <= most - 1)
    between = [epoch for epoch in range(step, last, step) if epoch > 1 and last - epoch >= 0.6 * step]
    return [1, *between, last]


def _whole_steps() -> list[int]:
    return [factor * 10**power for power in range(9) for factor in (1, 2, 5)]


def log_ticks(low: float, high: float) -> list[float]:
    """Round numbers between `low` and `high` for a logarithmic axis: two to six, well apart."""
    first, last = math.floor(math.log10(low)) - 1, math.ceil(math.log10(high))
    best: list[float] = []
    for factors in _LOG_FACTORS:
        values = [round(f * 10.0**p, 12) for p in range(first, last + 1) for f in factors]
        found = [value for value in values if low <= value <= high]
        step = math.ceil(len(found) / _MOST_LOG_TICKS) if len(factors) == 1 else 1
        found = found[:: max(1, step)]
        if len(best) < len(found) <= _MOST_LOG_TICKS and _well_apart(found, low, high):
            best = found
    return best if len(best) > 1 else ticks_inside(low, high)


def _well_apart(values: Sequence[float], low: float, high: float) -> bool:
    whole = math.log(high / low)
    return all(math.log(after / before) >= 0.14 * whole for before, after in pairwise(values))


def ticks_inside(low: float, high: float) -> list[float]:
    """Round numbers at even steps that lie between `low` and `high`, for a narrow axis."""
    for most in (4, 6, 9):
        found = [value for value in ticks(low, high, most) if low <= value <= high]
        if len(found) > 1:
            return found
    return [low, high]


def shown_range(curves: Sequence[NDArray[np.float64]], *, falling: bool) -> tuple[float, float]:
    """Smallest and largest value worth showing of curves that start far from where they end.

    Where the first epochs reach more than three times as far as the rest, they are cut off, so that
    the rest can be read. The figure says so.

    Parameters
    ----------
    curves : sequence of (epochs,) arrays
    falling : bool
        True for losses (the start is at the top), False for accuracies.
    """
    found = [curve[np.isfinite(curve)] for curve in curves]
    values = np.concatenate([curve for curve in found if len(curve)] or [np.zeros(1)])
    low, high = float(values.min()), float(values.max())
    skipped = [curve[max(1, len(curve) // 20) :] for curve in found if len(curve) > 4]
    if len(skipped) < len([curve for curve in found if len(curve)]) or not skipped:
        return low, high
    rest = np.concatenate(skipped)
    near, far = float(rest.min()), float(rest.max())
    if high - low <= 3 * (far - near) or far == near:
        return low, high
    return (low, far) if falling else (near, high)
