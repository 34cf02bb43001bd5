"""A call in a few words, for tables and captions: ``Conv2D 32, 3 × 3, same, relu``."""

from __future__ import annotations

from reportgen.calls.bound import Bound, short_name, text
from reportgen.calls.grammar import Value

_SELF_EVIDENT = frozenset(
    {
        "units",
        "filters",
        "activation",
        "padding",
        "rate",
        "stddev",
        "learning_rate",
        "target_shape",
        "monitor",
        "mode",
    }
)
"""Arguments whose value says what it is."""

_WINDOWS = frozenset({"kernel_size", "pool_size", "size"})
_LONGEST_FRACTION = 10_000


def label(call: Bound) -> str:
    """Return a call in words: its name, then what differs from Keras's defaults.

    Sizes of windows are written as height × width; a value whose argument is plain from it stands alone,
    others after the name of their argument.
    """
    if call.bare or (call.signature.family in ("losses", "initializers") and not call.given):
        return short_name(call.signature)
    parts = [_part(call, name, value) for name, value in call.given.items() if name != "name"]
    return f"{call.name} {', '.join(parts)}" if parts else call.name


def _part(call: Bound, name: str, value: Value) -> str:
    if name in _WINDOWS:
        height, width = value if isinstance(value, tuple) else (value, value)
        return f"{height} × {width}"
    if isinstance(value, bool):
        return name if value else f"no {name}" if name != "trainable" else "frozen"
    said = _value(value)
    single = len(call.signature.defaults) == 1
    return said if single or name in _SELF_EVIDENT else f"{name} {said}"


def _value(value: Value) -> str:
    if isinstance(value, Bound):
        return f"({label(value)})" if len(value.given) > 1 else label(value)
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return f"({', '.join(map(_value, value))})"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_value(one)}" for key, one in value.items())
    return _number(value) if isinstance(value, float) else text(value)


def _number(value: float) -> str:
    """Short, and as a fraction where that is what was meant: 1/255."""
    below = 1 / value if 0 < value < 0.1 else 0.0
    whole = round(below)
    short = f"{value:g}"
    if whole and whole <= _LONGEST_FRACTION and value == 1 / whole and len(short) > len(f"1/{whole}"):
        return f"1/{whole}"
    return short if float(short) == value else repr(value)
