"""What choosing the best of many is worth: a score that was chosen for being the highest is too high."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis.contrasts import Family, FamilyLine, family
from reportgen.analysis.scores import item_losses
from reportgen.analysis.trials import Searched, Trial
from reportgen.experiments.schema import Contrast
from reportgen.results import Result

RESAMPLES = 1000
_MOST = 100
"""Trials whose items are drawn anew: those far behind never win."""
_AT_ONCE = 100
_REACH = 9.0


@lru_cache(maxsize=64)
def expected_maximum(n: int) -> float:
    """Return the mean of the largest of `n` independent standard normal numbers: 2.04 of 30.

    Parameters
    ----------
    n : int
        At least 1.

    Notes
    -----
    H. A. David and H. N. Nagaraja, "Order Statistics", 3rd edition (2003), section 3.1: the integral of
    1 - Φ(x)^n - (1 - Φ(x))^n over the positive numbers.
    """
    from scipy.special import log_ndtr

    if n < 1:
        raise ValueError(f"the largest of {n} numbers")
    x = np.linspace(0.0, _REACH, 20_001)
    above, below = -np.expm1(n * log_ndtr(x)), np.exp(n * log_ndtr(-x))
    return float(np.trapezoid(above - below, x))


@dataclass(frozen=True)
class Selection:
    """What there is to be said against the best score of a search.

    Parameters
    ----------
    trials : int
        Different trials with a measure.
    error : float or None
        Standard error of the best one's measure.
    luck : float or None
        How far the best of so many equal networks lies above their mean by the luck of the images alone.
    lead : float
        How far the best lies ahead of the median trial; not negative.
    bias : float or None
        By how much the best score is too high, as images drawn anew show it; None where the trials were not
        measured on the same images.
    middle : int
        Number of the median trial.
    against : FamilyLine or None
        The median trial less the best, corrected for the comparisons of all trials with the best; None where
        they are one.
    tests : int
        Those comparisons.
    """

    trials: int
    error: float | None
    luck: float | None
    lead: float
    bias: float | None
    middle: int
    against: FamilyLine | None
    tests: int


def selection(found: Searched, results: Sequence[Result]) -> Selection | None:
    """Return what the choice of the best trial is worth; None of fewer than two different trials.

    Parameters
    ----------
    found : Searched
    results : sequence of Result
        Of the report: with the trials, and with what else shows training luck.
    """
    best = found.winner
    trials = found.ordered(found.distinct)
    if best is None or len(trials) < 2:
        return None
    by_row = {result.row.id: result for result in results}
    middle = trials[len(trials) // 2]
    compared = _compared(found, results)
    luck = None if best.error is None else expected_maximum(len(trials)) * best.error
    return Selection(
        trials=len(trials),
        error=best.error,
        luck=luck,
        lead=found.merit(best) - median(found.merit(trial) for trial in trials),
        bias=_bias(found, trials, by_row),
        middle=middle.number,
        against=next((line for line in compared.lines if line.difference.first == middle.row), None),
        tests=compared.tests,
    )


def _compared(found: Searched, results: Sequence[Result]) -> Family:
    """Every different trial less the best, as a family: the best was chosen from all of them."""
    best = found.winner
    rows = dict.fromkeys(trial.row for trial in (*found.distinct, *([best] if best is not None else [])))
    contrast = Contrast.model_construct(
        id=found.id,
        title=found.id,
        rows=list(rows),
        reference=best.row if best is not None else None,
        measure=found.measures,
        text=None,
    )
    return family(contrast, results)


def _bias(found: Searched, trials: Sequence[Trial], by_row: Mapping[str, Result]) -> float | None:
    """The best score less what choices among these trials come to on images that did not choose."""
    chosen = [by_row[trial.row] for trial in trials[:_MOST]]
    if any(len(result.records) != 1 for result in chosen):
        return None
    first = chosen[0].records[0].validation
    if not all(np.array_equal(result.records[0].validation.index, first.index) for result in chosen):
        return None
    scores = np.array([_item_scores(result, found) for result in chosen])
    return selection_bias(scores) if len(first.index) > 1 and np.isfinite(scores).all() else None


def _item_scores(result: Result, found: Searched) -> NDArray[np.float64]:
    """What each validation image adds to the merit of a trial."""
    record = result.records[0]
    if found.by_loss:
        return np.asarray(-item_losses(record, "validation_loss"), dtype=np.float64)
    return np.asarray(record.validation.y_true == record.validation.y_pred, dtype=np.float64)


def selection_bias(scores: NDArray[np.float64], resamples: int = RESAMPLES, seed: int = 0) -> float:
    """Return by how much the highest mean of several networks is too high for having been chosen.

    Images are drawn anew with replacement; the network that is best on those is scored on the images that
    were not drawn. The highest mean less the mean of these scores is the bias, at least 0.

    Parameters
    ----------
    scores : (networks, items) float64
        Of the same items, the greater the better; of equal networks the first is chosen.
    resamples : int
    seed : int
        Of the draws: the same scores always give the same bias.

    Notes
    -----
    I. Tsamardinos, E. Greasidou and G. Borboudakis, "Bootstrapping the out-of-sample predictions for
    efficient and accurate cross-validation", Machine Learning 107 (2018), 1895-1922.
    """
    rng = np.random.default_rng(seed)
    items = scores.shape[1]
    outside: list[float] = []
    for start in range(0, resamples, _AT_ONCE):
        drawn = rng.multinomial(items, np.full(items, 1 / items), size=min(_AT_ONCE, resamples - start))
        chosen = (drawn @ scores.T).argmax(axis=1)
        left = (drawn == 0).astype(np.float64)
        counts = left.sum(axis=1)
        sums = (left * scores[chosen]).sum(axis=1)
        outside += (sums[counts > 0] / counts[counts > 0]).tolist()
    found = float(scores.mean(axis=1).max()) - float(np.mean(outside)) if outside else math.nan
    return max(0.0, found)
