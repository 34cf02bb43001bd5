"""Whether models are as sure as they may be, a row a line."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.analysis import numbers, words
from reportgen.analysis.calibration import ENOUGH_ERRORS, Calibration, calibration
from reportgen.analysis.metrics import by_data_set
from reportgen.results import Result
from reportgen.tables import means
from reportgen.tables.cells import (
    NOTHING,
    fraction_cell,
    number_cell,
    points_cell,
    score_cell,
    text_cell,
)
from reportgen.tables.table import Cell, Column, Line, Table
from reportgen.tables.widths import fitted

_NLL = "Negative log-likelihood"


def calibration_table(results: Sequence[Result]) -> Table:
    """Negative log-likelihood, Brier score and mean confidence against accuracy on the test set.

    Means over the seeds of a row, with their s.d. where some row has several. Rows in the order of
    `results`, by data set; rows without a result are left out.
    """
    groups = by_data_set(results)
    done = [result for group in groups.values() for result, _ in group]
    repeated = means.any_repeated(done)
    whole = not any(result.repeated for result in done)
    rows: list[Line] = []
    for name, group in groups.items():
        if len(groups) > 1:
            rows.append(Line((text_cell(words.data_set(name)),), "group"))
        rows += [
            Line(_cells(result, calibration(result), repeated, whole), link=result.row.id)
            for result, _ in group
        ]
    table = Table(
        id="calibration",
        caption="How sure the models are of their answers on the test set"
        f"{', means over the seeds of each row' if repeated else ''}.",
        columns=_columns(repeated),
        rows=tuple(rows),
        note=_note(done),
    )
    return fitted(table, (f"{_NLL}: s.d.", "Brier score: s.d."))


def _columns(repeated: bool) -> tuple[Column, ...]:
    def spread(group: str) -> tuple[Column, ...]:
        return (Column("s.d. over seeds", align="right", kind="number", group=group),) if repeated else ()

    mean = "mean over seeds" if repeated else "measured"
    return (
        Column("Experiment"),
        *((Column("Seeds", align="right", kind="integer"),) if repeated else ()),
        Column(mean, align="right", kind="number", group=_NLL),
        *spread(_NLL),
        Column(mean, align="right", kind="number", group="Brier score"),
        *spread("Brier score"),
        # Heads of like length: a long one takes the room that should stand between its neighbours' numbers.
        Column("Confidence", "%", "right", "percent"),
        Column("Accuracy", "%", "right", "percent"),
        Column("Difference", "points", "right", "number"),
        Column(
            "Errors per run" if repeated else "Errors",
            align="right",
            kind="number" if repeated else "integer",
        ),
    )


def _cells(result: Result, found: Calibration, repeated: bool, whole: bool) -> tuple[Cell, ...]:
    nll_sd, brier_sd = found.negative_log_likelihood_sd, found.brier_sd
    return (
        text_cell(result.row.title),
        *((means.seeds_cell(result),) if repeated else ()),
        score_cell(found.negative_log_likelihood),
        *((NOTHING if nll_sd is None else score_cell(nll_sd),) if repeated else ()),
        score_cell(found.brier),
        *((NOTHING if brier_sd is None else score_cell(brier_sd),) if repeated else ()),
        fraction_cell(found.confidence),
        fraction_cell(found.accuracy),
        points_cell(found.confidence - found.accuracy),
        # One column, one number of decimals: a mean over seeds need not be whole.
        number_cell(found.errors, numbers.decimal(found.errors, 0 if whole else 1)),
    )


def _errors_of(results: Sequence[Result]) -> str:
    """From the smallest to the largest standard error of confidence less accuracy, in points."""
    found = [calibration(result).gap_error for result in results]
    ends = [numbers.percent(end) for end in (min(found), max(found))]
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def _note(results: Sequence[Result]) -> str:
    if not results:
        return ""
    few = sum(not calibration(result).enough for result in results)
    parts = [
        "Negative log-likelihood in nats; Brier score between 0 and 2; accuracy counts in both.",
        "Confidence is the mean probability of the predicted class, the difference is confidence less"
        " accuracy. A confidence is too high where it is clearly above the accuracy (by more than two"
        f" standard errors, which are {_errors_of(results)} points here).",
    ]
    if few:
        rows = "One row has" if few == 1 else f"{few} rows have"
        parts.append(
            f"{rows} fewer than {ENOUGH_ERRORS} errors, too few to draw accuracy against confidence."
        )
    parts.append(means.lost_words(results))
    return " ".join(part for part in parts if part)
