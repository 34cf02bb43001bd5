"""Rows that have not the same seeds: every run of the one against every run of the other."""

from __future__ import annotations

import dataclasses
import math

import pytest
from scipy import stats

from reportgen.analysis import statistics
from reportgen.analysis.differences import difference
from reportgen.analysis.luck import Luck
from reportgen.analysis.scores import score
from reportgen.results import Failure, Result
from tests.analysis.invented_runs import ITEMS, row


def test_every_run_counts_where_the_rows_have_not_the_same_seeds() -> None:
    # What the one run at the shared seed says alone depends on which seed that is.
    a, b = row("a", [range(9), range(30), range(40)]), row("b", [range(20)], seed=43)
    found, back = difference(a, b), difference(b, a)
    assert (found.basis, found.pairs, found.seeds, found.p) == ("points", 3, (), None)
    assert found.points == pytest.approx((11 / ITEMS, -10 / ITEMS, -20 / ITEMS))
    assert found.difference == pytest.approx((20 - (9 + 30 + 40) / 3) / ITEMS)
    assert back.points == pytest.approx([-point for point in found.points])
    means = [score(each, "test_accuracy").mean for each in (a, b)]
    assert found.difference == means[0] - means[1]  # of the very means that the tables print
    assert (found.only_first, found.only_second) == (11, 30)
    assert "every run of the one is set against every run of the other" in found.meaning
    assert "99.5 % interval of every pair" in found.meaning and found.unused == 0


def test_pairs_of_runs_are_told_apart_only_where_each_says_so_strictly() -> None:
    a = row("a", [range(60), range(62), range(64)])
    ends = [statistics.paired_interval(0, k - 10, ITEMS, 0.995) for k in (60, 62, 64)]
    found = difference(a, row("b", [range(10)]))
    assert (found.low, found.high) == (min(low for low, _ in ends), max(high for _, high in ends))
    assert found.different and found.verdict == "lower" and found.level == pytest.approx(0.995)
    one_near = row("a", [range(60), range(18), range(64)])
    assert statistics.paired_interval(0, 8, ITEMS)[1] < 0 < statistics.paired_interval(0, 8, ITEMS, 0.995)[1]
    assert not difference(one_near, row("b", [range(10)])).different


def test_pairs_of_runs_allow_for_the_luck_of_the_row_with_few() -> None:
    a, b = row("a", [range(60), range(62), range(64)]), row("b", [range(10)])
    luck = Luck(0.06, 8, 4, 12)
    known = difference(a, b, luck=luck)
    half = stats.t.ppf(0.975, 8) * 0.06 * math.sqrt(1 + 1 / 3)
    assert known.allowance == pytest.approx(half) and not known.different
    assert difference(a, b, luck=Luck(0.04, 8, 4, 12)).different
    assert known.smallest > difference(a, b).smallest


def test_validation_measures_keep_to_the_runs_with_the_same_items() -> None:
    a, b = row("a", [range(9), range(30), range(40)]), row("b", [range(20)], seed=43)
    found = difference(a, b, "validation_accuracy")
    assert found.seeds == (43,) and found.points == pytest.approx((-10 / ITEMS,)) and found.basis == "items"
    assert found.unused == 2 and found.meaning.endswith("only one of the two rows has are left out.")


def test_runs_on_other_test_items_are_no_pairs() -> None:
    a, b = row("a", [range(9), range(30), range(40)]), row("b", [range(20)], items=ITEMS - 2, seed=43)
    found = difference(a, b)
    assert found.basis == "unpaired" and found.pairs == 0 and found.unused == 2


def test_five_shared_seeds_keep_the_t_test_and_say_what_is_left_out() -> None:
    wrong = [range(k) for k in (30, 28, 33, 31, 29)]
    found = difference(row("a", [*wrong, range(40)]), row("b", wrong[::-1]))
    assert found.basis == "seeds" and found.seeds == (42, 43, 44, 45, 46) and found.unused == 1
    assert "left out" in found.meaning
    assert "left out" not in difference(row("a", wrong), row("b", wrong[::-1])).meaning


def test_a_failed_run_leaves_the_others_to_be_paired() -> None:
    a, b = row("a", [range(9), range(30)]), row("b", [range(9), range(20)])
    broken = dataclasses.replace(b.runs[0], record=None, failure=Failure("error", "it broke"))
    found = difference(a, Result(b.row, (broken, b.runs[1])))
    assert found.pairs == 2 and sorted(found.points) == pytest.approx([-10 / ITEMS, 11 / ITEMS])
