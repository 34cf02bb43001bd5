"""What patterns of sentences are made of, and how the rows that a sentence names are found."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from tests.independent.runs import Row
from tests.independent.tally import Expected, Num, Several
from tests.independent.world import World

NUMBER = "[+\u2212-]?\\d[\\d\u00a0]*(?:\\.\\d+)?"
N = f"({NUMBER})"
PERCENT = f"{N}[ \u00a0]?%"
SPAN = f"({NUMBER}(?:\u2013{NUMBER})?)"
TO = f"{N}\u2013{N}"
ROW = "\u201c(?P<title>[^\u201d]+)\u201d(?: \\((?P<id>[a-z][\\w-]*)\\))?"
"""A row by its title, and by its id where it stands in another chapter."""
Found = Sequence[Expected]
Said = Callable[[World, Row, "re.Match[str]"], Found]


class Fragment(NamedTuple):
    """A piece of a sentence: where it may stand, its pattern, and what its numbers must be.

    Groups without a name are compared in their order; groups with one say what to compare with. No
    expected number at all: the piece is left uncovered.
    """

    places: str
    pattern: str
    said: Said


@cache
def flexible(pattern: str) -> str:
    """The pattern, where any blank may be one at which no line breaks."""
    return re.sub("\\[[^\\]]*\\]| ", lambda m: "[ \u00a0]" if m[0] == " " else m[0], pattern)


def mean_of(values: Sequence[float]) -> float:
    """Mean; NaN of none."""
    return float(np.mean(values)) if len(values) else float("nan")


def last(row: Row, name: str) -> float:
    """Mean over the runs of a curve's last value."""
    return mean_of([float(run.history(name)[-1]) for run in row.runs])


def span(values: Sequence[int]) -> Expected:
    """One number, or the smallest and the largest."""
    low, high = min(values), max(values)
    return Num(low) if low == high else Several("(.+)\u2013(.+)", (Num(low), Num(high)))


def titled(world: World, row: Row, title: str, id: str | None = None) -> Row | None:
    """The row that a sentence about `row` calls by a title; None where several have it."""
    if id is not None:
        found = world.rows.get(id)
        return found if found is not None and found.title == title and found.runs else None
    rows = [each for each in world.titled(title) if each.data_set == row.data_set]
    own = [each for each in rows if each.facts["section"] == row.facts["section"]]
    rows = own or rows
    return rows[0] if len(rows) == 1 else None


def named(world: World, row: Row, match: re.Match[str]) -> Row | None:
    """The row that a match of `ROW` names."""
    return titled(world, row, match["title"], match["id"])


def section_of(world: World, row: Row) -> list[Row]:
    """The rows of a row's chapter that have a run."""
    return [each for each in world.done if each.facts["section"] == row.facts["section"]]
