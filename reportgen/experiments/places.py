"""The line and the column of the file that a place inside a text stands on."""

from __future__ import annotations

import re

from reportgen.experiments.lines import Lines, Path

_PIECE = re.compile(
    r"\\[ \t]*\n[ \t\n]*"  # a backslash at the end of a line: the line goes on after the blanks
    r"|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}|\\.|[^\\]",
    re.DOTALL,
)


def line_within(lines: Lines, path: Path, offset: int) -> int:
    """Return the line, from 1, on which a character of a text stands in the file.

    Parameters
    ----------
    lines : Lines
    path : Path
        Of the text.
    offset : int
        Place of the character in the text as TOML reads it; beyond its end stands for the end.

    Notes
    -----
    TOML drops a line break right after the opening quotes, and turns an escape into one character:
    lines of the value are not lines of the file.
    """
    return place_within(lines, path, offset)[0]


def place_within(lines: Lines, path: Path, offset: int) -> tuple[int, int]:
    """Return line and column, both from 1, of a character of a text; column 0 where only the line is known.

    Takes what `line_within` takes.
    """
    span = lines.strings.get(path)
    if span is None:
        return lines.line(path), 0
    start, end = span
    at = _source_offset(lines.text, start, end, offset)
    return lines.text.count("\n", 0, at) + 1, at - lines.text.rfind("\n", 0, at)


def _source_offset(text: str, start: int, end: int, offset: int) -> int:
    quote = text[start]
    long = text.startswith(quote * 3, start)
    at = start + (3 if long else 1)
    last = max(at, end - (3 if long else 1))
    if long and text.startswith("\n", at):
        at += 1
    if quote == "'":
        return min(at + offset, last)
    seen = 0
    while at < last:
        piece = _PIECE.match(text, at)
        if piece is None:
            break
        joins = piece.group().startswith("\\") and "\n" in piece.group()
        if not joins:
            if seen == offset:
                return at
            seen += 1
        at = piece.end()
    return min(at, last)
