"""The stages of a file as they are written: those that can be written out as rows, each behind its source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from reportgen.experiments.lines import Lines, Path
from reportgen.experiments.naming import row_ids
from reportgen.experiments.points import of_sweep
from reportgen.experiments.staged import Case, Range, Search, Sweep
from reportgen.experiments.warm_starts import in_order

_KINDS: Mapping[str, type[Sweep | Search]] = {"sweep": Sweep, "search": Search}
FARTHEST = 10**15
"""Bounds of a range, above and below zero."""


def source_of(best: object) -> str | None:
    """Return the stage that ``best:ID`` names; None for anything else."""
    return best.removeprefix("best:") if isinstance(best, str) and best.startswith("best:") else None


def stages_in_order(raw: Mapping[str, Any]) -> tuple[tuple[Path, Sweep | Search], ...]:
    """Return the stages that can be written out, each with its place, behind the one it begins with.

    One that is badly written, makes no rows, or begins with a stage that is not there or with itself is left
    to other checks, and so are those that begin with it; of two with one id the first counts.

    Parameters
    ----------
    raw : mapping
        What `tomllib` read.
    """
    tables: dict[str, tuple[Path, Sweep | Search]] = {}
    for place, stage in _well_written(raw):
        tables.setdefault(stage.id, (place, stage))
    sources = {name: source_of(stage.from_) for name, (_, stage) in tables.items() if _makes_rows(stage)}
    sound = {name: source for name, source in sources.items() if _ends(name, sources)}
    return tuple(tables[name] for name in in_order(sound))


def ids_in_order(raw: Mapping[str, Any], lines: Lines) -> tuple[str, ...]:
    """Return the ids of the rows of a file that is right, those of stages where their tables stand.

    Parameters
    ----------
    raw : mapping
        What `tomllib` read.
    lines : Lines
    """
    found = [
        (lines.line(("experiment", number)), str(row["id"]))
        for number, row in enumerate(raw.get("experiment", ()))
    ]
    for place, stage in stages_in_order(raw):
        points: Sequence[tuple[Mapping[str, Any], Case | None]]
        if isinstance(stage, Sweep):
            points = [(point.values, point.case) for point in of_sweep(place, stage)]
        else:
            points = [({}, None)] * stage.trials
        found += [(lines.line(place), name) for name in row_ids(stage, points)]
    return tuple(name for _, name in sorted(found, key=lambda pair: pair[0]))


def _well_written(raw: Mapping[str, Any]) -> Iterator[tuple[Path, Sweep | Search]]:
    for kind, model in _KINDS.items():
        listed = raw.get(kind)
        for number, table in enumerate(listed if isinstance(listed, list) else ()):
            try:
                yield (kind, number), model.model_validate(table)
            except ValidationError:
                continue


def _makes_rows(stage: Sweep | Search) -> bool:
    if isinstance(stage, Sweep):
        return bool(stage.grid or stage.case)
    return bool(stage.space) and all(map(_can_be_drawn, stage.space.values()))


def _can_be_drawn(space: object) -> bool:
    """Whether a range has numbers in it; a list always has values."""
    if not isinstance(space, Range):
        return True
    far = max(abs(space.low), abs(space.high)) > FARTHEST
    return space.low < space.high and not far and not (space.log and space.low <= 0)


def _ends(name: str | None, sources: Mapping[str, str | None]) -> bool:
    """Whether the stages that one begins with come to an end."""
    seen: set[str] = set()
    while name is not None:
        if name in seen or name not in sources:
            return False
        seen.add(name)
        name = sources[name]
    return True
