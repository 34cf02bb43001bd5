"""What the value of an argument may be: an integer from 1, a share, one of some texts, a side or two.

A kind says what is wrong with a value, and settles a right one: what means the same to Keras becomes
the same value, so that ``(2, 2)`` and ``2``, or ``1`` and ``1.0``, are one configuration.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from reportgen.calls.grammar import Call, Value, written
from reportgen.experiments.words import describe, nearest


def said(value: Value) -> str:
    """Name a value as its author would: ``the text 'same'``, ``(2, 2)``, ``True``."""
    return describe(value) if isinstance(value, str) else written(value)


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_whole(value: Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


@dataclass(frozen=True)
class Kind:
    """Any value."""

    def fault(self, value: Value) -> str | None:
        """Say why `value` is not of this kind, or return None."""
        return None if self.holds(value) else f"expected {self}, found {said(value)}{self.hint(value)}"

    def holds(self, value: Value) -> bool:
        """True where `value` is of this kind."""
        return True

    def hint(self, value: Value) -> str:
        """What its author probably meant, as an end of the sentence."""
        return ""

    def settled(self, value: Value) -> Value:
        """A value of this kind in its one form."""
        return value


@dataclass(frozen=True)
class Whole(Kind):
    """An integer within bounds, some of which may be left out."""

    low: int = 1
    high: int = 10**9
    but: int | None = None

    def holds(self, value: Value) -> bool:
        """True for an integer between the bounds, both included."""
        return bool(_is_whole(value) and self.low <= value <= self.high and value != self.but)

    def hint(self, value: Value) -> str:
        """For ``32.0`` and ``"32"``."""
        if isinstance(value, float) and value.is_integer():
            return f" (an integer has no decimal point: write {value:.0f})"
        return _without_quotes(value)

    def __str__(self) -> str:
        but = "" if self.but is None else f", not {self.but}"
        if self.high >= 10**6:
            return f"an integer, at least {self.low}{but}"
        return f"an integer from {self.low} to {self.high}{but}"


@dataclass(frozen=True)
class Number(Kind):
    """A number within bounds; an open end is not itself allowed."""

    low: float = -1e30
    high: float = 1e30
    low_open: bool = False
    high_open: bool = False

    def holds(self, value: Value) -> bool:
        """True for a number between the bounds."""
        if not _is_number(value):
            return False
        above = value > self.low if self.low_open else value >= self.low
        return bool(above and (value < self.high if self.high_open else value <= self.high))

    def hint(self, value: Value) -> str:
        """For ``"0.5"``, and for a per cent."""
        if _is_number(value) and (self.low, self.high) == (0, 1) and 1 < value <= 100:
            return f" (a share: write {value / 100:g} for {value:g} %)"
        return _without_quotes(value)

    def settled(self, value: Value) -> Value:
        """As a float, and 0.0 without a sign."""
        return float(value) + 0.0

    def __str__(self) -> str:
        low = f"{'more than' if self.low_open else 'at least'} {self.low:g}" if self.low > -1e30 else ""
        high = f"{'less than' if self.high_open else 'at most'} {self.high:g}" if self.high < 1e30 else ""
        return ", ".join(filter(None, ("a number", " and ".join(filter(None, (low, high))))))


def _without_quotes(value: Value) -> str:
    if isinstance(value, str) and re.fullmatch(r"\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*", value):
        return f" (a number stands without quotes: write {value.strip()})"
    return ""


@dataclass(frozen=True)
class Flag(Kind):
    """True or False; `only` where one of them is refused."""

    only: bool | None = None

    def holds(self, value: Value) -> bool:
        """True for True and False, not for 1 and 0."""
        return isinstance(value, bool) and self.only in (None, value)

    def __str__(self) -> str:
        return "True or False" if self.only is None else str(self.only)


@dataclass(frozen=True)
class OneOf(Kind):
    """One of some texts."""

    names: Collection[str]
    what: str = ""

    def holds(self, value: Value) -> bool:
        """True for one of the texts."""
        return isinstance(value, str) and value in self.names

    def hint(self, value: Value) -> str:
        """The nearest of the texts."""
        close = nearest(value, sorted(self.names)) if isinstance(value, str) else None
        return f" (did you mean '{close}'?)" if close else ""

    def __str__(self) -> str:
        return self.what or " or ".join(f"'{name}'" for name in self.names)


@dataclass(frozen=True)
class Text(Kind):
    """A text of a pattern, or None where `none`."""

    pattern: str
    what: str
    none: bool = False

    def holds(self, value: Value) -> bool:
        """True where the pattern describes the whole text."""
        if value is None:
            return self.none
        return isinstance(value, str) and re.fullmatch(self.pattern, value) is not None

    def __str__(self) -> str:
        return self.what


@dataclass(frozen=True)
class Sides(Kind):
    """A side, or (height, width)."""

    low: int = 1
    high: int = 10_000

    def holds(self, value: Value) -> bool:
        """True for an integer or two between the bounds."""
        pair = value if isinstance(value, tuple) else (value, value)
        return len(pair) == 2 and all(Whole(self.low, self.high).holds(side) for side in pair)

    def hint(self, value: Value) -> str:
        """For ``3.0`` and ``"3"``."""
        return Whole(self.low, self.high).hint(value)

    def settled(self, value: Value) -> Value:
        """One side where both are the same."""
        return value[0] if isinstance(value, tuple) and value[0] == value[1] else value

    def __str__(self) -> str:
        return f"an integer, at least {self.low}, or two of them (height, width)"


@dataclass(frozen=True)
class Edges(Kind):
    """Pixels at the edges: a number, (height, width), or ((top, bottom), (left, right))."""

    def holds(self, value: Value) -> bool:
        """True for one, two or two pairs of integers from 0."""
        sides = value if isinstance(value, tuple) else (value, value)
        return len(sides) == 2 and all(Sides(0).holds(side) for side in sides)

    def settled(self, value: Value) -> Value:
        """In the shortest form."""
        if not isinstance(value, tuple):
            return value
        height, width = (Sides(0).settled(side) for side in value)
        return height if height == width and _is_whole(height) else (height, width)

    def __str__(self) -> str:
        return "a number of pixels, (height, width), or ((top, bottom), (left, right))"


@dataclass(frozen=True)
class Row(Kind):
    """Several values of one kind, a single one standing for a row of one where `alone`."""

    each: Kind
    what: str
    least: int = 1
    most: int = 100
    alone: bool = False

    def holds(self, value: Value) -> bool:
        """True for as many values of the kind as allowed."""
        if not isinstance(value, tuple):
            return self.alone and self.each.holds(value)
        return self.least <= len(value) <= self.most and all(map(self.each.holds, value))

    def settled(self, value: Value) -> Value:
        """Without brackets where a single value may do."""
        if not isinstance(value, tuple):
            return self.each.settled(value)
        return (
            self.each.settled(value[0])
            if self.alone and len(value) == 1
            else tuple(map(self.each.settled, value))
        )

    def __str__(self) -> str:
        return self.what


@dataclass(frozen=True)
class Table(Kind):
    """A dictionary of epochs."""

    each: Kind
    what: str

    def holds(self, value: Value) -> bool:
        """True where the keys are epochs and the values of the kind."""
        return (
            isinstance(value, dict)
            and len(value) > 0
            and all(Whole(1, 100_000).holds(key) and self.each.holds(one) for key, one in value.items())
        )

    def settled(self, value: Value) -> Value:
        """In the order of the epochs."""
        return {key: self.each.settled(value[key]) for key in sorted(value)}

    def __str__(self) -> str:
        return self.what


@dataclass(frozen=True)
class Made(Kind):
    """What is made by a call: a regulariser, an initialiser, a schedule; `other` values may do too.

    `bound` checks the call itself.
    """

    family: str
    what: str
    other: Kind | None = None

    def holds(self, value: Value) -> bool:
        """True for a call, a text, or a value of the other kind."""
        return isinstance(value, Call | str) or (self.other is not None and self.other.holds(value))

    def fault(self, value: Value) -> str | None:
        """The other kind's bounds count too."""
        if self.other is not None and _is_number(value):
            return self.other.fault(value)
        return super().fault(value)

    def settled(self, value: Value) -> Value:
        """A value of the other kind in its one form."""
        return self.other.settled(value) if self.other is not None and self.other.holds(value) else value

    def __str__(self) -> str:
        return self.what


@dataclass(frozen=True)
class Refused(Kind):
    """An argument that a row may not give, and why."""

    why: str
    remedy: str = "leave it out"

    def holds(self, value: Value) -> bool:
        """Never true."""
        return False

    def fault(self, value: Any) -> str | None:
        """The reason."""
        return self.why
