"""Intervals, tests and corrections against scipy and statsmodels, by simulation, and at their edges."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar as their_mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestPower
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
)
from statsmodels.stats.proportion import (
    test_proportions_2indep as their_two_proportions,
)

from reportgen.analysis import statistics
from reportgen.analysis.metrics import macro_f1

VALUES = (0.9531, 0.9542, 0.9504, 0.9523, 0.9526, 0.9532)
OTHERS = (0.9548, 0.9518, 0.9530, 0.9542, 0.9549, 0.9560)
DIFFERENCES = tuple(a - b for a, b in zip(VALUES, OTHERS, strict=True))


@pytest.mark.parametrize(("correct", "n"), [(0, 10), (10, 10), (9531, 10000), (17, 20)])
@pytest.mark.parametrize("level", [0.9, 0.95, 0.995])
def test_wilson_is_that_of_statsmodels(correct: int, n: int, level: float) -> None:
    expected = proportion_confint(correct, n, alpha=1 - level, method="wilson")
    assert statistics.wilson(correct, n, level) == pytest.approx(expected, abs=1e-12)


@given(st.integers(1, 20_000), st.floats(0, 1))
def test_wilson_takes_counts_that_are_not_whole(n: int, share: float) -> None:
    low, high = statistics.wilson(share * n, n)
    assert (low, high) == pytest.approx(proportion_confint(share * n, n, method="wilson"), abs=1e-9)
    assert 0 <= low <= share + 1e-12 and share - 1e-12 <= high <= 1


@pytest.mark.parametrize(("correct", "n"), [(1, 0), (-1, 5), (6, 5), (-0.1, 5)])
def test_wilson_refuses_nonsense(correct: float, n: int) -> None:
    with pytest.raises(ValueError, match="expected"):
        statistics.wilson(correct, n)


@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
def test_the_interval_of_a_mean_is_that_of_scipy(level: float) -> None:
    expected = stats.t.interval(level, len(VALUES) - 1, np.mean(VALUES), stats.sem(VALUES))
    assert statistics.mean_interval(VALUES, level) == pytest.approx(expected, abs=1e-12)
    assert statistics.sd(VALUES) == pytest.approx(np.std(VALUES, ddof=1))


def test_one_value_has_no_standard_deviation() -> None:
    with pytest.raises(ValueError, match="one value"):
        statistics.sd([0.9])


@pytest.mark.parametrize(("b", "c"), [(0, 0), (1, 0), (0, 6), (36, 66), (66, 36), (50, 50), (400, 300)])
def test_mcnemar_is_that_of_statsmodels(b: int, c: int) -> None:
    assert statistics.mcnemar(b, c) == pytest.approx(
        float(their_mcnemar([[0, b], [c, 0]], exact=True).pvalue)
    )


def test_models_that_never_disagree_give_a_p_of_one() -> None:
    assert statistics.mcnemar(0, 0) == 1.0
    low, high = statistics.paired_interval(0, 0, 10_000)
    assert -0.001 < low < 0 < high < 0.001 and high == -low


def test_the_paired_interval_is_the_published_example_of_the_formula() -> None:
    # Worked by hand from Bonett and Price (2012): b = 36, c = 66, n = 2000.
    one, other = 37 / 2002, 67 / 2002
    half = 1.959963984540054 * math.sqrt((one + other - (one - other) ** 2) / 2002)
    assert statistics.paired_interval(36, 66, 2000) == pytest.approx((one - other - half, one - other + half))


@pytest.mark.parametrize(
    ("n", "only_first", "only_second"), [(10_000, 0.008, 0.006), (500, 0.02, 0.02), (360, 0.05, 0.01)]
)
def test_the_paired_interval_covers_the_truth(n: int, only_first: float, only_second: float) -> None:
    rng = np.random.default_rng(7)
    drawn = rng.multinomial(n, [only_first, only_second, 1 - only_first - only_second], size=4000)
    truth = only_first - only_second
    ends = [statistics.paired_interval(int(b), int(c), n) for b, c, _ in drawn]
    covered = np.mean([low <= truth <= high for low, high in ends])
    assert 0.94 <= covered <= 0.985


@pytest.mark.parametrize(
    "counts", [(9531, 10000, 5670, 6000), (17, 20, 19, 20), (20, 20, 20, 20), (0, 9, 9, 9)]
)
def test_the_unpaired_interval_is_newcombes(counts: tuple[int, int, int, int]) -> None:
    expected = confint_proportions_2indep(*counts, method="newcomb", compare="diff", alpha=0.05)
    assert statistics.unpaired_interval(*counts) == pytest.approx(tuple(expected), abs=1e-9)


def test_the_unpaired_interval_rounds_nothing_to_whole_items() -> None:
    """Two runs, 97 and 98 of 100 right: their mean lies between two counts, and so does the interval."""
    low, high = statistics.unpaired_interval(97.5, 100, 95, 100)
    for count, side in ((97, 1), (98, -1)):
        ends = statistics.unpaired_interval(count, 100, 95, 100)
        assert side * (low - ends[0]) > 1e-4 and side * (high - ends[1]) > 1e-4


@pytest.mark.parametrize("counts", [(9531, 10000, 5670, 6000), (17, 20, 12, 20)])
def test_the_unpaired_test_is_that_of_statsmodels(counts: tuple[int, int, int, int]) -> None:
    expected = their_two_proportions(*counts, compare="diff", method="score", correction=False).pvalue
    assert statistics.unpaired_p(*counts) == pytest.approx(float(expected))


def test_two_models_without_an_error_are_not_told_apart() -> None:
    assert statistics.unpaired_p(20, 20, 30, 30) == 1.0


def test_the_paired_t_test_is_that_of_scipy() -> None:
    assert statistics.paired_t(DIFFERENCES) == pytest.approx(stats.ttest_rel(VALUES, OTHERS).pvalue)


def test_differences_that_are_all_alike_are_not_infinitely_sure() -> None:
    assert statistics.paired_t([0.0] * 5) == 1.0
    step = 1 / 10_000
    floor = step / math.sqrt(12)
    assert 0 < statistics.paired_t([step] * 5, floor) < 0.01
    assert statistics.paired_t([step / 100] * 5, floor) > 0.05


def test_welch_is_that_of_scipy() -> None:
    their = stats.ttest_ind(VALUES, OTHERS[:5], equal_var=False)
    interval, p = statistics.welch(VALUES, OTHERS[:5])
    assert p == pytest.approx(their.pvalue)
    assert interval == pytest.approx(tuple(their.confidence_interval(0.95)))
    assert statistics.welch([0.5] * 5, [0.5] * 5) == ((0.0, 0.0), 1.0)


@pytest.mark.parametrize("p_values", [(0.01, 0.04, 0.03, 0.005), (0.02, 0.02, 0.5), (1.0,), (0.9, 1.0, 1.0)])
def test_holm_is_that_of_statsmodels(p_values: tuple[float, ...]) -> None:
    assert statistics.holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1])


def test_holm_by_hand() -> None:
    # In order: 4 x 0.005, 3 x 0.01, 2 x 0.03, and what follows is never smaller.
    assert statistics.holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))
    assert statistics.holm([]) == ()


@pytest.mark.parametrize("level", [0.95, 0.995])
@pytest.mark.parametrize(("b", "c", "n"), [(60, 60, 10_000), (300, 250, 2000)])
def test_the_smallest_difference_is_found_with_80_percent_power(b: int, c: int, n: int, level: float) -> None:
    smallest, disagree = statistics.smallest_paired(b, c, n, level), (b + c) / n
    shares = [(disagree + smallest) / 2, (disagree - smallest) / 2, 1 - disagree]
    drawn = np.random.default_rng(3).multinomial(n, shares, size=3000)
    found = np.mean([statistics.mcnemar(int(one), int(other)) < 1 - level for one, other, _ in drawn])
    assert 0.77 <= found <= 0.84


def test_models_that_hardly_disagree_can_still_show_six_items() -> None:
    # The exact test needs six items all on one side for p < 0.05.
    assert statistics.smallest_paired(0, 0, 1000) >= 6 / 1000


def test_the_smallest_difference_over_seeds_is_that_of_statsmodels() -> None:
    effect = TTestPower().solve_power(nobs=len(DIFFERENCES), alpha=0.05, power=0.8)
    expected = effect * statistics.sd(DIFFERENCES)
    assert statistics.smallest_over_seeds(DIFFERENCES) == pytest.approx(expected, rel=1e-4)


def test_the_smallest_difference_of_an_interval_is_the_usual_2_8_errors() -> None:
    error = 0.01
    half = 1.959963984540054 * error
    assert statistics.smallest_from_interval((-half, half)) == pytest.approx(2.8016 * error, rel=1e-4)


def test_bootstrap_intervals_of_f1_hold_the_score_and_repeat_themselves() -> None:
    rng = np.random.default_rng(1)
    matrix = np.diag([190, 180, 195]) + rng.integers(0, 9, (3, 3))
    (low, high), classes = statistics.bootstrap_f1(matrix)
    assert low < macro_f1(matrix) < high
    assert high - low == pytest.approx(4 * math.sqrt(0.95 * 0.05 / matrix.sum()), rel=0.35)
    assert classes.shape == (3, 2) and (classes[:, 0] < classes[:, 1]).all()
    assert statistics.bootstrap_f1(matrix)[0] == (low, high)
    assert statistics.bootstrap_f1(matrix, seed=1)[0] != (low, high)


def test_a_perfect_matrix_has_an_interval_without_width_and_an_empty_one_none() -> None:
    assert statistics.bootstrap_f1(np.diag([5, 5]))[0] == (1.0, 1.0)
    with pytest.raises(ValueError, match="empty"):
        statistics.bootstrap_f1(np.zeros((2, 2), dtype=np.int64))


COUNTS = st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(1, 200)).filter(
    lambda counts: counts[0] + counts[1] <= counts[2]
)


@settings(deadline=None)
@given(counts=COUNTS, level=st.floats(0.5, 0.999))
def test_paired_figures_are_finite_and_change_sign_with_the_order(
    counts: tuple[int, int, int], level: float
) -> None:
    b, c, n = counts
    low, high = statistics.paired_interval(b, c, n, level)
    assert -1 <= low <= high <= 1
    back = statistics.paired_interval(c, b, n, level)
    assert (-back[1], -back[0]) == pytest.approx((low, high))
    assert 0 <= statistics.mcnemar(b, c) == statistics.mcnemar(c, b) <= 1
    assert 0 < statistics.smallest_paired(b, c, n, level) <= 1


@settings(deadline=None)
@given(
    st.lists(st.integers(-40, 40).map(lambda k: k / 1000), min_size=2, max_size=12),
    st.floats(0.8, 0.999),
)
def test_seeds_give_finite_figures(values: list[float], level: float) -> None:
    floor = 1 / (1000 * math.sqrt(12))
    p, mirrored = (statistics.paired_t([sign * v for v in values], floor) for sign in (1, -1))
    assert 0 <= p <= 1 and p == pytest.approx(mirrored)
    assert all(math.isfinite(end) for end in statistics.mean_interval(values, level))
    assert math.isfinite(statistics.smallest_over_seeds(values, level, floor=floor))


# Few examples: statsmodels collects garbage at every call.
@settings(max_examples=12, deadline=None)
@given(st.lists(st.floats(0, 1), max_size=30))
def test_holm_never_makes_a_p_value_smaller_nor_changes_the_order(p_values: list[float]) -> None:
    adjusted = statistics.holm(p_values)
    assert all(p <= a <= 1 for p, a in zip(p_values, adjusted, strict=True))
    order = np.argsort(p_values, kind="stable")
    assert np.all(np.diff(np.array(adjusted)[order]) >= 0) if p_values else adjusted == ()


@pytest.mark.parametrize("counts", [(-1, 0, 10), (6, 6, 10), (0, 0, 0)])
def test_counts_that_cannot_be_are_refused(counts: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="expected"):
        statistics.paired_interval(*counts)


def test_nothing_heavy_is_loaded_before_a_number_is_asked_for() -> None:
    code = (
        "import sys, reportgen.analysis.contrasts, reportgen.analysis.calibration;"
        "print(*{'scipy', 'statsmodels', 'pandas', 'sklearn'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.split() == []
