"""This machine as an engine: as many runs at once as there are cores, longest first."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from reportgen.errors import StorageError
from reportgen.execution.outcome import Outcome
from reportgen.execution.spec import RunSpec
from reportgen.execution.warm import WarmServer, can_fork
from reportgen.results import Failure
from reportgen.store.key import code_digest
from reportgen.store.objects import Store


class LocalEngine:
    """Runs notebooks on this machine.

    Parameters
    ----------
    store : Store
        Gets every successful run's object as soon as the run ends.
    runs : Path
        Absolute folder for the runs in the making.
    jobs : int
        Runs at once.
    cold : bool
        Start an ordinary kernel for every run.
    base : mapping
        The environment of the command line.
    memory : int
        The machine's memory in bytes, 0 where unknown.
    """

    def __init__(
        self, store: Store, runs: Path, *, jobs: int, cold: bool, base: Mapping[str, str], memory: int
    ) -> None:
        self.store = store
        self.runs = runs
        self.base = dict(base)
        self.memory = memory
        self.server = None if cold or not can_fork() else WarmServer()
        self._pool = ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="run")
        self._lock = threading.Lock()
        self._running: dict[str, object] = {}
        self._stopping = False

    def submit(self, spec: RunSpec, began: Callable[[RunSpec, Path], None]) -> Future[Outcome]:
        """Queue a run; `began` is told, from a worker thread, the folder of a run that starts."""
        return self._pool.submit(self._make, spec, began)

    def stop(self, *, now: bool = False) -> None:
        """Start nothing more; interrupt what runs, and kill it after the grace time or at once."""
        from reportgen.execution.run import Run

        self._stopping = True
        with self._lock:
            running = list(self._running.values())
        for run in running:
            assert isinstance(run, Run)
            run.stop("interrupted", now=now)

    def drop(self, key: str) -> None:
        """Kill the run with this key, if it is on: nobody needs it any longer."""
        from reportgen.execution.run import Run

        with self._lock:
            running = list(self._running.values())
        for run in running:
            assert isinstance(run, Run)
            if run.spec.key == key:
                run.stop("interrupted", now=True)

    def close(self) -> None:
        """Wait for the runs in the making and end the engine."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _make(self, spec: RunSpec, began: Callable[[RunSpec, Path], None]) -> Outcome:
        if self._stopping:
            return _not_made(spec, "not-run", "the build was stopped before this run began")
        with self.store.lock(spec.key, lambda: self._stopping) as held:
            if not held:
                return _not_made(spec, "not-run", "the build was stopped before this run began")
            made = self.store.files(spec.key)  # another build may have made it while we waited
            if made is not None:
                return Outcome(spec.key, spec.label, made, None, 0.0)
            if _code(spec.notebook) != spec.code:
                return _not_made(spec, "error", "the notebook was edited during the build; build again")
            return self._kept(spec, self._run(spec, began))

    def _run(self, spec: RunSpec, began: Callable[[RunSpec, Path], None]) -> Outcome:
        from reportgen.execution.run import Run, make

        token = uuid.uuid4().hex[:12]

        def begin(run: Run) -> None:
            with self._lock:
                self._running[token] = run
            began(spec, run.folder)
            if self._stopping:
                run.stopped = "interrupted"

        try:
            return make(spec, self.runs, self.server, self.base, self.memory, token, begin)
        except OSError as error:
            raise StorageError(self.runs, error.strerror or str(error)) from error
        finally:
            with self._lock:
                self._running.pop(token, None)

    def _kept(self, spec: RunSpec, outcome: Outcome) -> Outcome:
        if outcome.files is not None:
            made = {
                "row": spec.row,
                "seconds": round(outcome.seconds, 3),
                "epochs": spec.parameters.get("epochs"),
            }
            self.store.put(spec.key, spec.parts, made, outcome.files)
        return outcome


def _not_made(spec: RunSpec, kind: str, message: str) -> Outcome:
    return Outcome(spec.key, spec.label, None, Failure(kind, message), 0.0)


def _code(notebook: str) -> str:
    from reportgen.notebooks import read_notebook

    return code_digest(read_notebook(Path(notebook)).code)
