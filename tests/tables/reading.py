"""Reading tables in tests."""

from __future__ import annotations

import dataclasses
from typing import Any

from reportgen.results import Failure, Result
from reportgen.tables import Cell, Table
from tests import samples


def spaced(text: str) -> str:
    """A text with plain spaces."""
    return text.replace("\u00a0", " ")


def texts(table: Table) -> list[list[str]]:
    """The printed cells, line by line."""
    return [[spaced(cell.text) for cell in line.cells] for line in table.rows]


def heads(table: Table) -> list[str]:
    """The full heads of the columns."""
    return [column.full_head for column in table.columns]


def column(table: Table, head: str) -> list[Cell]:
    """The cells under a full head."""
    place = heads(table).index(head)
    return [line.cells[place] for line in table.rows if line.style != "group"]


def result(name: str, /, **facts: Any) -> Result:
    """A row with one run."""
    published = facts.pop("published", None)
    section = facts.pop("section", "raw")
    row = samples.row(name, section, title=f"Title of {name}", published=published)
    return samples.result(row, name, 42, samples.record(**({"n_test": 500, "n_validation": 300} | facts)))


def repeated(name: str, /, runs: int = 3, lost: tuple[int, ...] = (), **facts: Any) -> Result:
    """A row with several runs, of which those at the places `lost` failed."""
    published = facts.pop("published", None)
    row = samples.row(name, facts.pop("section", "raw"), title=f"Title of {name}", published=published)
    made: list[Any] = []
    for place in range(runs):
        record = samples.record(**({"n_test": 500, "n_validation": 300, "seed": 42 + place} | facts))
        times = dataclasses.replace(record.times, train=12.0 + place)
        made.append(
            Failure("timeout", "too long") if place in lost else dataclasses.replace(record, times=times)
        )
    return samples.repeated(row, made)
