"""A declared family of comparisons, a pair of rows a line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from reportgen.analysis import numbers
from reportgen.analysis.contrasts import Family, FamilyLine
from reportgen.analysis.differences import Difference
from reportgen.tables.cells import (
    NOTHING,
    fraction_cell,
    p_cell,
    points_cell,
    points_interval_cell,
    text_cell,
)
from reportgen.tables.table import Cell, Column, Line, Table
from reportgen.tables.widths import fitted

_MEASURES = {"test_accuracy": "test accuracy", "validation_accuracy": "validation accuracy"}
_GIVE_WAY = ("p", "Only one right")


def contrast_table(family: Family, titles: Mapping[str, str] | None = None) -> Table:
    """The comparisons of one family: difference, paired interval, basis, p values and verdict.

    Parameters
    ----------
    family : Family
    titles : mapping of str to str
        Of rows, by id; the ids where absent.
    """
    names = titles or {}
    found = [line.difference for line in family.lines]
    with_points = any(each.basis == "points" for each in found)
    with_items = any(_discordant(each).value is not None for each in found)
    with_p = any(each.p is not None for each in found)
    columns = (
        Column("Compared with the reference" if family.reference else "Pair, first less second"),
        Column("Difference", "points", "right", "number"),
        Column("95 % interval" if family.level == 0.95 else "Interval", align="right", kind="name"),
        *((Column("By seed", "points", "right", "text"),) if with_points else ()),
        *((Column("Only one right", align="right", kind="name"),) if with_items else ()),
        Column("Basis", kind="text"),
        *((Column("p", align="right", kind="number"),) if with_p else ()),
        *((Column("p, Holm", align="right", kind="number"),) if with_p else ()),
        Column("Verdict", kind="text"),
        Column("Detectable from", "points", "right", "number"),
    )
    table = Table(
        id=f"contrast-{family.contrast.id}",
        caption=_caption(family, names),
        columns=columns,
        rows=tuple(
            Line(_cells(line, family, names, with_points, with_items, with_p)) for line in family.lines
        ),
        note=_note(family, names),
    )
    return fitted(table, _GIVE_WAY)


def _cells(
    line: FamilyLine,
    family: Family,
    names: Mapping[str, str],
    with_points: bool,
    with_items: bool,
    with_p: bool,
) -> tuple[Cell, ...]:
    each = line.difference
    return (
        text_cell(_pair(each, family.reference, names)),
        points_cell(each.difference),
        points_interval_cell(each.low, each.high),
        *((_points(each),) if with_points else ()),
        *((_discordant(each),) if with_items else ()),
        text_cell(_basis(each)),
        *((p_cell(each.p), p_cell(line.adjusted_p)) if with_p else ()),
        text_cell(line.verdict),
        fraction_cell(line.smallest),
    )


def _pair(each: Difference, reference: str | None, names: Mapping[str, str]) -> str:
    first, second = names.get(each.first, each.first), names.get(each.second, each.second)
    return (
        first if reference is not None and each.second == reference else f"{first} {numbers.MINUS} {second}"
    )


def _points(each: Difference) -> Cell:
    return text_cell(", ".join(map(numbers.points, each.points))) if each.basis == "points" else NOTHING


def _discordant(each: Difference) -> Cell:
    """Items that only the first and only the second got right."""
    if each.basis == "unpaired" or each.relation == "same run":
        return NOTHING
    return text_cell(f"{numbers.thousands(each.only_first)} : {numbers.thousands(each.only_second)}")


def _basis(each: Difference) -> str:
    if each.relation == "same run":
        return "one run"
    return {
        "items": "same items",
        "seeds": numbers.counted(len(each.seeds), "seed"),
        "points": numbers.counted(len(each.seeds), "seed"),
        "unpaired": "unpaired",
    }[each.basis]


def _caption(family: Family, names: Mapping[str, str]) -> str:
    measure = _MEASURES[family.contrast.measure]
    if family.reference is None:
        count = len(family.lines)
        return f"Differences of {measure}{', all pairs' if count > 1 else ''}."
    reference = names.get(family.reference, family.reference)
    return f"{measure.capitalize()} of each row less that of “{reference}”."


def _note(family: Family, names: Mapping[str, str]) -> str:
    parts = [*(_titled(note, family, names) for note in family.notes), *_missing(family, names)]
    if family.tests > 1 and any(line.adjusted_p is not None for line in family.lines):
        parts.append(f"Holm's correction counts the {family.tests} comparisons of this family.")
    return " ".join(parts)


def _titled(note: str, family: Family, names: Mapping[str, str]) -> str:
    """A note of the family's with the titles of rows in place of their ids."""
    ids = {name for name in (*family.contrast.rows, family.reference or "") if name in names}
    if not ids:
        return note
    # The longest first: an id may begin with another.
    choice = "|".join(re.escape(name) for name in sorted(ids, key=len, reverse=True))
    return re.sub(rf"(?<![\w.-])({choice})(?![\w-])", lambda found: f"“{names[found[1]]}”", note)


def _missing(family: Family, names: Mapping[str, str]) -> Sequence[str]:
    """The rows without a record; the family's own notes name those on other data."""
    said = {word.strip(".,:") for note in family.notes for word in note.split()}
    lost = [names.get(name, name) for name in family.missing if name not in said]
    if not lost:
        return ()
    listed = ", ".join(lost)
    return (f"Left out, without a result to compare: {listed}.",)
