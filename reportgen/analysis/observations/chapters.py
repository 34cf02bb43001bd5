"""Rules about the rows of a chapter together: who can be compared with whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.metrics import best_epochs
from reportgen.analysis.observations import curves
from reportgen.analysis.observations.comparing import CLEARLY_FEWER, named, not_above
from reportgen.analysis.observations.rule import Everything, Said, section_rule, validation_accuracy
from reportgen.analysis.observations.seeds import seen, span
from reportgen.records import Record
from reportgen.results import Result

LATE = 0.1
"""Share of the epochs: after a lowest loss that late, more epochs might have brought a lower one."""
MOST_NAMED = 4
"""Rows or pairs that one sentence names."""


@section_rule("same-configuration", importance=90)
def same_configuration(rows: Sequence[Result], everything: Everything) -> Iterator[Said]:
    """Rows with one and the same configuration share their runs."""
    told: set[str] = set()
    for result in rows:
        twins = [other for id in result.same_as if (other := everything.row(id)) is not None]
        if not twins or result.row.id in told:
            continue
        group = [result, *twins]
        told |= {one.row.id for one in group}
        sentence = language.text(
            "{titles} are one configuration under several titles, and share their runs: that their figures"
            " agree confirms nothing.",
            titles=_titles(group),
        )
        question = language.text(
            "Do any two rows of this chapter have the same configuration? What can they show together?"
        )
        yield Said(sentence, question, {"rows": " ".join(one.row.id for one in group)})


@section_rule("rerun", importance=80)
def rerun(rows: Sequence[Result], everything: Everything) -> Iterator[Said]:
    """Rows that differ in nothing but the seed: their differences are the luck of training and split."""
    groups: dict[str, list[Result]] = {}
    for result in rows:
        if result.record is not None:
            groups.setdefault(_configuration(result, result.record), []).append(result)
    for group in groups.values():
        if len({result.row.seeds for result in group}) < 2:
            continue
        scores = [validation_accuracy(result) for result in group]
        sentence = language.text(
            "{titles} differ in nothing but the seed. Their validation accuracies, {low} to {high}, show"
            " what the luck of training and split does to this configuration; none of these rows is to be"
            " preferred for its figure.",
            titles=_titles(group),
            low=numbers.percentage(min(scores)),
            high=numbers.percentage(max(scores)),
        )
        question = language.text(
            "Are there rows that differ in nothing but the seed? What does the distance between them say"
            " of the other distances?"
        )
        ids = " ".join(result.row.id for result in group)
        yield Said(sentence, question, {"rows": ids, "lowest": min(scores), "highest": max(scores)})


def _configuration(result: Result, record: Record) -> str:
    """Everything that makes a run but its seed."""
    return repr((result.row.notebook, sorted(_settings(result.row.parameters).items()), record.data.digest))


def _settings(parameters: Mapping[str, Any]) -> dict[str, str]:
    return {name: repr(value) for name, value in parameters.items()}


@section_rule("uneven-stop", importance=85)
def uneven_stop(rows: Sequence[Result], everything: Everything) -> Iterator[Said]:
    """Rows set against each other trained for different numbers of epochs, the shorter one too briefly."""
    pairs = []
    for result in rows:
        other = everything.row(result.row.compared_with)
        if result.record is None or other is None or other.record is None or not _same_data(result, other):
            continue
        short, long = sorted((result, other), key=lambda one: max(r.epochs for r in one.records))
        if max(r.epochs for r in short.records) < min(r.epochs for r in long.records) and (
            seen(short, _cut_short) is not None
        ):
            pairs.append((short, long))
    if not pairs:
        return
    named = [
        language.text(
            "{short} ({epochs} epochs) with {long} ({more})",
            short=language.quoted(short.row.title),
            epochs=span([record.epochs for record in short.records]),
            long=language.quoted(long.row.title),
            more=span([record.epochs for record in long.records]),
        )
        for short, long in pairs[:MOST_NAMED]
    ]
    sentence = language.text(
        "Rows that are set against each other here trained for different numbers of epochs, and the"
        " shorter one was still improving: {pairs}. Between these, what the settings did and what the"
        " length of training did cannot be told apart.",
        pairs=language.listed(named),
    )
    question = language.text(
        "Did the rows of this chapter train equally long? Where not, had the shorter one flattened, and"
        " what does that mean for the comparison?"
    )
    ids = " ".join(f"{short.row.id}<{long.row.id}" for short, long in pairs)
    yield Said(sentence, question, {"pairs": ids, "count": len(pairs)})


def _same_data(first: Result, second: Result) -> bool:
    return first.records[0].data.digest == second.records[0].data.digest


def _cut_short(record: Record) -> bool | None:
    """True where the validation loss was falling at the end, or had its lowest value only just before it."""
    late = record.epochs - best_epochs(record).by_loss <= LATE * record.epochs
    improved = curves.falling(record, least=curves.IMPROVING) is not None
    return True if late and improved else None


@section_rule("uneven-rule", importance=75)
def uneven_rule(rows: Sequence[Result], everything: Everything) -> Iterator[Said]:
    """Some rows stopped before their number of epochs, others trained all of theirs."""
    early = [result for result in rows if seen(result, _stopped_early) is not None]
    ended = {result.row.id for result in early}
    fixed = [result for result in rows if result.records and result.row.id not in ended]
    if not early or not fixed:
        return
    sentence = language.text(
        "Training ended by different rules: {early} before the number of epochs that was set, {fixed} only"
        " with it. A rule that watches the validation set picks its epoch by it, so the figures of the two"
        " kinds do not compare evenly.",
        early=_titles(early),
        fixed=_titles(fixed),
    )
    question = language.text(
        "By which rule did training end in each row of this chapter? Does it favour some of them?"
    )
    ids = {"early": " ".join(r.row.id for r in early), "fixed": " ".join(r.row.id for r in fixed)}
    yield Said(sentence, question, ids)


def _stopped_early(record: Record) -> bool | None:
    planned = record.parameters.get("epochs")
    return True if isinstance(planned, int) and record.epochs < planned else None


@section_rule("smaller-elsewhere", importance=70)
def smaller_elsewhere(rows: Sequence[Result], everything: Everything) -> Iterator[Said]:
    """A clearly smaller network of another chapter, above which no row of this one surely lies."""
    done = [result for result in rows if result.record is not None]
    digests = {result.records[0].data.digest for result in done}
    if len(digests) != 1 or any(result.records[0].data.validated_on_test for result in done):
        return
    sizes = [result.records[0].total_params for result in done]
    own = {result.row.id for result in done}
    smaller = [
        other
        for other in everything.alike(done[0].records[0])
        if other.row.id not in own and other.records[0].total_params <= CLEARLY_FEWER * min(sizes)
    ]
    for other in sorted(smaller, key=lambda one: one.records[0].total_params):
        between = [everything.validation_difference(result, other) for result in done]
        if all(not_above(each) for each in between):
            below = sum(each.different for each in between)
            yield _elsewhere(done, other, sizes, below)
            return


def _elsewhere(rows: Sequence[Result], other: Result, sizes: Sequence[int], below: int) -> Said:
    scores = [validation_accuracy(result) for result in rows]
    sentence = language.plural(
        "The row of this chapter ({params} parameters, validation accuracy {scores}) does not lie surely"
        " above a smaller network of another chapter: {title} has {other_params} parameters and {other}.",
        "None of the {n} rows of this chapter ({params} parameters, validation accuracy {scores}) lies"
        " surely above a smaller network of another chapter: {title} has {other_params} parameters and"
        " {other}. Surely below it lie {below} of them.",
        len(rows),
        n=len(rows),
        params=span(sizes),
        scores=numbers.interval(min(scores), max(scores)) + f"{language.NO_BREAK_SPACE}%",
        title=named(other, rows[0]),
        other_params=numbers.thousands(other.records[0].total_params),
        other=numbers.percentage(validation_accuracy(other)),
        below=below,
    )
    question = language.text(
        "Set the rows of this chapter beside smaller networks of other chapters on the same data: which of"
        " the rows lie surely above? What might the smaller ones do differently?"
    )
    evidence: dict[str, float | int | str] = {
        "other": other.row.id,
        "rows": len(rows),
        "below": below,
        "fewest_parameters": min(sizes),
        "other_parameters": other.records[0].total_params,
        "highest": max(scores),
        "other_validation_accuracy": validation_accuracy(other),
    }
    return Said(sentence, question, evidence)


def _titles(results: Sequence[Result]) -> str:
    """Titles in a row; of many, the first few and the number of the others."""
    titles = [language.quoted(result.row.title) for result in results]
    rest = len(titles) - MOST_NAMED
    if rest > 1:
        others = language.text("{n} others", n=rest)
        titles = [*titles[:MOST_NAMED], others]
    return language.listed(titles)
