"""What SLURM says of jobs, asked of its controller: `sacct` needs a database that not every cluster has."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Mapping

OVER = {
    "BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED",
    "REVOKED", "TIMEOUT",
}  # fmt: skip
"""States that a job does not leave (a job that is queued again is PENDING or REQUEUED)."""

UNKNOWN = "UNKNOWN"
_WAIT = 60.0


def ended(ids: Iterable[str]) -> Mapping[str, str]:
    """How the jobs that are over ended, by their ids; `UNKNOWN` for those that SLURM has forgotten.

    Empty where SLURM gives no answer: then nothing is known of any job.

    Parameters
    ----------
    ids : iterable of str
        Such as ``17`` or, in an array, ``17_3``.
    """
    wanted = set(ids)
    arrays = sorted({id.partition("_")[0] for id in wanted})
    if not arrays:
        return {}
    command = [
        "squeue",
        "--noheader",
        "--array",
        "--states=all",
        "--format=%i|%T",
        f"--jobs={','.join(arrays)}",
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_WAIT, check=False)
    except (OSError, subprocess.SubprocessError):
        return {}
    if done.returncode and "Invalid job id" not in done.stderr:
        return {}
    return read(done.stdout, wanted)


def read(answer: str, wanted: Iterable[str]) -> Mapping[str, str]:
    """The wanted jobs that are over, from the lines of `squeue`."""
    states = dict(line.strip().partition("|")[::2] for line in answer.splitlines() if "|" in line)
    found = {id: states.get(id, UNKNOWN) for id in wanted}
    return {id: state for id, state in found.items() if state in OVER or state == UNKNOWN}
