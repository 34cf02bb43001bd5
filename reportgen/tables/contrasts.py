"""A declared family of comparisons, a pair of rows a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from reportgen import language
from reportgen.analysis import counts, lists, numbers
from reportgen.analysis.contrasts import Family
from reportgen.analysis.differences import Difference
from reportgen.tables.cells import (
    NOTHING,
    fraction_cell,
    p_cell,
    points_cell,
    points_interval_cell,
    said_cell,
    text_cell,
    word_cell,
)
from reportgen.tables.table import Cell, Column, Line, Table
from reportgen.tables.widths import fitted

_ALL_PAIRS = {
    "test_accuracy": language.message("Differences of test accuracy, all pairs."),
    "validation_accuracy": language.message("Differences of validation accuracy, all pairs."),
}
_ONE_PAIR = {
    "test_accuracy": language.message("Differences of test accuracy."),
    "validation_accuracy": language.message("Differences of validation accuracy."),
}
_TO_REFERENCE = {
    "test_accuracy": language.message("Test accuracy of each row less that of {reference}."),
    "validation_accuracy": language.message("Validation accuracy of each row less that of {reference}."),
}
"""Captions, by measure."""
SEEDS_MARK, PAIRS_MARK, LEVEL_MARK = "§", "¶", "#"
_MARKS = {
    SEEDS_MARK: language.message(
        "No {level} % interval: from the lowest to the highest end of the {own} % intervals of the single"
        " seeds."
    ),
    PAIRS_MARK: language.message(
        "No {level} % interval: from the lowest to the highest end of the {own} % intervals of the pairs of"
        " runs, each run of one row with each of the other."
    ),
    LEVEL_MARK: language.message("{own} % interval, since a row has one run."),
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
    return fitted(table, ("p", language.text("Only one right")))


def _columns(family: Family, names: Mapping[str, str]) -> list[tuple[Column, list[Cell]]]:
    """Each column with its cells; those that would say nothing are left out."""
    lines, found = family.lines, [line.difference for line in family.lines]
    marked = all(_mark(each, family.level) for each in found)
    interval = language.text("Interval")
    if not found or not marked:
        interval = language.text("{level} % interval", level=_percent(family.level))
    unit = language.text("points")
    points, discordant = [_points(each) for each in found], [_discordant(each) for each in found]
    tested = any(each.p is not None for each in found)
    pair = (
        language.text("Compared with the reference")
        if family.reference
        else language.text("Pair, first less second")
    )
    return [
        (Column(pair), [text_cell(_pair(each, family.reference, names)) for each in found]),
        (
            Column(language.text("Difference"), unit, "right", "number"),
            [points_cell(each.difference) for each in found],
        ),
        (
            Column(interval, align="right", kind="name"),
            [_interval(each, family.level) for each in found],
        ),
        *([(Column(_points_head(found), unit, "right"), points)] if _any(points) else []),
        *(
            [(Column(language.text("Only one right"), align="right", kind="name"), discordant)]
            if _any(discordant)
            else []
        ),
        (Column(language.text("Basis"), kind="name"), [said_cell(partial(_basis, each)) for each in found]),
        *([(Column("p", align="right", kind="number"), [p_cell(e.p) for e in found])] if tested else []),
        # A family of one comparison needs no correction.
        *(
            [
                (
                    Column(language.text("p, Holm"), align="right", kind="number"),
                    [p_cell(line.adjusted_p) for line in lines],
                )
            ]
            if tested and family.tests > 1
            else []
        ),
        (Column(language.text("Verdict"), kind="name"), [word_cell(line.verdict) for line in lines]),
        (
            Column(language.text("Detectable from"), unit, "right", "number"),
            [fraction_cell(line.smallest) for line in lines],
        ),
    ]


def _any(cells: Sequence[Cell]) -> bool:
    return any(cell.value is not None for cell in cells)


def _interval(each: Difference, level: float) -> Cell:
    """The interval, with the mark of what else it is than one of the difference at the family's level."""
    cell, mark = points_interval_cell(each.low, each.high), _mark(each, level)
    return Cell(f"{cell.value}{mark}", f"{cell.text}{mark}")


def _mark(each: Difference, level: float) -> str:
    if each.nothing:
        return ""
    if each.basis == "points":
        return PAIRS_MARK if each.pairs else SEEDS_MARK
    return LEVEL_MARK if each.level != level else ""


def _percent(level: float) -> str:
    return numbers.plain(round(100 * level, 6))


def _pair(each: Difference, reference: str | None, names: Mapping[str, str]) -> str:
    first, second = names.get(each.first, each.first), names.get(each.second, each.second)
    return (
        first if reference is not None and each.second == reference else f"{first} {numbers.MINUS} {second}"
    )


def _points_head(found: Sequence[Difference]) -> str:
    kinds = {bool(each.pairs) for each in found if each.basis == "points"}
    if len(kinds) > 1:
        return language.text("By seed or pair")
    return language.text("By pair") if kinds == {True} else language.text("By seed")


def _points(each: Difference) -> Cell:
    """The differences of the single seeds or pairs of runs; the ends of very many."""
    if each.basis != "points":
        return NOTHING
    if len(each.points) > _MOST_POINTS:
        return points_interval_cell(min(each.points), max(each.points))
    return said_cell(lambda: lists.series(list(map(numbers.points, each.points))))


def _discordant(each: Difference) -> Cell:
    """Items that only the first and only the second got right."""
    if each.basis == "unpaired" or each.nothing:
        return NOTHING
    return text_cell(f"{numbers.thousands(each.only_first)} : {numbers.thousands(each.only_second)}")


def _basis(each: Difference) -> str:
    if each.relation == "same run":
        return language.text("one run")
    if each.relation == "same weights":
        return language.text("the same weights")
    if each.basis in ("seeds", "points"):
        return counts.pairs(each.pairs) if each.pairs else counts.seeds(len(each.seeds))
    return language.text("items") if each.basis == "items" else language.text("unpaired")


def _caption(family: Family, names: Mapping[str, str]) -> str:
    measure = family.contrast.measure
    if family.reference is None:
        return language.text((_ALL_PAIRS if len(family.lines) > 1 else _ONE_PAIR)[measure])
    reference = language.quoted(names.get(family.reference, family.reference))
    return language.text(_TO_REFERENCE[measure], reference=reference)


def _note(family: Family, names: Mapping[str, str]) -> str:
    parts = [*family.notes, *_missing(family, names)]
    if family.tests > 1 and any(line.adjusted_p is not None for line in family.lines):
        parts.append(
            language.text("Holm's correction counts the {n} comparisons of this family.", n=family.tests)
        )
    if any(line.difference.trained_models_differ and not line.different for line in family.lines):
        parts.append(
            language.text(
                "Where p is below {limit} and the rows are not distinguishable, these two trained networks"
                " differ on this test set, but one training of each cannot tell whether the settings do.",
                limit=numbers.plain(round(1 - family.level, 9)),
            )
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
            parts.append(f"{mark} {language.text(said, **levels)}")
    return parts


def _missing(family: Family, names: Mapping[str, str]) -> Sequence[str]:
    """The rows without a record; the family's own notes name those on other data."""
    lost = [names.get(name, name) for name in family.missing if name not in family.told]
    if not lost:
        return ()
    return (language.text("Left out, without a result to compare: {rows}.", rows=", ".join(lost)),)
