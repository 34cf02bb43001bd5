"""The chapters between the glance and the appendix, one for each section of the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from reportgen import language
from reportgen.analysis.capacity import tasks
from reportgen.analysis.complexity import Architecture, distinct_architectures
from reportgen.analysis.explain_capacity import explain_capacity
from reportgen.analysis.layers import CONVOLUTIONS
from reportgen.analysis.memory import explain_memory
from reportgen.analysis.metrics import results_of
from reportgen.analysis.observations import observe_section
from reportgen.experiments.schema import Section
from reportgen.report import notices
from reportgen.report.algorithm import Part, algorithm_parts
from reportgen.report.comparison import Comparison, comparison
from reportgen.report.context import Context
from reportgen.report.costs import CostPart, cost_part
from reportgen.report.data import DataPart, data_parts
from reportgen.report.experiment import Experiment
from reportgen.report.opening import Opening, closeness
from reportgen.report.parts import (
    SILENT,
    Equation,
    Notice,
    NumberedFigure,
    NumberedTable,
    Numbering,
    Place,
    Remarks,
    section_anchor,
)
from reportgen.report.row_appendices import pages_of
from reportgen.results import Result
from reportgen.tables import claims_table, complexity_table, section_table
from reportgen.tables.capacity import capacity_table, kinds_tables

TITLES = {
    "algorithm": language.message("Learning algorithm"),
    "data": language.message("The data"),
    "complexity": language.message("Model complexity"),
    "capacity": language.message("Deep and shallow networks"),
    "comparison": language.message("Comparison of all experiments"),
    "prose": language.message("Remarks"),
    "experiments": language.message("Experiments"),
}
"""By kind, what a chapter is called whose section has no title."""

_COLUMNS = 10
"""Columns of a complexity table; with non-trainable parameters there is one more."""


@dataclass(frozen=True)
class ArchitecturePart:
    """An architecture with its table, and what the program says of it."""

    place: Place
    architecture: Architecture
    table: NumberedTable
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Chapter:
    """A chapter; what its kind has no use for is empty.

    Parameters
    ----------
    kind : str
        Names its template: ``sections/NN_<kind>.html.j2``.
    place : Place
    byline : str
    notices : tuple of Notice
    question, introduction, text, conclusion : Markup or None
        The authors' words.
    lede : str
        A sentence of the program's that opens the chapter.
    below : tuple of Place
        What the contents list under the chapter.
    parts : tuple of Part
        Of the learning algorithm.
    data : tuple of DataPart
        One for each data set.
    rules : tuple of (str, Equation)
        How weights are counted, in words and as an equation.
    hog : bool
        True where a network reads HOG values, whose cost the chapter then explains.
    architectures : tuple of ArchitecturePart
    costs : CostPart or None
        Accuracy against cost.
    sentences : tuple of tuple of str
        What the program says of capacity, a paragraph each.
    tables : tuple of NumberedTable
    figure : NumberedFigure or None
    remarks : Remarks
        What the program observes of the rows side by side.
    experiments : tuple of Experiment
    comparison : Comparison or None
    claims : NumberedTable or None
    style : str
        CSS class of how closely its opening is set.
    """

    kind: str
    place: Place
    byline: str
    notices: tuple[Notice, ...] = ()
    question: Markup | None = None
    introduction: Markup | None = None
    text: Markup | None = None
    conclusion: Markup | None = None
    lede: str = ""
    below: tuple[Place, ...] = ()
    parts: tuple[Part, ...] = ()
    data: tuple[DataPart, ...] = ()
    rules: tuple[tuple[str, Equation], ...] = ()
    hog: bool = False
    architectures: tuple[ArchitecturePart, ...] = ()
    costs: CostPart | None = None
    sentences: tuple[tuple[str, ...], ...] = ()
    tables: tuple[NumberedTable, ...] = ()
    figure: NumberedFigure | None = None
    remarks: Remarks = SILENT
    experiments: tuple[Experiment, ...] = ()
    comparison: Comparison | None = None
    claims: NumberedTable | None = None
    style: str = ""


def chapter(section: Section, number: str, context: Context) -> Chapter:
    """Return the chapter of one section."""
    own, where = context.own(section), f"section:{section.id}"
    everything = dict.fromkeys(("comparison", "complexity", "data"), context.results)
    touched = {"experiments": own, **everything}.get(section.kind, ())
    title = section.title or language.text(TITLES[section.kind])
    foot = notices.footer(touched, context.quick)
    base = Chapter(
        kind=section.kind,
        place=Place(number, title, section_anchor(section.id), foot),
        byline=context.byline,
        notices=notices.of_results(touched),
        question=context.prose(section.question, 3, ""),
        introduction=context.prose(section.introduction, 3, where),
        text=context.prose(section.text, 3, where),
        conclusion=context.prose(section.conclusion, 3, where),
    )
    builders: Mapping[str, Callable[[], Chapter]] = {
        "algorithm": lambda: _algorithm(base, context),
        "data": lambda: _data(base, context),
        "complexity": lambda: _complexity(base, context),
        "capacity": lambda: _capacity(base, section, context),
        "comparison": lambda: _comparison(base, section, context),
        "experiments": lambda: _experiments(base, section, own, context),
        "prose": lambda: base,
    }
    made = builders[section.kind]()
    return made if section.kind == "comparison" else replace(made, claims=_claims(section, context))


def _algorithm(base: Chapter, context: Context) -> Chapter:
    parts = algorithm_parts(context.results, base.place.number, base.place.anchor, context.numbering)
    return replace(base, parts=parts, below=tuple(part.place for part in parts))


def _data(base: Chapter, context: Context) -> Chapter:
    parts = data_parts(context.results, base.place, context)
    lede = "" if parts else language.text("No run has a result yet that says which data it saw.")
    return replace(base, data=parts, lede=lede, below=tuple(part.place for part in parts))


def _complexity(base: Chapter, context: Context) -> Chapter:
    numbering = context.numbering
    found = distinct_architectures(context.results)
    rules = _rules(found, numbering)
    places = {
        item.label: Place(f"{base.place.number}.{number}", item.label, f"{base.place.anchor}:{number}")
        for number, item in enumerate(found, 1)
    }
    counted = {row: places[item.label].number for item in found for row, _ in item.rows}
    kinds = [
        numbering.table(table, "small tight kinds")
        for table in kinds_tables(context.results, context.sections, counted)
    ]
    parts = [_counted(item, places[item.label], numbering, number == 0) for number, item in enumerate(found)]
    last = len(found) + 1
    place = Place(
        f"{base.place.number}.{last}", language.text("Accuracy against cost"), f"{base.place.anchor}:{last}"
    )
    costs = cost_part(context.results, place, numbering, context.draw)
    return replace(
        base,
        below=(*(part.place for part in parts), *((costs.place,) if costs else ())),
        rules=rules,
        hog=any(item.record.features.kind == "hog" for item in found),
        tables=tuple(kinds),
        architectures=tuple(parts),
        costs=costs,
    )


def _counted(item: Architecture, place: Place, numbering: Numbering, noted: bool) -> ArchitecturePart:
    table = complexity_table(item)
    if not noted:
        table = replace(table, note="")  # once is enough
    style = "layers small tight more" if len(table.columns) > _COLUMNS else "layers small tight"
    sentences = (item.explanation, explain_memory(item.memory))
    return ArchitecturePart(place, item, numbering.table(table, style), sentences)


def _comparison(base: Chapter, section: Section, context: Context) -> Chapter:
    made = comparison(section, base.place, context)
    return replace(base, comparison=made, below=made.below)


def _capacity(base: Chapter, section: Section, context: Context) -> Chapter:
    found = tasks(context.results, section.architectures)
    if not found:
        return replace(base, lede=language.text("There are no networks to compare yet."))
    paragraphs = tuple(explain_capacity(task) for task in found)
    return replace(
        base,
        tables=(context.numbering.table(capacity_table(found), "small tight"),),
        sentences=tuple(paragraph for paragraph in paragraphs if paragraph),
    )


def _rules(found: Sequence[Architecture], numbering: Numbering) -> tuple[tuple[str, Equation], ...]:
    """The rules that count what the report's own networks are made of."""
    kinds = {cost.layer.class_name for item in found for cost in item.layers}
    rules = []
    if "Dense" in kinds:
        rules.append(("dense", numbering.equation("dense-weights")))
    if kinds & {"Conv2D"} & set(CONVOLUTIONS):
        rules.append(("convolution", numbering.equation("conv-weights")))
    return tuple(rules)


def _experiments(base: Chapter, section: Section, own: Sequence[Result], context: Context) -> Chapter:
    if not own:
        return base
    numbering = context.numbering
    table = numbering.table(section_table(own, context.results), "small sortable below")
    figure = None
    if results_of(own):
        drawing = context.draw("small_multiples", own)
        figure = numbering.figure(
            language.text("Loss of every experiment by epoch, on one logarithmic scale."), drawing
        )
    inline = context.experiments.file.report.experiment_pages == "inline"
    chapter = base.place.number
    pages = pages_of(section, own, context, lambda place: f"{chapter}.{place}") if inline else ()
    remarks = context.remarks(observe_section(own, context.results))
    texts = (base.introduction, base.text, base.conclusion)
    opening = Opening(base.question, texts, base.notices, (table,), figure, remarks)
    return replace(
        base,
        style=closeness(opening, context.experiments.file.report.paper),
        tables=(table,),
        figure=figure,
        remarks=remarks,
        experiments=pages,
        below=tuple(page.place for page in pages),
    )


def _claims(section: Section, context: Context) -> NumberedTable | None:
    """The claims that stand in a chapter."""
    own = [(judged.claim, judged) for judged in context.claims if judged.claim.section == section.id]
    return context.numbering.table(claims_table(own, section.id), "small claims") if own else None
