"""What this machine lacks, and the line that mends it.

It is for broken machines: nothing heavy is imported before the check that needs it, and a check that
breaks is a finding of its own.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from reportgen.doctor import coursework, machine, remedies, software, trial
from reportgen.doctor.finding import Finding, found
from reportgen.workspace import Workspace

__all__ = ["Finding", "examine", "guarded", "try_out"]


def examine(work: Workspace, env: Mapping[str, str]) -> Iterator[Finding]:
    """Look at everything that a build needs, one finding at a time; nothing is started or fetched.

    Parameters
    ----------
    work : Workspace
    env : mapping
        The environment.
    """
    family, cores = remedies.this_family(), machine.cores_here
    checks: tuple[tuple[str, Callable[[], Iterable[Finding]]], ...] = (
        ("python", lambda: [software.python(sys.version_info[:3], family)]),
        ("packages", lambda: software.packages(software.declared(), software.installed)),
        ("reportgen", lambda: [software.own_files(software.listed_files())]),
        ("pdf", lambda: software.printing(software.pango_here(), family)),
        ("processors", lambda: [machine.processors(cores(), coursework.threads(work), machine.gpu(env))]),
        ("memory", lambda: [machine.memory(machine.free_memory(), cores())]),
        ("disk", lambda: machine.places(machine.look_at(places(work)))),
        ("data", lambda: coursework.data(work, env)),
        ("coursework", lambda: coursework.file(work)),
    )  # fmt: skip
    told = set()
    for name, check in checks:
        for finding in guarded(name, check):
            if finding.fine or finding.text not in told:  # what is gone may stop several checks
                yield finding
            told.add(finding.text)


def places(work: Workspace) -> dict[str, Path]:
    """The folders that a build writes to, by the option that moves them."""
    import tempfile

    return {"--store": work.store, "--out": work.out, machine.TEMPORARY: Path(tempfile.gettempdir())}


def try_out(env: Mapping[str, str]) -> Iterator[Finding]:
    """Start a kernel; then make one small run, its report and its PDF (half a minute).

    Parameters
    ----------
    env : mapping
        The environment.
    """
    kernel = list(guarded("kernel", lambda: [trial.kernel(env)]))
    yield from kernel
    if all(finding.fine for finding in kernel):
        yield from guarded("run", lambda: [trial.one_run(env)])


def guarded(name: str, check: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """Make a check; where it breaks, that is its finding.

    Parameters
    ----------
    name : str
        Of the check.
    check : callable
        Gives the findings.
    """
    began = time.monotonic()
    try:
        for finding in check():
            yield replace(finding, check=name, seconds=time.monotonic() - began)
    except Exception as error:
        yield replace(_broken(error), check=name, seconds=time.monotonic() - began)


def _broken(error: Exception) -> Finding:
    if isinstance(error, ModuleNotFoundError) and error.name:
        package = error.name.partition(".")[0]
        return found(
            False, f"{package} cannot be imported: {error}", remedies.install("--force-reinstall", package)
        )
    text = str(error).strip().split("\n")[0]
    return found(False, f"this could not be looked at: {type(error).__name__}: {text}", remedies.again())
