"""What can be wrong with the authors' texts, contrasts and claims before anything has run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from reportgen.errors import Problem
from reportgen.experiments.checks import File
from reportgen.experiments.lines import Path as KeyPath
from reportgen.experiments.places import line_within
from reportgen.experiments.problems import subject
from reportgen.experiments.words import quoted, suggestion
from reportgen.prose.citations import citation_faults
from reportgen.prose.claims import claim_faults
from reportgen.prose.faults import Fault
from reportgen.prose.images import image_faults
from reportgen.prose.mathematics import formula_faults
from reportgen.prose.names import Names, Scope
from reportgen.prose.passages import passages
from reportgen.prose.template import template_faults


def prose_problems(file: File) -> list[Problem]:
    """Every fault of the authors' texts, and of the contrasts and claims they declare."""
    names = names_of_tables(file)
    found: list[Problem] = []
    references = [key for _, key in _references(file)]
    folder = Path(file.name).parent
    for passage in passages(file.raw):
        faults = [
            *template_faults(passage.text, names, Scope(passage.row, passage.section)),
            *citation_faults(passage.text, references),
            *image_faults(passage.text, folder),
            *formula_faults(passage.text),
        ]
        found += [_placed(file, passage.path, fault) for fault in faults]
    found += _repeated_references(file)
    for number, table in file.tables("claim"):
        expression, home = table.get("expression"), table.get("section")
        if isinstance(expression, str):
            scope = Scope(section=home if isinstance(home, str) else None)
            faults = claim_faults(expression, names, scope)
            found += [_placed(file, ("claim", number, "expression"), fault) for fault in faults]
    found += _contrasts(file, names)
    found += _homeless(file)
    return list(dict.fromkeys(found))


def names_of_tables(file: File) -> Names:
    """Return the names that texts may use, from tables that may still have faults."""
    rows: dict[str, str] = {}
    sections: dict[str, list[str]] = {
        str(table["id"]): [] for _, table in file.tables("section") if isinstance(table.get("id"), str)
    }
    for _, table in file.tables("experiment"):
        name = table.get("id")
        if isinstance(name, str):
            rows[name] = _data_set(file, table)
            sections.get(str(table.get("section")), []).append(name)
    contrasts: dict[str, tuple[str, ...]] = {}
    references: dict[str, str] = {}
    for _, table in file.tables("contrast"):
        name, members = table.get("id"), table.get("rows")
        if isinstance(name, str) and isinstance(members, list):
            contrasts[name] = tuple(str(member) for member in members)
            if isinstance(table.get("reference"), str):
                references[name] = table["reference"]
    stages = _stages(file)
    own = {name: tuple(members) for name, members in sections.items()}
    data = {name: _data_of_stage(file, name, stages) for name in stages}
    return Names(rows, own, contrasts, references, dict.fromkeys(stages), data)


def _stages(file: File) -> dict[str, Mapping[str, Any]]:
    """The tables of the stages, by id."""
    tables = [table for kind in ("sweep", "search") for _, table in file.tables(kind)]
    return {table["id"]: table for table in tables if isinstance(table.get("id"), str)}


def _data_of_stage(file: File, name: str, stages: Mapping[str, Mapping[str, Any]]) -> str:
    """The data set of a stage's rows: its own, that of the stage it begins with, or as a row's."""
    seen: list[str] = []
    while name in stages and name not in seen:
        seen.append(name)
        given = stages[name].get("parameters")
        if isinstance(given, dict) and isinstance(given.get("dataset"), str):
            return str(given["dataset"])
        name = str(stages[name].get("from", "")).removeprefix("best:")
    return _data_set(file, stages[seen[-1]])


def _data_set(file: File, row: Mapping[str, Any]) -> str:
    """The data set of a row: its own, its section's, the notebook's; empty where a fault hides it."""
    place = file.section(row.get("section"))
    section = place[1] if place else {}
    for table in (row, section):
        given = table.get("parameters")
        if isinstance(given, dict) and isinstance(given.get("dataset"), str):
            return str(given["dataset"])
    chosen = row.get("notebook", section.get("notebook"))
    notebook = file.notebooks.get(chosen) if isinstance(chosen, str) else None
    parameter = notebook.parameters.get("dataset") if notebook else None
    return str(parameter.default) if parameter else ""


def _references(file: File) -> Iterator[tuple[KeyPath, str]]:
    report = file.raw.get("report")
    listed = report.get("references") if isinstance(report, dict) else None
    for number, each in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(each, dict) and isinstance(each.get("key"), str):
            yield ("report", "references", number, "key"), each["key"]


def _repeated_references(file: File) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for path, key in _references(file):
        line = file.lines.line(path)
        if key in seen:
            message = f"[report]: reference {quoted(key)} is that of line {seen[key]} too"
            yield Problem(file.name, line, "duplicate-id", message, "give each a key of its own")
        seen.setdefault(key, line)


def _placed(file: File, path: KeyPath, fault: Fault) -> Problem:
    where = f"{subject(path[:2], file.raw)}: {path[-1]}"
    line = line_within(file.lines, path, fault.offset)
    return Problem(file.name, line, fault.code, f"{where}: {fault.message}", fault.remedy)


def _homeless(file: File) -> Iterator[Problem]:
    """Contrasts and claims that no chapter would print."""
    kinds = [table.get("kind") for _, table in file.tables("section")]
    if "comparison" in kinds:
        return
    homeless: list[KeyPath] = [("contrast", number) for number, _ in file.tables("contrast")]
    homeless += [("claim", number) for number, table in file.tables("claim") if "section" not in table]
    for path in homeless:
        message = "it stands in the chapter of comparison, which this file does not have"
        yield file.problem(path, "no-comparison", message, 'add a [[section]] with kind = "comparison"')


def _contrasts(file: File, names: Names) -> Iterator[Problem]:
    for number, table in file.tables("contrast"):
        rows = table.get("rows")
        if not isinstance(rows, list):
            continue
        members = [row for row in rows if isinstance(row, str)]
        path: KeyPath = ("contrast", number, "rows")
        yield from _members(file, path, members, names)
        reference = table.get("reference")
        if isinstance(reference, str) and reference != "best" and reference not in members:
            message = f"its reference {quoted(reference)} is not among its rows"
            remedy = f'{suggestion(reference, members)}, or "best"'
            yield file.problem(("contrast", number, "reference"), "bad-reference", message, remedy)


def _members(file: File, path: KeyPath, members: list[str], names: Names) -> Iterator[Problem]:
    for place, row in enumerate(members):
        if row not in names.rows:
            remedy = suggestion(row, names.rows)
            yield file.problem((*path, place), "unknown-row", f"there is no row {quoted(row)}", remedy)
    for row, times in Counter(members).items():
        if times > 1:
            message = f"it names row {quoted(row)} {times} times"
            yield file.problem(path, "duplicate-row", message, "once is enough")
    data = {row: names.rows[row] for row in members if names.rows.get(row)}
    if len(set(data.values())) > 1:
        first = {own: row for row, own in reversed(data.items())}
        said = ", ".join(f"{quoted(row)} on {own}" for own, row in first.items())
        remedy = "rows are compared within one data set: make a contrast for each"
        yield file.problem(path, "different-data", f"its rows are of different data sets: {said}", remedy)
