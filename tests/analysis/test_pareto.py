"""The front against its definition, tried on every pair; ties; what is not settled."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.analysis.pareto import Point, doubt, front

NUMBERS = st.tuples(st.integers(0, 6), st.integers(0, 6))


def points(*pairs: tuple[float, float]) -> list[Point]:
    return [Point(str(number), cost, score) for number, (cost, score) in enumerate(pairs)]


def names(found: tuple[Point, ...]) -> list[str]:
    return [point.name for point in found]


def test_front_of_a_few() -> None:
    given_points = points((100, 90), (100, 91), (200, 91), (300, 95), (400, 94), (500, 95))
    assert names(front(given_points)) == ["1", "3"]


def test_equal_points_are_on_the_front_together() -> None:
    assert names(front(points((10, 5), (10, 5), (20, 5), (20, 7), (20, 7)))) == ["0", "1", "3", "4"]


@given(st.lists(NUMBERS, max_size=12))
def test_front_is_what_no_point_dominates(pairs: list[tuple[int, int]]) -> None:
    found = points(*pairs)
    expected = {
        point.name
        for point in found
        if not any(
            other.cost <= point.cost
            and other.score >= point.score
            and (other.cost < point.cost or other.score > point.score)
            for other in found
        )
    }
    leading = front(found)
    assert {point.name for point in leading} == expected
    assert [point.cost for point in leading] == sorted(point.cost for point in leading)


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_what_is_not_finite_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        front([Point("a", 1, value)])
    with pytest.raises(ValueError, match="finite"):
        front([Point("a", value, 1)])


def test_doubt_counts_rows_beside_the_front_and_steps_along_it() -> None:
    given_points = points((1, 0.90), (2, 0.95), (3, 0.951), (4, 0.949), (5, 0.80))
    scores = {point.name: point.score for point in given_points}
    found = doubt(given_points, lambda one, other: scores[one] - scores[other] > 0.01)
    assert found.beside == ("3",)
    assert (found.steps, found.open_steps) == (2, (("1", "2"),))


@given(st.lists(NUMBERS, max_size=10), st.integers(0, 4))
def test_doubt_against_its_definition_tried_on_every_pair(pairs: list[tuple[int, int]], margin: int) -> None:
    found = points(*pairs)
    scores = {point.name: point.score for point in found}
    made = doubt(found, lambda one, other: scores[one] - scores[other] > margin)
    leading = {point.name for point in front(found)}
    assert set(made.beside) == {
        point.name
        for point in found
        if point.name not in leading
        and not any(other.cost <= point.cost and other.score - point.score > margin for other in found)
    }


def test_a_dearer_row_settles_nothing() -> None:
    """What is surely more accurate than the second costs more: that does not take it off the front."""
    given_points = points((1, 0.90), (2, 0.895), (3, 0.99))
    scores = {point.name: point.score for point in given_points}
    assert doubt(given_points, lambda one, other: scores[one] - scores[other] > 0.01).beside == ("1",)


def test_a_tie_on_the_front_is_no_step() -> None:
    found = doubt(points((1, 0.9), (1, 0.9)), lambda one, other: False)
    assert (found.beside, found.steps, found.open_steps) == ((), 0, ())
