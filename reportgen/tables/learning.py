"""What steps into a training: planned learning rates by epoch, callbacks, penalties, each with its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.which import which
from reportgen.results import Result
from reportgen.tables.cells import text_cell
from reportgen.tables.table import Cell, Column, Line, Table


@dataclass(frozen=True)
class Stepping:
    """Something that steps into trainings: its settings in short, what there is to say, of which rows."""

    name: str
    words: str
    rows: tuple[Result, ...]


def rates_table(name: str, found: Sequence[Stepping], everything: Sequence[Result]) -> Table:
    """The learning rate of every epoch under a rule, once for rows that have the same."""
    return Table(
        id=f"rates-{name.lower()}",
        caption=language.text("Learning rate at the start of each epoch, as the runs recorded it."),
        columns=(
            Column(language.text("Experiments")),
            Column(language.text("Epochs and rate")),
        ),
        rows=tuple(Line((_said(which(each.rows, everything)), _said(each.words))) for each in found),
    )


def callbacks_table(found: Sequence[Stepping], everything: Sequence[Result]) -> Table:
    """Callbacks with what each does, and what became of it in its rows."""
    return Table(
        id="callbacks",
        caption=language.text("What watched the trainings, and what it was told to do."),
        columns=(
            Column(language.text("Callback")),
            Column(language.text("What it does")),
            Column(language.text("Experiments")),
        ),
        rows=tuple(
            Line((text_cell(each.name), _said(each.words), _said(which(each.rows, everything))))
            for each in found
        ),
    )


def penalties_table(id: str, found: Sequence[Stepping], everything: Sequence[Result]) -> Table:
    """Penalties with the layers whose weights or activations they are of."""
    return Table(
        id=id,
        caption=language.text("Penalties, the layers they are of, and the experiments that have them."),
        columns=(
            Column(language.text("Penalty"), kind="name"),
            Column(language.text("Of what")),
            Column(language.text("Experiments")),
        ),
        rows=tuple(
            Line((text_cell(each.name), _said(each.words), _said(which(each.rows, everything))))
            for each in found
        ),
    )


def layers_words(parts: Sequence[tuple[str, str]]) -> str:
    """Return layers with what of them is meant, alike ones counted: ``kernel of 2 × Dense``."""
    counts = Counter(parts)
    return language.listed(
        [
            language.text("{part} of {layers}", part=part, layers=_counted(layer, count))
            for (part, layer), count in counts.items()
        ]
    )


def _counted(layer: str, count: int) -> str:
    return layer if count == 1 else f"{numbers.thousands(count)} × {layer}"


def _said(text: str) -> Cell:
    return Cell(text, text)
