"""Three-valued comparisons: yes, no, or undecided, of a quantity that is only known to lie in an interval."""

from __future__ import annotations

from reportgen.prose.claims import Sign


def against_zero(low: float, high: float, sign: Sign) -> bool | None:
    """Whether a quantity somewhere from `low` to `high` compares with zero like this."""
    if sign in ("<", "<="):
        return against_zero(-high, -low, ">" if sign == "<" else ">=")
    if sign == "==":
        return None if low <= 0 <= high and low != high else low == high == 0
    if sign == "!=":
        equal = against_zero(low, high, "==")
        return None if equal is None else not equal
    if low > 0 or (low == 0 and sign == ">="):
        return True
    return False if high < 0 or (high == 0 and sign == ">") else None


def size(low: float, high: float, sign: Sign, limit: float, told: bool | None) -> bool | None:
    """Whether the size of a quantity somewhere from `low` to `high` compares with a limit like this."""
    least = 0.0 if low <= 0 <= high else min(abs(low), abs(high))
    most = max(abs(low), abs(high))
    if limit == 0 and told is False:
        return None
    return against_zero(least - limit, most - limit, sign)
