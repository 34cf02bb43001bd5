"""Rows that start from the trained weights of others: which, in which order, and whether they fit."""

from __future__ import annotations

import graphlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reportgen.calls.image_shapes import Shape, times
from reportgen.calls.stack import Stack
from reportgen.errors import Problem
from reportgen.experiments.checks import File
from reportgen.experiments.row_calls import OfRow
from reportgen.experiments.words import quoted, suggestion

_STAGES = (
    "hidden_units", "filters", "kernel_sizes", "dense_units", "pixels_per_cell", "orientations",
    "cells_per_block",
)  # fmt: skip
"""Parameters of the starter notebooks that decide about the shapes of weights."""

Path = tuple[str | int, ...]


def warm_start_problems(file: File) -> list[Problem]:
    """Rows that start from none, from themselves, in a circle, or from one with other seeds."""
    rows = {str(row["id"]): (number, row) for number, row in file.tables("experiment") if _named(row)}
    found = [problem for number, row in rows.values() for problem in _source(file, number, row, rows)]
    return found or list(_circle(file, rows))


def misfits(file: File, rows: Sequence[OfRow]) -> tuple[list[Problem], list[Problem]]:
    """Return what stands against starting from another row's weights, and what is odd about it.

    Parameters
    ----------
    file : File
        Without faults that `warm_start_problems` finds.
    rows : sequence of OfRow
    """
    known = {each.row: each for each in rows}
    problems: list[Problem] = []
    warnings: list[Problem] = []
    for number, row in file.tables("experiment"):
        own, source = known.get(str(row.get("id"))), known.get(str(row.get("warm_start")))
        if own is None or source is None:
            continue
        path: Path = ("experiment", number, "warm_start")
        other = _other_architecture(own, source)
        if other:
            message = f"it cannot start from the weights of {quoted(source.row)}: {other}"
            remedy = "give both rows the same network, or leave warm_start out"
            problems.append(file.problem(path, "other-architecture", message, remedy))
        seen = _seen_before(file, own, source)
        if seen:
            warnings.append(file.problem(path, "seen-before", seen[0], seen[1]))
    return problems, warnings


def in_order(sources: Mapping[str, str | None]) -> tuple[str, ...]:
    """Return ids so that each stands behind the one it starts from.

    Parameters
    ----------
    sources : mapping of str to (str or None)
        Of each row, the one it starts from.
    """
    graph = {row: {source} if source else set() for row, source in sources.items()}
    return tuple(graphlib.TopologicalSorter(graph).static_order())


def _named(row: Mapping[str, Any]) -> bool:
    return isinstance(row.get("id"), str)


def _source(
    file: File, number: int, row: Mapping[str, Any], rows: Mapping[str, tuple[int, Mapping[str, Any]]]
) -> Iterator[Problem]:
    name = row.get("warm_start")
    path: Path = ("experiment", number, "warm_start")
    if not isinstance(name, str):
        return
    if name == row["id"]:
        remedy = "name another row, or leave the key out"
        yield file.problem(path, "bad-reference", "it starts from its own weights", remedy)
    elif name not in rows:
        known = [each for each in rows if each != row["id"]]
        message = f"there is no row {quoted(name)} to start from"
        yield file.problem(path, "unknown-row", message, suggestion(name, known))
    else:
        theirs, ours = _seeds(file, rows[name][1]), _seeds(file, row)
        if len(theirs) > 1 and not set(ours) <= set(theirs):
            message = f"{quoted(name)} has the seeds {_span(theirs)} and this row {_span(ours)}"
            remedy = "give both the same seed and as many repeats, or the first one run only"
            yield file.problem(path, "other-seeds", message, remedy)


def _seeds(file: File, row: Mapping[str, Any]) -> range:
    """The seeds of a row, as far as they are right."""
    execution = file.raw.get("execution")
    section = file.section(row.get("section"))
    tables = (row, section[1] if section else {}, execution if isinstance(execution, dict) else {})
    first = [table["seed"] for table in tables if isinstance(table.get("seed"), int)]
    count = [table["repeats"] for table in tables if isinstance(table.get("repeats"), int)]
    begin = first[0] if first else 42
    return range(begin, begin + (count[0] if count else 1))


def _span(seeds: range) -> str:
    return str(seeds[0]) if len(seeds) == 1 else f"{seeds[0]} to {seeds[-1]}"


def _circle(file: File, rows: Mapping[str, tuple[int, Mapping[str, Any]]]) -> Iterator[Problem]:
    """A circle of rows that start from one another."""
    try:
        in_order({name: row.get("warm_start") for name, (_, row) in rows.items()})
    except graphlib.CycleError as error:
        circle: list[str] = error.args[1][::-1]
        number = min(rows[name][0] for name in circle)
        first = circle.index(min(circle))
        chain = " -> ".join([*circle[first:-1], *circle[: first + 1]])
        yield file.problem(
            ("experiment", number, "warm_start"),
            "bad-reference",
            f"the rows start from one another in a circle: {chain}",
            "let one of them start without warm_start",
        )


def _other_architecture(own: OfRow, source: OfRow) -> str:
    """In what the networks of two rows differ; empty where their weights fit, as far as can be told."""
    ours, theirs = own.checked.stack, source.checked.stack
    layers = "layers" in own.checked.bounds and "layers" in source.checked.bounds
    if layers and ours is not None and theirs is not None:
        return _other_weights(ours, theirs, source.row)
    if bool(own.values.get("layers")) != bool(source.values.get("layers")):
        return "one of the two has layers, the other describes its network in stages"
    if own.values.get("layers"):
        return ""  # their data are not known yet
    if own.notebook != source.notebook:
        return f"it runs {own.notebook}, and {quoted(source.row)} runs {source.notebook}"
    for name in _STAGES:
        if own.values.get(name) != source.values.get(name):
            return f"{name} is {own.values.get(name)} here and {source.values.get(name)} there"
    return ""


def _other_weights(ours: Stack, theirs: Stack, row: str) -> str:
    """The first layer whose variables differ in shape."""
    here, there = _weights(ours), _weights(theirs)
    for (name, shapes), (other, others) in zip(here, there, strict=False):
        if name != other:
            return f"{name} here stands where {quoted(row)} has {other}"
        if shapes != others:
            unlike = next(pair for pair in zip(shapes, others, strict=True) if pair[0] != pair[1])
            return f"{name} has weights of {times(unlike[0])} here and of {times(unlike[1])} there"
    if len(here) != len(there):
        return f"it has {len(here)} layers with weights, and {quoted(row)} has {len(there)}"
    return ""


def _weights(stack: Stack) -> list[tuple[str, list[Shape]]]:
    return [
        (each.layer.name, [variable.shape for variable in each.variables])
        for each in stack.layers
        if each.variables
    ]


def _seen_before(file: File, own: OfRow, source: OfRow) -> tuple[str, str] | None:
    """Why images that this row validates or tests on may have trained the weights it starts from."""
    ours, theirs = own.values.get("dataset"), source.values.get("dataset")
    if not isinstance(ours, str) or not isinstance(theirs, str):
        return None
    if ours == theirs and own.values.get("validation") != source.values.get("validation"):
        message = f"{quoted(source.row)} holds out other images: its weights have seen some of this row's"
        return f"{message} validation images", "give both rows the same validation"
    if ours != theirs and _known_set(file, ours) == _known_set(file, theirs):
        message = f"{quoted(source.row)} divides {_known_set(file, ours)} otherwise: its weights may know"
        return f"{message} images that this row tests on", "let both rows use the same data set"
    return None


def _known_set(file: File, name: str) -> str:
    """The known data set that one is taken from; else its own name."""
    tables = file.raw.get("dataset")
    table = tables.get(name) if isinstance(tables, dict) else None
    source = table.get("from") if isinstance(table, dict) else None
    return source if isinstance(source, str) else name
