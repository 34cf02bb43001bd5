"""The runs of a coursework under watch: made in a thread, revised while they are made."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from reportgen.execution.outcome import Outcome
from reportgen.execution.runner import run_all
from reportgen.execution.signals import Stop
from reportgen.execution.spec import RunSpec
from reportgen.progress import Progress, Watch
from reportgen.store.objects import Store
from reportgen.watch.state import State

TOLD = 0.5
"""Seconds between two looks at how far the runs are."""


class Runs:
    """Runs in a thread of their own.

    Parameters
    ----------
    state : State
        Is told how far they are.
    progress : Progress
        Shows them at the terminal.
    ended : callable
        Is told, from that thread, the outcomes by key or the exception that ended all runs.
    one_ended : callable
        Is told, from that thread, of every run that ended while others go on.
    """

    def __init__(
        self,
        state: State,
        progress: Progress,
        ended: Callable[[Mapping[str, Outcome] | BaseException], None],
        one_ended: Callable[[RunSpec, Outcome], None],
    ) -> None:
        self.stop = Stop(lambda text: None)
        self.begun = time.monotonic()
        self._told = _Told(progress, state, one_ended)
        self._ended = ended
        self._revised: Sequence[RunSpec] | None = None
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def begin(
        self,
        specs: Sequence[RunSpec],
        store: Store,
        runs: Path,
        *,
        jobs: int,
        cold: bool,
        env: Mapping[str, str],
    ) -> None:
        """Begin to make runs."""

        def work() -> None:
            try:
                outcomes = run_all(
                    specs, store, runs, jobs=jobs, cold=cold, fail_fast=False, env=env,
                    progress=self._told, stop=self.stop, revised=self._take,
                )  # fmt: skip
            except BaseException as error:
                self._ended(error)
            else:
                self._ended(outcomes)

        self._thread = threading.Thread(target=work, name="runs", daemon=True)
        self._thread.start()

    def revise(self, specs: Sequence[RunSpec]) -> None:
        """Say which runs are needed now."""
        with self._lock:
            self._revised = tuple(specs)

    def expect(self, later: int, seconds: float) -> None:
        """Say how many runs come once stages are decided, and how long they should take."""
        self._told.expect(0.0, later, seconds)

    def _take(self, outcomes: Mapping[str, Outcome]) -> Sequence[RunSpec] | None:
        with self._lock:
            specs, self._revised = self._revised, None
        return specs

    def seconds_left(self) -> float:
        """How long they should still take."""
        return self._told.watch.seconds_left()

    def end(self, within: float) -> None:
        """Kill what runs, and wait until all is put in order, but not for ever."""
        self.stop.count += 2
        if self._thread is None:
            return
        self._thread.join(within)
        for standing in tuple(self._told.watch.running.values()):
            # Killed by now: only the thread that takes note of it is slow, and ends with the program.
            shutil.rmtree(standing.folder, ignore_errors=True)


class _Told:
    """Progress for the terminal and for the browser."""

    def __init__(self, shown: Progress, state: State, one_ended: Callable[[RunSpec, Outcome], None]) -> None:
        self.shown, self.state, self.one_ended = shown, state, one_ended
        self.watch = Watch()
        self._last = 0.0

    def display(self) -> AbstractContextManager[Any]:
        """That of the terminal."""
        return self.shown.display()

    def expect(self, after: float, later: int = 0, later_seconds: float = 0.0) -> None:
        """Count what follows the runs."""
        self.shown.expect(after, later, later_seconds)
        self.watch.expect(after, later, later_seconds)

    def begin(self, specs: tuple[RunSpec, ...], jobs: int) -> None:
        """Take up the runs."""
        self.shown.begin(specs, jobs)
        self.watch.begin(specs, jobs)

    def began(self, spec: RunSpec, folder: Path) -> None:
        """A run starts."""
        self.shown.began(spec, folder)
        self.watch.began(spec, folder)

    def tick(self) -> None:
        """Tell the browser how far they are."""
        self.shown.tick()
        if time.monotonic() - self._last < TOLD:
            return
        self._last = time.monotonic()
        standings = self.watch.look()
        self.state.tell(
            progress=self.watch.summary(),
            runs=tuple((each.spec.label, each.epoch, each.epochs) for each in standings),
        )

    def ended(self, spec: RunSpec, outcome: Outcome) -> None:
        """A run ended."""
        self.shown.ended(spec, outcome)
        self.watch.ended(spec, outcome)
        self._last = 0.0
        if self.watch.waiting or self.watch.running:
            self.one_ended(spec, outcome)

    def dropped(self, spec: RunSpec) -> None:
        """A run is no longer needed."""
        self.shown.dropped(spec)
        self.watch.dropped(spec)
        self._last = 0.0
