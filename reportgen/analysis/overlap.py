"""When runs were under way, and for how much of its time a run had the machine to itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from reportgen.records import Record
from reportgen.results import Result

MOSTLY = 0.5
"""A run that had the machine to itself for more than this part of its time did not share it."""


def ends(record: Record) -> tuple[datetime, datetime] | None:
    """Return when a run began and when it ended, in UTC; None where the record does not say."""
    try:
        started = datetime.fromisoformat(record.times.started)
    except ValueError:
        return None
    return started, started + timedelta(seconds=record.times.total)


def alone(result: Result, everything: Sequence[Result]) -> float | None:
    """Return the part of a row's running time at which no other run of the report was under way.

    What else kept the machine busy is not recorded, nor are runs that the report does not hold; runs of
    another owner were under way on another machine.

    Parameters
    ----------
    result : Result
    everything : sequence of Result
        Of the report, the row itself among them or not.

    Returns
    -------
    float or None
        Between 0 and 1, of all seeds together; None where no times are known, or no other run is.
    """
    places = {run.owner for run in result.runs}
    if len(places) > 1:
        return None
    known = {
        run.key: span
        for each in (*everything, result)
        for run in each.runs
        if run.owner in places and run.record is not None and (span := ends(run.record)) is not None
    }
    own = [run.key for run in result.runs if run.key in known]
    total = sum((known[key][1] - known[key][0]).total_seconds() for key in own)
    if len(known) < 2 or total <= 0:
        return None
    free = sum(_free(known[key], (span for name, span in known.items() if name != key)) for key in own)
    return free / total


def _free(span: tuple[datetime, datetime], others: Iterable[tuple[datetime, datetime]]) -> float:
    """Seconds of a span that none of the others covers."""
    start, end = span
    free, reached = 0.0, start
    for first, last in sorted(others):
        if last <= reached or first >= end:
            continue
        free += max(0.0, (first - reached).total_seconds())
        reached = max(reached, last)
    return free + max(0.0, (end - reached).total_seconds())
