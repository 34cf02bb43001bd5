"""The report on one page: the best row of each data set by validation, and what the claims came to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from reportgen import language
from reportgen.analysis import elsewhere, numbers, twin_words, twins, words
from reportgen.analysis.costs import order_words
from reportgen.analysis.differences import RankRange
from reportgen.analysis.metrics import by_data_set, ranks, results_of
from reportgen.analysis.scores import score
from reportgen.prose.judging import Judged
from reportgen.provenance import Provenance
from reportgen.records import Record
from reportgen.report import notices, space
from reportgen.report.claim_words import claims_outcome
from reportgen.report.costs import LINE
from reportgen.report.parts import Draw, Notice, NumberedFigure, NumberedTable, Numbering, shortened
from reportgen.results import Result
from reportgen.tables import Cell, Column, Line, Table
from reportgen.tables.cells import fraction_cell
from reportgen.tables.means import images_words, title_cell

COST = language.message("Validation accuracy of every experiment against its number of parameters.")
"""Caption of the glance's figure."""


@dataclass(frozen=True)
class Glance:
    """The report on one page.

    The figure is None where no data set has two rows to set side by side, or the page no room; `part`
    says that it leaves data sets out. `style` holds CSS classes of how closely paper sets it.
    """

    sentence: str
    notices: tuple[Notice, ...]
    table: NumberedTable | None
    separation: tuple[str, ...]
    claims_outcome: tuple[str, ...]
    figure: NumberedFigure | None
    part: bool = False
    style: str = ""


def glance(
    results: Sequence[Result],
    provenance: Provenance,
    places: Mapping[str, RankRange],
    claims: Sequence[Judged],
    numbering: Numbering,
    draw: Draw,
    paper: Literal["a4", "letter"] = "a4",
) -> Glance:
    """Return the glance: the best row of each data set by validation, and all against their cost."""
    done = results_of(results)
    sentence = f"{_how_many(len(results), len(done))} {twin_words.note(results)}".strip()
    found = tuple(
        replace(notice, text=shortened(notice.text, NOTICE))
        for notice in notices.of_cover(results, provenance)
    )
    if not done:
        return Glance(sentence, found, None, (), (), None)
    table = numbering.table(_best_table(results), "small below")
    apart, outcome = separation(results, places), claims_outcome(claims)
    shown = _shown(results)
    figure = None
    if shown and _fits(found, table, apart + outcome, paper):
        figure = numbering.figure(language.text(COST), draw("accuracy_against_cost", shown))
    return Glance(sentence, found, table, apart, outcome, figure, shown != tuple(results))


NOTICE = 300
"""Letters of a notice on this page, at most: the pages it leads to say the rest."""
SHOWN = 2
"""Data sets in the figure, at most: as many as stand side by side."""
_FIGURE = 275.0
"""Points that the figure takes with its caption."""


def _shown(results: Sequence[Result]) -> tuple[Result, ...]:
    """The rows in the figure: of the data sets with the most rows; none where each has one row."""
    groups = by_data_set(results)
    most = sorted(groups, key=lambda name: -len(groups[name]))[:SHOWN]
    if len(groups[most[0]]) < 2:
        return ()
    if len(groups) <= SHOWN:
        return tuple(results)
    return tuple(row for row in results if row.record is not None and row.record.data.name in most)


def _fits(
    found: Sequence[Notice], table: NumberedTable, sentences: Sequence[str], paper: Literal["a4", "letter"]
) -> bool:
    """Whether a page has room for the figure below the rest."""
    height = 62 + 26 + 70 + 14.0 * sum(1 + len(line.cells[1].text) // 36 for line in table.table.rows)
    height += sum(12.5 * space.lines(f"{each.title} {each.text}", 9, space.WIDTH - 20) + 16 for each in found)
    height += 26 + sum(13 * space.lines(each, 9, 122 * space.MM) + 7 for each in sentences)
    return height + _FIGURE < space.PAGE[paper]


def _how_many(rows: int, done: int) -> str:
    if done == rows:
        return language.plural(
            "{n} experiment, with a result.",
            "{n} experiments, all with a result.",
            rows,
            n=numbers.thousands(rows),
        )
    return language.plural(
        "Of {n} experiment, {done} ended with a result.",
        "Of {n} experiments, {done} ended with a result.",
        rows,
        n=numbers.thousands(rows),
        done=numbers.thousands(done),
    )


def with_ranks_of(found: Glance, comparison: int) -> Glance:
    """The glance whose figure names the table that its numbers lead to; 0 where there is none."""
    if found.figure is None:
        return found
    caption = f"{language.text(COST)} {order_words(comparison)} {language.text(LINE)}"
    if found.part:
        caption += " " + language.text("Shown are the two data sets with the most rows.")
    return replace(found, figure=replace(found.figure, caption=caption))


def separation(results: Sequence[Result], places: Mapping[str, RankRange]) -> tuple[str, ...]:
    """Say for each data set how many rows validation cannot tell from the best one.

    These are the rows whose range of ranks begins at 1; a data set with one row has no sentence.
    """
    order, sentences = ranks(results), []
    for name, group in by_data_set(results).items():
        rows = twins.distinct([result for result, _ in group])
        if len(rows) < 2:
            continue
        best = min(group, key=lambda pair: order[pair[0].row.id].rank)[0]
        rivals = sum(places[result.row.id].first == 1 for result in rows) - 1
        facts = {"data": words.data_set(name), "title": language.quoted(best.row.title)}
        if group[0][1].data.quick:
            sentences.append(
                language.text(
                    "{data}: {title} has the highest validation accuracy. A quick run tells nothing of"
                    " which network is better.",
                    **facts,
                )
            )
            continue
        sentences.append(_first_place(group[0][1].data.validated_on_test, rivals, _basis(group), facts))
    return tuple(sentences)


def _basis(group: Sequence[tuple[Result, Record]]) -> str:
    """What the ranks rest on."""
    data = group[0][1].data
    images = numbers.thousands(data.n_validation)
    other = len({record.data.split_digest for result, _ in group for record in result.records}) > 1
    sizes = sorted({record.data.n_validation for result, _ in group for record in result.records})
    if data.validated_on_test:
        basis = language.text("{n} test images", n=images)
    elif len(sizes) > 1:
        basis = language.text(
            "{low} to {high} validation images, other ones for other rows",
            low=numbers.thousands(sizes[0]),
            high=numbers.thousands(sizes[-1]),
        )
    elif other:
        basis = language.text("{n} validation images, other ones for each seed", n=images)
    else:
        basis = language.text("{n} validation images", n=images)
    if any(result.repeated for result, _ in group):
        return basis
    return language.text("{basis}, one training of each row", basis=basis)


def _first_place(on_test: bool, rivals: int, basis: str, facts: Mapping[str, str]) -> str:
    """Which row is first, and how many others may be."""
    n = numbers.thousands(rivals)
    if rivals and on_test:
        return language.plural(
            "{data}: {title} has the highest test accuracy, but {n} other row cannot be told from first"
            " place ({basis}).",
            "{data}: {title} has the highest test accuracy, but {n} other rows cannot be told from"
            " first place ({basis}).",
            rivals, n=n, basis=basis, **facts,
        )  # fmt: skip
    if rivals:
        return language.plural(
            "{data}: {title} has the highest validation accuracy, but {n} other row cannot be told from first"
            " place ({basis}).",
            "{data}: {title} has the highest validation accuracy, but {n} other rows cannot be told from"
            " first place ({basis}).",
            rivals, n=n, basis=basis, **facts,
        )  # fmt: skip
    if on_test:
        return language.text(
            "{data}: {title} has the highest test accuracy, and every other row can be told to lie below it"
            " ({basis}).",
            basis=basis, **facts,
        )  # fmt: skip
    return language.text(
        "{data}: {title} has the highest validation accuracy, and every other row can be told to lie below it"
        " ({basis}).",
        basis=basis, **facts,
    )  # fmt: skip


def _best_table(results: Sequence[Result]) -> Table:
    places = ranks(results)
    lines = [
        _best_line(name, result, record)
        for name, group in by_data_set(twins.distinct(results)).items()
        for result, record in group
        if places[result.row.id].rank == 1
    ]
    on_test = any(record.data.validated_on_test for _, record in results_of(results))
    repeated = any(result.repeated for result in results)
    note = language.text("The interval is Wilson’s: of another test set, not of another training.")
    if repeated:
        note = language.text(
            "The interval of a row with several runs is that of their mean over seeds, on this test set, and"
            " Wilson’s of a single run. What the test set’s size leaves open is the standard error (s.e.)."
        )
    if on_test:
        note += " " + language.text(
            "Where the test set was also the validation set, the choice was made by the test score."
        )
    best = [result for result in results if result.record and places[result.row.id].rank == 1]
    note = " ".join(part for part in (note, images_words(results), elsewhere.note(best)) if part)
    return Table(
        id="best",
        caption=language.text(
            "The row of each data set with the highest validation accuracy, and what it scores on the test"
            " set."
        ),
        columns=(
            Column(language.text("Data set"), kind="name"),
            Column(language.text("Experiment")),
            Column(language.text("Runs"), align="right", kind="integer"),
            Column(language.text("Validation"), "%", "right", "percent"),
            Column(language.text("Test"), "%", "right", "percent"),
            Column(language.text("95 % interval"), "%", "right", "name"),
            Column(language.text("S.e. of test set"), "%", "right", "percent"),
            Column(language.text("Parameters"), align="right", kind="integer"),
        ),
        rows=tuple(lines),
        note=note,
    )


def _best_line(name: str, result: Result, record: Record) -> Line:
    test, held = score(result, "test_accuracy"), score(result, "validation_accuracy").mean
    shown = numbers.percent(held)
    if record.data.validated_on_test:
        shown = language.text("{value} (on the test set)", value=shown)
    interval = numbers.interval(test.low, test.high)
    return Line(
        (
            Cell(name, words.data_set(name)),
            title_cell(result),
            Cell(test.n, numbers.thousands(test.n)),
            replace(fraction_cell(held), text=shown),
            fraction_cell(test.mean),
            Cell(interval, interval),
            fraction_cell(test.standard_error or 0.0),
            Cell(record.total_params, numbers.thousands(record.total_params)),
        ),
        link=result.row.id,
    )
