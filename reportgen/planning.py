"""A plan in words: what would run, why, and how long it should take."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.plan import Plan, PlannedRun
from reportgen.progress import roughly
from reportgen.together import label, offer, standing

LARGE = 5_000_000
"""Parameters that are worth a word."""
HEAVY = 2**30
"""Bytes of memory that are."""


def plan_lines(plan: Plan, jobs: int, seconds: float, report_seconds: float) -> Iterator[str]:
    """Say for every run whether it is stored, and whose it is, or why it has to be made.

    Parameters
    ----------
    plan : Plan
    jobs : int
        Runs at once.
    seconds, report_seconds : float
        That all runs should take, and then the report.
    """
    for run in plan.runs:
        about = (
            standing(run) if run.stored else f"{run.reason}{_one_seed(run)} ({roughly(run.spec.estimate)})"
        )
        yield f"   {label(run)}: {'; '.join((about, *_noteworthy(run)))}"
        if run.candidates:
            yield f"      {offer(run)}"
    shared = [run for run in plan.runs if len({row.id for row in run.rows}) > 1]
    if shared:
        yield f"the same settings, so one run for all: {'; '.join(_rows(run) for run in shared)}"
    count = len(plan.to_do)
    if count:
        at_once = f" with {jobs} at once" if min(jobs, count) > 1 else ""
        yield f"{count} to run, {roughly(seconds)}{at_once}, and {roughly(report_seconds)} for the report"
    else:
        yield f"nothing to run: {len(plan.runs)} stored"


def _rows(run: PlannedRun) -> str:
    return " = ".join(dict.fromkeys(row.id for row in run.rows))


def _noteworthy(run: PlannedRun) -> Iterator[str]:
    """What a run that has to be made starts from, and how large it is, where it is large."""
    if run.stored:
        return
    if run.spec.warm_start_row is not None:
        yield f"starts from the weights of {run.spec.warm_start_row}"
    foreseen = run.foreseen
    if foreseen.parameters is not None and foreseen.parameters >= LARGE:
        yield f"{foreseen.parameters:,} parameters"
    if foreseen.memory is not None and foreseen.memory >= HEAVY:
        yield f"at least {foreseen.memory / 2**30:.1f} GiB of memory"


def _one_seed(run: PlannedRun) -> str:
    """Say that a quick run is the only one of a row that has several seeds."""
    seeds = max(len(row.seeds) for row in run.rows)
    return f", one of its {seeds} seeds: quick" if run.spec.quick is not None and seeds > 1 else ""
