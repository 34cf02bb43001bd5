"""After the pages are laid out: what ran over by a few lines is set more closely, and laid out again.

Heights that are estimated beforehand (`space`, `opening`) spare most of these rounds; the pages that came
out have the last word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from reportgen.report import space
from reportgen.report.chapters import Chapter
from reportgen.report.experiment import Experiment
from reportgen.report.row_appendices import RowAppendix
from reportgen.report.sheet import over_two
from reportgen.report.view import Report

ROUNDS = 3
"""Times that a report is laid out again at most."""

FEW = 0.25
"""Share of a page below which the last one of a chapter, or of its opening, is worth saving."""

GLANCE = "glance"
"""Anchor of the report on one page."""

_ENDS = frozenset(("references", "reproducibility"))
"""Anchors that follow the glance where there is no chapter."""

_CLOSER = {"": "close", "close": "close closest"}
"""The next way to set the glance, by the one before it."""

_SHEET = "sheet"
"""Name of the pages of experiments in report.css."""


def run_over(pages: Iterable[Any]) -> frozenset[str]:
    """Return the anchors of what took one page too many.

    Parameters
    ----------
    pages : iterable of weasyprint.document.Page
        Of a laid out document, in order.

    Returns
    -------
    frozenset of str
        Anchors of experiments whose page has a second one, of chapters the last page of whose opening is
        nearly empty, and of the glance where it has a second page.
    """
    over: set[str] = set()
    seen: set[str] = set()  # what crosses pages is named on each of them
    row = chapter = ""
    glance = False
    opening: list[Any] = []
    for page in pages:
        begun = [anchor for anchor in page.anchors if anchor not in seen]
        seen.update(begun)
        rows = [anchor for anchor in begun if anchor.startswith("row-")]
        chapters = [anchor for anchor in begun if anchor.startswith("section-") and ":" not in anchor]
        glance = glance and not chapters and not _ENDS.intersection(begun)
        if glance:
            over.add(GLANCE)
        glance = glance or GLANCE in begun
        sheet = page._page_box.page_type.name == _SHEET
        if sheet or chapters:
            if len(opening) > 1 and _filled(opening[-1]) < FEW:
                over.add(chapter)
            opening = []
        if sheet and not rows:
            over.add(row)
        row = rows[-1] if rows else row
        chapter = chapters[-1] if chapters else chapter
        if not sheet and (chapters or not rows):  # rows without a result follow an opening on its pages
            opening.append(page)
    return frozenset(over - {""})


def _filled(page: Any) -> float:
    """Share of the height of a page's block that holds something."""
    block = next(box for box in page._page_box.children if box.element_tag == "html")
    ends = [box.position_y + box.height for box in _lines(block)]
    used = max(ends, default=block.position_y) - page._page_box.content_box_y()
    return float(used / page._page_box.height)


def _lines(box: Any) -> Iterator[Any]:
    """The lines and pictures of a box."""
    from weasyprint.formatting_structure import boxes

    for child in getattr(box, "children", ()):
        if isinstance(child, (boxes.LineBox, boxes.ReplacedBox)):
            yield child
        else:
            yield from _lines(child)


def closer(report: Report, over: frozenset[str]) -> Report | None:
    """Return the report with these parts set more closely, or None where none of them can be.

    Parameters
    ----------
    report : Report
    over : frozenset of str
        Anchors, from `run_over`.
    """
    chapters = tuple(_chapter(chapter, over) for chapter in report.chapters)
    appendices = tuple(_appendix(appendix, over) for appendix in report.row_appendices)
    style = report.glance.style
    if GLANCE in over:
        style = _CLOSER.get(style, style)
    same = chapters == report.chapters and appendices == report.row_appendices
    if same and style == report.glance.style:
        return None
    return replace(
        report, chapters=chapters, row_appendices=appendices, glance=replace(report.glance, style=style)
    )


def _chapter(chapter: Chapter, over: frozenset[str]) -> Chapter:
    """The chapter set closely, then more so; where it is, with one remark less on paper."""
    made = replace(chapter, experiments=tuple(_page(page, over) for page in chapter.experiments))
    if chapter.place.anchor not in over:
        return made
    for closer_style in ("close", "tighter"):
        if closer_style not in chapter.style:
            return replace(made, style=f"{closer_style} {chapter.style}".strip())
    said = chapter.remarks
    shown = len(said.items) if said.on_paper is None else said.on_paper
    return replace(made, remarks=replace(said, on_paper=shown - 1)) if shown > 1 else made


def _appendix(appendix: RowAppendix, over: frozenset[str]) -> RowAppendix:
    return replace(appendix, pages=tuple(_page(page, over) for page in appendix.pages))


def _page(page: Experiment, over: frozenset[str]) -> Experiment:
    """The page with one remark less on paper; where one alone is left, more closely set or over two pages."""
    shown = page.remarks.on_paper
    if page.place.anchor not in over or page.tall or shown is None:
        return page
    names = [density.name for density in space.DENSITIES]
    next_one = names[min(names.index(page.density) + 1, len(names) - 1)]
    if shown > 1:
        return replace(page, remarks=replace(page.remarks, on_paper=shown - 1))
    return over_two(page) if next_one == page.density else replace(page, density=next_one)
