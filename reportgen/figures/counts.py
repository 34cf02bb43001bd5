"""Numbers with what they count, in the language in use: ``3 seeds``, ``1 epoch``."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen import language
from reportgen.analysis import numbers


def _kept(text: str) -> str:
    """No line breaks between a number and what it counts."""
    return text.replace(" ", numbers.NO_BREAK_SPACE)


def seeds(count: int) -> str:
    """``1 seed``, ``3 seeds``."""
    return _kept(language.plural("{n} seed", "{n} seeds", count, n=numbers.thousands(count)))


def epochs(count: int) -> str:
    """``1 epoch``, ``20 epochs``."""
    return _kept(language.plural("{n} epoch", "{n} epochs", count, n=numbers.thousands(count)))


def rows(count: int) -> str:
    """``1 row``, ``24 rows``."""
    return _kept(language.plural("{n} row", "{n} rows", count, n=numbers.thousands(count)))


def runs(count: int) -> str:
    """``1 run``, ``24 runs``."""
    return _kept(language.plural("{n} run", "{n} runs", count, n=numbers.thousands(count)))


def items(count: int) -> str:
    """``1 item``, ``10 000 items``."""
    return _kept(language.plural("{n} item", "{n} items", count, n=numbers.thousands(count)))


def predictions(count: int) -> str:
    """``1 prediction``, ``30 000 predictions``."""
    return _kept(language.plural("{n} prediction", "{n} predictions", count, n=numbers.thousands(count)))


def errors(count: int) -> str:
    """``1 error``, ``194 errors``."""
    return _kept(language.plural("{n} error", "{n} errors", count, n=numbers.thousands(count)))


def times(count: int) -> str:
    """``1 time``, ``19 times``."""
    return _kept(language.plural("{n} time", "{n} times", count, n=numbers.thousands(count)))


def comparisons(count: int) -> str:
    """``1 comparison``, ``3 comparisons``: without an unbreakable space, as it stands in notes."""
    return language.plural("{n} comparison", "{n} comparisons", count, n=numbers.thousands(count))


def in_a_row(items: Sequence[str]) -> str:
    """Pieces of a sentence that hold commas of their own: ``a, b; c, d``."""
    whole = "".join(items[:1])
    for item in items[1:]:
        whole = language.text("{one}; {other}", one=whole, other=item)
    return whole
