"""Words that the command line does not understand, explained as any other problem is."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any

from reportgen.errors import Problem

_NO_COMMAND = re.compile(r"No such command '([^']*)'")
_TOO_MANY = re.compile(r"unexpected extra arguments?(?:\(s\))? \((.*)\)")
_QUOTED = re.compile(r"'([^']*)'")


def explained(error: BaseException, command: str) -> Problem | None:
    """Return what is wrong with the words of a command line; None where an error is not about them.

    Parameters
    ----------
    error : exception
        As the parser of the command line raised it.
    command : str
        The command that was being read; empty for none.
    """
    if not hasattr(error, "format_message"):
        return None
    place = f"reportgen {command}".strip()
    kind, message, near = _said(error)
    help_ = f"`{place} --help` says what it takes"
    return Problem(place, 0, kind, message, f"did you mean {near}? {help_}" if near else help_)


def _said(error: Any) -> tuple[str, str, str]:
    """Code, message and the nearest thing that there is."""
    given, kind = " ".join(str(error.format_message()).split()), type(error).__name__
    context = getattr(error, "ctx", None)
    if kind == "NoSuchOption":
        name = str(error.option_name)
        return "unknown-option", f"there is no option {name}", _nearest(name, _options(context))
    found = _NO_COMMAND.search(given)
    if found:
        names = getattr(getattr(context, "command", None), "commands", {})
        return "unknown-command", f"there is no command {found[1]}", _nearest(found[1], names)
    if kind == "MissingParameter":
        return "missing-argument", f"{_name(error)} is missing", ""
    if kind == "BadParameter":
        value, *choices = _QUOTED.findall(str(error.message)) or [""]
        near = _nearest(value, choices) if "is not one of" in str(error.message) else ""
        return "bad-value", f"{_name(error)}: {_expected(_plain(error.message))}", near
    found = _TOO_MANY.search(given)
    if found:
        return "too-many-arguments", f"one argument too many: {found[1]}", ""
    return "usage", _lower(_plain(given)), ""


def _options(context: Any) -> list[str]:
    parameters = getattr(getattr(context, "command", None), "params", ())
    return [
        name
        for each in parameters
        for name in getattr(each, "opts", ())
        if name.startswith("--") and not getattr(each, "hidden", False)
    ]


def _name(error: Any) -> str:
    """The option or argument that an error is about, as it is typed."""
    parameter = getattr(error, "param", None)
    names = [name for name in getattr(parameter, "opts", ()) if name.startswith("-")]
    if names:
        return str(max(names, key=len))
    named = (getattr(error, "param_hint", None), getattr(parameter, "metavar", None))
    hint = next((each for each in named if each), getattr(parameter, "name", None) or "an argument")
    return str(hint if isinstance(hint, str) else hint[0]).strip("'")


def _nearest(name: str, known: Iterable[str]) -> str:
    names = list(known)
    begun = [each for each in names if each.startswith(name)]
    near = begun or difflib.get_close_matches(name, names, n=1)
    return near[0] if near else ""


def _expected(text: str) -> str:
    """What a value should have been, in fewer words than the parser's."""
    for pattern, words in (
        (r"^value error, ", ""),
        (r"^input should be ", "must be "),
        (r", unable to .*", ""),
    ):
        text = re.sub(pattern, words, text, flags=re.IGNORECASE)
    return _lower(text)


def _plain(text: str) -> str:
    """A message of the parser as the end of a sentence: one line, quotation marks as elsewhere."""
    return _QUOTED.sub(r'"\1"', " ".join(str(text).split())).rstrip(".")


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
