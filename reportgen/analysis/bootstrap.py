"""Intervals of F1 by the bootstrap: test sets drawn with replacement from the one there is."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Interval = tuple[float, float]
RESAMPLES = 2000


def bootstrap_f1(
    matrix: NDArray[np.int64], level: float = 0.95, resamples: int = RESAMPLES, seed: int = 0
) -> tuple[Interval, NDArray[np.float64]]:
    """Return percentile bootstrap intervals of the macro F1 and of every class's F1.

    Parameters
    ----------
    matrix : (C, C) int64
        One run's confusion matrix, true classes in rows.
    level : float
    resamples : int
        Test sets drawn from this one with replacement.
    seed : int
        Of the draws: the same matrix always gives the same interval.

    Returns
    -------
    (low, high) and (C, 2) float64
    """
    return _bootstrap_f1(matrix.astype(np.int64).tobytes(), len(matrix), level, resamples, seed)


@lru_cache(maxsize=512)  # a report is drawn again and again while it is written, mostly from the same runs
def _bootstrap_f1(
    content: bytes, classes: int, level: float, resamples: int, seed: int
) -> tuple[Interval, NDArray[np.float64]]:
    matrix = np.frombuffer(content, dtype=np.int64)
    n = int(matrix.sum())
    if n == 0:
        raise ValueError("an empty confusion matrix has no F1")
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(n, matrix / n, size=resamples).reshape(resamples, classes, classes)
    f1, macro = _scores(drawn)
    ends = [(1 - level) / 2, (1 + level) / 2]
    low, high = np.quantile(macro, ends)
    each = np.asarray(np.quantile(f1, ends, axis=0).T, dtype=np.float64)
    each.flags.writeable = False
    return (float(low), float(high)), each


def bootstrap_f1_difference(
    y_true: NDArray[np.int64],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    classes: int,
    level: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> tuple[Interval, float]:
    """Return the percentile interval of a difference of macro F1 on the same items, and a p value.

    Parameters
    ----------
    y_true, first, second : (n,) int64
        True classes, and those that either model gave.
    classes : int
        C.
    level, resamples, seed
        As in `bootstrap_f1`.

    Returns
    -------
    (low, high) and float
        First minus second; twice the share of draws on the other side of 0, never below 2 / (resamples + 1).
    """
    if first.tobytes() > second.tobytes():
        # The draws depend on the order: one order, so that the sign alone changes with the rows' order.
        (low, high), p = bootstrap_f1_difference(y_true, second, first, classes, level, resamples, seed)
        return (-high, -low), p
    rng = np.random.default_rng(seed)
    # An item counts by its truth and both answers: few of the C^3 kinds occur.
    cells, counts = np.unique((y_true * classes + first) * classes + second, return_counts=True)
    drawn = rng.multinomial(len(y_true), counts / len(y_true), size=resamples)
    truth, one, other = cells // classes**2, cells // classes % classes, cells % classes
    macros = []
    for given in (one, other):
        place = np.zeros((len(cells), classes * classes))
        place[np.arange(len(cells)), truth * classes + given] = 1.0
        macros.append(_scores((drawn @ place).reshape(resamples, classes, classes))[1])
    gaps = macros[0] - macros[1]
    ends = np.quantile(gaps, [(1 - level) / 2, (1 + level) / 2])
    beyond = min(int((gaps <= 0).sum()), int((gaps >= 0).sum()))
    return (float(ends[0]), float(ends[1])), min(1.0, 2 * (beyond + 1) / (resamples + 1))


def _scores(drawn: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """F1 of every class, and macro F1, of matrices of shape (B, C, C)."""
    margins = (drawn.sum(axis=1) + drawn.sum(axis=2)).astype(np.float64)
    hits = 2.0 * np.diagonal(drawn, axis1=1, axis2=2)
    f1 = np.divide(hits, margins, out=np.zeros_like(margins), where=margins > 0)
    return f1, f1.sum(axis=1) / (margins > 0).sum(axis=1)
