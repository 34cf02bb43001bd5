"""What the report shows of a search beyond its place among the stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen import language
from reportgen.analysis import trial_words as words
from reportgen.analysis.dimensions import called
from reportgen.analysis.importance import importance
from reportgen.analysis.retrained import retrained
from reportgen.analysis.retrained_words import retrained_words
from reportgen.analysis.search_words import importance_words, searched_words, selection_words
from reportgen.analysis.selection import selection
from reportgen.analysis.trials import Searched, searched
from reportgen.experiments.resolved import Experiments
from reportgen.experiments.stages import Stage
from reportgen.report.parts import Draw, NumberedFigure, NumberedTable, Numbering
from reportgen.results import Result
from reportgen.tables.search import LONG, best_trials_table, retrained_table, trials_table

_PARALLEL = 2
"""Trials with a measure below which lines across axes show nothing."""


@dataclass(frozen=True)
class SearchView:
    """A search; what there is nothing to show of yet is None or empty.

    Parameters
    ----------
    searched : tuple of str
        What was searched, how, and what became of it.
    history, parallel, importance : NumberedFigure or None
    about_importance : tuple of str
        What importance means, or why it is not there.
    table : NumberedTable or None
        All trials, or the best of a long search.
    whole : str
        Anchor of the appendix that holds all of them, where the table does not.
    count : str
        How many those are, in words.
    selected : tuple of str
        By how much the best score may be too high.
    winner : NumberedTable or None
        The winner as selected and trained anew.
    anew : tuple of str
        What training it anew shows.
    """

    searched: tuple[str, ...]
    history: NumberedFigure | None = None
    parallel: NumberedFigure | None = None
    importance: NumberedFigure | None = None
    about_importance: tuple[str, ...] = ()
    table: NumberedTable | None = None
    whole: str = ""
    count: str = ""
    selected: tuple[str, ...] = ()
    winner: NumberedTable | None = None
    anew: tuple[str, ...] = ()


def search_view(
    stage: Stage, results: Sequence[Result], experiments: Experiments, numbering: Numbering, draw: Draw
) -> SearchView:
    """Return what is shown of a search; tables and figures are numbered in the order of the page.

    Parameters
    ----------
    stage : Stage
        Of the kind ``search``.
    results : sequence of Result
        Of the whole report: the row that trains the winner anew is among them.
    experiments : Experiments
    numbering : Numbering
    draw : callable
    """
    found = searched(stage, results)
    records = {result.row.id: result.record for result in results}
    winner = records.get(found.winner.row) if found.winner is not None else None
    on_test = any(
        record.data.validated_on_test for row in stage.rows if (record := records.get(row)) is not None
    )
    told = " ".join(searched_words(found, _seed(stage, experiments), on_test))
    history, parallel = _figures(found, numbering, draw)
    shares = importance(found)
    figure = None
    if shares.shares:
        caption = language.text("How much of the variance of the measure each axis explains by itself.")
        figure = numbering.figure(caption, draw("search_importance", (), shares))
    long = is_long(found)
    table = best_trials_table(found) if long else trials_table(found)
    numbered = numbering.table(table, "small tight sortable below") if table.rows else None
    rows = retrained(found, results)
    anew = None
    if winner is not None and any(row.fresh for row in rows):
        anew = numbering.table(retrained_table(found, rows, winner), "small tight below")
    items = winner.data.n_validation if winner is not None else 0
    return SearchView(
        searched=(told,),
        history=history,
        parallel=parallel,
        importance=figure,
        about_importance=(" ".join(importance_words(found, shares)),) if found.finished else (),
        table=numbered,
        whole=trials_anchor(stage.id) if long else "",
        count=words.trials(len(found.trials)) if long else "",
        selected=tuple(selection_words(found, selection(found, results), items)),
        winner=anew,
        anew=tuple(retrained_words(found, rows, len(found.distinct))),
    )


def _seed(stage: Stage, experiments: Experiments) -> int:
    """The seed of the proposals."""
    return experiments.file.search[stage.number].search_seed


def _figures(
    found: Searched, numbering: Numbering, draw: Draw
) -> tuple[NumberedFigure | None, NumberedFigure | None]:
    """The history, and the lines across the axes."""
    if not found.done:
        return None, None
    name = words.measure_name(found)
    caption = language.text("The {measure} of every trial, and the best so far.", measure=name)
    history = numbering.figure(caption, draw("search_history", (), found))
    if len(found.done) < _PARALLEL:
        return history, None
    caption = language.text(
        "Every trial as a line across its settings to its {measure}; the stronger its colour, the better.",
        measure=name,
    )
    return history, numbering.figure(caption, draw("search_parallel", (), found))


def is_long(found: Searched) -> bool:
    """Whether the chapter has the best trials only, and an appendix all of them."""
    return len(found.trials) > LONG and bool(found.done)


def trials_anchor(stage: str) -> str:
    """Return the anchor of the appendix with all trials of a search."""
    return f"trials-{stage}"


def long_searches(experiments: Experiments, results: Sequence[Result]) -> tuple[tuple[str, Searched], ...]:
    """Return the searches whose trials stand in an appendix, each with what the report calls it."""
    stages = [stage for stage in experiments.stages if stage.kind == "search"]
    every = [(called(stage), searched(stage, results)) for stage in stages]
    return tuple((title, found) for title, found in every if is_long(found))
