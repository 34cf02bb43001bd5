"""The table of networks that have a line each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reportgen import language
from reportgen.analysis import counts, numbers
from reportgen.analysis.complexity import Architecture
from reportgen.tables.cells import NOTHING, number_cell, text_cell, whole
from reportgen.tables.table import Cell, Column, Line, Table
from reportgen.tables.widths import fitted


def networks_table(architectures: Sequence[Architecture], places: Mapping[str, str] | None = None) -> Table:
    """Return the size of each network and its work for one prediction, the smallest first.

    Parameters
    ----------
    architectures : sequence of Architecture
    places : mapping of str to str or None
        Number of the heading under which a row's network is counted layer by layer, by row id; None where
        these networks are not.
    """
    frozen = any(_non_trainable(item) for item in architectures)
    memory, adds = language.text("Memory, MB"), language.text("Multiply-adds")
    columns = [
        Column(language.text("Network"), kind="text"),
        *([Column(language.text("Counted in"), kind="name")] if places is not None else []),
        Column(language.text("Used by"), align="right", kind="name"),
        Column(language.text("Weights"), align="right", kind="integer"),
        Column(language.text("Biases"), align="right", kind="integer"),
        *([_integer(language.text("Trainable")), _integer(language.text("Non-trainable"))] if frozen else []),
        _integer(language.text("Total")),
        _integer(adds),
        Column(memory, align="right", kind="number"),
    ]
    if places is None:
        caption = language.text("The other networks, the one with the fewest parameters first.")
    else:
        caption = language.text("The networks of this report, the one with the fewest parameters first.")
    table = Table(
        id="networks",
        caption=caption,
        columns=tuple(columns),
        rows=tuple(
            _line(item, frozen, places) for item in sorted(architectures, key=lambda each: each.total_params)
        ),
        note=language.text("Memory is that of the parameters in float32, in MB of a million bytes."),
    )
    return fitted(table, (language.text("Biases"), language.text("Weights")))


def _integer(title: str) -> Column:
    return Column(title, align="right", kind="integer")


def _line(item: Architecture, frozen: bool, places: Mapping[str, str] | None) -> Line:
    work, users, kept = item.prediction_multiply_adds, len(item.rows), _non_trainable(item)
    row, size = item.rows[0][0], item.memory.parameters / 1e6
    return Line(
        (
            text_cell(item.label),
            *((text_cell(places.get(row, "")),) if places is not None else ()),
            Cell(users, counts.rows(users)),
            whole(_sum(item, "weights")),
            whole(_sum(item, "biases")),
            *((whole(item.total_params - kept), whole(kept)) if frozen else ()),
            whole(item.total_params),
            NOTHING if work is None else whole(work),
            number_cell(size, numbers.decimal(size, 2)),
        ),
        link=row,
    )


def _sum(item: Architecture, what: str) -> int:
    return sum(getattr(cost, what) for cost in item.layers)


def _non_trainable(item: Architecture) -> int:
    return _sum(item, "non_trainable")
