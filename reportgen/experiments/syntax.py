"""Reading the bytes of a TOML file: every way they can be wrong, with line and caret."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from pathlib import Path
from typing import Any

from reportgen.errors import InputError, Problem
from reportgen.experiments.lines import Lines, TooDeep, locate
from reportgen.experiments.lines import Path as Place
from reportgen.experiments.words import MANY

MAX_BYTES = 5_000_000
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_WIDEST = 100
_NOWHERE = "go into the folder of your coursework (cd mylab), or begin one: reportgen init mylab"
_DOUBLE = re.compile(r"[ \t]*\[\[[ \t]*(\w+)[ \t]*\]\]")
_ENTRY = re.compile(r"""("[^"]*"|'[^']*'|[\w.-]+)[ \t]*=""")
_MARKS = {
    b"\xef\xbb\xbf": "begins with a byte order mark",
    b"\xff\xfe": "is UTF-16",
    b"\xfe\xff": "is UTF-16",
}
_WORDS = (
    ("Illegal character '\\n'", "the quotes are not closed on this line"),
    ("Unterminated string", "the quotes are not closed on this line"),
    ("Cannot overwrite", "the name has a value already"),
    ("Invalid initial character", "expected a name"),
    ("Expected newline", "expected the end of the line"),
)
"""What tomllib says, by its beginning, and what we say for it."""

_REMEDIES = (
    ("Invalid statement", "a line begins with [ or with a name: letters a to z, digits, '_' and '-'"),
    ("Expected '='", "a name is followed by = and its value; a name with blanks stands in quotes"),
    ("Expected newline", "one key per line; a number has no leading zeros; a date is written 2026-11-20"),
    ("Illegal character '\\n'", "close them, or use three of them for a text of several lines"),
    ("Unterminated string", "close them, or use three of them for a text of several lines"),
    ("Unescaped '\\'", "write \\\\ for a backslash, or put the text in single quotes"),
    (
        "Invalid initial character",
        "letters a to z, digits, '_' and '-'; { ... } stands on one line, no comma at its end",
    ),
    ("Expected ']", "close the brackets of the table's name on the same line"),
    ("Cannot overwrite", "it cannot be a table as well, nor have two values"),
    ("Illegal character", "remove the control character"),
)


def read(path: Path, content: bytes | None = None) -> tuple[bytes, dict[str, Any], Lines]:
    """Read and parse an experiments file; only parse what it holds or would hold, where that is given.

    Returns
    -------
    content : bytes
    raw : dict
        The tables, as `tomllib` reads them.
    lines : Lines

    Raises
    ------
    InputError
        The file is missing, no file, too large, not UTF-8 or not TOML.
    """
    file = str(path)
    content = bytes_of(path) if content is None else content
    return content, *parse(_text(content, file), file)


def bytes_of(path: Path) -> bytes:
    """What an experiments file holds.

    Raises
    ------
    InputError
        The file is missing, no file or too large.
    """
    file = str(path)
    try:
        if path.is_dir():
            raise InputError([Problem(file, 0, "no-file", "this is a folder", _others(path))])
        if not path.exists():
            raise InputError([Problem(file, 0, "no-file", "there is no such file", _others(path.parent))])
        if not path.is_file():
            raise InputError([Problem(file, 0, "no-file", "this is no ordinary file")])
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError([Problem(file, 0, "no-file", f"the file cannot be read: {reason}")]) from None
    if len(content) > MAX_BYTES:
        limit = f"the file has more than {MAX_BYTES // 1_000_000} MB"
        raise InputError([Problem(file, 0, "file-too-large", limit)])
    return content


def _others(folder: Path) -> str:
    """Experiments files that could have been meant."""
    names = sorted(path.name for path in folder.glob("*.toml") if path.name != "pyproject.toml")
    return f"in {folder} there is: {', '.join(names[:8])}" if names else _NOWHERE


def _text(content: bytes, file: str) -> str:
    for mark, name in _MARKS.items():
        if content.startswith(mark):
            remedy = "save it as UTF-8 without a byte order mark"
            raise InputError([Problem(file, 1, "not-utf-8", f"the file {name}", remedy)])
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"byte {content[error.start]:#04x} is not UTF-8"
        problem = Problem(file, line, "not-utf-8", message, "save the file as UTF-8")
        raise InputError([problem]) from None


def parse(text: str, file: str) -> tuple[dict[str, Any], Lines]:
    """Parse a TOML text; see `read`."""
    try:
        lines = locate(text)
        return tomllib.loads(text), lines
    except TooDeep as error:
        problem = Problem(file, error.line, "toml-syntax", "tables or lists are nested too deeply")
    except RecursionError:
        problem = Problem(file, 0, "toml-syntax", "tables or lists are nested too deeply")
    except tomllib.TOMLDecodeError as error:
        problem = _syntax_problem(str(error), text.replace("\r\n", "\n"), file, lines)
    except ValueError as error:
        problem = _bad_literal(str(error), text, file)
    raise InputError([problem])


def _syntax_problem(message: str, text: str, file: str, lines: Lines) -> Problem:
    """Turn tomllib's message into a problem; where it gives no place, the scanner knows one."""
    source = text.split("\n")
    place = _PLACE.search(message)
    what = message[: place.start()] if place else message
    at_end = not (place and place.group(1))
    if place and place.group(1):
        line, column = int(place.group(1)), int(place.group(2))
    else:
        line, column = _end(source)
    remedy = _remedy(what, source[line - 1][column - 1 :])
    if what.startswith(("Cannot", "Duplicate")) and lines.repeated:
        path, first, line = next((each for each in lines.repeated if each[2] == line), lines.repeated[0])
        what, remedy = f"{_dotted(path)} is defined twice, first on line {first}", _once(path)
        column = _indent(source[line - 1]) + 1
    elif what.startswith("Cannot") and (single := _single_brackets(source, line, lines)):
        line, name = single
        what, remedy = f'"{name}" stands in single brackets here, in double ones below', _brackets(name)
        column = _indent(source[line - 1]) + 1
    elif what == "Unclosed inline table":
        what, remedy = _open_table(source[line - 1][column - 1 :])
    elif what == "Unclosed array" and not lines.unclosed:
        what, remedy = _open_list(source[line - 1][column - 1 :])
    elif lines.unclosed and (at_end or what.startswith("Unclosed")):
        kind, line = lines.unclosed
        what, remedy = f"the {kind} that begins here is never closed", ""
        column = _indent(source[line - 1]) + 1
    elif what == "Invalid value" and not source[line - 1][column - 1 :].strip():
        what, remedy = "the value is missing", ""
    what = next((words for start, words in _WORDS if what.startswith(start)), what[0].lower() + what[1:])
    shown = _shown(source[line - 1], column) + (f"\n  {remedy}" if remedy else "")
    return Problem(file, line, "toml-syntax", what, shown, column)


def _once(path: Place) -> str:
    """What mends a table or key that stands twice; of some there may be many, in double brackets."""
    names = [part for part in path if isinstance(part, str)]
    return _brackets(names[0]) if len(names) == 1 and names[0] in MANY else "remove one of the two"


def _brackets(name: str) -> str:
    return f"write [[{name}]], with double brackets, above each one"


def _single_brackets(source: list[str], line: int, lines: Lines) -> tuple[int, str] | None:
    """Where a table stands in single brackets that is one of many: its line and name."""
    found = _DOUBLE.match(source[line - 1])
    first = lines.line((found[1],)) if found and found[1] in MANY else 0
    if not found or not first or not source[first - 1].lstrip().startswith("["):
        return None
    return first, found[1]


def _open_table(rest: str) -> tuple[str, str]:
    """What is wrong with an inline table that does not go on as it should, and what mends it."""
    if not rest.strip() or rest.startswith("#"):
        return "the } is missing at the end of the line", "{ ... } stands on one line"
    if entry := _ENTRY.match(rest):
        name = entry[1].strip("\"'")
        return f'a comma is missing before "{name}"', "commas stand between the entries: { a = 1, b = 2 }"
    return "the table is not closed", "commas stand between its entries, and a } ends it"


def _open_list(rest: str) -> tuple[str, str]:
    found = re.match(r"[^\s,\[\]{}]+", rest)
    before = f" before {found[0]}" if found else ""
    return f"a comma is missing{before}", "commas stand between the entries: [1, 2]"


def _end(source: list[str]) -> tuple[int, int]:
    """Line and column behind the last line that is not empty."""
    line = len(source)
    while line > 1 and not source[line - 1].strip():
        line -= 1
    return line, len(source[line - 1]) + 1


def _dotted(path: tuple[str | int, ...]) -> str:
    return '"' + ".".join(part for part in path if isinstance(part, str)) + '"'


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _remedy(what: str, rest: str) -> str:
    """What mends the fault; `rest` is the line from the fault on."""
    if what == "Invalid value":
        return _value_remedy(rest)
    return next((remedy for start, remedy in _REMEDIES if what.startswith(start)), "")


def _value_remedy(rest: str) -> str:
    word = re.match(r"\w*", rest)
    name = word.group() if word else ""
    if name.lower() in ("true", "false"):
        return f"write {name.lower()}, with small letters"
    if name.lower() in ("none", "null", "nil"):
        return 'there is no null: leave the key out, or write "none" where the notebook allows it'
    if rest[:1] in "“”„«»‘’":
        return 'quotes are straight: "..."'
    if rest[:1] == "(":
        return "a list stands in square brackets: [1, 2]"
    return f'a text stands in quotes: "{name}"' if name else "a text stands in quotes"


def _shown(line: str, column: int) -> str:
    """The source line with a caret below the column, cut around it where it is long."""
    line = line.replace("\t", " ")
    start = max(0, column - _WIDEST // 2) if len(line) > _WIDEST else 0
    before = line[start : column - 1]
    width = sum(_width(sign) for sign in before)
    return f"{line[start : start + _WIDEST]}\n  {' ' * width}^"


def _width(sign: str) -> int:
    """Columns that a character takes in a terminal."""
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def _bad_literal(message: str, text: str, file: str) -> Problem:
    """A value that reads as TOML but that Python refuses: thousands of digits, a month 13."""
    if "digits" in message:
        number = re.search(r"\d(?:_?\d){4299,}", text)
        line = text.count("\n", 0, number.start()) + 1 if number else 0
        return Problem(file, line, "toml-syntax", "a number has thousands of digits")
    return Problem(file, 0, "toml-syntax", message)
