"""Two confusion matrices beside each other: of which rows, on which scale, and what differs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis.metrics import pooled_matrix, ranks
from reportgen.analysis.mistakes import largest_group, same_items
from reportgen.results import Result


def by_validation(results: Sequence[Result]) -> tuple[Result, ...]:
    """Return the rows of one data set that have a record by validation accuracy, the highest first.

    As `metrics.ranks` has them; rows on one place keep their order.
    """
    places = ranks(results)
    known = [result for result in results if result.row.id in places]
    return tuple(sorted(known, key=lambda result: places[result.row.id].rank))


def two_to_compare(results: Sequence[Result]) -> tuple[Result, Result] | None:
    """Return the row with the highest validation accuracy, and the highest of another chapter.

    Where all rows are of one chapter, the second is the next by validation. Rows with the same runs are
    no two rows; rows tested on other items are left out.

    Parameters
    ----------
    results : sequence of Result
        Rows of one data set.

    Returns
    -------
    tuple of Result, or None
        None with fewer than two rows.
    """
    group = by_validation(largest_group(results))
    if not group:
        return None
    first, others = group[0], [row for row in group[1:] if _keys(row) != _keys(group[0])]
    elsewhere = [row for row in others if row.row.section != first.row.section]
    return next(((first, row) for row in (*elsewhere, *others)), None)


def _keys(result: Result) -> set[str]:
    return {run.key for run in result.runs if run.record is not None}


def mean_matrix(result: Result) -> NDArray[np.float64]:
    """Return the test confusion matrix of a row per run, shape (C, C): of one run its counts."""
    return np.asarray(pooled_matrix(result) / len(result.records), dtype=np.float64)


def matrix_difference(a: Result, b: Result) -> NDArray[np.float64]:
    """Return the test confusion matrix of `a` less that of `b`, each per run, shape (C, C).

    Raises
    ------
    ValueError
        A row has no record, or they were not tested on the same items.
    """
    for result in (a, b):
        if not result.records:
            raise ValueError(f"row {result.row.id} has no record")
    if not same_items([a, b]):
        raise ValueError(f"rows {a.row.id} and {b.row.id} were not tested on the same items")
    return mean_matrix(a) - mean_matrix(b)


def most_different(difference: NDArray[np.float64], most: int) -> list[int]:
    """Return the classes whose rows and columns differ most in sum of absolute values, in their order."""
    size = np.abs(difference)
    total = size.sum(axis=0) + size.sum(axis=1) - np.diag(size)
    return sorted(int(place) for place in np.argsort(-total, kind="stable")[:most])
