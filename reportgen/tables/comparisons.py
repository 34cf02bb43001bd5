"""Tables that set several runs side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from reportgen.analysis import numbers, words
from reportgen.analysis.complexity import architecture
from reportgen.analysis.metrics import (
    Rank,
    accuracy_interval,
    confusion_matrix,
    correct_items,
    macro_f1,
    ranks,
)
from reportgen.records import Record
from reportgen.results import Result
from reportgen.tables.cells import (
    NOTHING,
    fraction_cell,
    loss_cell,
    score_cell,
    seconds_cells,
    text_cell,
    whole,
)
from reportgen.tables.table import Cell, Column, Line, Table
from reportgen.tables.times import times_note

_Sense = Callable[[list[float]], float]
_HIGHEST: _Sense = max
_LOWEST: _Sense = min
_SECTION_COLUMNS = (
    Column("Rank", align="right", kind="integer"),
    Column("Experiment"),
    Column("Architecture", kind="name"),
    Column("Parameters", align="right", kind="integer"),
    Column("Validation", "%", "right", "percent"),
    Column("Test", "%", "right", "percent"),
    Column("Test loss", align="right", kind="number"),
    Column("Time", "s", "right", "number"),
)
_NOTATION = "9@5×5 is a convolution with nine filters of 5 × 5."


def section_table(results: Sequence[Result], everything: Sequence[Result] = ()) -> Table:
    """The rows of one section in the file's order, ranked among `everything` on the same data set.

    Parameters
    ----------
    results : sequence of Result
        Of the section.
    everything : sequence of Result
        Of the report; the section alone where empty.
    """
    places = ranks(everything or results)
    times = _times(results)
    rows = tuple(
        _failed(result, len(_SECTION_COLUMNS))
        if result.record is None
        else Line(_section_cells(result, result.record, places, time), link=result.row.id)
        for result, time in zip(results, times, strict=True)
    )
    section = results[0].row.section if results else "none"
    return Table(
        id=f"section-{section}",
        caption="Experiments of this chapter; ranks by validation accuracy on the same data set.",
        columns=_SECTION_COLUMNS,
        rows=rows,
        note=_note(results),
    )


def _section_cells(
    result: Result, record: Record, places: Mapping[str, Rank], time: Cell
) -> tuple[Cell, ...]:
    place = places[result.row.id]
    several = len({other.of for other in places.values()}) > 1
    return (
        Cell(place.rank, f"{place.rank} of {place.of}" if several else str(place.rank)),
        text_cell(result.row.title),
        text_cell(architecture(record, images=False)),
        whole(record.total_params),
        fraction_cell(record.evaluation["validation"]["accuracy"]),
        fraction_cell(record.evaluation["test"]["accuracy"]),
        loss_cell(record.evaluation["test"]["loss"]),
        time,
    )


def comparison_table(results: Sequence[Result]) -> Table:
    """All rows by data set, the best validation accuracy first, failed ones last and marked.

    Bold is the best of a column within its data set, in the column's own sense: the most accurate,
    the smallest; nothing where all are alike. Times are never bold: runs share the machine.
    """
    groups = _by_data_set(results)
    rows: list[Line] = []
    for name, group in groups.items():
        if len(groups) > 1:
            rows.append(Line((text_cell(words.data_set(name)),), "group"))
        rows.extend(_ranked(group))
    return Table(
        id="comparison",
        caption="All experiments, by validation accuracy within each data set."
        " Best of each column but the time in bold; 95 % intervals after Wilson.",
        columns=(
            Column("Rank", align="right", kind="integer"),
            Column("Experiment"),
            Column("Architecture", kind="name"),
            Column("Parameters", align="right", kind="integer"),
            Column("Validation", "%", "right", "percent"),
            Column("Test", "%", "right", "percent"),
            Column("95 % interval", "%", "right", "name"),
            Column("Test loss", align="right", kind="number"),
            Column("Macro F1", align="right", kind="number"),
            Column("Time", "s", "right", "number"),
        ),
        rows=tuple(rows),
        note=_note(results),
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


def _ranked(group: Sequence[Result]) -> list[Line]:
    places = ranks(group)
    done = sorted((r for r in group if r.record is not None), key=lambda r: places[r.row.id].rank)
    lines = [
        Line(_comparison_cells(result, result.record, places[result.row.id].rank, time), link=result.row.id)
        for result, time in zip(done, _times(done), strict=True)
        if result.record is not None
    ]
    best = {3: _LOWEST, 4: _HIGHEST, 5: _HIGHEST, 7: _LOWEST, 8: _HIGHEST}
    for column, sense in best.items():
        lines = _emphasised(lines, column, sense)
    return lines + [_failed(result, 10) for result in group if result.record is None]


def _comparison_cells(result: Result, record: Record, rank: int, time: Cell) -> tuple[Cell, ...]:
    low, high = accuracy_interval(correct_items(record.test), record.data.n_test)
    return (
        whole(rank),
        text_cell(result.row.title),
        text_cell(architecture(record, images=False)),
        whole(record.total_params),
        fraction_cell(record.evaluation["validation"]["accuracy"]),
        fraction_cell(record.evaluation["test"]["accuracy"]),
        text_cell(numbers.interval(low, high)),
        loss_cell(record.evaluation["test"]["loss"]),
        score_cell(macro_f1(confusion_matrix(record.test, len(record.data.class_names)))),
        time,
    )


def _times(results: Sequence[Result]) -> list[Cell]:
    return seconds_cells([None if r.record is None else r.record.times.train for r in results])


def _emphasised(lines: Sequence[Line], column: int, sense: _Sense) -> list[Line]:
    """The lines with the best of one column in bold; what is printed alike is alike."""
    texts = {float(line.cells[column].value or 0): line.cells[column].text for line in lines}
    if len(set(texts.values())) < 2:
        return list(lines)
    best = texts[sense(list(texts))]
    return [
        replace(
            line,
            cells=tuple(
                replace(cell, bold=True) if place == column and cell.text == best else cell
                for place, cell in enumerate(line.cells)
            ),
        )
        for line in lines
    ]


def _failed(result: Result, columns: int) -> Line:
    kind = result.failure.kind if result.failure else "not-run"
    cells = (NOTHING, text_cell(result.row.title), text_cell(f"no result: {kind.replace('-', ' ')}"))
    return Line(cells + (NOTHING,) * (columns - len(cells)), "failed", result.row.id)


def _note(results: Sequence[Result]) -> str:
    records = [result.record for result in results if result.record is not None]
    parts = []
    if any("@" in architecture(record) for record in records):
        parts.append(_NOTATION)
    on_test = [record for record in records if record.data.validated_on_test]
    if on_test:
        which = "All rows" if len(on_test) == len(records) else f"{len(on_test)} of {len(records)} rows"
        parts.append(f"{which} were validated on the test set itself, so their two accuracies are one.")
    parts.append(times_note(results))
    return " ".join(part for part in parts if part)
