"""Rules that set a row against other rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.differences import Difference
from reportgen.analysis.observations import settings
from reportgen.analysis.observations.idling import idle_changes, idle_words
from reportgen.analysis.observations.lengths import SameEpoch, at_same_epoch, there
from reportgen.analysis.observations.rule import Everything, Evidence, Said, rule
from reportgen.analysis.observations.worth import between, evidence, worth
from reportgen.records import Record
from reportgen.results import Result

CLEARLY_FEWER = 2 / 3
"""Times the parameters: the networks of a chapter often halve or double a layer, and this sees either."""


@dataclass(frozen=True)
class _Against:
    """A row and the one it is set against; the number of epochs is no change where `same_epoch` is given."""

    other: Result
    changes: tuple[settings.Change, ...]
    length: settings.Change | None
    same_epoch: SameEpoch | None
    ends: Difference | None

    @property
    def acted(self) -> bool:
        """Whether the rows end with other weights; where they do not, nothing that differs acted."""
        return self.ends is None or self.ends.relation != "same weights"

    @property
    def evidence(self) -> Evidence:
        at_ends = {} if self.ends is None else evidence(self.ends)
        there = {} if self.same_epoch is None else self.same_epoch.evidence
        return {"other": self.other.row.id, "settings": len(self.changes), **at_ends, **there}


def _against(subject: Result, everything: Everything) -> _Against | None:
    other = everything.row(subject.row.compared_with)
    if other is None:
        return None
    found, ends = settings.changes(subject, other), between(subject, other, everything)
    length = next((change for change in found if change.parameter == settings.LENGTH), None)
    # Where the length alone differs it is what is compared.
    same_epoch = at_same_epoch(subject, other) if length and len(found) > 1 and ends else None
    if same_epoch is not None:
        found = tuple(change for change in found if change is not length)
    return _Against(other, found, length, same_epoch, ends)


@rule("several-settings", importance=80)
def several_settings(subject: Result, everything: Everything) -> Iterator[Said]:
    """More than one setting differs from the row that this one is set against."""
    against = _against(subject, everything)
    if against is None or len(against.changes) < 2:
        return
    facts = {"title": named(against.other, subject), "n": str(len(against.changes))}
    ends, same, length = against.ends, against.same_epoch, against.length
    if not against.acted:
        sentence = language.text(
            "Against {title}, {n} settings change at once: {changes}. None of them acted in the epochs that"
            " were trained: both rows end with the same weights, so nothing can be said of them.",
            changes=settings.listed(against.changes),
            **facts,
        )
    elif ends is not None and same is not None and length is not None:
        sentence = language.text(
            "Against {title}, {n} settings change at once ({changes}), besides the epochs, {new} instead of"
            " {old}. {difference}",
            changes=settings.named(against.changes),
            new=length.new,
            old=length.old,
            difference=there(same, ends),
            **facts,
        )
    else:
        sentence = language.text(
            "Against {title}, {n} settings change at once: {changes}.",
            changes=settings.listed(against.changes),
            **facts,
        )
        sentence += "" if ends is None else f" {worth(ends)}"
        idle = idle_changes(subject, against.other, against.changes)
        sentence += idle_words(idle)
        if (ends is None or ends.different) and len(against.changes) - len(idle) > 1:
            sentence += " " + language.text("Which of them did it is not shown.")
    sentence = _going_on(subject, against.other, sentence)
    question = language.text(
        "Which settings differ from {title}? Can the difference in accuracy be put down to one of them?",
        title=named(against.other, subject),
    )
    yield Said(sentence, question, against.evidence)


@rule("one-setting", importance=72)
def one_setting(subject: Result, everything: Everything) -> Iterator[Said]:
    """One setting alone differs from the row that this one is set against: what it did can be read."""
    against = _against(subject, everything)
    # A row that differs in its seed alone is a rerun: the rules about chapters speak of it.
    if against is None or len(against.changes) != 1 or against.changes[0].parameter == "seed":
        return
    ends, same, length = against.ends, against.same_epoch, against.length
    if ends is None:
        return
    facts = {"title": named(against.other, subject), "change": settings.listed(against.changes)}
    if not against.acted:
        sentence = language.text(
            "Against {title}, one setting changes: {change}. It did not act in the epochs that were trained:"
            " both rows end with the same weights, so nothing can be said of it.",
            **facts,
        )
    elif same is not None and length is not None:
        sentence = language.text(
            "Against {title}, one setting changes, {change}, besides the epochs, {new} instead of {old}."
            " {difference}",
            new=length.new,
            old=length.old,
            difference=there(same, ends),
            **facts,
        )
    else:
        sentence = language.text(
            "Against {title}, one setting changes: {change}. {difference}", difference=worth(ends), **facts
        )
    sentence = _going_on(subject, against.other, sentence)
    question = language.text(
        "What does the one setting that differs from {title} do to the curves and to the validation"
        " accuracy? Is the difference larger than chance would make it?",
        title=named(against.other, subject),
    )
    yield Said(sentence, question, against.evidence)


def _going_on(subject: Result, other: Result, sentence: str) -> str:
    """The sentence; where a row begins with the weights of the other one, that they are no two trainings."""
    if subject.row.warm_start != other.row.id:
        return sentence
    return f"{sentence} " + language.text(
        "This row goes on from the weights of that one: more training is in the difference, too."
    )


def named(other: Result, subject: Result) -> str:
    """Return another row's title in quotation marks, with its id where it stands in another chapter."""
    title = language.quoted(other.row.title)
    return title if other.row.section == subject.row.section else f"{title} ({other.row.id})"


@rule("smaller-model", importance=71)
def smaller_model(subject: Result, everything: Everything) -> Iterator[Said]:
    """A row of the chapter with clearly fewer parameters lies above, or cannot be told from this one."""
    record = subject.record
    if record is None or record.data.validated_on_test:
        return
    found = _smallest(subject, record, everything)
    if found is None:
        return
    other, difference = found
    sentence = language.text(
        "Against {title}, this row has {own_params} parameters instead of {params}. {difference}",
        own_params=numbers.thousands(record.total_params),
        title=named(other, subject),
        params=numbers.thousands(params := other.records[0].total_params),
        difference=worth(difference),
    )
    question = language.text(
        "How do the parameters and the validation accuracy of this row compare with those of the smaller"
        " rows of the chapter? What do the additional parameters bring?"
    )
    facts: dict[str, float | int | str] = {
        "other": other.row.id,
        "parameters": record.total_params,
        "other_parameters": params,
    }
    yield Said(sentence, question, {**facts, **evidence(difference)})


def _smallest(subject: Result, record: Record, everything: Everything) -> tuple[Result, Difference] | None:
    """The smallest of the clearly smaller rows of the chapter that this one does not lie surely above."""
    smaller = [
        other
        for other in everything.alike(record)
        if other.row.section == subject.row.section
        and other.records[0].total_params <= CLEARLY_FEWER * record.total_params
    ]
    for other in sorted(smaller, key=lambda one: one.records[0].total_params):
        found = everything.validation_difference(subject, other)
        if not_above(found):
            return other, found
    return None


def not_above(found: Difference) -> bool:
    """Whether the first row does not lie surely above the second."""
    return not found.different or found.difference < 0
