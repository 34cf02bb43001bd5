"""A table as plain data, printed alike in the report, as CSV and as Markdown."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from reportgen import language

Raw = str | int | float | None
Align = Literal["left", "right"]
Kind = Literal["text", "name", "formula", "integer", "percent", "number"]
Style = Literal["normal", "total", "group", "failed"]

_SHORT_UNIT = 1
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Cell:
    """One cell.

    Parameters
    ----------
    value : str, int, float or None
        The raw value, at full precision; None where there is nothing to say.
    text : str
        The value as printed.
    bold : bool
    order : int, float or None
        What the screen sorts by where the value is not a number, such as the middle of a range.
    """

    value: Raw
    text: str
    bold: bool = False
    order: int | float | None = None


@dataclass(frozen=True)
class Column:
    """A column's head.

    Parameters
    ----------
    title : str
    unit : str
        Stands in the head: "Accuracy, %".
    align : str
        ``left`` or ``right``.
    kind : str
        ``text`` may break over lines; ``name``, ``formula`` and numbers may not.
    group : str
        Heading over this column and its neighbours of the same group, or empty.
    whole : bool
        True where the page has room for its head, and for its texts, on one line each.
    muted : bool
        True for what must not be read as the finding, such as a test score beside a choice.
    """

    title: str
    unit: str = ""
    align: Align = "left"
    kind: Kind = "text"
    group: str = ""
    whole: bool = False
    muted: bool = False

    @property
    def head(self) -> str:
        """The title with its unit."""
        return f"{self.title}, {self.unit}" if self.unit else self.title

    @property
    def printed_head(self) -> str:
        """The head in print, where a short unit does not stand on a line of its own."""
        if len(self.unit) > _SHORT_UNIT:
            return self.head
        return self.head.replace(f", {self.unit}", f",{language.NO_BREAK_SPACE}{self.unit}")

    @property
    def full_head(self) -> str:
        """The head where it stands alone, its group before it: ``Loss: ours``."""
        if not self.group:
            return self.head
        return language.text("{group}: {head}", group=self.group, head=self.head)


@dataclass(frozen=True)
class Line:
    """A row of cells.

    Parameters
    ----------
    cells : tuple of Cell
        As many as there are columns; one alone, for all of them, where `style` is ``group``.
    style : str
        ``normal``, ``total``, ``group`` (a heading between lines) or ``failed``.
    link : str
        Id of the row of experiments.toml that the line is about, or empty.
    """

    cells: tuple[Cell, ...]
    style: Style = "normal"
    link: str = ""


@dataclass(frozen=True)
class Table:
    """A table.

    Parameters
    ----------
    id : str
        Unique in a report; name of the CSV file.
    caption : str
        Without "Table 3.": the report numbers it.
    columns : tuple of Column
    rows : tuple of Line
    note : str
        What a reader must know to read it right, or empty.
    """

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Line, ...]
    note: str = ""

    @property
    def head_groups(self) -> tuple[tuple[str, int], ...]:
        """Headings over the columns, each with how many it spans; empty where no column has one."""
        if not any(column.group for column in self.columns):
            return ()
        return tuple((name, len(list(own))) for name, own in groupby(column.group for column in self.columns))

    def __post_init__(self) -> None:
        for line in self.rows:
            if line.style != "group" and len(line.cells) != len(self.columns):
                raise ValueError(f"{self.id}: {len(line.cells)} cells for {len(self.columns)} columns")


def to_csv(table: Table) -> str:
    """Return a table as CSV with raw values, UTF-8, a comma between and CRLF after (RFC 4180).

    The heading of a group of lines becomes a first column. A text that a spreadsheet would take
    for a formula gets a leading ``'``; numbers are never altered.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    grouped = any(line.style == "group" for line in table.rows)
    group = ""
    writer.writerow(([""] if grouped else []) + [_safe(column.full_head) for column in table.columns])
    for line in table.rows:
        if line.style == "group":
            group = _raw(line.cells[0].value)
            continue
        writer.writerow(([group] if grouped else []) + [_raw(cell.value) for cell in line.cells])
    return buffer.getvalue()


def _raw(value: Raw) -> str:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    return _safe(value) if isinstance(value, str) else repr(value)


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def to_markdown(table: Table) -> str:
    """Return a table as GitHub's Markdown, with the values as printed."""
    rules = ["---:" if column.align == "right" else "---" for column in table.columns]
    lines = [
        _markdown_line([column.full_head for column in table.columns]),
        _markdown_line(rules, escape=False),
    ]
    for line in table.rows:
        texts = [_strong(cell, line.style) for cell in line.cells]
        lines.append(_markdown_line(texts + [""] * (len(table.columns) - len(texts)), escape=False))
    return "\n".join(lines) + "\n"


def _strong(cell: Cell, style: Style) -> str:
    text = escaped_markdown(cell.text)
    return f"**{text}**" if text and (cell.bold or style in ("total", "group")) else text


def _markdown_line(texts: list[str], escape: bool = True) -> str:
    return "| " + " | ".join(escaped_markdown(text) if escape else text for text in texts) + " |"


def escaped_markdown(text: str) -> str:
    """Return a text that Markdown prints as it is, on one line."""
    for mark in "\\`*_[]<>|":
        text = text.replace(mark, f"\\{mark}")
    return " ".join(text.split(None)) if "\n" in text or "\r" in text else text
