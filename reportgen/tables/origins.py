"""Who made the runs of a report, with what, and which of them stand for others."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from reportgen import language
from reportgen.analysis import elsewhere, numbers
from reportgen.analysis.elsewhere import Origin
from reportgen.results import Result, Run
from reportgen.tables.cells import NOTHING, said_cell, text_cell, whole
from reportgen.tables.table import Cell, Column, Line, Table

NAMED = 6
"""Experiments that a line names, at most; their pages and the table of runs tell the rest."""


def origins_table(results: Sequence[Result]) -> Table:
    """One line for each owner, environment and difference, one's own runs first."""
    lines = []
    for origin in elsewhere.origins(elsewhere.with_records(results)):
        environments: dict[str, list[Run]] = {}
        for run in origin.runs:
            environments.setdefault(elsewhere.made_with(run), []).append(run)
        lines += [_line(origin, made_with, runs, results) for made_with, runs in environments.items()]
    return Table(
        id="origins",
        caption=language.text("Who made the runs, and with what."),
        columns=(
            Column(language.text("Made by"), kind="name"),
            Column(language.text("Runs"), align="right", kind="integer"),
            Column(language.text("Experiments")),
            Column(language.text("Made with")),
            Column(language.text("Accepted: what differs from the run asked for")),
        ),
        rows=tuple(lines),
        note=language.text(
            "A run made elsewhere was checked when it was merged: it is whole and fits its key. That it was"
            " made as it says, its maker answers for."
        ),
    )


def _line(origin: Origin, made_with: str, runs: Sequence[Run], results: Sequence[Result]) -> Line:
    keys = {run.key for run in runs}
    titles = [result.row.title for result in results if keys & {run.key for run in result.runs}]
    return Line(
        (
            maker_cell(origin.owner),
            whole(len(runs)),
            said_cell(partial(_listed, titles)),
            Cell(made_with, made_with),
            said_cell(partial(elsewhere.differences_words, origin.differences))
            if origin.accepted
            else NOTHING,
        )
    )


def _listed(titles: Sequence[str]) -> str:
    """The titles; of many, the first and how many more there are."""
    shown = [language.quoted(title) for title in titles]
    if len(titles) > NAMED:
        shown[NAMED - 1 :] = [language.text("{n} more", n=numbers.thousands(len(titles) - NAMED + 1))]
    return language.listed(shown)


def maker_cell(owner: str) -> Cell:
    """The owner of a run, or that it is this project's."""
    return text_cell(owner) if owner else said_cell(partial(elsewhere.whose, ""))
