"""How much of what a search measured goes with each of its axes: functional analysis of variance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from reportgen.analysis.trials import Searched
from reportgen.experiments.stages import Axis

if TYPE_CHECKING:
    import optuna

ENOUGH = 10
"""Different trials below which a forest has learned nothing worth printing."""
FEW_FOR_EACH = 20
"""Different trials for each axis below which what is printed is a hint at most."""
SEED = 0
Why = Literal["", "few", "one axis", "equal"]


@dataclass(frozen=True)
class Importance:
    """Shares of the variance of a search's measure over its space.

    Parameters
    ----------
    id : str
        Of the search.
    shares : tuple of (str, float)
        By axis, the largest first: what it explains by itself, whatever the others are. They add up to 1
        less what only several axes together explain. Empty where `why` says so.
    trials : int
        Different trials with a measure.
    why : {"", "few", "one axis", "equal"}
        Why there are none: fewer than `ENOUGH` trials, nothing to set against each other, or nothing that
        varies.
    """

    id: str
    shares: tuple[tuple[str, float], ...]
    trials: int
    why: Why = ""

    @property
    def together(self) -> float:
        """The share that only several axes together explain."""
        return max(0.0, 1.0 - sum(share for _, share in self.shares))

    @property
    def hint(self) -> bool:
        """Whether the trials are so few for their axes that this is a hint at most."""
        return self.trials < FEW_FOR_EACH * len(self.shares)


def importance(found: Searched) -> Importance:
    """Return the importance of every axis of a search, the same each time.

    A random forest is fitted to the trials and its variance over the whole space taken apart. Axes with
    ``log`` are taken as the search draws them, by their logarithm. Trials of the same settings count once.

    Parameters
    ----------
    found : Searched

    Notes
    -----
    F. Hutter, H. Hoos and K. Leyton-Brown, "An efficient approach for assessing hyperparameter importance",
    Proceedings of ICML 2014, 754-762; as `optuna.importance.FanovaImportanceEvaluator` has it.
    """
    axes = tuple(axis for axis in found.axes if len(axis.values) != 1)
    trials = found.distinct
    measures = [found.merit(trial) for trial in trials]
    if len(trials) < ENOUGH:
        return Importance(found.id, (), len(trials), "few")
    if len(axes) < 2:
        return Importance(found.id, (), len(trials), "one axis")
    if max(measures) == min(measures):
        return Importance(found.id, (), len(trials), "equal")
    places = tuple(tuple(_place(axis, trial.values[axis.name]) for axis in axes) for trial in trials)
    shares = _shares(tuple(map(_space, axes)), places, tuple(measures))
    named = zip([axis.name for axis in axes], shares, strict=True)
    return Importance(found.id, tuple(sorted(named, key=lambda pair: -pair[1])), len(trials))


_Space = tuple[str, float, float]
"""``places`` with their number, or ``range`` with its ends."""


def _space(axis: Axis) -> _Space:
    if axis.low is None or axis.high is None:
        return ("places", float(len(axis.values)), 0.0)
    ends = (axis.low, axis.high)
    low, high = (math.log10(end) for end in ends) if axis.log else ends
    return ("range", float(low), float(high))


def _place(axis: Axis, value: Any) -> float:
    """Where a value lies on an axis: of a list, its place; within the bounds, which rounding may leave."""
    if axis.low is None or axis.high is None:
        return float(list(axis.values).index(value))
    _, low, high = _space(axis)
    return min(max(math.log10(value) if axis.log else float(value), low), high)


@lru_cache(maxsize=64)  # every figure and table of a search asks for it
def _shares(
    spaces: tuple[_Space, ...], places: tuple[tuple[float, ...], ...], measures: tuple[float, ...]
) -> tuple[float, ...]:
    import optuna
    from optuna.importance import FanovaImportanceEvaluator

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(direction="maximize")
    kinds = {str(number): _distribution(space) for number, space in enumerate(spaces)}
    for place, measure in zip(places, measures, strict=True):
        values = dict(zip(kinds, _inner(spaces, place), strict=True))
        study.add_trial(optuna.trial.create_trial(value=measure, params=values, distributions=kinds))
    # Not through get_param_importances: that makes them add up to 1, and hides what only several explain.
    found = FanovaImportanceEvaluator(seed=SEED).evaluate(
        study, list(kinds), target=lambda trial: float(trial.values[0])
    )
    return tuple(float(found[name]) for name in kinds)


def _inner(spaces: Sequence[_Space], place: Sequence[float]) -> list[Any]:
    return [int(each) if space[0] == "places" else each for space, each in zip(spaces, place, strict=True)]


def _distribution(space: _Space) -> optuna.distributions.BaseDistribution:
    from optuna import distributions

    kind, low, high = space
    if kind == "places":
        return distributions.CategoricalDistribution(tuple(range(int(low))))
    return distributions.FloatDistribution(low, high)
