"""Checks across tables: ids, sections, notebooks, and every parameter of every row.

They look at the tables as TOML gave them and step over what the schema refuses, so
that one fault does not hide the others.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reportgen.errors import Problem
from reportgen.experiments.lines import Lines, Path
from reportgen.experiments.parameter_checks import parameter_problems
from reportgen.experiments.problems import known_keys, subject
from reportgen.experiments.schema import KINDS, MOST_CLAIMS, MOST_CONTRASTS, MOST_ROWS, MOST_SECTIONS
from reportgen.experiments.staged import MOST_STAGES
from reportgen.experiments.words import MANY, quoted, suggestion
from reportgen.notebooks import Notebook

OF_ROWS = ("notebook", "parameters", "pages", "repeats", "keep_model", "allow_parameters")
"""Keys of a section that speak of its rows."""

_MOST = {
    "section": MOST_SECTIONS,
    "experiment": MOST_ROWS,
    "sweep": MOST_STAGES,
    "search": MOST_STAGES,
    "contrast": MOST_CONTRASTS,
    "claim": MOST_CLAIMS,
}
PLURALS = tuple(f"{name}s" for name in MANY)
"""Names that are easily taken for those of the tables; whatever else is wrong then comes of it."""

_VARIES = {"sweep": "grid", "search": "space"}
"""Stages, and the key that says what they vary."""

_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))]
)
"""Names that Windows keeps for itself, whatever follows the first dot."""


@dataclass(frozen=True)
class File:
    """An experiments file under check, what its rows may name, and notebooks at fault."""

    name: str
    raw: Mapping[str, Any]
    lines: Lines
    notebooks: Mapping[str, Notebook]
    datasets: Collection[str]
    faulty: Collection[str] = ()

    def tables(self, kind: str) -> list[tuple[int, dict[str, Any]]]:
        """The numbered tables of ``[[section]]``, ``[[experiment]]`` ..., as many as the schema admits."""
        tables = self.raw.get(kind)
        numbered = enumerate(tables[: _MOST[kind]]) if isinstance(tables, list) else ()
        return [(number, table) for number, table in numbered if isinstance(table, dict)]

    def section(self, name: Any) -> tuple[int, dict[str, Any]] | None:
        """The first section of an id."""
        return next(((n, t) for n, t in self.tables("section") if t.get("id") == name), None)

    def problem(self, path: Path, code: str, message: str, remedy: str = "") -> Problem:
        """A problem at a path, its message led by the name of the table."""
        where = subject(path[:2], self.raw)
        return Problem(self.name, self.lines.line(path), code, f"{where}: {message}", remedy)


def cross_problems(file: File) -> list[Problem]:
    """Every fault between tables."""
    found = [problem for kind in _MOST for problem in _ids(file, kind)]
    found += _sections(file)
    found += _appendices(file)
    for number, row in file.tables("experiment"):
        found += [*_row(file, number, row), *_compared_with(file, number, row), *_epochs(file, number, row)]
    for number, claim in file.tables("claim"):
        found += _home(file, number, claim)
    return list(dict.fromkeys(found))


def names_faulty(file: File) -> bool:
    """Whether a row or section names a notebook that cannot be read."""
    tables = [table for kind in ("section", "experiment") for _, table in file.tables(kind)]
    return any(str(table.get("notebook")) in file.faulty for table in tables)


def misplaced(file: File, path: Path) -> str:
    """Say where an unknown key belongs, where that can be told; else return an empty string."""
    name = str(path[-1])
    if len(path) == 1:
        return _misplaced_at_root(name)
    if path[0] not in ("section", "experiment", *_VARIES) or len(path) != 3:
        return ""
    if name == "seed":
        return "write seed = N in [execution], or in each [[experiment]]"
    if path[0] == "search" and name == "repeats":
        return 'a trial is one run; let an [[experiment]] with from = "best:..." repeat the one that it keeps'
    known = {each for notebook in file.notebooks.values() for each in notebook.parameters}
    if name not in known:
        return ""
    said = f"it is a parameter of the notebook: write parameters = {{ {name} = ... }}"
    varied = _VARIES.get(str(path[0]))
    return f"{said}, or {varied} = {{ {name} = [...] }} to vary it" if varied else said


def _misplaced_at_root(name: str) -> str:
    if name in PLURALS:
        return f"write [[{name[:-1]}]] above each one"
    homes = [table for table in ("report", "data", "execution") if name in known_keys((table,))]
    return f"it is a key of [{homes[0]}]" if homes else ""


def _ids(file: File, kind: str) -> Iterator[Problem]:
    seen: dict[str, tuple[int, str]] = {}
    for number, table in file.tables(kind):
        name = table.get("id")
        if not isinstance(name, str):
            continue
        path: Path = (kind, number, "id")
        if name.casefold().split(".")[0] in _DEVICES:
            yield file.problem(
                path, "bad-value", "its id is a name that Windows keeps for itself", "choose another"
            )
        folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
        if folded in seen:
            line, first = seen[folded]
            message = f"its id is that of line {line} too"
            if first != name:
                message = f"its id differs from {quoted(first)} on line {line} only in how it is written"
            yield file.problem(path, "duplicate-id", message, "give each an id of its own")
        else:
            seen[folded] = file.lines.line(path), name


def _sections(file: File) -> Iterator[Problem]:
    named = {
        row.get("section")
        for kind in ("experiment", *_VARIES)  # a stage that is at fault may have no rows
        for _, row in file.tables(kind)
        if isinstance(row.get("section"), str)
    }
    for number, section in file.tables("section"):
        kind = section.get("kind", "experiments")
        if kind not in KINDS:
            continue
        if kind != "experiments":
            yield from _unused(file, number, section, OF_ROWS)
        if kind != "capacity":
            yield from _unused(file, number, section, ("architectures",))
        if kind != "experiments":
            continue
        if isinstance(section.get("id"), str) and section["id"] not in named:
            remedy = 'add an [[experiment]] with its id as section, or give it another kind, such as "prose"'
            yield file.problem(("section", number), "empty-section", "it has no experiments", remedy)
        yield from _notebook(file, ("section", number, "notebook"), section)


def _appendices(file: File) -> Iterator[Problem]:
    """An appendix that is asked for twice."""
    report = file.raw.get("report")
    names = report.get("appendices") if isinstance(report, dict) else None
    if not isinstance(names, list):
        return
    for number, name in enumerate(names):
        if isinstance(name, str) and name in names[:number]:
            path: Path = ("report", "appendices")
            yield file.problem(
                path, "bad-value", f"appendices: {quoted(name)} stands there twice", "remove one"
            )


def _unused(file: File, number: int, section: Mapping[str, Any], keys: tuple[str, ...]) -> Iterator[Problem]:
    kind = section.get("kind", "experiments")
    for key in keys:
        if key in section:
            message = f"{key} has no meaning in a section of kind {quoted(kind)}"
            yield file.problem(("section", number, key), "unused-key", message, "remove it")


def _compared_with(file: File, number: int, row: Mapping[str, Any]) -> Iterator[Problem]:
    name = row.get("compared_with")
    path: Path = ("experiment", number, "compared_with")
    if not isinstance(name, str):
        return
    if name == row.get("id"):
        remedy = "name another row, or leave the key out"
        yield file.problem(path, "bad-reference", "it is compared with itself", remedy)
        return
    known = [str(t["id"]) for _, t in file.tables("experiment") if isinstance(t.get("id"), str)]
    if name not in known:
        yield file.problem(path, "unknown-row", f"there is no row {quoted(name)}", suggestion(name, known))


def _epochs(file: File, number: int, row: Mapping[str, Any]) -> Iterator[Problem]:
    """Check that a published epoch stands beside the figure whose epoch it is."""
    published = row.get("published")
    if not isinstance(published, dict):
        return
    for key in published:
        figure = str(key).removesuffix("_epoch")
        if (
            figure != key
            and key in known_keys(("experiment", number, "published"))
            and figure not in published
        ):
            message = f"published.{key} is the epoch of no figure: {figure} is missing"
            path: Path = ("experiment", number, "published", key)
            yield file.problem(path, "missing-key", message, f"give {figure}, or leave the epoch out")


def _home(file: File, number: int, claim: Mapping[str, Any]) -> Iterator[Problem]:
    """Check the chapter that a claim names."""
    name = claim.get("section")
    if isinstance(name, str) and file.section(name) is None:
        known = [str(t["id"]) for _, t in file.tables("section") if isinstance(t.get("id"), str)]
        yield file.problem(
            ("claim", number, "section"),
            "unknown-section",
            f"there is no section {quoted(name)}",
            suggestion(name, known),
        )


def _notebook(file: File, path: Path, table: Mapping[str, Any]) -> Iterator[Problem]:
    name = table.get("notebook")
    if isinstance(name, str) and name not in file.notebooks and name not in file.faulty:
        plain = name.removesuffix(".ipynb").rpartition("/")[2]
        remedy = f'write "{plain}"' if plain in file.notebooks else suggestion(name, file.notebooks)
        yield file.problem(path, "unknown-notebook", f"there is no notebook {quoted(name)}", remedy)


def _row(file: File, number: int, row: Mapping[str, Any]) -> Iterator[Problem]:
    path: Path = ("experiment", number)
    yield from _notebook(file, (*path, "notebook"), row)
    name = row.get("section")
    if not isinstance(name, str):
        return
    place = file.section(name)
    if place is None:
        known = [str(s["id"]) for _, s in file.tables("section") if isinstance(s.get("id"), str)]
        remedy = suggestion(name, known)
        yield file.problem(
            (*path, "section"), "unknown-section", f"there is no section {quoted(name)}", remedy
        )
    elif (kind := place[1].get("kind", "experiments")) != "experiments" and kind in KINDS:
        message = f"section {quoted(name)} is of kind {quoted(kind)}, which holds no experiments"
        yield file.problem((*path, "section"), "wrong-section", message)
    notebook, _ = row_notebook(file, row)
    if place and row.get("notebook", place[1].get("notebook")) is None:
        remedy = f"known: {', '.join(sorted(file.notebooks))}"
        message = "neither it nor its section names a notebook"
        yield file.problem(path, "no-notebook", message, remedy)
    if notebook:
        yield from parameter_problems(file, path, row, place, notebook)


def row_notebook(
    file: File, row: Mapping[str, Any]
) -> tuple[Notebook | None, tuple[int, Mapping[str, Any]] | None]:
    """The notebook that a row runs and its section with its number, as far as there are any."""
    name = row.get("section")
    place = file.section(name) if isinstance(name, str) else None
    chosen = row.get("notebook", place[1].get("notebook") if place else None)
    return (file.notebooks.get(chosen) if isinstance(chosen, str) else None), place
