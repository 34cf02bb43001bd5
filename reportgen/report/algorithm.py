"""The chapter on the learning algorithm: only what the records really used, with their values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reportgen import language
from reportgen.analysis import lists, numbers
from reportgen.analysis.metrics import results_of
from reportgen.records import Record
from reportgen.report.optimizers import CROSS_ENTROPY, IGNORED, LOSSES, MEANINGS, OUTSIDE, Rule, rule
from reportgen.report.parts import Definition, Equation, Numbering, Place
from reportgen.results import Result


@dataclass(frozen=True)
class Argument:
    """One argument: its name, its symbol's equation file or empty, its value, what it does."""

    name: str
    symbol: str
    value: str
    meaning: str


@dataclass(frozen=True)
class Part:
    """An optimiser, the output layer or a loss, as the chapter shows it.

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
    """

    place: Place
    idea: str
    lines: tuple[tuple[str, Equation], ...]
    definitions: tuple[Definition, ...]
    used_by: str
    table: int = 0
    arguments: tuple[Argument, ...] = ()
    remark: str = ""


def algorithm_parts(
    results: Sequence[Result], chapter: str, anchor: str, numbering: Numbering
) -> tuple[Part, ...]:
    """Return the parts of the chapter: every optimiser, the softmax, every loss in the records.

    Parameters
    ----------
    results : sequence of Result
    chapter : str
        Number of the chapter.
    anchor : str
        Anchor of the chapter; the parts' own are derived from it.
    numbering : Numbering
    """
    records = [record for _, record in results_of(results)]
    made: list[Part] = []

    def place(title: str) -> Place:
        number = len(made) + 1
        return Place(f"{chapter}.{number}", title, f"{anchor}:{number}")

    for found, group in _by_rule(records):
        made.append(_optimizer(place(_said(found.title)), found, group, len(records), numbering))
    softmax = [record for record in records if _output_activation(record) == "softmax"]
    if softmax:
        made.append(_softmax(place(language.text("Softmax")), softmax, len(records), numbering))
    for name, group in _grouped((str(record.loss["name"]), record) for record in records):
        made.append(_loss(place(_loss_title(name)), name, group, len(records), numbering))
    return tuple(made)


def _by_rule(records: Sequence[Record]) -> list[tuple[Rule, list[Record]]]:
    """Group records by optimiser and by the form of its equations."""
    rules: dict[tuple[str, str, tuple[str, ...]], tuple[Rule, list[Record]]] = {}
    for record in records:
        name = str(record.optimizer["name"])
        found = rule(name, record.optimizer["settings"])
        key = (name, found.title, tuple(line.equation for line in found.lines))
        rules.setdefault(key, (found, []))[1].append(record)
    return list(rules.values())


def _grouped(pairs: Iterable[tuple[str, Record]]) -> list[tuple[str, list[Record]]]:
    groups: dict[str, list[Record]] = {}
    for name, record in pairs:
        groups.setdefault(name, []).append(record)
    return list(groups.items())


def _said(message: str) -> str:
    """A text of the list of optimisers in the report's language; a name that is none of it stays."""
    return language.text(message) if message else ""


def _defined(definitions: Iterable[Definition]) -> tuple[Definition, ...]:
    return tuple(replace(item, meaning=_said(item.meaning)) for item in definitions)


def _optimizer(place: Place, found: Rule, group: Sequence[Record], total: int, numbering: Numbering) -> Part:
    lines = tuple((_said(line.lead), numbering.equation(line.equation)) for line in found.lines)
    arguments = _arguments(
        [_learning_rate_read(record) for record in group], dict(found.symbols) if found.lines else {}
    )
    numbering.tables += 1
    without = language.text(
        "No equation is prepared for this optimiser with these settings; its arguments are below."
    )
    return Part(
        place,
        _said(found.idea),
        lines,
        _defined(found.definitions),
        _used_by(len(group), total),
        numbering.tables,
        arguments,
        _outside(group) if lines else without,
    )


def _softmax(place: Place, group: Sequence[Record], total: int, numbering: Numbering) -> Part:
    classes = sorted({len(record.data.class_names) for record in group})
    definitions = (
        Definition(
            "symbol-z-c",
            language.text("the score of class c: the weighted sum plus the bias that reaches output c"),
        ),
        Definition("symbol-y-hat-c", language.text("the probability the model gives to class c")),
        Definition(
            "symbol-capital-c",
            language.text(
                "the number of classes, here {classes}",
                classes=lists.either([numbers.thousands(count) for count in classes]),
            ),
        ),
    )
    lead = language.text("The output layer turns its scores into probabilities that sum to one:")
    lines = ((lead, numbering.equation("softmax")),)
    return Part(place, "", lines, definitions, _used_by(len(group), total))


def _loss(place: Place, name: str, group: Sequence[Record], total: int, numbering: Numbering) -> Part:
    smoothed = any(record.loss["settings"].get("label_smoothing") for record in group)
    symbols = {"label_smoothing": "symbol-alpha"} if smoothed and name in CROSS_ENTROPY else {}
    arguments = _arguments([record.loss["settings"] for record in group], symbols)
    table = 0
    if arguments:
        numbering.tables += 1
        table = numbering.tables
    used_by, found = _used_by(len(group), total), LOSSES.get(name)
    if found is None or (smoothed and not symbols):
        remark = language.text("No equation is prepared for this loss with these settings.")
        return Part(place, "", (), (), used_by, table, arguments, remark)
    definitions = (
        Definition("symbol-capital-n", language.text("the number of items in the batch")),
        Definition("symbol-y-i-c", language.text("1 where item i is of class c, and 0 elsewhere")),
        Definition(
            "symbol-y-hat-i-c", language.text("the probability the model gives to class c for item i")
        ),
    )
    lines = [(language.text("It is computed as"), numbering.equation(found.equation))]
    if smoothed:
        lead = language.text("after a part of each label has been spread over all classes:")
        lines.append((lead, numbering.equation("label-smoothing")))
    return Part(place, _said(found.idea), tuple(lines), definitions, used_by, table, arguments)


def _learning_rate_read(record: Record) -> dict[str, Any]:
    """The optimiser's settings; a learning rate that changed is read from the history."""
    settings = dict(record.optimizer["settings"])
    rates = record.history.get("learning_rate")
    if rates is not None and len(rates) and float(rates.min()) != float(rates.max()):
        settings["learning_rate"] = language.text(
            "{first} at first, {last} at last",
            first=_printed(float(rates[0])),
            last=_printed(float(rates[-1])),
        )
    return settings


def _arguments(group: Sequence[Mapping[str, Any]], symbols: Mapping[str, str]) -> tuple[Argument, ...]:
    names = dict.fromkeys(name for settings in group for name in settings if name not in IGNORED)
    ordered = sorted(names, key=lambda name: (name not in symbols, _known(name)))
    return tuple(
        Argument(
            name, symbols.get(name, ""), _values([s.get(name) for s in group]), _said(MEANINGS.get(name, ""))
        )
        for name in ordered
    )


def _known(name: str) -> int:
    """Place of an argument in the list of meanings: the optimiser's own before those all share."""
    return list(MEANINGS).index(name) if name in MEANINGS else len(MEANINGS)


def _values(values: Sequence[Any]) -> str:
    """One value, or each with the number of experiments that have it."""
    counts = Counter(_printed(value) for value in values)
    if len(counts) == 1:
        return next(iter(counts))
    return lists.clauses(
        language.plural(
            "{value} in {n} experiment",
            "{value} in {n} experiments",
            count,
            value=text,
            n=numbers.thousands(count),
        )
        for text, count in counts.most_common()
    )


def _printed(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value.get("class_name", language.text("a schedule")))
    if isinstance(value, float):
        # Keras keeps it as float32: 0.0010000000474974513 was given as 0.001.
        return numbers.plain(float(f"{value:.7g}"))
    return numbers.plain(value)


def _outside(group: Sequence[Record]) -> str:
    names = [
        name
        for name in OUTSIDE
        if any(record.optimizer["settings"].get(name) not in (None, False, 0) for record in group)
    ]
    if not names:
        return ""
    return language.text("Beyond the equations, the step is also changed by {names}.", names=", ".join(names))


def _used_by(count: int, total: int) -> str:
    if count == total:
        return language.plural(
            "Used by the one experiment.",
            "Used by all {n} experiments.",
            total,
            n=numbers.thousands(total),
        )
    return language.plural(
        "Used by {n} of {total} experiments.",
        "Used by {n} of {total} experiments.",
        count,
        n=numbers.thousands(count),
        total=numbers.thousands(total),
    )


def _output_activation(record: Record) -> str:
    with_outputs = [layer for layer in record.layers if layer.class_name != "Dropout"]
    last = with_outputs[-1] if with_outputs else None
    if last is None:
        return ""
    return "softmax" if last.class_name == "Softmax" else str(last.settings.get("activation", ""))


def _loss_title(name: str) -> str:
    return _said(LOSSES[name].title) if name in LOSSES else name
