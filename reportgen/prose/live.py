"""Live numbers: the authors' templates, filled with what the records say.

A filled number is not yet text: a mark stands in its place until the Markdown around it has become HTML,
so that nothing it holds, such as a title, can be taken for Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from reportgen.prose.names import Scope
from reportgen.prose.pieces import shield
from reportgen.prose.sandbox import Printer, sandbox
from reportgen.prose.template import has_template, template_faults
from reportgen.prose.values import NoResult, Value, Values

_PRIVATE = re.compile("[\ue000-\ue00f]")
_MARK = re.compile("\ue002(\\d+)\ue003")


@dataclass(frozen=True)
class LiveNumber:
    """A number that was filled in.

    Parameters
    ----------
    text : str
        As it is printed.
    source : str
        Such as ``raw-250.test_accuracy``; several are joined by blanks.
    value : int, float, str, bool or None
        None where there is no result.
    runs : tuple of str
        Keys of the runs it was computed from.
    line : int
        Line of the text it stands on, from 1.
    """

    text: str
    source: str
    value: int | float | str | bool | None
    runs: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Filled:
    """A text whose live numbers are known.

    Parameters
    ----------
    text : str
        With a mark in the place of each number.
    numbers : tuple of LiveNumber
    """

    text: str
    numbers: tuple[LiveNumber, ...] = ()

    @property
    def plain(self) -> str:
        """The text with its numbers put in."""
        return with_numbers(self.text, lambda place: self.numbers[place].text)


def with_numbers(text: str, put: Callable[[int], str]) -> str:
    """Replace the marks in a text; `put` is given the place of a number."""
    return _MARK.sub(lambda found: put(int(found[1])), text)


def fill(text: str, values: Values, scope: Scope) -> Filled:
    """Fill in the live numbers of a text.

    Parameters
    ----------
    text : str
        Markdown of the authors, with or without ``{{ ... }}``.
    values : Values
    scope : Scope
        Where the text stands.

    Raises
    ------
    ValueError
        The template is not one that `template_faults` lets through.
    """
    text = _PRIVATE.sub("\ufffd", text)
    if not has_template(text):
        return Filled(text)
    if faults := template_faults(text, values.names, scope):
        raise ValueError(f"a template that was not checked: {faults[0].message}")
    shielded, restore = shield(text)
    printer = Printer()
    made = sandbox(values, scope, printer).from_string(shielded).render()
    found: list[LiveNumber] = []

    def numbered(match: re.Match[str]) -> str:
        # Numbers are counted in their order in the text, whatever order they were computed in.
        text, value = printer.kept[int(match[1])]
        line = made.count("\n", 0, match.start()) + 1
        found.append(_live(text, value, line))
        return f"\ue002{len(found) - 1}\ue003"

    return Filled(restore(_MARK.sub(numbered, made)), tuple(found))


def _live(text: str, value: Value, line: int) -> LiveNumber:
    if isinstance(value, NoResult):
        return LiveNumber(text, value.source, None, (), line)
    return LiveNumber(text, value.source, value.value, value.runs, line)
