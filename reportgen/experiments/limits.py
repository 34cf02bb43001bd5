"""What a parameter of a known name may be: ranges, and Keras's names.

A list is checked entry by entry.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from reportgen.calls.keras_names import ACTIVATIONS, LOSSES, OPTIMISERS
from reportgen.experiments.words import describe, nearest

LARGEST_MATRIX = 10**9
"""Most weights between two neighbouring layers: 4 GB of them in single precision."""


@dataclass(frozen=True)
class Range:
    """Numbers from `low` to `high`; an open end is not itself allowed."""

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False

    def fault(self, value: Any) -> str | None:
        """Say why `value` lies outside, or return None; only numbers can."""
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return None
        below = value <= self.low if self.low_open else value < self.low
        above = value >= self.high if self.high_open else value > self.high
        return f"expected {self}, found {describe(value)}" if below or above else None

    def __str__(self) -> str:
        low = f"more than {self.low:g}" if self.low_open else f"at least {self.low:g}"
        bound = f"{self.high:,}".replace(",", " ") if isinstance(self.high, int) else f"{self.high:g}"
        return f"{low} and {'less than' if self.high_open else 'at most'} {bound}"


@dataclass(frozen=True)
class Names:
    """One of a set of names; those in small letters are the ones to offer."""

    what: str
    known: Collection[str]

    def fault(self, value: Any) -> str | None:
        """Say that Keras does not know `value`, or return None; only texts can be unknown."""
        if not isinstance(value, str) or value in self.known:
            return None
        offered = sorted(name for name in self.known if name.islower())
        close = nearest(value, offered)
        guess = f'; did you mean "{close}"?' if close else f"; known: {', '.join(offered)}"
        return f"{describe(value)} is no {self.what} that Keras knows{guess}"


@dataclass(frozen=True)
class Validation:
    """A share of the training set, a count of its images, or ``"test"``."""

    share: Range = Range(0, 1, low_open=True, high_open=True)
    count: Range = Range(2, 10_000_000)

    def fault(self, value: Any) -> str | None:
        """Say why `value` is neither, or return None."""
        if isinstance(value, str):
            known = f'expected a share of the training set, such as 0.1, or "test"; found {describe(value)}'
            return None if value == "test" else known
        whole = isinstance(value, int) and not isinstance(value, bool)  # a share comes as a float
        return (self.count if whole else self.share).fault(value)


Rule = Range | Names | Validation

_SHARE = Range(0, 1, high_open=True)
_COUNT = Range(1, 1_000_000)
_SIDE = Range(1, 1_000)

RULES: Mapping[str, Rule] = {
    "units": _COUNT,
    "neurons": _COUNT,
    "batch_size": _COUNT,
    "filters": Range(1, 100_000),
    "kernel_size": _SIDE,
    "kernel_sizes": _SIDE,
    "pool_size": _SIDE,
    "strides": _SIDE,
    "dropout": _SHARE,
    "dropout_rate": _SHARE,
    "activation": Names("activation", ACTIVATIONS),
    "activations": Names("activation", ACTIVATIONS),
    "optimizer": Names("optimiser", OPTIMISERS),
    "loss": Names("loss", LOSSES),
}
"""By the end of a name: ``units`` is the rule of ``dense_units`` too."""

EXACT_RULES: Mapping[str, Rule] = {
    "epochs": Range(1, 100_000),
    "learning_rate": Range(0, 1_000, low_open=True),
    "weight_decay": Range(0, 1_000),
    "momentum": _SHARE,
    "label_smoothing": _SHARE,
    "patience": Range(0, 100_000),
    "validation": Validation(),
    "orientations": Range(1, 360),
    "pixels_per_cell": _SIDE,
    "cells_per_block": _SIDE,
}
"""By the whole name: ``warmup_epochs`` or ``final_learning_rate`` may well be 0."""


def rule_for(name: str) -> Rule | None:
    """Return the rule of a parameter: of its whole name, else of its longest ending of words."""
    if name in EXACT_RULES:
        return EXACT_RULES[name]
    words = name.split("_")
    endings = ("_".join(words[start:]) for start in range(len(words)))
    return next((RULES[ending] for ending in endings if ending in RULES), None)


def out_of_range(name: str, value: Any) -> str | None:
    """Say why `value` is no sane value for a parameter of this name, or return None."""
    rule = rule_for(name)
    if rule is None or value is None:
        return None
    if not isinstance(value, list):
        return rule.fault(value)
    for number, each in enumerate(value, 1):
        fault = rule.fault(each)
        if fault:
            return f"entry {number}: {fault}"
    return _too_many_weights(value) if rule is _COUNT else None


def _too_many_weights(units: list[Any]) -> str | None:
    for number, (before, after) in enumerate(pairwise(units), 1):
        if before * after > LARGEST_MATRIX:
            weights = f"{before * after:,}".replace(",", " ")
            return f"entries {number} and {number + 1} alone make {weights} weights, too many for the memory"
    return None


_SAME_LENGTH = (("filters", "kernel_sizes"), ("hidden_units", "activation"), ("hidden_units", "dropout"))
"""Lists that have an entry for each layer."""


def disagreements(parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the parameters that contradict each other, as (name, what is wrong)."""
    return [
        (other, f"{one} and {other} differ in length: {len(parameters[one])} and {len(parameters[other])}")
        for one, other in _SAME_LENGTH
        if isinstance(parameters.get(one), list)
        and isinstance(parameters.get(other), list)
        and len(parameters[one]) != len(parameters[other])
    ]
