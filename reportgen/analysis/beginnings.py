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
    known = [(result, run) for result in results for run in result.runs if run.record is not None]
    found = [pair for pair in known if pair[1].key == key]
    # Where another run stands for the one that was asked for, the file still says whose it is.
    found = found or [pair for pair in known if pair[0].row.id == row and pair[1].seed == record.seed]
    chosen = next((pair for pair in found if pair[0].row.id == row), found[0] if found else None)
    return Source(chosen[0], chosen[1].record) if chosen and chosen[1].record else None


def earlier(record: Record, results: Sequence[Result], row: str | None = None) -> tuple[Source, ...] | None:
    """Return every run that a run's weights went through, the nearest first; None where one is not known."""
    chain: list[Source] = []
    while record.initial.get("key"):
        found = source(record, results, row)
        if found is None or len(chain) > len(results):
            return None
        chain.append(found)
        record, row = found.record, found.result.row.warm_start
    return tuple(chain)


def epochs_behind(record: Record, results: Sequence[Result], row: str | None = None) -> int | None:
    """Return the epochs of training that lie behind the weights that were tested.

    Those of the run itself up to its tested epoch, and of each run before it up to the epoch whose weights
    were taken over. None where one of these is not known.
    """
    chain = earlier(record, results, row)
    return None if chain is None else record.tested_epoch + sum(one.epoch for one in chain)
