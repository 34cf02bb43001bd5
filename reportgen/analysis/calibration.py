"""Whether a model is as sure as it may be: negative log-likelihood, Brier score, reliability."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis import statistics
from reportgen.analysis.scores import SMALLEST_PROBABILITY
from reportgen.records import Predictions
from reportgen.results import Result

BINS = 10
ROUNDING = 1e-3
"""How far single precision and rounding may take a sum of probabilities from one."""
ENOUGH_ERRORS = 100
"""Ten bins with ten errors each, at best: with fewer, a reliability plot shows the noise of single items."""


@dataclass(frozen=True)
class Bin:
    """Items whose predicted class was given a probability above `low`, up to `high`.

    Parameters
    ----------
    low, high : float
    n : int
        Items; at least one.
    confidence : float
        Mean probability of the predicted class.
    accuracy : float
        Share of the items that were right.
    accuracy_low, accuracy_high : float
        Wilson's 95 % interval of the accuracy.
    """

    low: float
    high: float
    n: int
    confidence: float
    accuracy: float
    accuracy_low: float
    accuracy_high: float


@dataclass(frozen=True)
class Calibration:
    """How sure a row's models are of the test items; means over the runs.

    Parameters
    ----------
    negative_log_likelihood, brier : float
        Smaller is better calibrated, or more accurate: both count both.
    confidence, accuracy : float
        Mean probability of the predicted class, and share of items that were right; a model is
        over-confident where the first is above the second.
    negative_log_likelihood_sd, brier_sd : float or None
        Over the seeds; None for one run.
    n : int
        Runs.
    gap_error : float
        Standard error of confidence less accuracy that the size of the test set leaves, mean over the runs.
    errors : float
        Wrong items per run.
    enough : bool
        Whether the first run has enough errors for a reliability plot.
    """

    negative_log_likelihood: float
    brier: float
    confidence: float
    accuracy: float
    negative_log_likelihood_sd: float | None
    brier_sd: float | None
    n: int
    gap_error: float
    errors: float
    enough: bool


def negative_log_likelihood(predictions: Predictions) -> float:
    """Return the mean of -ln of the probability given to the true class, in nats.

    It is the categorical cross-entropy, hence the test loss of a model without penalties on its weights.
    """
    chosen = predictions.probabilities[np.arange(len(predictions.y_true)), predictions.y_true]
    return float(-np.log(np.clip(chosen.astype(np.float64), SMALLEST_PROBABILITY, 1.0)).mean())


def brier(predictions: Predictions) -> float:
    """Return the Brier score: the squared error of the probabilities, summed over classes; 0 to 2.

    Notes
    -----
    G. W. Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather Review
    78 (1950), 1-3: the original form, twice the one that is common for two classes.
    """
    wanted = np.zeros(predictions.probabilities.shape)
    wanted[np.arange(len(predictions.y_true)), predictions.y_true] = 1.0
    return float(((predictions.probabilities.astype(np.float64) - wanted) ** 2).sum(axis=1).mean())


def confidences(predictions: Predictions) -> NDArray[np.float64]:
    """Return the probability of each item's predicted class, shape (n,)."""
    places = np.arange(len(predictions.y_pred))
    return predictions.probabilities[places, predictions.y_pred].astype(np.float64)


def adds_up(predictions: Predictions) -> bool:
    """Return whether the probabilities of every item sum to one, as those of a softmax do."""
    sums = predictions.probabilities.sum(axis=1, dtype=np.float64)
    return bool((abs(sums - 1.0) <= ROUNDING).all())


def reliability(predictions: Predictions, bins: int = BINS) -> tuple[Bin, ...]:
    """Return accuracy against predicted probability, in bins of equal width; empty bins are left out.

    Raises
    ------
    ValueError
        `bins` is not positive.
    """
    if bins <= 0:
        raise ValueError(f"expected at least one bin, found {bins}")
    sure, right = confidences(predictions), predictions.y_true == predictions.y_pred
    place = np.clip(np.ceil(sure * bins).astype(np.int64) - 1, 0, bins - 1)
    found = []
    for number in range(bins):
        inside = place == number
        n, hits = int(inside.sum()), int(right[inside].sum())
        if n:
            ends = statistics.wilson(hits, n)
            found.append(
                Bin(number / bins, (number + 1) / bins, n, float(sure[inside].mean()), hits / n, *ends)
            )
    return tuple(found)


def gap_error(predictions: Predictions) -> float:
    """Return the standard error of mean confidence less accuracy: the s.d. of the items' own gaps by √n."""
    gaps = confidences(predictions) - (predictions.y_true == predictions.y_pred)
    return float(gaps.std(ddof=1)) / math.sqrt(len(gaps)) if len(gaps) > 1 else 0.0


def errors(predictions: Predictions) -> int:
    """Return how many items were given a wrong class."""
    return int((predictions.y_true != predictions.y_pred).sum())


def enough_errors(predictions: Predictions) -> bool:
    """Return whether there are enough errors for a reliability plot to show more than noise."""
    return errors(predictions) >= ENOUGH_ERRORS


def calibration(result: Result) -> Calibration:
    """Return the calibration of a row on the test items.

    Raises
    ------
    ValueError
        The row has no record.
    """
    made = [record.test for record in result.records]
    if not made:
        raise ValueError(f"row {result.row.id} has no record")
    losses, scores = [negative_log_likelihood(one) for one in made], [brier(one) for one in made]
    several = len(made) > 1
    return Calibration(
        negative_log_likelihood=fmean(losses),
        brier=fmean(scores),
        confidence=fmean(float(confidences(one).mean()) for one in made),
        accuracy=fmean(1 - errors(one) / len(one.y_true) for one in made),
        negative_log_likelihood_sd=statistics.sd(losses) if several else None,
        brier_sd=statistics.sd(scores) if several else None,
        n=len(made),
        gap_error=fmean(gap_error(one) for one in made),
        errors=fmean(errors(one) for one in made),
        enough=enough_errors(made[0]),
    )
