"""The points of a stage: the combinations of a grid and the cases beside it, the trials of a search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice, product
from typing import Any

from reportgen.experiments.lines import Path
from reportgen.experiments.proposals import proposed
from reportgen.experiments.staged import Case, Range, Search, Sweep
from reportgen.experiments.stages import Axis, Standing

MOST_POINTS = 2_000
"""Rows of one sweep."""


@dataclass(frozen=True)
class Point:
    """A row to be: what it sets, where that stands in the file, and what is said of it, and where."""

    values: Mapping[str, Any]
    places: Mapping[str, Path]
    case: Case | None = None
    case_at: Path = ()
    known: bool = True


def of_sweep(place: Path, sweep: Sweep) -> list[Point]:
    """All combinations of a grid, then the cases beside it."""
    points: list[Point] = []
    if sweep.grid:
        entries = [[(name, number) for number in range(len(values))] for name, values in sweep.grid.items()]
        for chosen in islice(product(*entries), MOST_POINTS):
            values = {name: sweep.grid[name][number] for name, number in chosen}
            places: dict[str, Path] = {name: (*place, "grid", name, number) for name, number in chosen}
            points.append(Point(values, places))
    for number, case in enumerate(sweep.case):
        at: Path = (*place, "case", number)
        same = next((n for n, point in enumerate(points) if point.values == case.parameters), None)
        if same is not None:
            points[same] = replace(points[same], case=case, case_at=at)
        else:
            where: dict[str, Path] = {name: (*at, "parameters", name) for name in case.parameters}
            points.append(Point(case.parameters, where, case, at))
    return points


def of_search(place: Path, search: Search, standing: Standing) -> list[Point]:
    """The trials of the batches that are known, then stand-ins: each value of the space at least once.

    There may be more of these than trials to come: every value is to be checked, also of those that no
    trial has asked for.
    """
    trials = proposed(search, standing.measured)
    probes = _probes(search)
    missing = max(search.trials - len(trials), len(probes))
    known = [Point(values, _places(place, search, values)) for values in trials]
    return known + [
        Point(values, _places(place, search, values), known=False)
        for values in islice(cycle(probes), missing)
    ]


def _probes(search: Search) -> list[dict[str, Any]]:
    """Trials that try each value of the space once, the bounds of a range."""
    ends = {
        name: [space.low, space.high] if isinstance(space, Range) else list(space)
        for name, space in search.space.items()
    }
    first = {name: values[0] for name, values in ends.items()}
    others = [{**first, name: value} for name, values in ends.items() for value in values[1:]]
    return [first, *others]


def _places(place: Path, search: Search, values: Mapping[str, Any]) -> dict[str, Path]:
    """Where values of a space stand: entries of lists, or the range."""
    found: dict[str, Path] = {}
    for name, value in values.items():
        space, path = search.space[name], (*place, "space", name)
        same = () if isinstance(space, Range) else [n for n, each in enumerate(space) if each is value]
        found[name] = (*path, same[0]) if same else path
    return found


def axis_of(name: str, space: Sequence[Any] | Range) -> Axis:
    if isinstance(space, Range):
        return Axis(name, low=space.low, high=space.high, log=space.log)
    return Axis(name, tuple(space))


def axes_of(points: Sequence[Point]) -> tuple[Axis, ...]:
    """What the points of a sweep vary, each with its values in the order of appearance."""
    found: dict[str, list[Any]] = {}
    for point in points:
        for name, value in point.values.items():
            values = found.setdefault(name, [])
            if value not in values:
                values.append(value)
    return tuple(Axis(name, tuple(values)) for name, values in found.items())
