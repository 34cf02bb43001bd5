"""A report as the templates see it: every number formatted, every heading numbered, in order.

Logic lives here and in the modules this one calls; the templates only place things.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reportgen import language
from reportgen.analysis import words
from reportgen.experiments.resolved import Experiments
from reportgen.prose.judging import Judged
from reportgen.provenance import Provenance
from reportgen.report import chapters, notices
from reportgen.report.appendix import Appendix, appendix
from reportgen.report.authors import Printed, Reference
from reportgen.report.chapters import Chapter
from reportgen.report.context import make_context
from reportgen.report.cover import Cover, cover
from reportgen.report.glance import Glance, glance, with_ranks_of
from reportgen.report.parts import Draw, Numbering, Place, row_anchor, shortened
from reportgen.report.row_appendices import RowAppendix, row_appendices
from reportgen.report.stages_file import stages_of
from reportgen.results import Result
from reportgen.tables import Line, Table

ONE_PAGE_OF_CONTENTS, TWO_COLUMNS = 42, 150
"""Entries up to which the contents have one column, and up to which they have two; then there are three."""
_LETTERS = ((42, 400), (100, 110), (150, 54), (10**6, 33))
"""Letters of a title in the contents, by the number of entries up to which it may have them."""


@dataclass(frozen=True)
class Entry:
    """A line of the contents, and the lines below it; `printed` is its title where room is short."""

    place: Place
    below: tuple[Entry, ...] = ()
    printed: str = ""


@dataclass(frozen=True)
class Report:
    """A whole report.

    Parameters
    ----------
    title, language, paper : str
    authors : tuple of str
    created : str
        Date and time of the file, ISO 8601 in UTC.
    generator : str
    cover : Cover
    contents : tuple of Entry
    contents_style : str
        CSS class of the contents on paper: empty, ``long`` (two columns) or ``long longest`` (three).
    glance_place : Place
    glance : Glance
    chapters : tuple of Chapter
    references_place : Place
    references : tuple of Reference
        The works that prose cites.
    appendix_place : Place
    appendix : Appendix
    row_appendices : tuple of RowAppendix
        Those that follow it.
    anchors : frozenset of str
        Every place a link of the report may lead to.
    search_words : mapping of str to str
        By row id, what a filter finds a row by beyond the text of its cells.
    live_numbers : tuple of Printed
        The numbers in the authors' texts that came from the records.
    claims : tuple of Judged
    stages : mapping of str to object
        What results.json says of each stage.
    """

    title: str
    language: str
    paper: str
    authors: tuple[str, ...]
    created: str
    generator: str
    cover: Cover
    contents: tuple[Entry, ...]
    contents_style: str
    glance_place: Place
    glance: Glance
    chapters: tuple[Chapter, ...]
    references_place: Place
    references: tuple[Reference, ...]
    appendix_place: Place
    appendix: Appendix
    row_appendices: tuple[RowAppendix, ...]
    anchors: frozenset[str]
    search_words: Mapping[str, str]
    live_numbers: tuple[Printed, ...] = ()
    claims: tuple[Judged, ...] = ()
    stages: Mapping[str, Any] = field(default_factory=dict)

    @property
    def short_title(self) -> str:
        """The title as it fits the foot of a page."""
        return shortened(self.title, 90)

    def has_page(self, row_id: str) -> bool:
        """Whether a row has a page that a link can lead to."""
        return row_anchor(row_id) in self.anchors

    @staticmethod
    def header_column(table: Table) -> int:
        """The column whose cells name their rows, and hold their links: the first of text."""
        left = [place for place, column in enumerate(table.columns) if column.align == "left"]
        return next((place for place in left if table.columns[place].kind == "text"), left[0] if left else 0)

    @staticmethod
    def row_groups(table: Table) -> list[list[tuple[Line, str]]]:
        """The rows of a table by group, each with its CSS class; a group starts with its heading."""
        groups: list[list[tuple[Line, str]]] = []
        for line in table.rows:
            if not groups or line.style == "group":
                groups.append([])
            groups[-1].append((line, "" if line.style == "normal" else line.style))
        return groups


def report_view(
    experiments: Experiments,
    results: Sequence[Result],
    provenance: Provenance,
    *,
    draw: Draw,
    epoch: int,
) -> Report:
    """Return the view of a report.

    Parameters
    ----------
    experiments : Experiments
    results : sequence of Result
        One for each row, in the file's order.
    provenance : Provenance
    draw : callable
        Draws a figure of the catalogue by its name.
    epoch : int
        Seconds since 1970 that the file is dated with.
    """
    file = experiments.file
    numbering = Numbering()
    context = make_context(experiments, results, provenance, numbering, draw)
    front = cover(experiments, results, provenance, numbering, draw)
    summary = glance(results, provenance, context.places, context.claims, numbering, draw, file.report.paper)
    made = [chapters.chapter(section, str(number), context) for number, section in enumerate(file.section, 1)]
    foot = notices.footer(results, provenance.quick)
    glance_place = Place("", language.text("At a glance"), "glance", foot)
    appendix_place = Place("A", language.text("Reproducibility"), "reproducibility", foot)
    last = appendix(experiments, results, provenance, numbering)
    of_rows = row_appendices(context)
    references_place = Place("", language.text("References"), "references", foot)
    references = context.authors.references()
    listed: list[tuple[Place, Sequence[Place]]] = [(glance_place, ())]
    listed += [(each.place, each.below) for each in made]
    listed += [(references_place, ())] if references else []
    listed += [(appendix_place, ()), *((one.place, one.below) for one in of_rows)]
    contents, contents_style = _contents(listed)
    return Report(
        title=file.report.title,
        language=file.report.language,
        paper=file.report.paper,
        authors=tuple(author.name for author in file.report.authors),
        created=datetime.datetime.fromtimestamp(epoch, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        generator=f"reportgen {provenance.version}",
        cover=front,
        contents=contents,
        contents_style=contents_style,
        glance_place=glance_place,
        glance=with_ranks_of(summary, _comparison_number(made)),
        chapters=tuple(made),
        references_place=references_place,
        references=references,
        appendix_place=appendix_place,
        appendix=last,
        row_appendices=of_rows,
        anchors=context.anchors,
        search_words=_search_words(experiments, results),
        live_numbers=tuple(context.authors.printed),
        claims=context.claims,
        stages=stages_of(experiments.stages, results),
    )


def _comparison_number(made: Sequence[Chapter]) -> int:
    """Number of the first comparison's table, or 0."""
    found = [
        chapter.comparison.ranking.number
        for chapter in made
        if chapter.comparison is not None and chapter.comparison.ranking is not None
    ]
    return found[0] if found else 0


def _search_words(experiments: Experiments, results: Sequence[Result]) -> dict[str, str]:
    """Id, section, notebook and data set of each row, as a reader might type them."""
    sections = {section.id: section.title or "" for section in experiments.file.section}
    found = {}
    for result in results:
        row = result.row
        names = {str(row.parameters.get("dataset", ""))}
        if result.record is not None:
            names = {result.record.data.requested, result.record.data.name}
        data = [text for name in sorted(names) for text in (name, words.data_set(name))]
        parts = (row.id, row.section, sections.get(row.section, ""), row.notebook, *data)
        found[row.id] = " ".join(dict.fromkeys(part for part in parts if part))
    return found


def _short(title: str, letters: int) -> str:
    """A title in the contents; that of a network has no space to break at, and digits are wide."""
    return shortened(title, letters if " " in title else letters * 4 // 5)


def _contents(chapters: Sequence[tuple[Place, Sequence[Place]]]) -> tuple[tuple[Entry, ...], str]:
    """The contents, and how they are set so that those of 120 rows take two pages at most."""
    count = sum(1 + len(below) for _, below in chapters)
    letters = next(letters for most, letters in _LETTERS if count <= most)
    entries = tuple(
        Entry(place, tuple(Entry(each, (), _short(each.title, letters)) for each in below), place.title)
        for place, below in chapters
    )
    if count <= ONE_PAGE_OF_CONTENTS:
        return entries, ""
    return entries, "long" if count <= TWO_COLUMNS else "long longest"
