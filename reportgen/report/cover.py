"""The cover and the one-page glance; neither chooses anything by a test score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportgen.analysis import numbers, words
from reportgen.analysis.metrics import accuracy_interval, by_data_set, correct_items, ranks, results_of
from reportgen.experiments.schema import Experiments
from reportgen.provenance import Provenance
from reportgen.records import Record
from reportgen.report import notices
from reportgen.report.appendix import revision
from reportgen.report.parts import Draw, Notice, NumberedFigure, NumberedTable, Numbering
from reportgen.results import Result
from reportgen.tables import Cell, Column, Line, Table

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


COST = "Validation accuracy of every experiment against its number of parameters."
"""Caption of the glance's figure."""


@dataclass(frozen=True)
class Cover:
    """What stands on the cover."""

    kicker: str
    title: str
    subtitle: str
    long: bool
    figure: NumberedFigure | None
    facts: tuple[tuple[str, str], ...]
    notices: tuple[Notice, ...]


@dataclass(frozen=True)
class Glance:
    """The report on one page."""

    sentence: str
    notices: tuple[Notice, ...]
    table: NumberedTable | None
    separation: tuple[str, ...]
    figure: NumberedFigure | None


def cover(
    experiments: Experiments,
    results: Sequence[Result],
    provenance: Provenance,
    numbering: Numbering,
    draw: Draw,
) -> Cover:
    """Return the cover."""
    report = experiments.file.report
    figure = None
    if results_of(results):
        figure = NumberedFigure(0, "", draw("cover_strip", results), "cover-strip")
    return Cover(
        kicker=report.course or "",
        title=report.title,
        subtitle=report.subtitle or "",
        long=len(report.title) > 75,
        figure=figure,
        facts=_facts(experiments, results, provenance),
        notices=notices.of_cover(results, provenance),
    )


def _facts(
    experiments: Experiments, results: Sequence[Result], provenance: Provenance
) -> tuple[tuple[str, str], ...]:
    report = experiments.file.report
    facts = []
    if report.authors:
        people = [author.name + (f" ({author.id})" if author.id else "") for author in report.authors]
        facts.append(("Author" if len(people) == 1 else "Authors", ", ".join(people)))
    if provenance.date is not None:
        facts.append(("Date", written_date(provenance.date)))
    facts.append(("Experiments", _counts(results)))
    if provenance.data:
        facts.append(
            (
                "Data",
                "; ".join(_source(found.requested, found.name, found.source) for found in provenance.data),
            )
        )
    facts.append(("Revision", f"{revision(provenance)}; reportgen {provenance.version}"))
    return tuple(facts)


def written_date(date: object) -> str:
    """Return a date as ``20 November 2026``, whatever the locale."""
    year, month, day = (getattr(date, name) for name in ("year", "month", "day"))
    return f"{day} {_MONTHS[month - 1]} {year}"


def _counts(results: Sequence[Result]) -> str:
    groups = by_data_set(results)
    text = numbers.thousands(len(results))
    parts = [f"{len(group)} on {words.used_data(group[0][1].data)}" for group in groups.values()]
    failed = sum(result.record is None for result in results)
    if failed:
        parts.append(f"{failed} without a result")
    if parts and (len(parts) > 1 or failed):
        text += f" ({', '.join(parts)})"
    elif parts:
        text += f" on {words.used_data(next(iter(groups.values()))[0][1].data)}"
    seeds = sorted({run.seed for result in results for run in result.runs})
    if len(seeds) == 1:
        text += f", seed {seeds[0]}"
    elif seeds:
        text += f", seeds {', '.join(map(str, seeds))}"
    return text


def _source(requested: str, name: str, source: str) -> str:
    own = words.data_set(name)
    where = {
        "folder": "from a folder",
        "keras cache": "from Keras's cache",
        "download": "downloaded",
        "embedded": "embedded",
    }.get(source, source)
    return (
        f"{own}, {where}" if requested == name else f"{own}, {where}, in place of {words.data_set(requested)}"
    )


def glance(results: Sequence[Result], provenance: Provenance, numbering: Numbering, draw: Draw) -> Glance:
    """Return the glance: the best run of each data set by validation, and all against their cost."""
    done = results_of(results)
    count = numbers.counted(len(results), "experiment")
    sentence = f"{count}, all with a result."
    if len(done) != len(results):
        sentence = f"Of {count}, {numbers.thousands(len(done))} ended with a result."
    if not done:
        return Glance(sentence, notices.of_cover(results, provenance), None, (), None)
    table = numbering.table(_best_table(results), "small")
    figure = numbering.figure(COST, draw("accuracy_against_cost", results))
    return Glance(sentence, notices.of_cover(results, provenance), table, separation(results), figure)


def with_ranks_of(found: Glance, comparison: int) -> Glance:
    """The glance whose figure names the table that its numbers lead to; 0 where there is none."""
    if found.figure is None:
        return found
    where = f"ranks of Table {comparison}" if comparison else "ranks by validation accuracy"
    caption = f"{COST} Numbers are {where}; the line joins the rows that no smaller network surpasses."
    return replace(found, figure=replace(found.figure, caption=caption))


def separation(results: Sequence[Result]) -> tuple[str, ...]:
    """Say for each data set how many rows the best one's interval of validation accuracy holds.

    The interval is Wilson's of the row of rank 1, at 95 %; a data set with one row has no sentence.
    """
    places, groups = ranks(results), by_data_set(results)
    sentences = []
    for name, group in groups.items():
        if len(group) < 2:
            continue
        best = min(group, key=lambda pair: places[pair[0].row.id].rank)
        held, items = best[1].evaluation["validation"]["accuracy"], best[1].data.n_validation
        low, high = accuracy_interval(round(held * items), items)
        inside = sum(low <= r.evaluation["validation"]["accuracy"] <= high for _, r in group) - 1
        where = f"{words.data_set(name)}: "
        interval = (
            f"({numbers.interval(low, high, 1)}{numbers.NO_BREAK_SPACE}% on {numbers.thousands(items)}"
            f" {words.held_out(best[1])} images)"
        )
        sentences.append(f"{where}{_inside(inside)} within the interval of the best {interval}{_so(inside)}.")
    return tuple(sentences)


def _inside(rows: int) -> str:
    if not rows:
        return "no other row lies"
    return f"{numbers.counted(rows, 'other row')} {'lies' if rows == 1 else 'lie'}"


def _so(rows: int) -> str:
    return f"; this comparison does not separate {'the two' if rows == 1 else 'them'}" if rows else ""


def _best_table(results: Sequence[Result]) -> Table:
    places = ranks(results)
    lines = [
        _best_line(name, result, record)
        for name, group in by_data_set(results).items()
        for result, record in group
        if places[result.row.id].rank == 1
    ]
    on_test = any(record.data.validated_on_test for _, record in results_of(results))
    return Table(
        id="best",
        caption="The best experiment of each data set, chosen by validation accuracy,"
        " and what it scores on the test set.",
        columns=(
            Column("Data set", kind="name"),
            Column("Experiment"),
            Column("Validation", "%", "right", "percent"),
            Column("Test", "%", "right", "percent"),
            Column("95 % interval", "%", "right", "name"),
            Column("Test items", align="right", kind="integer"),
            Column("Parameters", align="right", kind="integer"),
        ),
        rows=tuple(lines),
        note="Where the test set was also the validation set, the choice was made by the test score."
        if on_test
        else "",
    )


def _best_line(name: str, result: Result, record: Record) -> Line:
    low, high = accuracy_interval(correct_items(record.test), record.data.n_test)
    test, held = record.evaluation["test"]["accuracy"], record.evaluation["validation"]["accuracy"]
    mark = " (on the test set)" if record.data.validated_on_test else ""
    interval = numbers.interval(low, high)
    return Line(
        (
            Cell(name, words.data_set(name)),
            Cell(result.row.title, result.row.title),
            Cell(held, numbers.percent(held) + mark),
            Cell(test, numbers.percent(test), bold=True),
            Cell(interval, interval),
            Cell(record.data.n_test, numbers.thousands(record.data.n_test)),
            Cell(record.total_params, numbers.thousands(record.total_params)),
        ),
        link=result.row.id,
    )
