"""The classes of a data set, with how many images of each a run trained, validated and tested on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reportgen import language
from reportgen.analysis import numbers, words
from reportgen.records import DataFacts, Record
from reportgen.results import Result
from reportgen.tables.cells import text_cell, whole
from reportgen.tables.table import Cell, Column, Line, Table

MOST_DIVISIONS = 3
"""Ways to divide the data that have columns of their own; of more, the lowest and the highest count."""
_FEW = 3
"""Rows that a note names; more are counted."""
PARTS = ("train", "validation", "test")

Counts = tuple[int, ...]


def divisions(facts: Sequence[DataFacts]) -> tuple[DataFacts, ...]:
    """Return one of each kind of division: those whose classes have the same counts are one."""
    found: dict[tuple[Counts, ...], DataFacts] = {}
    for each in facts:
        found.setdefault(tuple(each.class_counts.get(part, ()) for part in PARTS), each)
    return tuple(found.values())


def class_counts_table(rows: Sequence[tuple[Result, Record]]) -> Table:
    """Classes of one data set with their images in training, validation and test.

    Runs that divide the images differently have columns of their own, or the lowest and the highest
    count where there are more than `MOST_DIVISIONS` ways.

    Parameters
    ----------
    rows : sequence of (Result, Record)
        Every run on the data set, at least one.
    """
    facts = [record.data for _, record in rows]
    kinds = divisions(facts)
    names = facts[0].class_names
    columns: list[Column] = [Column(language.text("Class"))]
    values: list[list[Cell]] = []
    for part in PARTS:
        each = list(dict.fromkeys(_counts(kind, part) for kind in kinds))
        apart = len(each) > 1 and len(kinds) <= MOST_DIVISIONS
        for number, counts in enumerate([_counts(kind, part) for kind in kinds] if apart else each[:1], 1):
            group = language.text("Division {number}", number=number) if apart else ""
            columns.append(Column(_head(part), align="right", kind="integer", group=group))
            values.append(_ranges(each) if len(each) > 1 and not apart else _column(counts))
    columns, values = _by_group(columns, values)
    lines = [
        Line((text_cell(name), *(column[place] for column in values))) for place, name in enumerate(names)
    ]
    lines.append(Line((text_cell(language.text("All")), *(column[-1] for column in values)), "total"))
    return Table(
        id=f"classes-of-{facts[0].name}",
        caption=language.text("Images of each class of {data}.", data=words.data_set(facts[0].name)),
        columns=tuple(columns),
        rows=tuple(lines),
        note=_note(rows, kinds),
    )


def _counts(facts: DataFacts, part: str) -> Counts:
    found = facts.class_counts.get(part, ())
    return tuple(found) if len(found) == len(facts.class_names) else (0,) * len(facts.class_names)


def _head(part: str) -> str:
    heads: Mapping[str, str] = {
        "train": language.text("Training"),
        "validation": language.text("Validation"),
        "test": language.text("Test"),
    }
    return heads[part]


def _column(counts: Counts) -> list[Cell]:
    return [*map(whole, counts), whole(sum(counts))]


def _ranges(each: Sequence[Counts]) -> list[Cell]:
    """The lowest and the highest count of every class, and of all."""
    found = []
    for counts in zip(*each, strict=True):
        found.append(_range(counts))
    return [*found, _range([sum(counts) for counts in each])]


def _range(counts: Sequence[int]) -> Cell:
    low, high = min(counts), max(counts)
    if low == high:
        return whole(low)
    return text_cell(f"{numbers.thousands(low)}–{numbers.thousands(high)}")


def _by_group(columns: list[Column], values: list[list[Cell]]) -> tuple[list[Column], list[list[Cell]]]:
    """Columns of one division side by side, what all have in common last."""
    order = sorted(range(len(values)), key=lambda place: (columns[place + 1].group or "~", place))
    return [columns[0], *(columns[place + 1] for place in order)], [values[place] for place in order]


def _note(rows: Sequence[tuple[Result, Record]], kinds: Sequence[DataFacts]) -> str:
    if len(kinds) == 1:
        return ""
    if len(kinds) > MOST_DIVISIONS:
        return language.text(
            "The runs divide the images in {n} ways: the lowest and the highest count of each.", n=len(kinds)
        )
    notes = []
    for number, kind in enumerate(kinds, 1):
        titles = [result.row.title for result, record in rows if divisions([kind, record.data]) == (kind,)]
        titles = list(dict.fromkeys(titles))
        if len(titles) > _FEW:
            notes.append(language.text("Division {number}: {n} rows.", number=number, n=len(titles)))
        else:
            listed = ", ".join(map(language.quoted, titles))
            notes.append(language.text("Division {number}: {titles}.", number=number, titles=listed))
    return " ".join(notes)
