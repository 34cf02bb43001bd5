"""The learning curves as numbers."""

from __future__ import annotations

from statistics import fmean

from reportgen import language
from reportgen.analysis import words
from reportgen.results import Result
from reportgen.tables.cells import fraction_cell, loss_cell, whole
from reportgen.tables.means import seeds_column
from reportgen.tables.table import Cell, Column, Line, Table

_SERIES = (("loss", False), ("val_loss", False), ("accuracy", True), ("val_accuracy", True))


def history_table(result: Result) -> Table:
    """Loss and accuracy by epoch, means over the runs that reached it; how many did, where not all.

    Raises
    ------
    ValueError
        The row has no record.
    """
    records = result.records
    if not records:
        raise ValueError(f"row {result.row.id} has no record")
    on_test = words.held_out(records[0]) == "test"
    uneven = len({record.epochs for record in records}) > 1
    rows = []
    for epoch in range(max(record.epochs for record in records)):
        reached = [record for record in records if record.epochs > epoch]
        cells: list[Cell] = [whole(epoch + 1), *((whole(len(reached)),) if uneven else ())]
        for name, part in _SERIES:
            mean = fmean(float(record.history[name][epoch]) for record in reached)
            cells.append(fraction_cell(mean) if part else loss_cell(mean))
        rows.append(Line(tuple(cells)))
    if len(records) > 1:
        caption = language.text("Loss and accuracy after each epoch, mean over {n} seeds.", n=len(records))
    else:
        caption = language.text("Loss and accuracy after each epoch.")
    held_loss = language.text("Test loss") if on_test else language.text("Validation loss")
    held_accuracy = language.text("Test accuracy") if on_test else language.text("Validation accuracy")
    return Table(
        id=f"history-{result.row.id}",
        caption=caption,
        columns=(
            Column(language.text("Epoch"), align="right", kind="integer"),
            *((seeds_column(),) if uneven else ()),
            Column(language.text("Training loss"), align="right", kind="number"),
            Column(held_loss, align="right", kind="number"),
            Column(language.text("Training accuracy"), "%", "right", "percent"),
            Column(held_accuracy, "%", "right", "percent"),
        ),
        rows=tuple(rows),
        note=language.text("A mean is over the seeds that trained up to that epoch.") if uneven else "",
    )
