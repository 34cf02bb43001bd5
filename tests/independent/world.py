"""Everything that the checks share: the rows, what the authors published, and what is derived from all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tests.independent import formulas, judging, sizes
from tests.independent.runs import Row
from tests.independent.tally import Num

LOSS = 2e-6
"""Keras averages losses in float32: the last digits of a recomputed one are not its own."""
DATA_SETS = {"mnist": "MNIST", "fashion_mnist": "Fashion-MNIST"}


@dataclass(frozen=True)
class World:
    """What the report is about.

    Parameters
    ----------
    rows : dict of str to Row
    source : dict
        The authors' file of experiments, or empty where it was not given.
    """

    rows: dict[str, Row]
    source: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Learn the titles that the file gives to data sets of its own."""
        own = self.source.get("dataset", {})
        DATA_SETS.update({name: table.get("title", name) for name, table in own.items()})

    @property
    def done(self) -> list[Row]:
        """Rows that have a run."""
        return [row for row in self.rows.values() if row.runs]

    @cached_property
    def ranks(self) -> dict[str, tuple[int, int, int]]:
        """Ranges of ranks."""
        return judging.rank_ranges(self.done)

    @cached_property
    def luck(self) -> dict[str, judging.Luck | None]:
        """Training luck by data set."""
        return {name: judging.luck(group) for name, group in judging.by_data_set(self.done).items()}

    def titled(self, title: str) -> list[Row]:
        """Rows with a title."""
        return [row for row in self.done if row.title == title]

    def published(self, row: str) -> dict[str, float]:
        """What the authors' file says was published for a row."""
        found = [each for each in self.source.get("experiment", []) if each["id"] == row]
        return dict(found[0].get("published", {})) if found else {}


def percent(value: float | None, decimals: int | None = 2, **more: Any) -> Num:
    """A fraction that is printed in per cent."""
    return Num(None if value is None else 100 * value, decimals, **more)


def loss(value: float | None, decimals: int = 3) -> Num:
    """A loss."""
    return Num(value, decimals, slack=LOSS)


def known(row: Row, measure: str) -> formulas.Score:
    """A score that can always be recomputed."""
    found = formulas.score(row, measure)
    assert found is not None
    return found


def work_of(row: Row) -> int | None:
    """Multiply-adds of a row's prediction."""
    return sizes.work(row.runs[0])


def each_run(row: Row, value: Callable[[Any], float]) -> list[float]:
    """A value of every run."""
    return [value(run) for run in row.runs]
