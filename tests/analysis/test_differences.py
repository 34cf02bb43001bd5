"""Differences of rows: by items, by seeds, by neither; the same run, reruns, and rank ranges."""

from __future__ import annotations

import dataclasses
import math
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from reportgen.analysis import statistics
from reportgen.analysis.difference_words import MEANING, PAIRS, WELCH
from reportgen.analysis.differences import Difference, RankRange, difference, rank_ranges
from reportgen.analysis.luck import training_luck
from reportgen.analysis.scores import item_losses
from reportgen.results import Failure, Result
from tests import samples
from tests.analysis.invented_runs import ITEMS, drawn, row

FORBIDDEN = ("better", "worse", "equal", "best", "significant")


def test_two_single_runs_are_compared_on_their_items() -> None:
    # 30 wrong against 12, of which 10 are wrong in both.
    found = difference(row("a", [range(30)]), row("b", [range(20, 32)]))
    assert found.basis == "items" and (found.only_first, found.only_second) == (2, 20)
    assert found.difference == pytest.approx(-18 / ITEMS) and found.items == ITEMS
    assert found.p == pytest.approx(stats.binomtest(2, 22).pvalue)
    assert (found.low, found.high) == statistics.paired_interval(2, 20, ITEMS)
    assert found.different and found.verdict == "lower"
    assert "these two trained models on this test set" in found.meaning and "luck" in found.meaning


def test_models_that_differ_do_not_make_rows_that_differ() -> None:
    # p = 0.02: these two models differ on this test set, but another seed might have turned it round.
    found = difference(row("a", [range(14)]), row("b", [range(11, 15)]))
    assert found.p is not None and 0.005 < found.p < 0.05 and found.high < 0
    assert found.trained_models_differ and not found.different
    assert found.verdict == "not distinguishable" and found.judged_at == pytest.approx(0.995)


def test_identical_predictions_of_two_rows_have_a_p_of_one_and_a_finite_interval() -> None:
    found = difference(row("a", [range(9)]), row("b", [range(9)]))
    assert (found.difference, found.p, found.only_first, found.only_second) == (0.0, 1.0, 0, 0)
    assert found.low < 0 < found.high and math.isfinite(found.low) and found.relation == "other"
    assert found.verdict == "not distinguishable" and found.smallest > 0


def test_the_same_run_is_called_so() -> None:
    a = row("a", [range(9), range(8)])
    b = row("b", [range(9), range(8)], like="a")
    found = difference(a, b)
    assert (found.relation, found.verdict) == ("same run", "the same run")
    assert (found.difference, found.low, found.high, found.p) == (0.0, 0.0, 0.0, None)
    assert not found.different and "no evidence" in found.meaning


@pytest.mark.parametrize("runs", [1, 3])
def test_settings_that_did_not_act_leave_the_same_weights(runs: int) -> None:
    a, b = row("a", [range(9)] * runs), row("b", [range(9)] * runs)
    a, b = with_weights(a, "w"), with_weights(b, "w")
    found = difference(a, b)
    assert (found.relation, found.verdict, found.nothing) == ("same weights", "the same weights", True)
    assert (found.difference, found.low, found.high, found.p) == (0.0, 0.0, 0.0, None)
    assert not found.different and "did not act in the epochs that were trained" in found.meaning
    assert difference(a, with_weights(b, "v")).relation == "other"
    assert difference(with_weights(a, ""), with_weights(b, "")).relation == "other", "not known"
    # A layer without weights may answer otherwise with the same ones.
    assert difference(a, with_weights(row("b", [range(8)] * runs), "w")).relation == "other"


def with_weights(result: Result, digest: str) -> Result:
    """The same row with such a digest at every seed."""
    runs = tuple(
        dataclasses.replace(
            run, record=dataclasses.replace(run.record, weights=digest and f"{digest}{run.seed}")
        )
        for run in result.runs
        if run.record is not None
    )
    return dataclasses.replace(result, runs=runs)


@pytest.mark.parametrize("runs", [1, 2, 5])
def test_reruns_are_luck_however_far_apart(runs: int) -> None:
    a = row("a", [range(80)] * runs)
    b = row("b", [range(10)] * runs, seed=42 + runs, like="a")
    b = Result(b.row, tuple(dataclasses.replace(run, key=f"other-{run.seed}") for run in b.runs))
    found = difference(a, b)
    assert found.relation == "rerun" and not found.different
    assert found.verdict == "a rerun with another seed" and "training luck" in found.meaning


def test_rows_alike_that_share_a_seed_but_no_run_differ_in_something_else() -> None:
    a, b = row("a", [range(80)]), row("b", [range(10)], like="a")
    b = Result(b.row, (dataclasses.replace(b.runs[0], key="another data set's digest"),))
    assert difference(a, b).relation == "other" and difference(a, b).different


def test_reruns_that_share_one_run_leave_it_out() -> None:
    a, b = row("a", [range(9), range(12)]), row("b", [range(12), range(14)], seed=43, like="a")
    b = Result(b.row, tuple(dataclasses.replace(run, key=f"a-{run.seed}") for run in b.runs))
    a = Result(a.row, tuple(dataclasses.replace(run, key=f"a-{run.seed}") for run in a.runs))
    found = difference(a, b)
    assert (found.relation, found.basis, found.seeds) == ("rerun", "points", ())
    # Of the four pairs, one is a run against itself: it says nothing.
    assert found.pairs == 3 and found.points == pytest.approx((3 / ITEMS, 5 / ITEMS, 2 / ITEMS))
    assert not found.different


def test_a_few_seeds_show_points_and_no_p_value() -> None:
    a, b = row("a", [range(60), range(70)]), row("b", [range(20), range(70)])
    found = difference(a, b)
    assert (found.basis, found.p, found.seeds) == ("points", None, (42, 43))
    assert found.points == pytest.approx((-0.1, 0.0)) and found.difference == pytest.approx(-0.05)
    assert not found.different  # one seed shows nothing
    both = difference(a, row("c", [range(20), range(20)]))
    assert both.different and both.low < both.difference < both.high < 0


def test_five_seeds_get_the_paired_t_test() -> None:
    first, second = (30, 28, 33, 31, 29), (22, 25, 24, 21, 26)
    found = difference(row("a", [range(k) for k in first]), row("b", [range(k) for k in second]))
    their = stats.ttest_rel([-k / ITEMS for k in first], [-k / ITEMS for k in second])
    assert found.basis == "seeds" and found.p == pytest.approx(their.pvalue)
    assert (found.low, found.high) == pytest.approx(tuple(their.confidence_interval(0.95)))
    assert found.different and found.verdict == "lower" and found.judged_at == found.level == 0.95


def test_other_validation_items_are_not_paired() -> None:
    a, b = row("a", [range(60)]), row("b", [range(20)], seed=43, first_index=1000)
    found = difference(a, b, "validation_accuracy")
    assert found.basis == "unpaired" and (found.only_first, found.only_second) == (0, 0)
    assert (found.low, found.high) == statistics.unpaired_interval(340, 400, 380, 400)
    assert difference(a, b).basis == "items"  # the test items are the same all the same
    assert "validation set" in difference(a, row("c", [[]]), "validation_accuracy").meaning


def test_rows_without_a_shared_seed_are_two_independent_means() -> None:
    a = row("a", [range(30), range(33), range(31), range(28), range(30)])
    b = row("b", [range(10), range(11), range(9), range(12), range(10)], seed=99)
    found = difference(a, b)
    values = [[1 - k / ITEMS for k in counts] for counts in ((30, 33, 31, 28, 30), (10, 11, 9, 12, 10))]
    assert found.basis == "unpaired" and found.different
    assert found.p == pytest.approx(stats.ttest_ind(*values, equal_var=False).pvalue)
    assert "Welch" in found.meaning and "below 0.05" in found.meaning
    few = difference(a, row("c", [range(10), range(12)], seed=99))
    assert few.p is None and few.basis == "points" and few.pairs == 10
    held = difference(a, row("c", [range(10), range(12)], seed=99, first_index=1000), "validation_accuracy")
    assert held.p is None and held.basis == "unpaired"
    one = difference(a, row("d", [range(10)], seed=99, first_index=1000), "validation_accuracy")
    assert one.p is None and one.level == pytest.approx(0.995)


def test_the_p_value_that_counts_is_named_and_follows_from_the_level() -> None:
    found = difference(row("a", [range(9)]), row("b", [range(10)]))
    assert (
        "p, after Holm's correction where a family has several comparisons, is below 0.005" in found.meaning
    )
    strict = difference(row("a", [range(9)]), row("b", [range(10)]), level=0.99)
    assert "below 0.001." in strict.meaning
    seeds = difference(row("a", [range(k) for k in range(5)]), row("b", [range(9)] * 5))
    assert "is below 0.05." in seeds.meaning
    points = difference(row("a", [range(9)] * 2), row("b", [range(10)] * 2))
    assert "none of the mean" in points.meaning and "{" not in points.meaning


def test_what_cannot_be_compared_is_refused() -> None:
    a = row("a", [range(9)])
    failed = samples.result(samples.row("f"), "0", 42, failure=Failure("error", "it broke"))
    clothes = samples.result(samples.row("c"), "1", 42, samples.record(dataset="fashion_mnist"))
    for other, measure, message in (
        (failed, "test_accuracy", "no record"),
        (clothes, "test_accuracy", "different data sets"),
        (a, "accuracy", "no measure: 'accuracy'"),
    ):
        with pytest.raises(ValueError, match=message):
            difference(a, other, measure)


def test_no_word_of_a_verdict_says_more_than_is_known() -> None:
    rows = [row(name, [range(k)]) for name, k in (("a", 9), ("b", 10), ("c", 80))]
    rows.append(row("d", [range(9)], like="a"))
    said = [difference(one, other) for one in rows for other in rows]
    words = {text.lower() for each in said for text in (each.verdict, each.meaning)} | {
        *MEANING.values(),
        PAIRS,
        WELCH,
    }
    assert not [text for text in words for word in FORBIDDEN if word in text]


RUNS = st.lists(st.sets(st.integers(0, ITEMS - 1), max_size=60), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(
    RUNS, RUNS, st.integers(42, 45), st.sampled_from(["test_accuracy", "validation_accuracy"]), st.booleans()
)
def test_the_order_of_the_rows_changes_the_sign_and_nothing_else(
    one: list[set[int]], other: list[set[int]], seed: int, measure: str, elsewhere: bool
) -> None:
    a, b = row("a", one), row("b", other, seed=seed, first_index=1000 * elsewhere)
    there, back = difference(a, b, measure), difference(b, a, measure)
    assert back.difference == pytest.approx(-there.difference)
    assert (back.low, back.high) == pytest.approx((-there.high, -there.low))
    assert back.p == pytest.approx(there.p) and back.different == there.different
    assert back.points == pytest.approx([-point for point in there.points])
    assert (back.only_first, back.only_second) == (there.only_second, there.only_first)
    assert back.smallest == pytest.approx(there.smallest)
    numbers = [there.difference, there.low, there.high, there.smallest, *there.points]
    assert all(math.isfinite(number) for number in numbers)
    assert there.p is None or 0 <= there.p <= 1
    assert there.low <= there.difference + 1e-3 and there.difference - 1e-3 <= there.high
    if there.different:
        assert there.low > 0 or there.high < 0


@settings(max_examples=15, deadline=None)
@given(RUNS, RUNS, st.sampled_from(["test_loss", "validation_loss", "macro_f1"]))
def test_losses_and_f1_change_their_sign_with_the_order_too(
    one: list[set[int]], other: list[set[int]], measure: str
) -> None:
    a, b = row("a", one[:3]), row("b", other[:3])
    there, back = difference(a, b, measure), difference(b, a, measure)
    assert back.difference == pytest.approx(-there.difference)
    assert (back.low, back.high) == pytest.approx((-there.high, -there.low))
    assert back.p == pytest.approx(there.p) and back.different == there.different
    assert all(math.isfinite(number) for number in (there.low, there.high, there.smallest))
    assert there.low <= there.difference <= there.high and there.only_first == there.only_second == 0


def test_losses_are_compared_item_by_item() -> None:
    a, b = row("a", [range(30)]), row("b", [range(20, 32)])
    found = difference(a, b, "test_loss")
    one, other = (item_losses(result.records[0], "test_loss") for result in (a, b))
    assert found.difference == pytest.approx((30 - 12) / ITEMS)
    half = 1.959964 * stats.sem(one - other)
    assert (found.low, found.high) == pytest.approx((found.difference - half, found.difference + half))
    assert found.p == pytest.approx(2 * stats.norm.sf(found.difference / stats.sem(one - other)))
    assert found.basis == "items" and "McNemar" not in found.meaning
    apart = row("c", [range(30)], seed=43, first_index=1000)
    wide = difference(apart, b, "validation_loss")
    assert wide.basis == "unpaired" and wide.high - wide.low > found.high - found.low


def test_f1_is_compared_on_the_same_draws() -> None:
    # 18 items more are right: F1 of two balanced classes follows accuracy, and so does its interval.
    a, b = row("a", [range(30)]), row("b", [range(20, 32)])
    found, accuracy = difference(b, a, "macro_f1"), difference(b, a)
    assert found.difference == pytest.approx(accuracy.difference, abs=0.001)
    assert (found.low, found.high) == pytest.approx((accuracy.low, accuracy.high), abs=0.005)
    assert found.different and found.p is not None and found.p < 0.005
    alike = difference(a, row("c", [range(30)]), "macro_f1")
    assert (alike.difference, alike.p, alike.different) == (0.0, 1.0, False)


def reruns(luck: float, seeds: int, per_row: int) -> list[Result]:
    """Rows of one configuration whose error rate varies from training to training."""
    rng = np.random.default_rng(5)
    hard = rng.beta(0.05, 0.95, ITEMS * 5)
    rows = []
    for number in range(seeds):
        tilt = rng.normal(0, luck, per_row)
        wrong = [np.flatnonzero(rng.random(len(hard)) < np.clip(hard * (1 + t), 0, 1)) for t in tilt]
        rows.append(row(f"s{number}", wrong, items=len(hard)))
    return rows


@pytest.mark.parametrize(("luck", "per_row"), [(0.0, 1), (0.1, 1), (0.1, 2), (0.1, 5)])
def test_one_configuration_is_hardly_ever_told_apart_from_itself(luck: float, per_row: int) -> None:
    rows = reruns(luck, 20, per_row)
    found = [difference(a, b) for place, a in enumerate(rows) for b in rows[place + 1 :]]
    assert len(found) == 190 and sum(each.different for each in found) <= 19


def test_luck_that_repeats_reveal_is_allowed_for() -> None:
    # So much luck fools single runs: here each configuration's own repeats show how much there is.
    rows = reruns(0.2, 20, 1)
    pairs = list(combinations(rows, 2))
    assert sum(difference(a, b).different for a, b in pairs) > 19
    luck = training_luck(reruns(0.2, 3, 4))["mnist"]
    told = [difference(a, b, luck=luck) for a, b in pairs]
    assert sum(each.different for each in told) <= 19
    assert all(each.smallest >= each.allowance > 0 for each in told)
    known = rank_ranges([*rows, *(renamed(row) for row in reruns(0.2, 3, 4))])
    assert width(known, rows) > width(rank_ranges(rows), rows)


def renamed(result: Result) -> Result:
    return Result(dataclasses.replace(result.row, id=f"repeated-{result.row.id}"), result.runs)


def width(ranges: dict[str, RankRange], rows: list[Result]) -> float:
    """Mean share of the places that a row may have."""
    shares = [(ranges[row.row.id].last - ranges[row.row.id].first) / ranges[row.row.id].of for row in rows]
    return float(np.mean(shares))


def test_rank_ranges_join_what_cannot_be_told_apart() -> None:
    rows = [row("a", [range(10)]), row("b", [range(5, 16)]), row("c", [range(90)]), row("d", [range(300)])]
    failed = samples.result(samples.row("f"), "0", 42, failure=Failure("error", "it broke"))
    found = rank_ranges([*rows, failed])
    assert {name: (place.first, place.last, place.of) for name, place in found.items()} == {
        "a": (1, 2, 4), "b": (1, 2, 4), "c": (3, 3, 4), "d": (4, 4, 4),
    }  # fmt: skip


def test_rank_ranges_stay_within_a_data_set() -> None:
    _, results, _ = samples.coursework()
    found = rank_ranges(results)
    assert {place.of for place in found.values()} == {3} and len(found) == 6


def test_a_single_row_is_first_of_one() -> None:
    only = rank_ranges([row("a", [drawn(np.random.default_rng(0), 0.1)])])["a"]
    assert (only.first, only.last, only.of) == (1, 1, 1)


def test_a_difference_is_a_plain_value() -> None:
    facts: dict[str, Any] = {"first": "a", "second": "b", "measure": "test_accuracy", "items": 10}
    made = Difference(**facts, difference=0.2, low=0.1, high=0.3, level=0.95, p=None, basis="points")
    assert made.different and made.verdict == "higher"
