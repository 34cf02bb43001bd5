"""A row's result: for each of its seeds a record, or a failure that says why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.experiments.resolved import Row
from reportgen.records import Record


@dataclass(frozen=True)
class Failure:
    """Why a run left no record.

    Parameters
    ----------
    kind : str
        ``error``, ``no-result``, ``bad-result``, ``timeout``, ``kernel-died``,
        ``out-of-memory``, ``kernel-start``, ``no-data``, ``no-start``, ``not-run`` or ``interrupted``.
    message : str
        One sentence.
    cell : int or None
        Number of the code cell, from 1, that was running.
    details : str
        The end of the traceback or of the kernel's log.
    seconds : float
        How long the run lasted.
    remedy : str
        What to try.
    """

    kind: str
    message: str
    cell: int | None = None
    details: str = ""
    seconds: float = 0.0
    remedy: str = ""


@dataclass(frozen=True)
class Run:
    """One training: exactly one of record and failure is given.

    Parameters
    ----------
    key : str
        The run's key in the store.
    seed : int
    record : Record or None
    failure : Failure or None
    stored : bool
        True where the record was in the store before this build.
    owner : str
        Who made it, where it came from elsewhere; empty for one's own.
    differences : tuple of str
        Where it was accepted in place of the run the row asks for: in what it differs from that.
    """

    key: str
    seed: int
    record: Record | None = None
    failure: Failure | None = None
    stored: bool = False
    owner: str = ""
    differences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """What became of a row.

    Parameters
    ----------
    row : Row
    runs : tuple of Run
        One for each of the row's seeds, in their order; at least one.
    same_as : tuple of str
        Ids of other rows with the same configuration, hence the same runs.
    """

    row: Row
    runs: tuple[Run, ...]
    same_as: tuple[str, ...] = ()

    @property
    def records(self) -> tuple[Record, ...]:
        """The records there are, in the order of their seeds."""
        return tuple(run.record for run in self.runs if run.record is not None)

    @property
    def record(self) -> Record | None:
        """The first record: what all runs of the row have in common can be read from it."""
        return next(iter(self.records), None)

    @property
    def failure(self) -> Failure | None:
        """The first failure among the runs; there may be records beside it."""
        return next((run.failure for run in self.runs if run.failure is not None), None)

    @property
    def repeated(self) -> bool:
        """Whether the row has more than one record."""
        return len(self.records) > 1
