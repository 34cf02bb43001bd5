"""Stages written out as rows, as far as it is known what they begin with.

Everything after this sees rows only: a sweep and a search become tables ``[[experiment]]``, each value with
the line of the file that it comes from. What is not known yet is written out too, with the first row of a
stage in place of the one it will keep: its settings are checked before anything runs, its time can be told.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from reportgen.experiments.lines import Lines, Path
from reportgen.experiments.naming import changed_texts, filled, named_in, row_ids, title_of
from reportgen.experiments.points import Point, axes_of, axis_of, of_search, of_sweep
from reportgen.experiments.stage_tables import source_of, stages_in_order
from reportgen.experiments.staged import Search, Sweep
from reportgen.experiments.stages import Origin, Stage, Standing
from reportgen.experiments.within import Within


@dataclass(frozen=True)
class Unfolded:
    """A file's tables with its stages written out.

    Parameters
    ----------
    raw : mapping
        The tables; rows of stages follow the file's own.
    lines : Lines
        Where they come from.
    stages : tuple of Stage
        In the order of the file.
    origins : mapping of str to Origin
        Of the rows that come of a stage or begin with a kept row, by id.
    waiting : mapping of str to str
        The rows whose settings are not known yet, each with the stage that decides: what stands there is a
        stand-in.
    spare : frozenset of str
        Of these, the ones that are there to be checked only: a search has not so many trials.
    order : tuple of int
        The rows in the order of the file, those of a stage where its table stands; empty without stages.
    """

    raw: Mapping[str, Any]
    lines: Lines
    stages: tuple[Stage, ...] = ()
    origins: Mapping[str, Origin] = field(default_factory=dict)
    waiting: Mapping[str, str] = field(default_factory=dict)
    spare: frozenset[str] = frozenset()
    order: tuple[int, ...] = ()


def unfold(raw: Mapping[str, Any], lines: Lines, standings: Mapping[str, Standing]) -> Unfolded:
    """Write out the stages of a file; one that is at fault is left to other checks.

    Parameters
    ----------
    raw : mapping
        What `tomllib` read.
    lines : Lines
    standings : mapping of str to Standing
        What has become of stages, by id.
    """
    rows = raw.get("experiment")
    begins = isinstance(rows, list) and any(isinstance(row, dict) and "from" in row for row in rows)
    if not any(isinstance(raw.get(kind), list) for kind in ("sweep", "search")) and not begins:
        return Unfolded(raw, lines)
    work = _Unfolding(raw, lines, standings)
    for place, stage in stages_in_order(raw):
        work.stage(place, stage)
    work.begin_rows()
    work.wait_for_weights()
    by_line = sorted(work.stages.values(), key=lambda stage: stage.line)
    order = sorted(range(len(work.rows)), key=lambda number: work.at.get(number, work.own_line(number)))
    return Unfolded(
        work.raw, work.lines, tuple(by_line), work.origins, work.waiting, frozenset(work.spare), tuple(order)
    )


@dataclass(frozen=True)
class _Beginning:
    """The settings that a stage's rows begin with, their lines, and where they come from."""

    parameters: Mapping[str, Any] = field(default_factory=dict)
    places: Mapping[str, Path] = field(default_factory=dict)
    filled: frozenset[Path] = frozenset()
    notebook: str | None = None
    row: str | None = None
    known: bool = True


@dataclass(frozen=True)
class _Made:
    """A row that was written out: its table, where its parameters stand, and which were filled in."""

    table: dict[str, Any]
    places: Mapping[str, Path]
    filled: frozenset[Path]


class _Unfolding:
    """The tables while stages are written out."""

    def __init__(self, raw: Mapping[str, Any], lines: Lines, standings: Mapping[str, Standing]) -> None:
        own = raw.get("experiment", [])
        self.rows: list[Any] = copy.deepcopy(own) if isinstance(own, list) else []
        self.raw = {**raw, "experiment": self.rows if isinstance(own, list) else own}
        self.lines = replace(lines, of=dict(lines.of), strings=dict(lines.strings))
        self.within = Within(lines)
        self.standings = standings
        self.stages: dict[str, Stage] = {}
        self.origins: dict[str, Origin] = {}
        self.waiting: dict[str, str] = {}
        self.spare: set[str] = set()
        self.made: dict[str, _Made] = {}
        self.first: dict[str, str] = {}
        """Of each stage its first row."""
        self.at: dict[int, int] = {}
        """Of each row of a stage, the line of that."""

    def own_line(self, number: int) -> int:
        """The line of a row, from its number."""
        return self.lines.line(("experiment", number))

    def stage(self, place: Path, stage: Sweep | Search) -> None:
        """Write out the rows of a stage."""
        beginning = self._beginning(source_of(stage.from_), stage.section)
        points = self._points(place, stage)
        ids = row_ids(stage, [(point.values, point.case) for point in points])
        self.first[stage.id] = ids[0]
        known = []
        for name, point in zip(ids, points, strict=True):
            self._row(place, stage, name, point, beginning)
            if beginning.known and point.known:
                known.append(name)
            else:
                self.waiting[name] = (source_of(stage.from_) or "") if not beginning.known else stage.id
        if isinstance(stage, Search):
            self.spare.update(ids[stage.trials :])
        self.stages[stage.id] = self._summary(place, stage, beginning, tuple(known), points)

    def _points(self, place: Path, stage: Sweep | Search) -> list[Point]:
        if isinstance(stage, Sweep):
            return of_sweep(place, stage)
        return of_search(place, stage, self.standings.get(stage.id, Standing()))

    def _beginning(self, source: str | None, home: object) -> _Beginning:
        """The row that a stage keeps; while that is not known, its first one stands in.

        Where that row is of another section, what this one gives itself goes before what that one gave.
        """
        if source is None:
            return _Beginning()
        stage = self.stages[source]
        row = stage.kept if stage.kept is not None else self.first[source]
        made = self.made[row]
        there, here = (stage.section, home) if stage.section != home else (None, None)
        places, given, notebook = self._of_section(there)
        own = self._of_section(here)
        given = {key: value for key, value in given.items() if key not in own[1]}
        return _Beginning(
            {**given, **made.table["parameters"]},
            {**{key: places[key] for key in given}, **made.places},
            made.filled,
            made.table.get("notebook") or (notebook if own[2] is None else None),
            row,
            stage.kept is not None,
        )

    def _of_section(self, name: object) -> tuple[dict[str, Path], dict[str, Any], str | None]:
        """What a section gives its rows: the places of parameters, these, and the notebook."""
        sections = self.raw.get("section")
        for number, table in enumerate(sections if isinstance(sections, list) else ()):
            if isinstance(table, dict) and table.get("id") == name and name is not None:
                given, notebook = table.get("parameters"), table.get("notebook")
                given = given if isinstance(given, dict) else {}
                places: dict[str, Path] = {key: ("section", number, "parameters", key) for key in given}
                return places, given, notebook if isinstance(notebook, str) else None
        return {}, {}, None

    def _row(
        self, place: Path, stage: Sweep | Search, name: str, point: Point, beginning: _Beginning
    ) -> None:
        given = {**beginning.parameters, **stage.parameters}
        inside = {axis for axis in point.values if named_in(axis, given)}
        parameters = {key: filled(value, point.values, inside) for key, value in given.items()}
        changed = frozenset(changed_texts(given, parameters))
        parameters |= {key: value for key, value in point.values.items() if key not in inside}
        places = {
            **beginning.places,
            **{key: (*place, "parameters", key) for key in stage.parameters},
            **{key: where for key, where in point.places.items() if key not in inside},
        }
        table = self._table(stage, name, point, beginning, parameters)
        carried = {
            path for path in beginning.filled if places[str(path[0])] == beginning.places[str(path[0])]
        }
        self.made[name] = _Made(table, places, changed | carried)
        self._add(place, self.made[name], point)
        self.origins[name] = Origin(
            stage.id, dict(point.values), beginning.row, source_of(stage.from_), stage.pages
        )

    def _table(
        self,
        stage: Sweep | Search,
        name: str,
        point: Point,
        beginning: _Beginning,
        parameters: dict[str, Any],
    ) -> dict[str, Any]:
        """A row as it would stand in the file."""
        case = point.case
        changed = beginning.row is not None and dict(beginning.parameters) != parameters
        said = {
            "id": name,
            "section": stage.section,
            "title": (case.title if case else None) or title_of(stage, point.values),
            "parameters": parameters,
            "notebook": stage.notebook or beginning.notebook,
            "seed": stage.seed,
            "repeats": stage.repeats if isinstance(stage, Sweep) else None,
            "allow_parameters": stage.allow_parameters,
            "compared_with": beginning.row if changed else None,
            "comment": case.comment if case else None,
            "published": case.published.model_dump(exclude_none=True) if case and case.published else None,
        }
        return {key: value for key, value in said.items() if value is not None}

    def _add(self, place: Path, made: _Made, point: Point) -> None:
        """Append a row, every part of it with the line that it comes from."""
        path: Path = ("experiment", len(self.rows))
        self.at[len(self.rows)] = self.lines.line(place)
        self.rows.append(made.table)
        self.lines.of[path] = self.lines.line(next(iter(point.places.values()), point.case_at or place))
        for key in ("section", "notebook", "seed", "repeats", "allow_parameters"):
            self.lines.of[(*path, key)] = self.lines.line((*place, key))
        for key in ("id", "title", "comment", "published"):
            if getattr(point.case, key, None) is not None:
                self.within.copy(self.lines, (*point.case_at, key), (*path, key))
        for key, where in made.places.items():
            self.within.copy(self.lines, where, (*path, "parameters", key), made.filled)

    def _summary(
        self,
        place: Path,
        stage: Sweep | Search,
        beginning: _Beginning,
        known: tuple[str, ...],
        points: Sequence[Point],
    ) -> Stage:
        standing = self.standings.get(stage.id, Standing())
        shared: dict[str, Any] = {
            "id": stage.id,
            "section": stage.section,
            "title": stage.title or "",
            "source": source_of(stage.from_),
            "begins_with": beginning.row if beginning.known else None,
            "rows": known,
            "kept": standing.kept if standing.kept in known else None,
            "comment": stage.comment,
            "line": self.lines.line(place),
            "number": int(place[1]),
        }
        if isinstance(stage, Search):
            return Stage(
                kind="search", axes=tuple(axis_of(name, space) for name, space in stage.space.items()),
                size=stage.trials, measure=stage.measure, method=stage.method, batch=stage.batch, **shared,
            )  # fmt: skip
        axes = axes_of(points)
        return Stage(kind="sweep", axes=axes, size=len(points), choose=stage.choose, **shared)

    def begin_rows(self) -> None:
        """Give the file's own rows that begin with a kept one its settings."""
        for number, row in enumerate(self.rows[: len(self.rows) - len(self.at)]):
            source = source_of(row.get("from")) if isinstance(row, dict) else None
            if source not in self.stages:
                continue
            beginning = self._beginning(source, row.get("section"))
            name, own = str(row.get("id")), row.get("parameters", {})
            self.origins[name] = Origin(
                None, {}, beginning.row if beginning.known else None, source, pages="full"
            )
            if not beginning.known:
                self.waiting[name] = source
            if not isinstance(own, dict):
                continue
            row["parameters"] = {**beginning.parameters, **own}
            if row["parameters"] != beginning.parameters:
                row.setdefault("compared_with", beginning.row)
            if beginning.notebook is not None:
                row.setdefault("notebook", beginning.notebook)
            for key in beginning.places.keys() - own.keys():
                path: Path = ("experiment", number, "parameters", key)
                self.within.copy(self.lines, beginning.places[key], path, beginning.filled)

    def wait_for_weights(self) -> None:
        """Let rows wait that start from the weights of one that waits."""
        sources = {
            str(row.get("id")): str(row["warm_start"])
            for row in self.rows
            if isinstance(row, dict) and isinstance(row.get("warm_start"), str)
        }
        for name in [*sources] * len(sources):
            if sources[name] in self.waiting:
                self.waiting.setdefault(name, self.waiting[sources[name]])
