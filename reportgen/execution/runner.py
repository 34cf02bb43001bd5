"""Making many runs: longest first, watched, stopped in order when asked."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from pathlib import Path

from reportgen.execution.local import LocalEngine
from reportgen.execution.outcome import Outcome
from reportgen.execution.signals import Stop
from reportgen.execution.spec import RunSpec
from reportgen.progress import Progress
from reportgen.store.objects import Store

LOOK = 0.2
"""Seconds between two looks at the runs."""


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
) -> dict[str, Outcome]:
    """Make all runs and return how each ended, by key.

    A failed run does not stop the others, unless `fail_fast`. When `stop` is asked,
    nothing new starts, running kernels are interrupted, and killed after a grace time.
    """
    ordered = sorted(specs, key=lambda spec: -spec.estimate)
    jobs = max(1, min(jobs, len(ordered)))
    engine = LocalEngine(store, runs, jobs=jobs, cold=cold, base=env, memory=_memory())
    outcomes: dict[str, Outcome] = {}
    with stop.listening(), progress.display():
        progress.begin(tuple(ordered), jobs)
        waiting = {engine.submit(spec, progress.began): spec for spec in ordered}
        try:
            _follow(waiting, outcomes, engine, progress, stop, fail_fast)
        finally:
            engine.stop(now=bool(waiting))
            engine.close()
    return outcomes


def _follow(
    waiting: dict[Future[Outcome], RunSpec],
    outcomes: dict[str, Outcome],
    engine: LocalEngine,
    progress: Progress,
    stop: Stop,
    fail_fast: bool,
) -> None:
    obeyed = 0
    while waiting:
        done, _ = wait(waiting, timeout=LOOK, return_when=FIRST_COMPLETED)
        for future in done:
            spec = waiting.pop(future)
            outcome = future.result()
            outcomes[spec.key] = outcome
            progress.ended(spec, outcome)
            if fail_fast and outcome.failure is not None:
                engine.stop()
        progress.tick()
        if stop.count > obeyed:
            obeyed = stop.count
            if obeyed == 1:
                stop.say(f"stopping: {len(outcomes)} finished and kept (Ctrl-C again to kill)")
            engine.stop(now=obeyed > 1)


def _memory() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 0
