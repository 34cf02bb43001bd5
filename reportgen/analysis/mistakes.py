"""Single test items that were misread: those of one row's most confused pairs, and those of every row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis.metrics import confused_pairs, pooled_matrix
from reportgen.records import Record
from reportgen.results import Result


@dataclass(frozen=True)
class Mistake:
    """A test item that was given a class it is not of.

    Parameters
    ----------
    place : int
        In the data set's test arrays.
    true, predicted : int
        Classes from 0.
    probability : float
        Given to the wrong class.
    """

    place: int
    true: int
    predicted: int
    probability: float


@dataclass(frozen=True)
class Shared:
    """The test items that every run of every row misreads.

    Parameters
    ----------
    items : tuple of Mistake
        Those that are shown, the highest probability first: `predicted` is the class that most runs
        read, `probability` what it was given, the mean over the rows of the mean over their runs.
    total : int
        How many there are in all.
    rows : int
        Rows that were tested on the same items.
    tested : int
        Items of the test set.
    runs : int
        Trainings of these rows; one that two rows have in common counts once.
    """

    items: tuple[Mistake, ...]
    total: int
    rows: int
    tested: int
    runs: int = 0


def confused(result: Result, pairs: int = 5, most: int = 10) -> tuple[Mistake, ...]:
    """Return the most confident mistakes of a row's first run in its most confused pairs of classes.

    Every pair in turn gives its next most confident one until there are `most`, so that each is seen;
    they come back by pair, the most confused one first.

    Parameters
    ----------
    result : Result
    pairs : int
        The first so many of `confused_pairs` of all runs together: those that the table lists.
    most : int
        Items at most.

    Raises
    ------
    ValueError
        The row has no record.
    """
    matrix = pooled_matrix(result)
    record = result.records[0]
    found = [_of_pair(record, pair.first, pair.second) for pair in confused_pairs(matrix, pairs)]
    taken = [0] * len(found)
    for turn in range(most):
        for number, own in enumerate(found):
            if turn < len(own) and sum(taken) < most:
                taken[number] += 1
    return tuple(item for own, count in zip(found, taken, strict=True) for item in own[:count])


def _of_pair(record: Record, one: int, other: int) -> list[Mistake]:
    """What one run misreads between two classes, the most confident first, then by place."""
    test = record.test
    places = np.flatnonzero(
        ((test.y_true == one) & (test.y_pred == other)) | ((test.y_true == other) & (test.y_pred == one))
    )
    given = test.probabilities[places, test.y_pred[places]]
    order = places[np.lexsort((test.index[places], -given))]
    return [_mistake(record, int(place)) for place in order]


def _mistake(record: Record, place: int) -> Mistake:
    test = record.test
    read = int(test.y_pred[place])
    return Mistake(
        int(test.index[place]), int(test.y_true[place]), read, float(test.probabilities[place, read])
    )


def shared_mistakes(results: Sequence[Result], most: int = 20) -> Shared | None:
    """Return the test items that every run of every row misreads, the most confident ones to show.

    Rows that were tested on other items than the others are left out: the largest group counts, the first
    of equal ones.

    Parameters
    ----------
    results : sequence of Result
        Rows of one data set.
    most : int
        Items to show at most.

    Returns
    -------
    Shared or None
        None with fewer than two rows, or trainings, on the same items.

    Raises
    ------
    ValueError
        The rows are of several data sets.
    """
    group = largest_group(results)
    records = {run.key: run.record for result in group for run in result.runs if run.record is not None}
    if len(group) < 2 or len(records) < 2:
        return None
    first = group[0].records[0].test
    truth = first.y_true
    read = np.stack([record.test.y_pred for record in records.values()])
    wrong = np.flatnonzero((read != truth).all(axis=0))
    items = []
    if len(wrong):
        classes = [
            int(np.bincount(column).argmax()) for column in read[:, wrong].T
        ]  # the lower class of equally frequent ones
        given = _mean_probability(group, wrong, classes)
        order = np.lexsort((first.index[wrong], -given))
        items = [
            Mistake(int(first.index[wrong[at]]), int(truth[wrong[at]]), classes[at], float(given[at]))
            for at in order[:most]
        ]
    return Shared(tuple(items), len(wrong), len(group), len(truth), len(records))


def _mean_probability(
    group: Sequence[Result], places: NDArray[np.intp], classes: Sequence[int]
) -> NDArray[np.float64]:
    """What the classes were given, shape (items,): the mean over rows of the means over their runs."""
    rows = [
        np.mean([record.test.probabilities[places, classes] for record in result.records], axis=0)
        for result in group
    ]
    return np.asarray(np.mean(rows, axis=0), dtype=np.float64)


def largest_group(results: Sequence[Result]) -> tuple[Result, ...]:
    """Return the rows that were tested on the same items: the largest such group, the first of equal ones.

    Raises
    ------
    ValueError
        The rows are of several data sets.
    """
    known = [result for result in results if result.records]
    names = {record.data.name for result in known for record in result.records}
    if len(names) > 1:
        raise ValueError(f"rows of several data sets: {', '.join(sorted(names))}")
    groups: list[list[Result]] = []
    for result in known:
        home = next((group for group in groups if same_items([group[0], result])), None)
        if home is not None:
            home.append(result)
        elif same_items([result]):
            groups.append([result])
    sizes = [len(group) for group in groups]
    return tuple(groups[sizes.index(max(sizes))]) if groups else ()


def same_items(results: Sequence[Result]) -> bool:
    """Return whether all runs of the rows were tested on the same items of the same data."""
    records = [record for result in results for record in result.records]
    first = records[0]
    return all(
        record is first
        or (
            record.data.digest == first.data.digest
            and record.data.class_names == first.data.class_names
            and np.array_equal(record.test.index, first.test.index)
            and np.array_equal(record.test.y_true, first.test.y_true)
        )
        for record in records
    )
