"""A row's result: a record, or a failure that says why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.experiments.schema import Row
from reportgen.records import Record


@dataclass(frozen=True)
class Failure:
    """Why a run left no record.

    Parameters
    ----------
    kind : str
        ``error``, ``no-result``, ``bad-result``, ``timeout``, ``kernel-died``,
        ``out-of-memory``, ``kernel-start``, ``no-data``, ``not-run`` or ``interrupted``.
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
class Result:
    """One run of one row.

    Parameters
    ----------
    row : Row
    key : str
        The run's key in the store.
    seed : int
    record : Record or None
    failure : Failure or None
        Exactly one of the two is given.
    stored : bool
        True where the record was in the store before this build.
    same_as : tuple of str
        Ids of other rows with the same configuration, hence the same run.
    """

    row: Row
    key: str
    seed: int
    record: Record | None = None
    failure: Failure | None = None
    stored: bool = False
    same_as: tuple[str, ...] = ()
