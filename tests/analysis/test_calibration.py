"""Calibration: against scikit-learn's own answers, and only where there are errors to see it by."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from scipy.special import logsumexp, softmax
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss, log_loss

from reportgen.analysis.calibration import (
    brier,
    calibration,
    enough_errors,
    negative_log_likelihood,
    reliability,
)
from reportgen.analysis.scores import item_losses
from reportgen.analysis.statistics import wilson
from reportgen.records import Predictions
from reportgen.results import Failure
from tests import samples


def soft(n: int = 3000, classes: int = 4, seed: int = 0) -> Predictions:
    """Predictions with probabilities of all sizes, none of them 0."""
    rng = np.random.default_rng(seed)
    probabilities = rng.dirichlet(np.full(classes, 0.6), n) * 0.96 + 0.01
    truth = np.array([rng.choice(classes, p=each / each.sum()) for each in probabilities], dtype=np.int64)
    given = probabilities.astype(np.float32)
    return Predictions(np.arange(n, dtype=np.int64), truth, given.argmax(axis=1), given)


def test_negative_log_likelihood_and_brier_are_those_of_scikit_learn() -> None:
    made = soft()
    given = made.probabilities / made.probabilities.sum(axis=1, keepdims=True)
    assert negative_log_likelihood(made) == pytest.approx(log_loss(made.y_true, given), rel=1e-5)
    theirs = brier_score_loss(made.y_true, given, scale_by_half=False)
    assert brier(made) == pytest.approx(theirs, rel=1e-5)


def test_a_class_that_was_given_no_chance_costs_a_lot_and_not_infinity() -> None:
    given = np.array([[1.0, 0.0]], dtype=np.float32)
    made = Predictions(np.array([0]), np.array([1]), np.array([0]), given)
    assert negative_log_likelihood(made) == pytest.approx(-math.log(np.finfo(np.float32).tiny))
    assert brier(made) == 2.0


def test_the_negative_log_likelihood_is_the_test_loss_of_a_model_without_penalties() -> None:
    # The loss as a network evaluates it, from its last sums: log of the sum of the exponentials less the own sum.
    sums = np.random.default_rng(3).normal(0, 9, (500, 10))
    truth = np.arange(500, dtype=np.int64) % 10
    loss = float((logsumexp(sums, axis=1) - sums[np.arange(500), truth]).mean())
    given = softmax(sums, axis=1).astype(np.float32)
    assert (given[np.arange(500), truth] < 1e-7).sum() > 50  # the premise: what a clip at 1e-7 would lose
    made = Predictions(np.arange(500, dtype=np.int64), truth, given.argmax(axis=1), given)
    scores = {"loss": loss, "accuracy": float((made.y_pred == truth).mean())}
    record = dataclasses.replace(
        samples.record(), test=made, evaluation={"test": scores, "validation": scores}
    )
    found = calibration(samples.result(samples.row(), "0", 42, record))
    assert found.negative_log_likelihood == pytest.approx(record.evaluation["test"]["loss"], rel=1e-6)
    assert item_losses(record, "test_loss").mean() == pytest.approx(loss, rel=1e-6)


def test_reliability_is_that_of_scikit_learn_with_wilsons_intervals() -> None:
    made = soft()
    sure, right = made.probabilities.max(axis=1), made.y_true == made.y_pred
    accuracy, confidence = calibration_curve(right, sure, n_bins=10)
    found = reliability(made)
    assert [each.accuracy for each in found] == pytest.approx(accuracy)
    assert [each.confidence for each in found] == pytest.approx(confidence, rel=1e-5)
    assert sum(each.n for each in found) == len(right)
    first = found[0]
    assert (first.accuracy_low, first.accuracy_high) == wilson(round(first.accuracy * first.n), first.n)
    assert all(each.low < each.confidence <= each.high + 1e-6 for each in found)


def test_empty_bins_are_left_out_and_no_bins_refused() -> None:
    given = np.array([[0.95, 0.05], [0.0, 1.0]], dtype=np.float32)
    made = Predictions(np.arange(2), np.array([0, 1]), np.array([0, 1]), given)
    assert [(each.low, each.n) for each in reliability(made)] == [(0.9, 2)]
    with pytest.raises(ValueError, match="at least one bin"):
        reliability(made, 0)


def test_few_errors_are_not_enough() -> None:
    assert not enough_errors(samples.record(accuracy=0.975).test)
    assert enough_errors(samples.record(accuracy=0.9).test)


def test_a_row_has_the_means_of_its_runs() -> None:
    records = [samples.record(accuracy=0.9, seed=seed) for seed in (1, 2, 3)]
    found = calibration(samples.repeated(samples.row(), records))
    losses = [negative_log_likelihood(each.test) for each in records]
    assert found.negative_log_likelihood == pytest.approx(np.mean(losses)) and found.n == 3
    assert found.negative_log_likelihood_sd == pytest.approx(np.std(losses, ddof=1))
    assert found.brier == pytest.approx(np.mean([brier(each.test) for each in records]))
    assert found.accuracy == pytest.approx(np.mean([each.evaluation["test"]["accuracy"] for each in records]))
    assert found.errors == pytest.approx(2000 * (1 - found.accuracy)) and found.enough


def test_one_run_has_no_standard_deviation_and_none_has_nothing() -> None:
    one = samples.result(samples.row(), "0", 42, samples.record())
    assert calibration(one).brier_sd is None and calibration(one).negative_log_likelihood_sd is None
    gone = dataclasses.replace(one.runs[0], record=None, failure=Failure("error", "it broke"))
    with pytest.raises(ValueError, match="no record"):
        calibration(dataclasses.replace(one, runs=(gone,)))
