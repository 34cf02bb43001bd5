"""Under which load times were taken: without it they look comparable and are not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportgen.analysis import costs, numbers
from reportgen.analysis.metrics import by_data_set
from reportgen.language import NO_BREAK_SPACE
from reportgen.records import Record
from reportgen.results import Result


def times_note(results: Sequence[Result], everything: Sequence[Result] = ()) -> str:
    """Return under which load the times were taken, and how far they scatter; empty without a run.

    Read from ``jobs`` and ``cores`` of each record's environment, and from the times of trainings that
    were run more than once on the same data set, here or in `everything`.
    """
    return f"{_load(results)} {_scatter(results, everything or results)}".strip()


def _scatter(results: Sequence[Result], everything: Sequence[Result]) -> str:
    """How long one and the same training took, where that forbids to compare times; else empty."""
    own = by_data_set(results)
    groups = [[r for r, _ in group] for name, group in by_data_set(everything).items() if name in own]
    found = [ends for ends in map(costs.spread, groups) if ends is not None]
    if not found:
        return ""
    words = costs.spread_words(max(found, key=lambda ends: ends[1] / ends[0]))
    return f"{words[0].upper()}{words[1:]}: do not compare the times."


def _load(results: Sequence[Result]) -> str:
    """How many runs shared the machine."""
    records = [record for result in results for record in result.records]
    loads = {(record.environment.get("jobs"), record.environment.get("cores")) for record in records}
    if not loads:
        return ""
    if len(loads) > 1:
        return "Times were taken under different loads; do not compare them."
    jobs, cores = loads.pop()
    if jobs is None:
        return "How many runs shared the machine was not recorded; do not compare the times."
    return f"Times were taken with {at_once(jobs)}{_on(cores)}."


def at_once(jobs: Any) -> str:
    """Return a number of runs that share the machine: ``2 runs at once``, ``one run at a time``."""
    return "one run at a time" if jobs == 1 else f"{numbers.plain(jobs)}{NO_BREAK_SPACE}runs at once"


def training_time(record: Record) -> str:
    """Return a run's training time, and how many others ran beside it."""
    jobs = record.environment.get("jobs")
    time = numbers.duration(record.times.train)
    return time if jobs in (None, 1) else f"{time}, {at_once(jobs)}"


def _on(cores: Any) -> str:
    return f" on {numbers.counted(cores, 'core')}" if isinstance(cores, int) else ""
