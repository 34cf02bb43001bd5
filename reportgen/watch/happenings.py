"""What the conductor is told, and whom it speaks to at the terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reportgen.execution.outcome import Outcome
from reportgen.execution.spec import RunSpec
from reportgen.outputs import Draft
from reportgen.progress import Progress
from reportgen.watch.desk import Set


@dataclass(frozen=True)
class Terminal:
    """How the person at the terminal is spoken to.

    Parameters
    ----------
    say, complain : callable
        Print a line, of news and of faults.
    progress : callable
        Makes what shows how runs get on.
    bug : callable
        Notes a fault of ours and returns what to say of it.
    """

    say: Callable[[str], None]
    complain: Callable[[str], None]
    progress: Callable[[], Progress]
    bug: Callable[[BaseException], str]


@dataclass(frozen=True)
class Ran:
    """Runs ended: the outcomes by key, or what ended them all."""

    result: Mapping[str, Outcome] | BaseException


@dataclass(frozen=True)
class OneRan:
    """One run ended while others go on."""

    spec: RunSpec
    outcome: Outcome


@dataclass(frozen=True)
class PdfSet:
    """A PDF was set, or could not be."""

    draft: Draft
    result: Set


@dataclass(frozen=True)
class Lost:
    """The files are no longer followed."""

    error: BaseException


Happening = str | Ran | OneRan | PdfSet | Lost
"""What the conductor is told; a text says what changed."""
