"""Trials of a search: what is read of their rows, and the best so far."""

from __future__ import annotations

import math

import pytest

from reportgen.analysis.choice import standard_error
from reportgen.analysis.trials import searched
from tests import searches
from tests.searches import FAILED, NOT_YET

OUTCOMES = (0.8, FAILED, 0.85, 0.85, 0.6, 0.9, 0.7, NOT_YET)


def test_the_best_so_far_gives_way_only_to_a_better_one() -> None:
    stage, results = searches.search(OUTCOMES)
    found = searched(stage, results)
    assert [best and best.number for best in found.best_so_far()] == [1, 1, 3, 3, 3, 6, 6, 6]
    assert found.winner is not None and found.winner.number == 6 and not found.finished
    assert [trial.number for trial in found.ordered(found.done)] == [6, 3, 4, 1, 7, 5]


def test_before_the_first_measure_there_is_no_best() -> None:
    found = searched(*searches.search((FAILED, 0.7, NOT_YET)))
    assert [best and best.number for best in found.best_so_far()] == [None, 2, 2]
    assert searched(*searches.search((FAILED, NOT_YET))).winner is None


def test_a_failed_trial_is_told_from_one_to_come() -> None:
    found = searched(*searches.search(OUTCOMES))
    lost, later = found.trials[1], found.trials[7]
    assert (lost.failure, lost.to_come, later.to_come) == ("timeout", False, True)
    assert lost.measure is None and lost.weights is None


def test_by_loss_the_least_is_the_best_and_its_error_is_that_of_the_mean() -> None:
    stage, results = searches.search((0.8, 0.9, 0.7), measure="validation_loss", kept=2)
    found = searched(stage, results)
    assert [best and best.number for best in found.best_so_far()] == [1, 2, 2]
    assert [trial.measure for trial in found.trials] == pytest.approx([0.3, 0.2, 0.4])
    assert found.merit(found.trials[1]) == pytest.approx(-0.2) and found.finished
    # 360 of 400 images cost -ln 0.9, the others -ln 0.1.
    gap = math.log(0.9) - math.log(0.1)
    assert found.trials[1].error == pytest.approx(gap * math.sqrt(0.9 * 0.1 / 399), rel=1e-5)


def test_the_error_of_an_accuracy_is_that_of_the_choice() -> None:
    stage, results = searches.search((0.8, 0.9))
    assert searched(stage, results).trials[1].error == standard_error(results[1].records)


def test_trials_of_equal_settings_count_once() -> None:
    values = [searches.settings(number) for number in (1, 2, 1, 3, 1)]
    found = searched(*searches.search((0.8, 0.9, 0.8, 0.7, 0.8), values=values))
    assert [trial.like for trial in found.trials] == [None, None, 1, None, 1]
    assert [trial.number for trial in found.distinct] == [1, 2, 4]
