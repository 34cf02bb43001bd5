"""Two single runs, compared on their items: accuracies, losses, and F1."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis import statistics
from reportgen.analysis.scores import item_losses, predictions, value
from reportgen.records import Record
from reportgen.results import Run

_Found = tuple[float, statistics.Interval, float, float, int, int]
"""Difference, interval, p value, smallest difference, and items that only one of them got right."""


@dataclass(frozen=True)
class Pair:
    """Two runs, first minus second.

    Parameters
    ----------
    seed : int or None
        That both have; None where their seeds differ.
    difference : float
        Of their accuracies, losses or F1.
    low, high, p : float
        Interval and test.
    smallest : float
        The smallest difference that was likely to be seen.
    only_first, only_second : int
        Items that only one of them got right; 0 where the items are not the same.
    items : int
        That the first was scored on.
    paired : bool
        Whether both were scored on the same items.
    """

    seed: int | None
    difference: float
    low: float
    high: float
    p: float
    smallest: float
    only_first: int
    only_second: int
    items: int
    paired: bool


def compare_runs(
    first: Run,
    second: Run,
    measure: str,
    level: float,
    judged_at: float,
    power: float = statistics.POWER,
) -> Pair:
    """Compare two runs that have records: paired where they were scored on the same items.

    Parameters
    ----------
    first, second : Run
    measure : str
        One of `reportgen.analysis.scores.MEASURES`.
    level : float
        Of the interval.
    judged_at, power : float
        Level and power of the smallest difference to be seen.
    """
    records = _record(first), _record(second)
    one, other = (predictions(record, measure) for record in records)
    paired = np.array_equal(one.index, other.index) and np.array_equal(one.y_true, other.y_true)
    seed = first.seed if first.seed == second.seed else None
    if measure.endswith("_accuracy"):
        compare = _on_shared_items if paired else _on_other_items
        found = compare(one.y_true == one.y_pred, other.y_true == other.y_pred, level, judged_at, power)
    else:
        compare_any = _f1 if measure == "macro_f1" else _losses
        found = compare_any(*records, measure, paired, level, judged_at, power)
    gap, (low, high), p, smallest, b, c = found
    return Pair(seed, gap, low, high, p, smallest, b, c, len(one.y_true), paired)


def _record(run: Run) -> Record:
    assert run.record is not None
    return run.record


def _on_shared_items(
    right: NDArray[np.bool_], also: NDArray[np.bool_], level: float, judged_at: float, power: float
) -> _Found:
    b, c, n = int((right & ~also).sum()), int((also & ~right).sum()), len(right)
    interval, p = statistics.paired_interval(b, c, n, level), statistics.mcnemar(b, c)
    return (b - c) / n, interval, p, statistics.smallest_paired(b, c, n, judged_at, power), b, c


def _on_other_items(
    right: NDArray[np.bool_], also: NDArray[np.bool_], level: float, judged_at: float, power: float
) -> _Found:
    k1, n1, k2, n2 = int(right.sum()), len(right), int(also.sum()), len(also)
    interval = statistics.unpaired_interval(k1, n1, k2, n2, level)
    smallest = statistics.smallest_from_interval(interval, level, judged_at, power)
    return k1 / n1 - k2 / n2, interval, statistics.unpaired_p(k1, n1, k2, n2), smallest, 0, 0


def _losses(
    first: Record, second: Record, measure: str, paired: bool, level: float, judged_at: float, power: float
) -> _Found:
    """The losses as evaluated; their error from the spread over the items."""
    one, other = item_losses(first, measure), item_losses(second, measure)
    error = _error(one - other) if paired else math.hypot(_error(one), _error(other))
    gap = value(first, measure) - value(second, measure)
    half = statistics.z_value(level) * error
    p = 2 * NormalDist().cdf(-abs(gap) / error) if error else float(gap == 0)
    interval = (gap - half, gap + half)
    return gap, interval, p, statistics.smallest_from_interval(interval, level, judged_at, power), 0, 0


def _error(values: NDArray[np.float64]) -> float:
    return float(values.std(ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else 0.0


def _f1(
    first: Record, second: Record, measure: str, paired: bool, level: float, judged_at: float, power: float
) -> _Found:
    """Both F1 on the same test sets, drawn with replacement from this one."""
    if not paired:
        raise ValueError("F1 is compared on the same test items only")
    one, other = first.test, second.test
    gap = value(first, measure) - value(second, measure)
    interval, p = statistics.bootstrap_f1_difference(
        one.y_true, one.y_pred, other.y_pred, len(first.data.class_names), level
    )
    interval = (min(interval[0], gap), max(interval[1], gap))
    return gap, interval, p, statistics.smallest_from_interval(interval, level, judged_at, power), 0, 0
