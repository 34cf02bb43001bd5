"""The trials of a search with all their settings, and the winner trained anew beside its selected score."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from reportgen import language
from reportgen.analysis import lists, numbers, statistics, words
from reportgen.analysis import trial_words as said
from reportgen.analysis.dimensions import named, printed
from reportgen.analysis.metrics import correct_items
from reportgen.analysis.retrained import Figure, Retrained
from reportgen.analysis.trials import Searched, Trial
from reportgen.records import Record
from reportgen.tables.cells import (
    NOTHING,
    fraction_cell,
    interval_cell,
    loss_cell,
    number_cell,
    points_cell,
    said_cell,
    whole,
)
from reportgen.tables.table import Cell, Column, Line, Table
from reportgen.tables.widths import PAGE, width

LONG = 20
"""Trials up to which all of them stand in the chapter."""
BEST = 10
"""Of more, those that do."""


def trials_table(found: Searched) -> Table:
    """All trials of a search in their order, the best one in bold.

    Parameters
    ----------
    found : Searched
    """
    caption = language.text("All trials of the search, in the order of the proposals.")
    if found.title:
        caption = language.text(
            "All trials of the search {title}, in the order of the proposals.",
            title=language.quoted(found.title),
        )
    return _table(f"search-{found.id}-trials", caption, found, found.trials)


def best_trials_table(found: Searched) -> Table:
    """The best trials of a long search, the best first."""
    best = found.ordered(found.distinct)[:BEST]
    caption = language.text(
        "The best {n} of {trials} with different settings, by {measure}.",
        n=numbers.thousands(len(best)),
        trials=said.trials(len(found.distinct)),
        measure=said.measure_name(found),
    )
    return _table(f"search-{found.id}-best", caption, found, best)


def _table(name: str, caption: str, found: Searched, trials: Sequence[Trial]) -> Table:
    """With a column for each axis, or with one for all where the page is too narrow."""
    wide = Table(name, caption, _columns(found, True), tuple(_line(found, trial, True) for trial in trials))
    again = any(trial.like is not None for trial in trials)
    note = language.text("Trials of equal settings are one run: the first of them has it.") if again else ""
    chosen = wide
    if width(wide) > PAGE:
        lines = tuple(_line(found, trial, False) for trial in trials)
        chosen = Table(name, caption, _columns(found, False), lines)
    return Table(name, caption, chosen.columns, chosen.rows, note)


def _columns(found: Searched, apart: bool) -> tuple[Column, ...]:
    axes = (
        tuple(Column(named(axis.name), align="right", kind="name") for axis in found.axes)
        if apart
        else (Column(language.text("Settings")),)
    )
    return (
        Column(language.text("Trial"), kind="name"),
        *axes,
        Column(language.text("Validation"), "%", "right", "percent"),
        Column(language.text("Validation loss"), align="right", kind="number"),
        Column(language.text("Weights"), align="right", kind="integer"),
        Column(language.text("Epochs"), align="right", kind="integer"),
        Column(language.text("State"), kind="name"),
    )


def _line(found: Searched, trial: Trial, apart: bool) -> Line:
    settings = (
        tuple(_value(trial.values.get(axis.name)) for axis in found.axes)
        if apart
        else (said_cell(partial(said.settings, found, trial)),)
    )
    accuracy = NOTHING if trial.accuracy is None else fraction_cell(trial.accuracy)
    loss = NOTHING if trial.loss is None else loss_cell(trial.loss)
    if trial.number == found.best:
        accuracy, loss = _bold(accuracy, not found.by_loss), _bold(loss, found.by_loss)
    cells = (
        Cell(trial.number, numbers.thousands(trial.number)),
        *settings,
        accuracy,
        loss,
        NOTHING if trial.weights is None else whole(trial.weights),
        NOTHING if trial.epochs is None else whole(trial.epochs),
        said_cell(partial(state, found, trial)),
    )
    return Line(cells, "failed" if trial.measure is None else "normal", trial.row)


def _bold(cell: Cell, bold: bool) -> Cell:
    return Cell(cell.value, cell.text, bold)


def _value(value: Any) -> Cell:
    """A setting: numbers as they are, anything else in words."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Cell(value, printed(value))
    return said_cell(partial(printed, value))


def state(found: Searched, trial: Trial) -> str:
    """Return what became of a trial, in a few words.

    Parameters
    ----------
    found : Searched
    trial : Trial
    """
    if trial.to_come:
        return language.text("to come")
    if trial.failure:
        return language.text("failed: {cause}", cause=words.failure(trial.failure))
    if trial.number == found.best:
        return language.text("kept") if found.finished else language.text("best so far")
    if trial.like is not None:
        return language.text("as trial {n}", n=numbers.thousands(trial.like))
    return language.text("done")


def retrained_table(found: Searched, rows: Sequence[Retrained], winner: Record) -> Table:
    """The selected score of the winner beside the scores of fresh seeds, and the difference.

    Parameters
    ----------
    found : Searched
    rows : sequence of Retrained
        One at least.
    winner : Record
        Of the winner in the search.
    """
    lines = [_selected(found, rows[0], winner)]
    for row in rows:
        lines += list(_fresh(found, row, len(rows) > 1, winner))
    head = language.text("Validation loss") if found.by_loss else language.text("Validation, %")
    interval = language.text("95 % interval")
    test = language.text("Test accuracy, %")
    columns = (
        Column(language.text("Scores of the winner")),
        Column(language.plural("Seed", "Seeds", 2), align="right", kind="name"),
        Column(language.text("mean"), align="right", kind="number", group=head),
        Column(interval, align="right", kind="name", group=head),
        Column(language.text("mean"), align="right", kind="percent", group=test),
        Column(interval, align="right", kind="name", group=test),
    )
    return Table(
        f"search-{found.id}-winner",
        language.text("The winner of the search, as selected and trained anew."),
        columns,
        tuple(lines),
        language.text(
            "A selected score has no interval: it was picked for being the best. Intervals of fresh seeds"
            " are of their mean, after Student’s t; the test interval of the single run in the search is"
            " Wilson’s."
        ),
    )


def _selected(found: Searched, row: Retrained, winner: Record) -> Line:
    items = len(winner.test.y_true)
    low, high = statistics.wilson(correct_items(winner.test), items)
    number = found.best or 0
    return Line(
        (
            said_cell(
                lambda: language.text("Trial {n} in the search: selected", n=numbers.thousands(number))
            ),
            _seeds(row.search_seeds),
            _measure(found, row.score),
            said_cell(lambda: language.text("selected")),
            fraction_cell(correct_items(winner.test) / items),
            interval_cell(low, high),
        )
    )


def _fresh(found: Searched, row: Retrained, several: bool, winner: Record) -> list[Line]:
    name = said_cell(lambda: language.text("{title}: fresh seeds", title=row.title))
    if not several:
        name = said_cell(lambda: language.text("Trained anew: fresh seeds"))
    if row.validation is None or row.test is None:
        return [Line((name, *[NOTHING] * 5), "failed")]
    first = Line(
        (
            name,
            _seeds(row.fresh),
            _measure(found, row.validation.mean),
            _interval(row.validation, found.by_loss),
            fraction_cell(row.test.mean),
            _interval(row.test, False),
        ),
        link=row.row,
    )
    gap = row.score - row.validation.mean
    test = correct_items(winner.test) / len(winner.test.y_true) - row.test.mean
    last = Line(
        (
            said_cell(lambda: language.text("Selected less fresh, in points") if not found.by_loss
                      else language.text("Selected less fresh")),
            NOTHING,
            number_cell(gap, numbers.spread(gap, 3)) if found.by_loss else points_cell(gap),
            NOTHING,
            points_cell(test),
            NOTHING,
        ),
        "total",
    )  # fmt: skip
    return [first, last]


def _measure(found: Searched, value: float) -> Cell:
    return loss_cell(value) if found.by_loss else fraction_cell(value)


def _interval(figure: Figure, loss: bool) -> Cell:
    low, high = figure.low, figure.high
    if low is None or high is None:
        return NOTHING
    if not loss:
        return interval_cell(low, high)
    return said_cell(lambda: lists.between(numbers.loss(low), numbers.loss(high)))


def _seeds(seeds: Sequence[int]) -> Cell:
    text = ", ".join(map(str, seeds))
    if len(seeds) > 2 and list(seeds) == list(range(seeds[0], seeds[0] + len(seeds))):
        text = f"{seeds[0]}–{seeds[-1]}"
    return Cell(text, text)
