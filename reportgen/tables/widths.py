"""How wide a table is on paper, and which of its columns give way where the page is too narrow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from reportgen import language
from reportgen.tables.table import Column, Line, Table

PAGE = 165 / 25.4 * 72
"""Points between the margins of an A4 page."""
SIZE = 8.5
"""Points of a table's letters."""

_PADDING = 6.0
_TEXT = 90.0
"""What a column of titles needs at least, in points: below it, every title takes three lines."""
_UNBROKEN = 24
"""Letters of a name that never breaks; longer ones do."""
_NARROW = frozenset("iljtfr.,:;'!|()[] \u00a0")
_WIDE = frozenset("mwMWQO%@")


def fitted(table: Table, give_way: Sequence[str] = (), short: Mapping[str, str] | None = None) -> Table:
    """Return the table as it fits the page: with shorter heads, then without columns, if it must.

    Parameters
    ----------
    table : Table
    give_way : sequence of str
        Full heads of the columns that may be left out, the first to go first. A column that could stay
        once a later one is gone comes back. The note says what was left out.
    short : mapping of str to str
        Shorter titles, by title.
    """
    if width(table) <= PAGE:
        return table
    table = replace(
        table,
        columns=tuple(replace(one, title=(short or {}).get(one.title, one.title)) for one in table.columns),
    )
    heads = {one.full_head for one in table.columns}
    gone: list[str] = []
    for head in (head for head in give_way if head in heads):
        if width(_without(table, gone)) <= PAGE:
            break
        gone.append(head)
    for head in list(gone):
        others = [one for one in gone if one != head]
        if width(_without(table, others)) <= PAGE:
            gone = others
    return _with_note(_without(table, gone), [one for one in table.columns if one.full_head in gone])


def width(table: Table) -> float:
    """Return the least width of a table in points, by estimate."""
    titles = next((place for place, column in enumerate(table.columns) if column.kind == "text"), -1)
    widths = (
        _column(column, place, table.rows, place == titles) for place, column in enumerate(table.columns)
    )
    return sum(widths) - _PADDING


def _column(column: Column, place: int, rows: Sequence[Line], titles: bool) -> float:
    texts = [line.cells[place].text for line in rows if line.style != "group"]
    head = max(map(_letters, column.printed_head.split(" ")), default=0.0) * 1.05  # heads are semibold
    if column.kind == "text":
        longest = min(_TEXT, max(map(_letters, texts), default=0.0)) if titles else 0.0
        texts = [word for text in texts for word in text.split(" ")]
        return max(head, longest, *map(_letters, texts), 0.0) + _PADDING
    if column.kind == "name":
        texts = [part for text in texts for part in ([text] if len(text) <= _UNBROKEN else text.split(" "))]
    return max(head, *map(_letters, texts), 0.0) + _PADDING


def _letters(text: str) -> float:
    return SIZE * sum(0.28 if one in _NARROW else 0.82 if one in _WIDE else 0.51 for one in text)


def _without(table: Table, heads: Sequence[str]) -> Table:
    kept = [place for place, column in enumerate(table.columns) if column.full_head not in heads]
    return replace(
        table,
        columns=tuple(table.columns[place] for place in kept),
        rows=tuple(
            line if line.style == "group" else replace(line, cells=tuple(line.cells[place] for place in kept))
            for line in table.rows
        ),
    )


def _with_note(table: Table, gone: Sequence[Column]) -> Table:
    if not gone:
        return table
    heads = [
        head if head[:2].isupper() else head[0].lower() + head[1:] for head in (one.head for one in gone)
    ]
    note = language.text("Left out for want of room: {columns}.", columns=", ".join(heads))
    return replace(table, note=f"{table.note} {note}".strip())
