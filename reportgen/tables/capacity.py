"""Tables of the networks: shallow beside deep, and what each kind of experiment consists of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from reportgen import language
from reportgen.analysis import counts
from reportgen.analysis.capacity import FAMILIES, Family, Network, Task
from reportgen.analysis.explain_capacity import heading
from reportgen.tables.cells import NOTHING, fraction_cell, said_cell, text_cell, whole
from reportgen.tables.table import Cell, Column, Line, Table

_FAMILIES: Mapping[Family, str] = {
    "none": language.message("{task}: no hidden layer"),
    "shallow": language.message("{task}: shallow, one hidden layer"),
    "deep": language.message("{task}: deep, more hidden layers or convolutions"),
}
FILTERS = language.message("9@5×5 stands for a convolution with 9 filters of 5 × 5.")


def capacity_table(tasks: Sequence[Task]) -> Table:
    """Every network with its size, grouped by what it reads and gives and by family."""
    lines: list[Line] = []
    for task in tasks:
        for family in FAMILIES:
            own = task.family(family)
            if own:
                lines.append(Line((said_cell(partial(_family, task, family)),), "group"))
                lines += map(_network_line, own)
    return Table(
        id="capacity",
        caption=language.text("Size of the networks, shallow and deep, by number of weights."),
        columns=(
            Column(language.text("Network")),
            Column(language.text("Weighted layers"), align="right", kind="integer"),
            Column(language.text("Units, widest"), align="right", kind="integer"),
            Column(language.text("Filters, most"), align="right", kind="integer"),
            Column(language.text("Weights"), align="right", kind="integer"),
            Column(language.text("Biases"), align="right", kind="integer"),
            Column(language.text("Total"), align="right", kind="integer"),
            Column(language.text("Largest layer"), kind="name"),
            Column(language.text("Its share"), "%", "right", "percent"),
            Column(language.text("Trained by"), align="right", kind="name"),
        ),
        rows=tuple(lines),
        note=_capacity_note([network for task in tasks for network in task.networks]),
    )


def _capacity_note(networks: Sequence[Network]) -> str:
    """How to read what the table holds, and no more."""
    parts = [
        language.text("The widest layer is a dense one before the output; the share is of all parameters.")
    ]
    if any(network.filters for network in networks):
        parts.append(language.text(FILTERS))
    if any(network.inputs != network.values for network in networks):
        parts.append(
            language.text("Networks that read features stand with the images that these are computed from.")
        )
    return " ".join(parts)


def _family(task: Task, family: Family) -> str:
    return language.text(_FAMILIES[family], task=heading(task))


def _network_line(network: Network) -> Line:
    trained = counts.rows(len(network.rows)) if network.rows else language.text("only named")
    return Line(
        (
            text_cell(network.label),
            whole(network.depth),
            whole(network.widest) if network.widest else NOTHING,
            whole(network.filters) if network.filters else NOTHING,
            whole(network.weights),
            whole(network.biases),
            whole(network.total),
            said_cell(lambda: network.largest),
            fraction_cell(network.share, 1),
            Cell(len(network.rows), trained),
        )
    )
