"""The appendix Reproducibility: what it takes to get the same numbers again."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reportgen import language
from reportgen.analysis import elsewhere, lists, numbers, words
from reportgen.analysis.metrics import results_of
from reportgen.experiments.resolved import Experiments
from reportgen.provenance import Provenance
from reportgen.records import Record
from reportgen.report.parts import Notice, NumberedTable, Numbering
from reportgen.results import Result, Run
from reportgen.tables import Cell, Column, Line, Table, origins_table, seeds_table, times_note
from reportgen.tables.cells import NOTHING
from reportgen.tables.origins import maker_cell

_SOFTWARE = {
    "python": "Python",
    "tensorflow": "TensorFlow",
    "keras": "Keras",
    "numpy": "NumPy",
    "scikit-image": "scikit-image",
    "onednn": "oneDNN",
}
_MACHINE = {
    "system": language.message("Operating system"),
    "machine": language.message("Machine"),
    "cpu": language.message("Processor"),
    "cores": language.message("Cores"),
    "jobs": language.message("Runs at once"),
    "threads": language.message("Threads per run"),
    "deterministic": language.message("Deterministic operations"),
}
"""With `_SOFTWARE` the facts of a run's environment that are printed: an allow-list."""


@dataclass(frozen=True)
class Appendix:
    """Tables of the appendix, and what a reader must be warned of."""

    notices: tuple[Notice, ...]
    lead: str
    command: str
    project: NumberedTable
    environment: NumberedTable | None
    origins: NumberedTable | None
    data: NumberedTable | None
    runs: NumberedTable | None
    seeds: NumberedTable | None = None


def appendix(
    experiments: Experiments, results: Sequence[Result], provenance: Provenance, numbering: Numbering
) -> Appendix:
    """Return the appendix of a report."""
    records = results_of(results)
    project = numbering.table(_project(experiments, results, provenance), "facts-table tight")
    runs_made = elsewhere.with_records(results)
    environment = numbering.table(_environment(runs_made), "facts-table tight") if records else None
    foreign = any(run.owner or run.differences for run in runs_made)
    origins = numbering.table(origins_table(results), "small tight") if foreign else None
    data = numbering.table(_data(provenance), "small tight") if provenance.data else None
    runs = numbering.table(_runs(results), "small tight sortable below") if results else None
    repeated = [result for result in results if len(result.runs) > 1]
    seeds = numbering.table(_seeds(repeated, results), "small tight") if repeated else None
    warnings, lead = _warnings(runs_made, provenance), _lead(runs_made)
    return Appendix(warnings, lead, provenance.command, project, environment, origins, data, runs, seeds)


def _lead(runs: Sequence[Run]) -> str:
    """What stands before the command: whose runs it takes besides."""
    owners = list(dict.fromkeys(run.owner for run in runs if run.owner))
    if not owners:
        return language.text("This report is built again by one command:")
    return language.text(
        "This report is built again by one command, with the runs of {owners}, merged:",
        owners=language.listed(owners),
    )


def revision(provenance: Provenance) -> str:
    """Return the commit, and whether the tree was clean, in words."""
    if provenance.commit is None:
        return language.text("not under version control")
    if provenance.clean is None:
        return provenance.commit
    if provenance.clean:
        return language.text("{commit}, no uncommitted change", commit=provenance.commit)
    return language.text("{commit}, with uncommitted changes", commit=provenance.commit)


def _warnings(runs: Sequence[Run], provenance: Provenance) -> tuple[Notice, ...]:
    found = []
    if provenance.clean is False:
        found.append(
            Notice(
                language.text("Uncommitted changes."),
                language.text("The commit alone does not give these numbers again."),
            )
        )
    processors = _values(runs, "cpu")
    if len(set(processors)) > 1:
        found.append(
            Notice(
                language.text("Different processors."),
                language.text(
                    "The runs were made on {processors}; their last digits need not agree.",
                    processors=elsewhere.counted(processors),
                ),
            )
        )
    software = {name: _values(runs, key) for key, name in _SOFTWARE.items() if key != "onednn"}
    differing = [f"{name} {elsewhere.counted(own)}" for name, own in software.items() if len(set(own)) > 1]
    if differing:
        found.append(
            Notice(
                language.text("Different software."),
                language.text(
                    "The runs were made with {software}; their last digits need not agree.",
                    software=lists.clauses(differing),
                ),
            )
        )
    return tuple(found)


def _values(runs: Sequence[Run], name: str) -> list[str]:
    """A fact of the environments of runs, printed; of those that have it."""
    found = [run.record.environment[name] for run in runs if run.record and name in run.record.environment]
    return [numbers.plain(value) for value in found]


def _facts(id: str, caption: str, facts: Sequence[tuple[str, str]]) -> Table:
    rows = tuple(Line((Cell(name, name), Cell(value, value))) for name, value in facts)
    return Table(id, caption, (Column(language.text("What")), Column(language.text("Value"))), rows)


def _project(experiments: Experiments, results: Sequence[Result], provenance: Provenance) -> Table:
    seeds = sorted({run.seed for result in results for run in result.runs})
    # The name alone: where the file lies is nobody's business.
    file = language.text(
        "{name}, SHA-256 {digest}", name=Path(experiments.name).name, digest=experiments.digest
    )
    facts = [
        ("reportgen", provenance.version),
        (language.text("Commit"), revision(provenance)),
        (language.text("Experiments file"), file),
        (language.plural("Seed", "Seeds", len(seeds)), ", ".join(map(str, seeds)) or numbers.MISSING),
        *_span(results),
    ]
    return _facts("project", language.text("The project."), facts)


def _span(results: Sequence[Result]) -> list[tuple[str, str]]:
    """When the first run began, when the last one ended, and how long all of them took together."""
    spans = [found for result in results for record in result.records if (found := _times(record))]
    if not spans:
        return []
    total = sum(record.times.total for result in results for record in result.records)
    return [
        (
            language.text("Runs"),
            language.text(
                "the first began on {start}, the last ended on {end} (UTC)",
                start=f"{min(start for start, _ in spans):%Y-%m-%d %H:%M}",
                end=f"{max(end for _, end in spans):%Y-%m-%d %H:%M}",
            ),
        ),
        (language.text("Time of all runs"), numbers.duration(total)),
    ]


def _times(record: Record) -> tuple[datetime.datetime, datetime.datetime] | None:
    """When a run began and when it ended, in UTC; None where the record does not say."""
    try:
        started = datetime.datetime.fromisoformat(record.times.started)
    except ValueError:
        return None
    return started, started + datetime.timedelta(seconds=record.times.total)


def _environment(runs: Sequence[Run]) -> Table:
    facts = []
    named = _SOFTWARE | {key: language.text(name) for key, name in _MACHINE.items()}
    for key, name in named.items():
        values = _values(runs, key)
        if values:
            alike = len(set(values)) == 1 and len(values) == len(runs)
            facts.append((name, values[0] if alike else elsewhere.counted(values)))
    return _facts("environment", language.text("What the runs were made with."), facts)


def _data(provenance: Provenance) -> Table:
    rows = []
    for found in provenance.data:
        name = origin(found.requested, found.name, found.source)
        rows.append(Line((Cell(words.data_set(found.name), name),), "group"))
        rows.append(_file_line(language.text("decoded arrays"), None, found.digest))
        rows += [_file_line(*file) for file in found.files]
    if provenance.weights:
        title = language.text("Weights that networks began with")
        rows.append(Line((Cell(title, title),), "group"))
        rows += [_file_line(*file) for file in provenance.weights]
    columns = (
        Column(language.text("File")),
        Column(language.text("Bytes"), align="right", kind="integer"),
        Column("SHA-256", kind="name"),
    )
    caption = language.text("The data, by the files it was read from.")
    return Table("data-files", caption, columns, tuple(rows))


def origin(requested: str, name: str, source: str) -> str:
    """Return the name of a data set with where it came from, and what it stands in for."""
    used = words.data_set(name)
    where = {
        "folder": language.text("{data}, from a folder", data=used),
        "keras cache": language.text("{data}, from Keras’s cache", data=used),
        "download": language.text("{data}, downloaded", data=used),
        "embedded": language.text("{data}, embedded", data=used),
        "own": language.text("{data}, as the experiments file describes it", data=used),
    }.get(source, f"{used}, {source}")
    if requested == name:
        return where
    return language.text("{data}, in place of {wanted}", data=where, wanted=words.data_set(requested))


def _file_line(name: str, size: int | None, digest: str) -> Line:
    bytes_cell = Cell(None, numbers.MISSING) if size is None else Cell(size, numbers.thousands(size))
    return Line((Cell(name, name), bytes_cell, Cell(digest, digest)))


def _runs(results: Sequence[Result]) -> Table:
    foreign = any(run.owner for result in results for run in result.runs)
    rows = tuple(_run_line(result, run, foreign) for result in results for run in result.runs)
    columns = (
        Column(language.text("Experiment")),
        *((Column(language.text("Made by"), kind="name"),) if foreign else ()),
        Column(language.plural("Seed", "Seeds", 1), align="right", kind="integer"),
        Column(language.text("Started"), "UTC", kind="name"),
        Column(language.text("Ended"), "UTC", kind="name"),
        Column(language.text("Training"), "s", "right", "number"),
        Column(language.text("Whole run"), "s", "right", "number"),
        Column(language.text("Memory"), language.text("MB"), "right", "integer"),
        Column(language.text("Key"), kind="name"),
    )
    note = language.text("The key is the beginning of the name under which the run is stored.")
    return Table("runs", language.text("The runs."), columns, rows, f"{note} {times_note(results)}".strip())


def _seeds(repeated: Sequence[Result], results: Sequence[Result]) -> Table:
    """The scores of each run of the rows with several, under the title of the row."""
    tables = [(result, seeds_table(result)) for result in repeated]
    first = tables[0][1]
    rows = []
    for result, table in tables:
        rows.append(Line((Cell(result.row.title, result.row.title),), "group"))
        rows += table.rows
    caption = language.text("Scores by seed, of the rows with several runs. An s.d. divides by n \u2212 1.")
    note = f"{times_note(repeated, results)} {elsewhere.note(repeated)}".strip()
    return Table("seeds", caption, first.columns, tuple(rows), note)


def _run_line(result: Result, run: Run, foreign: bool) -> Line:
    record, title, key = run.record, result.row.title, run.key[:12]
    maker = (maker_cell(run.owner) if record is not None else NOTHING,) if foreign else ()
    head = (Cell(title, title), *maker, Cell(run.seed, str(run.seed)))
    if record is None:
        return Line((*head, *(NOTHING,) * 5, Cell(key, key)), "failed", result.row.id)
    times = record.times
    memory = record.peak_memory / 10**6
    cells = (
        *(_moment(time) for time in _times(record) or (None, None)),
        Cell(times.train, numbers.decimal(times.train, 1)),
        Cell(times.total, numbers.decimal(times.total, 1)),
        Cell(memory, numbers.decimal(memory, 0)) if record.peak_memory else NOTHING,
        Cell(key, key),
    )
    return Line(head + cells, link=result.row.id)


def _moment(time: datetime.datetime | None) -> Cell:
    """A time to the second."""
    if time is None:
        return NOTHING
    text = f"{time:%Y-%m-%d %H:%M:%S}"
    return Cell(text, text)
