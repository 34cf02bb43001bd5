"""What the predictions of a run are worth: confusion, precision, recall, F1, intervals, ranks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from reportgen.records import Predictions, Record
from reportgen.results import Result


@dataclass(frozen=True)
class ClassScores:
    """Scores per class; a class that was never met or never predicted scores 0, as in scikit-learn.

    Parameters
    ----------
    precision, recall, f1 : (C,) float64
        Between 0 and 1.
    support : (C,) int64
        Items of the class.
    """

    precision: NDArray[np.float64]
    recall: NDArray[np.float64]
    f1: NDArray[np.float64]
    support: NDArray[np.int64]


@dataclass(frozen=True)
class ConfusedPair:
    """Two classes taken for each other, in either direction.

    Parameters
    ----------
    first, second : int
        Classes; `first` is the one that is mistaken for `second` more often.
    count : int
        Items of either class that were given the other.
    share : float
        Part of all errors.
    first_as_second, second_as_first : int
        The two directions; their sum is `count`.
    """

    first: int
    second: int
    count: int
    share: float
    first_as_second: int = 0
    second_as_first: int = 0


@dataclass(frozen=True)
class BestEpochs:
    """The epoch of the lowest validation loss and that of the highest accuracy, from 1; first on ties.

    Parameters
    ----------
    by_loss, by_accuracy : int
    lowest_loss, highest_accuracy : float
    last_by_loss, last_by_accuracy : int
        The last epoch with the same value: that of `by_loss` or `by_accuracy` where nothing ties.
    """

    by_loss: int
    by_accuracy: int
    lowest_loss: float
    highest_accuracy: float
    last_by_loss: int
    last_by_accuracy: int


@dataclass(frozen=True)
class Rank:
    """Place among the runs on the same data set, from 1; equal runs share a place."""

    rank: int
    of: int


def confusion_matrix(predictions: Predictions, classes: int) -> NDArray[np.int64]:
    """Count the items by class and prediction.

    Parameters
    ----------
    predictions : Predictions
    classes : int
        C.

    Returns
    -------
    (C, C) int64
        Rows are true classes, columns predicted ones, as in scikit-learn.
    """
    cells = np.asarray(predictions.y_true) * classes + np.asarray(predictions.y_pred)
    return np.bincount(cells, minlength=classes * classes).reshape(classes, classes).astype(np.int64)


def pooled_matrix(result: Result) -> NDArray[np.int64]:
    """Return the sum of the test confusion matrices of a row's runs, shape (C, C), true classes in rows.

    Raises
    ------
    ValueError
        The row has no record.
    """
    matrices = [confusion_matrix(record.test, len(record.data.class_names)) for record in result.records]
    if not matrices:
        raise ValueError(f"row {result.row.id} has no record")
    return np.asarray(np.sum(matrices, axis=0), dtype=np.int64)


def class_scores(matrix: NDArray[np.int64]) -> ClassScores:
    """Return precision, recall and F1 of every class from a confusion matrix with true classes in rows."""
    hits = np.diag(matrix).astype(np.float64)
    support, predicted = matrix.sum(axis=1), matrix.sum(axis=0)
    return ClassScores(
        precision=_ratio(hits, predicted),
        recall=_ratio(hits, support),
        f1=_ratio(2 * hits, support + predicted),
        support=support.astype(np.int64),
    )


def _ratio(above: NDArray[np.float64], below: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)


def macro_f1(matrix: NDArray[np.int64]) -> float:
    """Return the mean of the F1 scores of the classes that occur, as true or predicted class."""
    occurs = (matrix.sum(axis=0) + matrix.sum(axis=1)) > 0
    return float(class_scores(matrix).f1[occurs].mean()) if occurs.any() else 0.0


def confused_pairs(matrix: NDArray[np.int64], most: int = 5) -> tuple[ConfusedPair, ...]:
    """Return the unordered pairs of classes that hold most errors, the largest first.

    Parameters
    ----------
    matrix : (C, C) int64
        True classes in rows.
    most : int
        Pairs at most; pairs without an error are never listed.
    """
    errors = int(matrix.sum() - np.trace(matrix))
    rows, columns = np.triu_indices(len(matrix), k=1)
    counts = matrix[rows, columns] + matrix[columns, rows]
    pairs = []
    for place in np.argsort(-counts, kind="stable")[:most]:
        first, second = int(rows[place]), int(columns[place])
        if not counts[place]:
            break
        if matrix[second, first] > matrix[first, second]:
            first, second = second, first
        forth, back = int(matrix[first, second]), int(matrix[second, first])
        pairs.append(ConfusedPair(first, second, forth + back, (forth + back) / errors, forth, back))
    return tuple(pairs)


def best_epochs(record: Record) -> BestEpochs:
    """Return the best epochs of the validation curves, by loss and by accuracy; NaN never wins."""
    losses = np.where(np.isfinite(record.history["val_loss"]), record.history["val_loss"], np.inf)
    accuracies = record.history["val_accuracy"]
    accuracies = np.where(np.isfinite(accuracies), accuracies, -np.inf)
    low, high = int(losses.argmin()), int(accuracies.argmax())
    last_low = int(np.flatnonzero(losses == losses[low])[-1])
    last_high = int(np.flatnonzero(accuracies == accuracies[high])[-1])
    return BestEpochs(
        low + 1, high + 1, float(losses[low]), float(accuracies[high]), last_low + 1, last_high + 1
    )


def standard_error(correct: int, n: int) -> float:
    """Return the standard error of an accuracy that comes from the test set's size: √(p (1 − p) / n)."""
    if n <= 0:
        raise ValueError("no items")
    p = correct / n
    return math.sqrt(p * (1 - p) / n)


def correct_items(predictions: Predictions) -> int:
    """Return how many items were given their true class."""
    return int((predictions.y_true == predictions.y_pred).sum())


def results_of(results: Iterable[Result]) -> tuple[tuple[Result, Record], ...]:
    """Return the results that have a record, each with it."""
    return tuple((result, result.record) for result in results if result.record is not None)


def ranks(results: Sequence[Result]) -> dict[str, Rank]:
    """Rank the rows within each data set, by validation accuracy, then by validation loss without penalties.

    A row with several runs counts with their means. Never by a test score: to choose by the test
    set would spoil it. Rows without a record have no rank; rows that share their runs have one together.

    Returns
    -------
    dict of str to Rank
        By row id.
    """
    found: dict[str, Rank] = {}
    for group in by_data_set(results).values():
        order = {result.row.id: _order(result) for result, _ in group}
        once = {frozenset(run.key for run in result.runs): order[result.row.id] for result, _ in group}
        for name, own in order.items():
            found[name] = Rank(1 + sum(other < own for other in once.values()), len(once))
    return found


def places(results: Sequence[Result]) -> dict[str, int]:
    """Number the rows within each data set in the order of `ranks`: the numbers of every table and figure.

    Rows that share their runs share a number; rows on one rank have one each, in the order of the rows.

    Returns
    -------
    dict of str to int
        By row id, from 1.
    """
    rank = ranks(results)
    found: dict[str, int] = {}
    for group in by_data_set(results).values():
        numbers: dict[frozenset[str], int] = {}
        for result, _ in sorted(group, key=lambda pair: rank[pair[0].row.id].rank):
            keys = frozenset(run.key for run in result.runs)
            found[result.row.id] = numbers.setdefault(keys, len(numbers) + 1)
    return found


def by_data_set(results: Iterable[Result]) -> dict[str, tuple[tuple[Result, Record], ...]]:
    """Group the results that have a record by the data set they saw, in order of appearance."""
    groups: dict[str, list[tuple[Result, Record]]] = {}
    for result, record in results_of(results):
        groups.setdefault(record.data.name, []).append((result, record))
    return {name: tuple(group) for name, group in groups.items()}


def validation_accuracy(result: Result) -> float:
    """Return the validation accuracy that rows are ordered by: the mean over the runs."""
    return mean_validation_accuracy(result.records)


def mean_validation_accuracy(records: Sequence[Record]) -> float:
    """Return the mean validation accuracy of some runs, to six decimals.

    Keras keeps accuracies as float32: as many items right of as many can differ in the eighth decimal,
    and a tie must stay one.
    """
    return round(fmean(record.evaluation["validation"]["accuracy"] for record in records), 6)


def _order(result: Result) -> tuple[float, float]:
    """Smaller is better."""
    return -validation_accuracy(result), fmean(record.error_loss("validation") for record in result.records)
