"""Rows that have a published accuracy and ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen import language
from reportgen.analysis import words
from reportgen.analysis.metrics import by_data_set
from reportgen.analysis.scores import score
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
    """Return the rows that have a published accuracy and ours, from the same data in full."""
    return tuple(result for result in published(results) if not otherwise(result))


def published(results: Sequence[Result]) -> list[Result]:
    """The rows with a published accuracy."""
    return [r for r in results if r.row.published is not None and r.row.published.test_accuracy is not None]


def otherwise(result: Result) -> bool:
    """Whether there is no accuracy of ours, or one on other or less data."""
    return result.record is None or result.record.data.stand_in or result.record.data.quick


def groups_of(results: Sequence[Result], protocol: Protocol | None) -> Groups:
    """The pairs of every data set, those that may be compared."""
    items = protocol.test_items if protocol else None
    found = []
    for name, group in by_data_set(comparable(results)).items():
        on_test = any(record.data.validated_on_test for _, record in group)
        heading = words.data_set(name)
        if on_test:
            heading = language.text("{data} (ours validated on its test set)", data=heading)
        found.append((heading, tuple(_pair(result, items) for result, _ in group)))
    return found


def _pair(result: Result, items: int | None) -> Pair:
    published = result.row.published
    theirs = published.test_accuracy if published else None
    assert theirs is not None
    ours = score(result, "test_accuracy")
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
