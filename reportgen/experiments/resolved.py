"""An experiments file with everything resolved: its rows, with all their parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from reportgen.errors import Problem
from reportgen.experiments.schema import ExperimentsFile, Published
from reportgen.experiments.stages import Origin, Stage

if TYPE_CHECKING:
    from reportgen.experiments.row_calls import DataSeen, RowCalls


@dataclass(frozen=True)
class Row:
    """An experiment with everything resolved.

    Parameters
    ----------
    id, title, section, notebook : str
    parameters : mapping
        Every parameter of the notebook but ``seed``: its defaults, the section's, the row's.
    given : mapping
        Only what the section and the row set: what papermill injects.
    seed : int
        Of the first run.
    repeats : int
        Runs of the row, each with a seed of its own.
    compared_with : str or None
        Id of the row that this one is set against; None for the first of a section.
    warm_start : str or None
        Id of the row whose trained weights this one starts from.
    keep_model : bool
        Whether its runs keep their trained models.
    comment : str or None
    published : Published or None
    line : int
        Line of the row in the file.
    origin : Origin or None
        The stage that it comes of, or the kept row that it begins with.
    waits_for : str or None
        Id of the stage that decides about its settings, as long as it has not: those here stand in for them,
        and it cannot be run.
    """

    id: str
    title: str
    section: str
    notebook: str
    parameters: Mapping[str, Any]
    given: Mapping[str, Any]
    seed: int
    comment: str | None = None
    published: Published | None = None
    line: int = 0
    repeats: int = 1
    compared_with: str | None = None
    warm_start: str | None = None
    keep_model: bool = False
    origin: Origin | None = None
    waits_for: str | None = None

    @property
    def seeds(self) -> tuple[int, ...]:
        """One seed for each run: the row's, and the ones that follow it."""
        return tuple(range(self.seed, self.seed + self.repeats))


def _nowhere(path: tuple[str | int, ...], offset: int) -> int:
    """The line of a text whose file is not known."""
    return 0


@dataclass(frozen=True)
class Experiments:
    """A valid file: the tables as written, and the rows resolved.

    Parameters
    ----------
    name : str
        The file as the user named it.
    file : ExperimentsFile
    rows : tuple of Row
        In the file's order; of a search the trials that are known, and stand-ins for the others.
    digest : str
        SHA-256 of the file's bytes.
    warnings : tuple of Problem
        What its author can hardly mean, as far as it shows before the data are read.
    calls : callable or None
        Given what is known of data sets, by name, returns what the layers, the optimisers and the other calls
        of the rows come to; None without a file.
    line : callable
        Given the path of a text, tables counted from 0, and the place of a character in it, returns the
        line of the file: ``line(("experiment", 2, "comment"), 17)``.
    stages : tuple of Stage
        Sweeps and searches, in the file's order.
    """

    name: str
    file: ExperimentsFile
    rows: tuple[Row, ...]
    digest: str
    warnings: tuple[Problem, ...] = ()
    calls: Callable[[Mapping[str, DataSeen]], RowCalls] | None = field(
        default=None, compare=False, repr=False
    )
    line: Callable[[tuple[str | int, ...], int], int] = field(default=_nowhere, compare=False, repr=False)
    stages: tuple[Stage, ...] = ()

    @property
    def data_sets(self) -> tuple[str, ...]:
        """The data sets that rows ask for, by name."""
        return tuple(
            sorted({str(row.parameters["dataset"]) for row in self.rows if "dataset" in row.parameters})
        )

    @property
    def known(self) -> tuple[Row, ...]:
        """The rows whose settings are known."""
        return tuple(row for row in self.rows if row.waits_for is None)

    @property
    def later(self) -> tuple[Row, ...]:
        """The rows that wait for a stage."""
        return tuple(row for row in self.rows if row.waits_for is not None)

    def stage(self, name: str) -> Stage | None:
        """The stage of an id."""
        return next((stage for stage in self.stages if stage.id == name), None)

    def rows_of(self, section: str) -> tuple[Row, ...]:
        """The rows of one section, in the file's order."""
        return tuple(row for row in self.rows if row.section == section)
