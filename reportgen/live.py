"""How the runs of a build get on, as a live table at a terminal."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from reportgen.execution.outcome import Outcome
from reportgen.execution.spec import RunSpec
from reportgen.progress import GIVEN_UP, STOPPED, Display, Standing, duration, elided, ending, roughly

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_TINY, _NARROW, _WIDE = 50, 64, 88
"""Columns of a terminal from which on a run's accuracy is shown, its bar, and all its numbers."""


class Live(Display):
    """A live table at a terminal, never wider or higher than that.

    Parameters
    ----------
    console : rich.console.Console
    """

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        from rich.live import Live as RichLive

        super().__init__(clock)
        self.console = console
        self._live = RichLive(console=console, auto_refresh=False, transient=True)

    def display(self) -> AbstractContextManager[Any]:
        """Show the table while the context lasts."""
        return self._live

    def tick(self) -> None:
        """Draw the table again."""
        from rich.console import Group
        from rich.text import Text

        standings = self.watch.look()
        room = max(self.console.height - 4, 1)
        shown = standings if len(standings) <= room else standings[: room - 1]
        table = self._table(shown)
        if len(shown) < len(standings):
            table.add_row(f"and {len(standings) - len(shown)} more")
        total = Text(f"   {self.watch.summary()}", style="bold", no_wrap=True, overflow="ellipsis")
        self._live.update(Group(table, total), refresh=True)

    def _table(self, standings: list[Standing]) -> Table:
        """One line for each run; what a narrow terminal has no room for is left out."""
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        width, now = self.console.width, self.watch.clock()
        table = Table.grid(padding=(0, 2), pad_edge=False)
        taken = 61 if width >= _WIDE else 49 if width >= _NARROW else 37 if width >= _TINY else 24
        for each in standings:
            cells: list[Any] = [Text(f"   {elided(each.spec.label, max(width - taken, 9))}")]
            if width >= _NARROW:
                cells.append(ProgressBar(total=each.epochs or 1, completed=each.epoch, width=10))
            cells.append(f"{each.epoch}/{each.epochs}" if each.epoch else "starting")
            if width >= _TINY:
                cells.append(_numbers(each, width >= _WIDE))
            cells.append(roughly(each.left(now)).removeprefix("about ") if each.epoch else "")
            table.add_row(*cells)
        for column in table.columns:
            column.no_wrap = True
        return table

    def ended(self, spec: RunSpec, outcome: Outcome) -> None:
        """Leave a line above the table."""
        from rich.text import Text

        self.watch.ended(spec, outcome)
        failed = outcome.failure is not None and outcome.failure.kind not in STOPPED
        style = "bold red" if failed else "green" if outcome.failure is None else ""
        mark = "FAILED" if failed else "done" if outcome.failure is None else ""
        told = duration(outcome.seconds) if outcome.failure is None else ending(outcome)
        self.console.print(Text.assemble("   ", (f"{mark:6}  ", style), f"{spec.label}  {told}"))

    def dropped(self, spec: RunSpec) -> None:
        """Leave a line above the table."""
        from rich.text import Text

        self.watch.dropped(spec)
        self.console.print(Text(f"   {'':6}  {spec.label}  {GIVEN_UP}"))


def _numbers(standing: Standing, all_of_them: bool) -> str:
    numbers = standing.numbers
    if not numbers:
        return ""
    loss = f"loss {numbers['loss']:.3f}, " if all_of_them else ""
    return f"{loss}val. {numbers['val_accuracy']:.2%}"
