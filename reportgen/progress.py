"""How a build goes, for a person at a terminal and for a log."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from reportgen.errors import printable
from reportgen.execution.outcome import Outcome
from reportgen.execution.spec import RunSpec


class Progress(Protocol):
    """What a build tells of its runs; all but `began` from one thread."""

    def display(self) -> AbstractContextManager[Any]:
        """Show it while the context lasts."""

    def begin(self, specs: tuple[RunSpec, ...], jobs: int) -> None:
        """These runs will be made."""

    def began(self, spec: RunSpec, folder: Path) -> None:
        """A run starts (from a worker thread)."""

    def tick(self) -> None:
        """Look at the runs; called several times a second."""

    def ended(self, spec: RunSpec, outcome: Outcome) -> None:
        """A run ended."""


@dataclass
class Standing:
    """One run on its way."""

    spec: RunSpec
    folder: Path
    begun: float
    epoch: int = 0
    epochs: int = 0
    numbers: dict[str, float] = field(default_factory=dict)

    def look(self) -> None:
        """Read the last line that the kernel wrote."""
        try:
            lines = (self.folder / "progress.jsonl").read_text(encoding="utf-8").splitlines()
            last = json.loads(lines[-1])
        except (OSError, ValueError, IndexError):
            return
        self.epoch, self.epochs = last["epoch"], last["epochs"]
        self.numbers = {name: value for name, value in last.items() if name not in ("epoch", "epochs")}

    def left(self, now: float) -> float:
        """Seconds that it should still take."""
        spent = now - self.begun
        if self.epoch:
            return spent / self.epoch * (self.epochs - self.epoch)
        return max(self.spec.estimate - spent, 1.0)


class Watch:
    """The runs of a build as they stand: what both displays show."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.waiting: dict[str, RunSpec] = {}
        self.running: dict[str, Standing] = {}
        self.done = self.failed = self.total = 0
        self.jobs = 1
        self.begun = clock()
        self.expected = self.took = 0.0

    def begin(self, specs: tuple[RunSpec, ...], jobs: int) -> None:
        """These runs will be made, so many at once."""
        self.waiting = {spec.key: spec for spec in specs}
        self.total, self.jobs, self.begun = len(specs), jobs, self.clock()

    def began(self, spec: RunSpec, folder: Path) -> None:
        """A run starts."""
        self.waiting.pop(spec.key, None)
        self.running[spec.key] = Standing(spec, folder, self.clock())

    def look(self) -> list[Standing]:
        """The running ones, freshly looked at, in the order they began."""
        standings = list(self.running.values())
        for standing in standings:
            standing.look()
        return standings

    def ended(self, spec: RunSpec, outcome: Outcome) -> None:
        """A run ended."""
        self.waiting.pop(spec.key, None)
        self.running.pop(spec.key, None)
        if outcome.failure is None:
            self.done += 1
            self.expected += spec.estimate
            self.took += outcome.seconds
        else:
            self.failed += 1

    def seconds_left(self) -> float:
        """Estimate for all that is left, corrected by how the finished runs compare with theirs."""
        now = self.clock()
        pace = self.took / self.expected if self.expected else 1.0
        running = [standing.left(now) for standing in list(self.running.values())]
        waiting = sum(spec.estimate for spec in self.waiting.values()) * pace
        return max([*running, (sum(running) + waiting) / self.jobs])


class Lines:
    """Plain lines, one per event, for logs and pipes.

    Parameters
    ----------
    say : callable
        Prints one line.
    """

    def __init__(self, say: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self.say = say
        self.watch = Watch(clock)
        self._spoken = clock()

    def display(self) -> AbstractContextManager[Any]:
        """Nothing to set up."""
        return nullcontext()

    def begin(self, specs: tuple[RunSpec, ...], jobs: int) -> None:
        """Say how much there is to do."""
        self.watch.begin(specs, jobs)
        self.say(f"{len(specs)} to run, {jobs} at once, about {duration(self.watch.seconds_left())}")

    def began(self, spec: RunSpec, folder: Path) -> None:
        """Say that a run starts."""
        self.watch.began(spec, folder)
        self.say(f"{spec.label}: started")

    def tick(self) -> None:
        """Once a minute, say how far the runs are."""
        now = self.watch.clock()
        if now - self._spoken < 60:
            return
        self._spoken = now
        for standing in self.watch.look():
            if standing.epoch:
                self.say(
                    f"{standing.spec.label}: epoch {standing.epoch}/{standing.epochs}, {_numbers(standing)}"
                )
        self.say(_summary(self.watch))

    def ended(self, spec: RunSpec, outcome: Outcome) -> None:
        """Say how a run ended."""
        self.watch.ended(spec, outcome)
        self.say(f"{spec.label}: {ending(outcome)}")


class Live:
    """A live table at a terminal.

    Parameters
    ----------
    console : rich.console.Console
    """

    def __init__(self, console: Any, clock: Callable[[], float] = time.monotonic) -> None:
        from rich.live import Live as RichLive

        self.console = console
        self.watch = Watch(clock)
        self._live = RichLive(console=console, auto_refresh=False, transient=True)

    def display(self) -> AbstractContextManager[Any]:
        """Show the table while the context lasts."""
        return self._live

    def begin(self, specs: tuple[RunSpec, ...], jobs: int) -> None:
        """Take up the runs."""
        self.watch.begin(specs, jobs)

    def began(self, spec: RunSpec, folder: Path) -> None:
        """A run starts."""
        self.watch.began(spec, folder)

    def tick(self) -> None:
        """Draw the table again."""
        from rich.console import Group
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        table = Table.grid(padding=(0, 2))
        for standing in self.watch.look():
            bar = ProgressBar(total=standing.epochs or 1, completed=standing.epoch, width=24)
            epoch = f"epoch {standing.epoch}/{standing.epochs}" if standing.epoch else "starting"
            table.add_row(Text(standing.spec.label), bar, epoch, _numbers(standing))
        total = ProgressBar(
            total=self.watch.total or 1, completed=self.watch.done + self.watch.failed, width=24
        )
        overall = Table.grid(padding=(0, 2))
        overall.add_row(Text(_summary(self.watch), style="bold"), total)
        self._live.update(Group(table, overall), refresh=True)

    def ended(self, spec: RunSpec, outcome: Outcome) -> None:
        """Leave a line above the table."""
        self.watch.ended(spec, outcome)
        style = "green" if outcome.failure is None else "bold red"
        mark = "done" if outcome.failure is None else "FAILED"
        from rich.text import Text

        self.console.print(Text.assemble((f"{mark:>6}  ", style), f"{spec.label}: {ending(outcome)}"))


def ending(outcome: Outcome) -> str:
    """How a run ended, in one line."""
    if outcome.failure is None:
        return f"done in {duration(outcome.seconds)}"
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


def _numbers(standing: Standing) -> str:
    numbers = standing.numbers
    if not numbers:
        return ""
    return (
        f"loss {numbers['loss']:.4f}, accuracy {numbers['accuracy']:.4f}, val. {numbers['val_accuracy']:.4f}"
    )


def _summary(watch: Watch) -> str:
    left = f", about {duration(watch.seconds_left())} left" if watch.waiting or watch.running else ""
    failed = f", {watch.failed} failed" if watch.failed else ""
    return f"{watch.done} of {watch.total} done, {len(watch.running)} running{failed}{left}"
