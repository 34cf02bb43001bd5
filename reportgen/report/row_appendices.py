"""What a report may print at its end: the page of every row, its epochs, its Keras code; every network."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from string import ascii_uppercase
from typing import Literal

from reportgen import language
from reportgen.analysis.complexity import Architecture, distinct_architectures
from reportgen.report import notices
from reportgen.report.context import Context
from reportgen.report.drawn_networks import counting_places, in_appendix, network_figure
from reportgen.report.experiment import Experiment, experiment_page
from reportgen.report.keras_code import keras_code
from reportgen.report.parts import Notice, NumberedFigure, NumberedTable, Place
from reportgen.report.search import long_searches, trials_anchor
from reportgen.results import Result
from reportgen.tables import Table, history_table
from reportgen.tables.search import trials_table

MOST_LINES = 60
"""Epochs of a row that are printed."""

TITLES: Mapping[str, str] = {
    "pages": language.message("Experiments"),
    "epochs": language.message("Epoch by epoch"),
    "code": language.message("Settings as Keras code"),
    "networks": language.message("Networks"),
    "trials": language.message("Trials of the searches"),
}


@dataclass(frozen=True)
class RowPart:
    """What an appendix prints of one row, network or search; `missing` says why there is nothing.

    Parameters
    ----------
    place : Place
    row_id : str
        Of a network, of the first row that uses it; of a search, its own id.
    table : NumberedTable or None
    said, code, missing : str
    figure : NumberedFigure or None
        Of a network.
    rows : tuple of (str, str)
        Id and title of the rows that use it.
    counted : Place or None
        Where its parameters are counted layer by layer.
    on_paper : bool
        False for a row of a stage that was not kept, where rows are many: the screen and the exports have it.
    """

    place: Place
    row_id: str
    table: NumberedTable | None = None
    said: str = ""
    code: str = ""
    missing: str = ""
    figure: NumberedFigure | None = None
    rows: tuple[tuple[str, str], ...] = ()
    counted: Place | None = None
    on_paper: bool = True


@dataclass(frozen=True)
class RowAppendix:
    """An appendix with a part for every row.

    Parameters
    ----------
    kind : str
        ``pages``, ``epochs``, ``code``, ``networks`` or ``trials``.
    place : Place
    lede : str
    notices : tuple of Notice
    pages : tuple of Experiment
    parts : tuple of RowPart
    """

    kind: Literal["pages", "epochs", "code", "networks", "trials"]
    place: Place
    lede: str = ""
    notices: tuple[Notice, ...] = ()
    pages: tuple[Experiment, ...] = ()
    parts: tuple[RowPart, ...] = ()

    @property
    def below(self) -> tuple[Place, ...]:
        """What the contents list under it; networks that a chapter counts are listed there."""
        if self.kind == "networks" and any(part.counted for part in self.parts):
            return ()
        parts = tuple(part.place for part in self.parts if part.on_paper)
        return tuple(page.place for page in self.pages) or parts

    @property
    def left_out(self) -> int:
        """How many rows paper leaves out."""
        return sum(not part.on_paper for part in self.parts)


def row_appendices(context: Context) -> tuple[RowAppendix, ...]:
    """Return the appendices that follow the one on reproducibility, from B on."""
    report = context.experiments.file.report
    builders: list[Callable[[str], RowAppendix]] = []
    if report.experiment_pages == "appendix":
        builders.append(lambda letter: _pages(letter, context))
    makers: Mapping[str, Callable[[str], RowAppendix]] = {
        "epochs": lambda letter: _epochs(letter, context),
        "code": lambda letter: _code(letter, context),
    }
    builders += [makers[name] for name in report.appendices if name != "networks"]
    found = distinct_architectures(context.results)
    if in_appendix(context.experiments.file, found):
        builders.append(lambda letter: _networks(letter, found, context))
    builders.append(lambda letter: _trials(letter, context))
    made = (build(letter) for build, letter in zip(builders, ascii_uppercase[1:], strict=False))
    return tuple(one for one in made if one.pages or one.parts)


def pages_of(
    own: Sequence[Result], context: Context, number: Callable[[int], str], first: int = 1
) -> tuple[Experiment, ...]:
    """Return the pages of a chapter's rows that have one (see `paging`).

    Parameters
    ----------
    own : sequence of Result
    context : Context
    number : callable
        The number of the heading of a row, by its place.
    first : int
        Place of the first page.
    """
    sizes = [(result, context.sizes.get(result.row.id, "full")) for result in own]
    paged = [(result, size) for result, size in sizes if size != "none"]
    return tuple(
        experiment_page(
            result, number(place), size="compact" if size == "compact" else "full", context=context
        )
        for place, (result, size) in enumerate(paged, first)
    )


def _place(kind: str, letter: str, context: Context) -> Place:
    foot = notices.footer(context.results, context.quick)
    return Place(letter, language.text(TITLES[kind]), f"appendix-{kind}", foot)


def _pages(letter: str, context: Context) -> RowAppendix:
    pages: list[Experiment] = []
    for section in context.experiments.file.section:
        if section.kind == "experiments":
            own = context.own(section)
            pages += pages_of(own, context, lambda place: f"{letter}.{place}", len(pages) + 1)
    lede = language.text("One page for each experiment, in the order of the chapters.")
    return RowAppendix("pages", _place("pages", letter, context), lede, pages=tuple(pages),
                       notices=notices.of_results(context.results, context.quick))  # fmt: skip


def _parts(kind: str, letter: str, context: Context) -> Iterator[tuple[RowPart, Result]]:
    left_out = context.left_out(context.results)
    # Those that paper leaves out come last, so that its numbers have no gaps.
    ordered = sorted(context.results, key=lambda result: result.row.id in left_out)
    for number, result in enumerate(ordered, 1):
        foot = notices.footer([result], context.quick)
        place = Place(f"{letter}.{number}", result.row.title, f"{kind}-{result.row.id}", foot)
        missing = "" if result.record else language.text("This experiment has no result.")
        printed = result.row.id not in left_out
        yield RowPart(place, result.row.id, missing=missing, on_paper=printed), result


def _epochs(letter: str, context: Context) -> RowAppendix:
    parts = []
    for part, result in _parts("epochs", letter, context):
        if result.record is not None:
            whole = history_table(result)
            numbered = context.numbering.table(whole, "small tight epochs")
            printed = replace(numbered, table=thinned(whole), whole=whole)
            part = replace(part, table=printed, said=_said(whole))
        parts.append(part)
    return RowAppendix("epochs", _place("epochs", letter, context), parts=tuple(parts),
                       notices=notices.of_results(context.results, context.quick))  # fmt: skip


def thinned(table: Table, most: int = MOST_LINES) -> Table:
    """Return a table of epochs with at most so many of its lines: every n-th, the first and the last."""
    step = _step(len(table.rows), most)
    last = len(table.rows) - 1
    kept = [line for place, line in enumerate(table.rows) if place in (0, last) or (place + 1) % step == 0]
    return replace(table, rows=tuple(kept))


def _step(epochs: int, most: int) -> int:
    """The smallest step with which the first, the last and every n-th epoch are at most so many."""
    if epochs <= most:
        return 1
    return -(-epochs // (most - 2))


def _said(whole: Table) -> str:
    epochs, step = len(whole.rows), _step(len(whole.rows), MOST_LINES)
    if step == 1:
        return ""
    return language.text(
        "Printed are the first epoch, every one that {step} divides, and the last of {n}; all of them are in"
        " output/tables/{file}.",
        step=step,
        n=epochs,
        file=f"{whole.id}.csv",
    )


def _code(letter: str, context: Context) -> RowAppendix:
    parts = []
    for part, result in _parts("code", letter, context):
        if result.record is not None:
            part = replace(part, code=keras_code(result.record, result.row.warm_start))
        parts.append(part)
    lede = language.text(
        "What is left out is what Keras takes without being told. The data, their scaling and their features"
        " are made by the notebook of the row."
    )
    return RowAppendix("code", _place("code", letter, context), lede, parts=tuple(parts))


def _networks(letter: str, found: Sequence[Architecture], context: Context) -> RowAppendix:
    """Each network once, with the rows that use it."""
    counted, parts = counting_places(context.experiments.file, context.results), []
    for item in found:
        place = context.networks[item.rows[0][0]]
        figure = network_figure(item, context.results, context.draw, context.numbering)
        first = item.rows[0][0]
        parts.append(RowPart(place, first, figure=figure, rows=item.rows, counted=counted.get(first)))
    lede = language.text("Every distinct network of this report from its input to its output, each once.")
    return RowAppendix("networks", _place("networks", letter, context), lede, parts=tuple(parts))


def _trials(letter: str, context: Context) -> RowAppendix:
    """All trials of the searches that are too long for their chapters."""
    parts = []
    for number, (title, found) in enumerate(long_searches(context.experiments, context.results), 1):
        place = Place(f"{letter}.{number}", title, trials_anchor(found.id))
        table = context.numbering.table(trials_table(found), "small tight sortable below")
        parts.append(RowPart(place, found.id, table=table))
    lede = language.text("Every trial of the searches whose chapter prints the best ones only.")
    return RowAppendix("trials", _place("trials", letter, context), lede, parts=tuple(parts))
