"""How closely the opening of a chapter is set, so that its last lines do not stand alone on a page.

The heights are estimates from templates/report.css: where they err, a page is a little closer than it
need be, or a few lines more stand on the next one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from markupsafe import Markup

from reportgen.report import space
from reportgen.report.parts import SILENT, Notice, NumberedFigure, NumberedTable, Remarks

_SERIF, _ITALIC = "source-serif-4-latin-400-normal", 0.96
"""The face of the authors' texts; their question is set in italics, which are narrower."""
LAST = "figure-last"
"""The class of a chapter whose figure stands at the end of the opening, on a page of its own."""
_TALL = 0.5
"""Share of a page above which a figure is worth one."""


@dataclass(frozen=True)
class Opening:
    """What stands in a chapter before its first page of an experiment.

    Parameters
    ----------
    question : Markup or None
    texts : tuple of Markup or None
        Introduction, text and conclusion of the authors.
    notices : tuple of Notice
    tables : tuple of NumberedTable
    figure : NumberedFigure or None
    remarks : Remarks
    """

    question: Markup | None
    texts: tuple[Markup | None, ...]
    notices: tuple[Notice, ...]
    tables: tuple[NumberedTable, ...]
    figure: NumberedFigure | None
    remarks: Remarks


@dataclass(frozen=True)
class _Setting:
    """Values of the style sheet: heading, letters and leading of texts and of remarks, widths, gaps."""

    head: float
    text: tuple[float, float]
    remark: tuple[float, float]
    measure: float
    wide: float
    table: float
    note: float
    row: float
    gap: float
    after: float
    line: float


_AIRY = _Setting(
    62, (10, 14), (9, 13), 122 * space.MM, 117 * space.MM, 136 * space.MM, 12 * space.MM, 14.0, 12, 10, 11
)
_CLOSE = _Setting(
    38, (9.5, 12.2), (8.2, 10.6), 157 * space.MM, 155 * space.MM, 163 * space.MM, 0.0, 12.8, 8, 7, 10.2
)


def closeness(opening: Opening, paper: Literal["a4", "letter"]) -> str:
    """Return the CSS classes of a chapter.

    ``close`` where that keeps its opening on one page, or its figure on the first of its pages; `LAST` where
    a tall figure is what does not fit, so that what follows it would stand alone on a third page; empty
    where neither helps.
    """
    page = space.PAGE[paper]
    if _height(opening, _AIRY) <= page:
        return ""
    if _height(opening, _CLOSE) <= page:
        return "close"
    # What follows the figure runs on to another page; the figure itself would leave a hole if it did.
    start = replace(opening, texts=opening.texts[:-1], remarks=SILENT)
    for style, how in (("", _AIRY), ("close", _CLOSE)):
        if opening.figure is not None and _height(start, how) <= page:
            return style
    if opening.figure is None or space.drawing_height(opening.figure.drawing.svg) < _TALL * page:
        return ""
    rest = replace(opening, figure=None)
    if _height(rest, _AIRY) <= page:
        return LAST
    return f"close {LAST}" if _height(rest, _CLOSE) <= page else ""


def _height(opening: Opening, how: _Setting) -> float:
    height = how.head
    height += _authored(opening.question, how, _ITALIC) if opening.question else 0
    height += sum(_authored(text, how) for text in opening.texts if text)
    height += sum(
        12.5 * space.lines(f"{each.title} {each.text}", 9, space.WIDTH - 20) + 16 for each in opening.notices
    )
    height += sum(_table(item, how) for item in opening.tables)
    if opening.figure is not None:
        caption = space.lines(opening.figure.caption, 8, 138 * space.MM)
        height += space.drawing_height(opening.figure.drawing.svg) + 3 + 11 * caption + how.gap
    return height + _remarks(opening.remarks, how)


def _authored(text: Markup, how: _Setting, narrow: float = 1.0) -> float:
    """A passage under the line that says who speaks."""
    size, leading = how.text
    said = space.paragraphs(text)
    lines = sum(space.lines(each, size * narrow, how.measure, _SERIF) for each in said)
    return 16 + lines * leading + 7 * (len(said) - 1) + how.after


def _table(item: NumberedTable, how: _Setting) -> float:
    """A table of one line a row, its heads in two lines, its caption and its note."""
    table = item.table
    caption = how.line * space.lines(f"Table 00. {item.caption}", 8, how.table)
    note = 3 + how.line * space.lines(table.note, 8, how.table + how.note) if table.note else 0
    return caption + 3 + 26 + how.row * len(table.rows) + note + how.gap


def _remarks(remarks: Remarks, how: _Setting) -> float:
    if not remarks.items:
        return 0.0
    size, leading = how.remark
    shown = remarks.items[: remarks.on_paper]
    lines = sum(space.lines(f"{each.text} {each.rule}", size, how.wide) for each in shown)
    return 16 + lines * leading + 2 * len(shown) + how.after
