"""What the commands that make the report put into their JSON documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.cli.plan_shapes import LaterShape, PlannedShape, PlanShape, StageShape
from reportgen.cli.problem_shape import ProblemShape
from reportgen.cli.shapes import BuildShape, FailureShape, RunShape, ScoreShape
from reportgen.errors import Problem

if TYPE_CHECKING:
    from reportgen.account import Built
    from reportgen.build import Prepared
    from reportgen.plan import PlannedRun
    from reportgen.results import Failure
    from reportgen.store.objects import Store
    from reportgen.workspace import Workspace


def problem(found: Problem) -> ProblemShape:
    """Return a problem as it stands in a document."""
    return ProblemShape(
        file=found.file,
        line=found.line,
        column=found.column,
        code=found.code,
        message=found.message,
        remedy=found.remedy,
    )


def failures(found: Mapping[str, Failure], logs: Path) -> list[FailureShape]:
    """Return the runs without a result, given by `reportgen.execution.spec.run_label`."""
    return [
        FailureShape(
            run=run,
            kind=failure.kind,
            message=failure.message,
            remedy=failure.remedy,
            cell=failure.cell,
            log=str(logs / run) if (logs / run).is_dir() else None,
        )
        for run, failure in found.items()
    ]


def of_plan(prepared: Prepared, work: Workspace, jobs: int) -> PlanShape:
    """Return what ``plan`` tells."""
    from reportgen.estimates import LIBRARIES, drawing_seconds, makespan  # numpy comes with them
    from reportgen.following import later_seconds

    plan, to_do = prepared.plan, prepared.plan.to_do
    estimates = sorted((run.spec.estimate for run in to_do), reverse=True)
    seconds = LIBRARIES + makespan((), estimates, jobs) if to_do else 0.0
    return PlanShape(
        runs=[_planned(run) for run in plan.runs],
        stages=_stages(prepared, jobs),
        later=_later(prepared),
        stored=len(plan.runs) - len(to_do),
        to_run=len(to_do),
        jobs=jobs,
        seconds=round(seconds + later_seconds(plan, jobs), 1),
        report_seconds=round(drawing_seconds(work.state, len(prepared.experiments.rows)), 1),
        stand_ins={name: found.name for name, found in prepared.data.items() if found.stand_in},
        warnings=problems(prepared.warnings),
    )


def _stages(prepared: Prepared, jobs: int) -> list[StageShape]:
    from reportgen.estimates import makespan
    from reportgen.following import later_runs

    later = later_runs(prepared.plan)
    stage_of = {row.id: row.origin.stage for row in prepared.experiments.later if row.origin is not None}
    return [
        StageShape(
            id=stage.id,
            section=stage.section,
            kind=stage.kind,
            size=stage.size,
            rows=list(stage.rows),
            kept=stage.kept,
            source=stage.source,
            begins_with=stage.begins_with,
            waiting=stage.waiting,
            seconds=round(
                makespan(
                    (), [each for row in later if stage_of.get(row) == stage.id for each in later[row]], jobs
                ),
                1,
            ),
        )
        for stage in prepared.experiments.stages
    ]


def _later(prepared: Prepared) -> list[LaterShape]:
    from reportgen.following import later_runs

    later = later_runs(prepared.plan)
    return [
        LaterShape(
            row=row.id,
            waits_for=str(row.waits_for),
            runs=len(later[row.id]),
            seconds=round(sum(later[row.id]), 1),
        )
        for row in prepared.experiments.later
    ]


def _planned(run: PlannedRun) -> PlannedShape:
    from reportgen.together import entry

    origin, foreseen = entry(run), run.foreseen
    return PlannedShape(
        rows=list(dict.fromkeys(row.id for row in run.rows)),
        seed=run.spec.parts["seed"],
        key=origin["key"],
        stored=run.stored,
        reason=run.reason,
        changes=list(run.changes),
        owner=origin["owner"],
        accepted=origin["accepted"],
        candidates=origin["candidates"],
        estimate=round(run.spec.estimate, 1),
        starts_from=run.spec.warm_start,
        parameters=foreseen.parameters,
        trainable=foreseen.trainable,
        memory=foreseen.memory,
        rates=None if foreseen.rates is None else list(foreseen.rates),
    )


def of_build(built: Built, work: Workspace, store: Store, quick: bool, seconds: float) -> BuildShape:
    """Return what ``build`` and ``render`` tell; the headers of the runs are read for their times."""
    states = [run.state for run in built.runs]
    return BuildShape(
        quick=quick,
        written=built.written,
        pdf=str(built.pdf),
        html=str(built.html),
        seconds=round(seconds, 2),
        counts={state: states.count(state) for state in dict.fromkeys(states)},
        runs=[
            RunShape(
                rows=list(run.rows),
                seed=run.seed,
                key=run.key,
                state=run.state,
                owner=run.owner or None,
                differences=list(run.differences),
                seconds=None if run.failure is not None else _seconds(store, run.key),
            )
            for run in built.runs
        ],
        scores=[ScoreShape(**asdict(each)) for each in built.scores],  # type: ignore[typeddict-item]
        failures=failures(built.failed, work.state / "failed"),
        warnings=list(built.warnings),
        findings=problems(built.findings),
        stand_ins=dict(built.stand_ins),
    )


def problems(found: Sequence[Problem]) -> list[ProblemShape]:
    """Return problems as they stand in a document."""
    return [problem(each) for each in found]


def _seconds(store: Store, key: str) -> float | None:
    header = store.header(key)
    took = header.made.get("seconds") if header is not None else None
    return float(took) if isinstance(took, (int, float)) else None
