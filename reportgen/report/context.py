"""What every chapter of a report is made with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import TYPE_CHECKING

from markupsafe import Markup

from reportgen import language
from reportgen.analysis.contrasts import Family, family
from reportgen.analysis.differences import RankRange, rank_ranges
from reportgen.datasets.dataset import Found
from reportgen.datasets.pictures import Images
from reportgen.experiments.resolved import Experiments
from reportgen.experiments.schema import Section
from reportgen.prose.judging import Judged, judge_all
from reportgen.provenance import Provenance
from reportgen.report.authors import Authors
from reportgen.report.drawn_networks import network_places
from reportgen.report.markdown import plain
from reportgen.report.paging import Size, of_stages, sizes_of_pages
from reportgen.report.parts import (
    SILENT,
    Draw,
    Numbering,
    Place,
    Remark,
    Remarks,
    row_anchor,
    section_anchor,
    stage_anchor,
)
from reportgen.results import Result

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reportgen.analysis.observations import Observation

OF_A_LINE = 120
"""Letters of a line of remarks on a page of an experiment; the last line of each is half full on average."""


@dataclass(frozen=True)
class Context:
    """What every chapter needs.

    Parameters
    ----------
    experiments : Experiments
    results : tuple of Result
    places : mapping of str to RankRange
        By row id.
    families : tuple of Family
        One for each contrast of the file.
    claims : tuple of Judged
        One for each claim of the file.
    titles, sections : mapping of str to str
        Of rows and of sections, by id.
    anchors : frozenset of str
        What a link may lead to.
    byline : str
        Who speaks in the authors' passages.
    quick : bool
    numbering : Numbering
    draw : callable
    authors : Authors
        Turns the authors' texts into markup.
    images : Images
        Of the data sets that are at hand.
    networks : mapping of str to Place
        The heading under which the network of a row is drawn, by row id.
    data : tuple of Found
        Every data set that this build found.
    sizes : mapping of str to str
        How large the page of each row is, by row id: ``full``, ``compact`` or ``none``.
    """

    experiments: Experiments
    results: tuple[Result, ...]
    places: Mapping[str, RankRange]
    families: tuple[Family, ...]
    claims: tuple[Judged, ...]
    titles: Mapping[str, str]
    sections: Mapping[str, str]
    anchors: frozenset[str]
    byline: str
    quick: bool
    numbering: Numbering
    draw: Draw
    authors: Authors
    images: Images
    networks: Mapping[str, Place] = field(default_factory=dict)
    data: tuple[Found, ...] = ()
    sizes: Mapping[str, Size] = field(default_factory=dict)

    def prose(self, text: str | None, heading: int, where: str) -> Markup | None:
        """A text of the authors as markup; `where` is such as ``experiment:ID`` (see `Authors`)."""
        return self.authors(text, heading, where)

    def own(self, section: Section) -> tuple[Result, ...]:
        """The results of a section's rows."""
        return tuple(result for result in self.results if result.row.section == section.id)

    def left_out(self, results: Sequence[Result]) -> frozenset[str]:
        """The rows of a table that paper leaves to the tables of their stages."""
        return of_stages(results, self.experiments.stages)

    def remarks(self, observations: Iterable[Observation], room: int | None = None) -> Remarks:
        """The program's observations as the file wants them: stated, asked, or left out.

        Parameters
        ----------
        observations : iterable of Observation
            The most important first.
        room : int or None
            Letters for which the printed page has room; the first remark always has.
        """
        mode = self.experiments.file.report.observations
        if mode == "off":
            return SILENT
        said = [
            Remark(found.rule, found.question if mode == "questions" else found.text)
            for found in observations
        ]
        ends = list(accumulate(len(remark.text) + OF_A_LINE // 2 for remark in said))
        fitting = len(said)
        if room is not None and ends and ends[-1] > room:
            fitting = sum(end <= room - OF_A_LINE for end in ends)  # a line says how many are left
        return Remarks(mode == "questions", tuple(said), max(fitting, min(1, len(said))))


def make_context(
    experiments: Experiments,
    results: Sequence[Result],
    provenance: Provenance,
    numbering: Numbering,
    draw: Draw,
) -> Context:
    """Judge what the file declares, and gather what the chapters need."""
    file = experiments.file
    sizes = sizes_of_pages(file.section, results)
    anchors = frozenset(
        [row_anchor(row) for row, size in sizes.items() if size != "none"]
        + [stage_anchor(stage.id) for stage in experiments.stages]
        + [section_anchor(section.id) for section in file.section]
        + [f"contrast-{contrast.id}" for contrast in file.contrast]
        + [f"reference-{reference.key}" for reference in file.report.references]
        + ["glance", "reproducibility"]
    )
    return Context(
        experiments=experiments,
        results=tuple(results),
        places=rank_ranges(results),
        families=tuple(family(contrast, results) for contrast in file.contrast),
        claims=tuple(_on_a_line(judged) for judged in judge_all(experiments, results)),
        titles={row.id: row.title for row in experiments.rows},
        sections={section.id: section.title or section.id for section in file.section},
        anchors=anchors,
        byline=_byline([author.name for author in file.report.authors]),
        quick=provenance.quick,
        numbering=numbering,
        draw=draw,
        authors=Authors(experiments, results, anchors),
        images=Images(provenance.data),
        networks=network_places(file, results),
        data=tuple(provenance.data),
        sizes=sizes,
    )


def _on_a_line(judged: Judged) -> Judged:
    """A judged claim as cells and lists print it: its sentence without the marks of Markdown."""
    claim = judged.claim.model_copy(update={"text": plain(judged.claim.text)})
    return replace(judged, claim=claim)


def _byline(names: Sequence[str]) -> str:
    return language.listed(names) or language.text("the authors")
