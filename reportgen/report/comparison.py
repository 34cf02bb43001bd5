"""The chapter that sets all rows side by side: ranks, contrasts, claims, published figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from reportgen.analysis import words
from reportgen.analysis.calibration import enough_errors
from reportgen.analysis.contrasts import Family
from reportgen.analysis.metrics import by_data_set, ranks, results_of
from reportgen.experiments.schema import Section
from reportgen.figures.published import comparable
from reportgen.report.context import Context
from reportgen.report.parts import SILENT, NumberedFigure, NumberedTable, Remarks
from reportgen.results import Result
from reportgen.tables import (
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
    ranking : NumberedTable or None
    remarks : Remarks
        What the program observes across chapters.
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
    """

    lede: str
    ranking: NumberedTable | None = None
    remarks: Remarks = SILENT
    reading: tuple[str, ...] = ()
    contrasts: tuple[ContrastPart, ...] = ()
    claims: NumberedTable | None = None
    calibration: NumberedTable | None = None
    reliability: tuple[NumberedFigure, ...] = ()
    published: tuple[NumberedTable, ...] = ()
    published_figure: NumberedFigure | None = None
    agreement: tuple[str, ...] = ()
    protocol: Markup | None = None


def comparison(section: Section, context: Context) -> Comparison:
    """Return the comparison of all rows."""
    results, numbering = context.results, context.numbering
    protocol = context.experiments.file.published
    if not results:
        return Comparison("There are no experiments to compare yet.")
    ranking = numbering.table(comparison_table(results), "small tight sortable filtered")
    contrasts = tuple(_contrast(family, context) for family in context.families)
    own = [(judged.claim, judged) for judged in context.claims if judged.claim.section in (None, section.id)]
    claims = numbering.table(claims_table(own), "small claims") if own else None
    done = bool(results_of(results))
    calibration = numbering.table(calibration_table(results), "small sortable") if done else None
    reliability = tuple(_reliability(result, context) for result in _best(results))
    published = tuple(
        numbering.table(table, "small sortable") for table in published_tables(results, protocol)
    )
    return Comparison(
        lede=_lede(results),
        ranking=ranking,
        reading=_reading(context.families),
        contrasts=contrasts,
        claims=claims,
        calibration=calibration,
        reliability=reliability,
        published=published,
        published_figure=_published_figure(context),
        agreement=agreement(results, protocol),
        protocol=context.prose(protocol.note, 4, ""),
    )


def _lede(results: Sequence[Result]) -> str:
    text = (
        "Ranks are within a data set, by validation accuracy; where the validation images cannot tell rows"
        " apart, a rank is a range."
    )
    if not any(record.data.validated_on_test for _, record in results_of(results)):
        text += " No rank depends on a test score."
    return text


def _reading(families: Sequence[Family]) -> tuple[str, ...]:
    """How the tables of the contrasts are to be read, and what their ways of comparing do and do not say."""
    if not any(family.lines for family in families):
        return ()
    return (
        "A difference is the first row less the second, or a row less the reference. “Only one right” counts"
        " the test images that only the first and only the second read, summed over the seeds or the pairs of"
        " runs. Each interval is that of its own comparison, before the correction.",
        "“Not distinguishable” does not mean equal: “detectable from” is the smallest true difference that"
        " the comparison would have found four times in five.",
        *dict.fromkeys(meaning for family in families for meaning in family.meanings),
    )


def _contrast(family: Family, context: Context) -> ContrastPart:
    contrast, numbering = family.contrast, context.numbering
    table = figure = None
    if family.lines:
        table = numbering.table(contrast_table(family, context.titles), "small contrast")
        figure = numbering.figure(
            "Differences with their paired intervals; an interval that holds zero separates nothing.",
            context.draw("differences", context.results, family),
        )
    return ContrastPart(
        title=contrast.title,
        anchor=f"contrast-{contrast.id}",
        text=context.prose(contrast.text, 4, f"contrast:{contrast.id}"),
        notes=() if table else family.notes,
        table=table,
        figure=figure,
    )


def _best(results: Sequence[Result]) -> list[Result]:
    """Of each data set, the best row by validation, where there are errors enough to judge by."""
    places = ranks(results)
    return [
        result
        for group in by_data_set(results).values()
        for result, record in group
        if places[result.row.id].rank == 1 and enough_errors(record.test)
    ]


def _reliability(result: Result, context: Context) -> NumberedFigure:
    data = words.data_set(result.record.data.name) if result.record is not None else ""
    caption = f"{data}: how often {result.row.title} is right, by how sure it was."
    return context.numbering.figure(caption, context.draw("reliability", [result]))


def _published_figure(context: Context) -> NumberedFigure | None:
    """The figure of published scores; None where none of them can be set beside ours."""
    if not comparable(context.results):
        return None
    rows = [result for result in context.results if result.row.published is not None]
    return context.numbering.figure(
        "Published test accuracies beside ours, with 95 % intervals.",
        context.draw("published_scores", rows, context.experiments.file.published),
    )
