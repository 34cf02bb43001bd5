"""Which line of a TOML text a key stands on; `tomllib` does not say.

A small scanner walks the text once and notes the place of every table and key. It
reads what TOML allows and steps over what it does not: faults of syntax are for
`tomllib` to report. Strings, comments, inline tables and dotted keys do not fool it.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from dataclasses import dataclass, field

Path = tuple[str | int, ...]

DEEPEST = 64
"""Most tables and arrays inside each other, and most parts of a dotted key."""

MOST_ENTRIES = 10_000
"""Entries of a list whose lines are kept; those after it have the line of the list."""

_BLANK = re.compile(r"[ \t]*+")
_BETWEEN = re.compile(r"(?:[ \t\n]++|#[^\n]*+)*+")
_KEY = re.compile(r"""[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\[^\n])*+"|'[^'\n]*+'""")
_LONG_BASIC = re.compile(r'"""(?:[^"\\]|\\[\s\S]|"{1,2}(?!"))*+"{3,5}')
_LONG_LITERAL = re.compile(r"'''(?:[^']|'{1,2}(?!'))*+'{3,5}")
_BASIC = re.compile(r'"(?:[^"\\\n]|\\[^\n])*+"')
_LITERAL = re.compile(r"'[^'\n]*+'")
_SCALAR = re.compile(r"[^,\[\]{}#\n\"']*+")
_REST = re.compile(r"[^\n]*+")


class TooDeep(Exception):
    """Tables or arrays are nested beyond reason; holds the line."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


@dataclass
class Lines:
    """Places of a text.

    Parameters
    ----------
    of : dict of path to int
        Line, from 1, of each table, key and entry of a list. Entries of a list and the
        tables of ``[[name]]`` are counted from 0, as pydantic counts them:
        ``("experiment", 2, "parameters", "epochs")``.
    repeated : list of (path, first line, second line)
        Keys and tables that are defined a second time, which TOML forbids.
    unclosed : (str, int) or None
        The string, list or table that the text ends inside of, and its first line.
    text : str
        What was scanned, with ``\\n`` between lines.
    strings : dict of path to (int, int)
        Where the strings begin and end in `text`, quotes included.
    """

    of: dict[Path, int] = field(default_factory=dict)
    repeated: list[tuple[Path, int, int]] = field(default_factory=list)
    unclosed: tuple[str, int] | None = None
    text: str = ""
    strings: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """Line of a path, or of the nearest table around it that the text names; else 0."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.of:
                return self.of[path[:length]]
        return 0


def locate(text: str) -> Lines:
    """Find the line of every table and key of a TOML text.

    Parameters
    ----------
    text : str
        With ``\\n`` or ``\\r\\n`` between lines. Need not be valid TOML: what cannot be
        read is stepped over.

    Raises
    ------
    TooDeep
        More than `DEEPEST` levels.
    """
    return _Scanner(text.replace("\r\n", "\n")).scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.found = Lines(text=text)
        self.entries: dict[Path, int] = {}
        self.headers: set[Path] = set()

    def scan(self) -> Lines:
        table: Path = ()
        while self.skip(_BETWEEN) < len(self.text):
            before = self.at
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table, 0)
            self.skip(_BLANK)
            if (self.at < len(self.text) and self.text[self.at] not in "#\n") or self.at == before:
                self.skip(_REST)
        return self.found

    def skip(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.at

    def accepts(self, sign: str) -> bool:
        if not self.text.startswith(sign, self.at):
            return False
        self.at += len(sign)
        return True

    def here(self) -> int:
        return bisect_right(self.starts, self.at)

    def header(self) -> Path:
        line = self.here()
        many = self.accepts("[[")
        if not many:
            self.accepts("[")
        self.skip(_BLANK)
        names = self.key()
        self.skip(_BLANK)
        self.accepts("]]" if many else "]")
        if not names:
            return ("",)
        path = self.resolved(names[:-1]) + names[-1:]
        if many:
            number = self.entries.get(path, -1) + 1
            self.entries[path] = number
            self.found.of.setdefault(path, line)
            path = (*path, number)
        else:
            path = self.resolved(names)
            if path in self.headers:
                self.found.repeated.append((path, self.found.of[path], line))
        self.headers.add(path)
        self.note(path, line)
        return path

    def resolved(self, names: Path) -> Path:
        """Insert the number of the last ``[[name]]`` wherever a name is such a list."""
        path: Path = ()
        for name in names:
            path = (*path, name)
            if path in self.entries:
                path = (*path, self.entries[path])
        return path

    def note(self, path: Path, line: int) -> None:
        for length in range(1, len(path) + 1):
            self.found.of.setdefault(path[:length], line)

    def key(self) -> Path:
        names: list[str] = []
        while match := _KEY.match(self.text, self.at):
            self.at = match.end()
            names.append(_unquoted(match.group()))
            if len(names) > DEEPEST:
                raise TooDeep(self.here())
            before = self.at
            self.skip(_BLANK)
            if not self.accepts("."):
                self.at = before
                break
            self.skip(_BLANK)
        return tuple(names)

    def pair(self, table: Path, depth: int) -> None:
        """Read ``key = value``; leaves the position where no key stands."""
        line = self.here()
        names = self.key()
        self.skip(_BLANK)
        if not names or not self.accepts("="):
            return
        path = (*table, *names)
        if path in self.found.of:
            self.found.repeated.append((path, self.found.of[path], line))
        self.note(path, line)
        self.skip(_BLANK)
        self.value(path, depth)

    def value(self, path: Path, depth: int) -> None:
        if depth > DEEPEST:
            raise TooDeep(self.here())
        start, first = self.here(), self.at
        sign = self.text[self.at : self.at + 3]
        if sign in ('"""', "'''"):
            pattern = _LONG_BASIC if sign == '"""' else _LONG_LITERAL
            if not pattern.match(self.text, self.at):
                self.found.unclosed = self.found.unclosed or ("text", start)
                self.at = len(self.text)
            self.skip(pattern)
        elif sign[:1] in ('"', "'"):
            pattern = _BASIC if sign[:1] == '"' else _LITERAL
            self.skip(pattern if pattern.match(self.text, self.at) else _REST)
        elif sign[:1] == "[":
            self.array(path, depth, start)
        elif sign[:1] == "{":
            self.inline_table(path, depth, start)
        else:
            self.skip(_SCALAR)
        if sign[:1] in ('"', "'"):
            self.found.strings.setdefault(path, (first, self.at))

    def array(self, path: Path, depth: int, start: int) -> None:
        self.accepts("[")
        number = 0
        while self.skip(_BETWEEN) < len(self.text):
            if self.accepts("]"):
                return
            before = self.at
            if number < MOST_ENTRIES:
                self.found.of.setdefault((*path, number), self.here())
            self.value((*path, number), depth + 1)
            self.skip(_BETWEEN)
            number += self.accepts(",")
            if self.at == before:
                return
        self.found.unclosed = self.found.unclosed or ("list", start)

    def inline_table(self, path: Path, depth: int, start: int) -> None:
        self.accepts("{")
        while self.skip(_BETWEEN) < len(self.text):
            if self.accepts("}"):
                return
            before = self.at
            self.pair(path, depth + 1)
            self.skip(_BETWEEN)
            self.accepts(",")
            if self.at == before:
                return
        self.found.unclosed = self.found.unclosed or ("table", start)


def _unquoted(name: str) -> str:
    if name[0] == "'":
        return name[1:-1]
    if name[0] != '"':
        return name
    try:
        return str(tomllib.loads(f"name = {name}")["name"])
    except tomllib.TOMLDecodeError:
        return name[1:-1]
