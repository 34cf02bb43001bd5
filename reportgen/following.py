"""Stages that are decided while runs are made: which runs are asked for then, and how many are to come."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from reportgen.estimates import makespan
from reportgen.execution.outcome import Outcome
from reportgen.execution.spec import RunSpec
from reportgen.plan import Plan
from reportgen.staging import lasting

if TYPE_CHECKING:
    from reportgen.build import Prepared

Advance = Callable[["Prepared", Collection[str]], "Prepared"]
Expect = Callable[[Plan], None]


def waiting(plan: Plan) -> int:
    """Return how many rows have settings that a stage will decide."""
    return sum(len(run.rows) for run in plan.later)


def later_seconds(plan: Plan, jobs: int, only: Sequence[str] = ()) -> float:
    """Return how long the runs may take whose settings are not known yet: by those that stand in for them.

    Parameters
    ----------
    plan : Plan
    jobs : int
        Runs at once.
    only : sequence of str
        Where rows are named, nothing else is run, and stages that need other rows are not decided.
    """
    if only:
        return 0.0
    return makespan((), [run.spec.estimate for run in plan.later for _ in run.rows], jobs)


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

    def revised(self, outcomes: Mapping[str, Outcome]) -> Sequence[RunSpec] | None:
        """Return all runs that are needed now, where that may have changed."""
        if len(outcomes) == self._seen or not self.prepared.experiments.stages:
            return None
        self._seen, self._ended = len(outcomes), outcomes
        before = self.prepared.plan
        failures = {key: ended.failure for key, ended in outcomes.items() if ended.failure is not None}
        self.prepared = self._advance(self.prepared, lasting(failures))
        if len(self.prepared.plan.later) != len(before.later):
            self._expect(self.prepared.plan)
        return tuple(run.spec for run in self.prepared.plan.wanted(self._only))

    def ended(self) -> Prepared:
        """Return what is known in the end; a run that this build made was not stored before."""
        made = {key for key, outcome in self._ended.items() if outcome.failure is None}
        runs = tuple(
            replace(run, stored=False) if run.spec.key in made else run for run in self.prepared.plan.runs
        )
        return replace(self.prepared, plan=replace(self.prepared.plan, runs=runs))
