"""Several things in a row, as the language in use writes them; ``a, b and c`` is `language.listed`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce

from reportgen import language


def between(low: str, high: str) -> str:
    """Return the ends of a span: ``12 to 15``."""
    return language.text("{low} to {high}", low=low, high=high)


def either(items: Sequence[str]) -> str:
    """Return alternatives: ``a or b``; empty without any."""
    if len(items) < 2:
        return "".join(items)
    return language.text("{first} or {last}", first=", ".join(items[:-1]), last=items[-1])


def clauses(items: Iterable[str]) -> str:
    """Return what commas stand in: ``a, b; c``; empty without any."""
    found = list(items)
    if not found:
        return ""
    return reduce(lambda before, after: language.text("{before}; {after}", before=before, after=after), found)


def series(items: Sequence[str]) -> str:
    """Return numbers in a row, ``0.1, 0.2``: parted by semicolons where a comma is the decimal mark."""
    if language.decimal_mark() == "," and any("," in item for item in items):
        return clauses(items)
    return ", ".join(items)
