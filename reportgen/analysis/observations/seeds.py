"""A row with several runs: what most of its runs show, and how a sentence says so.

Figures are always means over all runs of the row, whichever of them show what the sentence says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Generic, TypeVar

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.observations import curves
from reportgen.records import Record
from reportgen.results import Result

T = TypeVar("T")


@dataclass(frozen=True)
class Seen(Generic[T]):
    """What was found in the runs of a row.

    Parameters
    ----------
    found : tuple
        One for each run that shows it, in the order of the seeds.
    seeds : tuple of int
        Of the runs that show it.
    records : tuple of Record
        Of all runs.
    """

    found: tuple[T, ...]
    seeds: tuple[int, ...]
    records: tuple[Record, ...]

    def mean(self, of: Callable[[Record], float]) -> float:
        """Return the mean of a number over all runs."""
        return fmean(of(record) for record in self.records)

    def epochs(self, of: Callable[[Record], int]) -> str:
        """Return an epoch in print, or the first and the last over all runs."""
        return span([of(record) for record in self.records])

    def all(self, of: Callable[[T], bool]) -> bool:
        """Return whether something holds in every run that shows it."""
        return all(of(one) for one in self.found)

    def said(self, sentence: str) -> str:
        """Return a sentence with the seeds that it holds for, where there are several."""
        runs = len(self.records)
        if runs == 1:
            return sentence
        if len(self.found) == runs:
            return language.text(
                "Seen in all {runs} seeds; figures are means. {sentence}", runs=runs, sentence=sentence
            )
        return language.text(
            "Seen in {seen} of {runs} seeds ({seeds}); figures are means over all. {sentence}",
            seen=len(self.found),
            runs=runs,
            seeds=", ".join(map(str, self.seeds)),
            sentence=sentence,
        )

    @property
    def evidence(self) -> dict[str, float | int | str]:
        """How many runs show it, of how many."""
        return {"seeds_seen": len(self.found), "seeds": len(self.records)}


def seen(result: Result, look: Callable[[Record], T | None]) -> Seen[T] | None:
    """Look at every run of a row; None unless more than half of them show something."""
    runs = [(run.seed, run.record) for run in result.runs if run.record is not None]
    looked = [(seed, look(record)) for seed, record in runs]
    found = [(seed, one) for seed, one in looked if one is not None]
    if 2 * len(found) <= len(runs):
        return None
    return Seen(
        tuple(one for _, one in found), tuple(seed for seed, _ in found), tuple(record for _, record in runs)
    )


def seen_in_curves(result: Result, look: Callable[[Record], T | None]) -> Seen[T] | None:
    """As `seen`, for what the curves show; None too unless the curves of all runs can be read."""
    return seen(result, look) if all(map(curves.readable, result.records)) else None


def mean(result: Result, of: Callable[[Record], float]) -> float:
    """Return the mean of a number over a row's records."""
    return fmean(of(record) for record in result.records)


def as_means(result: Result, sentence: str) -> str:
    """Return a sentence that says its figures are means, where the row has several records."""
    if not result.repeated:
        return sentence
    return language.text("Means over {runs} seeds. {sentence}", runs=len(result.records), sentence=sentence)


def span(values: Sequence[int]) -> str:
    """Return whole numbers in print as one number, or as the smallest and the largest."""
    low, high = min(values), max(values)
    return numbers.thousands(low) if low == high else f"{numbers.thousands(low)}–{numbers.thousands(high)}"


def in_points(difference: float, signed: bool = True) -> str:
    """Return a difference of two fractions in print, with its unit: ``+0.31 points``."""
    text = numbers.points(difference)
    shown = text if signed else text.removeprefix("+")
    # Where a language tells one from many, it does so by the whole points.
    return language.plural("{points} points", "{points} points", int(100 * abs(difference)), points=shown)


def gap(first: float, second: float) -> float:
    """Return the difference of two accuracies as printed, so that a reader who subtracts finds the same."""
    return round(round(100 * first, 2) - round(100 * second, 2), 2) / 100
