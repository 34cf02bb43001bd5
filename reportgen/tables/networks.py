"""The table of networks that have a line each, where a table of layers for every one would be too much."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen import language
from reportgen.analysis import counts
from reportgen.analysis.complexity import Architecture
from reportgen.tables.cells import NOTHING, text_cell, whole
from reportgen.tables.table import Cell, Column, Line, Table


def networks_table(architectures: Sequence[Architecture]) -> Table:
    """Return the size of each network and its work for one prediction, the smallest first."""
    frozen = any(_sum(item, "non_trainable") for item in architectures)
    return Table(
        id="networks",
        caption=language.text("The other networks, the one with the fewest parameters first."),
        columns=(
            Column(language.text("Network")),
            Column(language.text("Used by"), align="right", kind="name"),
            Column(language.text("Weights"), align="right", kind="integer"),
            Column(language.text("Biases"), align="right", kind="integer"),
            *((Column(language.text("Non-trainable"), align="right", kind="integer"),) if frozen else ()),
            Column(language.text("Total"), align="right", kind="integer"),
            Column(language.text("Multiply-adds"), align="right", kind="integer"),
        ),
        rows=tuple(_line(item, frozen) for item in sorted(architectures, key=lambda each: each.total_params)),
    )


def _line(item: Architecture, frozen: bool) -> Line:
    work, users = item.prediction_multiply_adds, len(item.rows)
    return Line(
        (
            text_cell(item.label),
            Cell(users, counts.rows(users)),
            whole(_sum(item, "weights")),
            whole(_sum(item, "biases")),
            *((whole(_sum(item, "non_trainable")),) if frozen else ()),
            whole(item.total_params),
            NOTHING if work is None else whole(work),
        ),
        link=item.rows[0][0],
    )


def _sum(item: Architecture, what: str) -> int:
    return sum(getattr(cost, what) for cost in item.layers)
