"""Checks of sweeps and searches: what they begin with, what they vary, and how many rows that makes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from math import isfinite, prod
from typing import Any

from reportgen.errors import Problem
from reportgen.experiments.checks import File
from reportgen.experiments.lines import Path
from reportgen.experiments.points import MOST_POINTS
from reportgen.experiments.problems import known_keys
from reportgen.experiments.stage_tables import FARTHEST, source_of
from reportgen.experiments.unfold import Unfolded
from reportgen.experiments.words import describe, quoted, suggestion

KINDS = ("sweep", "search")
_VARIES = {"sweep": "grid", "search": "space"}
_ROW = re.compile(r'experiment "([^"]*)": ')

Table = Mapping[str, Any]


def stage_problems(file: File) -> list[Problem]:
    """Every fault of the stages; those of the rows they make are found with the rows.

    Parameters
    ----------
    file : File
        With its stages written out.
    """
    stages = {str(t["id"]): ((kind, n), t) for kind, n, t in _stages(file) if isinstance(t.get("id"), str)}
    found = list(_same_ids(file))
    for place, table in stages.values():
        found += _source(file, place, table, stages)
    for number, row in file.tables("experiment"):
        found += _source(file, ("experiment", number), row, stages)
    found += _circles(file, stages)
    for kind, number, table in _stages(file):
        found += _varied(file, (kind, number), table)
    return list(dict.fromkeys(found))


def once(problems: Iterable[Problem], unfolded: Unfolded) -> tuple[Problem, ...]:
    """Return problems with each fault of a stage told once: what many of its rows share is the stage's own.

    Parameters
    ----------
    problems : iterable of Problem
    unfolded : Unfolded
    """
    kinds = {stage.id: stage.kind for stage in unfolded.stages}
    stages = {name: origin.stage for name, origin in unfolded.origins.items()}
    found: dict[object, list[Problem]] = {}
    for problem in dict.fromkeys(problems):
        row, said = _of_row(problem.message)
        stage = stages.get(row)
        found.setdefault((problem.line, problem.code, stage, said) if stage else problem, []).append(problem)
    kept = []
    for told, *others in found.values():
        row, said = _of_row(told.message)
        stage = stages.get(row)
        if stage is not None and (others or kinds[stage] == "search"):
            told = replace(told, message=f"{kinds[stage]} {quoted(stage)}: {said}")
        kept.append(told)
    return tuple(kept)


def _of_row(message: str) -> tuple[str, str]:
    """The row that a message is about, and what it says of it; no row where it is about something else."""
    found = _ROW.match(message)
    return (found[1], message[found.end() :]) if found else ("", message)


def _stages(file: File) -> Iterator[tuple[str, int, Table]]:
    for kind in KINDS:
        for number, table in file.tables(kind):
            yield kind, number, table


def _same_ids(file: File) -> Iterator[Problem]:
    """A search with the id of a sweep: ``best:ID`` would mean both. Two of a kind are found elsewhere."""
    sweeps = {table["id"]: number for number, table in file.tables("sweep") if _text(table.get("id"))}
    for number, table in file.tables("search"):
        if _text(table.get("id")) and table["id"] in sweeps:
            line = file.lines.line(("sweep", sweeps[table["id"]], "id"))
            message = f"its id is that of the sweep of line {line} too"
            yield file.problem(
                ("search", number, "id"), "duplicate-id", message, "give each an id of its own"
            )


def _source(
    file: File, place: Path, table: Table, stages: Mapping[str, tuple[Path, Table]]
) -> Iterator[Problem]:
    best = table.get("from")
    name = source_of(best) if isinstance(best, str) and best.startswith("best:") else None
    if name is None or name in stages:
        return
    rows = [row.get("id") for _, row in file.tables("experiment")]
    if name in rows:
        message = f"{quoted(str(best))}: {quoted(name)} is a row; only sweeps and searches keep one"
        remedy = "write its settings, or warm_start to begin with its weights"
    else:
        message = f"there is no sweep or search {quoted(name)}"
        remedy = suggestion(name, list(stages))
    yield file.problem((*place, "from"), "unknown-stage", message, remedy)


def _circles(file: File, stages: Mapping[str, tuple[Path, Table]]) -> Iterator[Problem]:
    sources = {name: source_of(t.get("from")) for name, (_, t) in stages.items() if _text(t.get("from"))}
    told: set[str] = set()
    for name in sources:
        way = [name]
        while (following := sources.get(way[-1])) is not None and following not in way:
            way.append(following)
        if following == name and not told & set(way):
            told |= set(way)
            if len(way) == 1:
                message = "it begins with the row that it keeps itself"
            else:
                message = f"it waits for itself: {' waits for '.join(map(quoted, [*way, name]))}"
            place = stages[name][0]
            yield file.problem((*place, "from"), "circle", message, "let one of them begin with the section")


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _varied(file: File, place: Path, table: Table) -> Iterator[Problem]:
    """What a stage varies: something, each value once, and not beside a fixed value."""
    key = _VARIES[str(place[0])]
    axes = table.get(key, {})
    if not isinstance(axes, dict) or (key == "space" and not axes):
        if isinstance(axes, dict):
            remedy = "write space = { dropout = [0.1, 0.2], units = { low = 16, high = 256 } }"
            yield file.problem((*place, key), "empty-stage", "its space is empty", remedy)
        return
    if place[0] == "sweep":
        yield from _cases(file, place, table)
    given = table.get("parameters", {})
    for name, values in axes.items():
        path: Path = (*place, key, name)
        if isinstance(given, dict) and name in given:
            message = f"{quoted(name)} is varied, and has a value in parameters too"
            yield file.problem(path, "without-effect", message, "leave one of them out")
        if isinstance(values, list):
            yield from _twice(file, path, name, values)
        elif isinstance(values, dict):
            yield from _range(file, path, name, values)
    yield from _size(file, place, table, axes)


def _twice(file: File, path: Path, name: str, values: list[Any]) -> Iterator[Problem]:
    for number, value in enumerate(values):
        if any(value == other and _true(value) == _true(other) for other in values[:number]):
            message = f"{name}: {describe(value)} stands there twice"
            yield file.problem((*path, number), "bad-value", message, "remove one")


def _true(value: Any) -> bool:
    """Whether it is true or false, which to Python are the numbers 1 and 0."""
    return isinstance(value, bool)


def _cases(file: File, place: Path, table: Table) -> Iterator[Problem]:
    """A point that is written down twice: one title and one set of published figures can stand beside it."""
    cases = table.get("case")
    known: list[Any] = []
    for number, case in enumerate(cases if isinstance(cases, list) else ()):
        values = case.get("parameters") if isinstance(case, dict) else None
        if isinstance(values, dict) and values in known:
            message = f"case {number + 1} has the parameters of case {known.index(values) + 1}"
            yield file.problem((*place, "case", number), "bad-value", message, "remove one")
        known.append(values)


def _range(file: File, path: Path, name: str, values: Table) -> Iterator[Problem]:
    low, high = values.get("low"), values.get("high")
    if not all(isinstance(each, int | float) and not isinstance(each, bool) for each in (low, high)):
        return
    if any(isinstance(each, float) and not isfinite(each) for each in (low, high)):
        return
    if max(abs(low), abs(high)) > FARTHEST:  # type: ignore[arg-type]
        message = f"{name}: its bounds must be within {FARTHEST:.0e} of zero"
        yield file.problem(path, "bad-value", message, "give nearer ones")
    elif low >= high:  # type: ignore[operator]
        yield file.problem(path, "bad-value", f"{name}: low must be less than high", "exchange them")
    elif values.get("log") is True and low <= 0:  # type: ignore[operator]
        message = f"{name}: log needs a low above 0: ratios to it must have a meaning"
        yield file.problem(path, "bad-value", message, "give a low above 0, or leave log out")


def _size(file: File, place: Path, table: Table, axes: Mapping[str, Any]) -> Iterator[Problem]:
    """A sweep without rows or with far too many; a search of more trials than there are different ones."""
    lists = [values for values in axes.values() if isinstance(values, list)]
    count = prod(len(values) for values in lists)
    if place[0] == "sweep":
        if not axes and not table.get("case") and table.keys() <= set(known_keys(place)):
            remedy = "write grid = { hidden_units = [[50], [100]] }"
            yield file.problem(
                place, "empty-stage", "it varies nothing: it has neither grid nor case", remedy
            )
        if count > MOST_POINTS:
            message = f"its grid has {count:,} points, more than {MOST_POINTS:,}"
            yield file.problem(
                (*place, "grid"), "too-many-rows", message, "write a [[search]], or fewer values"
            )
        return
    trials = table.get("trials")
    if len(lists) == len(axes) and type(trials) is int and trials > count > 0:
        message = f"it asks for {trials:,} trials, and its space has {count:,} different ones"
        remedy = f"write trials = {count}, or a [[sweep]] with this space as grid"
        yield file.problem((*place, "trials"), "too-many-trials", message, remedy)
