"""How the page of an experiment is set: two columns, how closely, and how many remarks it has room for."""

from __future__ import annotations

from collections.abc import Iterator
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
    height = space.PAGE[paper] - _SPARE
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
    return made if fitting >= min(1, most) else over_two(page)


def over_two(page: Experiment) -> Experiment:
    """The page running on to a second one: airy again, and with every remark."""
    return replace(page, density=space.DENSITIES[0].name, remarks=replace(page.remarks, on_paper=None))


def _fitting(remarks: Remarks, room: float, density: space.Density) -> int:
    """How many of the remarks have room below their heading, which says how many are left out."""
    ends = accumulate(space.remark(remark.text, remark.rule, density) for remark in remarks.items)
    return sum(space.REMARKS + end <= room for end in ends)


def _blocks(page: Experiment, density: space.Density) -> Iterator[float]:
    """Heights of all that stands on a page one below the other, but the remarks."""
    assert page.settings and page.changed and page.pairs and page.curves and page.f1 and page.matrix
    drawn = f" · {language.text('network {place}', place=page.network.number)}" if page.network else ""
    yield space.header(page.place.label, page.subtitle + drawn, page.place.long)
    yield space.KEYS - density.head
    if page.published:
        yield space.notice(page.published)
    yield from (space.notice(f"{notice.title} {notice.text}") for notice in page.notices)
    if page.twins:
        yield space.notice(" ".join([*(title for _, title in page.twins), _TWINS, page.noise]))
    yield space.floats(_columns(page, density))
    if page.strip:
        yield space.strip(page.strip.drawing.svg)
    elif page.no_images:
        yield space.notice(page.no_images)
    if page.comment and not page.comment_beside:
        yield 2 * BESIDE


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
    yield space.Block("left", space.figure(page.f1.drawing.svg, density))


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
    if not comment or any(f"<{tag}" in comment for tag in ("table", "ul", "ol", "pre", "img", "h4", "h5")):
        return False
    return space.comment(comment, space.DENSITIES[0]) <= BESIDE
