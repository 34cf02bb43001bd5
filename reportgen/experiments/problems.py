"""Faults that the schema finds, in plain words, each with its line."""

from __future__ import annotations

import re
import types
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from reportgen.errors import Problem
from reportgen.experiments.lines import Lines, Path
from reportgen.experiments.schema import ExperimentsFile
from reportgen.experiments.words import MANY, describe, listed, nearest, quoted, suggestion

_KINDS = {
    "string_type": "a text in quotes",
    "int_type": "an integer",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
    "date_type": "a date such as 2026-11-20, without quotes",
    "date_from_datetime_inexact": "a date such as 2026-11-20, without a time",
    "finite_number": "a finite number",
    "space": "a list of values, or a range",
}
_PATTERNS = {
    "id": "small letters, digits, '.', '_' and '-', at most 64, the first a letter or digit, the last no '.'",
    "section": "the id of a section",
    "notebook": "the name of a notebook, without .ipynb",
    "time_limit": 'a duration such as "90s", "30min" or "2h"',
    "from": '"best:" and the id of a sweep or a search',
}

_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})

_LONGEST_OF_STAGES = 40
"""Signs of a stage's id: its rows are called by it and by what they try."""

_MOST = 1_000
"""Faults that are put into words: more than anyone reads, few enough for any file."""

_FIRST_LINES = 'begin the file with [report] and a line title = "..."'

Misplaced = Callable[[Path], str]


def schema_problems(
    raw: Mapping[str, Any], file: str, lines: Lines, misplaced: Misplaced = lambda _: ""
) -> list[Problem]:
    """Check a file's tables against the schema.

    Parameters
    ----------
    raw : mapping
        What `tomllib` read.
    file : str
        The file as the user named it.
    lines : Lines
    misplaced : callable
        Given the path of an unknown key, says where it belongs, or an empty string.
    """
    try:
        ExperimentsFile.model_validate(raw)
    except ValidationError as error:
        found = _of_one_space(error.errors(include_url=False)[:_MOST], raw)
        return [_problem(each, raw, file, lines, misplaced) for each in found]
    return []


def _of_one_space(errors: Sequence[Any], raw: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Errors of which those are left out that a search's range has for not being a list, and the reverse."""
    kept = []
    for error in errors:
        path: Path = error["loc"]
        if path[:1] != ("search",) or len(path) < 5 or path[2] != "space":
            kept.append(error)
            continue
        space = raw["search"][path[1]]["space"][path[3]]
        if not isinstance(space, list | dict):
            error = {**error, "type": "space", "loc": path[:4]}
        elif isinstance(space, dict) != (path[4] == "Range"):
            continue
        elif path[5:6] in (("low",), ("high",)) and error["type"] != "missing":
            kind = "finite_number" if isinstance(error["input"], float) else "float_type"
            error = {**error, "type": kind, "loc": (*path[:4], path[5])}
        else:
            error = {**error, "loc": (*path[:4], *path[5:])}
        if not any(each["loc"] == error["loc"] for each in kept):
            kept.append(error)
    return kept


def _problem(
    error: Mapping[str, Any], raw: Mapping[str, Any], file: str, lines: Lines, misplaced: Misplaced
) -> Problem:
    path: Path = error["loc"]
    where, name = subject(path[:-1], raw), str(path[-1])
    line = lines.line(path)
    match error["type"]:
        case "extra_forbidden":
            remedy = misplaced(path) or suggestion(name, known_keys(path[:-1]))
            return Problem(file, line, "unknown-key", f'{where}: there is no key "{name}"', remedy)
        case "missing":
            needed = f"it needs: {listed(required_keys(path[:-1]))}" if len(path) > 1 else _FIRST_LINES
            return Problem(file, line, "missing-key", f"{where}: {name} is missing", needed)
        case "literal_error":
            return _unknown_choice(error, file, line, f"{where}: {_named(path)}")
        case kind if kind in _KINDS:
            found = describe(error["input"])
            message = f"{where}: {_named(path)} must be {_KINDS[kind]}, found {found}"
            return Problem(file, line, "wrong-type", message, _repair(path, error))
        case _:
            return Problem(
                file,
                line,
                "bad-value",
                f"{where}: {_named(path)} {_bound(path, error)}",
                _proposal(path, error),
            )


def _named(path: Path) -> str:
    last = path[-1]
    return f"entry {last + 1} of {path[-2]}" if isinstance(last, int) and len(path) > 1 else str(last)


def _unknown_choice(error: Mapping[str, Any], file: str, line: int, what: str) -> Problem:
    choices = [part.strip("'") for part in error["ctx"]["expected"].replace(" or ", ", ").split(", ")]
    found = error["input"]
    allowed = " or ".join(quoted(choice) for choice in choices)
    message = f"{what} must be {allowed}, found {describe(found)}"
    close = nearest(found, choices) if isinstance(found, str) else None
    return Problem(file, line, "bad-value", message, f'did you mean "{close}"?' if close else "")


def _repair(path: Path, error: Mapping[str, Any]) -> str:
    """What the author may have meant by a value of the wrong type."""
    if error["type"] == "list_type" and len(path) == 1 and path[0] in MANY:
        return f"write [[{path[0]}]], with two brackets, above each one"
    if path == ("dataset",) or (path[0] == "dataset" and len(path) == 2):
        return "write [dataset.NAME], with single brackets and a name, above the keys of each one"
    if path == ("report", "authors") and isinstance(error["input"], str):
        return f"write authors = [{{ name = {quoted(error['input'])} }}]"
    if error["type"] == "space":
        return f"write {path[-1]} = [0.1, 0.2], or {path[-1]} = {{ low = 0.1, high = 0.5 }}"
    if error["type"] == "model_type" and isinstance(error["input"], list) and len(path) == 1:
        return f"write [{path[0]}], with single brackets"
    if error["type"] == "int_type" and isinstance(error["input"], float) and error["input"].is_integer():
        return f"an integer has no decimal point: write {error['input']:.0f}"
    return ""


def _proposal(path: Path, error: Mapping[str, Any]) -> str:
    """An id that is allowed, as near as can be to the one that is not."""
    if error["type"] != "string_pattern_mismatch" or path[0] not in MANY or path[-1] != "id":
        return ""
    plain = unicodedata.normalize("NFKD", str(error["input"]).lower().translate(_GERMAN))
    known = "".join(sign for sign in plain if not unicodedata.combining(sign))
    longest = _LONGEST_OF_STAGES if path[0] in ("sweep", "search") and len(path) == 3 else 64
    name = re.sub(r"[^a-z0-9._-]+", "-", known).strip(".-_")[:longest].rstrip(".")
    return f'write "{name}"' if name else ""


def _bound(path: Path, error: Mapping[str, Any]) -> str:
    """The end of the sentence for a value outside its bounds."""
    limits, found = error.get("ctx", {}), describe(error["input"])
    match error["type"]:
        case "string_pattern_mismatch":
            wanted = _wanted(path)
            return f"must be {wanted}; found {found}" if wanted else "must not hold control characters"
        case "string_too_short":
            return "must not be empty"
        case "string_too_long":
            length = len(error["input"])
            return f"must have at most {limits['max_length']} characters, found {length}"
        case "too_long":
            return f"must have at most {limits['max_length']} entries, found {limits['actual_length']}"
        case "too_short":
            return f"must have at least {limits['min_length']} entries, found {limits['actual_length']}"
        case "greater_than":
            return f"must be more than {_plain(limits['gt'])}, found {found}"
        case "less_than":
            return f"must be less than {_plain(limits['lt'])}, found {found}"
        case "greater_than_equal":
            return f"must be at least {_plain(limits['ge'])}, found {found}"
        case "less_than_equal":
            return f"must be at most {_plain(limits['le'])}, found {found}"
    return f"is not allowed: {error['msg']}"


def _wanted(path: Path) -> str | None:
    """What a text must be like; None where anything goes but signs that cannot be printed."""
    if path[0] in ("sweep", "search") and path[2:] == ("id",):
        return _PATTERNS["id"].replace("64", str(_LONGEST_OF_STAGES))
    return _PATTERNS.get(str(path[-1])) if path[:-1] != ("report", "authors") else None


def _plain(bound: float) -> str:
    return str(int(bound)) if bound == int(bound) else str(bound)


def subject(path: Sequence[str | int], raw: Mapping[str, Any]) -> str:
    """Name a table as its author would: ``experiment "cnn-2"``, ``[report]``, ``the file``."""
    if not path:
        return "the file"
    first = str(path[0])
    if len(path) == 1 or not isinstance(path[1], int):
        return f"[{'.'.join(str(part + 1) if isinstance(part, int) else part for part in path)}]"
    table = raw[first][path[1]] if isinstance(raw.get(first), list) else None
    identity = table.get("id") if isinstance(table, dict) else None
    name = f'{first} "{identity}"' if isinstance(identity, str) else f"{first} {path[1] + 1}"
    rest = [str(part + 1) if isinstance(part, int) else part for part in path[2:]]
    return ", ".join([name, *rest])


def known_keys(path: Sequence[str | int]) -> list[str]:
    """Keys that the table at a path may hold."""
    model = _model_at(path)
    return [field.alias or name for name, field in model.model_fields.items()] if model else []


def required_keys(path: Sequence[str | int]) -> list[str]:
    """Keys that the table at a path must hold."""
    model = _model_at(path)
    return [name for name, field in model.model_fields.items() if field.is_required()] if model else []


def _model_at(path: Sequence[str | int]) -> type[BaseModel] | None:
    model: type[BaseModel] = ExperimentsFile
    named = path[:1] == ("dataset",)  # [dataset.NAME]: the second part is a name, not a key
    space = path[:1] == ("search",) and path[2:3] == ("space",)  # and so is what follows it
    for place, part in enumerate(path):
        if isinstance(part, int) or (named and place == 1) or (space and place == 3):
            continue
        inner = _model_in(model.model_fields[part].annotation) if part in model.model_fields else None
        if inner is None:
            return None
        model = inner
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The table that a field holds: itself, in a list or by name, or as an alternative to None."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (list, dict, Annotated, Union, types.UnionType):
        return next((found for each in get_args(annotation) if (found := _model_in(each))), None)
    return None
