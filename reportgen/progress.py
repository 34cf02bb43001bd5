"""How the runs of a build get on, and how that is told to a log; `reportgen.live` shows it at a terminal."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from reportgen.errors import printable
from reportgen.estimates import LIBRARIES, makespan
from reportgen.execution.outcome import Outcome
from reportgen.execution.spec import RunSpec

HEARTBEAT = 60.0
"""Seconds of silence after which a log is told that all is well."""
STOPPED = ("interrupted", "not-run")
"""Kinds of failure that are none: the build was stopped."""
GIVEN_UP = "stopped, it is no longer needed"


class Progress(Protocol):
    """What a build tells of its runs; all but `began` from one thread."""

    def display(self) -> AbstractContextManager[Any]:
        """Show it while the context lasts."""

    def expect(self, after: float, later: int = 0, later_seconds: float = 0.0) -> None:
        """So many seconds of work follow the last run: the report is drawn.

        Before that, so many runs come, in so many seconds, whose settings a stage has yet to decide.
        """

    def begin(self, specs: tuple[RunSpec, ...], jobs: int) -> None:
        """These runs will be made, besides those told before."""

    def began(self, spec: RunSpec, folder: Path) -> None:
        """A run starts (from a worker thread)."""

    def tick(self) -> None:
        """Look at the runs; called several times a second."""

    def ended(self, spec: RunSpec, outcome: Outcome) -> None:
        """A run ended."""

    def dropped(self, spec: RunSpec) -> None:
        """A run is no longer needed and was given up."""


@dataclass
class Standing:
    """One run on its way."""

    spec: RunSpec
    folder: Path
    begun: float
    epoch: int = 0
    epochs: int = 0
    numbers: dict[str, float] = field(default_factory=dict)
    first: tuple[float, int] | None = None
    last: float = 0.0

    def look(self, now: float) -> None:
        """Read the last line that the kernel wrote."""
        try:
            lines = (self.folder / "progress.jsonl").read_text(encoding="utf-8").splitlines()
            last = json.loads(lines[-1])
        except (OSError, ValueError, IndexError):
            return
        if last["epoch"] != self.epoch:
            self.last = now
            self.first = self.first or (now, last["epoch"])
        self.epoch, self.epochs = last["epoch"], last["epochs"]
        self.numbers = {name: value for name, value in last.items() if name not in ("epoch", "epochs")}

    def left(self, now: float) -> float:
        """Seconds that it should still take: by the pace of its epochs, else by its estimate."""
        if self.first is None:
            return max(self.spec.estimate - (now - self.begun), 1.0)
        began, seen = self.first
        if self.epoch > seen:
            each = (self.last - began) / (self.epoch - seen)
        else:
            each = (self.last - self.begun) / max(self.epoch, 1)
        return max(each * (self.epochs - self.epoch) - (now - self.last), 1.0)


class Watch:
    """The runs of a build as they stand: what both displays show."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.waiting: dict[str, RunSpec] = {}
        self.running: dict[str, Standing] = {}
        self.finished: list[tuple[RunSpec, float]] = []
        self.failed = self.total = 0
        self.jobs = 1
        self.after = self.later_seconds = 0.0
        self.later = 0
        self.begun = clock()

    @property
    def done(self) -> int:
        """Runs that left a record."""
        return len(self.finished)

    def expect(self, after: float, later: int, later_seconds: float) -> None:
        """Count what follows the runs that are known."""
        self.after, self.later, self.later_seconds = after, later, later_seconds

    def begin(self, specs: tuple[RunSpec, ...], jobs: int) -> None:
        """These runs will be made too, so many at once."""
        self.waiting |= {spec.key: spec for spec in specs}
        self.total, self.jobs = self.total + len(specs), jobs

    def began(self, spec: RunSpec, folder: Path) -> None:
        """A run starts."""
        self.waiting.pop(spec.key, None)
        self.running[spec.key] = Standing(spec, folder, self.clock())

    def look(self) -> list[Standing]:
        """The running ones, freshly looked at, in the order they began."""
        standings = list(self.running.values())
        for standing in standings:
            standing.look(self.clock())
        return standings

    def ended(self, spec: RunSpec, outcome: Outcome) -> None:
        """A run ended."""
        self.waiting.pop(spec.key, None)
        self.running.pop(spec.key, None)
        if outcome.failure is None:
            self.finished.append((spec, outcome.seconds))
        elif outcome.failure.kind not in STOPPED:
            self.failed += 1

    def dropped(self, spec: RunSpec) -> None:
        """A run is no longer needed."""
        self.waiting.pop(spec.key, None)
        self.running.pop(spec.key, None)
        self.total -= 1

    def seconds_left(self) -> float:
        """Estimate for all that is left, the report included."""
        now = self.clock()
        standings = list(self.running.values())
        waiting = list(self.waiting.values())
        paces = {code: self._pace(code, now) for code in {spec.code for spec in waiting}}
        to_come = [spec.estimate * paces[spec.code] for spec in waiting]
        under_way = bool(self.finished) or any(standing.first for standing in standings)
        libraries = 0.0 if under_way else max(LIBRARIES - (now - self.begun), 0.0)
        runs = makespan([standing.left(now) for standing in standings], to_come, self.jobs)
        return libraries + runs + self.later_seconds + self.after

    def _pace(self, code: str, now: float) -> float:
        """How runs compare with their estimates: those of the same notebook, else all."""
        known = list(self.finished)
        known += [
            (standing.spec, now - standing.begun + standing.left(now))
            for standing in list(self.running.values())
            if standing.first is not None
        ]
        own = [pair for pair in known if pair[0].code == code] or known
        expected = sum(spec.estimate for spec, _ in own)
        return sum(took for _, took in own) / expected if expected else 1.0

    def summary(self) -> str:
        """All in one line."""
        running = f", {len(self.running)} running" if self.running else ""
        failed = f", {self.failed} failed" if self.failed else ""
        return f"{self.done} of {self.total} done{running}{failed}{self.to_come()}{self.left()}"

    def to_come(self) -> str:
        """The runs that no stage has decided about yet, as part of a sentence."""
        return f", {self.later} more to be decided" if self.later else ""

    def left(self) -> str:
        """The time left as the end of a sentence; empty where nothing is."""
        return f", {roughly(self.seconds_left())} left" if self.waiting or self.running or self.later else ""


class Display:
    """What every display of a build knows.

    Parameters
    ----------
    clock : callable
        Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.watch = Watch(clock)

    def expect(self, after: float, later: int = 0, later_seconds: float = 0.0) -> None:
        """Count what follows the runs."""
        self.watch.expect(after, later, later_seconds)

    def begin(self, specs: tuple[RunSpec, ...], jobs: int) -> None:
        """Take up the runs."""
        self.watch.begin(specs, jobs)

    def began(self, spec: RunSpec, folder: Path) -> None:
        """A run starts."""
        self.watch.began(spec, folder)


class Lines(Display):
    """Plain lines for logs and pipes: one for each run that ended, and a sign of life in between.

    Parameters
    ----------
    say : callable
        Prints one line.
    """

    def __init__(self, say: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(clock)
        self.say = say
        self._spoken = clock()

    def display(self) -> AbstractContextManager[Any]:
        """Nothing to set up."""
        return nullcontext()

    def tick(self) -> None:
        """After a minute of silence, say how far the runs are."""
        standings = self.watch.look()
        if self.watch.clock() - self._spoken < HEARTBEAT:
            return
        on_way = ", ".join(
            f"{each.spec.label} epoch {each.epoch}/{each.epochs}" for each in standings if each.epoch
        )
        self._speak(f"   {self.watch.summary()}" + (f" ({on_way})" if on_way else ""))

    def ended(self, spec: RunSpec, outcome: Outcome) -> None:
        """Say how a run ended."""
        self.watch.ended(spec, outcome)
        count = self.watch.done + self.watch.failed
        told = f"{count} of {self.watch.total}{self.watch.to_come()}{self.watch.left()}"
        self._speak(f"   {spec.label}: {ending(outcome)} ({told})")

    def dropped(self, spec: RunSpec) -> None:
        """Say that a run was given up."""
        self.watch.dropped(spec)
        self._speak(f"   {spec.label}: {GIVEN_UP}")

    def _speak(self, text: str) -> None:
        self._spoken = self.watch.clock()
        self.say(text)


def ending(outcome: Outcome) -> str:
    """How a run ended, in one line."""
    if outcome.failure is None:
        return f"done in {duration(outcome.seconds)}"
    if outcome.failure.kind in STOPPED:
        return "stopped"
    cell = f" in cell {outcome.failure.cell}" if outcome.failure.cell else ""
    return printable(f"failed [{outcome.failure.kind}]{cell}: {outcome.failure.message}")


def duration(seconds: float) -> str:
    """Seconds as a person says them: ``45 s``, ``3 min 05 s``, ``1 h 02 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def roughly(seconds: float) -> str:
    """An estimate as a person says it: ``a few seconds``, ``about 3 min``, ``about 1 h 20 min``."""
    if seconds < 8:
        return "a few seconds"
    if seconds < 58:
        return f"about {max(10, 5 * round(seconds / 5))} s"
    minutes = max(1, round(seconds / 60))
    if minutes < 60:
        return f"about {minutes} min"
    tens = 10 * round(minutes / 10) if minutes >= 120 else 5 * round(minutes / 5)
    return f"about {tens // 60} h" + (f" {tens % 60:02d} min" if tens % 60 else "")


def elided(text: str, width: int) -> str:
    """`text` in at most `width` columns: what is cut is the middle, since names differ at their ends."""
    if len(text) <= width:
        return text
    end = (width - 1) // 2
    return f"{text[: width - 1 - end]}…{text[len(text) - end :]}"
