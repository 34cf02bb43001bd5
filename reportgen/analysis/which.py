"""Which rows something is true of, in words."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen import language
from reportgen.analysis import numbers
from reportgen.results import Result

FEW = 3
"""Rows that are named; more are counted."""
_ALL_BUT = 2
"""Rows that may be named as the exceptions."""


def which(own: Sequence[Result], everything: Sequence[Result]) -> str:
    """Return the rows by their titles where they are few, else by their number.

    Parameters
    ----------
    own : sequence of Result
        At least one.
    everything : sequence of Result
        The rows they are among.
    """
    ids = {result.row.id for result in own}
    others = [result for result in everything if result.row.id not in ids]
    if not others:
        return language.plural(
            "the one experiment", "all {n} experiments", len(ids), n=numbers.thousands(len(ids))
        )
    if len(ids) <= FEW:
        return _titles(own)
    if len(others) <= _ALL_BUT:
        return language.text("all experiments but {titles}", titles=_titles(others))
    return language.text(
        "{n} of {total} experiments",
        n=numbers.thousands(len(ids)),
        total=numbers.thousands(len(ids) + len(others)),
    )


def _titles(results: Sequence[Result]) -> str:
    return language.listed(list(dict.fromkeys(language.quoted(result.row.title) for result in results)))
