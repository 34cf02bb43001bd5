"""Rows and stages that are named on the command line: whether there are such, and what they wait for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportgen.errors import InputError, Problem
from reportgen.experiments.resolved import Experiments
from reportgen.plan import named
from reportgen.workspace import Workspace


def check_rows(
    work: Workspace, experiments: Experiments, names: Sequence[str], option: str, stages: bool = False
) -> None:
    """Raise an `InputError` where an option names rows, or also stages, that are not there."""
    import difflib

    ids = [row.id for row in experiments.rows]
    ids += [stage.id for stage in experiments.stages] if stages else []
    problems = []
    for name in names:
        if name not in ids:
            near = difflib.get_close_matches(name, ids, n=1)
            remedy = f'did you mean "{near[0]}"?' if near else "reportgen plan lists the rows"
            problems.append(
                Problem(str(work.file), 0, "unknown-row", f'{option} names no row: "{name}"', remedy)
            )
    if problems:
        raise InputError(problems)


def asked_and_waiting(experiments: Experiments, only: Sequence[str]) -> Iterator[str]:
    """Say of rows and stages that were asked for what else must be run before them.

    Parameters
    ----------
    experiments : Experiments
    only : sequence of str
        Ids of rows and stages; nothing is said where it is empty.
    """
    told: dict[tuple[str, str], int] = {}
    for row in experiments.later:
        waits_for = str(row.waits_for)
        if only and named(row, only) and waits_for not in only:
            who = row.origin.stage if row.origin is not None and row.origin.stage in only else row.id
            told[str(who), waits_for] = told.get((str(who), waits_for), 0) + 1
    for (who, waits_for), count in told.items():
        rows = f"{who}: {count} row{'' if count == 1 else 's'}" if experiments.stage(who) is not None else who
        waits = "waits" if count == 1 else "wait"
        first = " ".join(f"--only {name}" for name in (*_before(experiments, waits_for), *only))
        yield f"{rows} {waits} for the row that {waits_for} keeps: reportgen build {first}"


def _before(experiments: Experiments, name: str) -> tuple[str, ...]:
    """A stage that is not decided, behind those that it waits for."""
    stage = experiments.stage(name)
    if stage is None or stage.kept is not None:
        return ()
    return (*(_before(experiments, stage.source) if stage.source is not None else ()), name)
