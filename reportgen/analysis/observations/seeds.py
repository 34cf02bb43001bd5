"""One row, several seeds: what most of its runs show, and how a sentence says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Generic, TypeVar

from reportgen import language
from reportgen.analysis import numbers
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
    runs : int
        Runs that were looked at.
    """

    found: tuple[T, ...]
    runs: int

    def mean(self, of: Callable[[T], float]) -> float:
        """Return the mean of a number over the runs that show it."""
        return fmean(of(one) for one in self.found)

    def all(self, of: Callable[[T], bool]) -> bool:
        """Return whether something holds in every run that shows it."""
        return all(of(one) for one in self.found)

    def epochs(self, of: Callable[[T], int]) -> str:
        """Return an epoch in print, or the first and the last over the runs that show it."""
        return span([of(one) for one in self.found])

    def said(self, sentence: str) -> str:
        """Return a sentence with the number of seeds that it holds for, where there are several."""
        if self.runs == 1:
            return sentence
        return language.text(
            "In {seen} of {runs} seeds; figures are means over these. {sentence}",
            seen=len(self.found),
            runs=self.runs,
            sentence=sentence,
        )

    def counted(self, sentence: str) -> str:
        """As `said`, for a sentence whose figures are means over all runs."""
        if self.runs == 1:
            return sentence
        return language.text(
            "Means over {runs} seeds; {seen} of them show it by themselves. {sentence}",
            runs=self.runs,
            seen=len(self.found),
            sentence=sentence,
        )

    @property
    def evidence(self) -> dict[str, float | int | str]:
        """How many runs show it, of how many."""
        return {"seeds_seen": len(self.found), "seeds": self.runs}


def seen(result: Result, look: Callable[[Record], T | None]) -> Seen[T] | None:
    """Look at every run of a row; None unless more than half of them show something."""
    found = tuple(one for one in map(look, result.records) if one is not None)
    return Seen(found, len(result.records)) if 2 * len(found) > len(result.records) else None


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
