"""Published figures beside ours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from statistics import fmean

from reportgen import language
from reportgen.analysis import elsewhere, numbers, penalty_words, twin_words, words
from reportgen.analysis.scores import score
from reportgen.experiments.schema import Protocol, Published
from reportgen.records import Record
from reportgen.results import Result
from reportgen.tables import means
from reportgen.tables.agreement import Beside, beside, comparable, newcombe_words
from reportgen.tables.cells import (
    NOTHING,
    fraction_cell,
    interval_cell,
    loss_cell,
    number_cell,
    points_interval_cell,
    said_cell,
    score_cell,
    whole,
    word_cell,
)
from reportgen.tables.protocols import share_held_out, validated_on
from reportgen.tables.table import Cell, Column, Kind, Line, Table
from reportgen.tables.widths import fitted

_NO_RESULT = language.message("no result")


@dataclass(frozen=True)
class _Measure:
    """A figure that others publish, and how to get ours: a mean where the row has several runs."""

    name: str
    unit: str
    kind: Kind
    theirs: Callable[[Published], float | None]
    ours: Callable[[Result], float]
    cell: Callable[..., Cell]
    decimals: int
    difference_cell: Callable[[float, int], Cell]

    @property
    def group(self) -> str:
        """The heading over its columns."""
        title = language.text(self.name)
        return f"{title}, {self.unit}" if self.unit else title


@dataclass(frozen=True)
class _Shape:
    """Which columns a table has."""

    measures: tuple[_Measure, ...]
    intervals: bool
    of_difference: bool
    repeated: bool
    validation: bool

    @property
    def gives_interval(self) -> bool:
        """Whether the difference of accuracies has an interval."""
        return _ACCURACY in self.measures and self.intervals and self.of_difference

    @property
    def columns(self) -> tuple[Column, ...]:
        found = [Column(language.text("Experiment"))]
        if self.repeated:
            found.append(means.seeds_column())
        for measure in self.measures:
            group = measure.group
            found.append(Column(language.text("published"), align="right", kind=measure.kind, group=group))
            found.append(Column(language.text("ours"), align="right", kind=measure.kind, group=group))
            accuracy = self.intervals and measure is _ACCURACY
            if accuracy:
                found.append(_interval_column())
            if accuracy and self.of_difference:
                # The heading over the difference where its interval stands beside it.
                apart = language.text("Difference, points")
                found.append(Column(language.text("ours − published"), "", "right", "number", apart))
                found.append(Column(language.text("95 % interval"), "", "right", "name", apart))
            else:
                unit = language.text("points") if measure is _ACCURACY else ""
                found.append(Column(language.text("difference"), unit, "right", "number", group))
        if self.validation:
            found.append(Column(language.text("Our validation"), kind="name"))
        return tuple(found)


def _interval_column() -> Column:
    """The interval of our accuracy."""
    return Column(language.text("95 % interval"), align="right", kind="name", group=_ACCURACY.group)


def _signed(value: float, decimals: int) -> Cell:
    text = numbers.decimal(value, decimals)
    positive = value > 0 and float(f"{value:.{decimals}f}") != 0
    return number_cell(round(value, 12), f"+{text}" if positive else text)


def _points(value: float, decimals: int) -> Cell:
    return number_cell(round(100 * value, 10), numbers.points(value, decimals))


def _whole_loss(result: Result) -> float:
    """With the penalties of regularisers, as Keras prints it and others publish it."""
    return fmean(record.evaluation["test"]["loss"] for record in result.records)


def _total(result: Result) -> int:
    return result.records[0].total_params


_ACCURACY = _Measure(
    language.message("Accuracy"), "%", "percent",
    lambda p: p.test_accuracy, lambda r: score(r, "test_accuracy").mean, fraction_cell, 2, _points,
)  # fmt: skip
_LOSS = _Measure(
    language.message("Loss"), "", "number", lambda p: p.test_loss, _whole_loss,
    loss_cell, 3, _signed,
)  # fmt: skip
_F1 = _Measure(language.message("F1"), "", "number", lambda p: p.f1, means.mean_f1, score_cell, 4, _signed)
_PARAMETERS = _Measure(
    language.message("Parameters"), "", "integer", lambda p: p.total_params, _total, whole, 0, _signed
)


def published_tables(results: Sequence[Result], protocol: Protocol | None = None) -> tuple[Table, ...]:
    """Published figures beside ours, with the difference: test scores, then F1 and parameters.

    Only the rows and the measures that somebody published stand in a table; a table without any
    is left out, and so is F1 where fewer than half of the rows have one or it was printed with one
    decimal. Ours are means where a row has several runs. Our accuracies have an interval, and so
    has their difference where the size of the published test set is known; a difference without one has
    no more digits than the published figure. A last column, or the note
    where it is the same for all, says what our runs were validated on, since a score on data that chose
    the model flatters it. A published figure keeps the digits it was given with, but for those that
    ours are not printed with either. On a stand-in or in a quick build no difference is given.

    Parameters
    ----------
    results : sequence of Result
    protocol : Protocol, optional
        How the published figures came about, as far as it is known.
    """
    known = protocol or Protocol()
    source = f" ({known.source})" if known.source else ""
    scores = language.text("Published test scores{source} beside ours.", source=source)
    others = language.text("Other published figures{source} beside ours.", source=source)
    made = (
        _table("published", scores, (_ACCURACY, _LOSS), results, known),
        _table("published-others", others, (_F1, _PARAMETERS), results, known),
    )
    return tuple(table for table in made if table is not None)


def _table(
    name: str, caption: str, wanted: Sequence[_Measure], results: Sequence[Result], protocol: Protocol
) -> Table | None:
    given = [
        (result, result.row.published)
        for result in results
        if result.row.published is not None
        and any(m.theirs(result.row.published) is not None for m in wanted)
    ]
    measures = tuple(m for m in wanted if _tells(m, [published for _, published in given]))
    if not measures:
        return None
    given = [one for one in given if any(m.theirs(one[1]) is not None for m in measures)]
    own = [result for result, _ in given]
    records = [record for result in own for record in result.records]
    alike = {record.data.validation for record in records}
    shape = _Shape(
        measures,
        intervals=any(result.records for result in own),
        of_difference=protocol.test_items is not None and any(map(comparable, own)),
        repeated=means.any_repeated(own),
        validation=len(alike) > 1,
    )
    table = Table(
        id=name,
        caption=f"{caption} {_difference_words(shape)}",
        columns=shape.columns,
        rows=tuple(_line(result, published, shape, protocol) for result, published in given),
    )
    own_interval = _interval_column().full_head
    table = fitted(table, (own_interval,) if shape.of_difference else ())
    # The note is of the columns that found room.
    given_intervals = own_interval in [column.full_head for column in table.columns]
    note = _note(own, records, shape, validated_on(alike.pop()) if len(alike) == 1 else "", given_intervals)
    marks = elsewhere.note([result for result, _ in given])
    twin = twin_words.published_note([result for result, _ in given])
    held = penalty_words.published_note([result for result, _ in given]) if _LOSS in measures else ""
    return replace(table, note=" ".join(part for part in (note, held, twin, marks, table.note) if part))


def _tells(measure: _Measure, published: Sequence[Published]) -> bool:
    """Whether the columns of a measure say something: F1 in half of the rows at least, and not to 0.1."""
    given = [theirs for theirs in map(measure.theirs, published) if theirs is not None]
    if measure is not _F1:
        return bool(given)
    finer = [theirs for theirs in given if _given_decimals(theirs, measure) > 1]
    return bool(finer) and 2 * len(given) >= len(published)


def _difference_words(shape: _Shape) -> str:
    """What a difference is, and with how many digits."""
    if shape.gives_interval:
        return language.text(
            "A difference is ours minus published, from unrounded values, and has the digits of the published"
            " figure unless its interval is given."
        )
    return language.text(
        "A difference is ours minus published, from unrounded values, and has the digits of the published"
        " figure."
    )


def _line(result: Result, published: Published, shape: _Shape, protocol: Protocol) -> Line:
    cells = [means.title_cell(result)]
    if shape.repeated:
        cells.append(means.seeds_cell(result) if result.records else NOTHING)
    for measure in shape.measures:
        theirs = measure.theirs(published)
        ours = measure.ours(result) if result.records else None
        cells.append(NOTHING if theirs is None else _as_given(theirs, measure))
        cells.append(NOTHING if ours is None else measure.cell(ours))
        cells += _apart(result, measure, theirs, ours, shape, beside(result, protocol))
    if shape.validation:
        record = result.record
        cells.append(word_cell(_NO_RESULT) if record is None else said_cell(partial(_on, record)))
    return Line(tuple(cells), "normal" if result.records else "failed", result.row.id)


def _apart(
    result: Result,
    measure: _Measure,
    theirs: float | None,
    ours: float | None,
    shape: _Shape,
    judged: Beside | None,
) -> list[Cell]:
    """The difference; for an accuracy with the interval of ours before it, and its own after it."""
    difference = NOTHING
    if theirs is not None and ours is not None and (comparable(result) or measure.kind == "integer"):
        exact = measure is _ACCURACY and shape.gives_interval
        decimals = measure.decimals if exact else _given_decimals(theirs, measure)
        difference = measure.difference_cell(ours - theirs, decimals)
    if measure is not _ACCURACY or not shape.intervals:
        return [difference]
    own = NOTHING
    if result.records:
        found = score(result, "test_accuracy")
        own = interval_cell(found.low, found.high)
    if not shape.of_difference:
        return [own, difference]
    if judged is None or judged.low is None or judged.high is None:
        return [own, difference, NOTHING]
    return [own, difference, points_interval_cell(judged.low, judged.high)]


def _as_given(value: float, measure: _Measure) -> Cell:
    """A published figure with the decimals it was given with, and no more than ours have."""
    cell = measure.cell(value)
    if isinstance(value, int):
        return cell
    printed = 100 * value if measure.kind == "percent" else value
    return replace(cell, text=numbers.decimal(printed, _given_decimals(value, measure)))


def _given_decimals(value: float, measure: _Measure) -> int:
    """Decimals that a published figure was given with, and no more than ours have."""
    given = -int(Decimal(repr(value)).normalize().as_tuple().exponent)
    return min(measure.decimals, max(0, given - (2 if measure.kind == "percent" else 0)))


def _on(record: Record) -> str:
    """What a run was validated on, as it stands in a cell: ``test set``, ``10 % split``."""
    on = record.data.validation
    if on == "test":
        return language.text("test set")
    return on if isinstance(on, str) else language.text("{share} split", share=share_held_out(record.data))


def _note(
    results: Sequence[Result], records: Sequence[Record], shape: _Shape, validation: str, intervals: bool
) -> str:
    parts = []
    if validation:
        parts.append(language.text("All of ours were validated on {data}.", data=validation))
    if _ACCURACY in shape.measures and shape.intervals:
        if intervals:
            parts.append(means.interval_words(results))
        if shape.of_difference:
            parts.append(newcombe_words(intervals))
        elif any(map(comparable, results)):
            parts.append(
                language.text(
                    "The size of the published test set is not given, so the difference has no interval."
                )
            )
    if shape.repeated:
        parts.append(language.text("Ours of a row with several seeds is the mean."))
    parts.append(means.lost_words(results))
    other = {words.used_data(record.data) for record in records if record.data.stand_in}
    if other:
        parts.append(
            language.text(
                "Ours were measured on {data}: they cannot be compared.", data=language.listed(sorted(other))
            )
        )
    if any(record.data.quick for record in records):
        parts.append(language.text("Ours come from a shortened build."))
    return " ".join(part for part in parts if part)
