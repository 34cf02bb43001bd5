"""Rows that have a published accuracy and ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen import language
from reportgen.analysis import words
from reportgen.analysis.metrics import by_data_set
from reportgen.analysis.published import Family, family_of, given
from reportgen.analysis.published import comparable as entire
from reportgen.analysis.statistics import wilson
from reportgen.experiments.schema import Protocol
from reportgen.figures.rows import Interval
from reportgen.results import Result


@dataclass(frozen=True)
class Pair:
    """A row's two accuracies in per cent."""

    title: str
    ours: Interval
    theirs: Interval
    seeds: int

    @property
    def difference(self) -> float:
        return (self.ours.value - self.theirs.value) / 100


Groups = Sequence[tuple[str, tuple[Pair, ...]]]
"""The pairs of each data set under its heading."""


def comparable(results: Sequence[Result]) -> tuple[Result, ...]:
    """Return the rows that have a published accuracy and ours, from the same data in full.

    Of test accuracies, or of highest validation accuracies where there is none of the test: never of both.
    """
    return tuple(result for result in published(results) if not otherwise(result))


def published(results: Sequence[Result]) -> list[Result]:
    """The rows with a published accuracy of the kind that is shown."""
    return given(family_of(results), results)


def otherwise(result: Result) -> bool:
    """Whether there is no accuracy of ours, or one on other or less data."""
    return not entire(result)


def groups_of(results: Sequence[Result], protocol: Protocol | None) -> Groups:
    """The pairs of every data set, those that may be compared."""
    family = family_of(results)
    items = family.items(protocol) if protocol else None
    found = []
    for name, group in by_data_set(comparable(results)).items():
        on_test = any(record.data.validated_on_test for _, record in group)
        heading = words.data_set(name)
        if on_test:
            heading = language.text("{data} (ours validated on its test set)", data=heading)
        found.append((heading, tuple(_pair(result, family, items) for result, _ in group)))
    return found


def _pair(result: Result, family: Family, items: int | None) -> Pair:
    theirs = family.of(result)
    assert theirs is not None
    ours = family.ours(result)
    ends = wilson(theirs * items, items) if items else (float("nan"), float("nan"))
    return Pair(
        result.row.title,
        Interval(100 * ours.mean, 100 * ours.low, 100 * ours.high),
        Interval(100 * theirs, 100 * ends[0], 100 * ends[1]),
        ours.n,
    )


def both_of(pairs: Sequence[Pair]) -> list[Interval]:
    """The accuracies of both, with their intervals."""
    return [interval for pair in pairs for interval in (pair.ours, pair.theirs)]
