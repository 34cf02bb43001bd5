"""The chapter that sets all rows side by side: ranks, contrasts, claims, published figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from markupsafe import Markup

from reportgen import language
from reportgen.analysis import numbers, twins, words
from reportgen.analysis.calibration import enough_errors
from reportgen.analysis.contrasts import Family
from reportgen.analysis.metrics import by_data_set, ranks, results_of
from reportgen.analysis.observations.training import nothing_learnt
from reportgen.analysis.published import TEST, family_of
from reportgen.experiments.own_data import OwnDataset
from reportgen.experiments.schema import Section
from reportgen.figures.published import comparable
from reportgen.report.context import Context
from reportgen.report.parts import SILENT, NumberedFigure, NumberedTable, Place, Remarks
from reportgen.report.side_by_side import SideBySide, compared_data_sets, side_by_side
from reportgen.report.stages import PathPart, path_part
from reportgen.results import Result
from reportgen.tables import (
    Table,
    agreement,
    calibration_table,
    claims_table,
    comparison_table,
    contrast_table,
    published_tables,
)


@dataclass(frozen=True)
class ContrastPart:
    """A declared family of comparisons, with its table, its figure and what must be said beside them."""

    title: str
    anchor: str
    text: Markup | None
    notes: tuple[str, ...]
    table: NumberedTable | None
    figure: NumberedFigure | None


@dataclass(frozen=True)
class Comparison:
    """What stands in a chapter of comparison; a part that has nothing to show is empty.

    Parameters
    ----------
    lede : str
        How the ranks came about.
    path : PathPart or None
        The path of stages that span chapters.
    heads : mapping of str to Place
        Headings of the parts that have something to show, by their names: ``ranking``, ``contrasts``,
        ``claims``, ``calibration``, ``published``; those of the data sets stand with them.
    ranking : NumberedTable or None
    remarks : Remarks
        What the program observes across chapters.
    beside : tuple of SideBySide
        One for each data set with several rows.
    reading : tuple of str
        How the contrasts are to be read.
    contrasts : tuple of ContrastPart
    claims : NumberedTable or None
        The claims that stand in no other chapter.
    calibration : NumberedTable or None
    reliability : tuple of NumberedFigure
        One for each data set whose best row by validation made enough errors.
    published : tuple of NumberedTable
    published_figure : NumberedFigure or None
    agreement : tuple of str
    protocol : Markup or None
        The authors' note on how the published figures came about.
    data_notes : tuple of Markup
        The authors' notes on their own data sets, which the published figures need not be of.
    """

    lede: str
    path: PathPart | None = None
    heads: Mapping[str, Place] = field(default_factory=dict)
    ranking: NumberedTable | None = None
    remarks: Remarks = SILENT
    beside: tuple[SideBySide, ...] = ()
    reading: tuple[str, ...] = ()
    contrasts: tuple[ContrastPart, ...] = ()
    claims: NumberedTable | None = None
    calibration: NumberedTable | None = None
    reliability: tuple[NumberedFigure, ...] = ()
    published: tuple[NumberedTable, ...] = ()
    published_figure: NumberedFigure | None = None
    agreement: tuple[str, ...] = ()
    protocol: Markup | None = None
    data_notes: tuple[Markup, ...] = ()

    @property
    def below(self) -> tuple[Place, ...]:
        """The headings in the order of the page: what the contents list."""
        places = [*self.heads.values(), *(part.place for part in self.beside)]
        return tuple(sorted(places, key=lambda place: int(place.number.rpartition(".")[2])))


_TITLES = {
    "ranking": language.message("Ranking"),
    "contrasts": language.message("Declared comparisons"),
    "claims": language.message("Claims"),
    "calibration": language.message("How sure the networks are"),
    "published": language.message("Published figures beside ours"),
}


def comparison(section: Section, chapter: Place, context: Context) -> Comparison:
    """Return the comparison of all rows.

    Parameters
    ----------
    section : Section
    chapter : Place
        Its number and its anchor begin those of the parts.
    context : Context
    """
    results = context.results
    if not results:
        return Comparison(language.text("There are no experiments to compare yet."))
    groups = compared_data_sets(results)
    own = [(judged.claim, judged) for judged in context.claims if judged.claim.section in (None, section.id)]
    tables = published_tables(results, context.experiments.file.published)
    done = bool(results_of(results))
    shown = ["ranking", *(f"data:{name}" for name, _ in groups)]
    # A heading for every part that has something to show, numbered as they stand in the page.
    shown += ["contrasts"] if context.families else []
    shown += ["claims"] if own else []
    shown += ["calibration"] if done else []
    shown += ["published"] if tables else []
    places = {name: _place(name, number, chapter) for number, name in enumerate(shown, 1)}
    heads = {name: place for name, place in places.items() if name in _TITLES}
    first = _opening(section, context)
    beside = tuple(side_by_side(name, rows, places[f"data:{name}"], context) for name, rows in groups)
    made = replace(
        first,
        heads=heads,
        beside=beside,
        reading=_reading(context.families),
        contrasts=tuple(_contrast(family, context) for family in context.families),
        claims=context.numbering.table(claims_table(own), "small claims") if own else None,
    )
    return _outside(_sureness(made, results, context) if done else made, tables, context)


def _place(name: str, number: int, chapter: Place) -> Place:
    """The heading of a part; that of a data set names it."""
    kind, _, data = name.partition(":")
    if data:
        title = language.text("{data}: scores, curves and errors", data=words.data_set(data))
        anchor = f"{chapter.anchor}:{number}"
    else:
        title, anchor = language.text(_TITLES[kind]), f"{chapter.anchor}:{kind}"
    return Place(f"{chapter.number}.{number}", title, anchor)


def _opening(section: Section, context: Context) -> Comparison:
    """What opens the chapter: how the ranks came about, and all rows in their order."""
    path, left_out = path_part(section, context), context.left_out(context.results)
    whole = comparison_table(context.results)
    ranking = context.numbering.table(whole, "small tight sortable filtered below", left_out=left_out)
    return Comparison(lede=_lede(context.results), path=path, ranking=ranking)


def _sureness(made: Comparison, results: Sequence[Result], context: Context) -> Comparison:
    """With how sure the networks are of their answers."""
    table = context.numbering.table(
        calibration_table(results), "small sortable below", left_out=context.left_out(results)
    )
    figures = tuple(_reliability(result, context) for result in _best(results))
    return replace(made, calibration=table, reliability=figures)


def _outside(made: Comparison, tables: Sequence[Table], context: Context) -> Comparison:
    """With what others published for the same settings."""
    protocol = context.experiments.file.published
    return replace(
        made,
        published=tuple(context.numbering.table(table, "small sortable below") for table in tables),
        published_figure=_published_figure(context),
        agreement=(*agreement(context.results, protocol), *_other_images(context)),
        protocol=context.prose(protocol.note, 4, ""),
        data_notes=tuple(
            note for table in _published_on(context) if (note := context.prose(table.note, 4, "")) is not None
        ),
    )


def _published_on(context: Context) -> list[OwnDataset]:
    """The file's own data sets that rows with published figures were trained on."""
    tables = context.experiments.file.dataset
    names = dict.fromkeys(
        record.data.name
        for result in context.results
        if result.row.published is not None
        for record in result.records
    )
    return [tables[name] for name in names if name in tables]


def _other_images(context: Context) -> Iterator[str]:
    """That published figures are of other images than ours, where a known data set was divided anew."""
    known = dict.fromkeys(table.from_ for table in _published_on(context) if table.from_ is not None)
    if known:
        yield language.text(
            "Ours are of images of {data}, divided anew: the published figures are of other images. What can"
            " be compared is the method, not the reading of the same images.",
            data=language.listed([words.data_set(name) for name in known]),
        )


def _lede(results: Sequence[Result]) -> str:
    text = language.text(
        "Ranks are within a data set, by validation accuracy; where the validation images cannot tell rows"
        " apart, a rank is a range."
    )
    if not any(record.data.validated_on_test for _, record in results_of(results)):
        text += " " + language.text("No rank depends on a test score.")
    return f"{text} {nothing_learnt(results)}".rstrip()


def _reading(families: Sequence[Family]) -> tuple[str, ...]:
    """How the tables of the contrasts are to be read, and what their ways of comparing do and do not say."""
    if not any(family.lines for family in families):
        return ()
    return (
        language.text(
            "A difference is the first row less the second, or a row less the reference. “Only one right”"
            " counts the test images that only the first and only the second read, summed over the seeds or"
            " the pairs of runs. Each interval is that of its own comparison, before the correction."
        ),
        language.text(
            "“Not distinguishable” does not mean equal: “detectable from” is the smallest true difference"
            " that the comparison would have found four times in five."
        ),
        *dict.fromkeys(meaning for family in families for meaning in family.meanings),
    )


def _contrast(family: Family, context: Context) -> ContrastPart:
    contrast, numbering = family.contrast, context.numbering
    table = figure = None
    if family.lines:
        table = numbering.table(contrast_table(family, context.titles), "small contrast")
        if len(family.lines) > 1:  # a single interval stands in the table whole
            figure = numbering.figure(
                _differences_caption(family), context.draw("differences", context.results, family)
            )
    return ContrastPart(
        title=contrast.title,
        anchor=f"contrast-{contrast.id}",
        text=context.prose(contrast.text, 4, f"contrast:{contrast.id}"),
        notes=() if table else family.notes,
        table=table,
        figure=figure,
    )


def _differences_caption(family: Family) -> str:
    """Which comparison it is, and what separates two rows and what does not."""
    title = language.quoted(family.contrast.title)
    if family.tests <= 1:
        return language.text(
            "Differences for {title} with their intervals. One that holds zero separates nothing; one that"
            " excludes it separates only what the table calls higher or lower.",
            title=title,
        )
    return language.text(
        "Differences for {title} with their intervals. One that holds zero separates nothing; one that"
        " excludes it may still separate nothing after the correction for {n} comparisons: filled marks are"
        " what is left.",
        title=title,
        n=numbers.thousands(family.tests),
    )


def _best(results: Sequence[Result]) -> list[Result]:
    """Of each data set, the best row by validation, where there are errors enough to judge by."""
    places = ranks(results)
    return [
        result
        for group in by_data_set(twins.distinct(results)).values()
        for result, record in group
        if places[result.row.id].rank == 1 and enough_errors(record.test)
    ]


def _reliability(result: Result, context: Context) -> NumberedFigure:
    data = words.data_set(result.record.data.name) if result.record is not None else ""
    caption = language.text(
        "{data}: how often {title} is right, by how sure it was.",
        data=data,
        title=language.quoted(result.row.title),
    )
    return context.numbering.figure(caption, context.draw("reliability", [result]))


def _published_figure(context: Context) -> NumberedFigure | None:
    """The figure of published scores; None where none of them can be set beside ours."""
    if not comparable(context.results):
        return None
    rows = [result for result in context.results if result.row.published is not None]
    caption = (
        language.text("Published test accuracies beside ours, with 95 % intervals.")
        if family_of(context.results) is TEST
        else language.text(
            "Published highest validation accuracies of any epoch beside ours, with 95 % intervals."
        )
    )
    drawing = context.draw("published_scores", rows, context.experiments.file.published)
    return context.numbering.figure(caption, drawing)
