"""The winner trained anew: the seed of the search told apart from fresh ones, and what is said of it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy.stats import t

from reportgen.analysis.retrained import retrained
from reportgen.analysis.retrained_words import retrained_words
from reportgen.analysis.trials import searched
from reportgen.results import Failure, Result
from tests import searches
from tests.tables.reading import spaced

FRESH = (0.85, 0.86, 0.88)


def made(row: Result | None = None) -> tuple[str, list[Result]]:
    """What is said of a search whose second trial is the best, 90 %, and of a row that begins with it."""
    stage, results = searches.search((0.8, 0.9, 0.7, 0.6, 0.75), kept=2)
    every = [*results, *([row] if row is not None else [])]
    found = searched(stage, every)
    rows = retrained(found, every)
    return spaced(" ".join(retrained_words(found, rows, len(found.distinct)))), every


def winner() -> Result:
    return searches.search((0.8, 0.9), kept=2)[1][1]


def test_fresh_seeds_are_without_that_of_the_search() -> None:
    stage, results = searches.search((0.8, 0.9), kept=2)
    every = [*results, searches.anew(results[1], (0.9, *FRESH))]
    (row,) = retrained(searched(stage, every), every)
    assert row.search_seeds == (1,) and row.fresh == (2, 3, 4) and row.itself and row.lost == 0
    assert row.validation is not None and row.validation.mean == pytest.approx(np.mean(FRESH))
    half = t.ppf(0.975, 2) * np.std(FRESH, ddof=1) / np.sqrt(3)
    assert (row.validation.low, row.validation.high) == pytest.approx(
        (np.mean(FRESH) - half, np.mean(FRESH) + half)
    )
    assert row.short(by_loss=False) == pytest.approx(0.9 - np.mean(FRESH))
    assert row.changed == () and row.other_images


def test_a_score_that_does_not_come_again_is_regression_to_the_mean() -> None:
    said, _ = made(searches.anew(winner(), (0.9, *FRESH)))
    assert (
        "“Trained anew”: 90.00 % in the search, which selected it; 86.33 % as the mean of 3 fresh seeds"
        in said
    )
    assert "(2 to 4), which selected nothing, with a 95 % interval of 82.54 % to 90.13 %" in said
    assert "The run with seed 1 is that of the search and does not count." in said
    assert "They fall short of it by 3.67 points. That is regression to the mean" in said
    assert "Their interval holds the selected score" in said
    assert "s.d. 1.53 points), the best of 5 equal networks would lie 1.78 points ahead of their mean" in said


def test_seeds_that_do_not_fall_short_are_no_regression() -> None:
    said, _ = made(searches.anew(winner(), (0.9, 0.91, 0.92)))
    assert "do not fall short of the selected score" in said and "regression to the mean: a" not in said


def test_one_fresh_seed_has_no_interval() -> None:
    said, _ = made(searches.anew(winner(), (0.9, 0.85)))
    assert "85.00 % with the one fresh seed, 2, which selected nothing" in said and "interval" not in said
    assert "It falls short of it by 5.00 points." in said and "says little with one fresh seed" in said


def test_without_a_fresh_seed_nothing_is_known() -> None:
    said, _ = made(searches.anew(winner(), (0.9,)))
    assert "has no result with a seed other than that of the search (1)" in said


def test_a_row_that_trains_the_winner_anew_is_asked_for() -> None:
    said, _ = made()
    assert 'from = "best:hp" and repeats would' in said


def test_a_search_that_goes_on_says_nothing_yet() -> None:
    stage, results = searches.search((0.8, 0.9), size=8)
    found = searched(stage, results)
    assert not retrained(found, results) and not list(retrained_words(found, (), 2))


def test_other_settings_are_named() -> None:
    said, _ = made(searches.anew(winner(), (0.9, *FRESH), epochs=30))
    assert "“Trained anew” differs from the winner in Epochs as well" in said
    assert "does not count" not in said


def test_a_lost_seed_is_left_out() -> None:
    row = searches.anew(winner(), (0.9, *FRESH))
    lost = dataclasses.replace(row.runs[2], record=None, failure=Failure("timeout", "too long"))
    row = dataclasses.replace(row, runs=(*row.runs[:2], lost, row.runs[3]))
    stage, results = searches.search((0.8, 0.9), kept=2)
    (found,) = retrained(searched(stage, [*results, row]), [*results, row])
    assert found.fresh == (2, 4) and found.lost == 1
