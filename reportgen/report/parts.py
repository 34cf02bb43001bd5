"""What the pages of a report are made of: numbered tables, figures, equations, notices."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Protocol

from reportgen.figures.cache import Drawing
from reportgen.results import Result
from reportgen.tables import Table

HEAD_LENGTH = 58
"""Letters of a running head at most: two of them share a line."""

_PLAIN = str.maketrans({"→": "to", "≤": "<=", "≥": ">=", "≠": "/=", "≈": "~", "∞": "inf"})


@dataclass(frozen=True)
class Notice:
    """A warning that stands in the page: what is not as a reader would expect."""

    title: str
    text: str


@dataclass(frozen=True)
class Place:
    """A heading: its number, its anchor, and how it appears at the edges of the page.

    Parameters
    ----------
    number : str
        ``3``, ``3.2`` or ``A``; empty for an unnumbered one.
    title : str
    anchor : str
        Unique in the report.
    footer : str
        What the foot of its pages says of the data, or empty.
    subtitle : str
        What stands below the heading and in no list of contents, or empty.
    """

    number: str
    title: str
    anchor: str
    footer: str = ""
    subtitle: str = ""

    @property
    def label(self) -> str:
        """Number and title: the bookmark."""
        return f"{self.number} {self.title}".strip()

    @property
    def head(self) -> str:
        """The running head: the label, cut where it is too long for a line."""
        return shortened(self.label.translate(_PLAIN), HEAD_LENGTH)

    @property
    def footer_mark(self) -> str:
        """The footer's words as they stand before the page number."""
        return f"{self.footer} · " if self.footer else ""

    @property
    def long(self) -> bool:
        """True where the title needs smaller letters to stay within two lines."""
        return len(self.title) > 90


@dataclass(frozen=True)
class NumberedTable:
    """A table with its number; `style` names the CSS classes it wears.

    `whole` is the table of which only some lines are printed: the exports have all of them. `left_out` are
    the rows whose lines paper leaves to other tables: the screen and the exports have them.
    """

    number: int
    table: Table
    style: str = ""
    caption: str = ""
    whole: Table | None = None
    left_out: frozenset[str] = frozenset()


@dataclass(frozen=True)
class NumberedFigure:
    """A drawn figure with its number; `place` is unique in the report."""

    number: int
    caption: str
    drawing: Drawing
    place: str
    style: str = ""


@dataclass(frozen=True)
class Equation:
    """A prepared equation, by the name of its file; `number` 0 stands for none."""

    name: str
    number: int = 0


@dataclass(frozen=True)
class Definition:
    """A symbol, what it stands for, and the equation file that draws it."""

    symbol: str
    meaning: str


@dataclass(frozen=True)
class Remark:
    """A sentence of the program's, with the rule that wrote it."""

    rule: str
    text: str


@dataclass(frozen=True)
class Remarks:
    """What the program observes of a row or a chapter, or asks about it, the most important first."""

    questions: bool
    items: tuple[Remark, ...]
    on_paper: int | None = None

    @property
    def left_out(self) -> int:
        """How many find no room on the printed page; the HTML has them all."""
        return 0 if self.on_paper is None else len(self.items) - self.on_paper


SILENT = Remarks(False, ())
"""No remarks."""


@dataclass
class Numbering:
    """Counts tables, figures and equations in the order of the document."""

    tables: int = 0
    figures: int = 0
    equations: int = 0
    numbered_tables: list[NumberedTable] = field(default_factory=list)
    numbered_figures: list[NumberedFigure] = field(default_factory=list)

    def table(
        self, table: Table, style: str = "", caption: str = "", left_out: frozenset[str] = frozenset()
    ) -> NumberedTable:
        """Number a table."""
        self.tables += 1
        printed = left_out & {line.link for line in table.rows}
        made = NumberedTable(self.tables, table, style, caption or table.caption, left_out=printed)
        self.numbered_tables.append(made)
        return made

    def figure(self, caption: str, drawing: Drawing, style: str = "") -> NumberedFigure:
        """Number a figure."""
        self.figures += 1
        made = NumberedFigure(self.figures, caption, drawing, f"figure-{self.figures}", style)
        self.numbered_figures.append(made)
        return made

    def equation(self, name: str) -> Equation:
        """Number an equation."""
        self.equations += 1
        return Equation(name, self.equations)


class Draw(Protocol):
    """Draws a figure of the catalogue by its name; `about` is what else it needs (see `catalogue.Kind`)."""

    def __call__(self, name: str, results: Sequence[Result], about: object = None) -> Drawing:
        """Return the drawing."""


def shortened(text: str, length: int) -> str:
    """Return `text` on one line, cut at a word and with an ellipsis where it is longer.

    Parameters
    ----------
    text : str
    length : int
        In letters of mean width; capitals and wide scripts count for more.
    """
    text = " ".join(text.split())
    widths = list(accumulate(map(_width, text)))
    if not widths or widths[-1] <= length:
        return text
    cut = text[: bisect_right(widths, length - 1)]
    at_word = re.sub(r"\s+\S*$", "", cut)
    return (at_word if len(at_word) > len(cut) // 2 else cut).rstrip(" ,;:–-") + "…"


def _width(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WF":
        return 2.0
    if character in "WM@":
        return 1.8
    return 1.3 if character.isupper() else 1.0


def row_anchor(row_id: str) -> str:
    """Return the anchor of a row's page."""
    return f"row-{row_id}"


def stage_anchor(stage_id: str) -> str:
    """Return the anchor of what a chapter says of a stage."""
    return f"stage-{stage_id}"


def section_anchor(section_id: str) -> str:
    """Return the anchor of a section's chapter."""
    return f"section-{section_id}"
