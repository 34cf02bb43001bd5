"""Intervals of accuracies that are no whole number of items: the mean of several runs, a printed figure."""

from __future__ import annotations

import math

from reportgen.analysis.statistics import LEVEL, Interval, square_and_add, z_value


def score_interval(share: float, items: int, level: float = LEVEL) -> Interval:
    """Return Wilson's score interval of a proportion.

    Parameters
    ----------
    share : float
        Between 0 and 1; need not be a whole number of items.
    items : int
        How many items it was measured on.
    level : float

    Raises
    ------
    ValueError
        `items` is not positive, or `share` is not between 0 and 1.

    Notes
    -----
    E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22 (1927), 209-212.
    """
    if items <= 0 or not 0 <= share <= 1:
        raise ValueError(f"expected a share between 0 and 1 of at least one item, found {share} of {items}")
    z = z_value(level)
    scale = 1 + z * z / items
    middle = (share + z * z / (2 * items)) / scale
    half = z / scale * math.sqrt(share * (1 - share) / items + z * z / (4 * items * items))
    return max(0.0, middle - half), min(1.0, middle + half)


def difference_interval(
    first: float, items: int, second: float, other_items: int, level: float = LEVEL
) -> Interval:
    """Return an interval of the difference of two independent proportions, first minus second.

    Notes
    -----
    R. G. Newcombe, "Interval estimation for the difference between independent proportions: comparison
    of eleven methods", Statistics in Medicine 17 (1998), 873-890, method 10.
    """
    one, other = score_interval(first, items, level), score_interval(second, other_items, level)
    return square_and_add(first, one, second, other)
