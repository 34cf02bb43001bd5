"""How a live number is printed: by its filter, or by what it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reportgen import language
from reportgen.analysis import numbers, p_values
from reportgen.prose.values import NoResult, Value

NO_RESULT = language.message("[no result]")
NOT_COUNTED = language.message("[not counted]")


@dataclass(frozen=True)
class Shown:
    """A number that a filter has printed."""

    text: str
    value: Value


def printed(value: Value, filter: str = "", decimals: int | None = None) -> Shown:
    """Print a value with a filter, or as its kind asks for."""
    if isinstance(value, NoResult) and not value.decided:
        return Shown(numbers.MISSING, value)
    if isinstance(value, NoResult):
        return Shown(language.text(NO_RESULT) if value.counted else language.text(NOT_COUNTED), value)
    plain = value.value
    if isinstance(plain, bool):
        text = language.text("yes") if plain else language.text("no")
    elif isinstance(plain, str):
        text = language.text(plain) if value.kind == "verdict" else plain
    else:
        sort = filter or _DEFAULT[value.kind]
        # A spread has no direction, hence no sign.
        text = PRINTERS["spread" if (sort, value.kind) == ("points", "spread") else sort](plain, decimals)
    return Shown(f"{text} ({value.note})" if value.note else text, value)


def _percent(value: float, decimals: int | None) -> str:
    return numbers.percentage(value, 2 if decimals is None else decimals)


def _points(value: float, decimals: int | None) -> str:
    return numbers.in_points(value, 2 if decimals is None else decimals)


def _spread(value: float, decimals: int | None) -> str:
    return numbers.in_points(value, 2 if decimals is None else decimals, signed=False)


def _fixed(usual: int) -> Callable[[float, int | None], str]:
    return lambda value, decimals: numbers.decimal(value, usual if decimals is None else decimals)


def _whole(value: float, _: int | None) -> str:
    return numbers.thousands(int(value)) if float(value).is_integer() else numbers.decimal(value, 1)


PRINTERS: Mapping[str, Callable[[float, int | None], str]] = {
    "percent": _percent,
    "points": _points,
    "spread": _spread,
    "loss": _fixed(3),
    "score": _fixed(4),
    "thousands": _whole,
    "seconds": _fixed(1),
    "duration": lambda value, _: numbers.duration(value),
    "decimal": _fixed(2),
    "times": _fixed(1),
    "p": lambda value, _: p_values.printed(value),
}
_DEFAULT = {
    "accuracy": "percent", "loss": "loss", "score": "score", "points": "points", "spread": "spread",
    "count": "thousands", "epoch": "thousands", "place": "thousands", "seconds": "seconds", "p": "p",
    "plain": "decimal",
}  # fmt: skip
