"""The loss curves of a section in words: beside and below its cells, and as alternative text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reportgen import language
from reportgen.analysis import counts, numbers, words
from reportgen.analysis.metrics import results_of
from reportgen.figures.curve_marks import penalised, tested_early
from reportgen.figures.seeds import bundle, how_many
from reportgen.records import Record
from reportgen.results import Result


def left_out_note(shown: int, of: int) -> str:
    """That a page does not hold all rows; empty where it does."""
    if shown == of:
        return ""
    return language.text(
        "{shown} of {rows} are shown: those whose validation loss goes lowest.",
        shown=numbers.thousands(shown),
        rows=counts.rows(of),
    )


def seeds_note(results: Sequence[Result]) -> str:
    """What lines and bands are where rows have several seeds; empty where none has."""
    found = {len(result.records) for result in results if result.repeated}
    if not found:
        return ""
    if max(found) > 2 and 2 in found:
        text = language.text(
            "Several seeds: line: their mean; band: lowest to highest seed; thin lines: each of two seeds."
        )
    elif max(found) > 2:
        text = language.text("Several seeds: line: their mean; band: lowest to highest seed.")
    else:
        text = language.text("Several seeds: line: their mean; thin lines: each of two seeds.")
    if any(len({record.epochs for record in result.records}) > 1 for result in results):
        stop = language.text("The mean ends where the first seed stopped; others go on as thin lines.")
        text = f"{text} {stop}"
    return text


def marks_note(results: Sequence[Result]) -> str:
    """What the triangles are, and how many of the losses have a penalty in them; empty without either."""
    parts = []
    if any(tested_early(result.records) for result in results):
        parts.append(language.text("Triangle: the epoch whose weights are tested, where it is not the last."))
    return " ".join([*parts, *penalty_note(results)])


def penalty_note(results: Sequence[Result]) -> list[str]:
    """How many rows have a penalty in their losses, which stand higher for it."""
    count = sum(penalised(result.records) for result in results)
    if not count:
        return []
    return [
        language.plural(
            "The losses of {n} row have a penalty in them.",
            "The losses of {n} rows have a penalty in them.",
            count,
            n=numbers.thousands(count),
        )
    ]


def held_by(records: Sequence[Record]) -> str:
    """What the dashed curves were measured on."""
    names = sorted({words.held_out(record) for record in records}, reverse=True)
    if len(names) == 1:
        return names[0]
    return language.text("{first} or {last}", first=names[0], last=names[1])


def number_text(results: Sequence[Result], held: str) -> str:
    """What the number beside a title is."""
    several = [result.repeated for result, _ in results_of(results)]
    if all(several):
        return language.text("number: lowest mean {held} loss", held=held)
    if any(several):
        return language.text("number: lowest {held} loss, of several seeds: of their mean", held=held)
    return language.text("number: lowest {held} loss", held=held)


def why_none(result: Result) -> str:
    """Why a cell is empty."""
    kind = result.failure.kind if result.failure else "not-run"
    return language.text("no result: {failure}", failure=words.failure(kind))


def lasted(shortest: int, longest: int) -> str:
    """How long the runs of a row lasted: ``20 epochs``, ``20 to 30 epochs``."""
    whole = counts.epochs(longest)
    if shortest == longest:
        return whole
    return language.text("{low} to {high}", low=numbers.thousands(shortest), high=whole)


def lowest(result: Result) -> tuple[int, float]:
    """Epoch and value of the lowest validation loss: of the mean where there are several seeds."""
    return bundle(result.records, "val_loss").lowest()


def describe_small_multiples(results: Sequence[Result], sections: Mapping[str, str]) -> str:
    """Alternative text of `small_multiples`: the lowest loss of every row, of the mean of several seeds."""
    found = results_of(results)
    failed = len(results) - len(found)
    lost = (
        language.plural(
            "{n} run without a result.", "{n} runs without a result.", failed, n=numbers.thousands(failed)
        )
        if failed
        else ""
    )
    if not found:
        return language.text("No learning curves: {lost}", lost=lost)
    several = any(result.repeated for result, _ in found)
    parts = [_minima(found), _repeated(found) if several else "", lost]
    return " ".join(part for part in parts if part)


def _minima(found: Sequence[tuple[Result, Record]]) -> str:
    """The lowest loss of all, and the ends of the others' minima."""
    ordered = sorted((lowest(result) for result, _ in found), key=lambda best: best[1])
    least = min((result for result, _ in found), key=lambda result: lowest(result)[1])
    at, value = ordered[0]
    many = any(result.repeated for result, _ in found)
    values = {
        "held": held_by([record for _, record in found]), "value": numbers.loss(value),
        "epoch": numbers.thousands(at), "title": least.row.title,
    }  # fmt: skip
    if len(found) == 1 and many:
        return language.text(
            "Loss curves of one row, {title}: lowest {held} loss {value} at epoch {epoch}.", **values
        )
    if len(found) == 1:
        return language.text(
            "Loss curves of one run, {title}: lowest {held} loss {value} at epoch {epoch}.", **values
        )
    return language.text(
        "Loss curves of {n} on one logarithmic scale. The lowest {held} loss is {value} at epoch {epoch}"
        " ({title}); the others' minima lie between {low} and {high}.",
        n=counts.rows(len(found)) if many else counts.runs(len(found)),
        low=numbers.loss(ordered[1][1]),
        high=numbers.loss(ordered[-1][1]),
        **values,
    )


def _repeated(found: Sequence[tuple[Result, Record]]) -> str:
    """How many rows have several seeds, and how many, in words."""
    own = [len(result.records) for result, _ in found if result.repeated]
    if len(own) == len(found):
        return language.text(
            "Each row shows mean and range of {seeds}, with the minimum of the mean.", seeds=how_many(own)
        )
    return language.plural(
        "{n} of them shows mean and range of {seeds}, with the minimum of the mean.",
        "{n} of them show mean and range of {seeds}, with the minimum of the mean.",
        len(own),
        n=numbers.thousands(len(own)),
        seeds=how_many(own),
    )
