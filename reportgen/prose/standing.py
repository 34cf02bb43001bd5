"""What a claim cannot rest on: settings that did not act, and networks that learnt nothing."""

from __future__ import annotations

from reportgen import language
from reportgen.analysis.learnt import learnt_nothing
from reportgen.analysis.pairs import relation
from reportgen.results import Result


def undecidable(one: Result, other: Result) -> str:
    """Return why a difference of two rows decides nothing, as a sentence; empty where it may.

    One row that learnt nothing may be below another one all the same: `idle_row` says so beside it.
    """
    if relation(one, other) == "same weights":
        return language.text(
            "What differs between them did not act in the epochs that were trained, so the claim cannot be"
            " tested."
        )
    if one.row.id != other.row.id and learnt_nothing(one) and learnt_nothing(other):
        return language.text("Both learnt nothing that validation shows, so the claim cannot be tested.")
    return ""


def idle_row(one: Result, other: Result) -> str:
    """Return the sentence on the one of two rows that learnt nothing; empty without one, and with two."""
    idle = [row for row in (one, other) if learnt_nothing(row)]
    if len(idle) != 1:
        return ""
    return language.text(
        "“{title}” learnt nothing that validation shows: whatever learns lies above it.",
        title=idle[0].row.title,
    )
