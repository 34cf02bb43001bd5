"""The report on one page: the best row of each data set by validation, and what the claims came to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from reportgen import language
from reportgen.analysis import numbers, words
from reportgen.analysis.costs import order_words
from reportgen.analysis.differences import RankRange
from reportgen.analysis.metrics import by_data_set, ranks, results_of
from reportgen.analysis.scores import score
from reportgen.prose.judging import Judged
from reportgen.provenance import Provenance
from reportgen.records import Record
from reportgen.report import notices
from reportgen.report.costs import LINE
from reportgen.report.parts import Draw, Notice, NumberedFigure, NumberedTable, Numbering
from reportgen.results import Result
from reportgen.tables import Cell, Column, Line, Table
from reportgen.tables.cells import fraction_cell

COST = "Validation accuracy of every experiment against its number of parameters."
"""Caption of the glance's figure."""


@dataclass(frozen=True)
class Glance:
    """The report on one page."""

    sentence: str
    notices: tuple[Notice, ...]
    table: NumberedTable | None
    separation: tuple[str, ...]
    claims_outcome: tuple[str, ...]
    figure: NumberedFigure | None


def glance(
    results: Sequence[Result],
    provenance: Provenance,
    places: Mapping[str, RankRange],
    claims: Sequence[Judged],
    numbering: Numbering,
    draw: Draw,
) -> Glance:
    """Return the glance: the best row of each data set by validation, and all against their cost."""
    done = results_of(results)
    count = numbers.counted(len(results), "experiment")
    sentence = f"{count}, all with a result."
    if len(done) != len(results):
        sentence = f"Of {count}, {numbers.thousands(len(done))} ended with a result."
    if not done:
        return Glance(sentence, notices.of_cover(results, provenance), None, (), (), None)
    table = numbering.table(_best_table(results), "small")
    figure = numbering.figure(COST, draw("accuracy_against_cost", results))
    found = notices.of_cover(results, provenance)
    return Glance(sentence, found, table, separation(results, places), claims_outcome(claims), figure)


def with_ranks_of(found: Glance, comparison: int) -> Glance:
    """The glance whose figure names the table that its numbers lead to; 0 where there is none."""
    if found.figure is None:
        return found
    caption = f"{COST} {order_words(comparison)} {LINE}"
    return replace(found, figure=replace(found.figure, caption=caption))


def separation(results: Sequence[Result], places: Mapping[str, RankRange]) -> tuple[str, ...]:
    """Say for each data set how many rows validation cannot tell from the best one.

    These are the rows whose range of ranks begins at 1; a data set with one row has no sentence.
    """
    order, sentences = ranks(results), []
    for name, group in by_data_set(results).items():
        if len(group) < 2:
            continue
        best = min(group, key=lambda pair: order[pair[0].row.id].rank)[0]
        rivals = sum(places[result.row.id].first == 1 for result, _ in group) - 1
        held_out = words.held_out(group[0][1])
        basis = f"{numbers.thousands(group[0][1].data.n_validation)} {held_out} images"
        if len({record.data.split_digest for result, _ in group for record in result.records}) > 1:
            basis += ", other ones for each seed"
        if not any(result.repeated for result, _ in group):
            basis += ", one training of each row"
        first = f"{words.data_set(name)}: “{best.row.title}” has the highest {held_out} accuracy"
        if rivals:
            text = f"{first}, but {numbers.counted(rivals, 'other row')} cannot be told from first place"
        else:
            text = f"{first}, and every other row can be told to lie below it"
        sentences.append(f"{text} ({basis}).")
    return tuple(sentences)


def claims_outcome(claims: Sequence[Judged]) -> tuple[str, ...]:
    """Say what the authors' claims came to."""
    if not claims:
        return ()
    if all(judged.status == "supported" for judged in claims):
        return (f"The results support each of the {len(claims)} claims of the authors.",)
    counts = {
        status: sum(judged.status == status for judged in claims)
        for status in ("supported", "not supported", "undecided", "no result")
    }
    parts = [f"{numbers.thousands(count)} {status}" for status, count in counts.items() if count]
    return (f"Of {numbers.counted(len(claims), 'claim')} of the authors, {language.listed(parts)}.",)


def _best_table(results: Sequence[Result]) -> Table:
    places = ranks(results)
    lines = [
        _best_line(name, result, record)
        for name, group in by_data_set(results).items()
        for result, record in group
        if places[result.row.id].rank == 1
    ]
    on_test = any(record.data.validated_on_test for _, record in results_of(results))
    repeated = any(result.repeated for result in results)
    note = "The interval is Wilson's: of another test set, not of another training."
    if repeated:
        note = (
            "The interval of a row with several runs is that of their mean over seeds, on this test set, and"
            " Wilson's of a single run. What the test set's size leaves open is the standard error (s.e.)."
        )
    if on_test:
        note += " Where the test set was also the validation set, the choice was made by the test score."
    return Table(
        id="best",
        caption="The row of each data set with the highest validation accuracy,"
        " and what it scores on the test set.",
        columns=(
            Column("Data set", kind="name"),
            Column("Experiment"),
            Column("Runs", align="right", kind="integer"),
            Column("Validation", "%", "right", "percent"),
            Column("Test", "%", "right", "percent"),
            Column("95 % interval", "%", "right", "name"),
            Column("S.e. of test set", "%", "right", "percent"),
            Column("Parameters", align="right", kind="integer"),
        ),
        rows=tuple(lines),
        note=note.strip(),
    )


def _best_line(name: str, result: Result, record: Record) -> Line:
    test, held = score(result, "test_accuracy"), score(result, "validation_accuracy").mean
    mark = " (on the test set)" if record.data.validated_on_test else ""
    interval = numbers.interval(test.low, test.high)
    return Line(
        (
            Cell(name, words.data_set(name)),
            Cell(result.row.title, result.row.title),
            Cell(test.n, numbers.thousands(test.n)),
            replace(fraction_cell(held), text=numbers.percent(held) + mark),
            fraction_cell(test.mean),
            Cell(interval, interval),
            fraction_cell(test.standard_error or 0.0),
            Cell(record.total_params, numbers.thousands(record.total_params)),
        ),
        link=result.row.id,
    )
