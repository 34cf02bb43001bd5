"""The runs of one row, a seed a line."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from statistics import fmean

from reportgen import language
from reportgen.analysis import elsewhere, numbers, words
from reportgen.analysis.metrics import best_epochs
from reportgen.analysis.scores import value
from reportgen.analysis.statistics import sd
from reportgen.records import Record
from reportgen.results import Result, Run
from reportgen.tables.cells import (
    NOTHING,
    fraction_cell,
    loss_cell,
    number_cell,
    seconds_cells,
    whole,
    word_cell,
)
from reportgen.tables.means import validation_column
from reportgen.tables.table import Cell, Column, Line, Table
from reportgen.tables.times import times_note

_MEAN = language.message("mean")
_DEVIATION = language.message("s.d.")


def _columns() -> tuple[Column, ...]:
    return (
        Column(language.plural("Seed", "Seeds", 1), kind="name"),
        validation_column(),
        Column(language.text("Test"), "%", "right", "percent"),
        Column(language.text("Test loss"), align="right", kind="number"),
        Column(language.text("Best epoch by loss"), align="right", kind="number"),
        Column(language.text("Time"), "s", "right", "number"),
    )


def seeds_table(result: Result) -> Table:
    """One line for each seed of a row, a failed run marked; then mean and s.d. of two runs and more."""
    done = [run for run in result.runs if run.record is not None]
    records = result.records
    times = [record.times.train for record in records]
    summary: list[tuple[str, Callable[[Sequence[float]], float]]] = []
    if len(records) > 1:
        summary = [(_MEAN, fmean), (_DEVIATION, _spread)]
    # One column, one number of decimals: the s.d. of the times is printed as the times are.
    cells = seconds_cells([*times, *(how(times) for _, how in summary)])
    by_key = {run.key: cell for run, cell in zip(done, cells, strict=False)}
    lines = [_run_line(run, by_key.get(run.key, NOTHING)) for run in result.runs]
    for (name, how), time in zip(summary, cells[len(done) :], strict=True):
        lines.append(Line(_summary_cells(name, how, records, time), "total"))
    lost = len(result.runs) - len(records)
    notes = (
        _ended(len(records), len(result.runs)) if lost else "",
        language.text("The s.d. divides by n − 1.") if summary else "",
        times_note([result]),
        elsewhere.note([result]),
    )
    return Table(
        id=f"seeds-{result.row.id}",
        caption=language.text("The runs of this row, one for each seed."),
        columns=_columns(),
        rows=tuple(lines),
        note=" ".join(note for note in notes if note),
    )


def _ended(done: int, of: int) -> str:
    return language.plural(
        "{n} of {of} seeds ended with a result.",
        "{n} of {of} seeds ended with a result.",
        done,
        n=done,
        of=of,
    )


def _spread(values: Sequence[float]) -> float:
    """The standard deviation; NaN, hence a dash, where a training diverged."""
    return sd(values) if all(map(math.isfinite, values)) else math.nan


def _run_line(run: Run, time: Cell) -> Line:
    record = run.record
    mark = elsewhere.mark(run)
    seed = Cell(run.seed, f"{run.seed}{language.NO_BREAK_SPACE}{mark}" if mark else str(run.seed))
    if record is None:
        cause = words.failure(run.failure.kind if run.failure else "not-run")
        why = language.text("{seed}, no result: {cause}", seed=run.seed, cause=cause)
        return Line((Cell(run.seed, why), *[NOTHING] * 5), "failed")
    return Line(
        (
            seed,
            fraction_cell(value(record, "validation_accuracy")),
            fraction_cell(value(record, "test_accuracy")),
            loss_cell(value(record, "test_loss")),
            whole(best_epochs(record).by_loss),
            time,
        )
    )


def _loss_cell(name: str, loss: float) -> Cell:
    """The s.d. of losses that differ in the fourth decimal only is not printed as zero."""
    return loss_cell(loss) if name == _MEAN else number_cell(loss, numbers.spread(loss, 3))


def _summary_cells(
    name: str, how: Callable[[Sequence[float]], float], records: Sequence[Record], time: Cell
) -> tuple[Cell, ...]:
    accuracies = [
        fraction_cell(how([value(record, measure) for record in records]))
        for measure in ("validation_accuracy", "test_accuracy")
    ]
    epoch = how([float(best_epochs(record).by_loss) for record in records])
    return (
        word_cell(name),
        *accuracies,
        _loss_cell(name, how([value(record, "test_loss") for record in records])),
        Cell(epoch, numbers.decimal(epoch, 1)),
        time,
    )
