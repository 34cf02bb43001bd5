"""Types of a record that somebody else wrote, held against those that `reportgen.records` declares."""

from __future__ import annotations

import math
import re
import types
import typing
from dataclasses import MISSING, fields, is_dataclass
from typing import Any

from reportgen.records import Record

UNFIT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""Characters that no text of a run needs: they steer terminals, turn lines round or break an SVG."""


_IN_ARRAYS = ("history", "test", "validation")


def mistyped(facts: Any) -> str:
    """The first field of record.json that is not of its declared type; empty where all are."""
    if not isinstance(facts, dict):
        return "record.json"
    hints = typing.get_type_hints(Record)
    wanted = {field.name for field in fields(Record)} - set(_IN_ARRAYS) | {"schema"}
    other = sorted(map(str, wanted ^ set(facts)))
    if other:
        return other[0]
    found = (_wrong(facts[name], hints[name], name) for name in sorted(wanted - {"schema"}))
    return next((place for place in found if place), "")


def _wrong(value: Any, hint: Any, place: str) -> str:
    """Where a JSON value is not of a type; empty where it is."""
    if hint is Any:
        return ""
    if is_dataclass(hint):
        return _wrong_fields(value, hint, place)
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return place if all(_wrong(value, one, place) for one in inner) else ""
    if origin is tuple:
        if not isinstance(value, list):
            return place
        each = inner[:1] * len(value) if inner[-1] is Ellipsis else inner
        if len(each) != len(value):
            return place
        return next(
            (bad for one, kind in zip(value, each, strict=True) if (bad := _wrong(one, kind, place))), ""
        )
    if origin is not None:  # a mapping, by its names
        if not isinstance(value, dict):
            return place
        return next(
            (bad for name, one in value.items() if (bad := _wrong(one, inner[1], f"{place}.{name}"))), ""
        )
    if hint is float:
        return "" if type(value) in (int, float) else place
    return "" if type(value) is hint else place


def _wrong_fields(value: Any, kind: Any, place: str) -> str:
    hints = typing.get_type_hints(kind)
    needed = {
        each.name for each in fields(kind) if each.default is MISSING and each.default_factory is MISSING
    }
    if not isinstance(value, dict) or not needed <= set(value) <= set(hints):
        return place
    return next((bad for name in value if (bad := _wrong(value[name], hints[name], f"{place}.{name}"))), "")


def unfit(value: Any, place: str = "") -> str:
    """Name the first place of a JSON value whose text or number has no place in a report; else empty."""
    if isinstance(value, str):
        return (place or "a text") if len(value) > 20_000 or UNFIT.search(value) else ""
    if isinstance(value, float):
        return "" if math.isfinite(value) else place
    if isinstance(value, int):
        return "" if abs(value) < 1 << 63 else place
    if isinstance(value, dict):
        inner = [(f"{place}.{name}" if place else name, each) for name, each in value.items()]
        bad = next((place or "a name" for name in value if unfit(name)), "")
    elif isinstance(value, list):
        inner, bad = [(place, each) for each in value], ""
    else:
        return ""
    return bad or next((found for name, each in inner if (found := unfit(each, name))), "")
