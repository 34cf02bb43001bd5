"""What was compared, what differed and what was left alone, counted by place and column."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

MISSING = "\u2013"
HALF = 0.5 + 1e-6
"""A number that lies exactly between two printed ones may be either: floats do not hold ties."""


@dataclass(frozen=True)
class Num:
    """An expected number.

    Parameters
    ----------
    value : float or None
        In the unit that is printed; None or NaN where a dash has to stand.
    decimals : int or None
        That must be printed; None: as many as there are.
    signed : bool
        Whether a plus is printed.
    before, after : str
        What stands around the number.
    slack : float
        Absolute error that the stored numbers may have themselves: float32 losses.
    raw : float or None
        What `value` of results.json must be, where it is not `value`.
    """

    value: float | None
    decimals: int | None = 0
    signed: bool = False
    before: str = ""
    after: str = ""
    slack: float = 1e-9
    raw: float | None = None


@dataclass(frozen=True)
class Several:
    """Numbers in one text: a pattern with a group for each."""

    pattern: str
    numbers: tuple[Num, ...]


@dataclass(frozen=True)
class Text:
    """An expected text, to the letter."""

    text: str


@dataclass(frozen=True)
class P:
    """An expected p value: three decimals, four below 0.01, or "< 0.0001"."""

    value: float | None


@dataclass(frozen=True)
class Skip:
    """Nothing is expected; why."""

    reason: str


Expected = Num | Several | Text | P | Skip


def plain(text: str) -> str:
    """Return a printed number without the marks of print: no-break spaces, a real minus."""
    return text.replace("\u00a0", "").replace("\u2212", "-")


def parse(text: str) -> tuple[Decimal, int] | None:
    """Return a printed number and its decimals; None where the text is none."""
    bare = plain(text)
    if not re.fullmatch(r"[+-]?\d+(\.\d+)?(e-?\d+)?", bare):
        return None
    try:
        digits, _, power = bare.partition("e")
        return Decimal(bare), len(digits.partition(".")[2]) - int(power or 0)
    except InvalidOperation:
        return None


def wrong_number(text: str, wanted: Num) -> str:
    """Return what is wrong with a printed number; empty where nothing is."""
    if wanted.value is None or not math.isfinite(wanted.value):
        return "" if text == MISSING else f"expected a dash, printed {text!r}"
    inner = text
    if not (inner.startswith(wanted.before) and inner.endswith(wanted.after)):
        return f"expected {wanted.before!r}...{wanted.after!r}, printed {text!r}"
    inner = inner[len(wanted.before) : len(inner) - len(wanted.after)]
    found = parse(inner)
    if found is None:
        return f"expected {wanted.value!r}, printed {text!r}"
    number, decimals = found
    if wanted.decimals is not None and decimals != wanted.decimals:
        return f"expected {wanted.decimals} decimals, printed {text!r}"
    if abs(float(number) - wanted.value) > HALF * 10.0**-decimals + wanted.slack:
        return f"expected {wanted.value!r}, printed {text!r}"
    plus = inner.startswith("+")
    if plus != (wanted.signed and number > 0) or (number == 0 and inner[0] in "+\u2212-"):
        return f"the sign of {text!r}"
    return ""


@dataclass
class Tally:
    """Counts, and every difference in words."""

    counts: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)
    reasons: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)
    mismatches: list[str] = field(default_factory=list)

    def count(self, place: str, column: str, what: str, times: int = 1) -> None:
        """Count one thing under a place and a column."""
        self.counts.setdefault((place, column), Counter())[what] += times

    def skip(self, place: str, column: str, reason: str, times: int = 1) -> None:
        """Count something that was not compared, and why."""
        self.count(place, column, "uncovered", times)
        self.reasons.setdefault((place, column), Counter())[reason] += times

    def hold(self, place: str, column: str, where: str, wrong: str, times: int = 1) -> None:
        """Count a comparison; `wrong` says what differs, or is empty."""
        self.count(place, column, "compared", times)
        if wrong:
            self.count(place, column, "mismatched")
            self.mismatches.append(f"{place} | {column} | {where}: {wrong}")

    def see(self, place: str, column: str, where: str, text: str, wanted: Expected) -> None:
        """Compare a printed text with what is expected of it."""
        compare: dict[type, Callable[..., None]] = {Several: self._several, P: self._p, Num: self._num}
        if isinstance(wanted, Skip):
            if any(letter.isdigit() for letter in text):
                self.skip(place, column, wanted.reason)
            else:
                self.count(place, column, "words")
        elif isinstance(wanted, Text):
            wrong = "" if text == wanted.text else f"expected {wanted.text!r}, printed {text!r}"
            self.hold(place, column, where, wrong)
        else:
            compare[type(wanted)](place, column, where, text, wanted)

    def _num(self, place: str, column: str, where: str, text: str, wanted: Num) -> None:
        self.hold(place, column, where, wrong_number(text, wanted))

    def _p(self, place: str, column: str, where: str, text: str, wanted: P) -> None:
        if wanted.value is not None and wanted.value < 0.0001:
            self.see(place, column, where, text, Text("<\u00a00.0001"))
        else:
            fine = wanted.value is not None and wanted.value < 0.01
            self.see(place, column, where, text, Num(wanted.value, 4 if fine else 3))

    def _several(self, place: str, column: str, where: str, text: str, wanted: Several) -> None:
        found = re.fullmatch(wanted.pattern, text)
        if found is None or len(found.groups()) != len(wanted.numbers):
            return self.hold(place, column, where, f"expected {wanted.pattern!r}, printed {text!r}")
        for part, number in zip(found.groups(), wanted.numbers, strict=True):
            self.hold(place, column, where, wrong_number(part, number))
        return None

    def near(
        self, place: str, column: str, where: str, found: object, wanted: float | None, slack: float
    ) -> None:
        """Compare a raw number of results.json."""
        wrong = f"expected {wanted!r}, found {found!r}"
        if wanted is None or not math.isfinite(wanted):
            return self.hold(place, column, where, "" if found is None else wrong)
        right = isinstance(found, (int, float)) and abs(found - wanted) <= slack + 1e-9 * abs(wanted)
        return self.hold(place, column, where, "" if right else wrong)

    def total(self, what: str) -> int:
        """Return how many were compared, mismatched or uncovered."""
        return sum(counts[what] for counts in self.counts.values())
