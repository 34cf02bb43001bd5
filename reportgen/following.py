"""Stages that are decided while runs are made: which runs are asked for then, and how many are to come."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from reportgen.errors import InputError
from reportgen.estimates import makespan
from reportgen.execution.outcome import Outcome
from reportgen.execution.spec import RunSpec
from reportgen.plan import Plan, named
from reportgen.staging import lasting

if TYPE_CHECKING:
    from reportgen.build import Prepared

Advance = Callable[["Prepared", Collection[str]], "Prepared"]
Expect = Callable[[Plan], None]


def later_runs(plan: Plan, only: Sequence[str] = ()) -> dict[str, list[float]]:
    """Return by row what its runs may take, in seconds, of the rows whose settings a stage will decide.

    Parameters
    ----------
    plan : Plan
    only : sequence of str
        Where rows or stages are named, nothing else is run: what waits for another stage is left out.
    """
    found: dict[str, list[float]] = {}
    for run in plan.later:
        for row in run.rows:
            if not only or (named(row, only) and row.waits_for in only):
                found.setdefault(row.id, []).append(run.spec.estimate)
    return found


def waiting(plan: Plan, only: Sequence[str] = ()) -> int:
    """Return how many runs there are to come whose settings a stage will decide; see `later_runs`."""
    return sum(map(len, later_runs(plan, only).values()))


def later_seconds(plan: Plan, jobs: int, only: Sequence[str] = ()) -> float:
    """Return how long these runs may take, so many at once: by those that stand in for them."""
    return makespan((), [seconds for runs in later_runs(plan, only).values() for seconds in runs], jobs)


class Following:
    """What a build needs to run, as its stages are decided.

    Parameters
    ----------
    prepared : Prepared
        Before anything ran.
    advance : callable
        Plans again, given what is known and the keys of the runs that failed.
    only : sequence of str
        Rows or stages to run; all where empty.
    expect : callable
        Is told of every new plan.
    """

    def __init__(self, prepared: Prepared, advance: Advance, only: Sequence[str], expect: Expect) -> None:
        self.prepared, self._advance, self._only, self._expect = prepared, advance, only, expect
        self._ended: Mapping[str, Outcome] = {}
        self._seen = 0
        self._fault: InputError | None = None

    def revised(self, outcomes: Mapping[str, Outcome]) -> Sequence[RunSpec] | None:
        """Return all runs that are needed now, where that may have changed.

        A stage whose rows turn out to be wrong once it is known what they begin with stops nothing that runs.
        """
        if len(outcomes) == self._seen or not self.prepared.experiments.stages or self._fault is not None:
            return None
        self._seen, self._ended = len(outcomes), outcomes
        before = self.prepared.plan
        failures = {key: ended.failure for key, ended in outcomes.items() if ended.failure is not None}
        try:
            self.prepared = self._advance(self.prepared, lasting(failures))
        except InputError as error:
            self._fault = error
            return None
        if waiting(self.prepared.plan) != waiting(before):
            self._expect(self.prepared.plan)
        return tuple(run.spec for run in self.prepared.plan.wanted(self._only))

    def ended(self) -> Prepared:
        """Return what is known in the end; a run that this build made was not stored before.

        Raises
        ------
        InputError
            Rows of a stage are wrong with what they begin with.
        """
        if self._fault is not None:
            raise self._fault
        made = {key for key, outcome in self._ended.items() if outcome.failure is None}
        runs = tuple(
            replace(run, stored=False) if run.spec.key in made else run for run in self.prepared.plan.runs
        )
        return replace(self.prepared, plan=replace(self.prepared.plan, runs=runs))
