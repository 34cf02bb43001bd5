"""A plan in words: what would run, why, and how long it should take."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.plan import Plan, PlannedRun
from reportgen.progress import roughly


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
        rows = ", ".join(dict.fromkeys([run.spec.label, *(row.id for row in run.rows[1:])]))
        yield f"   {rows}: {_standing(run)}"
        for candidate in run.candidates:
            whose = f"{candidate.owner}'s run" if candidate.owner else "a run"
            differs = "; ".join(candidate.differences)
            keeps = f"`reportgen accept {run.spec.row}` keeps it"
            yield f"      {whose} in the store differs in {differs}: {keeps}"
    count = len(plan.to_do)
    if count:
        at_once = f" with {jobs} at once" if min(jobs, count) > 1 else ""
        yield f"{count} to run, {roughly(seconds)}{at_once}, and {roughly(report_seconds)} for the report"
    else:
        yield f"nothing to run: {len(plan.runs)} stored"


def _standing(run: PlannedRun) -> str:
    whose = f", {run.owner}'s" if run.owner else ""
    if run.accepted is not None:
        return f"accepted{whose}, which differs in {'; '.join(run.accepted.differences)}"
    if run.stored:
        return f"merged{whose}" if run.owner else "stored"
    return f"{run.reason} ({roughly(run.spec.estimate)})"
