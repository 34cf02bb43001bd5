"""Scores of rows: one run and several, accuracies, losses and F1."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import f1_score, log_loss
from statsmodels.stats.proportion import proportion_confint

from reportgen.analysis.scores import MEASURES, item_losses, score
from reportgen.results import Failure
from tests import samples
from tests.analysis.invented_runs import ITEMS, row


def test_one_run_has_wilsons_interval_a_standard_error_and_no_standard_deviation() -> None:
    found = score(row("a", [range(20)]), "test_accuracy")
    assert (found.mean, found.values, found.n, found.items) == (0.95, (0.95,), 1, ITEMS)
    assert found.basis == "wilson" and found.sd is None
    assert (found.low, found.high) == pytest.approx(proportion_confint(380, 400, method="wilson"))
    assert found.standard_error == pytest.approx(math.sqrt(0.95 * 0.05 / 400))


def test_several_runs_have_the_interval_of_their_mean_and_both_errors() -> None:
    found = score(row("a", [range(20), range(24), range(10)]), "test_accuracy")
    values = (0.95, 0.94, 0.975)
    assert found.values == pytest.approx(values) and found.n == 3
    assert found.mean == pytest.approx(np.mean(values))
    assert found.sd == pytest.approx(np.std(values, ddof=1))
    assert found.standard_error == pytest.approx(np.mean([math.sqrt(v * (1 - v) / 400) for v in values]))
    expected = stats.t.interval(0.95, 2, np.mean(values), stats.sem(values))
    assert found.basis == "t" and (found.low, found.high) == pytest.approx((expected[0], min(1, expected[1])))


def test_runs_that_left_no_record_do_not_count() -> None:
    made = samples.repeated(samples.row(), [samples.record(), Failure("error", "it broke"), samples.record()])
    assert score(made, "validation_accuracy").n == 2


def test_macro_f1_is_that_of_scikit_learn_with_a_bootstrap_interval() -> None:
    result = samples.result(samples.row(), "0", 42, samples.record(accuracy=0.9))
    test = samples.record(accuracy=0.9).test
    found = score(result, "macro_f1")
    assert found.mean == pytest.approx(f1_score(test.y_true, test.y_pred, average="macro"))
    assert found.basis == "bootstrap" and found.low < found.mean < found.high
    assert found.standard_error is None


def test_a_loss_has_the_interval_of_its_items() -> None:
    made = samples.record()
    # scikit-learn clips at 2e-16 where the report clips at 1e-38: no probability here is as small as either.
    soft = (0.97 * made.test.probabilities + 0.003).astype(np.float32)
    made = dataclasses.replace(made, test=dataclasses.replace(made.test, probabilities=soft))
    found = score(samples.result(samples.row(), "0", 42, made), "test_loss")
    losses = item_losses(made, "test_loss")
    given = soft.astype(np.float64) / soft.sum(axis=1, keepdims=True)
    assert losses.mean() == pytest.approx(log_loss(made.test.y_true, given), rel=1e-4)
    assert found.mean == made.evaluation["test"]["loss"] and found.basis == "normal"
    assert found.high - found.mean == pytest.approx(1.959964 * stats.sem(losses), rel=1e-6)


def test_a_squared_error_is_taken_as_such() -> None:
    made = dataclasses.replace(samples.record(), loss={"name": "mean_squared_error"})
    wanted = np.eye(10)[made.test.y_true]
    assert item_losses(made, "test_loss") == pytest.approx(
        ((made.test.probabilities - wanted) ** 2).mean(axis=1)
    )


def test_validation_measures_read_the_validation_items() -> None:
    result = samples.result(samples.row(), "0", 42, samples.record(n_test=2000, n_validation=1200))
    assert score(result, "validation_accuracy").items == 1200
    assert score(result, "test_accuracy").items == 2000


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("runs", [1, 2])
def test_a_model_without_an_error_has_finite_figures(measure: str, runs: int) -> None:
    found = score(row("a", [[]] * runs), measure)
    assert all(math.isfinite(number) for number in (found.mean, found.low, found.high))
    assert found.low <= found.mean <= found.high


def test_what_cannot_be_scored_is_refused() -> None:
    failed = samples.result(samples.row(), "0", 42, failure=Failure("error", "it broke"))
    with pytest.raises(ValueError, match="no record"):
        score(failed, "test_accuracy")
    with pytest.raises(ValueError, match="no measure"):
        score(row("a", [[]]), "accuracy")
