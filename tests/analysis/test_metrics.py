"""Metrics against scikit-learn and statsmodels."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn import metrics as reference

from reportgen.analysis import metrics
from reportgen.records import Predictions, Record
from reportgen.results import Failure, Result
from tests import samples


def labelled(y_true: list[int], y_pred: list[int], classes: int) -> Predictions:
    n = len(y_true)
    return Predictions(
        np.arange(n),
        np.array(y_true, np.int64),
        np.array(y_pred, np.int64),
        np.zeros((n, classes), np.float32),
    )


@st.composite
def labels(draw: st.DrawFn) -> tuple[Predictions, int]:
    classes = draw(st.integers(2, 12))
    n = draw(st.integers(1, 60))
    values = st.lists(st.integers(0, classes - 1), min_size=n, max_size=n)
    return labelled(draw(values), draw(values), classes), classes


@settings(deadline=None)
@given(labels())
def test_matrix_and_scores_agree_with_scikit_learn(case: tuple[Predictions, int]) -> None:
    predictions, classes = case
    everything = list(range(classes))
    matrix = metrics.confusion_matrix(predictions, classes)
    expected = reference.confusion_matrix(predictions.y_true, predictions.y_pred, labels=everything)
    np.testing.assert_array_equal(matrix, expected)
    scores = metrics.class_scores(matrix)
    precision, recall, f1, support = reference.precision_recall_fscore_support(
        predictions.y_true, predictions.y_pred, labels=everything, zero_division=0
    )
    np.testing.assert_allclose(scores.precision, precision)
    np.testing.assert_allclose(scores.recall, recall)
    np.testing.assert_allclose(scores.f1, f1)
    np.testing.assert_array_equal(scores.support, support)
    # Without `labels` scikit-learn averages over the classes that occur, as we do.
    ours = metrics.macro_f1(matrix)
    assert ours == pytest.approx(
        reference.f1_score(predictions.y_true, predictions.y_pred, average="macro", zero_division=0)
    )


def test_rows_are_true_classes() -> None:
    matrix = metrics.confusion_matrix(labelled([0, 0, 0], [1, 1, 0], 2), 2)
    assert matrix.tolist() == [[1, 2], [0, 0]]


def test_macro_f1_of_nothing_is_zero() -> None:
    assert metrics.macro_f1(np.zeros((3, 3), np.int64)) == 0.0


def matrix_of(rows: list[list[int]]) -> NDArray[np.int64]:
    return np.array(rows, np.int64)


def test_confused_pairs_are_unordered_and_share_all_errors() -> None:
    matrix = matrix_of([[10, 1, 4], [2, 10, 0], [9, 0, 10]])
    first, second = metrics.confused_pairs(matrix)
    assert (first.first, first.second, first.count) == (2, 0, 13)
    assert (first.first_as_second, first.second_as_first) == (9, 4)
    assert (second.first, second.second, second.count) == (1, 0, 3)
    assert first.share == pytest.approx(13 / 16) and first.share + second.share == pytest.approx(1)
    assert metrics.confused_pairs(matrix, most=1) == (first,)
    assert metrics.confused_pairs(np.diag([3, 4])) == ()


def with_curves(record: Record, loss: list[float], accuracy: list[float]) -> Record:
    values = {
        "loss": np.array(loss), "accuracy": np.array(accuracy),
        "val_loss": np.array(loss), "val_accuracy": np.array(accuracy),
    }  # fmt: skip
    return dataclasses.replace(record, history=values, tested_epoch=1)


def test_best_epochs_are_apart_first_on_ties_and_never_nan() -> None:
    record = samples.record(n_test=20, n_validation=20)
    best = metrics.best_epochs(with_curves(record, [0.4, 0.2, 0.2, 0.3], [0.7, 0.8, 0.9, 0.9]))
    assert (best.by_loss, best.by_accuracy) == (2, 3)
    assert (best.last_by_loss, best.last_by_accuracy) == (3, 4)
    assert (best.lowest_loss, best.highest_accuracy) == (0.2, 0.9)
    broken = metrics.best_epochs(with_curves(record, [np.nan, 0.5, np.nan], [np.nan, 0.5, np.nan]))
    assert (broken.by_loss, broken.by_accuracy) == (2, 2)
    assert (broken.last_by_loss, broken.last_by_accuracy) == (2, 2)
    assert metrics.best_epochs(with_curves(record, [0.5], [0.5])).by_loss == 1


def test_standard_error() -> None:
    assert metrics.standard_error(9185, 10_000) == pytest.approx(0.002736, abs=1e-6)
    with pytest.raises(ValueError, match="no items"):
        metrics.standard_error(0, 0)


def scored(name: str, accuracy: float, loss: float, dataset: str = "mnist") -> Result:
    record = samples.record(n_test=20, n_validation=20, dataset=dataset)
    evaluation = {
        "test": {"loss": 1.0, "accuracy": 1 - accuracy},
        "validation": {"loss": loss, "accuracy": accuracy},
    }
    return samples.result(samples.row(name), name, 42, dataclasses.replace(record, evaluation=evaluation))


def test_ranks_are_by_validation_within_a_data_set() -> None:
    results = [
        scored("worse", 0.90, 0.1), scored("best", 0.95, 0.3), scored("tie-high-loss", 0.93, 0.4),
        scored("tie-low-loss", 0.93, 0.2), scored("equal", 0.90, 0.1), scored("other", 0.5, 0.2, "fashion_mnist"),
        samples.result(samples.row("lost"), "lost", 42, failure=Failure("timeout", "too long")),
    ]  # fmt: skip
    found = {name: (rank.rank, rank.of) for name, rank in metrics.ranks(results).items()}
    assert found == {
        "best": (1, 5), "tie-low-loss": (2, 5), "tie-high-loss": (3, 5), "worse": (4, 5), "equal": (4, 5),
        "other": (1, 1),
    }  # fmt: skip


def test_the_order_is_of_the_mean_over_seeds_and_float32_makes_no_difference() -> None:
    def runs(name: str, loss: float, *accuracies: float) -> Result:
        records = [scored(name, accuracy, loss).records[0] for accuracy in accuracies]
        return samples.repeated(samples.row(name), records)

    # Keras's float32 for 0.98, 0.96 and 0.97: the means are one and the same accuracy, so the loss decides.
    one = runs("one", 0.2, 0.9800000190734863, 0.9599999785423279)
    other = runs("other", 0.1, 0.9700000286102295, 0.9700000286102295)
    slightly = runs("slightly", 0.3, 0.9700000286102295, 0.9701666831970215)
    assert metrics.validation_accuracy(one) == metrics.validation_accuracy(other) == 0.97
    found = {name: rank.rank for name, rank in metrics.ranks([one, other, slightly]).items()}
    assert found == {"slightly": 1, "other": 2, "one": 3}
