"""Two trainings of different lengths, compared where both have trained equally long.

With a constant learning rate, and nothing that stops training early, the first epochs of a training do
not know how many will follow: at its epoch 100 a run of 250 is the run of 100 of its settings.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean

import numpy as np

from reportgen import language
from reportgen.analysis import numbers, statistics
from reportgen.analysis.differences import Difference
from reportgen.analysis.observations.rule import Evidence
from reportgen.analysis.observations.seeds import in_points
from reportgen.analysis.observations.settings import LENGTH
from reportgen.analysis.observations.worth import comparable, level
from reportgen.records import Record
from reportgen.results import Result


@dataclass(frozen=True)
class SameEpoch:
    """Validation accuracies at the last epoch of the shorter training, first row minus second.

    Parameters
    ----------
    epoch : int
    points : tuple of float
        At each seed that both rows have, rounded as printed.
    low, high : float
        95 % interval at the first of the seeds; the items are taken as if they were not the same ones,
        since the answers of that epoch are not recorded, so it is rather too wide.
    """

    epoch: int
    points: tuple[float, ...]
    low: float
    high: float

    @property
    def mean(self) -> float:
        """Mean of the printed points, rounded as they are."""
        return round(fmean(self.points), 4)

    @property
    def evidence(self) -> Evidence:
        """The raw numbers."""
        each = {f"same_epoch_difference_{place}": point for place, point in enumerate(self.points, 1)}
        return {"same_epoch": self.epoch, "same_epoch_difference": self.mean, **each}


def at_same_epoch(one: Result, other: Result) -> SameEpoch | None:
    """Return the difference at the shorter row's last epoch; None where that is no fair comparison."""
    epochs = _planned(one), _planned(other)
    if epochs[0] is None or epochs[1] is None or epochs[0] == epochs[1]:
        return None
    longer = one if epochs[0] > epochs[1] else other
    theirs = {run.seed: run.record for run in other.runs}
    pairs = [
        (run.record, record)
        for run in one.runs
        if run.record is not None and (record := theirs.get(run.seed)) is not None
    ]
    if not pairs or not all(_constant(record) for record in longer.records):
        return None
    if any(record.initial for pair in pairs for record in pair):  # earlier epochs lie behind the first one
        return None
    if not all(
        comparable(*pair) and pair[0].data.split_digest == pair[1].data.split_digest for pair in pairs
    ):
        return None
    epoch = min(epochs[0], epochs[1])
    points = tuple(round(_at(epoch, first) - _at(epoch, second), 4) for first, second in pairs)
    return SameEpoch(epoch, points, *_interval(epoch, *pairs[0]))


def _planned(result: Result) -> int | None:
    """The epochs that every run of a row was given, trained and was tested after."""
    given = result.row.parameters.get(LENGTH)
    if not isinstance(given, int) or not result.records:
        return None
    return given if all(record.epochs == record.tested_epoch == given for record in result.records) else None


def _constant(record: Record) -> bool:
    rates = record.history.get("learning_rate")
    return rates is not None and len(rates) == record.epochs and bool(np.all(rates == rates[0]))


def _at(epoch: int, record: Record) -> float:
    return float(record.history["val_accuracy"][epoch - 1])


def _interval(epoch: int, first: Record, second: Record) -> tuple[float, float]:
    n = first.data.n_validation
    right = [round(_at(epoch, record) * n) for record in (first, second)]
    return statistics.unpaired_interval(right[0], n, right[1], n)


def there(found: SameEpoch, ends: Difference) -> str:
    """Return a sentence on the difference at that epoch, beside the one at the ends."""
    facts = {
        "epoch": numbers.thousands(found.epoch),
        "points": in_points(found.mean),
        "ends": numbers.points(ends.difference),
    }
    if len(found.points) > 1:
        return language.text(
            "At epoch {epoch}, where both have trained equally long, validation accuracy differs by {points}"
            " ({each}); at their ends by {ends}.",
            each=_separated([numbers.points(point) for point in found.points]),
            **facts,
        )
    return language.text(
        "At epoch {epoch}, where both have trained equally long, validation accuracy differs by {points}"
        " ({level} interval {low} to {high}); at their ends by {ends}.",
        level=level(statistics.LEVEL),
        low=numbers.points(found.low),
        high=numbers.points(found.high),
        **facts,
    )


def _separated(values: list[str]) -> str:
    """Numbers in a row: with commas, unless these are the decimal mark."""
    return (f"{language.NO_BREAK_SPACE}; " if language.decimal_mark() == "," else ", ").join(values)
