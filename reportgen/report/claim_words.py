"""What the authors' claims came to, in a sentence or two."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen import language
from reportgen.analysis import numbers
from reportgen.prose.judging import STATUSES, Judged
from reportgen.report.parts import shortened

NAMED = 4
"""Claims that are not supported, at most, that the glance quotes."""


def claims_outcome(claims: Sequence[Judged]) -> tuple[str, ...]:
    """Say what the authors' claims came to: how many of each outcome, and which the results contradict."""
    if not claims:
        return ()
    return (*_outcomes(claims), *_trained_once(claims))


def _trained_once(claims: Sequence[Judged]) -> tuple[str, ...]:
    """A warning where a claim rests on a difference of two single trainings."""
    bases = [value for judged in claims for name, value in judged.evidence.items() if name.endswith(".basis")]
    if "items" not in bases:
        return ()
    return (language.text("They rest on one training of each network: another may come out otherwise."),)


def _outcomes(claims: Sequence[Judged]) -> tuple[str, ...]:
    """How many claims came to each outcome, and which the results contradict."""
    n = numbers.thousands(len(claims))
    if all(judged.status == "supported" for judged in claims):
        return (
            language.plural(
                "The results support the one claim of the authors.",
                "The results support each of the {n} claims of the authors.",
                len(claims),
                n=n,
            ),
        )
    if all(judged.status == "not judged" for judged in claims):
        return (
            language.plural(
                "The one claim of the authors is not judged: a quick run is no result.",
                "The {n} claims of the authors are not judged: a quick run is no result.",
                len(claims),
                n=n,
            ),
        )
    counts = {status: sum(judged.status == status for judged in claims) for status in STATUSES}
    parts = [_outcome(status, count) for status, count in counts.items() if count]
    counted = language.plural(
        "Of {n} claim of the authors, {outcomes}.",
        "Of {n} claims of the authors, {outcomes}.",
        len(claims),
        n=n,
        outcomes=language.listed(parts),
    )
    against = [judged for judged in claims if judged.status == "not supported"]
    if not against:
        return (counted,)
    quoted = [
        language.quoted(shortened(" ".join(judged.claim.text.split()), 110)) for judged in against[:NAMED]
    ]
    left = len(against) - len(quoted)
    if left:
        quoted.append(language.text("{n} more", n=numbers.thousands(left)))
    return counted, language.text("Not supported: {claims}.", claims="; ".join(quoted))


def _outcome(status: str, count: int) -> str:
    """How many claims came to this: ``3 supported``."""
    n = numbers.thousands(count)
    return {
        "supported": language.plural("{n} supported", "{n} supported", count, n=n),
        "not supported": language.plural("{n} not supported", "{n} not supported", count, n=n),
        "undecided": language.plural("{n} undecided", "{n} undecided", count, n=n),
        "no result": language.plural("{n} no result", "{n} no result", count, n=n),
        "not judged": language.plural("{n} not judged", "{n} not judged", count, n=n),
    }[status]
