"""A declared family of comparisons, a pair of rows a line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from reportgen.analysis import numbers
from reportgen.analysis.contrasts import Family
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
SEEDS_MARK, PAIRS_MARK, LEVEL_MARK = "§", "¶", "#"
_MARKS = {
    SEEDS_MARK: "No {level} interval: from the lowest to the highest end of the {own} intervals of the single"
    " seeds.",
    PAIRS_MARK: "No {level} interval: from the lowest to the highest end of the {own} intervals of the pairs"
    " of runs, each run of one row with each of the other.",
    LEVEL_MARK: "{own} interval, since a row has one run.",
}
"""Behind what is printed as an interval and is none of the difference at the family's level.

The report's fonts hold these signs, but no daggers.
"""
_MOST_POINTS = 6


def contrast_table(family: Family, titles: Mapping[str, str] | None = None) -> Table:
    """The comparisons of one family: difference, paired interval, basis, p values and verdict.

    Parameters
    ----------
    family : Family
    titles : mapping of str to str
        Of rows, by id; the ids where absent.
    """
    names = titles or {}
    columns = _columns(family, names)
    lines = zip(*(cells for _, cells in columns), strict=True)
    table = Table(
        id=f"contrast-{family.contrast.id}",
        caption=_caption(family, names),
        columns=tuple(column for column, _ in columns),
        rows=tuple(Line(cells) for cells in lines),
        note=_note(family, names),
    )
    return fitted(table, _GIVE_WAY)


def _columns(family: Family, names: Mapping[str, str]) -> list[tuple[Column, list[Cell]]]:
    """Each column with its cells; those that would say nothing are left out."""
    lines, found = family.lines, [line.difference for line in family.lines]
    marked = all(_mark(each, family.level) for each in found)
    interval = f"{_percent(family.level)} interval" if not found or not marked else "Interval"
    points, discordant = [_points(each) for each in found], [_discordant(each) for each in found]
    tested = any(each.p is not None for each in found)
    pair = "Compared with the reference" if family.reference else "Pair, first less second"
    return [
        (Column(pair), [text_cell(_pair(each, family.reference, names)) for each in found]),
        (
            Column("Difference", "points", "right", "number"),
            [points_cell(each.difference) for each in found],
        ),
        (
            Column(interval, align="right", kind="name"),
            [_interval(each, family.level) for each in found],
        ),
        *([(Column(_points_head(found), "points", "right"), points)] if _any(points) else []),
        *([(Column("Only one right", align="right", kind="name"), discordant)] if _any(discordant) else []),
        (Column("Basis", kind="name"), [text_cell(_basis(each)) for each in found]),
        *([(Column("p", align="right", kind="number"), [p_cell(e.p) for e in found])] if tested else []),
        # A family of one comparison needs no correction.
        *(
            [(Column("p, Holm", align="right", kind="number"), [p_cell(line.adjusted_p) for line in lines])]
            if tested and family.tests > 1
            else []
        ),
        (Column("Verdict", kind="name"), [text_cell(line.verdict) for line in lines]),
        (
            Column("Detectable from", "points", "right", "number"),
            [fraction_cell(line.smallest) for line in lines],
        ),
    ]


def _any(cells: Sequence[Cell]) -> bool:
    return any(cell.value is not None for cell in cells)


def _interval(each: Difference, level: float) -> Cell:
    """The interval, with the mark of what else it is than one of the difference at the family's level."""
    return text_cell(points_interval_cell(each.low, each.high).text + _mark(each, level))


def _mark(each: Difference, level: float) -> str:
    if each.relation == "same run":
        return ""
    if each.basis == "points":
        return PAIRS_MARK if each.pairs else SEEDS_MARK
    return LEVEL_MARK if each.level != level else ""


def _percent(level: float) -> str:
    return f"{numbers.plain(round(100 * level, 6))} %"


def _pair(each: Difference, reference: str | None, names: Mapping[str, str]) -> str:
    first, second = names.get(each.first, each.first), names.get(each.second, each.second)
    return (
        first if reference is not None and each.second == reference else f"{first} {numbers.MINUS} {second}"
    )


def _points_head(found: Sequence[Difference]) -> str:
    kinds = {bool(each.pairs) for each in found if each.basis == "points"}
    return "By seed or pair" if len(kinds) > 1 else "By pair" if kinds == {True} else "By seed"


def _points(each: Difference) -> Cell:
    """The differences of the single seeds or pairs of runs; the ends of very many."""
    if each.basis != "points":
        return NOTHING
    if len(each.points) > _MOST_POINTS:
        return points_interval_cell(min(each.points), max(each.points))
    return text_cell(", ".join(map(numbers.points, each.points)))


def _discordant(each: Difference) -> Cell:
    """Items that only the first and only the second got right."""
    if each.basis == "unpaired" or each.relation == "same run":
        return NOTHING
    return text_cell(f"{numbers.thousands(each.only_first)} : {numbers.thousands(each.only_second)}")


def _basis(each: Difference) -> str:
    if each.relation == "same run":
        return "one run"
    return {
        "items": "items",
        "seeds": numbers.counted(len(each.seeds), "seed"),
        "points": numbers.counted(each.pairs, "pair")
        if each.pairs
        else numbers.counted(len(each.seeds), "seed"),
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
    if any(line.difference.trained_models_differ and not line.different for line in family.lines):
        parts.append(
            "Where p is below 0.05 and the rows are not distinguishable, these two trained networks differ on"
            " this test set, but one training of each cannot tell whether the settings do."
        )
    parts += _marks(family)
    return " ".join(parts)


def _marks(family: Family) -> list[str]:
    """What stands where no interval of the difference at the family's level does."""
    parts = []
    for mark, said in _MARKS.items():
        own = [line.difference for line in family.lines if _mark(line.difference, family.level) == mark]
        if own:
            levels = {"level": _percent(family.level), "own": _percent(own[0].level)}
            parts.append(f"{mark} {said.format(**levels)}")
    return parts


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
