"""p values as the report prints them: near the limits that decide, with digits enough to see the side."""

from __future__ import annotations

from reportgen.analysis import numbers
from reportgen.language import NO_BREAK_SPACE

LEAST = 0.0001
"""Smaller ones are printed as below it."""
FINE = 0.01
"""Below it stand the limits of single runs and of families: four decimals in place of three."""


def printed(p: float) -> str:
    """Return a p value: ``0.410``, below 0.01 ``0.0047``, below 0.0001 ``< 0.0001``."""
    if p < LEAST:
        return f"<{NO_BREAK_SPACE}{numbers.decimal(LEAST, 4)}"
    return numbers.decimal(p, 4 if p < FINE else 3)


def told(p: float) -> str:
    """Return a p value for a sentence: ``p = 0.0047``, ``p < 0.0001``."""
    sign = "" if p < LEAST else f"={NO_BREAK_SPACE}"
    return f"p{NO_BREAK_SPACE}{sign}{printed(p)}"
