"""Rows that are one configuration under several titles: they share their runs, and count once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.experiments.schema import Published
from reportgen.results import Result


def keys(result: Result) -> frozenset[str]:
    """Return what rows with the same runs have in common."""
    return frozenset(run.key for run in result.runs)


def groups(results: Sequence[Result]) -> tuple[tuple[Result, ...], ...]:
    """Return the rows that share their runs, together; each row that shares with none by itself."""
    found: dict[frozenset[str], list[Result]] = {}
    for result in results:
        found.setdefault(keys(result), []).append(result)
    return tuple(map(tuple, found.values()))


def distinct(results: Sequence[Result]) -> tuple[Result, ...]:
    """Return the first row of each configuration, in the order of the rows."""
    return tuple(group[0] for group in groups(results))


def later(results: Sequence[Result]) -> frozenset[str]:
    """Return the ids of rows that share their runs with one before them."""
    return frozenset(result.row.id for group in groups(results) for result in group[1:])


def shared(results: Sequence[Result]) -> tuple[tuple[Result, ...], ...]:
    """Return the groups of two rows and more that share their runs."""
    return tuple(group for group in groups(results) if len(group) > 1)


@dataclass(frozen=True)
class Noise:
    """Two published figures of one configuration.

    Parameters
    ----------
    measure : str
        One of `TESTED` or `VALIDATED`.
    values : tuple of float
        In the order of the rows.
    """

    measure: str
    values: tuple[float, ...]

    @property
    def difference(self) -> float:
        """The largest less the smallest."""
        return round(max(self.values) - min(self.values), 10)


DECIMALS = 4
"""Of published figures that are set beside each other: more are no result of a few thousand images."""
TESTED = ("test_accuracy", "test_loss", "f1")
VALIDATED = ("best_validation_accuracy", "best_validation_loss")
"""The best of any epoch."""


def noise(group: Sequence[Result], measures: Sequence[str] = TESTED) -> tuple[Noise, ...]:
    """Return the figures that others published differently for one configuration."""
    given = [result.row.published for result in group if result.row.published is not None]
    found = []
    for measure in measures:
        values = tuple(value for value in (_figure(one, measure) for one in given) if value is not None)
        if len(set(values)) > 1:
            found.append(Noise(measure, values))
    return tuple(found)


def _figure(published: Published, measure: str) -> float | None:
    value: float | None = getattr(published, measure)
    return value if value is None else round(value, DECIMALS)
