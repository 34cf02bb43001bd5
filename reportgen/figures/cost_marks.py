"""The marks of accuracy against cost, and the same in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reportgen import language
from reportgen.analysis import costs, lists, numbers, pareto, words
from reportgen.analysis.costs import MEASURES, Measure
from reportgen.analysis.metrics import by_data_set, places
from reportgen.figures.cost_key import Entry
from reportgen.results import Result

_AXIS: Mapping[Measure, str] = {
    "parameters": language.message("parameters"),
    "multiply-adds": language.message("multiply-adds of a prediction"),
    "seconds": language.message("seconds of training"),
}
_LABELS: Mapping[Measure, str] = {
    "parameters": language.message("parameters"),
    "multiply-adds": language.message("multiply-adds per prediction"),
    "seconds": language.message("seconds of training"),
}
FIRST = 10
"""Rows that are numbered beside those on the front, where not all can be."""


def axis(measure: Measure) -> str:
    """What stands at the axis of a measure, in as few words as there is room for."""
    return language.text("{cost} (log scale)", cost=language.text(_LABELS[measure]))


@dataclass(frozen=True)
class Mark:
    """A row in a panel; `name` is its id, `label` its place, `cost` at least 1 for the logarithm."""

    name: str
    label: str
    title: str
    section: str
    cost: float
    accuracy: float
    on_test: bool = False


def groups(results: Sequence[Result]) -> dict[str, list[Result]]:
    return {name: [result for result, _ in group] for name, group in by_data_set(results).items()}


def marks_of(group: Sequence[Result], results: Sequence[Result], measure: Measure) -> list[Mark]:
    """The rows of a data set; none where they may not be compared in this measure."""
    if measure not in costs.shown(group):
        return []
    numbered = places(results)
    own = {result.row.id: result for result in group}
    return [
        Mark(
            point.name,
            str(numbered[point.name]),
            own[point.name].row.title,
            own[point.name].row.section,
            max(1.0 if measure != "seconds" else 1e-3, point.cost),
            100 * point.score,
            any(record.data.validated_on_test for record in own[point.name].records),
        )
        for point in costs.points(group, measure)
    ]


def front(marks: Sequence[Mark]) -> list[Mark]:
    """The marks on the Pareto front, the cheapest first."""
    own = {mark.name: mark for mark in marks}
    found = pareto.front([pareto.Point(mark.name, mark.cost, mark.accuracy) for mark in marks])
    return [own[point.name] for point in found]


def corners(marks: Sequence[Mark]) -> list[tuple[float, float]]:
    """Corners of the grey line: the front without its ties; nothing for a front of one place."""
    found = list(dict.fromkeys((mark.cost, mark.accuracy) for mark in front(marks)))
    return found if len(found) > 1 else []


def numbered(marks: Sequence[Mark]) -> set[Mark]:
    """The marks that have a number where not all can: those on the front and the first rows."""
    first = sorted(marks, key=lambda mark: int(mark.label))[:FIRST]
    return {*front(marks), *first}


def order_text(marks: Sequence[Mark], first: int) -> str:
    """What the numbers are; `first` of the rows have one, or all where it is 0."""
    by_validation = not any(mark.on_test for mark in marks)
    if first and by_validation:
        return language.text(
            "order by validation, of the fronts and the first {n}", n=numbers.thousands(first)
        )
    if first:
        return language.text("order, of the fronts and the first {n}", n=numbers.thousands(first))
    return language.text("order by validation") if by_validation else language.text("order")


def not_shown(count: int) -> Entry:
    """The line of the key that says how many data sets the page has no room for."""
    text = language.plural(
        "{n} more data set is not shown",
        "{n} more data sets are not shown",
        count,
        n=numbers.thousands(count),
    )
    return Entry(text, "")


def not_known(measure: Measure) -> str:
    """Why a panel is empty."""
    sentences: Mapping[Measure, str] = {
        "parameters": language.message("No row’s parameters are known."),
        "multiply-adds": language.message("No row’s multiply-adds are known."),
        "seconds": language.message("No row’s seconds are known."),
    }
    return language.text(sentences[measure])


def measured(marks: Sequence[Mark]) -> str:
    """What the accuracy was measured on: runs validated on the test set are told apart."""
    if all(mark.on_test for mark in marks):
        return language.text("Test accuracy")
    if any(mark.on_test for mark in marks):
        return language.text("Validation accuracy, of some on the test set")
    # Heads of tables are abbreviated in some languages; a description is not.
    said = language.text("validation accuracy")
    return said[:1].upper() + said[1:]


def describe_cost(results: Sequence[Result], sections: Mapping[str, str]) -> str:
    """Alternative text of `accuracy_against_cost`: the rows on each data set's front."""
    texts = [
        _description(name, marks_of(group, results, "parameters"), "parameters")
        for name, group in groups(results).items()
    ]
    return " ".join([*texts, *_order(results)]) or language.text("No run has a result.")


def describe_cost_panels(results: Sequence[Result], sections: Mapping[str, str]) -> str:
    """Alternative text of `cost_panels`: the rows on every front, and what is left out."""
    reasons, texts = costs.unlike_notes(results), []
    for name, group in groups(results).items():
        panels = {measure: marks_of(group, results, measure) for measure in MEASURES}
        texts += [_description(name, marks, measure) for measure, marks in panels.items() if marks]
        if name in reasons:
            texts.append(language.text("{data}: {reason}", data=words.data_set(name), reason=reasons[name]))
    return " ".join([*texts, *_order(results)]) or language.text("No run has a result.")


def _order(results: Sequence[Result]) -> list[str]:
    """What the numbers are, where there are several to put in order."""
    return [costs.order_words()] if any(len(group) > 1 for group in groups(results).values()) else []


def _description(name: str, marks: Sequence[Mark], measure: Measure) -> str:
    steps = front(marks)
    values = {
        "accuracy": measured(marks),
        "data": words.data_set(name),
        "cost": language.text(_AXIS[measure]),
    }
    if len(marks) == 1:
        return language.text(
            "{accuracy} on {data} against {cost}: one row, {row}.", row=_in_words(marks[0], measure), **values
        )
    return language.plural(
        "{accuracy} on {data} against {cost}: {n} of {of} rows is on the Pareto front: {rows}.",
        "{accuracy} on {data} against {cost}: {n} of {of} rows are on the Pareto front: {rows}.",
        len(steps),
        n=numbers.thousands(len(steps)),
        of=numbers.thousands(len(marks)),
        rows=lists.clauses([_in_words(mark, measure) for mark in steps]),
        **values,
    )


def _in_words(mark: Mark, measure: Measure) -> str:
    count = round(mark.cost)
    values = {
        "title": language.quoted(mark.title), "accuracy": numbers.decimal(mark.accuracy, 2),
        "n": numbers.thousands(count),
    }  # fmt: skip
    if measure == "parameters":
        return language.plural(
            "{title} ({accuracy} % with {n} parameter)",
            "{title} ({accuracy} % with {n} parameters)",
            count,
            **values,
        )
    if measure == "multiply-adds":
        return language.plural(
            "{title} ({accuracy} % with {n} multiply-add)",
            "{title} ({accuracy} % with {n} multiply-adds)",
            count,
            **values,
        )
    return language.plural(
        "{title} ({accuracy} % with {n} second)", "{title} ({accuracy} % with {n} seconds)", count, **values
    )
