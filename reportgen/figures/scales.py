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
    if not high - low > 1e-300:
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
    """Epochs to mark: the first, the multiples of a round step, the last where it has room."""
    if last <= most + 3:
        return list(range(1, last + 1))
    # A step of 2 would put 2 right beside the 1.
    steps = (factor * 10**power for power in range(9) for factor in (1, 2, 5) if factor * 10**power > 2)
    step = next(s for s in steps if last // s <= most)
    round_ones = list(range(step, last + 1, step))
    return [1, *round_ones] if last - round_ones[-1] < 0.4 * step else [1, *round_ones, last]


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


def log_frame(low: float, high: float, most: int = 5) -> list[float]:
    """Ticks 1, 3, 10, … that enclose `low` to `high`, for a logarithmic axis with little room."""
    first, last = math.floor(math.log10(low) + 1e-9), math.ceil(math.log10(high) - 1e-9)
    fine = [round(f * 10.0**p, 12) for p in range(first - 1, last + 2) for f in (1.0, 3.0)]
    inside = [mark for mark in fine if low < mark < high * (1 - 1e-9)]
    below, above = (
        [mark for mark in fine if mark <= low],
        [mark for mark in fine if mark >= high * (1 - 1e-9)],
    )
    marks = [below[-1], *(mark for mark in inside if mark > below[-1]), above[0]]
    if len(marks) <= most:
        return marks if marks[0] < marks[-1] else [marks[0], 3 * marks[0]]
    step = math.ceil((last - first) / (most - 1))
    return [10.0**p for p in range(first, last + step, step)]


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


def starts_far(curves: Sequence[NDArray[np.float64]]) -> bool:
    """Whether the first third of the epochs reaches much further than the rest, which it would flatten.

    A straight line reaches half as far again: that one is no reason.
    """
    (low, high), (near, far) = _whole(curves), _rest(curves)
    return far > near and high - low > 1.6 * (far - near)


def shown_range(curves: Sequence[NDArray[np.float64]], *, falling: bool, cut: bool) -> tuple[float, float]:
    """Smallest and largest value to show, with the first third of the epochs or, where `cut`, without it.

    Parameters
    ----------
    curves : sequence of (epochs,) arrays
    falling : bool
        True for losses (the start is at the top), False for accuracies.
    cut : bool
        Leave out what only the first epochs reach. The figure has to say so.
    """
    (low, high), (near, far) = _whole(curves), _rest(curves)
    if not cut:
        return low, high
    return (low, far) if falling else (near, high)


def _whole(curves: Sequence[NDArray[np.float64]]) -> tuple[float, float]:
    found = [curve[np.isfinite(curve)] for curve in curves]
    values = np.concatenate([curve for curve in found if len(curve)] or [np.zeros(1)])
    return float(values.min()), float(values.max())


def _rest(curves: Sequence[NDArray[np.float64]]) -> tuple[float, float]:
    """Range over the last two thirds of the epochs; all of it where a curve is too short to have a rest."""
    found = [curve[np.isfinite(curve)] for curve in curves]
    if any(0 < len(curve) <= 4 for curve in found):
        return _whole(curves)
    return _whole([curve[max(1, len(curve) // 3) :] for curve in found])
