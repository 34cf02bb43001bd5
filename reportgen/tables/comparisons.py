"""Tables that set several rows side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from reportgen import language
from reportgen.analysis import beginning_words, counts, elsewhere, metrics, numbers, twin_words, twins, words
from reportgen.analysis.complexity import architecture
from reportgen.analysis.differences import rank_ranges
from reportgen.analysis.layers import CONVOLUTIONS, NORMALISING
from reportgen.analysis.metrics import by_data_set, ranks
from reportgen.analysis.statistics import LEVEL, single_run_level
from reportgen.records import Record
from reportgen.results import Result
from reportgen.tables import means
from reportgen.tables.cells import NOTHING, said_cell, text_cell, whole
from reportgen.tables.table import Cell, Column, Line, Table
from reportgen.tables.times import times_note
from reportgen.tables.widths import fitted

_NOTATION = language.message("9@5×5 is a convolution with nine filters of 5 × 5.")
_BOLD = language.message(
    "Bold: the highest validation accuracy, where the validation set tells it from all others of its data"
    " set. No test figure is bold, since none is to be chosen by."
)
_SINGLE = language.message(
    "Ranges of ranks: one experiment is above another where McNemar's exact test on their validation images"
    " gives p below {single}, each pair by itself. The test counts the images on which two experiments"
    " differ: equal accuracies may have other ranges, and an experiment may have a lower range than one below"
    " it."
)
_NUMBERS = language.message(
    "No. is the order by validation accuracy, then by validation loss; every figure uses these numbers."
)
_SEEDS = language.message(
    "Ranges of ranks: one experiment is above another, each pair by itself, where a paired t test over five"
    " shared seeds or more gives p below {several}; with two to four shared seeds, where the interval of each"
    " seed says so; with one, where McNemar's exact test gives p below {single}."
)


def _short() -> dict[str, str]:
    """Shorter titles of columns, by title, for a page that is too narrow."""
    return {
        language.text("Validation"): language.text("Valid."),
        language.text("Parameters"): language.text("Param."),
    }


def section_table(results: Sequence[Result], everything: Sequence[Result] = ()) -> Table:
    """The rows of one section in the file's order, ranked among `everything` on the same data set.

    Parameters
    ----------
    results : sequence of Result
        Of the section.
    everything : sequence of Result
        Of the report; the section alone where empty.
    """
    repeated, marked = means.any_repeated(results), _some_on_test(results)
    columns = _columns(repeated, everything=False)
    places, counted = rank_ranges(everything or results), twins.later(results)
    rows = tuple(
        _failed(result, len(columns))
        if result.record is None
        else Line(
            (
                means.rank_cell(places[result.row.id], result.row.id in counted),
                *_cells(result, result.record, repeated, marked),
                time,
            ),
            link=result.row.id,
        )
        for result, time in zip(results, means.time_cells(results), strict=True)
    )
    section = results[0].row.section if results else "none"
    table = Table(
        id=f"section-{section}",
        caption=language.text(
            "Experiments of this chapter; ranks by validation accuracy among {rows}; a rank is a range where"
            " the validation set cannot tell rows apart.",
            rows=_among(results, everything),
        ),
        columns=columns,
        rows=rows,
    )
    gives_way = (means.interval_head(), _architecture().head, _time().head)
    return _told(fitted(table, gives_way, _short(), whole=True), results, everything)


def comparison_table(results: Sequence[Result]) -> Table:
    """All rows by data set, the highest validation accuracy first, failed ones last and marked.

    Scores and times of a row with several runs are means. Bold is the highest validation accuracy of a
    data set where its row surely is the first; nowhere else would bold be honest: the highest test
    accuracy must not be chosen by, and what looks highest often cannot be told from its neighbours.
    """
    groups = _by_data_set(results)
    repeated, marked = means.any_repeated(results), _some_on_test(results)
    columns = _columns(repeated, everything=True)
    rows: list[Line] = []
    for name, group in groups.items():
        if len(groups) > 1:
            rows.append(Line((said_cell(partial(words.data_set, name)),), "group"))
        rows.extend(_ranked(group, columns, repeated, marked))
    table = Table(
        id="comparison",
        caption=language.text(
            "All experiments, by validation accuracy within each data set; a rank is a range where the"
            " validation set cannot tell rows apart."
        ),
        columns=columns,
        rows=tuple(rows),
    )
    gives_way = (_architecture().head, language.text("Kind"), _time().head)
    numbered = language.text(_NUMBERS) if len(ranks(results)) > 1 else ""
    ranges = f"{numbered} {_ranges(table, means.any_repeated(results))}".strip()
    return _told(fitted(table, gives_way, _short(), whole=True), results, results, ranges)


def _told(table: Table, results: Sequence[Result], everything: Sequence[Result], ranges: str = "") -> Table:
    """The table, its caption and note saying how to read the columns that it has, and no others."""
    heads = {column.full_head for column in table.columns}
    intervals = means.interval_words(results) if means.interval_head() in heads else ""
    parts = (
        language.text(_BOLD) if any(cell.bold for line in table.rows for cell in line.cells) else "",
        ranges,
        _note(results, everything),
        times_note(results, everything) if _time().head in heads else "",
        table.note,  # what was left out
        language.text(_NOTATION) if _has_convolutions(table) else "",
    )
    return replace(
        table,
        caption=f"{table.caption} {intervals}".strip(),
        note=" ".join(part for part in parts if part),
    )


def _ranges(table: Table, repeated: bool) -> str:
    """By which test the ranks are ranges; empty where none is one."""
    if not any("–" in cell.text for line in table.rows if line.link for cell in line.cells[:2]):
        return ""
    limits = {
        "single": numbers.plain(round(1 - single_run_level(LEVEL), 9)),
        "several": numbers.plain(round(1 - LEVEL, 9)),
    }
    if repeated:
        return language.text(_SEEDS, **limits)
    return language.text(_SINGLE, **limits)


def _has_convolutions(table: Table) -> bool:
    """Whether an architecture with a convolution stands in the table."""
    places = [place for place, column in enumerate(table.columns) if column.head == _architecture().head]
    return any(
        "@" in line.cells[place].text for place in places for line in table.rows if len(line.cells) > 1
    )


def _columns(repeated: bool, everything: bool) -> tuple[Column, ...]:
    """Those of a chapter, or of everything: with numbers, and kinds of network where no seeds need room."""
    return (
        *((Column(language.text("No."), align="right", kind="integer"),) if everything else ()),
        Column(language.text("Rank"), align="right", kind="integer"),
        Column(language.text("Experiment")),
        *((Column(language.text("Kind"), kind="name"),) if everything and not repeated else ()),
        _architecture(),
        Column(language.text("Parameters"), align="right", kind="integer"),
        *means.score_columns(repeated),
        _time(),
    )


def _architecture() -> Column:
    return Column(language.text("Architecture"), kind="name")


def _time() -> Column:
    return Column(language.text("Time"), "s", "right", "number")


def _network(record: Record) -> str:
    """The kind of network in two words, by its layers with weights and by what it reads."""
    weighted = [layer.class_name for layer in record.layers if layer.variables]
    others = [name for name in dict.fromkeys(weighted) if name not in CONVOLUTIONS | NORMALISING | {"Dense"}]
    convolutional = any(name in CONVOLUTIONS for name in weighted)
    if others or convolutional:
        kind = "–".join([*(["CNN"] if convolutional else []), *others])
        if not others:
            return kind
    elif weighted.count("Dense") > 1:
        kind = "MLP"
    else:
        kind = language.text("No hidden layer")
    reads = "HOG" if record.features.kind == "hog" else language.text("pixels")
    return language.text("{network}, {inputs}", network=kind, inputs=reads)


def _cells(
    result: Result, record: Record, repeated: bool, marked: bool, everything: bool = False
) -> tuple[Cell, ...]:
    return (
        means.title_cell(result),
        *((text_cell(_network(record)),) if everything and not repeated else ()),
        text_cell(architecture(record, images=False)),
        whole(record.total_params),
        *means.score_cells(result, repeated, marked),
    )


def _by_data_set(results: Sequence[Result]) -> dict[str, list[Result]]:
    """Results by the data set they saw; a failed one goes where its row would have gone."""
    seen = {r.record.data.requested: r.record.data.name for r in results if r.record is not None}
    groups: dict[str, list[Result]] = {}
    for result in results:
        if result.record is not None:
            name = result.record.data.name
        else:
            wanted = str(result.row.parameters.get("dataset", "none"))
            name = seen.get(wanted, wanted)
        groups.setdefault(name, []).append(result)
    return groups


def _ranked(group: Sequence[Result], columns: Sequence[Column], repeated: bool, marked: bool) -> list[Line]:
    order, places, counted = ranks(group), rank_ranges(group), twins.later(group)
    numbered = metrics.places(group)
    done = sorted((r for r in group if r.record is not None), key=lambda r: order[r.row.id].rank)
    lines = [
        Line(
            (
                whole(numbered[(name := result.row.id)]),
                means.rank_cell(places[name], name in counted),
                *_cells(result, result.record, repeated, marked, everything=True),
                time,
            ),
            link=name,
        )
        for result, time in zip(done, means.time_cells(done), strict=True)
        if result.record is not None
    ]
    held = list(columns).index(means.validation_column())
    failed = [_failed(result, len(columns), 2) for result in group if not result.records]
    # More than one row on first place, or a row alone: nothing stands out.
    first = len(twins.distinct(done)) > 1 and places[done[0].row.id].last == 1
    return [
        _bold(line, held) if first and places[result.row.id].last == 1 else line
        for result, line in zip(done, lines, strict=True)
    ] + failed


def _bold(line: Line, column: int) -> Line:
    """The line with one cell in bold."""
    cells = list(line.cells)
    cells[column] = replace(cells[column], bold=True)
    return replace(line, cells=tuple(cells))


def _failed(result: Result, columns: int, before: int = 1) -> Line:
    # Why stands with the title: every other column may have to give way.
    cells = (*[NOTHING] * before, Cell(result.row.title, _why(result)))
    return Line(cells + (NOTHING,) * (columns - len(cells)), "failed", result.row.id)


def _why(result: Result) -> str:
    """A failed row's title and why it has no result."""
    cause = words.failure(result.failure.kind if result.failure else "not-run")
    if len(result.runs) < 2:
        return language.text("{title} (no result: {cause})", title=result.row.title, cause=cause)
    return language.text(
        "{title} (no result: {cause}, {seeds})",
        title=result.row.title,
        cause=cause,
        seeds=counts.seeds(len(result.runs)),
    )


def _among(results: Sequence[Result], everything: Sequence[Result]) -> str:
    """``the 20 rows on MNIST``: among which rows those of a section are ranked."""
    own = by_data_set(results)
    found = [
        language.plural(
            "the one row on {data}",
            "the {n} rows on {data}",
            (n := len(twins.distinct([result for result, _ in group]))),
            n=n,
            data=words.data_set(name),
        )
        for name, group in by_data_set(everything or results).items()
        if name in own
    ]
    return language.listed(found) or language.text("the rows on the same data set")


def _some_on_test(results: Sequence[Result]) -> bool:
    """Whether some rows, but not all, were validated on the test set: then each of them is marked."""
    done = [result for result in results if result.records]
    on_test = sum(means.validated_on_test(result) for result in done)
    return 0 < on_test < len(done)


def _note(results: Sequence[Result], everything: Sequence[Result]) -> str:
    parts = (
        means.errors_words(results),
        means.split_words(results),
        means.images_words(results),
        means.optimism_words(results),
        means.on_test_words(results, _some_on_test(results)),
        means.lost_words(results),
        twin_words.note(results, everything),
        beginning_words.note(results, everything),
        elsewhere.note(results),
    )
    return " ".join(part for part in parts if part)
