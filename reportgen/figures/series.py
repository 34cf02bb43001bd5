"""Parts of a sentence in a row, for the alternative texts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from reportgen import language


def series(parts: Sequence[str]) -> str:
    """Return the parts with semicolons between them, as the language sets these; empty without any."""
    if not parts:
        return ""
    return reduce(lambda before, after: language.text("{before}; {after}", before=before, after=after), parts)
