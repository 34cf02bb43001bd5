"""Rules about the rows of a chapter together: who can be compared with whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean
from typing import Any

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.metrics import best_epochs, validation_accuracy
from reportgen.analysis.observations import curves
from reportgen.analysis.observations.lengths import at_same_epoch
from reportgen.analysis.observations.rule import Everything, Evidence, Said, section_rule
from reportgen.analysis.observations.seeds import as_means, in_points, seen, seen_in_curves, span
from reportgen.analysis.observations.worth import between
from reportgen.analysis.twin_words import noise_words
from reportgen.analysis.twins import noise
from reportgen.records import Record
from reportgen.results import Result

LATE = 0.1
"""Share of the epochs: after a lowest loss that late, more epochs might have brought a lower one."""
MOST_NAMED = 3
"""Rows that one sentence names."""
MOST_PAIRS = 3
"""Pairs of rows with uneven lengths that are told of."""


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
        if len({one.row.title for one in group}) < 2 and all(one.row.origin for one in group):
            continue  # trials of a search that are proposed again: its table says which
        sentence = language.text(
            "{titles} are one configuration under several titles and share their runs: that their figures"
            " agree confirms nothing.",
            titles=titles_of(group),
        )
        sentence = f"{sentence} {noise_words(group)}".strip()
        question = language.text(
            "Do any two rows of this chapter have the same configuration? What can they show together?"
        )
        apart = {f"published_{each.measure}_apart": each.difference for each in noise(group)}
        yield Said(sentence, question, {"rows": " ".join(one.row.id for one in group), **apart})


@section_rule("rerun", importance=80)
def rerun(rows: Sequence[Result], everything: Everything) -> Iterator[Said]:
    """Rows that differ in nothing but the seed: their differences are luck."""
    groups: dict[str, list[Result]] = {}
    for result in rows:
        if result.record is not None:
            groups.setdefault(_configuration(result, result.record), []).append(result)
    for group in groups.values():
        if len({result.row.seeds for result in group}) < 2:
            continue
        scores = [validation_accuracy(result) for result in group]
        sentence = language.text(
            "{titles} differ in nothing but the seed: their validation accuracies, {low} to {high}, show what"
            " luck does, and none is to be preferred.",
            titles=titles_of(group),
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
    told = 0
    for result in rows:
        other = everything.row(result.row.compared_with)
        if other is None or (said := _uneven(result, other, everything)) is None:
            continue
        yield said
        told += 1
        if told == MOST_PAIRS:
            return


def _uneven(result: Result, other: Result, everything: Everything) -> Said | None:
    if not result.records or not other.records or not _same_data(result, other):
        return None
    short, long = sorted((result, other), key=lambda one: max(r.epochs for r in one.records))
    if max(r.epochs for r in short.records) >= min(r.epochs for r in long.records):
        return None
    falls = seen_in_curves(short, _cut_short)
    endings = [curves.ending(record) for record in short.records] if falls else []
    before, after = (fmean(e.before for e in endings), fmean(e.after for e in endings)) if falls else (0, 0)
    if falls is None or numbers.loss(before) == numbers.loss(after):
        return None
    facts = {
        "short": language.quoted(short.row.title),
        "epochs": span([record.epochs for record in short.records]),
        "before": numbers.loss(before),
        "after": numbers.loss(after),
        "stretch": span([each.stretch for each in endings]),
        "long": language.quoted(long.row.title),
        "more": span([record.epochs for record in long.records]),
    }
    if before - after < curves.STILL_FALLING * before:
        sentence = language.text(
            "{short} trained for {epochs} epochs, its validation loss still falling slightly (mean {after} in"
            " the last {stretch} epochs, {before} in the {stretch} before); {long} for {more}.",
            **facts,
        )
    else:
        sentence = language.text(
            "{short} trained for {epochs} epochs, its validation loss still falling (mean {after} in the last"
            " {stretch} epochs, {before} in the {stretch} before); {long} for {more}.",
            **facts,
        )
    compared, evidence = _told_apart(short, long, everything)
    question = language.text(
        "Did the rows of this chapter train equally long? Where not, had the shorter one flattened, and"
        " what does that mean for the comparison?"
    )
    facts_of = {"mean_before": before, "mean_last": after, **falls.evidence}
    said = f"{sentence} {compared}"
    told = as_means(short, said) if len(falls.found) == len(short.records) else falls.said(said)
    return Said(told, question, {**evidence, **facts_of})


def _told_apart(short: Result, long: Result, everything: Everything) -> tuple[str, Evidence]:
    """What the two show where both have trained equally long, or that settings and length are mixed up."""
    same, ends = at_same_epoch(long, short), between(long, short, everything)
    rows: dict[str, float | int | str] = {"shorter": short.row.id, "longer": long.row.id}
    if same is None or ends is None:
        return language.text(
            "What the settings did and what the length of training did cannot be told apart."
        ), rows
    sentence = language.text(
        "At epoch {epoch} the latter's validation accuracy differs by {points}, at their ends by {ends}.",
        epoch=numbers.thousands(same.epoch),
        points=in_points(same.mean),
        ends=numbers.points(ends.difference),
    )
    return sentence, {**rows, **same.evidence, "difference": ends.difference}


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
        "Training ended by different rules: {early} before the epochs that were set, {fixed} only with them."
        " A rule that watches validation picks its epoch by it, so the two kinds do not compare evenly.",
        early=titles_of(early),
        fixed=titles_of(fixed),
    )
    question = language.text(
        "By which rule did training end in each row of this chapter? Does it favour some of them?"
    )
    ids = {"early": " ".join(r.row.id for r in early), "fixed": " ".join(r.row.id for r in fixed)}
    yield Said(sentence, question, ids)


def _stopped_early(record: Record) -> bool | None:
    planned = record.parameters.get("epochs")
    return True if isinstance(planned, int) and record.epochs < planned else None


def titles_of(results: Sequence[Result]) -> str:
    """Titles in a row; of many, the first few and the number of the others."""
    titles = [language.quoted(result.row.title) for result in results]
    rest = len(titles) - MOST_NAMED
    if rest > 1:
        others = language.text("{n} others", n=rest)
        titles = [*titles[:MOST_NAMED], others]
    return language.listed(titles)
