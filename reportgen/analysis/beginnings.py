"""With which weights a training began: those of the initialisers, or of another row's run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.records import Record
from reportgen.results import Result


@dataclass(frozen=True)
class Source:
    """The run whose weights another one began with.

    Parameters
    ----------
    result : Result
        The row it belongs to.
    record : Record
    """

    result: Result
    record: Record

    @property
    def epoch(self) -> int:
        """The epoch, from 1, whose weights were kept: those that were tested."""
        return self.record.tested_epoch


def source(record: Record, results: Sequence[Result], row: str | None = None) -> Source | None:
    """Return where the first weights of a run came from; None for those of the initialisers.

    Parameters
    ----------
    record : Record
    results : sequence of Result
        Of the report.
    row : str or None
        Id of the row that the file names: of two that share a run it is the one to be told of.

    Returns
    -------
    Source or None
        None too where the run it began with is not among `results`.
    """
    key = record.initial.get("key")
    if not key:
        return None
    found = [
        Source(result, run.record)
        for result in results
        for run in result.runs
        if run.key == key and run.record is not None
    ]
    return next((one for one in found if one.result.row.id == row), found[0] if found else None)


def earlier(record: Record, results: Sequence[Result]) -> tuple[Source, ...] | None:
    """Return every run that a run's weights went through, the nearest first; None where one is not known."""
    chain: list[Source] = []
    while record.initial.get("key"):
        found = source(record, results)
        if found is None or any(found.record is one.record for one in chain):
            return None
        chain.append(found)
        record = found.record
    return tuple(chain)


def epochs_behind(record: Record, results: Sequence[Result]) -> int | None:
    """Return the epochs of training that lie behind the weights that were tested.

    Those of the run itself up to its tested epoch, and of each run before it up to the epoch whose weights
    were taken over. None where one of these is not known.
    """
    chain = earlier(record, results)
    return None if chain is None else record.tested_epoch + sum(one.epoch for one in chain)
