"""The appendix Reproducibility: what it takes to get the same numbers again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reportgen.analysis import numbers, words
from reportgen.analysis.metrics import results_of
from reportgen.experiments.schema import Experiments
from reportgen.provenance import Provenance
from reportgen.records import Record
from reportgen.report.parts import Notice, NumberedTable, Numbering
from reportgen.results import Result, Run
from reportgen.tables import Cell, Column, Line, Table, seeds_table, times_note
from reportgen.tables.cells import NOTHING

_ENVIRONMENT = {
    "python": "Python",
    "tensorflow": "TensorFlow",
    "keras": "Keras",
    "numpy": "NumPy",
    "scikit-image": "scikit-image",
    "system": "Operating system",
    "machine": "Machine",
    "cpu": "Processor",
    "cores": "Cores",
    "jobs": "Runs at once",
    "threads": "Threads per run",
    "deterministic": "Deterministic operations",
    "onednn": "oneDNN",
}
"""The facts of a run's environment that are printed: an allow-list."""


@dataclass(frozen=True)
class Appendix:
    """Tables of the appendix, and what a reader must be warned of."""

    notices: tuple[Notice, ...]
    command: str
    project: NumberedTable
    environment: NumberedTable | None
    data: NumberedTable | None
    runs: NumberedTable | None
    seeds: NumberedTable | None = None


def appendix(
    experiments: Experiments, results: Sequence[Result], provenance: Provenance, numbering: Numbering
) -> Appendix:
    """Return the appendix of a report."""
    records = results_of(results)
    project = numbering.table(_project(experiments, results, provenance), "facts-table tight")
    environment = (
        numbering.table(_environment([record for _, record in records]), "facts-table tight")
        if records
        else None
    )
    data = numbering.table(_data(provenance), "small tight") if provenance.data else None
    runs = numbering.table(_runs(results), "small tight sortable") if results else None
    repeated = [result for result in results if len(result.runs) > 1]
    seeds = numbering.table(_seeds(repeated), "small tight") if repeated else None
    return Appendix(
        _warnings(records, provenance), provenance.command, project, environment, data, runs, seeds
    )


def revision(provenance: Provenance) -> str:
    """Return the commit, and whether the tree was clean, in words."""
    if provenance.commit is None:
        return "not under version control"
    if provenance.clean is None:
        return provenance.commit
    return (
        f"{provenance.commit}, {'no uncommitted change' if provenance.clean else 'with uncommitted changes'}"
    )


def _warnings(records: Sequence[tuple[Result, Record]], provenance: Provenance) -> tuple[Notice, ...]:
    found = []
    if provenance.clean is False:
        found.append(Notice("Uncommitted changes.", "The commit alone does not give these numbers again."))
    processors = dict.fromkeys(str(record.environment.get("cpu", "")) for _, record in records)
    if len(processors) > 1:
        found.append(
            Notice(
                "Different processors.",
                "The runs were made on " + ", ".join(processors) + "; their last digits need not agree.",
            )
        )
    return tuple(found)


def _facts(id: str, caption: str, facts: Sequence[tuple[str, str]]) -> Table:
    rows = tuple(Line((Cell(name, name), Cell(value, value))) for name, value in facts)
    return Table(id, caption, (Column("What"), Column("Value")), rows)


def _project(experiments: Experiments, results: Sequence[Result], provenance: Provenance) -> Table:
    seeds = sorted({run.seed for result in results for run in result.runs})
    facts = [
        ("reportgen", provenance.version),
        ("Commit", revision(provenance)),
        ("Experiments file", f"{experiments.name}, SHA-256 {experiments.digest}"),
        ("Seeds", ", ".join(map(str, seeds)) or numbers.MISSING),
    ]
    return _facts("project", "The project.", facts)


def _environment(records: Sequence[Record]) -> Table:
    facts = []
    for key, name in _ENVIRONMENT.items():
        counts: dict[str, int] = {}
        for record in records:
            if key in record.environment:
                text = numbers.plain(record.environment[key])
                counts[text] = counts.get(text, 0) + 1
        if counts:
            facts.append((name, _with_counts(counts, len(records))))
    return _facts("environment", "What the runs were made with.", facts)


def _with_counts(counts: Mapping[str, int], total: int) -> str:
    if len(counts) == 1 and sum(counts.values()) == total:
        return next(iter(counts))
    return "; ".join(f"{text} in {numbers.counted(count, 'run')}" for text, count in counts.items())


def _data(provenance: Provenance) -> Table:
    rows = []
    for found in provenance.data:
        name = words.data_set(found.name)
        if found.stand_in:
            name += f", in place of {words.data_set(found.requested)}"
        rows.append(Line((Cell(name, f"{name} ({found.source})"),), "group"))
        rows.append(_file_line("decoded arrays", None, found.digest))
        rows += [_file_line(*file) for file in found.files]
    columns = (Column("File"), Column("Bytes", align="right", kind="integer"), Column("SHA-256", kind="name"))
    return Table("data-files", "The data, by the files it was read from.", columns, tuple(rows))


def _file_line(name: str, size: int | None, digest: str) -> Line:
    bytes_cell = Cell(None, numbers.MISSING) if size is None else Cell(size, numbers.thousands(size))
    return Line((Cell(name, name), bytes_cell, Cell(digest, digest)))


def _runs(results: Sequence[Result]) -> Table:
    rows = tuple(_run_line(result, run) for result in results for run in result.runs)
    columns = (
        Column("Experiment"),
        Column("Seed", align="right", kind="integer"),
        Column("Started", "UTC", kind="name"),
        Column("Training", "s", "right", "number"),
        Column("Whole run", "s", "right", "number"),
        Column("Memory", "MB", "right", "integer"),
        Column("Key", kind="name"),
    )
    return Table(
        "runs",
        "The runs.",
        columns,
        rows,
        f"The key is the beginning of the name under which the run is stored. {times_note(results)}".strip(),
    )


def _seeds(repeated: Sequence[Result]) -> Table:
    """The scores of each run of the rows with several, under the title of the row."""
    tables = [(result, seeds_table(result)) for result in repeated]
    first = tables[0][1]
    rows = []
    for result, table in tables:
        rows.append(Line((Cell(result.row.title, result.row.title),), "group"))
        rows += table.rows
    caption = "Scores by seed, of the rows with several runs. An s.d. divides by n \u2212 1."
    return Table("seeds", caption, first.columns, tuple(rows), times_note(repeated))


def _run_line(result: Result, run: Run) -> Line:
    record, title, key = run.record, result.row.title, run.key[:12]
    head = (Cell(title, title), Cell(run.seed, str(run.seed)))
    if record is None:
        return Line((*head, *(NOTHING,) * 4, Cell(key, key)), "failed", result.row.id)
    times = record.times
    started = times.started[:19].replace("T", " ")
    memory = record.peak_memory / 10**6
    cells = (
        Cell(started, started),
        Cell(times.train, numbers.decimal(times.train, 1)),
        Cell(times.total, numbers.decimal(times.total, 1)),
        Cell(memory, numbers.decimal(memory, 0)) if record.peak_memory else NOTHING,
        Cell(key, key),
    )
    return Line(head + cells, link=result.row.id)
