"""The settings of a row beside those of the row it is compared with: what changed is marked, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from reportgen import language
from reportgen.analysis import lists, numbers
from reportgen.analysis.observations.settings import changes, display_names
from reportgen.report.parts import shortened
from reportgen.report.space import LEFT, Line, names_width, reach, unbroken, width
from reportgen.results import Result
from reportgen.tables import Cell, Table, hyper_parameters
from reportgen.tables import Line as TableLine
from reportgen.tables.parameters import parameter_values

OUTCOMES = (
    language.message("Training ended"),
    language.message("Rate by epoch"),
    language.message("Best epoch by loss"),
    language.message("Best epoch by accuracy"),
    language.message("Weights tested"),
    language.message("Training time"),
    language.message("Training time, mean"),
)
"""Lines of the table of settings that nobody sets: a training brings them about."""
LEFT_OUT = (
    language.message("Augmentation"),
    language.message("Schedule"),
    language.message("Callbacks"),
    language.message("First weights"),
)
"""Lines that a row has only where it has the thing: where the other row alone does, this one has none."""
_FEW = 3
"""Settings of the other row alone that a note names; more are counted."""
_PIECES = 6
"""Differences of two lists of layers that a line says; more are counted."""


@dataclass(frozen=True)
class Settings:
    """The table of settings, and which of its lines changed.

    Parameters
    ----------
    table : Table
        Its texts say what a changed setting was before.
    lines : tuple of Line
        Those of the table as they are measured.
    before : mapping of str to (str, str)
        By the name of a changed line, its value and the words for the one in the other row.
    names : float
        Width of the names on paper, in points.
    reach : mapping of str to float
        By name, how far its value stands into the column of the names, in points.
    unbroken : frozenset of str
        Names of the changed lines whose former value fits on one line.
    """

    table: Table
    lines: tuple[Line, ...]
    before: Mapping[str, tuple[str, str]]
    names: float
    reach: Mapping[str, float]
    unbroken: frozenset[str] = frozenset()


def settings(result: Result, other: Result | None, everything: Sequence[Result] = ()) -> Settings:
    """Return the settings of a row, marked where they differ from those of another.

    Parameters
    ----------
    result : Result
        With a record.
    other : Result or None
        The row it is compared with; nothing is marked without one, or where that has no record.
    everything : sequence of Result
        Of the report: they show whether the machine was shared.
    """
    table = hyper_parameters(result, everything)
    known = other is not None and other.record is not None
    compared = hyper_parameters(other, everything).rows if other is not None and known else ()
    theirs = {line.cells[0].text: line.cells[1].text for line in compared}
    table = _with_left_out(table, theirs)
    outcomes = {language.text(name) for name in OUTCOMES}
    own = [(line.cells[0].text, line.cells[1].text) for line in table.rows]
    # A parameter may have a line in one of the two tables only, where the other run shows it elsewhere.
    given, before_given = parameter_values(result.records), parameter_values(other.records if other else ())
    was = {name: theirs.get(name, before_given.get(name) if name in given else None) for name, _ in own}
    changed = {name for name, value in own if known and name not in outcomes and was[name] != value}
    layers = _layers(result, other) if other is not None and known else ""
    said = {name: _was(was[name]) for name in changed}
    if layers:
        said[language.text("Layers")] = layers
    measured = tuple(
        Line(name, value, True, said[name]) if name in said else Line(name, value) for name, value in own
    )
    names = names_width(measured)
    reaching = {line.name: far for line in measured if (far := reach(line, names))}
    if other is None or not known:
        return Settings(table, measured, {}, names, reaching)
    before = {line.name: (line.value, line.was) for line in measured if line.bold}
    listed = outcomes | was.keys()
    gone = [name for name, value in theirs.items() if name not in listed and given.get(name) != value]
    rows = tuple(_marked(line, before) for line in table.rows)
    head = (
        language.text("• differs from {title}.", title="{title}")
        if before
        else _alike(bool(gone), given, before_given)
    )
    note = _note(other.row.title, head, gone)
    kept = frozenset(line.name for line in measured if line.bold and unbroken(line, names))
    return Settings(replace(table, rows=rows, note=note), measured, before, names, reaching, kept)


def _with_left_out(table: Table, theirs: Mapping[str, str]) -> Table:
    """The table with a line for each thing that the other row has and this one does without."""
    rows, names = list(table.rows), [line.cells[0].text for line in table.rows]
    order = list(theirs)
    for name in map(language.text, LEFT_OUT):
        if name in theirs and name not in names:
            before = next((one for one in order[order.index(name) :: -1] if one in names), None)
            place = names.index(before) + 1 if before else 0
            none = language.text("none")
            rows.insert(place, TableLine((Cell(name, name), Cell(none, none))))
            names.insert(place, name)
    return replace(table, rows=tuple(rows))


def _layers(result: Result, other: Result) -> str:
    """The differences of two networks that are named layer by layer, in parentheses; empty without any."""
    found = [each.valued for each in changes(result, other) if each.parameter == "layers"]
    if not found:
        return ""
    shown = found if len(found) <= _PIECES else found[: _PIECES - 1]
    if len(found) > len(shown):
        shown = [*shown, language.text("{n} more", n=numbers.thousands(len(found) - len(shown)))]
    return f"({lists.clauses(shown)})"


def _was(old: str | None) -> str:
    """What a changed setting is in the other row."""
    return language.text("(new)") if old is None else language.text("(was {value})", value=old)


def _marked(line: TableLine, before: Mapping[str, tuple[str, str]]) -> TableLine:
    name, value = line.cells
    if name.text not in before:
        return line
    text = " ".join(filter(None, before[name.text]))
    return replace(line, cells=(replace(name, bold=True), Cell(value.value, text)))


def _alike(gone: bool, given: Mapping[str, str], before: Mapping[str, str]) -> str:
    """What is said where no line is marked; that every setting is the same only where every parameter is."""
    own, theirs = ({k: v for k, v in each.items() if k != "seed"} for each in (given, before))
    if own == theirs and not gone:
        return language.text("Every setting is that of {title}.", title="{title}")
    names = [name for name in own if name in theirs and own[name] != theirs[name]]
    if not names:
        return language.text("Every setting listed here is that of {title}.", title="{title}")
    readable = display_names()
    listed = language.listed([readable.get(name, name) for name in names])
    return language.text("Every setting but {names} is that of {title}.", names=listed, title="{title}")


def _note(title: str, said: str, gone: list[str]) -> str:
    line = said.format(title=language.quoted(_cut(title, said)))
    if not gone:
        return line
    if len(gone) > _FEW:
        return f"{line} " + language.text("{n} settings stand only there.", n=len(gone))
    return f"{line} " + language.text("Only there: {names}.", names=", ".join(gone))


def _cut(title: str, around: str) -> str:
    """A title as it fits the line of a note."""
    room = LEFT - width(around.replace("{title}", language.quoted("")), _NOTE)
    length = len(title)
    while width(title, _NOTE) > room and length > _SHORTEST:
        length -= 1
        title = shortened(title, length)
    return title


_NOTE, _SHORTEST = 8.0, 12
