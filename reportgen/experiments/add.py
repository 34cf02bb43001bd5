"""Adding a row to an experiments file: every other line stays as it is."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reportgen.calls import named
from reportgen.errors import InputError, Problem
from reportgen.experiments.lines import Lines, Path, locate
from reportgen.experiments.schema import Experiment
from reportgen.experiments.words import suggestion

OF_A_ROW = tuple(
    field.alias or name for name, field in Experiment.model_fields.items() if name != "parameters"
)
ABOUT_THAT_ROW = ("comment", "published", "compared_with")
"""Keys that a new row does not take over: words and figures about the row it is like."""

_ORDER = (
    "id", "section", "title", "notebook", "from", "seed", "repeats", "warm_start", "keep_model",
    "allow_parameters", "compared_with", "comment", "published",
)  # fmt: skip
_TEXTS = ("id", "section", "title", "notebook", "from", "warm_start", "compared_with", "comment")
"""Keys that hold texts: ``title=300`` is one as well."""

LONGEST = 110
"""Letters of a line of parameters; more of them stand in a table."""

_SHORT = 60
"""Letters of a list of texts that a title holds."""

_BLANK_OR_COMMENT = re.compile(r"\s*(#.*)?")

Row = Mapping[str, Any]


def settings(words: Sequence[str], file: str) -> dict[str, Any]:
    """Read settings as they are typed on a command line.

    Parameters
    ----------
    words : sequence of str
        ``NAME=VALUE``; a value is TOML, or a text where it is none: ``epochs=200``,
        ``hidden_units=[300, 100]``, ``activation=relu``. A list may hold calls without quotes:
        ``layers=[Flatten(), Dense(10, activation='softmax')]``.
    file : str
        Named in a fault.

    Raises
    ------
    InputError
        A word is no setting, or a name stands twice.
    """
    found: dict[str, Any] = {}
    problems = []
    for word in words:
        name, equals, value = (part.strip() for part in word.partition("="))
        if not equals or not name.isidentifier():
            remedy = "write NAME=VALUE, such as epochs=200"
            problems.append(Problem(file, 0, "bad-setting", f'"{word}" is no setting', remedy))
        elif name in found:
            problems.append(Problem(file, 0, "bad-setting", f"{name} is set twice", "keep one of the two"))
        else:
            found[name] = _value(value, name in _TEXTS)
    if problems:
        raise InputError(problems)
    return found


def _value(text: str, wants_text: bool) -> Any:
    try:
        found = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return _texts(text) or text
    fits = len(found) == 1 and (isinstance(found["value"], str) or not wants_text)
    return found["value"] if fits else text


def _texts(text: str) -> list[str]:
    """The entries of a list of calls and names that stand without quotes; none where it is anything else."""
    try:
        found = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    entries = found.elts if isinstance(found, ast.List) else []
    if not all(isinstance(each, (ast.Call, ast.Name)) for each in entries):
        return []
    return [ast.get_source_segment(text, each) or "" for each in entries]


def with_row(source: str, like: str, changed: Mapping[str, Any], file: str) -> str:
    """Return the text of an experiments file with one more row, behind the last of its section.

    Every other line stays as it is, with its own ending; the new ones end as the first line does.

    Parameters
    ----------
    source : str
        The file as it is: valid TOML.
    like : str
        Id of the row whose section, notebook and parameters the new one takes over.
    changed : mapping
        What differs: keys of a row (``id``, ``title``, ``seed``, ...), and parameters of its notebook.
        A title that is not given says what was changed.
    file : str
        Named in a fault.

    Raises
    ------
    InputError
        There is no row `like`, the new row has no id, or one that another row has; or the rows are
        written as a list.
    """
    rows: list[Row] = tomllib.loads(source).get("experiment", [])
    model = _row(rows, like, file)
    own, ids = changed.get("id"), [row.get("id") for row in rows]
    if own is None or own in ids:
        message = "the new row needs an id" if own is None else f'there is a row "{own}" already'
        raise InputError([Problem(file, 0, "bad-row", message, f"give it one of its own: id={like}-2")])
    lines, places = source.split("\n"), locate(source)  # a line keeps its own \r
    end = _end(lines, places, _before(source, changed.get("section", model.get("section"))))
    text = _written(model, changed)
    ending = "\r" if lines[0].endswith("\r") else ""
    made = [f"{line}{ending}" for line in ["", *text]]
    if end == len(lines):  # the file ends without a newline, and so it does afterwards
        lines[-1], made[-1] = lines[-1] + ending, text[-1]
    return _whole("\n".join([*lines[:end], *made, *lines[end:]]), file)


def _whole(text: str, file: str) -> str:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        message = "its rows or sections stand in a list, where no row can be put behind them"
        remedy = "write [[experiment]] above each row, and [[section]] above each section"
        raise InputError([Problem(file, 0, "bad-row", message, remedy)]) from None
    return text


def _before(source: str, section: object) -> Path:
    """What the new row stands behind: the last row of its section, else the section, else the last row."""
    raw = tomllib.loads(source)
    rows, sections = raw.get("experiment", []), raw.get("section", [])
    own = [n for n, row in enumerate(rows) if row.get("section") == section]
    chapter = [n for n, each in enumerate(sections) if each.get("id") == section]
    if not own and chapter:
        return ("section", chapter[0])
    return ("experiment", own[-1] if own else len(rows) - 1)


def _row(rows: Sequence[Row], like: str, file: str) -> Row:
    ids = [str(row.get("id")) for row in rows]
    if like in ids:
        return rows[ids.index(like)]
    raise InputError([Problem(file, 0, "unknown-row", f'there is no row "{like}"', suggestion(like, ids))])


def _end(lines: Sequence[str], places: Lines, table: Path) -> int:
    """How many lines the file has up to the end of a table; comments above what follows belong to that."""
    start = places.line(table)
    own = {line for path, line in places.of.items() if path[:2] == table}
    later = (line for path, line in places.of.items() if len(path) <= 2 and line > start)  # headers of tables
    end = min((line for line in later if line not in own), default=len(lines) + 1) - 1
    while _BLANK_OR_COMMENT.fullmatch(lines[end - 1]):
        end -= 1
    return end


def _written(model: Row, changed: Mapping[str, Any]) -> list[str]:
    """The lines of the new row; its parameters in one where that is not too long."""
    own = {name: value for name, value in changed.items() if name not in OF_A_ROW}
    parameters = dict(model.get("parameters", {})) | own
    left_out = named.replaced(parameters).keys() - own.keys()  # as the sizes of layers beside `layers`
    parameters = {name: value for name, value in parameters.items() if name not in left_out}
    kept = {name: value for name, value in model.items() if name not in (*ABOUT_THAT_ROW, "parameters")}
    keys = kept | {"title": _title(model, changed)}
    keys |= {name: value for name, value in changed.items() if name in OF_A_ROW}
    lines = ["[[experiment]]", *(f"{name} = {_toml(keys[name])}" for name in sorted(keys, key=_ORDER.index))]
    if not parameters:
        return lines
    short = f"parameters = {_toml(parameters)}"
    if len(short) <= LONGEST:
        return [*lines, short]
    return [*lines, "[experiment.parameters]", *_lines(parameters)]


def _lines(table: Mapping[str, Any]) -> Iterator[str]:
    """A table line by line; a list that is too long for one has a line for each entry."""
    for line, value in zip(_pairs(table), table.values(), strict=True):
        if len(line) <= LONGEST or not isinstance(value, list):
            yield line
        else:
            yield f"{line.partition('=')[0]}= ["
            yield from (f"  {_toml(each)}," for each in value)
            yield "]"


def _toml(value: Any) -> str:
    """A value in TOML, on one line."""
    from tomlkit import item

    if isinstance(value, dict):
        return f"{{ {', '.join(_pairs(value))} }}" if value else "{}"
    if isinstance(value, list):
        return f"[{', '.join(_toml(each) for each in value)}]"
    return str(item(value).as_string())


def _pairs(table: Mapping[str, Any]) -> list[str]:
    from tomlkit import key

    return [f"{key(name).as_string()} = {_toml(value)}" for name, value in table.items()]


def _title(model: Row, changed: Mapping[str, Any]) -> str:
    """A title that says what was changed; the author can do better, but is not misled by it."""
    own = {name: value for name, value in changed.items() if name not in (*_TEXTS, "published")}
    said = [_setting(name.replace("_", " "), value) for name, value in own.items()]
    return f"{model['title']}, but {', '.join(said)}"[:200] if said else f"{model['title']}, again"[:200]


def _setting(name: str, value: Any) -> str:
    if isinstance(value, list) and any(isinstance(each, str) for each in value):
        texts = ", ".join(map(str, value))
        return f"{name} {texts}" if len(texts) <= _SHORT else f"other {name}"
    return f"{name} {_said(value)}"


def _said(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
