"""Trials in words: their settings and their measure, as sentences, tables and figures print them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportgen import language
from reportgen.analysis import lists, numbers
from reportgen.analysis.dimensions import named, printed
from reportgen.analysis.trials import Searched, Trial
from reportgen.experiments.stages import Axis


def within(axis: Axis) -> str:
    """The name of an axis within a sentence."""
    name = named(axis.name)
    return name[:1].lower() + name[1:]


def settings(found: Searched, trial: Trial) -> str:
    """What a trial sets: ``hidden units = [64, 64]; dropout = 0.2``."""
    return lists.clauses(
        f"{within(axis)}{numbers.NO_BREAK_SPACE}={numbers.NO_BREAK_SPACE}{_closed(trial.values[axis.name])}"
        for axis in found.axes
        if axis.name in trial.values
    )


def space(axis: Axis) -> str:
    """What an axis may be: ``dropout (0.0; 0.2)``, ``rate (0.0001 to 0.1, by its logarithm)``."""
    if axis.low is None or axis.high is None:
        values = lists.clauses(map(_closed, axis.values))
        return language.text("{name} ({values})", name=within(axis), values=values)
    ends = {"low": printed(axis.low), "high": printed(axis.high)}
    if axis.log:
        return language.text("{name} ({low} to {high}, by its logarithm)", name=within(axis), **ends)
    return language.text("{name} ({low} to {high})", name=within(axis), **ends)


def _closed(value: Any) -> str:
    """A value among others: a list of several in brackets, or nobody sees where it ends."""
    several = isinstance(value, (list, tuple)) and len(value) > 1
    return f"[{printed(value)}]" if several else printed(value)


def measure_name(found: Searched) -> str:
    """What the search makes best, within a sentence."""
    return language.text("validation loss") if found.by_loss else language.text("validation accuracy")


def measure_head(found: Searched) -> str:
    """What the search makes best, over an axis."""
    return language.text("Validation loss") if found.by_loss else language.text("Validation accuracy, %")


def measured(found: Searched, value: float | None) -> str:
    """A measure with its unit: ``98.31 %``, ``0.064``."""
    if value is None:
        return numbers.MISSING
    return numbers.loss(value) if found.by_loss else numbers.percentage(value)


def apart(found: Searched, value: float) -> str:
    """A difference of two measures, or the error of one, without its sign: ``0.31 points``, ``0.012``."""
    if found.by_loss:
        return numbers.spread(abs(value), 3)
    return numbers.in_points(abs(value), signed=False)


def trials(n: int) -> str:
    """``1 trial``, ``24 trials``."""
    return language.plural("{n} trial", "{n} trials", n, n=numbers.thousands(n)).replace(
        " ", numbers.NO_BREAK_SPACE
    )


def spans(axis: Axis, chosen: Sequence[Trial]) -> str:
    """What some trials have on an axis: ``dropout 0.2 in 3 of 5``, ``rate 0.001 to 0.004``."""
    values = [trial.values[axis.name] for trial in chosen]
    if axis.low is not None:
        ends = (printed(min(values)), printed(max(values)))
        text = ends[0] if ends[0] == ends[1] else lists.between(*ends)
        return language.text("{name} {values}", name=within(axis), values=text)
    most, count = _most(values)
    return language.text(
        "{name} {value} in {n} of {of}",
        name=within(axis),
        value=_closed(most),
        n=numbers.thousands(count),
        of=numbers.thousands(len(values)),
    )


def _most(values: Sequence[Any]) -> tuple[Any, int]:
    """The commonest value, the first of several, and how often it is there."""
    counts = [values.count(value) for value in values]
    return values[counts.index(max(counts))], max(counts)
