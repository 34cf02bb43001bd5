"""The trials of a search in their order: what each tried, what it measured, and the best so far."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any, Literal

from reportgen.analysis.choice import choose, standard_error
from reportgen.analysis.metrics import mean_validation_accuracy
from reportgen.analysis.scores import item_losses
from reportgen.experiments.stages import Axis, Stage
from reportgen.records import Record
from reportgen.results import Result

TO_COME = frozenset({"interrupted", "not-run", "no-start", "no-data", "kernel-start"})
"""Kinds of failure that say nothing of the settings: the trial is still to be made."""


@dataclass(frozen=True)
class Trial:
    """One trial; what is not known is None.

    Parameters
    ----------
    number : int
        From 1, in the order of the proposals.
    row : str
        Id of its row.
    values : mapping
        What the search set, by axis.
    measure : float or None
        What the search makes best: a fraction or a loss; None without a result.
    error : float or None
        Standard error of the measure: what the size of the validation set leaves open.
    accuracy, loss : float or None
        In validation, of the weights that are tested; the loss without penalties.
    weights, epochs : int or None
        Of the network, and of the (longest) training.
    failure : str
        Kind of the failure where there is no result, else empty.
    like : int or None
        Number of the first trial with the same settings.
    """

    number: int
    row: str
    values: Mapping[str, Any]
    measure: float | None = None
    error: float | None = None
    accuracy: float | None = None
    loss: float | None = None
    weights: int | None = None
    epochs: int | None = None
    failure: str = ""
    like: int | None = None

    @property
    def to_come(self) -> bool:
        """Whether it has yet to be made."""
        return self.failure in TO_COME


@dataclass(frozen=True)
class Searched:
    """What a search has shown so far: all that its figures and tables need.

    Parameters
    ----------
    id, title : str
    axes : tuple of Axis
    measures : {"validation_accuracy", "validation_loss"}
    method : str
    batch, size : int
        Trials that are proposed at once, and in all.
    trials : tuple of Trial
        Those that are known.
    best : int or None
        Number of the best trial; the one that is kept once all are made.
    finished : bool
        Whether the search keeps a row: it is over.
    """

    id: str
    title: str
    axes: tuple[Axis, ...]
    measures: Literal["validation_accuracy", "validation_loss"]
    method: str
    batch: int
    size: int
    trials: tuple[Trial, ...]
    best: int | None = None
    finished: bool = False

    @property
    def by_loss(self) -> bool:
        """Whether the least is the best."""
        return self.measures == "validation_loss"

    @property
    def winner(self) -> Trial | None:
        """The best trial."""
        return None if self.best is None else self.trials[self.best - 1]

    @property
    def done(self) -> tuple[Trial, ...]:
        """The trials with a measure."""
        return tuple(trial for trial in self.trials if trial.measure is not None)

    @property
    def distinct(self) -> tuple[Trial, ...]:
        """Of these, the first of each settings: the networks that were really trained."""
        return tuple(trial for trial in self.done if trial.like is None)

    def merit(self, trial: Trial) -> float:
        """The measure as a number that is greater for the better; minus infinity without one."""
        if trial.measure is None:
            return -math.inf
        return -trial.measure if self.by_loss else trial.measure

    def ordered(self, trials: Sequence[Trial]) -> list[Trial]:
        """Trials with the best first, ties in their order; the winner leads in any case."""
        return sorted(trials, key=lambda one: (-self.merit(one), one.number != self.best, one.number))

    def best_so_far(self) -> tuple[Trial | None, ...]:
        """After each trial, the best of all up to it: one that is only as good does not take its place."""
        found: list[Trial | None] = []
        best: Trial | None = None
        for trial in self.trials:
            if trial.measure is not None and (best is None or self.merit(trial) > self.merit(best)):
                best = trial
            found.append(best)
        return tuple(found)


def searched(stage: Stage, results: Sequence[Result]) -> Searched:
    """Return what a search has shown.

    Parameters
    ----------
    stage : Stage
        Of the kind ``search``.
    results : sequence of Result
        With its rows.
    """
    by_row = {result.row.id: result for result in results}
    rows = [by_row[row] for row in stage.rows if row in by_row]
    choice = choose(stage, {result.row.id: result.records for result in rows})
    kept = stage.kept or (choice.kept if choice is not None else None)
    firsts = _firsts(rows)
    trials = tuple(_trial(stage, number, result, firsts[number - 1]) for number, result in enumerate(rows, 1))
    best = next((trial.number for trial in trials if trial.row == kept and trial.measure is not None), None)
    return Searched(
        stage.id, stage.title, stage.axes, stage.measure, stage.method, stage.batch, stage.size, trials,
        best, stage.kept is not None,
    )  # fmt: skip


def _firsts(rows: Sequence[Result]) -> list[int | None]:
    """For each trial the number of the first one with the same settings, None where it is that itself."""
    found: list[int | None] = []
    for number, result in enumerate(rows):
        same = (place for place, other in enumerate(rows[:number], 1) if _same(other, result))
        found.append(next(same, None))
    return found


def _same(one: Result, other: Result) -> bool:
    """Whether two trials set the same: values of one axis may come to the same network, but are two."""
    values = [result.row.origin.values if result.row.origin else {} for result in (one, other)]
    return dict(values[0]) == dict(values[1])


def _trial(stage: Stage, number: int, result: Result, like: int | None) -> Trial:
    values = dict(result.row.origin.values) if result.row.origin is not None else {}
    records = result.records
    if not records:
        kind = result.failure.kind if result.failure is not None else "not-run"
        return Trial(number, result.row.id, values, failure=kind, like=like)
    accuracy = mean_validation_accuracy(records)
    loss = fmean(record.error_loss("validation") for record in records)
    measure = loss if stage.measure == "validation_loss" else accuracy
    error = _error_of_loss(records) if stage.measure == "validation_loss" else standard_error(records)
    return Trial(
        number,
        result.row.id,
        values,
        measure=measure,
        error=error,
        accuracy=accuracy,
        loss=loss,
        weights=records[0].total_params,
        epochs=max(record.epochs for record in records),
        like=like,
    )


def _error_of_loss(records: Sequence[Record]) -> float | None:
    """Of the mean loss of the validation images, by their scatter; the mean over runs."""
    losses = [item_losses(record, "validation_loss") for record in records]
    if any(len(one) < 2 for one in losses):
        return None
    return fmean(float(one.std(ddof=1)) / math.sqrt(len(one)) for one in losses)
