"""The marks of accuracy against cost, and the same in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reportgen.analysis import costs, numbers, pareto, words
from reportgen.analysis.costs import MEASURES, Measure
from reportgen.analysis.metrics import by_data_set, ranks
from reportgen.results import Result

AXIS: Mapping[Measure, str] = {
    "parameters": "parameters",
    "multiply-adds": "multiply-adds of a prediction",
    "seconds": "seconds of training",
}
_COUNTED: Mapping[Measure, tuple[str, str]] = {
    "parameters": ("parameter", "parameters"),
    "multiply-adds": ("multiply-add", "multiply-adds"),
    "seconds": ("second", "seconds"),
}


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
    places = ranks(results)
    own = {result.row.id: result for result in group}
    return [
        Mark(
            point.name,
            str(places[point.name].rank),
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


def measured(marks: Sequence[Mark]) -> str:
    """What the accuracy was measured on: runs validated on the test set are told apart."""
    if all(mark.on_test for mark in marks):
        return "Test accuracy"
    return "Validation accuracy" + (", of some on the test set" if any(m.on_test for m in marks) else "")


def describe_cost(results: Sequence[Result], sections: Mapping[str, str]) -> str:
    """Alternative text of `accuracy_against_cost`: the rows on each data set's front."""
    texts = [
        _description(name, marks_of(group, results, "parameters"), "parameters")
        for name, group in groups(results).items()
    ]
    return " ".join([*texts, *_order(results)]) or "No run has a result."


def describe_cost_panels(results: Sequence[Result], sections: Mapping[str, str]) -> str:
    """Alternative text of `cost_panels`: the rows on every front, and what is left out."""
    reasons, texts = costs.unlike_notes(results), []
    for name, group in groups(results).items():
        panels = {measure: marks_of(group, results, measure) for measure in MEASURES}
        texts += [_description(name, marks, measure) for measure, marks in panels.items() if marks]
        if name in reasons:
            texts.append(f"{words.data_set(name)}: {reasons[name]}")
    return " ".join([*texts, *_order(results)]) or "No run has a result."


def _order(results: Sequence[Result]) -> list[str]:
    """What the numbers are, where there are several to put in order."""
    return [costs.order_words()] if any(len(group) > 1 for group in groups(results).values()) else []


def _description(name: str, marks: Sequence[Mark], measure: Measure) -> str:
    steps = front(marks)
    start = f"{measured(marks)} on {words.data_set(name)} against {AXIS[measure]}:"
    if len(marks) == 1:
        return f"{start} one row, {_in_words(marks[0], measure)}."
    chain = "; ".join(_in_words(mark, measure) for mark in steps)
    verb = "is" if len(steps) == 1 else "are"
    return f"{start} {len(steps)} of {len(marks)} rows {verb} on the Pareto front: {chain}."


def _in_words(mark: Mark, measure: Measure) -> str:
    amount = numbers.counted(round(mark.cost), *_COUNTED[measure])
    return f"“{mark.title}” ({numbers.decimal(mark.accuracy, 2)} % with {amount})"
