"""Predicted probabilities against how often they are right."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from matplotlib.figure import Figure
from statsmodels.stats.proportion import proportion_confint

from reportgen.figures.reliability import describe_reliability, reliability_diagram
from reportgen.figures.style import TRAINING
from reportgen.records import Predictions, Record
from tests import samples
from tests.figures.artists import check, data, row_of, written


def sure(*groups: tuple[float, int, int]) -> Record:
    """A record with groups of (probability of the answer, items, right ones)."""
    probabilities, truth = [], []
    for confidence, items, right in groups:
        line = np.full(10, (1 - confidence) / 9)
        line[3] = confidence
        probabilities += [line] * items
        truth += [3] * right + [5] * (items - right)
    n = len(truth)
    made = Predictions(
        np.arange(n), np.asarray(truth), np.full(n, 3), np.asarray(probabilities, dtype=np.float32)
    )
    record = samples.record(n_test=20)
    return dataclasses.replace(record, test=made, data=dataclasses.replace(record.data, n_test=n))


def dots(figure: Figure) -> list[tuple[float, float, str]]:
    return [
        (data(line)[0][0], data(line)[1][0], str(line.get_markerfacecolor()))
        for line in figure.axes[0].lines
        if line.get_marker() == "o"
    ]


def spans(figure: Figure) -> list[list[float]]:
    found = [line for line in figure.axes[0].lines if line.get_color() == TRAINING]
    return [data(line)[1] for line in found if len(data(line)[1]) == 2]


def test_bins_are_mean_probability_and_share_of_right_answers() -> None:
    result = row_of(sure((0.95, 100, 90), (0.65, 40, 20), (0.35, 4, 1)))
    figure = reliability_diagram(result)
    expected = [(35, 25, "#ffffff"), (65, 50, TRAINING), (95, 90, TRAINING)]
    for found, wanted in zip(dots(figure), expected, strict=True):
        assert found[:2] == pytest.approx(wanted[:2]) and found[2] == wanted[2]
    ends = [proportion_confint(count, n, method="wilson") for count, n in ((20, 40), (90, 100))]
    assert spans(figure) == [pytest.approx([100 * end for end in pair]) for pair in ends]
    assert {"4", "40", "100"} <= set(written(figure))
    said = " ".join(written(figure))
    assert "Hollow: fewer than 10 items." in said and "95 % intervals" in said
    check(figure)


def test_the_diagonal_is_dotted_and_both_sides_are_named() -> None:
    figure = reliability_diagram(row_of(sure((0.95, 100, 90))))
    (diagonal,) = [line for line in figure.axes[0].lines if data(line) == ([0, 100], [0, 100])]
    assert diagonal.get_linestyle() not in ("-", "None")
    assert {"more often right than it says", "less often right than it says"} <= set(written(figure))


def test_several_seeds_are_taken_together_with_their_range() -> None:
    result = row_of(sure((0.95, 100, 90)), sure((0.95, 100, 80)), sure((0.95, 100, 97)))
    figure = reliability_diagram(result)
    assert dots(figure)[0][:2] == pytest.approx((95, 89))
    assert spans(figure) == [pytest.approx([80, 97])]
    said = " ".join(written(figure))
    assert "the range over 3 seeds; items: per seed" in said and "100" in written(figure)
    check(figure)


def test_the_words_give_the_mean_distance_without_jargon() -> None:
    result = row_of(sure((0.95, 300, 270), (0.65, 100, 50)))
    # (300 · |0.90 − 0.95| + 100 · |0.50 − 0.65|) / 400 = 0.075
    text = describe_reliability(result).replace("\u00a0", " ")
    assert text == (
        "Predicted probability against share of right answers on the test set (80 errors in 400 items). On"
        " average the model gives its answer a probability of 87.5 % and is right in 80.0 %; bin by bin the two"
        " are 7.5 points apart on average, and at most 15.0 in a bin of at least 20 items. They are furthest apart where it says 60 to 70 %: 65.0 % on average, right in 50.0 % of 100"
        " items."
    )
    said = " ".join(written(reliability_diagram(result)))
    assert "7.5 points apart on average, and at most 15.0 in a bin of at least 20 items." in said
    assert "calibration" not in text and "ECE" not in text


def test_a_bin_of_few_items_is_not_named_as_the_furthest() -> None:
    text = describe_reliability(row_of(sure((0.95, 300, 270), (0.35, 8, 8)))).replace("\u00a0", " ")
    assert "where it says 90 to 100 %" in text


def test_without_a_bin_of_enough_items_no_largest_gap_is_told() -> None:
    result = row_of(sure((0.95, 19, 10), (0.65, 19, 10)))
    said = " ".join(written(reliability_diagram(result)))
    assert "points apart on average. " in said and "at most" not in said
    assert describe_reliability(result).endswith("points apart on average.")


def test_the_items_of_the_bins_add_up_to_those_of_a_run() -> None:
    result = row_of(
        sure((0.95, 91, 80), (0.65, 5, 3), (0.35, 4, 1)),
        sure((0.95, 91, 85), (0.65, 5, 2), (0.35, 4, 2)),
        sure((0.95, 89, 85), (0.65, 6, 2), (0.35, 5, 2)),
    )
    # 4.33, 5.33 and 90.33 per seed, which would round to 99; and 3.67, 5.67 and 10.67, to 21.
    assert [text for text in written(reliability_diagram(result)) if text in ("4", "5", "90", "91")] == [
        "5", "5", "90",
    ]  # fmt: skip
    result = row_of(
        sure((0.95, 11, 8), (0.65, 6, 3), (0.35, 3, 1)),
        sure((0.95, 11, 8), (0.65, 5, 2), (0.35, 4, 2)),
        sure((0.95, 10, 8), (0.65, 6, 2), (0.35, 4, 2)),
    )
    assert [text for text in written(reliability_diagram(result)) if text in ("3", "4", "6", "10", "11")] == [
        "4", "6", "10",
    ]  # fmt: skip


@pytest.mark.parametrize("accuracy", [0.0, 0.3, 0.9, 1.0])
@pytest.mark.parametrize("count", [1, 4])
def test_any_accuracy(accuracy: float, count: int) -> None:
    result = row_of(*(samples.record(seed=seed, accuracy=accuracy, n_test=300) for seed in range(count)))
    check(reliability_diagram(result))
    assert describe_reliability(result)
