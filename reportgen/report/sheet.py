"""How the page of an experiment is set: two columns, how closely, and how many remarks it has room for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

from markupsafe import Markup

from reportgen import language
from reportgen.report import space
from reportgen.report.matrix import legend_text
from reportgen.report.parts import Remarks

if TYPE_CHECKING:
    from reportgen.report.experiment import Experiment

AT_LEAST, WANTED = 2, 3
"""Remarks that a page has room made for: it is set as closely as may be for the first of these
numbers, a little more closely for the second."""
BESIDE = 150.0
"""Points of a comment that stands under the learning curves; a longer one follows the page's tables."""
_TWINS = "Same configuration. One run is shown by this row and by these:"
"""About as long, in every language, as what stands before the titles of rows with the same run."""
_SPARE = 3.0
"""Points that are left free: letters are measured without their kerning."""


def set_page(page: Experiment, paper: str) -> Experiment:
    """The page as closely set as it must be to hold its comment and so many remarks as it should.

    A page whose matrix takes the whole width runs on to the next one, and so holds all remarks; so does
    one that would have no room for a single remark.
    """
    if page.tall:
        return page
    ways = [page]
    if page.comment and not page.comment_beside and _plain(page.comment):
        under = (replace(page, comment_under="early"), replace(page, comment_under="late"))
        ways.insert(0, min(under, key=lambda way: space.floats(_columns(way, space.DENSITIES[-1]))))
    height = space.PAGE[paper] - _SPARE
    for way in ways:
        made = _on_one(way, height)
        if made is not None:
            return made
    return _on_two(ways, height)


def _on_two(ways: Sequence[Experiment], height: float) -> Experiment:
    """The page over two sheets, the first of which holds the comment under the matrix, or else the images."""
    for way in ways:
        below = space.strip(way.strip.drawing.svg) if way.strip and not way.comment_under else 0.0
        for density in space.DENSITIES:
            if _head(way, density) + space.floats(_columns(way, density)) + below <= height:
                made = over_two(way)
                return replace(made, density=density.name, comment_under=way.comment_under)
    return over_two(ways[-1])


def _on_one(page: Experiment, height: float) -> Experiment | None:
    """The page as it fits one sheet with some of its remarks; None where it does not."""
    tried = []
    for density in space.DENSITIES:
        room = height - sum(_blocks(page, density))
        fitting = _fitting(page.remarks, room, density)
        made = replace(page, density=density.name, remarks=replace(page.remarks, on_paper=fitting))
        tried.append((made, fitting if room >= 0 else -1))
    most = len(page.remarks.items)
    for wanted, some in ((WANTED, tried[:-1]), (AT_LEAST, tried)):
        for made, fitting in some:
            if fitting >= min(wanted, most):
                return made
    made, fitting = tried[-1]
    return made if fitting >= min(1, most) else None


def over_two(page: Experiment) -> Experiment:
    """The page running on to a second one: airy again, and with every remark, the comment below all."""
    remarks = replace(page.remarks, on_paper=None)
    return replace(page, density=space.DENSITIES[0].name, remarks=remarks, comment_under="")


def _fitting(remarks: Remarks, room: float, density: space.Density) -> int:
    """How many of the remarks have room below their heading, which says how many are left out."""
    ends = accumulate(space.remark(remark.text, remark.rule, density) for remark in remarks.items)
    return sum(space.REMARKS + end <= room for end in ends)


def _blocks(page: Experiment, density: space.Density) -> Iterator[float]:
    """Heights of all that stands on a page one below the other, but the remarks."""
    yield _head(page, density)
    yield space.floats(_columns(page, density))
    if page.strip:
        yield space.strip(page.strip.drawing.svg)
    elif page.no_images:
        yield space.notice(page.no_images)
    if page.comment and not page.comment_beside and not page.comment_under:
        yield 2 * BESIDE


def _head(page: Experiment, density: space.Density) -> float:
    """Height of what stands above the columns."""
    drawn = f" · {language.text('network {place}', place=page.network.number)}" if page.network else ""
    height = space.header(page.place.label, page.subtitle + drawn, page.place.long)
    height += space.KEYS - density.head
    height += space.notice(page.published) if page.published else 0.0
    height += sum(space.notice(f"{notice.title} {notice.text}") for notice in page.notices)
    if page.twins:
        height += space.notice(" ".join([*(title for _, title in page.twins), _TWINS, page.noise]))
    return height


def _columns(page: Experiment, density: space.Density) -> Iterator[space.Block]:
    """What stands in the two columns, in the order of the template."""
    assert page.settings and page.changed and page.pairs and page.curves and page.f1 and page.matrix
    yield from _beginning(page, density)
    pairs = page.pairs.table
    head = f"{page.pairs.caption} {language.text('Table {number}', number=page.pairs.number)}"
    left = space.Block("left", space.pairs(len(pairs.rows), head, pairs.note, density))
    turned = page.matrix.head if page.matrix.turned else 0.0
    right = space.Block("right", space.matrix(len(page.matrix.rows), turned, legend_text(), density))
    yield from (right, left) if page.matrix_first else (left, right)
    under = [space.Block("right", space.comment(page.comment, density))] if page.comment else []
    yield from under if page.comment_under == "early" else ()
    yield space.Block("left", space.figure(page.f1.drawing.svg, density))
    yield from under if page.comment_under == "late" else ()


def _beginning(page: Experiment, density: space.Density) -> Iterator[space.Block]:
    """The settings, and beside them the curves with the comment, if it is short."""
    assert page.settings and page.changed and page.curves
    told = page.changed
    head = f"{page.settings.caption} {language.text('Table {number}', number=page.settings.number)}"
    yield space.Block("left", space.settings(told.lines, told.names, head, told.table.note, density))
    yield space.Block("right", space.figure(page.curves.drawing.svg, density))
    if page.comment_beside and page.comment:
        yield space.Block("right", space.comment(page.comment, density))


def settings_are_longer(page: Experiment) -> bool:
    """Whether the settings reach below what stands beside them, so that the matrix goes on there."""
    heights = {"left": 0.0, "right": 0.0}
    for block in _beginning(page, space.DENSITIES[0]):
        heights[block.side] += block.height
    return heights["left"] > heights["right"]


def fits_beside(comment: Markup | None) -> bool:
    """Whether a comment is a few lines of plain paragraphs, as fit under the curves."""
    if not comment or not _plain(comment):
        return False
    return space.comment(comment, space.DENSITIES[0]) <= BESIDE


def _plain(comment: Markup) -> bool:
    """Whether a comment is paragraphs alone, which fit a column."""
    return not any(f"<{tag}" in comment for tag in ("table", "ul", "ol", "pre", "img", "h4", "h5"))
