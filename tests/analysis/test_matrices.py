"""Which two matrices are compared, and their difference."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix

from reportgen.analysis.matrices import (
    by_validation,
    matrix_difference,
    mean_matrix,
    most_different,
    two_to_compare,
)
from reportgen.records import Record
from reportgen.results import Failure, Result
from tests import samples


def reached(accuracy: float, loss: float = 0.5, seed: int = 1, **more: object) -> Record:
    record = samples.record(seed=seed, n_test=100, n_validation=100, **more)  # type: ignore[arg-type]
    evaluation = dict(record.evaluation) | {"validation": {"accuracy": accuracy, "loss": loss}}
    return dataclasses.replace(record, evaluation=evaluation)


def row(name: str, section: str, *records: Record | Failure) -> Result:
    return samples.repeated(samples.row(name, section), records)


def ids(rows: tuple[Result, ...] | None) -> list[str]:
    return [result.row.id for result in rows or ()]


def test_order_is_by_validation_then_loss_then_the_file() -> None:
    rows = [
        row("low", "x", reached(0.5)),
        row("lost", "x", Failure("timeout", "")),
        row("tie", "x", reached(0.9, 0.3)),
        row("mean", "x", reached(0.8, 0.2), reached(1.0, 0.2)),
        row("also", "x", reached(0.9, 0.3)),
    ]
    assert ids(by_validation(rows)) == ["mean", "tie", "also", "low"]


def test_the_highest_and_the_highest_of_another_chapter() -> None:
    rows = [
        row("a", "one", reached(0.90)),
        row("b", "one", reached(0.95)),
        row("c", "two", reached(0.70)),
        row("d", "two", reached(0.80)),
    ]
    assert ids(two_to_compare(rows)) == ["b", "d"]
    assert ids(two_to_compare(rows[:2])) == ["b", "a"]
    assert two_to_compare(rows[:1]) is None and two_to_compare([]) is None


def test_one_training_under_two_titles_is_not_compared_with_itself() -> None:
    first = row("a", "one", reached(0.9))
    again = dataclasses.replace(first, row=samples.row("b", "two"))
    assert two_to_compare([first, again]) is None
    assert ids(two_to_compare([first, again, row("c", "one", reached(0.5))])) == ["a", "c"]


def test_rows_on_other_items_are_left_out() -> None:
    small = samples.record(n_test=50)
    odd = row(
        "odd",
        "two",
        dataclasses.replace(
            small, evaluation=dict(small.evaluation) | {"validation": {"accuracy": 1.0, "loss": 0}}
        ),
    )
    rows = [row("a", "one", reached(0.9)), odd, row("c", "one", reached(0.5))]
    assert ids(two_to_compare(rows)) == ["a", "c"]


def test_the_difference_is_per_run() -> None:
    one = row("a", "x", reached(0.9, seed=1))
    two = row("b", "x", reached(0.9, seed=2), reached(0.9, seed=3), Failure("timeout", ""))
    each = [
        confusion_matrix(record.test.y_true, record.test.y_pred, labels=range(10))
        for record in (*one.records, *two.records)
    ]
    np.testing.assert_allclose(mean_matrix(two), (each[1] + each[2]) / 2)
    np.testing.assert_allclose(matrix_difference(one, two), each[0] - (each[1] + each[2]) / 2)
    np.testing.assert_allclose(matrix_difference(one, two), -matrix_difference(two, one))
    # As many items of every class in both: every line sums to nothing.
    np.testing.assert_allclose(matrix_difference(one, two).sum(axis=1), 0, atol=1e-12)


def test_other_items_are_refused() -> None:
    one = row("a", "x", reached(0.9))
    others = [
        row("b", "x", samples.record(n_test=50)),
        row("b", "x", samples.record(dataset="fashion_mnist", n_test=100)),
        row("b", "x", samples.record(class_names=list("abcdefghij"), n_test=100)),
    ]
    for other in others:
        with pytest.raises(ValueError, match="rows a and b were not tested on the same items"):
            matrix_difference(one, other)
    with pytest.raises(ValueError, match="row b has no record"):
        matrix_difference(one, row("b", "x", Failure("timeout", "")))


def test_the_classes_that_differ_most() -> None:
    difference = np.zeros((5, 5))
    difference[3, 1], difference[0, 0], difference[4, 2] = -7, 5, 1
    assert most_different(difference, 3) == [0, 1, 3]
    assert most_different(difference, 9) == [0, 1, 2, 3, 4]
