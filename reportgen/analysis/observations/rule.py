"""What a rule is, what it sees, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from reportgen.analysis.differences import Difference, difference
from reportgen.analysis.luck import Luck, luck_of, training_luck
from reportgen.analysis.metrics import validation_accuracy
from reportgen.records import Record
from reportgen.results import Result

Evidence = Mapping[str, float | int | str]


@dataclass(frozen=True)
class Observation:
    """A sentence of the program, and what it rests on.

    Parameters
    ----------
    rule : str
        Id of the rule, such as ``loss-turns``.
    row : str or None
        Id of the row it speaks of; None where it speaks of a whole chapter.
    text : str
        What was seen, with its numbers, in the language in use.
    question : str
        The same as a question that does not give the answer away.
    evidence : mapping
        Raw numbers, rounded nowhere: fractions, losses, epochs, ids of other rows.
    """

    rule: str
    row: str | None
    text: str
    question: str
    evidence: Evidence = field(default_factory=dict)


@dataclass(frozen=True)
class Said:
    """What a rule gives back: an observation that does not know yet whose it is.

    `importance` stands in place of the rule's own, where what was found matters more or less than usual.
    """

    text: str
    question: str
    evidence: Evidence
    importance: int | None = None


@dataclass(frozen=True)
class Everything:
    """All results of the report: what a row is set against."""

    results: tuple[Result, ...]

    def row(self, id: str | None) -> Result | None:
        """Return the result of a row, None where there is no such row."""
        return self._by_id.get(id) if id is not None else None

    def alike(self, record: Record) -> tuple[Result, ...]:
        """Return the results on the same data, with a validation set of their own."""
        return tuple(
            result
            for result in self.results
            if result.record is not None
            and result.record.data.digest == record.data.digest
            and result.record.data.quick == record.data.quick
            and not result.record.data.validated_on_test
        )

    def first(self, record: Record) -> Result | None:
        """Return the row with the highest mean validation accuracy on the same data and inputs.

        Of rows with the same figure it is the earliest.
        """
        own = (record.features.kind, dict(record.features.settings))
        rows = [
            result
            for result in self.alike(record)
            if (result.records[0].features.kind, dict(result.records[0].features.settings)) == own
        ]
        return max(rows, key=validation_accuracy, default=None)

    def validation_difference(self, one: Result, other: Result) -> Difference:
        """Return the difference of two rows on validation; allows for the training luck there is to see."""
        return difference(one, other, "validation_accuracy", luck=luck_of(one, self._luck))

    @cached_property
    def _luck(self) -> dict[str, Luck]:
        return training_luck(self.results)

    @cached_property
    def _by_id(self) -> dict[str, Result]:
        return {result.row.id: result for result in self.results}


RowLook = Callable[[Result, Everything], Iterable[Said]]
SectionLook = Callable[[Sequence[Result], Everything], Iterable[Said]]


@dataclass(frozen=True)
class Rule:
    """A rule about one row.

    Parameters
    ----------
    id : str
    importance : int
        Of two observations the one with the higher number stands first.
    look : callable
        Of a row with at least one record, and everything; yields what there is to say.
    unless : tuple of str
        Rules that say the same and more: where one of them has spoken, this one is silent.
    """

    id: str
    importance: int
    look: RowLook
    unless: tuple[str, ...] = ()


@dataclass(frozen=True)
class SectionRule:
    """A rule about the rows of one chapter; as `Rule`, but looks at the chapter's results."""

    id: str
    importance: int
    look: SectionLook


def rule(id: str, *, importance: int, unless: tuple[str, ...] = ()) -> Callable[[RowLook], Rule]:
    """Make a rule about rows of a function."""
    return lambda look: Rule(id, importance, look, unless)


def section_rule(id: str, *, importance: int) -> Callable[[SectionLook], SectionRule]:
    """Make a rule about chapters of a function."""
    return lambda look: SectionRule(id, importance, look)
