"""Numbers as the report prints them: one place for tables, figures and sentences.

Every function takes a number and returns text with a no-break space between thousands,
a real minus sign, no exponent notation of Python's, and the decimal mark of the language in use
(the examples are English).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from reportgen import language
from reportgen.language import NO_BREAK_SPACE as NO_BREAK_SPACE

MINUS = "\u2212"
TIMES = "\u00d7"
MISSING = "\u2013"
"""What stands where there is no number."""


def decimal(value: float, decimals: int) -> str:
    """Return `value` with a fixed number of decimals: ``decimal(-1234.5, 2)`` is ``−1 234.50``.

    Parameters
    ----------
    value : float
        A number that is not finite gives `MISSING`.
    decimals : int
    """
    if not math.isfinite(value):
        return MISSING
    text = f"{value:,.{decimals}f}".replace(",", NO_BREAK_SPACE).replace(".", language.decimal_mark())
    if text.startswith("-"):
        # What rounds to zero has no sign.
        text = text[1:] if float(f"{value:.{decimals}f}") == 0 else MINUS + text[1:]
    return text


def thousands(value: int) -> str:
    """Return a whole number with a no-break space between thousands, from 1 000 on."""
    return decimal(int(value), 0)


def percent(fraction: float, decimals: int = 2) -> str:
    """Return a fraction in per cent, without the sign: ``percent(0.9185)`` is ``91.85``."""
    return decimal(100 * fraction, decimals)


def share(fraction: float) -> str:
    """Return a share in per cent with its sign: ``share(0.9861)`` is ``98.6 %``."""
    return percentage(fraction, 1)


def percentage(fraction: float, decimals: int = 2) -> str:
    """Return a fraction in per cent with its sign: ``percentage(0.9185)`` is ``91.85 %``."""
    return f"{percent(fraction, decimals)}{NO_BREAK_SPACE}%"


def loss(value: float) -> str:
    """Return a loss with three decimals."""
    return decimal(value, 3)


def spread(value: float, decimals: int) -> str:
    """Return an s.d. with `decimals` decimals, with two significant digits where that would print zero.

    ``spread(0.0123, 3)`` is ``0.012``, ``spread(0.00041, 3)`` is ``0.00041``.

    Parameters
    ----------
    value : float
        What is not finite gives `MISSING`. A value of less than a ten-thousandth of the last decimal
        is what is left of float32 rounding, and prints as zero.
    decimals : int
    """
    if not math.isfinite(value) or float(f"{value:.{decimals}f}") or abs(value) < 10.0 ** -(decimals + 4):
        return decimal(value, decimals)
    # The exponent of the rounded value: 0.000996 to two digits is 0.0010, not 0.00100.
    return decimal(value, 1 - int(f"{value:.1e}".partition("e")[2]))


def score(value: float) -> str:
    """Return an F1 score, precision or recall between 0 and 1 with four decimals."""
    return decimal(value, 4)


def seconds(value: float, decimals: int = 0) -> str:
    """Return a time in seconds, without its unit; under ten seconds give `decimals` = 1."""
    return decimal(value, decimals)


def duration(value: float) -> str:
    """Return a time in words: ``0.4 s``, ``12 s``, ``5 min 3 s``, ``2 h 5 min``."""
    if not math.isfinite(value):
        return MISSING
    if value < 9.95:
        return f"{decimal(value, 1)}{NO_BREAK_SPACE}s"
    whole = round(value)
    if whole < 3600:
        parts = [(whole // 60, "min"), (whole % 60, "s")]
    else:
        minutes = round(whole / 60)
        parts = [(minutes // 60, "h"), (minutes % 60, "min")]
    return " ".join(f"{number}{NO_BREAK_SPACE}{unit}" for number, unit in parts if number)


def points(difference: float, decimals: int = 2) -> str:
    """Return a difference of two fractions in percentage points, always with its sign.

    ``points(0.0031)`` is ``+0.31``, ``points(-0.0031)`` is ``−0.31``.
    """
    text = decimal(100 * difference, decimals)
    if text.startswith(MINUS) or text == MISSING or float(f"{100 * difference:.{decimals}f}") == 0:
        return text
    return "+" + text


def in_points(difference: float, decimals: int = 2, signed: bool = True) -> str:
    """Return a difference of two fractions with its unit: ``+0.31 points``; French has ``+0,31 point``."""
    text = points(difference, decimals)
    shown = text if signed else text.removeprefix("+")
    # Where a language tells one from many, it does so by the whole points.
    whole = int(abs(float(f"{100 * difference:.{decimals}f}"))) if math.isfinite(difference) else 0
    return together(language.plural("{points} points", "{points} points", whole, points=shown))


def together(text: str) -> str:
    """Return a number and its noun so that no line breaks between them."""
    return text.replace(" ", NO_BREAK_SPACE)


def interval(low: float, high: float, decimals: int = 2) -> str:
    """Return an interval of fractions in per cent: ``91.30–92.37``."""
    return f"{percent(low, decimals)}–{percent(high, decimals)}"


def shape(sizes: Sequence[int]) -> str:
    """Return a shape as ``28 × 28 × 1``."""
    return f" {TIMES} ".join(thousands(size) for size in sizes).replace(" ", NO_BREAK_SPACE)


def plain(value: object) -> str:
    """Return a setting as it was given: ``0.001``, ``1e−7``, ``yes``, ``3 × 3``.

    No digit is added and none is lost, so a learning rate of 0.00085 stays 0.00085.
    """
    if value is None:
        return language.text("none")
    if isinstance(value, bool):
        return language.text("yes") if value else language.text("no")
    if isinstance(value, int):
        return thousands(value)
    if isinstance(value, float):
        return _plain_float(value)
    if isinstance(value, (list, tuple)):
        return separator().join(plain(item) for item in value)
    return str(value)


def separator() -> str:
    """What stands between numbers in a row: a comma, unless that is the decimal mark."""
    return ", " if language.decimal_mark() != "," else f"{NO_BREAK_SPACE}; "


def _plain_float(value: float) -> str:
    if not math.isfinite(value):
        return MISSING
    mantissa, mark, exponent = f"{value!r}".partition("e")
    if mark:
        mantissa = mantissa.removesuffix(".0")
        return _in_print(f"{mantissa}e{int(exponent)}")
    if value == int(value):
        return thousands(int(value))
    whole, _, decimals = mantissa.partition(".")
    return decimal(float(mantissa), len(decimals)) if len(whole) > 3 else _in_print(mantissa)


def _in_print(digits: str) -> str:
    return digits.replace("-", MINUS).replace(".", language.decimal_mark())


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number and its noun: ``1 filter``, ``3 filters``."""
    return f"{thousands(number)}{NO_BREAK_SPACE}{noun if number == 1 else plural or noun + 's'}"
