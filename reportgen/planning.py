"""A plan in words: what would run, why, and how long it should take."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from reportgen.estimates import makespan
from reportgen.experiments.resolved import Experiments, Row
from reportgen.experiments.stages import Stage
from reportgen.following import later_runs, waiting
from reportgen.plan import Plan, PlannedRun
from reportgen.progress import roughly
from reportgen.together import label, offer, standing

LARGE = 5_000_000
"""Parameters that are worth a word."""
HEAVY = 2**30
"""Bytes of memory that are."""


def plan_lines(
    plan: Plan, jobs: int, seconds: float, report_seconds: float, experiments: Experiments | None = None
) -> Iterator[str]:
    """Say for every run whether it is stored, and whose it is, or why it has to be made.

    Parameters
    ----------
    plan : Plan
    jobs : int
        Runs at once.
    seconds, report_seconds : float
        That all runs should take, and then the report.
    experiments : Experiments, optional
        Whose stages are told.
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
    if experiments is not None:
        yield from stage_lines(experiments, plan, jobs)
    count, later = len(plan.to_do), waiting(plan)
    if count or later:
        at_once = f" with {jobs} at once" if min(jobs, count + later) > 1 else ""
        more = f" and {later} more once stages are decided" if later else ""
        after = f"and {roughly(report_seconds)} for the report"
        yield f"{count} to run{more}, {roughly(seconds)}{at_once}, {after}"
    else:
        yield f"nothing to run: {len(plan.runs)} stored"


def stage_lines(experiments: Experiments, plan: Plan, jobs: int) -> Iterator[str]:
    """Say of every stage what it keeps, or what is missing for that, or what it waits for and how long.

    Parameters
    ----------
    experiments : Experiments
    plan : Plan
        Of its rows.
    jobs : int
        Runs at once.
    """
    later = later_runs(plan)
    missing = {row.id for run in plan.to_do for row in run.rows}
    for stage in experiments.stages:
        yield from _stage(stage, experiments, missing, later, jobs)
    for row in experiments.later:
        if row.origin is None or row.origin.stage is None:
            yield f"{row.id}: waits for {_decision(row.waits_for)} ({_about([row], later, jobs)})"


def _stage(
    stage: Stage,
    experiments: Experiments,
    missing: Collection[str],
    later: Mapping[str, Sequence[float]],
    jobs: int,
) -> Iterator[str]:
    rows = [row for row in experiments.later if row.origin is not None and row.origin.stage == stage.id]
    own = [row for row in rows if row.waits_for == stage.id]
    others = len(rows) - len(own)
    if stage.kept is not None:
        yield f"{stage.id}: keeps {stage.kept}, one of {_count(stage.size)}"
    if others:
        what = f"{_count(others)} {'waits' if others == 1 else 'wait'} for {_decision(stage.source)}"
        yield f"{stage.id}: {what} ({_about(rows, later, jobs)})"
    elif own:
        waits = "waits" if len(own) == 1 else "wait"
        of = f"{len(own)} of {_count(stage.size)}" if stage.rows else _count(len(own))
        yield f"{stage.id}: {of} {waits} for the trials before ({_about(own, later, jobs)})"
    elif stage.kept is None:
        gone = sum(row in missing for row in stage.rows)
        yield f"{stage.id}: {gone} of {_count(stage.size)} to run before one is kept"


def _about(rows: Sequence[Row], later: Mapping[str, Sequence[float]], jobs: int) -> str:
    return roughly(makespan((), [seconds for row in rows for seconds in later[row.id]], jobs))


def _decision(stage: str | None) -> str:
    return f"the row that {stage} keeps"


def _count(rows: int) -> str:
    return f"{rows} row{'' if rows == 1 else 's'}"


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
