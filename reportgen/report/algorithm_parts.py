"""A part of the chapter on the learning algorithm: equations, symbols, arguments with their values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reportgen import language
from reportgen.analysis import lists, numbers
from reportgen.analysis.which import FEW, which
from reportgen.records import Record
from reportgen.report.arguments import IGNORED, MEANINGS
from reportgen.report.parts import Definition, Equation, NumberedTable, Numbering, Place
from reportgen.results import Result

Own = Sequence[tuple[Result, Record]]
"""Rows, each with its first record."""


@dataclass(frozen=True)
class Argument:
    """One argument: its name, its symbol's equation file or empty, its value, what it does."""

    name: str
    symbol: str
    value: str
    meaning: str


@dataclass(frozen=True)
class Part:
    """An optimiser, the output layer, a loss or another piece of the algorithm, as the chapter shows it.

    Parameters
    ----------
    place : Place
    idea : str
    lines : tuple of (str, Equation)
        A sentence and the equation it leads to.
    definitions : tuple of Definition
    used_by : str
    table : int
        Number of the table of arguments, or 0.
    arguments : tuple of Argument
    remark : str
        What the equations leave out, or that there is none.
    source : str
        Where the equations come from.
    tables : tuple of NumberedTable
        What else there is, such as the rate of every epoch.
    name : str
        What the arguments are of, where that is not the title.
    usual : str
        Says which arguments have Keras's own value and no line.
    """

    place: Place
    idea: str
    lines: tuple[tuple[str, Equation], ...]
    definitions: tuple[Definition, ...]
    used_by: str
    table: int = 0
    arguments: tuple[Argument, ...] = ()
    remark: str = ""
    source: str = ""
    tables: tuple[NumberedTable, ...] = ()
    name: str = ""
    usual: str = ""

    @property
    def caption(self) -> str:
        """What stands over the table of arguments."""
        if self.name:
            return language.text("Arguments of {name}, as the row gives them.", name=self.name)
        return language.text("Arguments of {name}, as Keras reported them.", name=self.place.title)


def said(message: str) -> str:
    """Return a text of the lists of rules in the report's language; a name that is none of it stays."""
    return language.text(message) if message else ""


def defined(definitions: Iterable[Definition]) -> tuple[Definition, ...]:
    """Return symbols with their meanings in the report's language."""
    return tuple(replace(item, meaning=said(item.meaning)) for item in definitions)


def used_by(group: Own, everything: Sequence[Result]) -> str:
    """Return the sentence that says which rows have something."""
    if len(group) == len(everything):
        return language.plural(
            "Used by the one experiment.",
            "Used by all {n} experiments.",
            len(everything),
            n=numbers.thousands(len(everything)),
        )
    counted = language.plural(
        "Used by {n} of {total} experiments.",
        "Used by {n} of {total} experiments.",
        len(group),
        n=numbers.thousands(len(group)),
        total=numbers.thousands(len(everything)),
    )
    if len(group) > FEW:
        return counted
    return f"{counted[:-1]}: {which([result for result, _ in group], everything)}."


def argument_table(
    group: Sequence[tuple[Result, Mapping[str, Any]]],
    everything: Sequence[Result],
    symbols: Mapping[str, str],
    meanings: Mapping[str, str],
    numbering: Numbering,
    usual: Collection[str] = (),
) -> tuple[int, tuple[Argument, ...]]:
    """Return the number of the table of arguments, and its lines; 0 where there are none.

    Parameters
    ----------
    group : sequence of (Result, mapping)
        Rows with the settings that Keras reported of each.
    everything : sequence of Result
        Every row of the report with a result.
    symbols : mapping of str to str
        Equation file of an argument's symbol.
    meanings : mapping of str to str
        What an argument does here, where that is not what it does elsewhere.
    numbering : Numbering
    usual : collection of str
        Arguments that have no line; see `usual_arguments`.
    """
    names = dict.fromkeys(
        name for _, settings in group for name in settings if name not in IGNORED and name not in usual
    )
    if not names:
        return 0, ()
    numbering.tables += 1
    known = {**MEANINGS, **meanings}
    order = list(known)
    ordered = sorted(
        names, key=lambda name: (name not in symbols, order.index(name) if name in known else len(order))
    )
    return numbering.tables, tuple(
        Argument(
            name,
            symbols.get(name, ""),
            _values([(result, settings.get(name)) for result, settings in group], everything),
            said(known.get(name, "")),
        )
        for name in ordered
    )


def usual_arguments(
    group: Sequence[tuple[Result, Mapping[str, Any]]], told: Collection[str], defaults: Mapping[str, Any]
) -> tuple[str, ...]:
    """Return the arguments that every row has left as Keras gives them, in Keras's order.

    Parameters
    ----------
    group : sequence of (Result, mapping)
        As in `argument_table`.
    told : collection of str
        Arguments that are to have a line whatever their value is, as those of the equations.
    defaults : mapping of str to value
        What Keras gives each argument.
    """
    return tuple(
        name
        for name, value in defaults.items()
        if name not in IGNORED
        and name not in told
        and any(name in settings for _, settings in group)
        and all(printed(settings.get(name, value)) == printed(value) for _, settings in group)
    )


def usual_words(names: Sequence[str]) -> str:
    """Return the sentence on arguments that have no line; empty without any."""
    if not names:
        return ""
    return language.plural(
        "The argument {names} has the value that Keras gives it.",
        "The {n} arguments {names} have the values that Keras gives them.",
        len(names),
        n=numbers.thousands(len(names)),
        names=language.listed(list(names)),
    )


def _values(values: Sequence[tuple[Result, Any]], everything: Sequence[Result]) -> str:
    """One value, or each with the experiments that have it: by title where they are very few."""
    groups: dict[str, list[Result]] = {}
    for result, value in values:
        groups.setdefault(printed(value), []).append(result)
    if len(groups) == 1:
        return next(iter(groups))
    most = sorted(groups.items(), key=lambda item: -len(item[1]))
    return lists.clauses(_value(text, rows, everything) for text, rows in most)


def _value(text: str, rows: Sequence[Result], everything: Sequence[Result]) -> str:
    if len(rows) < FEW and len(everything) > FEW:
        return language.text("{value} in {rows}", value=text, rows=which(rows, everything))
    return language.plural(
        "{value} in {n} experiment",
        "{value} in {n} experiments",
        len(rows),
        value=text,
        n=numbers.thousands(len(rows)),
    )


def printed(value: Any) -> str:
    """Return the value of an argument as it was given."""
    if isinstance(value, Mapping):
        if "class_name" in value:
            return str(value["class_name"])
        return "; ".join(
            language.text("{epochs}: {rate}", epochs=printed(key), rate=printed(one))
            for key, one in value.items()
        )
    if isinstance(value, (list, tuple)):
        return lists.series([printed(one) for one in value]) or numbers.plain(None)
    if isinstance(value, float):
        # Keras keeps it as float32: 0.0010000000474974513 was given as 0.001.
        return numbers.plain(float(f"{value:.7g}"))
    return numbers.plain(value)
