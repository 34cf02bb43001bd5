"""Plain words for messages: what a value is, which name was probably meant."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Collection, Sequence
from typing import Any

MANY = ("section", "experiment", "sweep", "search", "contrast", "claim")
"""Tables of which a file may have many: their names stand in double brackets."""

_LONGEST_SHOWN = 40
_MOST_NAMES = 24


def describe(value: Any) -> str:
    """Name a value as the author of the file would: ``the text "32"``, ``true``, ``a list``."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _number(value)
    if isinstance(value, str):
        return f"the text {quoted(value)}"
    if isinstance(value, datetime.datetime):
        return f"the date and time {value}"
    if isinstance(value, datetime.date):
        return f"the date {value}"
    if isinstance(value, datetime.time):
        return f"the time {value}"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    return "a table" if isinstance(value, dict) else f"a {type(value).__name__}"


def _number(value: int | float) -> str:
    if isinstance(value, int) and value.bit_length() > 64:
        return "an integer of more than 64 bits"
    return repr(value)


def quoted(text: str) -> str:
    """Return `text` in double quotes, shortened where it is long."""
    if len(text) > _LONGEST_SHOWN:
        text = text[: _LONGEST_SHOWN - 1] + "…"
    return '"' + text.replace("\n", "\\n") + '"'


def nearest(name: str, known: Collection[str]) -> str | None:
    """Return the known name that `name` is probably a slip of, or None."""
    same = [candidate for candidate in known if _folded(candidate) == _folded(name)]
    if same:
        return same[0]
    close = difflib.get_close_matches(_folded(name), [_folded(k) for k in known], n=1, cutoff=0.6)
    return next(k for k in known if _folded(k) == close[0]) if close else None


def _folded(name: str) -> str:
    return name.casefold().replace("-", "_")


def suggestion(name: str, known: Collection[str]) -> str:
    """Return the remedy for an unknown name: the nearest one, and all that are known."""
    close = nearest(name, known)
    guess = f'did you mean "{close}"?   ' if close else ""
    return f"{guess}known: {listed(sorted(known))}"


def listed(names: Sequence[str]) -> str:
    """Join names by commas, the first two dozen of them."""
    if not names:
        return "(none)"
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more
