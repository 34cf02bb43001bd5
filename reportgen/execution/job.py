"""One run in a process of its own, described by a file: what a batch system starts on another machine.

``python -m reportgen.execution.job FOLDER`` reads FOLDER/job.json and makes the run it describes, with a
cold kernel. The record goes into the store, and FOLDER/outcome.json, written last, says how it ended. Both
must lie on a disk that the machine shares with the one that wrote the file; nothing else is shared.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from reportgen.errors import EnvironmentFault
from reportgen.execution.attempt import attempt, not_made
from reportgen.execution.outcome import Outcome
from reportgen.execution.spec import RunSpec, folder_name
from reportgen.results import Failure
from reportgen.store.objects import Store

if TYPE_CHECKING:
    from reportgen.execution.run import Run

_JOB, _OUTCOME = "job.json", "outcome.json"
_OTHERS_SAY = ("versions", "machine", "onednn")
"""Parts of a key that another machine decides."""


@dataclass(frozen=True)
class Job:
    """What a job is told.

    Parameters
    ----------
    spec : RunSpec
    store : str
        Absolute path of the store.
    runs : str
        Absolute path of the folder for runs in the making.
    token : str
        Names the run's folder in it.
    """

    spec: RunSpec
    store: str
    runs: str
    token: str

    @property
    def run_folder(self) -> Path:
        """Where the kernel writes its progress while the job is on."""
        return Path(self.runs) / folder_name(self.spec, self.token)


def write_job(folder: Path, job: Job) -> None:
    """Describe a job in a folder, which is made."""
    folder.mkdir(parents=True)
    (folder / _JOB).write_text(json.dumps(asdict(job)), encoding="utf-8")


def read_outcome(folder: Path, spec: RunSpec) -> Outcome | None:
    """How the job of a folder ended, without the files of its record; None while it has not."""
    try:
        said = json.loads((folder / _OUTCOME).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    failure = Failure(**said["failure"]) if said["failure"] is not None else None
    return Outcome(spec.key, spec.label, None, failure, said["seconds"])


def work(folder: Path) -> None:
    """Make the run of a folder; say how it ended in a file, whatever happens."""
    said = json.loads((folder / _JOB).read_text(encoding="utf-8"))
    job = Job(RunSpec(**said["spec"]), said["store"], said["runs"], said["token"])
    try:
        outcome = _made(job, _Signals(), os.environ)
    except EnvironmentFault as fault:
        outcome = not_made(job.spec, "error", f"on {os.uname().nodename}: {fault}")
    failure = asdict(outcome.failure) if outcome.failure is not None else None
    temporary = folder / f".{uuid.uuid4().hex}"
    temporary.write_text(json.dumps({"failure": failure, "seconds": outcome.seconds}), encoding="utf-8")
    temporary.replace(folder / _OUTCOME)


class _Signals:
    """A signal interrupts the run, a second one kills it; a batch system sends one before it kills."""

    def __init__(self) -> None:
        self.count = 0
        self.run: Run | None = None
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._take)

    def _take(self, number: int, frame: FrameType | None) -> None:
        self.count += 1
        if self.run is not None:
            self.run.stop("interrupted", now=self.count > 1)

    def began(self, run: Run) -> None:
        """Note the run; one that was interrupted before it began ends at once."""
        self.run = run
        if self.count:
            run.stopped = "interrupted"


def _made(job: Job, signals: _Signals, env: Mapping[str, str]) -> Outcome:
    from reportgen.plan import this_machine
    from reportgen.store.key import changes

    machine = this_machine(env, 1)
    here = {"versions": dict(machine.versions), "machine": machine.machine, "onednn": machine.onednn}
    there = {name: job.spec.parts[name] for name in _OTHERS_SAY}
    differences = changes(there, here)
    if differences:
        message = f"{os.uname().nodename} is another environment: {'; '.join(differences)}"
        return not_made(
            job.spec, "error", message, "install the same versions on every machine of the cluster"
        )
    shutil.rmtree(job.run_folder, ignore_errors=True)  # left by a job that SLURM queued again
    return attempt(
        replace(job.spec, facts=machine.facts),
        Store(Path(job.store), print),
        Path(job.runs),
        token=job.token,
        server=None,
        env=env,
        memory=_memory(env),
        stopped=lambda: signals.count > 0,
        began=signals.began,
    )


def _memory(env: Mapping[str, str]) -> int:
    """Bytes that this job may use: what SLURM gave it, else all there are."""
    granted: Any = env.get("SLURM_MEM_PER_NODE", "")
    if granted.isdigit() and int(granted):
        return int(granted) * 2**20
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


if __name__ == "__main__":
    work(Path(sys.argv[1]))
