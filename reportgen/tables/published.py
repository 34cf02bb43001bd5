"""Published figures beside ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from reportgen import language
from reportgen.analysis import elsewhere, penalty_words, twin_words, words
from reportgen.analysis.published import comparable, epochs_words, has_validation, weights_words
from reportgen.experiments.schema import Protocol, Published
from reportgen.records import Record
from reportgen.results import Result
from reportgen.tables import means
from reportgen.tables.agreement import beside, newcombe_words
from reportgen.tables.cells import (
    NOTHING,
    interval_cell,
    points_interval_cell,
    said_cell,
    whole,
    word_cell,
)
from reportgen.tables.protocols import share_held_out, validated_on
from reportgen.tables.published_measures import (
    ACCURACY,
    AT_TEST,
    F1,
    LOSS,
    PARAMETERS,
    VALIDATION_ACCURACY,
    VALIDATION_LOSS,
    Measure,
)
from reportgen.tables.table import Cell, Column, Kind, Line, Table
from reportgen.tables.widths import fitted, without_empty

_NO_RESULT = language.message("no result")


@dataclass(frozen=True)
class _Shape:
    """Which columns a table has."""

    measures: tuple[Measure, ...]
    intervals: bool
    of_difference: bool
    repeated: bool
    validation: bool
    epochs: bool

    @property
    def accuracy(self) -> Measure | None:
        """The measure that has an interval, where one has."""
        return next((one for one in self.measures if one.family is not None), None)

    @property
    def gives_interval(self) -> bool:
        """Whether the difference of accuracies has an interval."""
        return self.accuracy is not None and self.intervals and self.of_difference

    @property
    def columns(self) -> tuple[Column, ...]:
        found = [Column(language.text("Experiment"))]
        if self.repeated:
            found.append(means.seeds_column())
        for measure in self.measures:
            found += self._columns(measure)
        if self.validation:
            found.append(Column(language.text("Our validation"), kind="name"))
        return tuple(found)

    def _columns(self, measure: Measure) -> list[Column]:
        group = measure.group
        found = [Column(language.text("published"), "", "right", measure.kind, group)]
        if measure.epochs and self.epochs:
            found.append(Column(language.text("epoch"), "", "right", "integer", group))
        found.append(Column(language.text("ours"), "", "right", measure.kind, group))
        if measure.epochs:
            kind: Kind = "name" if self.repeated else "integer"
            found.append(Column(language.text("our epoch"), "", "right", kind, group))
        accuracy = self.intervals and measure.family is not None
        if accuracy:
            found.append(_interval_column(measure))
        if accuracy and self.of_difference:
            # The heading over the difference where its interval stands beside it.
            apart = language.text("Difference, points")
            found.append(Column(language.text("ours − published"), "", "right", "number", apart))
            found.append(Column(language.text("95 % interval"), "", "right", "name", apart))
        else:
            unit = language.text("points") if measure.kind == "percent" else ""
            found.append(Column(language.text("difference"), unit, "right", "number", group))
        return found


def _interval_column(measure: Measure) -> Column:
    """The interval of our accuracy."""
    return Column(language.text("95 % interval"), align="right", kind="name", group=measure.group)


def published_tables(results: Sequence[Result], protocol: Protocol | None = None) -> tuple[Table, ...]:
    """Published figures beside ours, with the difference: scores, the best of any epoch, the rest.

    Only the rows and the measures that somebody published stand in a table; a table without any
    is left out, and so is F1 where fewer than half of the rows have one or it was printed with one
    decimal. Ours are means where a row has several runs. Our accuracies have an interval, and so
    has their difference where the number of published items is known; a difference without one has
    no more digits than the published figure. Best validation figures are of any epoch, on both sides,
    each with its epoch; scores, on test or validation images, are of the weights that were tested, and the
    two kinds never share a table.
    A last column, or the note where it is the same for all, says what our runs were validated on, since a
    score on data that chose the model flatters it. A published figure keeps the digits it was given with,
    but for those that ours are not printed with either. On a stand-in or in a quick build no difference is
    given.

    Parameters
    ----------
    results : sequence of Result
    protocol : Protocol, optional
        How the published figures came about, as far as it is known.
    """
    known = protocol or Protocol()
    source = f" ({known.source})" if known.source else ""
    scores = language.text("Published test scores{source} beside ours.", source=source)
    same = language.text(
        "Published validation accuracies of the weights that were tested{source} beside ours.", source=source
    )
    highest = language.text(
        "Published highest validation accuracies of any epoch{source} beside ours.", source=source
    )
    lowest = language.text(
        "Published lowest validation losses of any epoch{source} beside ours.", source=source
    )
    others = language.text("Other published figures{source} beside ours.", source=source)
    made = (
        _table("published", scores, (ACCURACY, LOSS), results, known),
        _table("published-same-weights", same, (AT_TEST,), results, known),
        _table("published-validation", highest, (VALIDATION_ACCURACY,), results, known),
        _table("published-validation-loss", lowest, (VALIDATION_LOSS,), results, known),
        _table("published-others", others, (F1, PARAMETERS), results, known),
    )
    return tuple(table for table in made if table is not None)


def _table(
    name: str, caption: str, wanted: Sequence[Measure], results: Sequence[Result], protocol: Protocol
) -> Table | None:
    given = [
        (result, result.row.published)
        for result in results
        if result.row.published is not None
        and any(m.theirs(result.row.published) is not None for m in wanted)
    ]
    measures = tuple(m for m in wanted if m.tells([published for _, published in given]))
    if not measures:
        return None
    given = [one for one in given if any(m.theirs(one[1]) is not None for m in measures)]
    own = [result for result, _ in given]
    records = [record for result in own for record in result.records]
    alike = {record.data.validation for record in records}
    items = [m.family.items(protocol) for m in measures if m.family is not None]
    shape = _Shape(
        measures,
        intervals=any(result.records for result in own),
        of_difference=any(items) and any(map(comparable, own)),
        repeated=means.any_repeated(own),
        validation=len(alike) > 1,
        epochs=any(m.epochs.theirs(one) is not None for m in measures if m.epochs for _, one in given),
    )
    lines = tuple(_line(result, published, shape, protocol) for result, published in given)
    table = without_empty(Table(name, caption, shape.columns, lines), language.text("difference"))
    if shape.gives_interval or any(column.title == language.text("difference") for column in table.columns):
        table = replace(table, caption=f"{caption} {_difference_words(shape)}")
    own_interval = _interval_column(shape.accuracy).full_head if shape.accuracy else ""
    table = fitted(table, (own_interval,) if shape.gives_interval else ())
    # The note is of the columns that found room.
    given_intervals = own_interval in [column.full_head for column in table.columns]
    note = _note(own, records, shape, validated_on(alike.pop()) if len(alike) == 1 else "", given_intervals)
    marks = elsewhere.note(own)
    twin = twin_words.published_note(own, [name for m in measures for name in m.noise])
    held = penalty_words.published_note(own) if {LOSS, VALIDATION_LOSS} & {*measures} else ""
    of = _epoch_words(shape, results, own, protocol)
    return replace(table, note=" ".join(part for part in (of, note, held, twin, marks, table.note) if part))


def _epoch_words(shape: _Shape, results: Sequence[Result], own: Sequence[Result], protocol: Protocol) -> str:
    """Which epochs the figures of a table are of, where others of the same report are of other epochs."""
    if any(measure.epochs for measure in shape.measures):
        return language.text(
            "Each figure, published and ours, is of the epoch where it was best, and so is optimistic: the"
            " more epochs there are to choose from, the more. It is not of the weights that were tested,"
            " unless training restored those."
        )
    about_tests = {ACCURACY, LOSS} & {*shape.measures}
    return (
        weights_words(own, protocol)
        if about_tests and (has_validation(results) or protocol.tested_epoch)
        else ""
    )


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
        cells.append(NOTHING if theirs is None else measure.as_given(theirs))
        if measure.epochs and shape.epochs:
            epoch = measure.epochs.theirs(published)
            cells.append(NOTHING if epoch is None else whole(epoch))
        cells.append(NOTHING if ours is None else measure.cell(ours))
        if measure.epochs:
            cells.append(_epochs_cell(measure.epochs.ours(result)) if result.records else NOTHING)
        cells += _apart(result, measure, theirs, ours, shape, protocol)
    if shape.validation:
        record = result.record
        cells.append(word_cell(_NO_RESULT) if record is None else said_cell(partial(_on, record)))
    return Line(tuple(cells), "normal" if result.records else "failed", result.row.id)


def _epochs_cell(epochs: Sequence[int]) -> Cell:
    """The epoch of one run, or between which those of several lie."""
    if len(set(epochs)) == 1:
        return whole(epochs[0])
    return said_cell(partial(epochs_words, epochs))


def _apart(
    result: Result,
    measure: Measure,
    theirs: float | None,
    ours: float | None,
    shape: _Shape,
    protocol: Protocol,
) -> list[Cell]:
    """The difference; for an accuracy with the interval of ours before it, and its own after it."""
    difference = NOTHING
    if theirs is not None and ours is not None and (comparable(result) or measure.kind == "integer"):
        exact = measure.family is not None and shape.gives_interval
        decimals = measure.decimals if exact else measure.given_decimals(theirs)
        difference = measure.difference_cell(ours - theirs, decimals)
    if measure.family is None or not shape.intervals:
        return [difference]
    own = NOTHING
    if result.records:
        found = measure.family.ours(result)
        own = interval_cell(found.low, found.high)
    if not shape.of_difference:
        return [own, difference]
    judged = beside(result, protocol, measure.family)
    if judged is None or judged.low is None or judged.high is None:
        return [own, difference, NOTHING]
    return [own, difference, points_interval_cell(judged.low, judged.high)]


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
    if shape.accuracy is not None and shape.intervals:
        parts += _interval_words(results, shape.accuracy, shape.of_difference, intervals)
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


def _interval_words(
    results: Sequence[Result], measure: Measure, of_difference: bool, intervals: bool
) -> list[str]:
    """How the intervals were made, or why a difference has none."""
    parts = [means.interval_words(results)] if intervals else []
    if of_difference:
        parts.append(newcombe_words(intervals))
    elif any(map(comparable, results)):
        parts.append(
            language.text(
                "The size of the published test set is not given, so the difference has no interval."
            )
            if measure is ACCURACY
            else language.text(
                "The number of published validation images is not given, so the difference has no interval."
            )
        )
    return parts
