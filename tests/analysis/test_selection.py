"""What choosing the best of many is worth: against order statistics, simulation and known networks."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from reportgen.analysis.selection import expected_maximum, selection, selection_bias
from reportgen.analysis.trials import searched
from tests import searches


@pytest.mark.parametrize("n", [1, 2, 3, 10, 50, 1000])
def test_the_expected_maximum_is_that_of_the_density_of_order_statistics(n: int) -> None:
    density = quad(lambda x: x * n * norm.pdf(x) * norm.cdf(x) ** (n - 1), -12, 12, limit=400)[0]
    assert expected_maximum(n) == pytest.approx(density, abs=1e-6)


def test_the_expected_maximum_of_two_and_of_three_are_known() -> None:
    assert expected_maximum(2) == pytest.approx(1 / math.sqrt(math.pi), abs=1e-7)
    assert expected_maximum(3) == pytest.approx(1.5 / math.sqrt(math.pi), abs=1e-7)


def test_the_expected_maximum_against_simulation() -> None:
    drawn = np.random.default_rng(3).standard_normal((40_000, 24)).max(axis=1)
    assert expected_maximum(24) == pytest.approx(drawn.mean(), abs=4 * drawn.std() / 200)


def test_of_nothing_there_is_no_maximum() -> None:
    with pytest.raises(ValueError, match="the largest of 0"):
        expected_maximum(0)


def test_the_bias_of_equal_networks_is_what_the_choice_adds() -> None:
    """Thirty networks of 90 %: the highest of their shares is 90 % and the bias."""
    rng = np.random.default_rng(1)
    every = [(rng.random((30, 600)) < 0.9).astype(float) for _ in range(25)]
    real = np.mean([scores.mean(axis=1).max() - 0.9 for scores in every])
    found = np.mean([selection_bias(scores, 200) for scores in every])
    theory = expected_maximum(30) * math.sqrt(0.09 / 600)
    assert found == pytest.approx(real, rel=0.15) and found == pytest.approx(theory, rel=0.15)


def test_a_network_far_ahead_of_all_others_has_next_to_no_bias() -> None:
    rng = np.random.default_rng(2)
    scores = (rng.random((20, 2000)) < 0.5).astype(float)
    scores[7] = rng.random(2000) < 0.95
    assert selection_bias(scores) < 0.002
    assert selection_bias(scores) == selection_bias(scores) >= 0


def test_equal_trials_lead_by_no_more_than_luck() -> None:
    rng = np.random.default_rng(8)
    shares = rng.binomial(searches.ITEMS, 0.8, 24) / searches.ITEMS
    stage, results = searches.search(shares.tolist(), kept=int(shares.argmax()) + 1)
    made = selection(searched(stage, results), results)
    assert made is not None and made.luck is not None and made.error is not None and made.bias is not None
    best = float(shares.max())
    assert made.error == pytest.approx(math.sqrt(best * (1 - best) / searches.ITEMS), rel=1e-6)
    assert made.luck == pytest.approx(expected_maximum(24) * made.error)
    assert made.lead == pytest.approx(best - float(np.median(shares)), abs=1e-6)
    assert made.lead < 1.3 * made.luck and 0.3 * made.luck < made.bias < 1.5 * made.luck
    assert made.against is not None and not made.against.different


def test_a_trial_far_ahead_is_told_from_the_median_one() -> None:
    shares = [0.5 + number / 100 for number in range(11)]
    stage, results = searches.search([*shares, 0.97], kept=12)
    made = selection(searched(stage, results), results)
    assert made is not None and made.luck is not None and made.lead > made.luck
    assert made.middle == 6 and made.trials == 12 and made.tests == 11
    assert made.against is not None and made.against.different
    assert made.against.difference.first == "hp-06" and made.against.difference.second == "hp-12"
    assert made.bias is not None and made.bias < 0.01


def test_by_loss_a_lead_is_positive_too() -> None:
    stage, results = searches.search((0.5, 0.6, 0.95), measure="validation_loss", kept=3)
    made = selection(searched(stage, results), results)
    assert made is not None and made.lead == pytest.approx(0.5 - 0.15) and made.luck is not None
    assert made.against is not None and made.against.difference.measure == "validation_loss"


def test_one_trial_was_not_chosen() -> None:
    stage, results = searches.search((0.9,), kept=1)
    assert selection(searched(stage, results), results) is None


def test_a_trial_that_is_proposed_again_is_compared_once() -> None:
    stage, results = searches.search([0.5 + number / 100 for number in range(11)] + [0.97], kept=12)
    again = dataclasses.replace(results[4], runs=results[3].runs)
    found = searched(stage, results)
    twice = dataclasses.replace(
        found, trials=(*found.trials[:4], dataclasses.replace(found.trials[4], like=4), *found.trials[5:])
    )
    made = selection(twice, (*results[:4], again, *results[5:]))
    assert made is not None and (made.trials, made.tests) == (11, 10)
