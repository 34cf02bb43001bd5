"""Names and titles of the rows that come of a stage, and texts that are filled with its values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from reportgen.experiments.staged import Case, Search, Sweep

LONGEST = 64
"""Signs of an id."""
_LONGEST_TITLE = 200
_SAME = "unchanged"
"""What a row is called that is as its stage begins."""
_NAME = re.compile(r"\{([^{}]*)\}")
_UNPRINTED = re.compile(r"[\x00-\x1f\x7f]+")


def row_ids(stage: Sweep | Search, points: Sequence[tuple[Mapping[str, Any], Case | None]]) -> list[str]:
    """Return the ids of a stage's rows: of a search by number, of a sweep by value.

    A name that says what a row tries stays when the grid grows. Where it would be too long, or two would be
    the same, the number of the row stands in its place. Points of a search beyond its trials are called so
    that nobody means them.
    """
    if isinstance(stage, Search):
        width = max(len(str(stage.trials)), 2)
        return [
            f"{stage.id}-{number:0{width}d}" if number <= stage.trials else f"{stage.id}.probe-{number}"
            for number in range(1, len(points) + 1)
        ]
    given = [case.id if case is not None else None for _, case in points]
    taken = {name for name in given if name is not None}
    ids = []
    for number, ((values, _), own) in enumerate(zip(points, given, strict=True), 1):
        name = own if own is not None else _free(stage.id, values, number, taken)
        taken.add(name)
        ids.append(name)
    return ids


def _free(stage: str, values: Mapping[str, Any], number: int, taken: Collection[str]) -> str:
    """A name that no other row of the stage has."""
    name = "-".join([stage, *map(slug, values.values())]) if values else f"{stage}-{_SAME}"
    if len(name) <= LONGEST and name not in taken:
        return name
    return next(name for each in count(number) if (name := f"{stage}-n{each}") not in taken)


def slug(value: Any) -> str:
    """Return a value as part of an id: ``[50, 50]`` as ``50-50``, ``Adam(1e-3)`` as ``adam-1e-3``."""
    if isinstance(value, list):
        return "-".join(map(slug, value)) or "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    plain = unicodedata.normalize("NFKD", str(value).lower())
    known = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9.]+", "-", known).strip("-.") or "none"


def title_of(stage: Sweep | Search, values: Mapping[str, Any]) -> str:
    """Return what the report calls a row: as the stage says, else its names and values."""
    said = ", ".join(f"{name.replace('_', ' ')} {shown(value)}" for name, value in values.items())
    if stage.row_title is not None:
        said = _NAME.sub(
            lambda found: shown(values[found[1]]) if found[1] in values else found[0], stage.row_title
        )
    plain = _UNPRINTED.sub(" ", said).strip() or _SAME
    return plain if len(plain) <= _LONGEST_TITLE else f"{plain[: _LONGEST_TITLE - 1]}…"


def shown(value: Any) -> str:
    """Return a value as a title says it: ``[600, 200]`` as ``600, 200``."""
    if isinstance(value, list):
        return ", ".join(map(shown, value)) or "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def filled(value: Any, values: Mapping[str, Any], names: Collection[str]) -> Any:
    """Return a value with the names in braces replaced, in every text within it.

    A text that is a name in braces alone becomes the value itself, a number or a list; in longer ones, which
    are Python, the value stands as Python writes it, and a text without quotes.
    """
    if isinstance(value, list):
        return [filled(each, values, names) for each in value]
    if isinstance(value, dict):
        return {key: filled(each, values, names) for key, each in value.items()}
    if not isinstance(value, str):
        return value
    whole = _NAME.fullmatch(value)
    if whole is not None and whole[1] in names:
        return values[whole[1]]
    return _NAME.sub(lambda found: _python(values[found[1]]) if found[1] in names else found[0], value)


def changed_texts(
    before: Any, after: Any, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[str | int, ...]]:
    """The texts of a value that were filled in, each by the names and numbers that lead to it."""
    if isinstance(before, str):
        if before != after:
            yield path
    elif isinstance(before, Mapping):
        for key, value in before.items():
            yield from changed_texts(value, after[key], (*path, key))
    elif isinstance(before, list):
        for number, value in enumerate(before):
            yield from changed_texts(value, after[number], (*path, number))


def _python(value: Any) -> str:
    return value if isinstance(value, str) else repr(value)


def named_in(name: str, value: Any) -> bool:
    """Whether a name stands in braces in any text of a value."""
    if isinstance(value, str):
        return f"{{{name}}}" in value
    if isinstance(value, Mapping):
        return any(named_in(name, each) for each in value.values())
    return isinstance(value, list) and any(named_in(name, each) for each in value)
