"""The difference of two rows on validation, and the sentences that say what it is worth."""

from __future__ import annotations

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.differences import Difference
from reportgen.analysis.observations.rule import Everything
from reportgen.analysis.observations.seeds import in_points
from reportgen.records import Record
from reportgen.results import Result


def between(subject: Result, other: Result, everything: Everything) -> Difference | None:
    """Return the difference on validation; None where the two were not measured on the same kind of items."""
    if subject.record is None or other.record is None or not comparable(subject.record, other.record):
        return None
    return everything.validation_difference(subject, other)


def comparable(first: Record, second: Record) -> bool:
    """Whether both saw the same data, with a validation set of their own."""
    return first.data.digest == second.data.digest and not (
        first.data.validated_on_test or second.data.validated_on_test
    )


def worth(found: Difference) -> str:
    """Return a sentence or two on a difference: its interval, and whether any can be made out."""
    outside = found.low > 0 or found.high < 0
    said = _measured(found, outside)
    if found.different:
        return said
    if outside:
        return f"{said} " + language.text("Another training of the same settings may bring as much.")
    if found.smallest <= abs(found.difference):
        return f"{said} " + language.text("No difference can be made out.")
    return f"{said} " + language.text(
        "No difference can be made out; one of {smallest} would have been found at least four times in five.",
        smallest=in_points(found.smallest, signed=False),
    )


def _measured(found: Difference, outside: bool) -> str:
    facts = {
        "points": in_points(found.difference),
        "n": str(len(found.seeds)),
        "level": level(found.level),
        "low": numbers.points(found.low),
        "high": numbers.points(found.high),
    }
    if found.basis == "points" and outside:
        return language.text(
            "Validation accuracy: {points} (mean over {n} seeds; single-seed {level} intervals from {low} to"
            " {high}): each seed by itself shows it.",
            **facts,
        )
    if found.basis == "points":
        return language.text(
            "Validation accuracy: {points} (mean over {n} seeds; single-seed {level} intervals from {low} to"
            " {high}).",
            **facts,
        )
    if len(found.seeds) > 1:
        return language.text(
            "Validation accuracy: {points} (mean over {n} seeds; {level} interval {low} to {high}).", **facts
        )
    return language.text("Validation accuracy: {points} ({level} interval {low} to {high}).", **facts)


def level(of: float) -> str:
    """Return the level of an interval in print: ``95 %``."""
    return f"{numbers.plain(round(100 * of, 4))}{language.NO_BREAK_SPACE}%"


def evidence(found: Difference) -> dict[str, float | int | str]:
    """Return the raw numbers of a difference."""
    return {
        "difference": found.difference,
        "low": found.low,
        "high": found.high,
        "smallest": found.smallest,
        "different": int(found.different),
    }
