"""What happens on a change: the file is read, runs are made or stopped, the report is drawn, the PDF set.

One thread decides, on what it is told: that files changed, that runs ended, that a PDF is set. The HTML is
drawn there too; runs and PDFs are made elsewhere, so that the newest file is never kept waiting by them.
"""

from __future__ import annotations

import gc
import queue
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from reportgen import build as line
from reportgen import freshness, outputs
from reportgen.account import Built
from reportgen.build import Options, Prepared
from reportgen.errors import RenderError, ReportgenError
from reportgen.execution import warm
from reportgen.execution.outcome import Outcome
from reportgen.execution.spec import RunSpec
from reportgen.outputs import Draft
from reportgen.progress import Progress
from reportgen.records import Record
from reportgen.results import Failure
from reportgen.store.objects import Header
from reportgen.watch.desk import Desk, Set
from reportgen.watch.inputs import Follower, inputs_of
from reportgen.watch.remembering import Remembering
from reportgen.watch.runs import Runs
from reportgen.watch.state import State
from reportgen.workspace import Workspace

UNDER_WAY = Failure("not-run", "this run is on its way")
"""Of a row whose run is being made, in the report that is shown meanwhile."""
REDRAWN = 10
"""While runs go on, the report is drawn again when one ends, for at most one part in so many of the time."""
GRACE = 4.0
"""Seconds for runs to be put in order before the program ends."""


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
class _Ran:
    """Runs ended: the outcomes by key, or what ended them all."""

    result: Mapping[str, Outcome] | BaseException


@dataclass(frozen=True)
class _OneRan:
    """One run ended while others go on."""


@dataclass(frozen=True)
class _PdfSet:
    """A PDF was set, or could not be."""

    draft: Draft
    result: Set


@dataclass(frozen=True)
class _Lost:
    """The files are no longer followed."""

    error: BaseException


_Happening = str | _Ran | _OneRan | _PdfSet | _Lost
"""What the conductor is told; a text says what changed."""


@dataclass
class Conductor:
    """Keeps a report in step with its files.

    Parameters
    ----------
    find : callable
        Finds the folders, anew each time: a folder of notebooks may have come.
    options : Options
    env : mapping
    state : State
        What the browser is told.
    terminal : Terminal
    """

    find: Callable[[], Workspace]
    options: Options
    env: Mapping[str, str]
    state: State
    terminal: Terminal
    _events: queue.SimpleQueue[_Happening] = field(default_factory=queue.SimpleQueue)
    _over: threading.Event = field(default_factory=threading.Event)
    _failed: dict[tuple[str, float], Failure] = field(default_factory=dict)
    _runs: Runs | None = None
    _draft: Draft | None = None
    _drawn: tuple[float, float] = (0.0, 0.0)
    _records: dict[str, tuple[Header, Record]] = field(default_factory=dict)
    _problem: str = ""
    _warm: bool = False

    def __post_init__(self) -> None:
        self._work = self.find()
        self._desk = Desk(self._work.state / "empty")

    def conduct(self) -> None:
        """Build, and build again whenever something changes; ends with the program."""
        follower = Follower(lambda: inputs_of(self.find()), self._over)
        threading.Thread(target=self._follow, args=(follower,), name="follower", daemon=True).start()
        self._desk.stand_by()
        self._turn(self.terminal.say)
        gc.collect()
        gc.freeze()  # libraries and runs stay: they need not be looked through time and again
        while True:
            try:
                happening = self._events.get(timeout=1)  # a wait without end hears no signal on Windows
            except queue.Empty:
                continue
            self._take(happening)

    def end(self) -> None:
        """Leave nothing running. May interrupt `conduct` at any place, so it takes no lock of its own."""
        self._over.set()
        self._desk.close()
        if self._runs is not None:
            self._runs.end(GRACE)
        warm.end_server()

    def _follow(self, follower: Follower) -> None:
        try:
            for changed in follower.changes():
                self._events.put(changed)
        except Exception as error:
            self._events.put(_Lost(error))

    def _take(self, happening: _Happening) -> None:
        match happening:
            case str():
                self.terminal.say(f"{datetime.now():%H:%M:%S}  {happening}")
                self._turn()
            case _OneRan():
                when, took = self._drawn
                if time.monotonic() - when > REDRAWN * took:
                    self._turn()
            case _Ran(result):
                self._runs = None
                if isinstance(result, BaseException):
                    self._fault(result)
                else:
                    self._failed |= _failures(result, self._needed())
                    self._turn()
            case _PdfSet(draft, result):
                if draft is self._draft:
                    self._finish(draft, result)
            case _Lost(error):
                raise error

    def _turn(self, say: Callable[[str], None] | None = None) -> None:
        """Bring all in step with the newest files."""
        try:
            self.state.tell(phase="building", text="Building …")
            self._work = self.find()
            prepared = line.prepare(self._work, self.options, self.env, say or self._quietly)
            needed = {run.key for run in prepared.plan.runs}
            self._records = {key: known for key, known in self._records.items() if key in needed}
            self._prepared = replace(prepared, store=Remembering(prepared.store, self._records))
            self.state.tell(title=self._prepared.experiments.file.report.title)
            self._problem = ""
            self._run()
            self._draw(self._prepared, say or self._quietly)
        except Exception as error:
            self._fault(error)

    def _quietly(self, text: str) -> None:
        """Leave out the numbered steps: what is said below them is news."""
        if text.startswith(" "):
            self.terminal.say(text)

    def _needed(self) -> tuple[RunSpec, ...]:
        """The runs to be made: one that failed is not tried again while its key and its time limit stand."""
        return tuple(
            run.spec
            for run in self._prepared.plan.to_do
            if (not self.options.only or any(row.id in self.options.only for row in run.rows))
            and (run.spec.key, run.spec.time_limit) not in self._failed
        )

    def _run(self) -> None:
        needed = self._needed()
        if self._runs is not None:
            self._runs.revise(needed)
        elif needed:
            put = self._events.put
            self._runs = Runs(
                self.state, self.terminal.progress(), lambda result: put(_Ran(result)), lambda: put(_OneRan())
            )
            self._runs.begin(
                needed,
                self._prepared.store,
                self._work.runs,
                jobs=self.options.jobs,
                cold=self.options.cold,
                env=self.env,
            )

    def _draw(self, prepared: Prepared, say: Callable[[str], None]) -> None:
        missing = [run.spec for run in prepared.plan.to_do]
        known = {spec.key: self._failed.get((spec.key, spec.time_limit)) for spec in missing}
        failures = {key: failure for key, failure in known.items() if failure is not None}
        if self._runs is not None:
            failures |= {spec.key: UNDER_WAY for spec in self._needed()}
        inputs = freshness.inputs_digest(self._work, self.options, prepared, failures, self.env)
        if self._draft is None or inputs != self._draft.inputs:
            self._desk.give_up()
            self._desk.stand_by()
            self._draft, begun = None, time.monotonic()
            made = line.screen(
                self._work, self.options, prepared, failures, self.env, say, self._shown(begun)
            )
            self._drawn = (time.monotonic(), time.monotonic() - begun)
            if isinstance(made, Built):
                self.state.shown()
                self._tell(made, "ready")
                return
            self._draft = made
            if self._runs is None:
                put = self._events.put
                self._desk.set(made.screen.manuscript, lambda result: put(_PdfSet(made, result)))
        self._tell(self._draft.built, self.state.pdf)

    def _shown(self, begun: float) -> Callable[[], None]:
        def shown() -> None:
            self.state.shown()
            self.state.tell(pdf="none" if self._runs is not None else "writing")
            self.terminal.say(f"          report.html written in {time.monotonic() - begun:.1f} s")

        return shown

    def _finish(self, draft: Draft, result: Set) -> None:
        """Write a PDF that was set."""
        try:
            if isinstance(result, RenderError):
                raise result
            built = outputs.finish(draft, *result)
        except ReportgenError as error:
            self.state.tell(pdf="failed")
            self._fault(error, "The PDF is not the one of this report")
            return
        self.terminal.say(f"          {built.pdf}")
        self._tell(built, "ready")
        if not self._warm and not self.options.cold:
            self._warm = True
            warm.begin_server()  # the next new row need not wait for TensorFlow

    def _tell(self, built: Built, pdf: str) -> None:
        """Tell where all stands after a report was drawn."""
        warnings = [*(finding.said("warning") for finding in built.findings), *built.warnings]
        self.state.tell(pdf=pdf, warnings=warnings)
        if self._runs is None:
            self.state.tell(runs=(), progress="")
        rows = [_said(run, failure) for run, failure in built.failed.items() if failure is not UNDER_WAY]
        if self._problem:
            self.state.tell(phase="faults", faults=[self._problem, *rows])
        elif self._runs is not None:
            self.state.tell(phase="training", text="Running what is new …", faults=rows)
        elif rows:
            self.state.tell(phase="faults", text="Rows without a result", faults=rows)
        else:
            self.state.tell(phase="ready", text=f"Up to date, {datetime.now():%H:%M:%S}", faults=())

    def _fault(self, error: BaseException, what: str = "No new report") -> None:
        """Tell what stands against a new report; the next change may mend it."""
        text = str(error) if isinstance(error, ReportgenError) else self.terminal.bug(error)
        if text != self._problem:
            self.terminal.complain(text)
        self._problem = text
        kept = "; below is the one before" if self.state.version and what == "No new report" else ""
        self.state.tell(phase="faults", text=f"{what}{kept}", faults=[text])


def _failures(
    outcomes: Mapping[str, Outcome], specs: tuple[RunSpec, ...]
) -> dict[tuple[str, float], Failure]:
    limits = {spec.key: spec.time_limit for spec in specs}
    return {
        (key, limits[key]): outcome.failure
        for key, outcome in outcomes.items()
        if outcome.failure is not None and key in limits
    }


def _said(run: str, failure: Failure) -> str:
    cell = f" in cell {failure.cell}" if failure.cell else ""
    remedy = f"\n  {failure.remedy}" if failure.remedy else ""
    return f"{run}: failed [{failure.kind}]{cell}: {failure.message}{remedy}"
