"""How far the stages of a file have come: which rows they keep, by the records in the store."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.analysis.choice import choose, measure
from reportgen.experiments.stages import Stage, Standing
from reportgen.records import Record
from reportgen.results import Failure
from reportgen.whole import write_whole

if TYPE_CHECKING:
    from reportgen.experiments.resolved import Experiments
    from reportgen.plan import Plan, PlannedRun
    from reportgen.store.objects import Store

NOTE = "stages.json"
"""Holds the runs of stages that failed: without it, a report could not tell them from runs to come."""
_PASSING = ("interrupted", "not-run", "no-start", "no-data", "kernel-start")
"""Kinds of failure that say nothing of the settings: the run is still to come."""


def standings(
    experiments: Experiments,
    plan: Plan,
    store: Store,
    failed: Collection[str],
    known: dict[str, tuple[Record, ...]],
) -> dict[str, Standing]:
    """Return what has become of every stage that is as far as the plan goes.

    Parameters
    ----------
    experiments : Experiments
    plan : Plan
        Of its rows.
    store : Store
    failed : collection of str
        Keys of runs that failed: they are no longer waited for.
    known : dict
        Records by row and keys, filled as they are read.
    """
    runs: dict[str, list[PlannedRun]] = {}
    for run in plan.runs:
        for row in dict.fromkeys(row.id for row in run.rows):
            runs.setdefault(row, []).append(run)
    found = {}
    for stage in experiments.stages:
        records = {row: _records(runs.get(row, []), store, failed, known) for row in stage.rows}
        found[stage.id] = _standing(stage, records)
    return found


def _records(
    runs: list[PlannedRun], store: Store, failed: Collection[str], known: dict[str, tuple[Record, ...]]
) -> tuple[Record, ...] | None:
    """The records of a row; None while any of its runs is to come."""
    if not runs or not all(run.stored or run.spec.key in failed for run in runs):
        return None
    name = " ".join(run.key for run in runs if run.stored)
    if name not in known:
        read = [store.record(run.key) for run in runs if run.stored]
        if any(record is None for record in read):
            return None
        known[name] = tuple(record for record in read if record is not None)
    return known[name]


def _standing(stage: Stage, records: Mapping[str, tuple[Record, ...] | None]) -> Standing:
    settled = {row: made for row, made in records.items() if made is not None}
    kept = None
    if len(settled) == stage.size:
        choice = choose(stage, settled)
        kept = choice.kept if choice is not None else None
    return Standing(kept, tuple(_measured(stage, settled)))


def _measured(stage: Stage, settled: Mapping[str, tuple[Record, ...]]) -> Iterator[float | None]:
    """Of a search, the measures of the batches that are complete."""
    if not stage.batch:
        return
    for start in range(0, len(stage.rows), stage.batch):
        batch = stage.rows[start : start + stage.batch]
        if not all(row in settled for row in batch):
            return
        yield from (measure(stage, settled[row]) if settled[row] else None for row in batch)


def failed_before(state: Path) -> frozenset[str]:
    """Return the keys of the runs of stages that failed when they were last made.

    Parameters
    ----------
    state : Path
        Folder of what a coursework keeps.
    """
    try:
        keys = json.loads((state / NOTE).read_text(encoding="utf-8"))["failed"]
    except (OSError, ValueError, KeyError, TypeError):
        return frozenset()
    return frozenset(key for key in keys if isinstance(key, str)) if isinstance(keys, list) else frozenset()


def note_failures(state: Path, plan: Plan, failures: Mapping[str, Failure]) -> None:
    """Keep which runs of stages failed, as long as they are not made.

    Parameters
    ----------
    state : Path
    plan : Plan
    failures : mapping of str to Failure
        Of this build, by key.
    """
    before = failed_before(state)
    of_stages = {run.spec.key for run in plan.to_do if any(row.origin is not None for row in run.rows)}
    made = {run.spec.key for run in plan.runs if run.stored}
    now = (before | of_stages & lasting(failures)) - made
    if now != before:
        state.mkdir(parents=True, exist_ok=True)
        write_whole(state / NOTE, (json.dumps({"failed": sorted(now)}) + "\n").encode())


def lasting(failures: Mapping[str, Failure]) -> frozenset[str]:
    """Return the keys of the failures that would come again.

    Parameters
    ----------
    failures : mapping of str to Failure
    """
    return frozenset(key for key, failure in failures.items() if failure.kind not in _PASSING)
