"""A plan in words: what would run, why, and how long it should take."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.plan import Plan, PlannedRun
from reportgen.progress import roughly
from reportgen.together import label, offer, standing


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
        yield f"   {label(run)}: {about}"
        if run.candidates:
            yield f"      {offer(run)}"
    count = len(plan.to_do)
    if count:
        at_once = f" with {jobs} at once" if min(jobs, count) > 1 else ""
        yield f"{count} to run, {roughly(seconds)}{at_once}, and {roughly(report_seconds)} for the report"
    else:
        yield f"nothing to run: {len(plan.runs)} stored"


def _one_seed(run: PlannedRun) -> str:
    """Say that a quick run is the only one of a row that has several seeds."""
    seeds = max(len(row.seeds) for row in run.rows)
    return f", one of its {seeds} seeds: quick" if run.spec.quick is not None and seeds > 1 else ""
