"""The trials that a search asks for: proposed in batches, from what the batches before have shown.

Nothing is kept between builds. The study is put together anew from the measures of the trials, in their
order, each time: the same file and the same records give the same trials, whatever was stopped in between and
however many ran at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from reportgen.experiments.staged import Range, Search

if TYPE_CHECKING:
    import optuna

_Trial = Mapping[str, int | float]
"""What is proposed by name: the place in a list of values, or a number of a range."""


@dataclass(frozen=True)
class _Space:
    """What one name may be: so many values, or a range."""

    values: int = 0
    low: int | float = 0
    high: int | float = 0
    log: bool = False
    whole: bool = False


@dataclass(frozen=True)
class _Asking:
    """All that the trials of a search depend on, beside what they showed."""

    method: str
    seed: int
    batch: int
    spaces: tuple[tuple[str, _Space], ...]


def proposed(search: Search, measured: Sequence[float | None]) -> list[dict[str, Any]]:
    """Return the trials that are known: those that were measured, and one batch more.

    Parameters
    ----------
    search : Search
        Its ranges are not empty.
    measured : sequence of (float or None)
        Of the trials of all batches that are complete, in their order, the greater the better; None for
        one that failed.

    Returns
    -------
    list of dict
        The values of every trial.
    """
    spaces = tuple((name, _space(space)) for name, space in search.space.items())
    asking = _Asking(search.method, search.search_seed, search.batch, spaces)
    complete = len(measured) - len(measured) % search.batch
    known: tuple[_Trial, ...] = ()
    for before in range(0, complete + 1, search.batch):
        known = _asked(asking, tuple(measured[:before]))
    return [
        {name: _value(search.space[name], place) for name, place in trial.items()}
        for trial in known[: search.trials]
    ]


@lru_cache(maxsize=4096)
def _asked(asking: _Asking, measured: tuple[float | None, ...]) -> tuple[_Trial, ...]:
    """All trials up to the batch behind those that were measured; asked for in turn, from the first batch."""
    known = _asked(asking, measured[: -asking.batch]) if measured else ()
    return (*known, *_batch(asking, known, measured))


def _batch(
    asking: _Asking, known: Sequence[_Trial], measured: Sequence[float | None]
) -> list[dict[str, Any]]:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    spaces = {name: _distribution(space) for name, space in asking.spaces}
    study = optuna.create_study(direction="maximize", sampler=_sampler(asking, len(measured)))
    for trial, measure in zip(known, measured, strict=True):
        state = optuna.trial.TrialState.COMPLETE if measure is not None else optuna.trial.TrialState.FAIL
        study.add_trial(
            optuna.trial.create_trial(state=state, value=measure, params=dict(trial), distributions=spaces)
        )
    asked = [study.ask(spaces) for _ in range(asking.batch)]
    return [{name: _rounded(space, trial.params[name]) for name, space in asking.spaces} for trial in asked]


def _sampler(asking: _Asking, before: int) -> optuna.samplers.BaseSampler:
    """The sampler of the batch behind so many trials, with a seed of its own."""
    import warnings

    import numpy as np
    import optuna

    seed = int(np.random.SeedSequence([asking.seed, before]).generate_state(1)[0])
    if asking.method == "random":
        return optuna.samplers.RandomSampler(seed=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        return optuna.samplers.TPESampler(seed=seed, constant_liar=True)


def _space(space: Sequence[Any] | Range) -> _Space:
    if isinstance(space, Range):
        whole = isinstance(space.low, int) and isinstance(space.high, int)
        return _Space(low=space.low, high=space.high, log=space.log, whole=whole)
    return _Space(values=len(space))


def _distribution(space: _Space) -> optuna.distributions.BaseDistribution:
    """Of a list, its places: values may be lists, which optuna does not take."""
    from optuna import distributions

    if space.values:
        return distributions.CategoricalDistribution(tuple(range(space.values)))
    if space.whole:
        return distributions.IntDistribution(int(space.low), int(space.high), log=space.log)
    return distributions.FloatDistribution(float(space.low), float(space.high), log=space.log)


def _rounded(space: _Space, value: int | float) -> int | float:
    """A number with three digits, or as many as a narrow range needs: it must be read. Bounds stay."""
    if space.values or space.whole:
        return value
    fine = (space.high - space.low) / 200
    short = next(each for n in range(3, 18) if abs((each := float(f"{value:.{n}g}")) - value) <= fine)
    return min(max(short, float(space.low)), float(space.high))


def _value(space: Sequence[Any] | Range, place: int | float) -> Any:
    return place if isinstance(space, Range) else space[int(place)]
