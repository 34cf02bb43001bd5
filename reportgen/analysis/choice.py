"""Which row a stage keeps: by validation, never by a test score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

from reportgen.analysis.metrics import mean_validation_accuracy
from reportgen.experiments.stages import Stage
from reportgen.records import Record

Records = Sequence[Record]


@dataclass(frozen=True)
class Choice:
    """What a stage keeps, and how sure that is.

    Parameters
    ----------
    kept : str
        Id of the row.
    order : tuple of str
        Rows with a record, the best by the stage's measure first.
    standard_error : float
        Of the best row's validation accuracy, see `standard_error`.
    least : float
        The best accuracy less one standard error: rows above it are not told apart by this rule.
    """

    kept: str
    order: tuple[str, ...]
    standard_error: float
    least: float


def choose(stage: Stage, records: Mapping[str, Records]) -> Choice | None:
    """Return the row that a stage keeps of those that have a record; None where there is none.

    Ties of the measure are settled by the loss without penalties (or by the accuracy, where the loss is the
    measure), then by the fewest weights, then by the order of the rows.

    Parameters
    ----------
    stage : Stage
    records : mapping of str to sequence of Record
        By row, one for each seed that has one.
    """
    made = {row: records[row] for row in stage.rows if records.get(row)}
    if not made:
        return None
    place = {row: number for number, row in enumerate(stage.rows)}
    order = sorted(made, key=lambda row: (*_merit(stage, made[row]), weights(made[row]), place[row]))
    error = standard_error(made[order[0]])
    least = mean_validation_accuracy(made[order[0]]) - error
    kept = order[0]
    if stage.choose == "one-standard-error":
        near = [row for row in order if mean_validation_accuracy(made[row]) >= least]
        kept = min(near, key=lambda row: (weights(made[row]), order.index(row)))
    return Choice(kept, tuple(order), error, least)


def measure(stage: Stage, records: Records) -> float:
    """Return what a stage makes greatest: the validation accuracy, or the negative validation loss."""
    return -_merit(stage, records)[0]


def weights(records: Records) -> int:
    """Return the number of weights of a row's network."""
    return records[0].total_params


def standard_error(records: Records) -> float:
    """Return the standard error of a row's mean validation accuracy.

    That of drawing the validation images, sqrt(p (1 - p) / n), or that of drawing seeds, s / sqrt(runs),
    whichever is the larger: all runs of a row see the same images.

    Parameters
    ----------
    records : sequence of Record
    """
    share, items = mean_validation_accuracy(records), records[0].data.n_validation
    drawing = sqrt(share * (1 - share) / items)
    if len(records) < 2:
        return drawing
    accuracies = [record.evaluation["validation"]["accuracy"] for record in records]
    return max(drawing, stdev(accuracies) / sqrt(len(accuracies)))


def _merit(stage: Stage, records: Records) -> tuple[float, float]:
    """Smaller is better."""
    accuracy = -mean_validation_accuracy(records)
    loss = fmean(record.error_loss("validation") for record in records)
    return (loss, accuracy) if stage.measure == "validation_loss" else (accuracy, loss)
