"""This machine: as many runs at once as there are cores, in kernels forked from a warm process."""

from __future__ import annotations

import os
import shutil
import threading
import uuid
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from reportgen.execution.attempt import attempt, not_made
from reportgen.execution.engines import Began, Means
from reportgen.execution.outcome import Outcome
from reportgen.execution.spec import RunSpec
from reportgen.execution.warm import WarmServer, can_fork

if TYPE_CHECKING:
    from reportgen.execution.run import Run


def at_once(asked: int) -> int:
    """One run per core, but one alone where they would share a GPU."""
    return asked or (1 if shutil.which("nvidia-smi") else cores())


def start(means: Means) -> LocalEngine:
    """The engine of this machine."""
    return LocalEngine(means)


def cores() -> int:
    """Cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def memory() -> int:
    """This machine's memory in bytes; 0 where it does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 0


class LocalEngine:
    """Runs notebooks on this machine, each in a thread that watches its kernel."""

    def __init__(self, means: Means) -> None:
        self.means = means
        self.server = None if means.cold or not can_fork() else WarmServer()
        self._pool = ThreadPoolExecutor(max_workers=means.jobs, thread_name_prefix="run")
        self._lock = threading.Lock()
        self._running: dict[str, Run] = {}
        self._stopping = False

    def submit(self, spec: RunSpec, began: Began) -> Future[Outcome]:
        """Queue a run; `began` is told from a worker thread."""
        return self._pool.submit(self._make, spec, began)

    def drop(self, key: str) -> None:
        """Kill the run with this key, if it is on."""
        for run in self._on():
            if run.spec.key == key:
                run.stop("interrupted", now=True)

    def stop(self, *, now: bool = False) -> None:
        """Start nothing more; interrupt what runs, and kill it after the grace time or at once."""
        self._stopping = True
        running = self._on()
        for run in running:
            run.stop("interrupted", now=now)
        if self.server is not None and running and all(run.kernel.pid is None for run in running):
            self.server.end()  # they wait for it, and no kernel has come of it yet

    def close(self) -> None:
        """Wait for the runs in the making and end the engine."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _on(self) -> list[Run]:
        with self._lock:
            return list(self._running.values())

    def _make(self, spec: RunSpec, began: Began) -> Outcome:
        if self._stopping:
            return not_made(spec, "not-run", "the build was stopped before this run began")
        token = uuid.uuid4().hex[:12]

        def begin(run: Run) -> None:
            with self._lock:
                self._running[token] = run
            began(spec, run.folder)
            if self._stopping:
                run.stopped = "interrupted"

        try:
            return attempt(
                spec,
                self.means.store,
                self.means.runs,
                token=token,
                server=self.server,
                env=self.means.env,
                memory=memory(),
                stopped=lambda: self._stopping,
                began=begin,
            )
        finally:
            with self._lock:
                self._running.pop(token, None)
