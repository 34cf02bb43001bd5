"""The stages of a search in the report: for each what it tried and why a row is kept, and their path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from reportgen import language
from reportgen.analysis import path_words, stage_words
from reportgen.analysis.dimensions import called, named, printed
from reportgen.analysis.tried import Tried, paths, tried
from reportgen.experiments.schema import Section
from reportgen.experiments.stages import Stage
from reportgen.report.context import Context
from reportgen.report.parts import NumberedFigure, NumberedTable, Place, stage_anchor
from reportgen.report.search import SearchView, search_view
from reportgen.tables.stages import meanings, stage_table


@dataclass(frozen=True)
class Beginning:
    """What a stage begins with: the stage that keeps it, and the row, empty until that is known.

    `own` are the settings that the stage gives all its rows in place of that row's.
    """

    stage: Place
    row_id: str
    title: str
    own: str = ""


@dataclass(frozen=True)
class PathPart:
    """The path of stages that belong together.

    Parameters
    ----------
    figure : NumberedFigure or None
        None before any of them is decided.
    sentences : tuple of str
        What the steps are worth.
    """

    figure: NumberedFigure | None
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class StagePart:
    """A stage.

    Parameters
    ----------
    place : Place
    stage_id : str
    kind : str
        ``sweep`` or ``search``.
    begins : Beginning or None
        None where it begins with the settings of its chapter.
    size : int
        Rows that it will have.
    standing : str
        How far it has come; empty once it is decided.
    comment : Markup or None
    table : NumberedTable or None
        What a sweep tried; None before anything of it ran.
    figure : NumberedFigure or None
    why : tuple of str
        Why the row is kept, how clear that is, what is uncertain.
    comments : tuple of (str, Markup)
        Of its rows without pages, each with the row's title.
    search : SearchView or None
        What a search shows in place of the table and the figure.
    """

    place: Place
    stage_id: str
    kind: str
    begins: Beginning | None
    size: int
    standing: str = ""
    comment: Markup | None = None
    table: NumberedTable | None = None
    figure: NumberedFigure | None = None
    why: tuple[str, ...] = ()
    comments: tuple[tuple[str, Markup], ...] = ()
    search: SearchView | None = None


def path_part(home: Section, context: Context) -> PathPart | None:
    """Return the path that stands at the head of a chapter; None where none does.

    A chapter of rows has that of its own stages, if they are two or more; the comparison that of the stages
    which begin with one of another chapter, and of those that they come from.
    """
    stages = context.experiments.stages
    own = [stage for stage in stages if stage.section == home.id]
    if home.kind == "comparison":
        across = [path for path in paths(stages) if len({stage.section for stage in path}) > 1]
        own = [stage for stage in stages if any(stage in path for path in across)]
    if len(own) < 2:
        return None
    every = [tried(stage, context.results) for stage in own]
    figure = None
    if any(one.kept is not None for one in every):
        caption = language.text(
            "The path of the stages: what each of them tried and kept, and what its choice was worth on the"
            " validation images."
        )
        figure = context.numbering.figure(caption, context.draw("stage_path", context.results, tuple(own)))
    return PathPart(figure, path_words.steps(every))


def places_of_stages(context_stages: Sequence[Stage], sections: Sequence[Section]) -> dict[str, Place]:
    """Return the heading of each stage, by its id: they are the first headings of their chapters."""
    found = {}
    for number, section in enumerate(sections, 1):
        own = [stage for stage in context_stages if stage.section == section.id]
        for place, stage in enumerate(own, 1):
            found[stage.id] = Place(f"{number}.{place}", called(stage), stage_anchor(stage.id))
    return found


def stage_parts(section: Section, context: Context) -> tuple[StagePart, ...]:
    """Return the stages of a chapter, in the order of the file."""
    places = places_of_stages(context.experiments.stages, context.experiments.file.section)
    told: set[str] = set()
    return tuple(
        _part(tried(stage, context.results), places, told, context)
        for stage in context.experiments.stages
        if stage.section == section.id
    )


def _part(one: Tried, places: dict[str, Place], told: set[str], context: Context) -> StagePart:
    """A stage; `told` are the ways of comparing that a table of the chapter has explained."""
    stage, where = one.stage, f"stage:{one.stage.id}"
    begins = None
    if stage.source is not None:
        begins = Beginning(
            places[stage.source],
            one.begun.row.id if one.begun is not None else "",
            one.begun.row.title if one.begun is not None else "",
            _own(one),
        )
    comment = context.prose(stage.comment, 4, where)
    if one.waits or not (one.done or one.failed):
        return StagePart(
            places[stage.id], stage.id, stage.kind, begins, stage.size, stage_words.standing(one), comment
        )
    part = StagePart(places[stage.id], stage.id, stage.kind, begins, stage.size, comment=comment)
    if stage.kind == "search":
        view = search_view(stage, context.results, context.experiments, context.numbering, context.draw)
        return replace(part, search=view, why=stage_words.why(one), comments=_comments(one, context))
    whole = stage_table(one, [meaning for meaning in meanings(one) if meaning not in told])
    told.update(meanings(one))
    table, figure = context.numbering.table(whole, "small tight sortable below"), None
    if len(one.done) > 1:
        figure = context.numbering.figure(_caption(one), context.draw("stage", one.rows, stage))
    return replace(
        part, table=table, figure=figure, why=stage_words.why(one), comments=_comments(one, context)
    )


def _own(one: Tried) -> str:
    """The settings that a stage gives all its rows without varying them, where the row before has others."""
    if one.begun is None or len(one.rows) < 2:  # one row does not show what is varied within a text
        return ""
    before, rows = one.begun.row.parameters, [row.row.parameters for row in one.rows]
    varied = {axis.name for axis in one.stage.axes}
    return language.listed(
        [
            f"{named(name)} = {printed(value)}"
            for name, value in rows[0].items()
            if name not in varied
            and before.get(name) != value
            and all(row.get(name) == value for row in rows)
        ]
    )


def _caption(one: Tried) -> str:
    return language.text(
        "{stage}: validation accuracy by {by}.",
        stage=called(one.stage),
        by=language.listed([each.within for each in one.varied]),
    )


def _comments(one: Tried, context: Context) -> tuple[tuple[str, Markup], ...]:
    """What the authors say of rows that have no page."""
    found = []
    for row in one.rows:
        if row.row.origin is not None and row.row.origin.pages == "none":
            said = context.prose(row.row.comment, 4, f"experiment:{row.row.id}")
            if said is not None:
                found.append((row.row.title, said))
    return tuple(found)
