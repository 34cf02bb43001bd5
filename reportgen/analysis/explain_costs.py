"""What the Pareto fronts show of accuracy and cost, and how much of it the data settle."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from reportgen import language
from reportgen.analysis import costs, numbers, pareto, words
from reportgen.analysis.costs import Measure
from reportgen.analysis.differences import difference
from reportgen.analysis.luck import luck_of, training_luck
from reportgen.analysis.metrics import by_data_set
from reportgen.results import Result

_MEASURED = "validation_accuracy"
_NAMES: Mapping[Measure, str] = {
    "parameters": "parameters",
    "multiply-adds": "multiply-adds",
    "seconds": "seconds of training",
}


def fronts(results: Sequence[Result]) -> dict[str, dict[Measure, tuple[str, ...]]]:
    """Return the rows on each front, cheapest first, by data set and measure.

    Measures that the rows of a data set may not be compared in are left out.
    """
    found: dict[str, dict[Measure, tuple[str, ...]]] = {}
    for name, group in by_data_set(results).items():
        rows = [result for result, _ in group]
        found[name] = {
            measure: tuple(point.name for point in pareto.front(costs.points(rows, measure)))
            for measure in costs.shown(rows)
        }
    return found


def explain_costs(results: Sequence[Result]) -> tuple[str, ...]:
    """Return the sentences: for each data set how many rows are on each front, and what is not settled.

    A row off the front is settled where a row that costs no more surely has the higher accuracy, a step
    along the front where its two rows can be told apart (`analysis.differences`, one pair at a time,
    without a correction for their number).
    """
    sentences = []
    for name, group in by_data_set(results).items():
        rows = [result for result, _ in group]
        said: dict[str, list[str]] = {}
        above = _comparison(rows)
        for measure in costs.shown(rows):
            found = costs.points(rows, measure)
            if len(found) > 1:
                text = _settled(found, pareto.doubt(found, above), _held_out(rows))
                said.setdefault(text, []).append(_NAMES[measure])
        # What holds of several measures alike is said once.
        data_set = words.data_set(name)
        sentences += [f"{data_set}, by {language.listed(by)}: {text}" for text, by in said.items()]
    return tuple(sentences)


def _comparison(rows: Sequence[Result]) -> Callable[[str, str], bool]:
    """Whether one row surely lies above another, each pair worked out once."""
    own, luck = {result.row.id: result for result in rows}, training_luck(rows)
    known: dict[tuple[str, str], bool] = {}

    def above(one: str, other: str) -> bool:
        if (one, other) not in known:
            found = difference(own[one], own[other], _MEASURED, luck=luck_of(own[one], luck))
            known[one, other] = found.different and found.difference > 0
            known[other, one] = found.different and found.difference < 0
        return known[one, other]

    return above


def _held_out(rows: Sequence[Result]) -> str:
    """What the accuracies were measured on."""
    parts = {words.held_out(record) for result in rows for record in result.records}
    return f"{parts.pop()} set" if len(parts) == 1 else "held-out items"


def _settled(points: Sequence[pareto.Point], doubt: pareto.Doubt, held: str) -> str:
    on = len(pareto.front(points))
    off = len(points) - on
    verb = "is" if on == 1 else "are"
    text = f"{numbers.thousands(on)} of {numbers.counted(len(points), 'row')} {verb} on the front."
    if off:
        text += f" {_beside(len(doubt.beside), off, held)}."
    if doubt.steps:
        text += f" {_steps(doubt.steps, len(doubt.open_steps), held)}"
    return text


def _beside(beside: int, off: int, held: str) -> str:
    """Of how many rows off the front it is not sure that they are surpassed at no higher cost."""
    does = "do" if held.endswith("s") else "does"
    shows = "show" if held.endswith("s") else "shows"
    beaten = "that a row which costs no more is more accurate"
    start = "For the other" if off == 1 else f"Of the other {numbers.thousands(off)}, for"
    count = "" if off == 1 else " each" if beside in (0, off) else f" {numbers.thousands(beside)}"
    return f"{start}{count} the {held} {f'{does} not show' if beside else shows} {beaten}"


def _steps(steps: int, unclear: int, held: str) -> str:
    shown = f"that the {held} {'show' if held.endswith('s') else 'shows'}"
    if steps == 1:
        return f"The one step along it is {'not ' if unclear else ''}a difference {shown}."
    start = f"Of the {numbers.thousands(steps)} steps along it,"
    if unclear in (0, steps):
        return f"{start} {'none' if unclear else 'each'} is a difference {shown}."
    clear = steps - unclear
    verb = "is a difference" if clear == 1 else "are differences"
    return f"{start} {numbers.thousands(clear)} {verb} {shown}."
