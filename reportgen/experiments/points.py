"""The points of a stage: the combinations of a grid and the cases beside it, the trials of a search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product
from typing import Any

from reportgen.experiments.lines import Path
from reportgen.experiments.proposals import proposed
from reportgen.experiments.staged import Case, Range, Search, Sweep
from reportgen.experiments.stages import Axis, Standing

MOST_POINTS = 2_000
"""Rows of one sweep."""


@dataclass(frozen=True)
class Point:
    """A row to be: what it sets, where that stands in the file, and what is said of it."""

    values: Mapping[str, Any]
    places: Mapping[str, Path]
    case: Case | None = None
    known: bool = True


def of_sweep(place: Path, sweep: Sweep) -> list[Point]:
    """All combinations of a grid, then the cases beside it."""
    axes = list(sweep.grid.items())
    points: list[Point] = []
    if axes:
        numbered = [[(name, number) for number in range(len(values))] for name, values in axes]
        for chosen in islice(product(*numbered), MOST_POINTS):
            values = {name: sweep.grid[name][number] for name, number in chosen}
            places: dict[str, Path] = {name: (*place, "grid", name, number) for name, number in chosen}
            points.append(Point(values, places))
    for number, case in enumerate(sweep.case):
        same = next((n for n, point in enumerate(points) if point.values == case.parameters), None)
        where: dict[str, Path] = {
            name: (*place, "case", number, "parameters", name) for name in case.parameters
        }
        if same is not None:
            points[same] = replace(points[same], case=case)
        else:
            points.append(Point(case.parameters, where, case))
    return points


def of_search(place: Path, search: Search, standing: Standing) -> list[Point]:
    """The trials of the batches that are known, then stand-ins for all values of the space."""
    trials = proposed(search, standing.measured)
    places: dict[str, Path] = {name: (*place, "space", name) for name in search.space}
    points = [Point(values, places) for values in trials]
    missing = search.trials - len(points)
    if missing > 0:
        probes = [Point(values, places, known=False) for values in _probes(search)]
        points += probes + [probes[0]] * (missing - len(probes))
    return points


def _probes(search: Search) -> list[dict[str, Any]]:
    """Trials that try each value of the space once, the bounds of a range."""
    ends = {
        name: [space.low, space.high] if isinstance(space, Range) else list(space)
        for name, space in search.space.items()
    }
    first = {name: values[0] for name, values in ends.items()}
    others = [{**first, name: value} for name, values in ends.items() for value in values[1:]]
    return [first, *others]


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
