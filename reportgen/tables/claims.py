"""What the authors claim, and what the numbers say to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from reportgen import language
from reportgen.experiments.schema import Claim
from reportgen.tables.cells import text_cell, word_cell
from reportgen.tables.table import Cell, Column, Line, Table

_STATUSES = {
    "supported": language.message("supported"),
    "not supported": language.message("not supported"),
    "undecided": language.message("undecided"),
    "no result": language.message("no result"),
    "not judged": language.message("not judged"),
}


class Judged(Protocol):
    """A judged claim, as `reportgen.prose.claims` makes it."""

    @property
    def status(self) -> str:
        """``supported``, ``not supported``, ``undecided``, ``no result`` or ``not judged``."""

    @property
    def sentence(self) -> str:
        """The numbers, in words."""


def claims_table(judged: Sequence[tuple[Claim, Judged]], section: str = "") -> Table:
    """The claims of a section or of the whole report: claim, status, numbers.

    Parameters
    ----------
    judged : sequence of (Claim, Judged)
        In the file's order.
    section : str
        Id of the section they stand in; empty for those of the comparison.
    """
    statuses = {found.status for _, found in judged}
    note = ""
    if "undecided" in statuses:
        note = language.text(
            "Undecided: the uncertainty of the measurements, or what was trained, does not let the claim be"
            " judged."
        )
    return Table(
        id=f"claims-{section}" if section else "claims",
        caption=language.text("Claims of the authors, and what the results say to them."),
        columns=(
            Column(language.text("Claim")),
            Column(language.text("Status"), kind="name"),
            Column(language.text("Numbers")),
        ),
        rows=tuple(
            Line(
                (
                    Cell(claim.text, _numbered(claim.text, place if len(judged) > 1 else 0)),
                    word_cell(_STATUSES[found.status]),
                    text_cell(found.sentence),
                )
            )
            for place, (claim, found) in enumerate(judged, start=1)
        ),
        note=note,
    )


def _numbered(text: str, place: int) -> str:
    """A text on one line, with its number unless it is the only one."""
    flat = " ".join(text.split())
    return f"{place}. {flat}" if place else flat
