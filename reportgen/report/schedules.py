"""Learning rates that were planned: the formula of each schedule, its values, and the rate of every epoch.

Schedules by epochs are ours (`reportgen.calls.per_epoch`), those by steps Keras's
(`keras/src/optimizers/schedules/learning_rate_schedule.py`); a test compares the formulas with both.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reportgen import language
from reportgen.analysis import numbers
from reportgen.calls.named import bound
from reportgen.records import Record
from reportgen.report.parts import Definition
from reportgen.report.rules import Lines, Rule

MOST_STRETCHES = 7
"""Stretches of one rate that a cell holds; of more, the first ones and the last."""
_AT_THE_END = 2

_EPOCH = Definition("symbol-e", language.message("the number of the epoch, the first one being 1"))
_RATE_OF_EPOCH = Definition("symbol-eta-e", language.message("the learning rate in epoch e"))
_STEP = Definition("symbol-t", language.message("the number of the step, the first one being 0"))
_BY_EPOCH = (_RATE_OF_EPOCH, _EPOCH)
_LEAD = language.message("The learning rate is")
_LOSHCHILOV = "I. Loshchilov and F. Hutter, “SGDR: Stochastic gradient descent with warm restarts”, ICLR 2017"


@dataclass(frozen=True)
class Planned:
    """A schedule of a run: its class, its arguments with their values."""

    name: str
    settings: Mapping[str, Any]


def planned(record: Record) -> Planned | None:
    """Return the schedule that a run followed: by epochs from its parameters, by steps from its optimiser."""
    text = record.parameters.get("schedule")
    if isinstance(text, str) and "(" in text:
        found, faults = bound("schedule", text)
        if not faults and found[0] is not None:
            call = found[0]
            return Planned(call.name, {name: call[name] for name in call.signature.defaults})
    rate = record.optimizer.get("settings", {}).get("learning_rate")
    if isinstance(rate, Mapping) and "class_name" in rate:
        return Planned(str(rate["class_name"]), dict(rate.get("config", {})))
    return None


def schedule_rule(planned: Planned) -> Rule:
    """Return what is known of a schedule with these settings; without lines where nothing is."""
    builder = _BUILDERS.get(planned.name)
    return Rule(planned.name, "") if builder is None else builder(planned.settings)


def _stepwise(settings: Mapping[str, Any]) -> Rule:
    idea = language.message("The learning rate is given for what comes after certain epochs.")
    definitions = (
        *_BY_EPOCH,
        Definition("symbol-r-k", language.message("the rate that is given")),
        Definition("symbol-n-k", language.message("the epoch after which it holds")),
    )
    meanings = {"after": language.message("Epochs, and the rate that holds once they are over.")}
    return Rule("StepwisePerEpoch", idea, (Lines(_LEAD, "rate-stepwise"),), definitions, {}, "", meanings)


def _multiplied(settings: Mapping[str, Any]) -> Rule:
    idea = language.message(
        "After an epoch the current learning rate is multiplied by a factor, and again after each epoch that"
        " follows: the factors compound."
    )
    definitions = (
        *_BY_EPOCH,
        Definition("symbol-f-k", language.message("the factor that is given; 1 before the first one")),
        Definition("symbol-n-k", language.message("the epoch after which it acts, in every epoch")),
    )
    meanings = {
        "after": language.message("Epochs, and the factor by which the rate is multiplied in each later one.")
    }
    return Rule("MultiplyEachEpoch", idea, (Lines(_LEAD, "rate-multiplied"),), definitions, {}, "", meanings)


def _exponential_epoch(settings: Mapping[str, Any]) -> Rule:
    idea = language.message("From a certain epoch on, each epoch has a factor more.")
    definitions = (*_BY_EPOCH, Definition("symbol-eta-1", language.message("the first learning rate")))
    symbols = {"factor": "symbol-f", "after": "symbol-n"}
    meanings = {
        "factor": language.message("Factor from epoch to epoch."),
        "after": language.message("Last epoch with the first rate."),
    }
    lines = (Lines(_LEAD, "rate-exponential-epoch"),)
    return Rule("ExponentialPerEpoch", idea, lines, definitions, symbols, "", meanings)


def _cosine_epoch(settings: Mapping[str, Any]) -> Rule:
    idea = language.message("The learning rate falls along half a cosine, slowly at first and at last.")
    definitions = (*_BY_EPOCH, Definition("symbol-eta-1", language.message("the first learning rate")))
    symbols = {"decay_epochs": "symbol-capital-d", "alpha": "symbol-alpha"}
    meanings = {"decay_epochs": language.message("Epochs of the fall."), "alpha": _LEAST}
    lines = (Lines(_LEAD, "rate-cosine-epoch"),)
    return Rule("CosinePerEpoch", idea, lines, definitions, symbols, _LOSHCHILOV, meanings)


_LEAST = language.message("Part of the first rate that is left at the end.")
_OF_STEP = (Definition("symbol-eta-t", language.message("the learning rate in step t")), _STEP)
_MEANINGS = {
    "initial_learning_rate": language.message("First learning rate."),
    "decay_steps": language.message("Steps of the fall, or of one factor."),
    "first_decay_steps": language.message("Steps of the first fall."),
    "decay_rate": language.message("How much the rate falls in that many steps."),
    "staircase": language.message("Whether the rate falls all at once after that many steps."),
    "alpha": _LEAST,
    "warmup_target": language.message(
        "Rate at the end of the rise that comes first; none: there is no rise."
    ),
    "warmup_steps": language.message("Steps of that rise."),
    "t_mul": language.message("How many times longer each fall is than the one before."),
    "m_mul": language.message("How many times higher each fall begins than the one before."),
    "end_learning_rate": language.message("Last learning rate."),
    "power": language.message("Power; 1 is a straight line."),
    "cycle": language.message("Whether the fall begins again, longer, once it is over."),
    "boundaries": language.message("Steps after which the next value holds."),
    "values": language.message("The learning rates, one more than there are such steps."),
}
_FALL = {"initial_learning_rate": "symbol-eta-0", "decay_steps": "symbol-capital-d"}


def _by_steps(
    name: str, idea: str, equation: str, symbols: Mapping[str, str], source: str = "", *more: Definition
) -> Rule:
    return Rule(
        name, idea, (Lines(_LEAD, equation),), (*_OF_STEP, *more), symbols, source, _MEANINGS
    )  # fmt: skip


def _exponential(settings: Mapping[str, Any]) -> Rule:
    idea = language.message("In a given number of steps the learning rate falls by a factor, ever again.")
    equation = "rate-exponential-staircase" if settings.get("staircase") else "rate-exponential"
    return _by_steps("ExponentialDecay", idea, equation, {**_FALL, "decay_rate": "symbol-r"})


def _inverse_time(settings: Mapping[str, Any]) -> Rule:
    idea = language.message("The learning rate is divided by a number that grows with the steps.")
    equation = "rate-inverse-time-staircase" if settings.get("staircase") else "rate-inverse-time"
    return _by_steps("InverseTimeDecay", idea, equation, {**_FALL, "decay_rate": "symbol-r"})


def _piecewise(settings: Mapping[str, Any]) -> Rule:
    idea = language.message("The learning rate is given for each stretch of steps.")
    symbols = {"boundaries": "symbol-b-k", "values": "symbol-v-k"}
    return _by_steps("PiecewiseConstantDecay", idea, "rate-piecewise", symbols)


def _polynomial(settings: Mapping[str, Any]) -> Rule:
    idea = language.message("The learning rate falls from one value to another along a power of the steps.")
    symbols = {**_FALL, "end_learning_rate": "symbol-eta-end", "power": "symbol-p"}
    if settings.get("cycle"):
        return Rule("PolynomialDecay", idea, (), _OF_STEP, symbols, "", _MEANINGS)
    return _by_steps("PolynomialDecay", idea, "rate-polynomial", symbols)


def _cosine(settings: Mapping[str, Any]) -> Rule:
    symbols = {**_FALL, "alpha": "symbol-alpha"}
    if settings.get("warmup_target") is None:
        idea = language.message("The learning rate falls along half a cosine, slowly at first and at last.")
        return _by_steps("CosineDecay", idea, "rate-cosine", symbols, _LOSHCHILOV)
    idea = language.message("The learning rate rises in a straight line, then falls along half a cosine.")
    symbols |= {"warmup_target": "symbol-eta-w", "warmup_steps": "symbol-capital-w"}
    return _by_steps("CosineDecay", idea, "rate-cosine-warm-up", symbols, _LOSHCHILOV)


def _restarts(settings: Mapping[str, Any]) -> Rule:
    idea = language.message("The learning rate falls along half a cosine, and again from the start, longer.")
    symbols = {
        "initial_learning_rate": "symbol-eta-0",
        "first_decay_steps": "symbol-capital-d",
        "t_mul": "symbol-q",
        "m_mul": "symbol-m",
        "alpha": "symbol-alpha",
    }
    falls = Definition("symbol-k", language.message("the number of the fall, from 0"))
    began = Definition("symbol-capital-t-k", language.message("the step that it begins with"))
    return _by_steps("CosineDecayRestarts", idea, "rate-cosine-restarts", symbols, _LOSHCHILOV, falls, began)


_BUILDERS: Mapping[str, Callable[[Mapping[str, Any]], Rule]] = {
    "StepwisePerEpoch": _stepwise,
    "MultiplyEachEpoch": _multiplied,
    "ExponentialPerEpoch": _exponential_epoch,
    "CosinePerEpoch": _cosine_epoch,
    "ExponentialDecay": _exponential,
    "InverseTimeDecay": _inverse_time,
    "PiecewiseConstantDecay": _piecewise,
    "PolynomialDecay": _polynomial,
    "CosineDecay": _cosine,
    "CosineDecayRestarts": _restarts,
}
"""By the name of the class."""


def stretches(rates: Sequence[float]) -> list[tuple[int, int, float]]:
    """Return the epochs, from 1, that share a rate: first, last, rate."""
    found: list[tuple[int, int, float]] = []
    for epoch, rate in enumerate(map(float, rates), 1):
        if found and math.isclose(found[-1][2], rate, rel_tol=1e-6):
            found[-1] = (found[-1][0], epoch, found[-1][2])
        else:
            found.append((epoch, epoch, rate))
    return found


def rates_words(rates: Sequence[float]) -> str:
    """Return the rate of every epoch: ``1–11: 0.001; 12: 0.0001``; in the middle of many an ellipsis."""
    found = stretches(rates)
    said = [
        language.text("{epochs}: {rate}", epochs=_span(first, last), rate=numbers.plain(float(f"{rate:.3g}")))
        for first, last, rate in found
    ]
    if len(said) <= MOST_STRETCHES:
        return "; ".join(said)
    first = MOST_STRETCHES - _AT_THE_END - 1
    return "; ".join([*said[:first], "…", *said[-_AT_THE_END:]])


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"
