"""How much room the page of an experiment has: its text measured in the report's own fonts.

The heights are those of templates/report.css; a test holds them against the pages that come out.
All lengths are in points.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from html import unescape

from markupsafe import Markup

from reportgen.report.assets import built_in

MM = 72 / 25.4
PAGE = {"a4": 257 * MM, "letter": 246.4 * MM}
"""Height of the block of an experiment's page, by paper."""
WIDTH, LEFT, RIGHT = 165 * MM, 63 * MM, 98.5 * MM
"""Of the block, and of the two columns that settings and curves stand in."""
_REST, _BOLD = "source-sans-3-latin-400-normal", "source-sans-3-latin-600-normal"
_UNKNOWN = 0.6
"""Width of a letter that the Latin fonts lack, in its size."""
_TAG = re.compile(r"<[^>]*>")
_HEIGHT = re.compile(r"<svg\b[^>]*?\bheight=\"([\d.]+)(?:pt)?\"")


@dataclass(frozen=True)
class Density:
    """How closely a page is set: the values of one class of the style sheet.

    Parameters
    ----------
    name : str
        The class that `.experiment` wears.
    setting, pair, cell : float
        Height of a line of the settings, of the pairs and of the matrix.
    comment, remark : tuple of float
        Size of the letters, and from line to line.
    gap : float
        Between blocks.
    head : float
        What the heading, the key figures and the images take less.
    line : float
        From line to line within a cell of the settings.
    first : float
        What stands above the first line of a table more than above the others, below its rule.
    """

    name: str
    setting: float
    pair: float
    cell: float
    comment: tuple[float, float]
    remark: tuple[float, float]
    gap: float
    head: float = 0.0
    line: float = 8.9
    first: float = 0.0


DENSITIES = (
    Density("", 10.4, 11.6, 4.7 * MM, (9.5, 12.4), (8.2, 10.6), 7.0),
    Density("close", 9.6, 10.8, 4.4 * MM, (9.3, 12.0), (8.2, 10.4), 5.0, first=0.9),
    Density("closest", 8.6, 9.8, 4.1 * MM, (9.0, 11.4), (7.9, 9.7), 2.5, 9.0, 8.6, 1.4),
)
"""The airy one first; a page takes the first that holds what it must."""


@cache
def _widths(face: str) -> tuple[dict[int, int], int]:
    from fontTools.ttLib import TTFont

    font = TTFont(built_in("templates") / "fonts" / f"{face}.woff2", lazy=True)
    measured = font["hmtx"].metrics
    return {code: measured[name][0] for code, name in font.getBestCmap().items()}, font["head"].unitsPerEm


def width(text: str, size: float, face: str = _REST) -> float:
    """Return how wide a text is in a face of the report, without kerning."""
    known, unit = _widths(face)
    return size * sum(known.get(ord(letter), _UNKNOWN * unit) / unit for letter in text)


def lines(text: str, size: float, room: float, face: str = _REST, last: float = 0.0) -> int:
    """Return how many lines a text takes.

    Parameters
    ----------
    text : str
    size, room : float
        Of the letters, and between the margins.
    face : str
    last : float
        Width of something that follows the text and does not break.
    """
    count, used = 1, 0.0
    blank = width(" ", size, face)
    pieces = [width(word, size, face) for word in text.split(" ") if word]
    for piece in [*pieces, *([last] if last else [])]:
        if used and used + blank + piece > room:
            count, used = count + 1, piece
        else:
            used += piece + (blank if used else 0.0)
    return count


def paragraphs(markup: Markup) -> tuple[str, ...]:
    """Return the text of the paragraphs of a piece of prose."""
    parts = str(markup).split("</p>")
    texts = (" ".join(unescape(_TAG.sub("", part)).split(None)) for part in parts)
    return tuple(text for text in texts if text)


def drawing_height(svg: str) -> float:
    """Return the height of a drawing, 0 where it does not say."""
    found = _HEIGHT.search(svg)
    return float(found[1]) if found else 0.0


@dataclass(frozen=True)
class Block:
    """A block of a column: its height, and the side it stands on."""

    side: str
    height: float


def floats(blocks: Iterable[Block]) -> float:
    """Return the height of blocks that float left and right in this order.

    None stands higher than one before it, on whichever side: so floats work.
    """
    ends = {"left": 0.0, "right": 0.0}
    top = 0.0
    for block in blocks:
        top = max(top, ends[block.side])
        ends[block.side] = top + block.height
    return max(ends.values())


def header(title: str, subtitle: str, long: bool) -> float:
    """The heading of a page with the line below it."""
    size, leading = (13.0, 17.0) if long else (17.0, 21.0)
    heads = lines(title, size, WIDTH, _BOLD)
    return heads * leading + 1 + lines(subtitle, 9.5, WIDTH) * 13 + 5


KEYS = 53.5
"""Height of the key figures, with what follows them."""
_BESIDE = 2.4 * MM
"""Room between a key figure and a divider."""
_TABULAR = 0.07 * 14.0
"""What a digit of the values is wider at most than its letter measures: all are as wide."""


@dataclass(frozen=True)
class Figure:
    """The lines of a key figure: its label, its value with the unit, and what stands below."""

    label: str
    value: str
    unit: str
    more: str

    @property
    def wanted(self) -> float:
        """Its width where no line breaks."""
        value = width(self.value, 14.0, _BOLD) + _TABULAR * sum(map(str.isdigit, self.value))
        if self.unit:
            value += width(" ", 10.0) + width(self.unit, 8.0)
        return max(width(self.label, 7.5), value, width(self.more, 7.5)) + _ROUNDING


def key_widths(figures: Sequence[Figure]) -> tuple[float, ...]:
    """Return the widths of key figures side by side, from divider to divider, as their content needs.

    What is left of the page is shared evenly; where it is not enough, all give way in proportion.
    """
    last = len(figures) - 1
    wanted = [
        figure.wanted + (_BESIDE if place in (0, last) else 2 * _BESIDE)
        for place, figure in enumerate(figures)
    ]
    free = WIDTH - 0.5 - sum(wanted)  # less than a line, so that rounding leaves room for the last
    if free < 0:
        return tuple(one * (WIDTH - 0.5) / sum(wanted) for one in wanted)
    return tuple(one + free / len(wanted) for one in wanted)


def notice(text: str) -> float:
    """A warning on the page of an experiment."""
    return lines(text, 9, WIDTH - 18.5) * 11.5 + 8


@dataclass(frozen=True)
class Line:
    """A line of the settings: its name, its value, whether both are set in bold, and what it was before."""

    name: str
    value: str
    bold: bool = False
    was: str = ""

    @property
    def face(self) -> str:
        """The face it is set in."""
        return _BOLD if self.bold else _REST


def names_width(rows: Sequence[Line]) -> float:
    """Return the width of the column of names: none of them wraps but one far longer than the others."""
    return min(max((_named(row) for row in rows), default=0.0) + _ROUNDING, LEFT * 0.64)


def reach(row: Line, names: float) -> float:
    """Return how far a value may reach into the column of names, beside its own, 0 where it need not."""
    used = width(row.value, _SIZE, row.face) + (width(f" {row.was}", _WAS) if row.was else 0.0)
    if used <= LEFT - _BETWEEN - names - _ROUNDING:
        return 0.0
    return max(0.0, names - _named(row) - _ROUNDING)


def unbroken(row: Line, names: float) -> bool:
    """Whether the words for what a setting was fit on one line."""
    return width(row.was, _WAS) <= LEFT - _BETWEEN - names + reach(row, names) - _ROUNDING


def _named(row: Line) -> float:
    """Width of a name, with the mark of what changed."""
    return width(row.name, _SIZE, row.face) + (width("\u2022 ", _SIZE, _BOLD) if row.bold else 0.0)


def settings(rows: Sequence[Line], names: float, caption: str, note: str, density: Density) -> float:
    """The table of settings: names and values that wrap within their columns."""
    height = sum(density.setting + (_wrapped(row, names) - 1) * density.line for row in rows)
    noted = lines(note, 8, LEFT) * 10 if note else 0
    return lines(caption, 9.5, LEFT) * 13 + 2 + noted + 1.8 + density.first + height + density.gap


def _wrapped(row: Line, names: float) -> int:
    room = LEFT - _BETWEEN - names + reach(row, names)
    if row.was and not unbroken(row, names):
        values = lines(f"{row.value} {row.was}", _SIZE, room, row.face)
    else:
        values = lines(row.value, _SIZE, room, row.face, width(row.was, _WAS))
    mark = _named(row) - width(row.name, _SIZE, row.face)
    return max(lines(row.name, _SIZE, names - mark + _ROUNDING, row.face), values)


_SIZE, _WAS, _BETWEEN, _ROUNDING = 8.0, 7.5, 5.0, 0.2


def pairs(rows: int, caption: str, note: str, density: Density) -> float:
    """The table of confused pairs, with its head, and its note below."""
    noted = 2 + lines(note, 8, LEFT) * 10 if note else 0
    return (
        lines(caption, 9.5, LEFT) * 13
        + 2
        + 2.3
        + (rows + 1) * density.pair
        + density.first
        + noted
        + density.gap
    )


def figure(svg: str, density: Density) -> float:
    """A drawing under its heading."""
    return 15 + drawing_height(svg) + density.gap


def comment(markup: Markup, density: Density) -> float:
    """The authors' comment beside the settings."""
    size, leading = density.comment
    said = paragraphs(markup)
    room = RIGHT - 3 * MM - 2
    serif = "source-serif-4-latin-400-normal"
    return (
        14
        + sum(lines(text, size, room, serif) * leading for text in said)
        + 5 * (len(said) - 1)
        + density.gap
    )


def matrix(rows: int, turned: float, legend: str, density: Density) -> float:
    """The confusion matrix with its heads, its precision and its legend, every bin of which has a patch."""
    heads = turned * MM + 2.8 if turned else 9 + 9 + 2.8
    patches = legend.count(";") * 4.7 * MM
    below = lines(legend, 7.5, RIGHT - patches) * 10.5
    return 14 + heads + rows * (density.cell + 0.4) + 10.4 + 2 + below + density.gap


def strip(svg: str) -> float:
    """The strip of confused images; its heading stands beside the images."""
    return drawing_height(svg) + 5


def remark(text: str, rule: str, density: Density) -> float:
    """A remark of the program's, the rule's name at its end."""
    size, leading = density.remark
    last = len(rule) * 0.6 * 0.78 * size + 2
    return lines(text, size, WIDTH - 3 * MM - 3.5 * MM - 6, last=last) * leading + 1


REMARKS = 14.0
"""The heading of the remarks."""
