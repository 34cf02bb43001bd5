"""Every row's result, from the records of the store and the failures of this build."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from reportgen.account import LEFT_OUT
from reportgen.experiments.resolved import Experiments, Row
from reportgen.plan import named
from reportgen.results import Failure, Result, Run
from reportgen.weights import missing

if TYPE_CHECKING:
    from reportgen.build import Prepared


def collect(prepared: Prepared, failures: Mapping[str, Failure], only: tuple[str, ...]) -> tuple[Result, ...]:
    """Every row's result, in the file's order; records are read and verified here."""
    runs: dict[str, list[Run]] = {}
    unmade = _without_weights(prepared)
    for planned in prepared.plan.runs:
        key = planned.spec.key
        record = None if key in failures else prepared.store.record(planned.key)
        failure = failures.get(key)
        if record is None and failure is None:
            lacking = next((unmade[row.id] for row in planned.rows if row.id in unmade), None)
            failed = key in prepared.failed
            failure = lacking if lacking and not planned.stored else absent(planned.stored, only, failed)
        differences = planned.accepted.differences if planned.accepted is not None else ()
        run = Run(
            planned.key,
            planned.spec.parts["seed"],
            record,
            failure,
            planned.stored,
            planned.owner,
            differences,
        )
        for row in planned.rows:
            runs.setdefault(row.id, []).append(run)
    own = {row: tuple(sorted(made, key=lambda run: run.seed)) for row, made in runs.items()}
    keys = {row: {run.key for run in made} for row, made in own.items()}
    later = prepared.experiments.later
    own |= {row.id: (Run("", row.seed, None, _waits(row, only)),) for row in later}
    keys |= {row.id: set() for row in later}
    return tuple(Result(row, own[row.id], _twins(row.id, keys)) for row in prepared.experiments.rows)


def _twins(row: str, keys: Mapping[str, set[str]]) -> tuple[str, ...]:
    """The other rows with the same runs."""
    return tuple(other for other in keys if other != row and keys[row] and keys[other] == keys[row])


def _without_weights(prepared: Prepared) -> dict[str, Failure]:
    """By row, what its run lacks where a file of weights is not on this machine."""
    told = [warning for warning in prepared.warnings if warning.code == "no-weights"]
    return {
        row: Failure("not-run", f'the weights "{name}" are not on this machine', remedy=warning.remedy)
        for (row, name), warning in zip(missing(prepared.weights), told, strict=False)
    }


def absent_later(experiments: Experiments, only: tuple[str, ...]) -> dict[str, Failure]:
    """Return why there is no record of the rows whose settings a stage has yet to decide."""
    return {row.id: _waits(row, only) for row in experiments.later}


def _waits(row: Row, only: tuple[str, ...]) -> Failure:
    if only and not named(row, only):
        return absent(False, only)
    if row.origin is not None and row.origin.stage == row.waits_for:
        message = f'it waits for the trials of "{row.waits_for}" before it'
    else:
        message = f'it waits for the row that "{row.waits_for}" keeps'
    remedy = f"reportgen build --only {row.waits_for}" if only else "reportgen build"
    return Failure("not-run", message, remedy=remedy)


def absent(stored: bool, only: tuple[str, ...], failed: bool = False) -> Failure:
    """Why there is no record of a run that did not fail now: damaged, failed before, left out, to come."""
    if stored:
        return Failure("not-run", "the stored run was damaged", remedy="build again")
    if failed:
        return Failure("not-run", "it failed when it was last made", remedy="reportgen build")
    if only:
        return Failure("not-run", LEFT_OUT, remedy="build without --only")
    return Failure("not-run", "this run has not been made", remedy="reportgen build")
