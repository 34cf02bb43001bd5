"""Making many runs: longest first, watched, stopped in order when asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import replace
from pathlib import Path

from reportgen.execution.attempt import not_made
from reportgen.execution.engines import DEFAULT, Engine, Means, engine_named
from reportgen.execution.outcome import Outcome
from reportgen.execution.signals import Stop
from reportgen.execution.spec import RunSpec
from reportgen.progress import STOPPED, Progress
from reportgen.results import Failure
from reportgen.store.objects import Store

LOOK = 0.2
"""Seconds between two looks at the runs."""
PATIENCE = 10.0
"""Most seconds that a run goes on which nobody needs any longer: a row that is moved within the file is away
for a moment, and what it has learnt should not be lost."""
Revised = Callable[[Mapping[str, Outcome]], Sequence[RunSpec] | None]
"""Says which runs are needed now, given those that have ended."""


def run_all(
    specs: Sequence[RunSpec],
    store: Store,
    runs: Path,
    *,
    jobs: int,
    cold: bool,
    fail_fast: bool,
    env: Mapping[str, str],
    progress: Progress,
    stop: Stop,
    revised: Revised = lambda _: None,
    engine: str = DEFAULT,
) -> dict[str, Outcome]:
    """Make all runs and return how each ended, by key.

    A run that starts from another's trained weights waits for that one, and is not made where that one
    leaves none. A failed run does not stop the others, unless `fail_fast`. When `stop` is asked,
    nothing new starts, running kernels are interrupted, and killed after a grace time.

    Parameters
    ----------
    revised : callable
        Is asked several times a second, and told how runs have ended so far, by key, whether other
        runs are needed now; returns all that are, or None. Runs that are new are queued; those that nobody
        needs any longer are stopped, the longer they have run the later, and are not among the outcomes.
    engine : str
        Name of the module of `reportgen.execution.engines` that makes them.
    """
    made_by = engine_named(engine).start(Means(store, runs, jobs, cold, env))
    making = _Making(made_by, progress, jobs)
    with stop.listening(), progress.display():
        making.submit(specs)
        try:
            _follow(making, stop, fail_fast, revised)
        finally:
            made_by.stop(now=bool(making.waiting))
            made_by.close()
    return making.outcomes


class _Making:
    """The runs of a build while they are made."""

    def __init__(self, engine: Engine, progress: Progress, jobs: int) -> None:
        self.engine, self.progress, self.jobs = engine, progress, jobs
        self.waiting: dict[Future[Outcome], RunSpec] = {}
        self.held: dict[str, RunSpec] = {}
        """Runs by their key that wait for the one they start from."""
        self.outcomes: dict[str, Outcome] = {}
        self.begun: dict[str, float] = {}
        self.dropped: dict[str, float] = {}
        """When each run that nobody needs any longer shall end, by its key."""

    def submit(self, specs: Sequence[RunSpec]) -> None:
        """Queue runs, the longest first; those that start from another one of these are held back."""
        self.progress.begin(tuple(specs), max(1, min(self.jobs, len(specs) + len(self.waiting))))
        self.held |= {spec.key: spec for spec in specs}
        self._release()

    def _release(self) -> None:
        """Queue the runs that wait for no other one any more."""
        coming = self.held.keys() | {spec.key for spec in self.waiting.values()}
        free = [spec for spec in self.held.values() if spec.warm_start not in coming]
        for spec in _longest_first(free):
            del self.held[spec.key]
            self.waiting[self.engine.submit(spec, self._began)] = spec

    def _began(self, spec: RunSpec, folder: Path) -> None:
        self.begun[spec.key] = time.monotonic()
        self.progress.began(spec, folder)

    def ended(self, future: Future[Outcome], stopped: bool = False) -> Outcome | None:
        """Take up a run that ended; None for one that was dropped.

        A run that fails after the build was `stopped` did not fail: what it leaned on went away.
        """
        spec = self.waiting.pop(future)
        given_up = self.dropped.pop(spec.key, None) is not None
        if future.cancelled() or (given_up and future.result().failure is not None):
            self.progress.dropped(spec)
            self._release()
            return None
        outcome = future.result()
        if stopped and outcome.failure is not None and outcome.failure.kind not in STOPPED:
            failure = Failure("interrupted", "the build was stopped", seconds=outcome.seconds)
            outcome = replace(outcome, failure=failure)
        self._note(spec, outcome)
        self._release()
        return outcome

    def _note(self, spec: RunSpec, outcome: Outcome) -> None:
        """Keep how a run ended; the runs that would have started from a failed one end with it."""
        self.outcomes[spec.key] = outcome
        self.progress.ended(spec, outcome)
        if outcome.failure is None:
            return
        for other in [each for each in self.held.values() if each.warm_start == spec.key]:
            del self.held[other.key]
            self._note(other, not_made(other, *_without_source(spec, outcome.failure)))

    def revise(self, specs: Sequence[RunSpec], now: float) -> None:
        """Queue what is new and mark what nobody needs any longer."""
        needed = {spec.key for spec in specs}
        known = {spec.key for spec in self.waiting.values()}
        for key in self.held.keys() - needed:
            self.progress.dropped(self.held.pop(key))
        for key in known - needed:
            spent = now - self.begun.get(key, now)
            self.dropped.setdefault(key, now + min(PATIENCE, spent / 10))
        for key in needed:
            self.dropped.pop(key, None)
        there = known | self.held.keys() | self.outcomes.keys()
        fresh = [spec for spec in specs if spec.key not in there]
        if fresh:
            self.submit(fresh)

    def drop(self, now: float) -> None:
        """End the runs whose time has come."""
        for future, spec in list(self.waiting.items()):
            if self.dropped.get(spec.key, now + 1) <= now and not future.cancel():
                self.engine.drop(spec.key)


def _follow(
    making: _Making,
    stop: Stop,
    fail_fast: bool,
    revised: Revised,
) -> None:
    obeyed = 0
    while making.waiting:
        done, _ = wait(making.waiting, timeout=LOOK, return_when=FIRST_COMPLETED)
        for future in done:
            outcome = making.ended(future, stop.count > 0)
            if fail_fast and outcome is not None and outcome.failure is not None:
                making.engine.stop()
        specs = revised(making.outcomes)
        if specs is not None and not stop.count:
            making.revise(specs, time.monotonic())
        making.drop(time.monotonic())
        making.progress.tick()
        if stop.count > obeyed:
            obeyed = stop.count
            if obeyed == 1:
                kept = sum(outcome.failure is None for outcome in making.outcomes.values())
                stop.say(f"stopping: {kept} finished and kept (Ctrl-C again to kill)")
            making.engine.stop(now=obeyed > 1)


def _without_source(source: RunSpec, failure: Failure) -> tuple[str, str, str]:
    """Why a run was not made that starts from a run that failed: kind, message and what to do."""
    if failure.kind in STOPPED:
        return "not-run", f"it starts from the weights of {source.label}, which was not made", "build again"
    if failure.kind == "no-start":
        return "no-start", f"it starts from the weights of {source.label}, which was not made", failure.remedy
    message = f"it starts from the weights of {source.label}, which failed: {failure.message}"
    return "no-start", message, f"mend {source.label} first"


def _longest_first(specs: Sequence[RunSpec]) -> list[RunSpec]:
    return sorted(specs, key=lambda spec: -spec.estimate)
