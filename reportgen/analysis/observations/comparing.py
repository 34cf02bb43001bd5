"""Rules that set a row against other rows."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.differences import Difference
from reportgen.analysis.observations.rule import Everything, Said, rule, validation_accuracy
from reportgen.analysis.observations.seeds import as_means, in_points
from reportgen.records import Record
from reportgen.results import Result

CLEARLY_FEWER = 2 / 3
"""Times the parameters: the networks of a chapter often halve or double a layer, and this sees either."""


@rule("several-settings", importance=68)
def several_settings(subject: Result, everything: Everything) -> Iterator[Said]:
    """More than one setting differs from the row that this one is set against."""
    other = everything.row(subject.row.compared_with)
    changes = [] if other is None else _changes(subject, other)
    if other is None or len(changes) < 2:
        return
    sentence = language.text(
        "Against {title}, {n} settings change at once: {changes}. No single one of them can be given the"
        " credit for a difference, nor the blame.",
        title=named(other, subject),
        n=len(changes),
        changes=language.listed(changes),
    )
    evidence: dict[str, float | int | str] = {"other": other.row.id, "settings": len(changes)}
    between = _between(subject, other, everything)
    if between is not None:
        sentence += " " + _worth(between)
        evidence |= _evidence(between)
    question = language.text(
        "Which settings differ from {title}? Can the difference in accuracy be put down to one of them?",
        title=named(other, subject),
    )
    yield Said(sentence, question, evidence)


@rule("one-setting", importance=66)
def one_setting(subject: Result, everything: Everything) -> Iterator[Said]:
    """One setting alone differs from the row that this one is set against: what it did can be read."""
    other = everything.row(subject.row.compared_with)
    changes = [] if other is None else _changes(subject, other)
    between = None if other is None else _between(subject, other, everything)
    # A row that differs in its seed alone is a rerun: the rules about chapters speak of it.
    if other is None or between is None or len(changes) != 1 or subject.row.seed != other.row.seed:
        return
    sentence = language.text(
        "Against {title}, one setting changes: {change}. {difference}",
        title=named(other, subject),
        change=changes[0],
        difference=_worth(between),
    )
    question = language.text(
        "What does the one setting that differs from {title} do to the curves and to the validation"
        " accuracy? Is the difference larger than chance would make it?",
        title=named(other, subject),
    )
    yield Said(sentence, question, {"other": other.row.id} | _evidence(between))


def named(other: Result, subject: Result) -> str:
    """Return another row's title in quotation marks, with its id where it stands in another chapter."""
    title = language.quoted(other.row.title)
    return title if other.row.section == subject.row.section else f"{title} ({other.row.id})"


def _changes(subject: Result, other: Result) -> list[str]:
    """What differs in the file, in words, by the notebook's own names."""
    changes = []
    if subject.row.notebook != other.row.notebook:
        changes.append(_change(language.text("the notebook"), subject.row.notebook, other.row.notebook))
    own, theirs = subject.row.parameters, other.row.parameters
    changes += [
        _change(name, own[name], theirs[name]) for name in own if name in theirs and own[name] != theirs[name]
    ]
    if subject.row.seed != other.row.seed:
        changes.append(_change(language.text("the seed"), str(subject.row.seed), str(other.row.seed)))
    return changes


def _change(name: str, new: object, old: object) -> str:
    return language.text(
        "{name} ({new} instead of {old})", name=name, new=numbers.plain(new), old=numbers.plain(old)
    )


def _between(subject: Result, other: Result, everything: Everything) -> Difference | None:
    """The difference on validation; None where the two were not measured on the same kind of items."""
    if subject.record is None or other.record is None or not _comparable(subject.record, other.record):
        return None
    return everything.validation_difference(subject, other)


def _comparable(first: Record, second: Record) -> bool:
    return first.data.digest == second.data.digest and not (
        first.data.validated_on_test or second.data.validated_on_test
    )


def _worth(between: Difference) -> str:
    """A sentence or two on a difference: its interval, and whether it can be told from none."""
    facts = {
        "points": in_points(between.difference),
        "low": numbers.points(between.low),
        "high": numbers.points(between.high),
    }
    if len(between.seeds) > 1:
        said = language.text(
            "This row's validation accuracy differs by {points} (mean over {n} seeds; interval {low} to"
            " {high}).",
            n=len(between.seeds),
            **facts,
        )
    else:
        said = language.text(
            "This row's validation accuracy differs by {points} ({level} interval {low} to {high}).",
            level=f"{numbers.plain(round(100 * between.level, 4))}{language.NO_BREAK_SPACE}%",
            **facts,
        )
    if between.different:
        return said
    smallest = in_points(between.smallest, signed=False)
    if between.low > 0 or between.high < 0:
        return f"{said} " + language.text(
            "Training the same settings once more may bring as much; {smallest} would most likely have"
            " stood out.",
            smallest=smallest,
        )
    return f"{said} " + language.text(
        "That cannot be told from none; {smallest} would most likely have stood out.",
        smallest=smallest,
    )


def _evidence(between: Difference) -> dict[str, float | int | str]:
    return {
        "difference": between.difference,
        "low": between.low,
        "high": between.high,
        "smallest": between.smallest,
        "different": int(between.different),
    }


@rule("smaller-model", importance=62)
def smaller_model(subject: Result, everything: Everything) -> Iterator[Said]:
    """A row of the chapter with clearly fewer parameters lies above, or cannot be told from this one."""
    record = subject.record
    if record is None or record.data.validated_on_test:
        return
    found = _smallest(subject, record, everything)
    if found is None:
        return
    other, between = found
    sentence = language.text(
        "This row has {own_params} parameters and a validation accuracy of {own}; {title} has {params} and"
        " {other}. {difference}",
        own_params=numbers.thousands(record.total_params),
        own=numbers.percentage(own := validation_accuracy(subject)),
        title=named(other, subject),
        params=numbers.thousands(params := other.records[0].total_params),
        other=numbers.percentage(theirs := validation_accuracy(other)),
        difference=_worth(between),
    )
    question = language.text(
        "How do the parameters and the validation accuracy of this row compare with those of the smaller"
        " rows of the chapter? What do the additional parameters bring?"
    )
    evidence: dict[str, float | int | str] = {
        "other": other.row.id,
        "parameters": record.total_params,
        "other_parameters": params,
        "validation_accuracy": own,
        "other_validation_accuracy": theirs,
    }
    yield Said(as_means(subject, sentence), question, evidence | _evidence(between))


def _smallest(subject: Result, record: Record, everything: Everything) -> tuple[Result, Difference] | None:
    """The smallest of the clearly smaller rows of the chapter that this one does not lie surely above."""
    smaller = [
        other
        for other in everything.alike(record)
        if other.row.section == subject.row.section
        and other.records[0].total_params <= CLEARLY_FEWER * record.total_params
    ]
    for other in sorted(smaller, key=lambda one: one.records[0].total_params):
        between = everything.validation_difference(subject, other)
        if not_above(between):
            return other, between
    return None


def not_above(between: Difference) -> bool:
    """Whether the first row does not lie surely above the second."""
    return not between.different or between.difference < 0
