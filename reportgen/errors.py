"""What can go wrong, as a tree of exceptions; each knows its exit code.

::

    ReportgenError          1   our bug, or the base of all below
    ├── InputError          2   a file or an option is wrong; nothing was run
    │   └── RunsRefused     6   runs from elsewhere failed their check; whole ones were taken
    ├── RenderError         4   the runs are fine, the report could not be drawn
    ├── EnvironmentFault    5   this machine lacks something
    │   └── StorageError    5   the store cannot be read or written
    └── CheckFailed         6   a check failed, of results or of what is stored

Exit code 3 (some runs failed) is no exception: a failed run is a value, and the
report is written all the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

EXIT_DONE = 0
EXIT_RUNS_FAILED = 3

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f]")


def printable(text: str) -> str:
    """Return `text` with control and bidirectional characters made visible.

    A title or a path is foreign text: printed raw it could drive the terminal.
    """
    return _UNPRINTABLE.sub(lambda found: f"\\x{ord(found.group()):02x}", text)


@dataclass(frozen=True, order=True)
class Problem:
    """One fault in an input file: where it is, what it is, what mends it.

    Parameters
    ----------
    file : str
        The file as the user named it.
    line : int
        Line of the fault, from 1; 0 where the whole file is meant.
    code : str
        Short kebab-case name of the kind of fault, such as ``unknown-parameter``.
    message : str
        One sentence.
    remedy : str
        What to do about it, or empty.
    column : int
        Column of the fault, from 1; 0 where the whole line is meant.
    """

    file: str
    line: int
    code: str
    message: str
    remedy: str = ""
    column: int = 0

    def __str__(self) -> str:
        return self.said("error")

    def said(self, severity: str) -> str:
        """The problem in words, as an error or as a warning."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        place += f":{self.column}" if self.column else ""
        text = f"{place}: {severity}[{self.code}]: {self.message}"
        if self.remedy:
            text += f"\n  {self.remedy}"
        return printable(text)


class ReportgenError(Exception):
    """Base of every error that reportgen raises on purpose."""

    exit_code = 1
    built: object = None
    """What a build made all the same (`reportgen.account.Built`), where only the PDF failed."""


class InputError(ReportgenError):
    """A file or an option is wrong; nothing was run.

    Parameters
    ----------
    problems : sequence of Problem
        Every fault that was found, not only the first.
    """

    exit_code = 2
    shown = 20

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        lines = [str(problem) for problem in self.problems[: self.shown]]
        if len(self.problems) > self.shown:
            lines.append(f"and {len(self.problems) - self.shown} more")
        super().__init__("\n".join(lines))


class RunsRefused(InputError):
    """Runs from elsewhere failed the check of a merge; the whole ones beside them were taken."""

    exit_code = 6
    shown = 100


class RenderError(ReportgenError):
    """The runs are in the store, but the report could not be drawn."""

    exit_code = 4


class EnvironmentFault(ReportgenError):
    """The machine lacks something that the command needs."""

    exit_code = 5


class StorageError(EnvironmentFault):
    """The store, or another file of ours, cannot be read or written."""

    def __init__(self, path: Path, reason: str) -> None:
        remedy = next((f"\n{text}" for known, text in _REMEDIES.items() if known in reason), "")
        super().__init__(printable(f"{path}: {reason}") + remedy)
        self.path = path


_REMEDIES = {
    "No space left": "free some space, then do it again: what was finished is kept",
    "Disk quota": "free some space, then do it again: what was finished is kept",
    "Permission denied": "give yourself the right to write there, or name another folder (--out, --store)",
    "Read-only file system": "name a folder that can be written to (--out, --store)",
    "Not a directory": "a file is in the way of a folder: move it, or name another folder (--out, --store)",
    "File exists": "a file is in the way of a folder: move it, or name another folder (--out, --store)",
}
"""What to do about the reasons that a system gives, by how they begin."""


class CheckFailed(ReportgenError):
    """A check (`verify`, `--strict`, `schema --check`, of the model before `submit`) failed."""

    exit_code = 6
