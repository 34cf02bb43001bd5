"""Quantities of claims: measured values times numbers, plus what is exact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from reportgen.prose.names import Target
from reportgen.prose.vocabulary import Attribute


@dataclass(frozen=True)
class Leaf:
    """One attribute of a row or a comparison."""

    target: Target
    attribute: str
    what: Attribute = field(compare=False)


Ask = Callable[[Leaf], float]
"""Gives the value of an exact leaf."""


@dataclass(frozen=True)
class Sum:
    """Measured leaves times numbers, plus what is exact.

    Parameters
    ----------
    terms : mapping of Leaf to float
    exact : callable
        The exact part, once the counts are known.
    leaves : tuple of Leaf
        That the exact part asks for.
    """

    terms: Mapping[Leaf, float]
    exact: Callable[[Ask], float]
    leaves: tuple[Leaf, ...] = ()

    @property
    def number(self) -> float | None:
        """The value, where only numbers were typed."""
        return None if self.terms or self.leaves else self.exact(_asked_nothing)


def _asked_nothing(leaf: Leaf) -> float:
    raise AssertionError(leaf)


def constant(value: float) -> Sum:
    """A typed number."""
    return Sum({}, lambda _: value)


def plus(left: Sum, right: Sum) -> Sum:
    """The sum of two; what cancels is gone."""
    terms = dict(left.terms)
    for leaf, factor in right.terms.items():
        terms[leaf] = terms.get(leaf, 0.0) + factor
    kept = {leaf: factor for leaf, factor in terms.items() if factor}
    return Sum(kept, lambda ask: left.exact(ask) + right.exact(ask), (*left.leaves, *right.leaves))


def times(one: Sum, number: float) -> Sum:
    """A sum times a number."""
    terms = {leaf: factor * number for leaf, factor in one.terms.items()}
    return Sum(terms, lambda ask: one.exact(ask) * number, one.leaves)


def product(left: Sum, right: Sum, sign: str) -> Sum:
    """The product or ratio of two exact sums."""
    return Sum({}, partial(_result, left, right, sign), (*left.leaves, *right.leaves))


def _result(left: Sum, right: Sum, sign: str, ask: Ask) -> float:
    one, other = left.exact(ask), right.exact(ask)
    return one * other if sign == "*" else one / other if other else float("nan")
