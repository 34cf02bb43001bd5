"""Intervals, tests and corrections on counts and plain numbers.

What they mean is in docs/explanation/statistics.md.

Nothing here knows of rows or records. scipy and statsmodels are imported where they are used, so that
a build with nothing to do never loads them. No function returns NaN.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist, fmean, stdev

from reportgen.analysis.bootstrap import Interval, bootstrap_f1, bootstrap_f1_difference

LEVEL = 0.95
POWER = 0.8
LUCK = 10
"""How many times stricter two rows are judged that have one run each.

docs/explanation/statistics.md says why ten.
"""

__all__ = [
    "LEVEL", "LUCK", "POWER", "Interval", "bootstrap_f1", "bootstrap_f1_difference", "holm", "mcnemar",
    "mean_interval", "paired_interval", "paired_t", "sd", "single_run_level", "smallest_from_interval",
    "smallest_over_seeds", "smallest_paired", "square_and_add", "t_value", "unpaired_interval", "unpaired_p",
    "welch", "wilson", "z_value",
]  # fmt: skip


def z_value(level: float) -> float:
    """Return the standard normal's two-sided quantile: 1.96 for a level of 0.95."""
    return NormalDist().inv_cdf((1 + level) / 2)


def single_run_level(level: float) -> float:
    """Return the level at which single runs are judged: 0.995 for 0.95.

    A test on items says how sure it is that two trained models differ; it does not know that the same
    row with another seed would have been another model. Where each row was trained once, that luck cannot
    be measured, so the row's difference must be so clear that luck of the usual size does not explain it.
    """
    return 1 - (1 - level) / LUCK


def t_value(level: float, freedom: float) -> float:
    """Return Student's two-sided quantile for `freedom` degrees of freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + level) / 2))


def wilson(correct: float, n: int, level: float = LEVEL) -> Interval:
    """Return Wilson's score interval of an accuracy.

    Parameters
    ----------
    correct : float
        Items that were right: no whole number for the mean of several runs, or for a printed figure.
    n : int
        All items.
    level : float
        Confidence, between 0 and 1.

    Raises
    ------
    ValueError
        `n` is not positive, or `correct` is not between 0 and `n`.

    Notes
    -----
    E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22 (1927), 209-212.
    """
    if n <= 0 or not 0 <= correct <= n:
        raise ValueError(f"expected 0 <= correct <= n and n > 0, found {correct} of {n}")
    z = z_value(level)
    p = correct / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def sd(values: Sequence[float]) -> float:
    """Return the standard deviation of a sample, divided by n - 1.

    Raises
    ------
    ValueError
        Fewer than two values: one run says nothing of how runs differ.
    """
    if len(values) < 2:
        raise ValueError("one value has no standard deviation")
    return stdev(values)


def mean_interval(values: Sequence[float], level: float = LEVEL) -> Interval:
    """Return Student's t interval of the mean of at least two values: mean ± t s / √n."""
    half = t_value(level, len(values) - 1) * sd(values) / math.sqrt(len(values))
    return fmean(values) - half, fmean(values) + half


def paired_t(values: Sequence[float], floor: float = 0.0) -> float:
    """Return the two-sided p value of Student's t test that the mean of the differences is 0.

    Parameters
    ----------
    values : sequence of float
        At least two differences.
    floor : float
        Smallest standard deviation that is believed: that of the rounding to whole items.
        Differences that are all alike would else be infinitely sure.
    """
    from scipy.special import stdtr

    spread, mean = max(sd(values), floor), fmean(values)
    if spread == 0:
        return 1.0 if mean == 0 else 0.0
    t = abs(mean) / (spread / math.sqrt(len(values)))
    return min(1.0, 2 * float(stdtr(len(values) - 1, -t)))


def mcnemar(b: int, c: int) -> float:
    """Return McNemar's exact two-sided p value.

    Parameters
    ----------
    b, c : int
        Items that only the first model, and only the second, got right.

    Returns
    -------
    float
        1 where both are 0: two models that never disagree cannot be told apart.

    Notes
    -----
    Q. McNemar, "Note on the sampling error of the difference between correlated proportions or
    percentages", Psychometrika 12 (1947), 153-157; exact by the binomial distribution with p = 1/2.
    """
    from scipy.special import bdtr

    if b < 0 or c < 0:
        raise ValueError(f"counts cannot be negative: {b}, {c}")
    return min(1.0, 2 * float(bdtr(min(b, c), b + c, 0.5))) if b + c else 1.0


def paired_interval(b: int, c: int, n: int, level: float = LEVEL) -> Interval:
    """Return an interval of the difference of two accuracies on the same items, first minus second.

    Parameters
    ----------
    b, c : int
        Items that only the first model, and only the second, got right.
    n : int
        All items.
    level : float

    Notes
    -----
    D. G. Bonett and R. M. Price, "Adjusted Wald confidence interval for a difference of binomial
    proportions based on paired data", Journal of Educational and Behavioral Statistics 37 (2012), 479-488.
    One item is added to each of b and c, so that the interval has a width even where b = c = 0.
    """
    if min(b, c) < 0 or n <= 0 or b + c > n:
        raise ValueError(f"expected b + c <= n, found {b} + {c} of {n}")
    first, second = (b + 1) / (n + 2), (c + 1) / (n + 2)
    half = z_value(level) * math.sqrt((first + second - (first - second) ** 2) / (n + 2))
    return max(-1.0, first - second - half), min(1.0, first - second + half)


def square_and_add(first: float, one: Interval, second: float, other: Interval) -> Interval:
    """Return the interval of a difference of two independent figures from the interval of each.

    Notes
    -----
    G. Y. Zou and A. Donner, "Construction of confidence limits about effect measures: a general approach",
    Statistics in Medicine 27 (2008), 1693-1702. With Wilson's intervals it is Newcombe's.
    """
    difference = first - second
    below = math.hypot(first - one[0], other[1] - second)
    above = math.hypot(one[1] - first, second - other[0])
    return difference - below, difference + above


def unpaired_interval(k1: float, n1: int, k2: float, n2: int, level: float = LEVEL) -> Interval:
    """Return an interval of the difference of two accuracies on different items, first minus second.

    Notes
    -----
    R. G. Newcombe, "Interval estimation for the difference between independent proportions: comparison
    of eleven methods", Statistics in Medicine 17 (1998), 873-890, method 10.
    """
    return square_and_add(k1 / n1, wilson(k1, n1, level), k2 / n2, wilson(k2, n2, level))


def unpaired_p(k1: float, n1: int, k2: float, n2: int) -> float:
    """Return the two-sided p value of the score test that two accuracies on different items agree."""
    pooled = (k1 + k2) / (n1 + n2)
    error = math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    if error == 0:
        return 1.0
    return 2 * NormalDist().cdf(-abs(k1 / n1 - k2 / n2) / error)


def welch(first: Sequence[float], second: Sequence[float], level: float = LEVEL) -> tuple[Interval, float]:
    """Return Welch's interval of a difference of two means, and its two-sided p value.

    Notes
    -----
    B. L. Welch, "The generalization of 'Student's' problem when several different population variances
    are involved", Biometrika 34 (1947), 28-35.
    """
    from scipy.special import stdtr

    parts = [sd(values) ** 2 / len(values) for values in (first, second)]
    difference, variance = fmean(first) - fmean(second), sum(parts)
    if variance == 0:
        return (difference, difference), 1.0 if difference == 0 else 0.0
    freedom = variance**2 / sum(
        part**2 / (len(values) - 1) for part, values in zip(parts, (first, second), strict=True)
    )
    error = math.sqrt(variance)
    half = t_value(level, freedom) * error
    p = min(1.0, 2 * float(stdtr(freedom, -abs(difference) / error)))
    return (difference - half, difference + half), p


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Return the p values adjusted for their number, in the same order.

    Notes
    -----
    S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of
    Statistics 6 (1979), 65-70.
    """
    if not p_values:
        return ()
    from statsmodels.stats.multitest import multipletests

    return tuple(float(p) for p in multipletests(p_values, method="holm")[1])


def smallest_paired(b: int, c: int, n: int, level: float = LEVEL, power: float = POWER) -> float:
    """Return the smallest true difference that McNemar's test would have found with this power.

    Parameters
    ----------
    b, c, n : int
        As in `paired_interval`; how often the two disagreed says how noisy the comparison was.
    level, power : float

    Notes
    -----
    R. J. Connor, "Sample size for testing differences in proportions for the paired-sample design",
    Biometrics 43 (1987), 207-211, solved for the difference; one item is added because the exact
    test is stricter than the normal one by about that. A difference is never more than the items
    on which the two disagree.
    """
    alpha, beta = z_value(level), NormalDist().inv_cdf(power)
    observed = (b + c) / n
    found = 0.0
    for _ in range(200):
        disagree = max(observed, found)
        spread = math.sqrt(max(0.0, disagree - found**2))
        step = min(1.0, (alpha * math.sqrt(disagree) + beta * spread) / math.sqrt(n) + 1 / n)
        if abs(step - found) < 1e-9:
            break
        found = step
    return found


def smallest_from_interval(
    interval: Interval, level: float = LEVEL, judged_at: float = LEVEL, power: float = POWER
) -> float:
    """Return the smallest difference to be found with this power, from the width of a `level` interval."""
    half = (interval[1] - interval[0]) / 2
    return half * (z_value(judged_at) + NormalDist().inv_cdf(power)) / z_value(level)


def smallest_over_seeds(
    values: Sequence[float], level: float = LEVEL, power: float = POWER, floor: float = 0.0
) -> float:
    """Return the smallest true mean difference that a paired t test over these seeds would have found.

    Solved with the noncentral t distribution; `floor` as in `paired_t`.
    """
    from scipy.special import nctdtr, stdtrit

    n = len(values)
    critical = float(stdtrit(n - 1, (1 + level) / 2))
    low, high = 0.0, critical + 40.0
    for _ in range(80):
        middle = (low + high) / 2
        reached = 1 - float(nctdtr(n - 1, middle, critical))
        low, high = (middle, high) if reached < power else (low, middle)
    return high * max(sd(values), floor) / math.sqrt(n)
