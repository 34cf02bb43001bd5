"""A rule about how much training the rows of a chapter were given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportgen import language
from reportgen.analysis import lists, numbers
from reportgen.analysis.metrics import by_data_set
from reportgen.analysis.observations.chapters import titles_of
from reportgen.analysis.observations.rule import Everything, Said, section_rule
from reportgen.analysis.observations.seeds import span
from reportgen.analysis.twins import distinct
from reportgen.records import Record
from reportgen.results import Result

MOST_GROUPS = 3
"""Kinds of training that are named with their rows; of more, the smallest and the largest numbers."""


def _budget(record: Record) -> tuple[int, int] | None:
    """Planned epochs and the size of a batch, where both are known."""
    size = record.parameters.get("batch_size")
    planned = record.epochs if record.stopped is None else record.stopped.planned
    return (planned, size) if isinstance(size, int) and size > 0 else None


@section_rule("different-budgets", importance=70)
def different_budgets(rows: Sequence[Result], everything: Everything) -> Iterator[Said]:
    """Rows on the same data were given different numbers of epochs, or batches of different sizes."""
    for budgets in _budgets(rows):
        yield _said(budgets)


def budget_words(rows: Sequence[Result]) -> str:
    """Return what is said where rows with different amounts of training are compared; empty for none."""
    return " ".join(_said(budgets).text for budgets in _budgets(rows))


def _budgets(rows: Sequence[Result]) -> Iterator[dict[tuple[int, int], list[Result]]]:
    """Of each data set with different budgets, the rows that have each."""
    for group in by_data_set(distinct(rows)).values():
        budgets: dict[tuple[int, int], list[Result]] = {}
        for result, record in group:
            if (budget := _budget(record)) is not None:
                budgets.setdefault(budget, []).append(result)
        if len(budgets) > 1:
            yield budgets


def _said(budgets: dict[tuple[int, int], list[Result]]) -> Said:
    every = [result for results in budgets.values() for result in results]
    updates = [_updates(result.records[0]) for result in every]
    facts = {"low": numbers.thousands(min(updates)), "high": numbers.thousands(max(updates))}
    if len(budgets) <= MOST_GROUPS:
        kinds = [
            language.text(
                "{epochs} epochs in batches of {size} ({titles})",
                epochs=numbers.thousands(epochs),
                size=numbers.thousands(size),
                titles=titles_of(results),
            )
            for (epochs, size), results in sorted(budgets.items(), key=lambda item: -len(item[1]))
        ]
        sentence = language.text(
            "The rows were given different amounts of training: {kinds}.", kinds=lists.clauses(kinds)
        )
    else:
        sentence = language.text(
            "The rows were given different amounts of training: {epochs} epochs, in batches of {sizes}.",
            epochs=span([epochs for epochs, _ in budgets]),
            sizes=span([size for _, size in budgets]),
        )
    sentence += " " + language.text(
        "They took {low} to {high} updates of the weights; a difference between them contains that.", **facts
    )
    question = language.text(
        "How many epochs, and batches of which size, was each row given? Which comparisons are fair then?"
    )
    evidence = {"budgets": len(budgets), "fewest_updates": min(updates), "most_updates": max(updates)}
    return Said(sentence, question, evidence)


def _updates(record: Record) -> int:
    """Updates of the weights: batches of an epoch times the epochs that were trained."""
    return -(-record.data.n_train // int(record.parameters["batch_size"])) * record.epochs
