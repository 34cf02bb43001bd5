"""Adding a row to an experiments file: every other line stays as it is."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from reportgen.errors import InputError, Problem
from reportgen.experiments.lines import Lines, locate
from reportgen.experiments.schema import Experiment
from reportgen.experiments.words import nearest

OF_A_ROW = tuple(name for name in Experiment.model_fields if name != "parameters")
ABOUT_THAT_ROW = ("comment", "published", "compared_with")
"""Keys that a new row does not take over: words and figures about the row it is like."""

_ORDER = ("id", "section", "title", "notebook", "seed", "repeats", "compared_with", "comment", "published")
LONGEST = 90
"""Letters of parameters that stand in one line."""

_BLANK_OR_COMMENT = re.compile(r"\s*(#.*)?")

Row = Mapping[str, Any]


def settings(words: Sequence[str], file: str) -> dict[str, Any]:
    """Read settings as they are typed on a command line.

    Parameters
    ----------
    words : sequence of str
        ``NAME=VALUE``; a value is TOML, or a text where it is none: ``epochs=200``,
        ``hidden_units=[300, 100]``, ``activation=relu``.
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
            found[name] = _value(value)
    if problems:
        raise InputError(problems)
    return found


def _value(text: str) -> Any:
    try:
        found = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return text
    return found["value"] if len(found) == 1 else text


def with_row(source: str, like: str, changed: Mapping[str, Any], file: str) -> str:
    """Return the text of an experiments file with one more row, behind the last of its section.

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
        There is no row `like`, the new row has no id, or one that another row has.
    """
    rows: list[Row] = tomllib.loads(source).get("experiment", [])
    model = _row(rows, like, file)
    own, ids = changed.get("id"), [row.get("id") for row in rows]
    if own is None or own in ids:
        message = "the new row needs an id" if own is None else f'there is a row "{own}" already'
        raise InputError([Problem(file, 0, "bad-row", message, f"give it one of its own: id={like}-2")])
    section = changed.get("section", model.get("section"))
    before = max((n for n, row in enumerate(rows) if row.get("section") == section), default=len(rows) - 1)
    newline = "\r\n" if "\r\n" in source else "\n"
    lines = source.replace("\r\n", "\n").split("\n")
    end = _end(lines, locate(source), before)
    text = _written(model, changed).rstrip("\n").split("\n")
    return newline.join([*lines[:end], "", *text, *lines[end:]])


def _row(rows: Sequence[Row], like: str, file: str) -> Row:
    ids = [str(row.get("id")) for row in rows]
    if like in ids:
        return rows[ids.index(like)]
    close = nearest(like, ids)
    remedy = f'did you mean "{close}"?' if close else "reportgen plan lists the rows"
    raise InputError([Problem(file, 0, "unknown-row", f'there is no row "{like}"', remedy)])


def _end(lines: Sequence[str], places: Lines, row: int) -> int:
    """How many lines the file has up to the end of a row; comments above what follows belong to that."""
    start = places.of["experiment", row]
    later = (line for path, line in places.of.items() if len(path) <= 2 and line > start)  # headers of tables
    own = {line for path, line in places.of.items() if path[:2] == ("experiment", row)}
    end = min((line for line in later if line not in own), default=len(lines) + 1) - 1
    while _BLANK_OR_COMMENT.fullmatch(lines[end - 1]):
        end -= 1
    return end


def _written(model: Row, changed: Mapping[str, Any]) -> str:
    """The new row in TOML; its parameters in one line where that is not too long."""
    from tomlkit import aot, document, dumps, inline_table, item, table

    parameters = dict(model.get("parameters", {})) | {
        name: value for name, value in changed.items() if name not in OF_A_ROW
    }
    kept = {name: value for name, value in model.items() if name not in (*ABOUT_THAT_ROW, "parameters")}
    keys = kept | {"title": _title(model, changed)}
    keys |= {name: value for name, value in changed.items() if name in OF_A_ROW}
    row, short, long = table(), inline_table(), table()
    for name in sorted(keys, key=_ORDER.index):
        row.append(name, item(keys[name]))
    for name, value in parameters.items():
        short.append(name, item(value))
        long.append(name, item(value))
    if parameters:
        row.append("parameters", short if len(short.as_string()) <= LONGEST else long)
    rows, alone = aot(), document()
    rows.append(row)
    alone.append("experiment", rows)
    return dumps(alone)


def _title(model: Row, changed: Mapping[str, Any]) -> str:
    """A title that says what was changed; the author can do better, but is not misled by it."""
    said = [f"{name.replace('_', ' ')} {value}" for name, value in changed.items() if name not in OF_A_ROW]
    return f"{model['title']}, but {', '.join(said)}"[:200] if said else f"{model['title']}, again"[:200]
