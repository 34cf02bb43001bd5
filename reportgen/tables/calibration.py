"""Whether models are as sure as they may be, a row a line."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from reportgen import language
from reportgen.analysis import elsewhere, lists, numbers, words
from reportgen.analysis.calibration import ENOUGH_ERRORS, Calibration, adds_up, calibration
from reportgen.analysis.metrics import by_data_set
from reportgen.analysis.observations.measured import penalties
from reportgen.analysis.which import which
from reportgen.records import Record
from reportgen.results import Result
from reportgen.tables import means
from reportgen.tables.cells import (
    NOTHING,
    fraction_cell,
    number_cell,
    points_cell,
    said_cell,
    score_cell,
)
from reportgen.tables.table import Cell, Column, Line, Table
from reportgen.tables.widths import fitted

_NLL = language.message("Negative log-likelihood")
_LOSS = language.message("Test loss (negative log-likelihood)")
"""What it is called where it is the test loss of every row: cross-entropy, and nothing added."""
_CROSS_ENTROPIES = ("categorical_crossentropy", "sparse_categorical_crossentropy")
_BRIER = language.message("Brier score")


def calibration_table(results: Sequence[Result]) -> Table:
    """Negative log-likelihood, Brier score and mean confidence against accuracy on the test set.

    Means over the seeds of a row, with their s.d. where some row has several. Rows in the order of
    `results`, by data set; rows without a result are left out.
    """
    groups = by_data_set(results)
    done = [result for group in groups.values() for result, _ in group]
    repeated = means.any_repeated(done)
    whole = not any(result.repeated for result in done)
    likelihood = _likelihood(done)
    rows: list[Line] = []
    for name, group in groups.items():
        if len(groups) > 1:
            rows.append(Line((said_cell(partial(words.data_set, name)),), "group"))
        rows += [
            Line(_cells(result, calibration(result), repeated, whole), link=result.row.id)
            for result, _ in group
        ]
    table = Table(
        id="calibration",
        caption=language.text(
            "How sure the models are of their answers on the test set, means over the seeds of each row."
        )
        if repeated
        else language.text("How sure the models are of their answers on the test set."),
        columns=_columns(repeated, likelihood),
        rows=tuple(rows),
        note=_note(done),
    )
    return fitted(table, [c.full_head for name in (likelihood, _BRIER) for c in _spread(name, repeated)])


def _likelihood(results: Sequence[Result]) -> str:
    """The name of the negative log-likelihood: also that of the test loss, where the two are the same."""
    records = [record for result in results for record in result.records]
    return _LOSS if all(map(_is_the_loss, records)) else _NLL


def _is_the_loss(record: Record) -> bool:
    """Whether a run's test loss is its negative log-likelihood."""
    smoothed = record.loss.get("settings", {}).get("label_smoothing")
    return record.loss.get("name") in _CROSS_ENTROPIES and not smoothed and not penalties(record)


def _spread(name: str, repeated: bool) -> tuple[Column, ...]:
    """The column of a measure's s.d., where there is one."""
    head = language.text("s.d. over seeds")
    return (Column(head, "", "right", "number", language.text(name)),) if repeated else ()


def _measured(name: str, repeated: bool) -> tuple[Column, ...]:
    """A measure's column; with its s.d. under one heading where there is one."""
    if not repeated:
        return (Column(language.text(name), align="right", kind="number"),)
    mean = Column(language.text("mean over seeds"), "", "right", "number", language.text(name))
    return (mean, *_spread(name, repeated))


def _columns(repeated: bool, likelihood: str) -> tuple[Column, ...]:
    return (
        Column(language.text("Experiment")),
        *((means.seeds_column(),) if repeated else ()),
        *_measured(likelihood, repeated),
        *_measured(_BRIER, repeated),
        # Heads of like length: a long one takes the room that should stand between its neighbours' numbers.
        Column(language.text("Confidence"), "%", "right", "percent"),
        Column(language.text("Accuracy"), "%", "right", "percent"),
        Column(language.text("Difference"), language.text("points"), "right", "number"),
        Column(
            language.text("Errors per run") if repeated else language.text("Errors"),
            align="right",
            kind="number" if repeated else "integer",
        ),
    )


def _cells(result: Result, found: Calibration, repeated: bool, whole: bool) -> tuple[Cell, ...]:
    nll_sd, brier_sd = found.negative_log_likelihood_sd, found.brier_sd
    return (
        means.title_cell(result),
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
    printed = ends[0] if ends[0] == ends[1] else lists.between(*ends)
    # Where a language tells one from many, it does so by the whole points.
    return language.plural("{points} points", "{points} points", int(100 * max(found)), points=printed)


def _note(results: Sequence[Result]) -> str:
    if not results:
        return ""
    few = sum(not calibration(result).enough for result in results)
    parts = [
        language.text(
            "Negative log-likelihood in nats; Brier score between 0 and 2; accuracy counts in both."
            " Confidence is the mean probability of the predicted class, the difference is confidence less"
            " accuracy. A confidence is too high where it is clearly above the accuracy (by more than two"
            " standard errors, which are {errors} here).",
            errors=_errors_of(results),
        )
    ]
    if few:
        parts.append(
            language.plural(
                "One experiment has fewer than {errors} errors, too few to draw accuracy against confidence.",
                "{n} experiments have fewer than {errors} errors, too few to draw accuracy against"
                " confidence.",
                few,
                n=few,
                errors=ENOUGH_ERRORS,
            )
        )
    parts += [_apart(results), means.lost_words(results), elsewhere.note(results)]
    return " ".join(part for part in parts if part)


def _apart(results: Sequence[Result]) -> str:
    """Which rows have outputs that are no probabilities of classes of which one is true."""
    own = [result for result in results if not all(adds_up(record.test) for record in result.records)]
    if not own:
        return ""
    return language.text(
        "The outputs of {rows} do not sum to one: each says how likely its class is by itself. The class with"
        " the highest counts as the answer, and none of these measures means for them what it means for the"
        " others.",
        rows=which(own, results),
    )
