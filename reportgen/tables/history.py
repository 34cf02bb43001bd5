"""The learning curves as numbers."""

from __future__ import annotations

from statistics import fmean

from reportgen.analysis import words
from reportgen.results import Result
from reportgen.tables.cells import fraction_cell, loss_cell, whole
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
    held = words.held_out(records[0]).capitalize()
    uneven = len({record.epochs for record in records}) > 1
    rows = []
    for epoch in range(max(record.epochs for record in records)):
        reached = [record for record in records if record.epochs > epoch]
        cells: list[Cell] = [whole(epoch + 1), *((whole(len(reached)),) if uneven else ())]
        for name, part in _SERIES:
            mean = fmean(float(record.history[name][epoch]) for record in reached)
            cells.append(fraction_cell(mean) if part else loss_cell(mean))
        rows.append(Line(tuple(cells)))
    over = f", mean over {len(records)} seeds" if len(records) > 1 else ""
    return Table(
        id=f"history-{result.row.id}",
        caption=f"Loss and accuracy after each epoch{over}.",
        columns=(
            Column("Epoch", align="right", kind="integer"),
            *((Column("Seeds", align="right", kind="integer"),) if uneven else ()),
            Column("Training loss", align="right", kind="number"),
            Column(f"{held} loss", align="right", kind="number"),
            Column("Training accuracy", "%", "right", "percent"),
            Column(f"{held} accuracy", "%", "right", "percent"),
        ),
        rows=tuple(rows),
        note="A mean is over the seeds that trained up to that epoch." if uneven else "",
    )
