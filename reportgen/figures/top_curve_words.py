"""Which rows the figure of validation curves shows, and the same in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reportgen import language
from reportgen.analysis import numbers, twins, words
from reportgen.analysis.lists import clauses
from reportgen.analysis.matrices import by_validation
from reportgen.analysis.metrics import places, validation_accuracy
from reportgen.figures.seeds import bundle
from reportgen.results import Result

MOST = 5
MOST_TIED = 7
"""Rows that are shown where the fifth ties with the next: of more the panels would be a tangle."""
PLACED_BY_TEST = language.message("Rows validated on the test set are placed by their test accuracy.")


def runs(results: Sequence[Result]) -> tuple[Result, ...]:
    """Return the rows by validation; of those that are one run, the first."""
    return twins.distinct(by_validation(results))


def highest_rows(results: Sequence[Result]) -> tuple[Result, ...]:
    """Return the rows that `top_curves` shows: the five highest by validation accuracy.

    A tie is not cut in two: all of it is shown while that makes at most seven rows, else none of it. Where
    the tie is for the first place there is no other way than to cut it by the validation loss.

    Rows that are one run are shown once.

    Parameters
    ----------
    results : sequence of Result
        Of one data set.
    """
    rows = runs(results)
    accuracies = [validation_accuracy(row) for row in rows]
    if len(rows) <= MOST or accuracies[MOST - 1] != accuracies[MOST]:
        return rows[:MOST]
    first = accuracies.index(accuracies[MOST])
    after = first + accuracies.count(accuracies[MOST])
    return rows[: after if after <= MOST_TIED else first or MOST]


def which_rows(rows: Sequence[Result], results: Sequence[Result]) -> str:
    """How many of the rows are shown, and what of a tie at the cut."""
    every, numbered = runs(results), places(results)
    facts = {"n": numbers.thousands(len(rows)), "of": numbers.thousands(len(every))}
    last, after = validation_accuracy(rows[-1]), validation_accuracy(every[len(rows)])
    tied = [numbered[row.row.id] for row in every if validation_accuracy(row) == last]
    if last == after:
        return language.text(
            "{n} of {of} rows: {tied} share the highest validation accuracy; these have the lowest"
            " validation loss.",
            tied=numbers.thousands(len(tied)),
            **facts,
        )
    if len(rows) > MOST:
        return language.text(
            "The {n} of {of} rows with the highest validation accuracy: numbers {first} to {last} have the"
            " same.",
            first=numbers.thousands(tied[0]),
            last=numbers.thousands(tied[-1]),
            **facts,
        )
    if len(rows) < MOST:
        return language.text(
            "The {n} of {of} rows with the highest validation accuracy: the next {tied} have the same, and"
            " are left out.",
            tied=numbers.thousands(sum(validation_accuracy(row) == after for row in every)),
            **facts,
        )
    return language.text("The {n} of {of} rows with the highest validation accuracy.", **facts)


def describe_top_curves(results: Sequence[Result], sections: Mapping[str, str]) -> str:
    """Alternative text of `top_curves`: the rows with their accuracy, and where their losses are lowest."""
    rows = highest_rows(results)
    parts = []
    for row in rows:
        at, value = bundle(row.records, "val_loss").lowest()
        parts.append(
            language.text(
                "{title}: accuracy {accuracy}, lowest loss {loss} at epoch {epoch}",
                title=language.quoted(row.row.title),
                accuracy=numbers.percentage(validation_accuracy(row)),
                loss=numbers.loss(value),
                epoch=numbers.thousands(at),
            )
        )
    if 1 < len(rows) == len(runs(results)):
        return language.text(
            "Validation curves of all {n} rows, from the highest validation accuracy down. {rows}.",
            n=numbers.thousands(len(rows)),
            rows=clauses(parts),
        )
    return language.plural(
        "Validation curves of one row. {rows}.",
        "Validation curves of the {n} rows with the highest validation accuracy. {rows}.",
        len(rows),
        n=numbers.thousands(len(rows)),
        rows=clauses(parts),
    )


def caption_top_curves(results: Sequence[Result]) -> str:
    """Caption of `top_curves`: which rows, in which order."""
    shown, of = len(highest_rows(results)), len(runs(results))
    facts = {
        "data": words.data_set(results[0].records[0].data.name),
        "n": numbers.thousands(shown),
        "of": numbers.thousands(of),
    }
    on_test = all(record.data.validated_on_test for row in results for record in row.records)
    if on_test and shown == of:
        return language.text(
            "Test curves on {data} of all {n} rows, numbered from the highest test accuracy down. A number"
            " stands where its row’s training ended.",
            **facts,
        )
    if on_test:
        return language.text(
            "Test curves on {data} of the {n} of {of} rows with the highest test accuracy, numbered from the"
            " highest down. A number stands where its row’s training ended.",
            **facts,
        )
    if shown == of:
        return language.text(
            "Validation curves on {data} of all {n} rows, numbered from the highest validation accuracy down."
            " A number stands where its row’s training ended.",
            **facts,
        )
    return language.text(
        "Validation curves on {data} of the {n} of {of} rows with the highest validation accuracy, numbered"
        " from the highest down. A number stands where its row’s training ended.",
        **facts,
    )
