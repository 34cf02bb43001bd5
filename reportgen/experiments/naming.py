"""Names and titles of the rows that come of a stage, and texts that are filled with its values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from reportgen.experiments.staged import Case, Search, Sweep

LONGEST = 64
"""Signs of an id."""
_LONGEST_TITLE = 200


def row_ids(stage: Sweep | Search, points: Sequence[tuple[Mapping[str, Any], Case | None]]) -> list[str]:
    """Return the ids of a stage's rows: of a search by number, of a sweep by value.

    A name that says what a row tries stays when the grid grows. Where it would be too long, or two would be
    the same, the number of the row stands in its place.
    """
    if isinstance(stage, Search):
        width = max(len(str(stage.trials)), 2)
        return [f"{stage.id}-{number:0{width}d}" for number in range(1, len(points) + 1)]
    taken: set[str] = set()
    ids = []
    for number, (values, case) in enumerate(points, 1):
        name = "-".join([stage.id, *map(slug, values.values())])
        if len(name) > LONGEST or name in taken or name.endswith("."):
            name = f"{stage.id}-n{number}"
        name = case.id if case is not None and case.id is not None else name
        taken.add(name)
        ids.append(name)
    return ids


def slug(value: Any) -> str:
    """Return a value as part of an id: ``[50, 50]`` as ``50-50``, ``Adam(1e-3)`` as ``adam-1e-3``."""
    if isinstance(value, list):
        return "-".join(map(slug, value)) or "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    plain = unicodedata.normalize("NFKD", str(value).lower())
    return re.sub(r"[^a-z0-9.]+", "-", plain).strip("-.") or "none"


def title_of(stage: Sweep | Search, values: Mapping[str, Any]) -> str:
    """Return what the report calls a row: as the stage says, else its names and values."""
    if stage.row_title is not None:
        return _short(filled(stage.row_title, values, set(values)))
    return _short(", ".join(f"{name.replace('_', ' ')} {shown(value)}" for name, value in values.items()))


def shown(value: Any) -> str:
    """Return a value as a title says it: ``[600, 200]`` as ``600, 200``."""
    if isinstance(value, list):
        return ", ".join(map(shown, value)) or "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def filled(value: Any, values: Mapping[str, Any], names: Collection[str]) -> Any:
    """Return a value with the names in braces replaced, in every text within it."""
    if isinstance(value, list):
        return [filled(each, values, names) for each in value]
    if isinstance(value, dict):
        return {key: filled(each, values, names) for key, each in value.items()}
    if not isinstance(value, str):
        return value
    for name in names:
        value = value.replace(f"{{{name}}}", shown(values[name]))
    return value


def named_in(name: str, value: Any) -> bool:
    """Whether a name stands in braces in any text of a value."""
    if isinstance(value, str):
        return f"{{{name}}}" in value
    if isinstance(value, Mapping):
        return any(named_in(name, each) for each in value.values())
    return isinstance(value, list) and any(named_in(name, each) for each in value)


def _short(title: str) -> str:
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}…"
