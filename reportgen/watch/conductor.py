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
from reportgen.execution.spec import RunSpec
from reportgen.figures.importing import import_drawing
from reportgen.following import later_seconds, waiting
from reportgen.outputs import Draft
from reportgen.records import Record
from reportgen.results import Failure
from reportgen.staging import lasting, note_failures
from reportgen.store.objects import Header
from reportgen.watch.desk import Desk, Set
from reportgen.watch.failures import failures, said
from reportgen.watch.happenings import Happening, Lost, OneRan, PdfSet, Ran, Terminal
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
    _events: queue.SimpleQueue[Happening] = field(default_factory=queue.SimpleQueue)
    _over: threading.Event = field(default_factory=threading.Event)
    _failed: dict[tuple[str, float], Failure] = field(default_factory=dict)
    _runs: Runs | None = None
    _draft: Draft | None = None
    _built: Built | None = None
    _inputs: str = ""
    _drawn: tuple[float, float] = (0.0, 0.0)
    _records: dict[str, tuple[Header, Record]] = field(default_factory=dict)
    _problem: str = ""
    _heard: set[str] = field(default_factory=set)
    _warm: bool = False

    def __post_init__(self) -> None:
        self._work = self.find()
        self._desk = Desk(self._work.state / "empty")

    def conduct(self) -> None:
        """Build, and build again whenever something changes; ends with the program."""
        import_drawing(self._work.state / "empty")
        follower = Follower(lambda: inputs_of(self.find()), self._over)
        threading.Thread(target=self._follow, args=(follower,), name="follower", daemon=True).start()
        self._desk.stand_by()
        self._turn(self._aloud)
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
            self._events.put(Lost(error))

    def _take(self, happening: Happening) -> None:
        match happening:
            case str():
                self.terminal.say(f"{datetime.now():%H:%M:%S}  {happening}")
                self._turn()
            case OneRan(spec, outcome):
                when, took = self._drawn
                if outcome.failure is not None:
                    self._failed[spec.key, spec.time_limit] = outcome.failure
                if time.monotonic() - when > REDRAWN * took:
                    self._turn()
                else:
                    self._advance()
            case Ran(result):
                self._runs = None
                if isinstance(result, BaseException):
                    self._fault(result)
                else:
                    self._failed |= failures(result, self._needed())
                    known = {key: failure for (key, _), failure in self._failed.items()}
                    note_failures(self._work.state, self._prepared.plan, known)
                    self._turn()
            case PdfSet(draft, result):
                if draft is self._draft:
                    self._finish(draft, result)
            case Lost(error):
                raise error

    def _turn(self, say: Callable[[str], None] | None = None) -> None:
        """Bring all in step with the newest files."""
        try:
            self.state.tell(phase="building", text="Building …")
            self._work = self.find()
            prepared = line.prepare(self._work, self.options, self.env, say or self._quietly, self._lasting())
            needed = {run.key for run in prepared.plan.runs}
            self._records = {key: known for key, known in self._records.items() if key in needed}
            self._prepared = replace(prepared, store=Remembering(prepared.store, self._records))
            self.state.tell(title=self._prepared.experiments.file.report.title)
            self._problem = ""
            self._run()
            self._draw(self._prepared, say or self._quietly)
        except Exception as error:
            self._fault(error)

    def _advance(self) -> None:
        """Have the runs made that a stage asks for, where one is decided now; nothing is drawn."""
        if not self._prepared.plan.later:
            return
        try:
            self._prepared = line.advanced(
                self._work, self.options, self.env, self._prepared, self._lasting()
            )
            self._run()
        except Exception as error:
            self._fault(error)

    def _lasting(self) -> frozenset[str]:
        """The keys of the runs that failed: no stage waits for them any longer."""
        return lasting({key: failure for (key, _), failure in self._failed.items()})

    def _quietly(self, text: str) -> None:
        """Leave out the numbered steps, and what was said before: the rest is news."""
        self.state.tell(progress=text.strip())
        if text.startswith(" ") and text not in self._heard:
            self.terminal.say(text)
        self._heard.add(text)

    def _aloud(self, text: str) -> None:
        """Leave out nothing: of the first build every step is said."""
        self._quietly(text)
        if not text.startswith(" "):
            self.terminal.say(text)

    def _needed(self) -> tuple[RunSpec, ...]:
        """The runs to be made: one that failed is not tried again while its key and its time limit stand."""
        return tuple(
            run.spec
            for run in self._prepared.plan.wanted(self.options.only)
            if (run.spec.key, run.spec.time_limit) not in self._failed
        )

    def _run(self) -> None:
        needed = self._needed()
        if self._runs is not None:
            self._runs.revise(needed)
        elif needed:
            put = self._events.put
            self._runs = Runs(
                self.state,
                self.terminal.progress(),
                lambda result: put(Ran(result)),
                lambda spec, outcome: put(OneRan(spec, outcome)),
            )
            self._runs.begin(
                needed,
                self._prepared.store,
                self._work.runs,
                jobs=self.options.jobs,
                cold=self.options.cold,
                env=self.env,
            )

        if self._runs is not None:
            plan, only = self._prepared.plan, self.options.only
            self._runs.expect(waiting(plan, only), later_seconds(plan, self.options.jobs, only))

    def _draw(self, prepared: Prepared, say: Callable[[str], None]) -> None:
        missing = [run.spec for run in prepared.plan.to_do]
        known = {spec.key: self._failed.get((spec.key, spec.time_limit)) for spec in missing}
        failures = {key: failure for key, failure in known.items() if failure is not None}
        if self._runs is not None:
            failures |= {spec.key: UNDER_WAY for spec in self._needed()}
        inputs = freshness.inputs_digest(self._work, self.options, prepared, failures, self.env)
        lacking = self.state.pdf == "failed" or not (self._work.out / "report.html").is_file()
        if inputs != self._inputs or lacking:
            self._desk.give_up()
            self._desk.stand_by()
            before, self._inputs, self._draft, begun = self._inputs, "", None, time.monotonic()
            self.state.tell(pdf="none")
            made = line.screen(
                self._work, self.options, prepared, failures, self.env, say, self._shown(begun)
            )
            self._inputs, self._drawn = inputs, (time.monotonic(), time.monotonic() - begun)
            self._set(made, before != inputs)
        self._tell(self.state.pdf)

    def _set(self, made: Draft | Built, new: bool) -> None:
        """Have the PDF set that a report lacks."""
        self._draft = made if isinstance(made, Draft) else None
        self._built = made.built if isinstance(made, Draft) else made
        if isinstance(made, Draft):
            put = self._events.put
            if self._runs is None:
                self._desk.set(made.screen.manuscript, lambda result: put(PdfSet(made, result)))
            return
        if new:
            self.state.shown()
        self.state.tell(pdf="ready")
        self._warm_up()

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
            self._built = outputs.finish(draft, *result)
        except ReportgenError as error:
            self.terminal.complain(str(error))
            self._built = replace(draft.built, warnings=(*draft.built.warnings, str(error)))
            self._tell("failed")
            return
        self.terminal.say(f"          {self._built.pdf}")
        self._tell("ready")
        self._warm_up()

    def _warm_up(self) -> None:
        """While nothing is to do, import what runs need: the next new row need not wait for TensorFlow."""
        if not self._warm and not self.options.cold and self._runs is None:
            self._warm = True
            warm.begin_server()

    def _tell(self, pdf: str) -> None:
        """Tell where all stands after a report was drawn."""
        built = self._built
        assert built is not None
        warnings = [*(finding.said("warning") for finding in built.findings), *built.warnings]
        self.state.tell(pdf=pdf, warnings=warnings)
        if self._runs is None:
            self.state.tell(runs=(), progress="")
        lines = {row.id: row.line for row in self._prepared.experiments.rows}
        later = {row.id for row in self._prepared.experiments.later} if self._runs is not None else ()
        rows = [
            f"{self._work.file}:{lines.get(run.partition(' ')[0], 0)}: {said(run, failure)}"
            for run, failure in built.failed.items()
            if failure is not UNDER_WAY and run not in later
        ]
        if self._problem:
            self.state.tell(phase="faults", faults=[self._problem, *rows])
        elif self._runs is not None:
            self.state.tell(phase="training", text="Running what is new …", faults=rows)
        elif rows:
            self.state.tell(phase="faults", text="Rows without a result", faults=rows)
        else:
            self.state.tell(phase="ready", text=f"Up to date, {datetime.now():%H:%M:%S}", faults=())

    def _fault(self, error: BaseException) -> None:
        """Tell what stands against a new report; the next change may mend it."""
        text = str(error) if isinstance(error, ReportgenError) else self.terminal.bug(error)
        if text != self._problem:
            self.terminal.complain(text)
        self._problem = text
        kept = "; below is the one before" if self.state.version else ""
        self.state.tell(phase="faults", text=f"No new report{kept}", faults=[text])
        if self._runs is None:
            self.state.tell(runs=(), progress="")
