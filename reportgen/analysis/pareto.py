"""Which points no other one beats in cost and score at once: the Pareto front."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Point:
    """Something with a cost and a score.

    Parameters
    ----------
    name : str
        Unique among the points, such as a row's id.
    cost : float
        The less, the better.
    score : float
        The more, the better.
    """

    name: str
    cost: float
    score: float


@dataclass(frozen=True)
class Doubt:
    """How far a front depends on differences that the data do not show.

    Parameters
    ----------
    beside : tuple of str
        Points off the front that no point of the same or a lower cost surely surpasses.
    steps : int
        Pairs of neighbours on the front that differ in score.
    open_steps : tuple of (str, str)
        Those of them where the dearer point does not surely surpass the cheaper one, which is first.
    """

    beside: tuple[str, ...]
    steps: int
    open_steps: tuple[tuple[str, str], ...]


def front(points: Sequence[Point]) -> tuple[Point, ...]:
    """Return the points that no other one dominates, by cost, then in their order.

    A point dominates another where it costs no more and scores no less, and one of the two strictly.
    Points with the same cost and the same score do not dominate each other: both are on the front,
    or neither is.

    Raises
    ------
    ValueError
        A cost or a score is not finite.
    """
    for point in points:
        if not (math.isfinite(point.cost) and math.isfinite(point.score)):
            raise ValueError(f"{point.name}: expected a finite cost and score")
    best = -math.inf
    price = math.inf
    kept: list[Point] = []
    for point in sorted(points, key=lambda p: (p.cost, -p.score)):
        if point.score > best:
            best, price = point.score, point.cost
            kept.append(point)
        elif point.score == best and point.cost == price:
            kept.append(point)
    return tuple(kept)


def doubt(points: Sequence[Point], above: Callable[[str, str], bool]) -> Doubt:
    """Return how much of the front of `points` is settled.

    Parameters
    ----------
    points : sequence of Point
    above : callable
        Of two names: whether the score of the first surely lies above that of the second.
    """
    leading = front(points)
    names = {point.name for point in leading}
    beside = tuple(
        point.name for point in points if point.name not in names and not _surpassed(point, points, above)
    )
    pairs = [(one, other) for one, other in pairwise(leading) if one.score != other.score]
    unclear = tuple((one.name, other.name) for one, other in pairs if not above(other.name, one.name))
    return Doubt(beside, len(pairs), unclear)


def _surpassed(point: Point, points: Sequence[Point], above: Callable[[str, str], bool]) -> bool:
    """Whether something that costs no more surely scores higher."""
    return any(
        other.cost <= point.cost and other.score > point.score and above(other.name, point.name)
        for other in points
    )
