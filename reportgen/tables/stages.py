"""What a stage tried, a line for each row: its values, its validation accuracy, which row is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from reportgen import language
from reportgen.analysis import numbers, twin_words
from reportgen.analysis.dimensions import Dimension, called, printed
from reportgen.analysis.scores import score
from reportgen.analysis.tried import Tried
from reportgen.analysis.words import failure
from reportgen.results import Result
from reportgen.tables import means
from reportgen.tables.cells import (
    NOTHING,
    fraction_cell,
    interval_cell,
    p_cell,
    points_cell,
    text_cell,
    whole,
    word_cell,
)
from reportgen.tables.table import Cell, Column, Line, Table
from reportgen.tables.widths import fitted

KEPT = language.message("row kept")
TO_COME = language.message("not run yet")
_SAME = language.message("the same run")


def stage_table(tried: Tried, explained: Sequence[str] = ()) -> Table:
    """Return what a stage tried, in the order of the file; failed rows stand in it with the reason.

    The test accuracy has the last, muted column, whose head says that the choice made no use of it.

    Parameters
    ----------
    tried : Tried
    explained : sequence of str
        Which of its `meanings` the note tells.
    """
    columns = tuple(_columns(tried))
    table = Table(
        id=f"stage-{tried.stage.id}",
        caption=language.text(
            "{stage}: what was tried, in the order of the file. The row kept was chosen by validation.",
            stage=called(tried.stage),
        ),
        columns=columns,
        rows=tuple(_line(tried, row, columns) for row in tried.rows),
        note=_note(tried, explained),
    )
    gives_way = [column.full_head for column in (_p(), _difference())]
    return fitted(table, gives_way, {language.text("Parameters"): language.text("Param.")}, whole=True)


def _columns(tried: Tried) -> Iterator[Column]:
    if _has_titles(tried):
        yield Column(language.text("Experiment"))
    for place, dimension in enumerate(tried.dimensions):
        # The first names the line, whatever it holds.
        number = dimension.numeric and (place > 0 or _has_titles(tried))
        yield Column(
            dimension.label, align="right" if number else "left", kind="integer" if number else "text"
        )
    yield Column(language.text("Parameters"), align="right", kind="integer")
    if means.any_repeated(tried.rows):
        yield Column(language.text("Runs"), align="right", kind="integer")
    over = _validation()
    own = language.text("mean") if means.any_repeated(tried.rows) else language.text("measured")
    yield Column(own, align="right", kind="percent", group=over)
    yield Column(language.text("95 % interval"), align="right", kind="name", group=over)
    for name, column in _published_columns().items():
        if not column.muted and any(_published(row, name) is not None for row in tried.rows):
            yield column
    if tried.kept is not None:
        yield _difference()
        yield _p()
    yield Column(language.text("Choice"), kind="name")
    yield _test()
    for name, column in _published_columns().items():
        if column.muted and any(_published(row, name) is not None for row in tried.rows):
            yield column


def _validation() -> str:
    return language.text("Validation accuracy, %")


def _unused() -> str:
    return language.text("Not used for the choice")


def _published_columns() -> dict[str, Column]:
    """By the name of the published figure; those that no choice may use are muted."""
    over, unused = _validation(), _unused()
    return {
        "validation_accuracy": Column(language.text("published"), align="right", kind="percent", group=over),
        "best_validation_accuracy": Column(
            language.text("published, best epoch"), align="right", kind="percent", group=over
        ),
        "test_accuracy": Column(language.text("published test"), "%", "right", "percent", unused, muted=True),
    }


def _test() -> Column:
    return Column(language.text("test"), "%", "right", "percent", _unused(), muted=True)


def _difference() -> Column:
    return Column(
        language.text("points"), align="right", kind="number", group=language.text("Less the row kept")
    )


def _p() -> Column:
    return Column(
        language.text("p, corrected"), align="right", kind="number", group=language.text("Less the row kept")
    )


def _has_titles(tried: Tried) -> bool:
    """Whether most rows are called otherwise than by their values, which columns of their own tell."""
    return 2 * len(_titled(tried)) > len(tried.rows)


def _titled(tried: Tried) -> list[Result]:
    """The rows that the file gives a title."""
    return [row for row in tried.rows if row.row.title[:150] != _by_values(row)[:150]]


def _by_values(row: Result) -> str:
    """The title that a row has where nobody gave it one."""
    from reportgen.experiments.naming import shown

    values = row.row.origin.values if row.row.origin is not None else {}
    return ", ".join(f"{name.replace('_', ' ')} {shown(value)}" for name, value in values.items())


def _published(row: Result, name: str) -> float | None:
    found: float | None = getattr(row.row.published, name, None)
    return found


def _line(tried: Tried, row: Result, columns: Sequence[Column]) -> Line:
    titled = (means.title_cell(row),) if _has_titles(tried) else ()
    cells = [*titled, *(_value_cell(dimension, row) for dimension in tried.dimensions)]
    by_head = _scores(tried, row)
    rest = [by_head.get(column.full_head, NOTHING) for column in columns[len(cells) :]]
    lost = not row.records and row not in tried.to_come
    return Line((*cells, *rest), "failed" if lost else "normal", row.row.id)


def _value_cell(dimension: Dimension, row: Result) -> Cell:
    value: Any = dimension.of[row.row.id]
    if value is None:
        return NOTHING
    if isinstance(value, (int, float, str)) and not isinstance(value, bool):
        return Cell(value, printed(value))
    return Cell(str(value), printed(value))


def _scores(tried: Tried, row: Result) -> dict[str, Cell]:
    """Cells by the full heads of their columns."""
    columns = {column.full_head: column for column in _columns(tried)}
    cells = {language.text("Choice"): _choice(tried, row)}
    for name, column in _published_columns().items():
        value = _published(row, name)
        if value is not None:
            cells[column.full_head] = fraction_cell(value)
    if not row.records:
        return cells
    held, test = score(row, "validation_accuracy"), score(row, "test_accuracy")
    over = _validation()
    own = language.text("mean") if means.any_repeated(tried.rows) else language.text("measured")
    cells |= {
        language.text("Parameters"): whole(row.records[0].total_params),
        language.text("Runs"): means.seeds_cell(row),
        Column(own, group=over).full_head: fraction_cell(held.mean),
        Column(language.text("95 % interval"), group=over).full_head: interval_cell(held.low, held.high),
        _test().full_head: fraction_cell(test.mean),
    }
    line = tried.against_kept(row)
    if line is not None and line.difference.relation == "other":
        cells[_difference().full_head] = points_cell(line.difference.difference)
        if line.difference.p is not None:
            cells[_p().full_head] = p_cell(line.adjusted_p)
    return {head: cell for head, cell in cells.items() if head in columns}


def _choice(tried: Tried, row: Result) -> Cell:
    """Whether a row is kept, and what validation says of the others; of a failed one, why."""
    if row is tried.kept:
        return replace(word_cell(KEPT), bold=True)
    if not row.records:
        if row in tried.to_come:
            return word_cell(TO_COME)
        cause = failure(row.failure.kind if row.failure else "not-run")
        return text_cell(language.text("no result: {cause}", cause=cause))
    line = tried.against_kept(row)
    return word_cell(line.verdict) if line is not None else NOTHING


def meanings(tried: Tried) -> tuple[str, ...]:
    """Return what comparisons with the row kept say and do not say, once for each way they are made."""
    return tried.family.meanings if tried.family is not None else ()


def _note(tried: Tried, explained: Sequence[str]) -> str:
    rows = tried.rows
    parts = [means.interval_words(rows) if tried.done else ""]
    if tried.family is not None and tried.family.tests:
        n = numbers.thousands(tried.family.tests)
        parts.append(
            language.plural(
                "“Choice” says whether the validation images tell a row from the one kept.",
                "“Choice” says whether the validation images tell a row from the one kept, after Holm’s"
                " correction for {n} comparisons.",
                tried.family.tests,
                n=n,
            )
        )
        parts.extend(explained)
    parts += [*_called(tried), means.split_words(rows), _on_test(tried), means.lost_words(rows)]
    parts.append(twin_words.note(rows, tried.everything))
    return " ".join(part for part in parts if part)


def _called(tried: Tried) -> Iterator[str]:
    """What a few rows are called, whose titles have no column."""
    for row in () if _has_titles(tried) else _titled(tried):
        values = ", ".join(
            language.text("{name}: {value}", name=each.within, value=printed(each.of[row.row.id]))
            for each in tried.dimensions
        )
        yield language.text(
            "{title}: the line with {values}.", title=language.quoted(row.row.title), values=values
        )


def _on_test(tried: Tried) -> str:
    if not any(means.validated_on_test(row) for row in tried.done):
        return ""
    return language.text(
        "Rows of this stage were validated on the test set itself: what is kept was chosen by the test."
    )
