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
    "parameters": language.message("parameters"),
    "multiply-adds": language.message("multiply-adds"),
    "seconds": language.message("seconds of training"),
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
                said.setdefault(text, []).append(language.text(_NAMES[measure]))
        # What holds of several measures alike is said once.
        for text, by in said.items():
            start = language.text(
                "{data}, by {measures}:", data=words.data_set(name), measures=language.listed(by)
            )
            sentences.append(f"{start} {text}")
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
    """What the accuracies were measured on, as it stands after "the"."""
    parts = {words.held_out(record) for result in rows for record in result.records}
    if len(parts) > 1:
        return language.text("held-out set")
    return language.text("test set") if "test" in parts else language.text("validation set")


def _settled(points: Sequence[pareto.Point], doubt: pareto.Doubt, held: str) -> str:
    on = len(pareto.front(points))
    off = len(points) - on
    front = language.plural(
        "{n} of {of}\u00a0experiments is on the front.",
        "{n} of {of}\u00a0experiments are on the front.",
        on,
        n=numbers.thousands(on),
        of=numbers.thousands(len(points)),
    )
    parts = (
        front,
        _beside(len(doubt.beside), off, held) if off else "",
        _steps(doubt.steps, len(doubt.open_steps), held) if doubt.steps else "",
    )
    return " ".join(part for part in parts if part)


def _beside(beside: int, off: int, held: str) -> str:
    """Of how many rows off the front it is not sure that they are surpassed at no higher cost."""
    if off == 1 and beside:
        return language.text(
            "By the {set}, the other may be as accurate as any that costs no more.", set=held
        )
    if off == 1:
        return language.text(
            "By the {set}, the other is less accurate than one that costs no more.", set=held
        )
    others = numbers.thousands(off)
    if not beside:
        return language.text(
            "By the {set}, each of the other {n} is less accurate than one that costs no more.",
            n=others,
            set=held,
        )
    if beside == off:
        return language.text(
            "By the {set}, each of the other {n} may be as accurate as any that costs no more.",
            n=others,
            set=held,
        )
    return language.plural(
        "By the {set}, {open} of the other {n} may be as accurate as any that costs no more.",
        "By the {set}, {open} of the other {n} may be as accurate as any that costs no more.",
        beside,
        n=others,
        open=numbers.thousands(beside),
        set=held,
    )


def _steps(steps: int, unclear: int, held: str) -> str:
    """How many steps along the front are differences that can be seen."""
    if steps == 1 and unclear:
        return language.text("The one step along it is not a difference that the {set} shows.", set=held)
    if steps == 1:
        return language.text("The one step along it is a difference that the {set} shows.", set=held)
    along, clear = numbers.thousands(steps), steps - unclear
    if not clear:
        return language.text(
            "Of the {n} steps along it, none is a difference that the {set} shows.", n=along, set=held
        )
    if not unclear:
        return language.text(
            "Of the {n} steps along it, each is a difference that the {set} shows.", n=along, set=held
        )
    return language.plural(
        "Of the {n} steps along it, {clear} is a difference that the {set} shows.",
        "Of the {n} steps along it, {clear} are differences that the {set} shows.",
        clear,
        n=along,
        clear=numbers.thousands(clear),
        set=held,
    )
