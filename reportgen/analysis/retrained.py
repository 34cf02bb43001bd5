"""The winner of a search trained anew: the score that chose it beside scores that chose nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from reportgen.analysis import statistics
from reportgen.analysis.scores import value
from reportgen.analysis.trials import Searched
from reportgen.results import Result, Run


@dataclass(frozen=True)
class Figure:
    """One measure over some runs.

    Parameters
    ----------
    mean : float
    low, high : float or None
        Student's t interval of the mean; None of a single run.
    sd : float or None
    """

    mean: float
    low: float | None = None
    high: float | None = None
    sd: float | None = None


@dataclass(frozen=True)
class Retrained:
    """A row that begins with the winner, told apart by the seeds of its runs.

    Parameters
    ----------
    row, title : str
    score : float
        The measure of the winner in the search, which selected it.
    search_seeds : tuple of int
        Seeds of the winner's runs in the search.
    itself : bool
        Whether a run of the row is that of the search.
    fresh : tuple of int
        Seeds that took no part in the search, and whose runs left a record.
    validation, test : Figure or None
        Over the fresh seeds: in what the search makes best, and in test accuracy. None without any.
    changed : tuple of str
        Parameters in which the row differs from the winner.
    lost : int
        Fresh seeds without a record.
    other_images : bool
        Whether a fresh run was validated on other images than the winner.
    """

    row: str
    title: str
    score: float
    search_seeds: tuple[int, ...]
    itself: bool
    fresh: tuple[int, ...]
    validation: Figure | None
    test: Figure | None
    changed: tuple[str, ...]
    lost: int
    other_images: bool

    def short(self, by_loss: bool) -> float | None:
        """By how much the fresh seeds fall short of the selected score; None without any."""
        if self.validation is None:
            return None
        gap = self.score - self.validation.mean
        return -gap if by_loss else gap


def retrained(found: Searched, results: Sequence[Result]) -> tuple[Retrained, ...]:
    """Return the rows that begin with the winner of a search.

    Parameters
    ----------
    found : Searched
    results : sequence of Result
        Of the report.
    """
    best = found.winner
    if best is None or best.measure is None or not found.finished:
        return ()
    winner = next(result for result in results if result.row.id == best.row)
    return tuple(
        _retrained(found, winner, best.measure, result) for result in results if _begins(found, result)
    )


def _begins(found: Searched, result: Result) -> bool:
    origin = result.row.origin
    return origin is not None and origin.stage is None and origin.source == found.id


def _retrained(found: Searched, winner: Result, score: float, result: Result) -> Retrained:
    used = {run.seed for run in winner.runs}
    keys = {run.key for run in winner.runs}
    fresh = [run for run in result.runs if run.seed not in used]
    done = [run for run in fresh if run.record is not None]
    return Retrained(
        row=result.row.id,
        title=result.row.title,
        score=score,
        search_seeds=tuple(sorted(used)),
        itself=any(run.key in keys for run in result.runs),
        fresh=tuple(run.seed for run in done),
        validation=_figure(done, found.measures),
        test=_figure(done, "test_accuracy"),
        changed=_changed(winner.row.parameters, result.row.parameters),
        lost=len(fresh) - len(done),
        other_images=_other_images(winner, done),
    )


def _figure(runs: Sequence[Run], measure: str) -> Figure | None:
    values = [value(run.record, measure) for run in runs if run.record is not None]
    if not values:
        return None
    if len(values) == 1:
        return Figure(values[0])
    low, high = statistics.mean_interval(values)
    top = 1.0 if measure.endswith("_accuracy") else high
    return Figure(fmean(values), max(0.0, low), min(high, top), statistics.sd(values))


def _changed(winner: Mapping[str, Any], own: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(name for name in {**winner, **own} if winner.get(name) != own.get(name))


def _other_images(winner: Result, runs: Sequence[Run]) -> bool:
    if winner.record is None:
        return False
    own = winner.record.data.split_digest
    return any(run.record is not None and run.record.data.split_digest != own for run in runs)
