"""Intervals of proportions against statsmodels, and between whole numbers of items."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from reportgen.analysis.proportions import difference_interval, score_interval

ITEMS = st.integers(1, 5000)


@given(ITEMS, st.floats(0, 1))
def test_the_score_interval_is_wilsons(items: int, share: float) -> None:
    correct = round(share * items)
    low, high = proportion_confint(correct, items, method="wilson")
    assert score_interval(correct / items, items) == pytest.approx((low, high), abs=1e-9)
    # statsmodels takes counts that are not whole too.
    between = proportion_confint(share * items, items, method="wilson")
    assert score_interval(share, items) == pytest.approx(between, abs=1e-9)


@pytest.mark.parametrize("counts", [(9766, 10_000, 9796, 10_000), (3, 40, 39, 40), (0, 9, 9, 9)])
def test_the_interval_of_a_difference_is_newcombes(counts: tuple[int, int, int, int]) -> None:
    k1, n1, k2, n2 = counts
    expected = confint_proportions_2indep(k1, n1, k2, n2, method="newcomb")
    assert difference_interval(k1 / n1, n1, k2 / n2, n2) == pytest.approx(expected, abs=1e-9)


def test_nothing_is_rounded_to_whole_items() -> None:
    """Two runs, 97 and 98 of 100 right: their mean lies between two counts, and so does the interval."""
    low, high = difference_interval(0.975, 100, 0.95, 100)
    for count, side in ((97, 1), (98, -1)):
        ends = difference_interval(count / 100, 100, 0.95, 100)
        assert side * (low - ends[0]) > 1e-4 and side * (high - ends[1]) > 1e-4


@pytest.mark.parametrize(("share", "items"), [(1.1, 10), (-0.1, 10), (0.5, 0)])
def test_what_is_no_proportion_is_refused(share: float, items: int) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        score_interval(share, items)
