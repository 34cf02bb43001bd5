"""A SLURM cluster, through submitit: every run is a job, runs that come together are one array of jobs.

All that the machines share is a disk with the project, the data, the store and the installation. A job is
described by a file (`reportgen.execution.job`), puts its record into the store, and says in a file how it
ended. Partition, account and the like come from SLURM's own variables, such as ``SBATCH_PARTITION``: sbatch
reads them, and they win over what is asked for here.
"""

from __future__ import annotations

import contextlib
import logging
import shutil
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reportgen.errors import EnvironmentFault
from reportgen.execution import squeue
from reportgen.execution.attempt import not_made
from reportgen.execution.engines import Began, Means
from reportgen.execution.job import Job, read_outcome, work, write_job
from reportgen.execution.outcome import Outcome, tail
from reportgen.execution.spec import RunSpec
from reportgen.results import Failure

AT_ONCE = 256
"""Jobs of an array at once where the user names no number: the cluster has limits of its own."""

MEMORY_GB = 4
MARGIN = 300.0
"""Seconds that a job may last beyond its run's time limit, to start and to write."""

GATHER = 0.5
"""Seconds without a new run after which those that came are sent together."""

LOOK, ASK = 1.0, 15.0
"""Seconds between looks at the disk, and between questions to SLURM: what goes well is seen on the disk."""

LATE = 60.0
"""Seconds that a file may take to be seen from another machine."""

_FAILURES = {
    "TIMEOUT": ("timeout", "raise time_limit in [execution], or train fewer epochs"),
    "OUT_OF_MEMORY": ("out-of-memory", "give it more: export SBATCH_MEM_PER_NODE=8G"),
}


def at_once(asked: int) -> int:
    """As many as are asked for, else as the cluster gives."""
    return asked or AT_ONCE


def start(means: Means) -> SlurmEngine:
    """The engine of the cluster that this machine belongs to."""
    if shutil.which("sbatch") is None:
        raise EnvironmentFault(
            "there is no sbatch here: build with --engine slurm on a machine of the cluster"
        )
    return SlurmEngine(means, "slurm", lambda jobs: squeue.ended(job.job_id for job in jobs))


@dataclass
class _Sent:
    """A run on its way."""

    spec: RunSpec
    began: Began
    folder: Path
    run_folder: Path
    future: Future[Outcome]
    job: Any = None
    unwanted: bool = False
    state: str = ""
    """How SLURM says that the job ended."""
    since: float = 0.0
    """When that, or the outcome on the disk, was first seen."""


class SlurmEngine:
    """Runs notebooks as jobs.

    Parameters
    ----------
    means : Means
    cluster : str
        submitit's name for where jobs go: ``slurm``, or ``local`` for processes of this machine.
    ended : callable
        How those of some jobs of submitit ended that are over, by their ids.
    late : float
        Seconds that a file may take to be seen from another machine.
    """

    def __init__(
        self,
        means: Means,
        cluster: str,
        ended: Callable[[Sequence[Any]], Mapping[str, str]],
        late: float = LATE,
    ) -> None:
        try:
            import submitit
        except ImportError as error:
            raise EnvironmentFault("submitit is not installed; pip install submitit") from error
        logging.getLogger("submitit").setLevel(logging.CRITICAL)
        self.means, self.late = means, late
        self.folder = means.runs.parent / "jobs" / uuid.uuid4().hex[:12]
        self._executor: Any = submitit.AutoExecutor(self.folder / "submitit", cluster=cluster)
        self._ended = ended
        self._new: list[_Sent] = []
        self._sent: list[_Sent] = []
        self._changed = threading.Condition()
        self._stopping = self._closing = False
        self._asked = time.monotonic()
        self._thread = threading.Thread(target=self._serve, name="slurm", daemon=True)
        self._thread.start()

    def submit(self, spec: RunSpec, began: Began) -> Future[Outcome]:
        """Queue a run; those that come one after the other become one array of jobs."""
        job = Job(spec, str(self.means.store.root), str(self.means.runs), uuid.uuid4().hex[:12])
        sent = _Sent(spec, began, self.folder / job.token, job.run_folder, Future())
        with self._changed:
            if self._stopping:
                _settle(sent, not_made(spec, "not-run", "the build was stopped before this run began"))
            else:
                write_job(sent.folder, job)
                self._new.append(sent)
                self._changed.notify()
        return sent.future

    def drop(self, key: str) -> None:
        """Cancel the job of a run."""
        with self._changed:
            self._cancel([sent for sent in (*self._new, *self._sent) if sent.spec.key == key])

    def stop(self, *, now: bool = False) -> None:
        """Cancel all jobs: SLURM interrupts them and kills them a little later; with `now`, wait for none."""
        with self._changed:
            self._stopping = True
            current = [*self._new, *self._sent]
            self._cancel(current)
            for sent in current if now else ():
                _settle(sent, _stopped(sent))
            self._changed.notify()

    def close(self) -> None:
        """Wait until every run has ended."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _cancel(self, some: Iterable[_Sent]) -> None:
        for sent in some:
            if not sent.unwanted and sent.job is not None:
                sent.job.cancel(check=False)
            sent.unwanted = True

    def _serve(self) -> None:
        """Send what is new, and look at what was sent, until the engine is closed and all has ended."""
        while True:
            with self._changed:
                if self._closing and not self._new and not self._sent:
                    return
                count = len(self._new)
                self._changed.wait(GATHER if count else LOOK)
                new = [] if count != len(self._new) else self._new
                if new:
                    self._new, self._sent = [], [*self._sent, *new]
            self._send([sent for sent in new if not sent.unwanted and not sent.future.done()])
            self._look()

    def _send(self, new: Sequence[_Sent]) -> None:
        """Hand runs over: one array of jobs for each time limit and number of threads."""
        groups: dict[tuple[float, int], list[_Sent]] = {}
        for sent in new:
            groups.setdefault((sent.spec.time_limit, sent.spec.threads), []).append(sent)
        for (limit, threads), group in groups.items():
            self._executor.update_parameters(
                name="reportgen",
                timeout_min=int((limit + MARGIN) // 60) + 1,
                cpus_per_task=threads,
                mem_gb=MEMORY_GB,
                slurm_array_parallelism=self.means.jobs,
                slurm_use_srun=False,
            )
            try:
                jobs = self._executor.map_array(work, [sent.folder for sent in group])
            except (OSError, RuntimeError, subprocess.SubprocessError) as error:
                fault = EnvironmentFault(f"SLURM did not take the jobs: {_last_line(error)}")
                for sent in group:
                    _fail(sent, fault)
                continue
            with self._changed:
                for sent, job in zip(group, jobs, strict=True):
                    sent.job = job
                    if sent.unwanted:
                        job.cancel(check=False)

    def _look(self) -> None:
        with self._changed:
            current = list(self._sent)
            self._cancel([sent for sent in current if sent.future.cancelled()])
        now = time.monotonic()
        if now - self._asked > (LOOK if any(sent.unwanted for sent in current) else ASK):
            self._asked = now
            over = self._ended([sent.job for sent in current if sent.job is not None])
            for sent in current:
                if sent.job is not None and sent.job.job_id in over:
                    sent.state = over[sent.job.job_id]
        for sent in current:
            try:
                self._look_at(sent, now)
            except (
                Exception
            ) as error:  # what goes wrong with one run must not leave the others without an end
                _fail(sent, error)
        with self._changed:
            self._sent = [sent for sent in self._sent if not sent.future.done()]

    def _look_at(self, sent: _Sent, now: float) -> None:
        """Tell that a run began or ended, where that is to be seen."""
        if sent.future.done():
            return
        if (
            not sent.future.running()
            and sent.run_folder.is_dir()
            and sent.future.set_running_or_notify_cancel()
        ):
            sent.began(sent.spec, sent.run_folder)
        outcome = read_outcome(sent.folder, sent.spec)
        if outcome is not None or sent.state:
            sent.since = sent.since or now
        waited = bool(sent.since) and now - sent.since > self.late
        judged = self._without_word(sent, waited) if outcome is None else self._by_word(sent, outcome, waited)
        if judged is not None:
            _settle(sent, judged)

    def _without_word(self, sent: _Sent, waited: bool) -> Outcome | None:
        """How a run ended whose job has left no outcome; None while it may be on, or be late."""
        if sent.unwanted and (sent.state or sent.job is None):
            return _stopped(sent)
        return self._lost(sent) if sent.state and waited else None

    def _by_word(self, sent: _Sent, outcome: Outcome, waited: bool) -> Outcome | None:
        """How a run ended by what its job says; None where that is not the last word."""
        if outcome.failure is None:
            files = self.means.store.files(sent.spec.key)
            if files is None and waited:
                message = "its job ended well, but its record is not in the store"
                return not_made(sent.spec, "no-result", message, "is the store on a disk that all share?")
            return None if files is None else replace(outcome, files=files)
        if sent.unwanted or outcome.failure.kind != "interrupted":
            return outcome
        # SLURM may queue a job again that it has stopped for another's sake.
        return (
            not_made(sent.spec, "interrupted", f"SLURM stopped its job ({sent.state})")
            if sent.state
            else None
        )

    def _lost(self, sent: _Sent) -> Outcome:
        """The outcome of a job that said nothing; its log is kept."""
        log = Path(sent.job.paths.stderr)
        kind, remedy = _FAILURES.get(sent.state, ("kernel-died", "look at what the job wrote"))
        target = self.means.runs.parent / "failed" / sent.spec.label
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        (target / "log.txt").write_text(tail(log, 200_000), encoding="utf-8")
        shutil.rmtree(sent.run_folder, ignore_errors=True)
        message = (
            f"its job ({sent.job.job_id}) ended without a result: {sent.state.lower().replace('_', ' ')}"
        )
        return Outcome(
            sent.spec.key, sent.spec.label, None, Failure(kind, message, None, tail(log), 0.0, remedy), 0.0
        )


def _settle(sent: _Sent, outcome: Outcome) -> None:
    with contextlib.suppress(InvalidStateError):  # cancelled a moment ago
        sent.future.set_result(outcome)


def _fail(sent: _Sent, error: Exception) -> None:
    with contextlib.suppress(InvalidStateError):
        sent.future.set_exception(error)


def _stopped(sent: _Sent) -> Outcome:
    if sent.future.running():
        return not_made(sent.spec, "interrupted", "the build was stopped")
    return not_made(sent.spec, "not-run", "the build was stopped before this run began")


def _last_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else repr(error)
