"""Under which load times were taken: without it they look comparable and are not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportgen import language
from reportgen.analysis import costs, counts, elsewhere, numbers, overlap
from reportgen.analysis.metrics import by_data_set
from reportgen.language import NO_BREAK_SPACE
from reportgen.records import Record
from reportgen.results import Result

_NAMED = 3
"""Rows that ran alone which a note names; of more it gives the number."""


def times_note(results: Sequence[Result], everything: Sequence[Result] = ()) -> str:
    """Return under which load the times were taken, and how far they scatter; empty without a run.

    Read from ``jobs`` and ``cores`` of each record's environment, and from the times of trainings that
    were run more than once on the same data set, here or in `everything`; and from the times at which
    the runs of `everything` began and ended, which show what ran alone all the same.
    """
    parts = (_load(results), _alone(results, everything), _scatter(results, everything or results))
    return " ".join(part for part in parts if part)


def _alone(results: Sequence[Result], everything: Sequence[Result]) -> str:
    """Which rows had the machine to themselves for most of their time, though several runs might share it."""
    jobs = {record.environment.get("jobs") for result in results for record in result.records}
    # Of one row alone it is not known what ran beside it.
    if jobs & {None, 1} or (len(results) == 1 and not everything) or len(elsewhere.owners(results)) > 1:
        return ""
    done = [result for result in results if result.records]
    shares = [(result, overlap.alone(result, everything or results)) for result in done]
    found = [(result, share) for result, share in shares if share is not None and share > overlap.MOSTLY]
    if not found:
        return ""
    if len(found) > _NAMED:
        return language.plural(
            "But {n} of {of} experiments ran alone for most of its time: do not compare the times.",
            "But {n} of {of} experiments ran alone for most of their time: do not compare the times.",
            len(found), n=numbers.thousands(len(found)), of=numbers.thousands(len(done)),
        )  # fmt: skip
    named = [
        language.text(
            "{title} for {share}", title=language.quoted(result.row.title), share=numbers.percentage(share, 0)
        )
        for result, share in found
    ]
    return language.plural(
        "But one ran alone for most of its time ({titles}): do not compare its time with the others.",
        "But {n} ran alone for most of their time ({titles}): do not compare their times with the others.",
        len(found), n=len(found), titles=language.listed(named),
    )  # fmt: skip


def _scatter(results: Sequence[Result], everything: Sequence[Result]) -> str:
    """How long one and the same training took, where that forbids to compare times; else empty."""
    own = by_data_set(results)
    groups = [[r for r, _ in group] for name, group in by_data_set(everything).items() if name in own]
    found = [ends for ends in map(costs.spread, groups) if ends is not None]
    if not found:
        return ""
    return language.text(
        "One and the same training took {span}: do not compare the times.",
        span=costs.span(max(found, key=lambda ends: ends[1] / ends[0])),
    )


def _load(results: Sequence[Result]) -> str:
    """How many runs shared the machine."""
    records = [record for result in results for record in result.records]
    loads = {(record.environment.get("jobs"), record.environment.get("cores")) for record in records}
    if not loads:
        return ""
    if len(elsewhere.owners(results)) > 1:
        return language.text("Times were taken on different machines; do not compare them.")
    if len(loads) > 1:
        return language.text("Times were taken under different loads; do not compare them.")
    jobs, cores = loads.pop()
    if jobs is None:
        return language.text("How many runs shared the machine was not recorded; do not compare the times.")
    if not isinstance(cores, int):
        return language.text("Times were taken with {runs}.", runs=at_once(jobs))
    return language.text(
        "Times were taken with {runs} on {cores}.", runs=at_once(jobs), cores=counts.cores(cores)
    )


def at_once(jobs: Any) -> str:
    """Return a number of runs that share the machine: ``2 runs at once``, ``one run at a time``."""
    if jobs == 1:
        return language.text("one run at a time")
    return language.text("{n} runs at once", n=numbers.plain(jobs)).replace(" ", NO_BREAK_SPACE, 1)


def training_time(seconds: float, records: Sequence[Record], alone: float | None = None) -> str:
    """Return a training time, and how many runs shared the machine, where it was as many for all of these.

    `alone` is the part of the time at which no other run was under way, where it is known: where that is
    most of it, it stands in place of the number of runs.
    """
    jobs = {record.environment.get("jobs") for record in records}
    time = numbers.duration(seconds)
    if len(jobs) > 1 or jobs & {None, 1}:
        return time
    if alone is not None and alone > overlap.MOSTLY:
        return language.text("{time}, alone for {share}", time=time, share=numbers.percentage(alone, 0))
    together = numbers.plain(jobs.pop())
    return language.text("{time}, {n} runs at once", time=time, n=together).replace(
        f" {together} ", f" {together}{NO_BREAK_SPACE}"
    )
