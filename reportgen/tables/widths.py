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
_SMALL, _GAP = 7.5, 4.5
"""Size and padding of tables that set rows side by side: those of the style sheet."""
_TEXT = 90.0
"""What a column of titles needs at least, in points: below it, every title takes three lines."""
_UNBROKEN = 24
"""Letters of a name that never breaks; longer ones do."""
_NARROW = frozenset("iljtfr.,:;'!|()[] \u00a0")
_WIDE = frozenset("mwMWQO%@")


def fitted(
    table: Table,
    give_way: Sequence[str] = (),
    short: Mapping[str, str] | None = None,
    whole: bool = False,
) -> Table:
    """Return the table as it fits the page: with shorter heads, then without columns, if it must.

    Parameters
    ----------
    table : Table
    give_way : sequence of str
        Full heads of the columns that may be left out, the first to go first. A column that could stay
        once a later one is gone comes back. The note says what was left out.
    short : mapping of str to str
        Shorter titles, by title.
    whole : bool
        Whether the texts of the first column of text, and heads, stay on one line where there is room.
    """
    shorter = replace(
        table,
        columns=tuple(replace(one, title=(short or {}).get(one.title, one.title)) for one in table.columns),
    )
    if width(table) <= PAGE:
        tried = (table, shorter) if whole else ()
        return next((_whole(one) for one in tried if _unbroken(one) <= PAGE), table)
    table = shorter
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
    left = _without(table, gone)
    if whole and _unbroken(left) <= PAGE:
        left = _whole(left)
    return _with_note(left, [one for one in table.columns if one.full_head in gone])


def _whole(table: Table) -> Table:
    """The table with its titles on one line each, and so are as many heads as there is room for."""
    if _titles(table) < 0:
        return table
    columns, free = list(table.columns), PAGE - _unbroken(table)
    wanted = []
    for place, column in enumerate(table.columns):
        if column.kind != "text":  # those break, but for the titles
            head = _letters(column.printed_head) * 1.05 * _SMALL / SIZE + _GAP
            more = max(0.0, head - _least(column, place, table.rows))
            wanted.append((-column.printed_head.count(" "), more, place))
    for _, more, place in [(0, 0.0, _titles(table)), *sorted(wanted)]:  # what breaks most goes first
        if more <= free:
            columns[place], free = replace(columns[place], whole=True), free - more
    return replace(table, columns=tuple(columns))


def _least(column: Column, place: int, rows: Sequence[Line]) -> float:
    """The least width of a column other than that of the titles, as the style sheet sets it."""
    return (_column(column, place, rows, False) - _PADDING) * _SMALL / SIZE + _GAP


def _unbroken(table: Table) -> float:
    """The least width of a table in points with its titles on one line each, as the style sheet sets it."""
    titles = _titles(table)
    rest = sum(
        _least(column, place, table.rows) for place, column in enumerate(table.columns) if place != titles
    )
    texts = [line.cells[titles].text for line in table.rows if line.style != "group" and titles >= 0]
    return rest + max(map(_letters, texts), default=0.0) * _SMALL / SIZE


def _titles(table: Table) -> int:
    """Which column holds the titles of the rows, -1 without one."""
    return next((place for place, column in enumerate(table.columns) if column.kind == "text"), -1)


def width(table: Table) -> float:
    """Return the least width of a table in points, by estimate."""
    titles = _titles(table)
    widths = (
        _column(column, place, table.rows, place == titles) for place, column in enumerate(table.columns)
    )
    return sum(widths) - _PADDING


def _column(column: Column, place: int, rows: Sequence[Line], titles: bool) -> float:
    texts = [line.cells[place].text for line in rows if line.style != "group"]
    head = max(map(_letters, column.printed_head.split(" ")), default=0.0) * 1.05  # heads are semibold
    if column.kind == "text":
        longest = min(_TEXT, max(map(_letters, texts), default=0.0)) if titles else 0.0
        # A line may break after an en dash, as between the layers of a network.
        texts = [word for text in texts for word in text.replace("–", "– ").split(" ")]
        return max(head, longest, *map(_letters, texts), 0.0) + _PADDING
    if column.kind == "name":
        texts = [part for text in texts for part in ([text] if len(text) <= _UNBROKEN else text.split(" "))]
    return max(head, *map(_letters, texts), 0.0) + _PADDING


def _letters(text: str) -> float:
    return SIZE * sum(0.28 if one in _NARROW else 0.82 if one in _WIDE else 0.51 for one in text)


def without_empty(table: Table, title: str) -> Table:
    """Return the table without the columns of a title that hold no value, as differences of a quick run."""
    lines = [line for line in table.rows if line.style != "group"]
    empty = [
        column.full_head
        for place, column in enumerate(table.columns)
        if column.title == title and all(line.cells[place].value is None for line in lines)
    ]
    return _without(table, empty)


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
