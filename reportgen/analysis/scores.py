"""What a row scored: the mean over its runs, and the two errors that must not be confused."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis import statistics
from reportgen.analysis.metrics import confusion_matrix, correct_items, macro_f1, standard_error
from reportgen.records import Predictions, Record
from reportgen.results import Result

SMALLEST_PROBABILITY = float(np.finfo(np.float32).tiny)
"""A class that was given no chance at all costs 87.3, not infinity; whatever float32 can tell from 0 is kept.

Keras takes the loss from the network's last sums, and clips nothing there.
"""
MEASURES = ("test_accuracy", "validation_accuracy", "test_loss", "validation_loss", "macro_f1")
Basis = Literal["wilson", "t", "bootstrap", "normal"]


@dataclass(frozen=True)
class Score:
    """One measure of one row.

    Parameters
    ----------
    measure : str
        One of `MEASURES`.
    mean : float
        Over the runs; accuracies and F1 are fractions.
    values : tuple of float
        One for each run, in the order of the seeds.
    sd : float or None
        Over the seeds, divided by n - 1; None for one run.
    standard_error : float or None
        What the size of the test (or validation) set leaves open, mean over the runs; accuracies only.
    low, high : float
        Interval: of one run's figure for other items (Wilson, normal, bootstrap), or of the mean for
        other seeds (t).
    basis : {"wilson", "t", "bootstrap", "normal"}
        How the interval was made.
    n : int
        Runs.
    items : int
        Items that each run was scored on.
    level : float
        Of the interval.
    """

    measure: str
    mean: float
    values: tuple[float, ...]
    sd: float | None
    standard_error: float | None
    low: float
    high: float
    basis: Basis
    n: int
    items: int
    level: float = statistics.LEVEL


def score(result: Result, measure: str, level: float = statistics.LEVEL) -> Score:
    """Return a row's score in one measure.

    Parameters
    ----------
    result : Result
    measure : str
        One of `MEASURES`.
    level : float
        Of the interval, between 0 and 1.

    Raises
    ------
    ValueError
        The row has no record, or there is no such measure.
    """
    if measure not in MEASURES:
        raise ValueError(f"no measure: {measure!r}")
    records = result.records
    if not records:
        raise ValueError(f"row {result.row.id} has no record")
    values = tuple(value(record, measure) for record in records)
    if len(values) > 1:
        low, high = statistics.mean_interval(values, level)
        basis: Basis = "t"
    else:
        low, high, basis = _single(records[0], measure, level)
    if basis == "t" and not measure.endswith("_loss"):
        low, high = max(0.0, low), min(1.0, high)
    mean = fmean(values)
    return Score(
        measure=measure,
        mean=mean,
        values=values,
        sd=statistics.sd(values) if len(values) > 1 else None,
        standard_error=_standard_error(records, measure),
        # Wilson's end misses an accuracy of 1 by rounding, a bootstrap's a mean it was not drawn from.
        low=min(low, mean),
        high=max(high, mean),
        basis=basis,
        n=len(values),
        items=len(predictions(records[0], measure).y_true),
        level=level,
    )


def predictions(record: Record, measure: str) -> Predictions:
    """Return the predictions that a measure is computed from."""
    return record.validation if measure.startswith("validation_") else record.test


def value(record: Record, measure: str) -> float:
    """Return one run's figure: accuracies and F1 counted from the predictions, losses as evaluated.

    Losses are without the penalties that regularisers add: by these alone networks can be compared.
    """
    made = predictions(record, measure)
    if measure.endswith("_accuracy"):
        return correct_items(made) / len(made.y_true)
    if measure == "macro_f1":
        return macro_f1(confusion_matrix(made, len(record.data.class_names)))
    return float(record.error_loss(measure.removesuffix("_loss")))


def item_losses(record: Record, measure: str) -> NDArray[np.float64]:
    """Return the loss of each item, shape (n,), without penalties on the weights.

    Cross-entropy, or the squared error where the model was trained with that; any other loss is taken
    as cross-entropy, which is what the spread of a classifier's loss is about.
    """
    made = predictions(record, measure)
    given = made.probabilities.astype(np.float64)
    places = np.arange(len(made.y_true))
    if record.loss.get("name") in ("mse", "mean_squared_error"):
        wanted = np.zeros_like(given)
        wanted[places, made.y_true] = 1.0
        return np.asarray(((given - wanted) ** 2).mean(axis=1), dtype=np.float64)
    return np.asarray(
        -np.log(np.clip(given[places, made.y_true], SMALLEST_PROBABILITY, 1.0)), dtype=np.float64
    )


def _single(record: Record, measure: str, level: float) -> tuple[float, float, Basis]:
    kind: Callable[[Record, str, float], tuple[float, float, Basis]] = _loss_interval
    if measure.endswith("_accuracy"):
        kind = _accuracy_interval
    elif measure == "macro_f1":
        kind = _f1_interval
    return kind(record, measure, level)


def _accuracy_interval(record: Record, measure: str, level: float) -> tuple[float, float, Basis]:
    made = predictions(record, measure)
    return *statistics.wilson(correct_items(made), len(made.y_true), level), "wilson"


def _f1_interval(record: Record, measure: str, level: float) -> tuple[float, float, Basis]:
    matrix = confusion_matrix(predictions(record, measure), len(record.data.class_names))
    return *statistics.bootstrap_f1(matrix, level)[0], "bootstrap"


def _loss_interval(record: Record, measure: str, level: float) -> tuple[float, float, Basis]:
    losses, middle = item_losses(record, measure), value(record, measure)
    error = float(losses.std(ddof=1)) / math.sqrt(len(losses)) if len(losses) > 1 else 0.0
    half = statistics.z_value(level) * error
    return max(0.0, middle - half), middle + half, "normal"


def _standard_error(records: tuple[Record, ...], measure: str) -> float | None:
    if not measure.endswith("_accuracy"):
        return None
    made = [predictions(record, measure) for record in records]
    return fmean(standard_error(correct_items(one), len(one.y_true)) for one in made)
