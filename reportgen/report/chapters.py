"""The chapters between the glance and the appendix, one for each section of the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from reportgen import language
from reportgen.analysis.capacity import tasks
from reportgen.analysis.explain_capacity import explain_capacity
from reportgen.analysis.metrics import results_of
from reportgen.analysis.observations import observe_section
from reportgen.experiments.schema import Section
from reportgen.report import notices
from reportgen.report.algorithm import algorithm_parts
from reportgen.report.algorithm_parts import Part
from reportgen.report.comparison import Comparison, comparison
from reportgen.report.complexity import ArchitecturePart, OtherNetworks, complexity
from reportgen.report.context import Context
from reportgen.report.costs import CostPart
from reportgen.report.data import DataPart, data_parts
from reportgen.report.experiment import Experiment
from reportgen.report.opening import Opening, closeness
from reportgen.report.paging import principal
from reportgen.report.parts import (
    SILENT,
    Equation,
    Notice,
    NumberedFigure,
    NumberedTable,
    Place,
    Remarks,
    section_anchor,
)
from reportgen.report.row_appendices import pages_of
from reportgen.report.stages import PathPart, StagePart, path_part, stage_parts
from reportgen.results import Result
from reportgen.tables import claims_table, section_table
from reportgen.tables.capacity import capacity_table

TITLES = {
    "algorithm": language.message("Learning algorithm"),
    "data": language.message("The data"),
    "complexity": language.message("Model complexity"),
    "capacity": language.message("Deep and shallow networks"),
    "comparison": language.message("Comparison of all experiments"),
    "prose": language.message("Remarks"),
    "experiments": language.message("Experiments"),
}
"""By kind, what a chapter is called whose section has no title; one that is not here goes by its kind."""


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
    others : OtherNetworks or None
        The networks without a part of their own, where there are many.
    costs : CostPart or None
        Accuracy against cost.
    sentences : tuple of tuple of str
        What the program says of capacity, a paragraph each.
    tables : tuple of NumberedTable
    figure : NumberedFigure or None
    remarks : Remarks
        What the program observes of the rows side by side.
    path : PathPart or None
        The path of its stages.
    stages : tuple of StagePart
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
    others: OtherNetworks | None = None
    costs: CostPart | None = None
    sentences: tuple[tuple[str, ...], ...] = ()
    tables: tuple[NumberedTable, ...] = ()
    figure: NumberedFigure | None = None
    remarks: Remarks = SILENT
    path: PathPart | None = None
    stages: tuple[StagePart, ...] = ()
    experiments: tuple[Experiment, ...] = ()
    comparison: Comparison | None = None
    claims: NumberedTable | None = None
    style: str = ""


def _of_training(section: Section, results: Sequence[Result]) -> tuple[Notice, ...]:
    """What belongs where rows stand side by side; of their budgets the chapters of rows have a remark."""
    if section.kind == "comparison":
        return notices.of_losses(results) + notices.of_budgets(results)
    return notices.of_losses(results) if section.kind == "experiments" else ()


def chapter(section: Section, number: str, context: Context) -> Chapter:
    """Return the chapter of one section."""
    own, where = context.own(section), f"section:{section.id}"
    everything = dict.fromkeys(("comparison", "complexity", "data"), context.results)
    touched = {"experiments": own, **everything}.get(section.kind, ())
    title = section.title or _title(section.kind)
    # Any text may print a number of any row: every page is marked, but for those of rows with better data.
    foot = notices.footer(own if section.kind == "experiments" else context.results, context.quick)
    base = Chapter(
        kind=section.kind,
        place=Place(number, title, section_anchor(section.id), foot),
        byline=context.byline,
        notices=notices.of_results(touched) + _of_training(section, touched),
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
    }
    made = builders.get(section.kind, lambda: base)()
    if section.kind in ("comparison", "experiments"):  # where other tables follow those of the claims
        return made
    return replace(made, claims=_claims(section, context))


def _title(kind: str) -> str:
    return language.text(TITLES[kind]) if kind in TITLES else kind.replace("_", " ").capitalize()


def _algorithm(base: Chapter, context: Context) -> Chapter:
    parts = algorithm_parts(context.results, base.place.number, base.place.anchor, context.numbering)
    return replace(base, parts=parts, below=tuple(part.place for part in parts))


def _data(base: Chapter, context: Context) -> Chapter:
    parts = data_parts(context.results, base.place, context)
    lede = "" if parts else language.text("No run has a result yet that says which data it saw.")
    return replace(base, data=parts, lede=lede, below=tuple(part.place for part in parts))


def _complexity(base: Chapter, context: Context) -> Chapter:
    made = complexity(base.place, context)
    return replace(
        base,
        below=made.below,
        rules=made.rules,
        hog=made.hog,
        tables=made.kinds,
        architectures=made.architectures,
        others=made.others,
        costs=made.costs,
    )


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


def _experiments(base: Chapter, section: Section, own: Sequence[Result], context: Context) -> Chapter:
    if not own:
        return replace(base, claims=_claims(section, context))
    numbering = context.numbering
    path, stages = path_part(section, context), context.experiments.stages
    left_out = context.left_out(own)
    table = numbering.table(section_table(own, context.results), "small sortable below", left_out=left_out)
    figure, shown = None, principal(own, stages)
    if results_of(shown):
        drawing = context.draw("small_multiples", shown)
        figure = numbering.figure(
            language.text("Loss of every experiment by epoch, on one logarithmic scale."), drawing
        )
    inline = context.experiments.file.report.experiment_pages == "inline"
    chapter = base.place.number
    remarks = context.remarks(observe_section(own, context.results))
    parts = stage_parts(section, context)
    claims = _claims(section, context)  # they stand between the stages and the pages of the rows
    pages = pages_of(own, context, lambda place: f"{chapter}.{place}", len(parts) + 1) if inline else ()
    texts = (base.introduction, base.text, base.conclusion)
    tables = (table, claims) if claims else (table,)
    opening = Opening(base.question, texts, base.notices, tables, figure, remarks)
    return replace(
        base,
        style="" if parts else closeness(opening, context.experiments.file.report.paper),
        tables=(table,),
        figure=figure,
        remarks=remarks,
        path=path,
        stages=parts,
        experiments=pages,
        claims=claims,
        below=(*(part.place for part in parts), *(page.place for page in pages)),
    )


def _claims(section: Section, context: Context) -> NumberedTable | None:
    """The claims that stand in a chapter."""
    own = [(judged.claim, judged) for judged in context.claims if judged.claim.section == section.id]
    return context.numbering.table(claims_table(own, section.id), "small claims") if own else None
