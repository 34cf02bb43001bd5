"""The rows on a Pareto front of accuracy and cost, with both."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from reportgen import language
from reportgen.analysis import costs, elsewhere, words
from reportgen.analysis.costs import MEASURES
from reportgen.analysis.explain_costs import fronts
from reportgen.analysis.scores import score
from reportgen.results import Result
from reportgen.tables.cells import NOTHING, fraction_cell, said_cell, seconds_cells, whole
from reportgen.tables.means import title_cell
from reportgen.tables.table import Cell, Column, Line, Table
from reportgen.tables.times import times_note

_ON = {
    "parameters": language.message("parameters"),
    "multiply-adds": language.message("multiply-adds"),
    "seconds": language.message("seconds"),
}


def fronts_table(results: Sequence[Result]) -> Table | None:
    """The rows that are on a front, by data set and number of parameters; None without a record."""
    own = {result.row.id: result for result in results if result.record is not None}
    lines: list[Line] = []
    found = fronts(results)
    timed = any("seconds" in measures for measures in found.values())
    for name, measures in found.items():
        chosen = dict.fromkeys(row for rows in measures.values() for row in rows)
        group = sorted((own[row] for row in chosen), key=lambda r: costs.cost(r, "parameters") or 0.0)
        if len(found) > 1:
            lines.append(Line((said_cell(partial(words.data_set, name)),), "group"))
        times = seconds_cells([costs.cost(r, "seconds") if "seconds" in measures else None for r in group])
        for result, seconds in zip(group, times, strict=True):
            on = [_ON[m] for m in MEASURES if result.row.id in measures.get(m, ())]
            lines.append(_line(result, seconds if timed else None, on))
    if not lines:
        return None
    shown = [own[line.link] for line in lines if line.link]
    return Table(
        id="fronts",
        caption=language.text(
            "Rows on a Pareto front: any row with a higher validation accuracy costs more, any that costs"
            " less has a lower one."
        ),
        columns=(
            Column(language.text("Row")),
            Column(language.text("Validation accuracy"), "%", "right", "percent"),
            Column(language.text("Parameters"), align="right", kind="integer"),
            Column(language.text("Multiply-adds"), align="right", kind="integer"),
            *((Column(language.text("Training"), "s", "right", "number"),) if timed else ()),
            Column(language.text("On the front by")),
        ),
        rows=tuple(lines),
        note=f"{_note(results, timed)} {elsewhere.note(shown)}".strip(),
    )


def _line(result: Result, seconds: Cell | None, on: Sequence[str]) -> Line:
    work = costs.cost(result, "multiply-adds")
    return Line(
        (
            title_cell(result),
            fraction_cell(score(result, "validation_accuracy").mean),
            whole(round(costs.cost(result, "parameters") or 0.0)),
            NOTHING if work is None else whole(round(work)),
            *(() if seconds is None else (seconds,)),
            said_cell(lambda: ", ".join(map(language.text, on))),
        ),
        link=result.row.id,
    )


def _note(results: Sequence[Result], timed: bool) -> str:
    """How the figures came about, and which seconds are missing, and why."""
    hog = any(record.features.kind == "hog" for result in results for record in result.records)
    parts = [_counted(hog, timed)]
    if any(result.repeated for result in results):
        parts.append(
            language.text("Accuracies and seconds are means over the seeds of a row.")
            if timed
            else language.text("Accuracies are means over the seeds of a row.")
        )
    reasons = costs.unlike_notes(results)
    if timed and not reasons:
        parts.append(times_note(results))
    if len(set(reasons.values())) == 1 and len(reasons) == len(fronts(results)):
        parts.append(next(iter(reasons.values())))
    else:
        parts += [
            language.text("{data}: {reason}", data=words.data_set(name), reason=reason)
            for name, reason in reasons.items()
        ]
    return " ".join(part for part in parts if part)


def _counted(hog: bool, timed: bool) -> str:
    """What is counted in multiply-adds and in seconds."""
    if hog and timed:
        return language.text(
            "Multiply-adds are those of one prediction with HOG extraction; seconds are those of training"
            " alone: extracting the HOG values is not in them."
        )
    if hog:
        return language.text("Multiply-adds are those of one prediction with HOG extraction.")
    if timed:
        return language.text(
            "Multiply-adds are those of one prediction; seconds are those of training alone."
        )
    return language.text("Multiply-adds are those of one prediction.")
