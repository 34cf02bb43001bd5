"""Published figures beside ours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from reportgen.analysis import numbers, words
from reportgen.analysis.metrics import confusion_matrix, macro_f1
from reportgen.experiments.schema import Published
from reportgen.records import Record
from reportgen.results import Result
from reportgen.tables.cells import (
    NOTHING,
    fraction_cell,
    loss_cell,
    points_cell,
    score_cell,
    text_cell,
    whole,
)
from reportgen.tables.table import Cell, Column, Kind, Line, Table

_ON = {"test set": "the test set itself"}


@dataclass(frozen=True)
class _Measure:
    """A figure that others publish, and how to get ours."""

    title: str
    unit: str
    kind: Kind
    theirs: Callable[[Published], float | None]
    ours: Callable[[Record], float]
    cell: Callable[..., Cell]
    decimals: int
    difference: str
    difference_cell: Callable[[float], Cell]


def _signed(decimals: int) -> Callable[[float], Cell]:
    def cell(value: float) -> Cell:
        text = numbers.decimal(value, decimals)
        positive = value > 0 and float(f"{value:.{decimals}f}") != 0
        return Cell(round(value, 12), f"+{text}" if positive else text)

    return cell


def _f1(record: Record) -> float:
    return macro_f1(confusion_matrix(record.test, len(record.data.class_names)))


_SCORES = (
    _Measure(
        "Accuracy", "%", "percent", lambda p: p.test_accuracy, lambda r: r.evaluation["test"]["accuracy"],
        fraction_cell, 2, "difference, points", points_cell,
    ),
    _Measure(
        "Loss", "", "number", lambda p: p.test_loss, lambda r: r.evaluation["test"]["loss"],
        loss_cell, 3, "difference", _signed(3),
    ),
)  # fmt: skip
_OTHERS = (
    _Measure("F1", "", "number", lambda p: p.f1, _f1, score_cell, 4, "difference", _signed(4)),
    _Measure(
        "Parameters", "", "integer", lambda p: p.total_params, lambda r: r.total_params,
        whole, 0, "difference", _signed(0),
    ),
)  # fmt: skip


def published_tables(results: Sequence[Result]) -> tuple[Table, ...]:
    """Published figures beside ours, with the difference: test scores, then F1 and parameters.

    Only the rows and the measures that somebody published stand in a table; a table without any
    is left out. A last column, or the note where it is the same for all, says what our runs were
    validated on, since a score on data that chose the model flatters it. A published figure keeps
    the digits it was given with, but for those that ours are not printed with either. On a stand-in
    or in a quick build no difference is given.
    """
    made = (
        _table("published", "Published test scores beside ours", _SCORES, results),
        _table("published-others", "Other published figures beside ours", _OTHERS, results),
    )
    return tuple(table for table in made if table is not None)


def _table(name: str, caption: str, wanted: Sequence[_Measure], results: Sequence[Result]) -> Table | None:
    given = [
        (result, result.row.published)
        for result in results
        if result.row.published is not None
        and any(m.theirs(result.row.published) is not None for m in wanted)
    ]
    measures = [m for m in wanted if any(m.theirs(published) is not None for _, published in given)]
    if not measures:
        return None
    columns = [Column("Experiment")]
    for measure in measures:
        unit = f", {measure.unit}" if measure.unit else ""
        group = f"{measure.title}{unit}"
        columns.append(Column("published", align="right", kind=measure.kind, group=group))
        columns.append(Column("ours", align="right", kind=measure.kind, group=group))
        columns.append(Column(measure.difference, align="right", kind="number", group=group))
    records = [result.record for result, _ in given if result.record is not None]
    alike = {_validation(record) for record in records}
    if len(alike) > 1:
        columns.append(Column("Our validation", kind="name"))
    return Table(
        id=name,
        caption=f"{caption}; a difference is ours minus published, from unrounded values.",
        columns=tuple(columns),
        rows=tuple(_line(result, published, measures, len(alike) > 1) for result, published in given),
        note=_note(records, alike.pop() if len(alike) == 1 else ""),
    )


def _line(result: Result, published: Published, measures: Sequence[_Measure], with_validation: bool) -> Line:
    cells = [text_cell(result.row.title)]
    for measure in measures:
        theirs = measure.theirs(published)
        ours = None if result.record is None else measure.ours(result.record)
        cells.append(NOTHING if theirs is None else _as_given(theirs, measure))
        cells.append(NOTHING if ours is None else measure.cell(ours))
        both = theirs is not None and ours is not None and _comparable(result.record, measure)
        cells.append(measure.difference_cell(ours - theirs) if both else NOTHING)  # type: ignore[operator]
    if with_validation:
        cells.append(text_cell("no result" if result.record is None else _validation(result.record)))
    return Line(tuple(cells), "failed" if result.record is None else "normal", result.row.id)


def _as_given(value: float, measure: _Measure) -> Cell:
    """A published figure with the decimals it was given with, and no more than ours have."""
    cell = measure.cell(value)
    if isinstance(value, int):
        return cell
    percent = measure.kind == "percent"
    given = -int(Decimal(repr(value)).normalize().as_tuple().exponent) - (2 if percent else 0)
    decimals = min(measure.decimals, max(0, given))
    return replace(cell, text=numbers.decimal(100 * value if percent else value, decimals))


def _comparable(record: Record | None, measure: _Measure) -> bool:
    """Scores on other data, or of a shortened training, cannot differ from anything; a count can."""
    real = record is not None and not record.data.stand_in and not record.data.quick
    return real or measure.kind == "integer"


def _validation(record: Record) -> str:
    if record.data.validated_on_test:
        return "test set"
    if isinstance(record.data.validation, str):
        return record.data.validation
    return f"{numbers.plain(round(100 * record.data.validation, 6))}{numbers.NO_BREAK_SPACE}% split"


def _note(records: Sequence[Record], validation: str) -> str:
    parts = []
    if validation:
        parts.append(f"All of ours were validated on {_ON.get(validation, f'a {validation}')}.")
    other = {words.used_data(record.data) for record in records if record.data.stand_in}
    if other:
        parts.append(f"Ours were measured on {' and '.join(sorted(other))}: they cannot be compared.")
    if any(record.data.quick for record in records):
        parts.append("Ours come from a shortened build.")
    return " ".join(parts)
