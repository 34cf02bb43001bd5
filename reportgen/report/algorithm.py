"""The chapter on the learning algorithm: only what the records really used, with their values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from reportgen import language
from reportgen.analysis.metrics import results_of
from reportgen.calls.signatures import find
from reportgen.records import Record
from reportgen.report.algorithm_parts import (
    Own,
    Part,
    argument_table,
    defined,
    printed,
    said,
    used_by,
    usual_arguments,
    usual_words,
)
from reportgen.report.arguments import OUTSIDE
from reportgen.report.learning_parts import callbacks_part, penalty_parts, rate_parts
from reportgen.report.loss_parts import (
    loss_part,
    loss_title,
    probabilities_by,
    sigmoid_part,
    softmax_part,
)
from reportgen.report.losses import loss_name
from reportgen.report.optimizers import rule
from reportgen.report.parts import Numbering, Place
from reportgen.report.rules import Rule
from reportgen.results import Result

Placed = Callable[[str], Place]


def algorithm_parts(
    results: Sequence[Result], chapter: str, anchor: str, numbering: Numbering
) -> tuple[Part, ...]:
    """Return the parts of the chapter.

    Every optimiser, planned learning rates, what watched the trainings, the output layer, every loss in
    the records, penalties.

    Parameters
    ----------
    results : sequence of Result
    chapter : str
        Number of the chapter.
    anchor : str
        Anchor of the chapter; the parts' own are derived from it.
    numbering : Numbering
    """
    pairs = results_of(results)
    everything = [result for result, _ in pairs]
    made: list[Part] = []

    def place(title: str) -> Place:
        number = len(made) + 1
        return Place(f"{chapter}.{number}", title, f"{anchor}:{number}")

    for found, group in _by_rule(pairs):
        made.append(_optimizer(place(said(found.title)), found, group, everything, numbering))
    for part in rate_parts(pairs, everything, place, numbering):
        made.append(part)
    for part in callbacks_part(pairs, everything, place, numbering):
        made.append(part)
    makers = {"softmax": softmax_part, "sigmoid": sigmoid_part}
    titles = {"softmax": language.text("Softmax"), "sigmoid": language.text("Sigmoid outputs")}
    for name, maker in makers.items():
        own = [pair for pair in pairs if probabilities_by(pair[1]) == name]
        if own:
            made.append(maker(place(titles[name]), own, everything, numbering))
    for name, group in _grouped((loss_name(record.loss), (result, record)) for result, record in pairs):
        made.append(loss_part(place(loss_title(name)), name, group, everything, numbering))
    for part in penalty_parts(pairs, everything, place, numbering):
        made.append(part)
    return tuple(made)


def _by_rule(pairs: Own) -> list[tuple[Rule, list[tuple[Result, Record]]]]:
    """Group rows by optimiser and by the form of its equations."""
    rules: dict[tuple[str, str, tuple[str, ...]], tuple[Rule, list[tuple[Result, Record]]]] = {}
    for result, record in pairs:
        name = str(record.optimizer["name"])
        found = rule(name, record.optimizer["settings"])
        key = (name, found.title, tuple(line.equation for line in found.lines))
        rules.setdefault(key, (found, []))[1].append((result, record))
    return list(rules.values())


def _grouped(
    pairs: Iterable[tuple[str, tuple[Result, Record]]],
) -> list[tuple[str, list[tuple[Result, Record]]]]:
    groups: dict[str, list[tuple[Result, Record]]] = {}
    for name, pair in pairs:
        groups.setdefault(name, []).append(pair)
    return list(groups.items())


def _optimizer(
    place: Place, found: Rule, group: Own, everything: Sequence[Result], numbering: Numbering
) -> Part:
    lines = tuple((said(line.lead), numbering.equation(line.equation)) for line in found.lines)
    settings = [(result, _learning_rate_read(record)) for result, record in group]
    symbols = dict(found.symbols) if found.lines else {}
    signature = find(("optimizers",), str(group[0][1].optimizer["name"]))
    defaults = {} if signature is None else signature.defaults
    usual = usual_arguments(settings, {"learning_rate", *symbols}, defaults)
    table, arguments = argument_table(settings, everything, symbols, found.meanings, numbering, usual)
    without = language.text(
        "No equation is prepared for this optimiser with these settings; its arguments are below."
    )
    return Part(
        place,
        said(found.idea),
        lines,
        defined(found.definitions),
        used_by(group, everything),
        table,
        arguments,
        _outside(group) if lines else without,
        _source(found, group) if lines else "",
        usual=usual_words(usual),
    )


def _source(found: Rule, group: Own) -> str:
    """Where the equations come from: Keras's own code, and the publication."""
    versions = dict.fromkeys(str(record.environment.get("keras", "")) for _, record in group)
    keras = language.listed([f"Keras {version}".strip() for version in versions])
    if not found.source:
        return language.text("In the form that {keras} computes.", keras=keras)
    return language.text(
        "In the form that {keras} computes. Source: {source}.", keras=keras, source=found.source
    )


def _learning_rate_read(record: Record) -> Mapping[str, Any]:
    """The optimiser's settings; a learning rate that changed is read from the history."""
    settings = dict(record.optimizer["settings"])
    rates = record.history.get("learning_rate")
    if rates is None or not len(rates) or float(rates.min()) == float(rates.max()):
        return settings
    ends = {"first": printed(float(rates[0])), "last": printed(float(rates[-1]))}
    given = settings.get("learning_rate")
    settings["learning_rate"] = (
        language.text("{schedule}: {first} at first, {last} at last", schedule=printed(given), **ends)
        if isinstance(given, Mapping)
        else language.text("{first} at first, {last} at last", **ends)
    )
    return settings


def _outside(group: Own) -> str:
    names = [
        name
        for name in OUTSIDE
        if any(record.optimizer["settings"].get(name) not in (None, False, 0) for _, record in group)
    ]
    if not names:
        return ""
    return language.text("Beyond the equations, the step is also changed by {names}.", names=", ".join(names))
