"""Intervals and tests, by scipy's and statsmodels' own functions where they have them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint, proportions_ztest

from tests.independent.runs import Row

Ends = tuple[float, float]
STRICTER = 10
"""Times that single runs are judged more strictly (docs/explanation/statistics.md): p < 0.005 for 0.95."""


def z(level: float) -> float:
    """Two-sided normal quantile."""
    return float(stats.norm.ppf((1 + level) / 2))


def wilson(correct: float, items: int, level: float = 0.95) -> Ends:
    """Wilson's interval."""
    low, high = proportion_confint(correct, items, alpha=1 - level, method="wilson")
    return float(low), float(high)


def t_interval(values: Sequence[float], level: float = 0.95) -> Ends:
    """Student's interval of a mean."""
    mean, error = float(np.mean(values)), float(stats.sem(values))
    if error == 0:
        return mean, mean
    low, high = stats.t.interval(level, len(values) - 1, loc=mean, scale=error)
    return float(low), float(high)


def standard_error(accuracy: float, items: int) -> float:
    """Of a proportion: sqrt(p (1 - p) / n)."""
    return math.sqrt(accuracy * (1 - accuracy) / items)


def mcnemar(only_first: int, only_second: int) -> float:
    """Exact: of the discordant items, each is as likely to favour either."""
    discordant = only_first + only_second
    return float(stats.binomtest(only_first, discordant).pvalue) if discordant else 1.0


def bonett_price(only_first: int, only_second: int, items: int, level: float = 0.95) -> Ends:
    """Wald's interval of a paired difference after one item was added to each discordant cell.

    Bonett and Price (2012): p12 = (f12 + 1) / (n + 2), p21 = (f21 + 1) / (n + 2).
    """
    p12, p21 = (only_first + 1) / (items + 2), (only_second + 1) / (items + 2)
    error = math.sqrt((p12 + p21 - (p12 - p21) ** 2) / (items + 2))
    middle = p12 - p21
    return max(-1.0, middle - z(level) * error), min(1.0, middle + z(level) * error)


def newcombe(k1: float, n1: int, k2: float, n2: int, level: float = 0.95) -> Ends:
    """Newcombe's tenth method, two independent proportions; a mean over runs is no whole count."""
    low, high = confint_proportions_2indep(
        k1, n1, k2, n2, method="newcomb", compare="diff", alpha=1 - level, correction=False
    )
    return float(low), float(high)


def two_proportions(k1: float, n1: int, k2: float, n2: int) -> float:
    """The p value of the pooled z test."""
    if k1 + k2 in (0, n1 + n2):
        return 1.0
    return float(proportions_ztest([k1, k2], [n1, n2])[1])


def holm(values: Sequence[float]) -> list[float]:
    """Adjusted p values: the smallest times m, the next times m - 1, never falling, at most 1."""
    order = sorted(range(len(values)), key=lambda place: values[place])
    adjusted, highest = [0.0] * len(values), 0.0
    for step, place in enumerate(order):
        highest = max(highest, min(1.0, values[place] * (len(values) - step)))
        adjusted[place] = highest
    return adjusted


def smallest_paired(only_first: int, only_second: int, items: int, level: float, power: float = 0.8) -> float:
    """Connor's sample size (1987), solved for the difference d by bisection, one item added.

    d = (z_a sqrt(q) + z_b sqrt(q - d^2)) / sqrt(n) + 1 / n, where q, the share of discordant items, is as
    observed, and d where d is larger.
    """
    alpha, beta, seen = z(level), float(stats.norm.ppf(power)), (only_first + only_second) / items

    def over(d: float) -> float:
        q = max(seen, d)
        need = (alpha * math.sqrt(q) + beta * math.sqrt(max(0.0, q - d * d))) / math.sqrt(items)
        return need + 1 / items - d

    return 1.0 if over(1.0) > 0 else float(optimize.brentq(over, 1e-12, 1.0, xtol=1e-13))


def from_width(ends: Ends, level: float, judged: float, power: float = 0.8) -> float:
    """The difference found with this power, from the half width of an interval."""
    return (ends[1] - ends[0]) / 2 * (z(judged) + float(stats.norm.ppf(power))) / z(level)


def smallest_seeds(values: Sequence[float], level: float, floor: float) -> float:
    """The mean difference that a paired t test would find four times in five (noncentral t)."""
    n = len(values)
    critical = stats.t.ppf((1 + level) / 2, n - 1)
    shift = optimize.brentq(lambda d: stats.nct.sf(critical, n - 1, d) - 0.8, 0.0, critical + 40)
    return float(shift) * max(float(np.std(values, ddof=1)), floor) / math.sqrt(n)


def bootstrap_f1(matrix: NDArray[np.int64], level: float = 0.95) -> Ends:
    """Percentiles of macro F1 over 2,000 test sets drawn with replacement, generator seeded with 0.

    The draws are part of the definition, so the generator and its seed are the report's.
    """
    size, items = len(matrix), int(matrix.sum())
    rng = np.random.default_rng(0)
    drawn = rng.multinomial(items, matrix.ravel() / items, size=2000).reshape(-1, size, size)
    both = drawn.sum(axis=1) + drawn.sum(axis=2)
    hits = np.array([2 * np.diag(one) for one in drawn])
    macro = [float((h[b > 0] / b[b > 0]).mean()) for h, b in zip(hits, both, strict=True)]
    low, high = np.quantile(macro, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


@dataclass(frozen=True)
class Score:
    """A measure of a row with its interval."""

    mean: float
    sd: float | None
    error: float | None
    low: float
    high: float
    basis: str


def score(row: Row, measure: str, level: float = 0.95) -> Score | None:
    """Return a row's score; None where a loss cannot be recomputed."""
    values = row.values(measure)
    if values is None:
        return None
    part, mean = measure.partition("_")[0], float(np.mean(values))
    accuracy = measure.endswith("_accuracy")
    error = None
    if accuracy:
        error = float(np.mean([standard_error(run.accuracy(part), run.items(part)) for run in row.runs]))
    if len(values) > 1:
        low, high = t_interval(values, level)
        if not measure.endswith("_loss"):
            low, high = max(0.0, low), min(1.0, high)
        return Score(mean, row.sd(measure), error, low, high, "t")
    run, basis = row.runs[0], "wilson"
    if accuracy:
        low, high = wilson(int(run.right(part).sum()), run.items(part), level)
    elif measure == "macro_f1":
        (low, high), basis = bootstrap_f1(run.matrix(), level), "bootstrap"
    else:
        half = z(level) * float(stats.sem(run.item_losses(part)))
        low, high, basis = max(0.0, mean - half), mean + half, "normal"
    return Score(mean, None, error, min(low, mean), max(high, mean), basis)
