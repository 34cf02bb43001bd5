"""The trials that a search asks for: proposed in batches, from what the batches before have shown.

Nothing is kept between builds. The study is put together anew from the measures of the trials, in their
order, each time: the same file and the same records give the same trials, whatever was stopped in between and
however many ran at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from reportgen.experiments.staged import Range, Search

if TYPE_CHECKING:
    import optuna


def proposed(search: Search, measured: Sequence[float | None]) -> list[dict[str, Any]]:
    """Return the trials that are known: those that were measured, and one batch more.

    Parameters
    ----------
    search : Search
    measured : sequence of (float or None)
        Of the trials of all batches that are complete, in their order, the greater the better; None for
        one that failed.

    Returns
    -------
    list of dict
        The values of every trial.
    """
    return [dict(trial) for trial in _proposed(search.model_dump_json(by_alias=True), tuple(measured))]


@lru_cache(maxsize=64)
def _proposed(text: str, measured: tuple[float | None, ...]) -> tuple[Mapping[str, Any], ...]:
    search = Search.model_validate_json(text)
    before = len(measured) - search.batch
    known = _proposed(text, measured[: max(before, 0)]) if measured else ()
    count = min(search.batch, search.trials - len(measured))
    return (*known, *_batch(search, known, measured, count)) if count > 0 else known


def _batch(
    search: Search, known: Sequence[Mapping[str, Any]], measured: Sequence[float | None], count: int
) -> list[dict[str, Any]]:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    spaces = {name: _distribution(space) for name, space in search.space.items()}
    study = optuna.create_study(direction="maximize", sampler=_sampler(search, len(measured)))
    for values, measure in zip(known, measured, strict=True):
        inner = {name: _inner(search.space[name], value) for name, value in values.items()}
        state = optuna.trial.TrialState.COMPLETE if measure is not None else optuna.trial.TrialState.FAIL
        study.add_trial(
            optuna.trial.create_trial(state=state, value=measure, params=inner, distributions=spaces)
        )
    asked = [study.ask(spaces) for _ in range(count)]
    return [
        {name: _outer(search.space[name], value) for name, value in trial.params.items()} for trial in asked
    ]


def _sampler(search: Search, before: int) -> optuna.samplers.BaseSampler:
    """The sampler of the batch behind so many trials, with a seed of its own."""
    import numpy as np
    import optuna

    seed = int(np.random.SeedSequence([search.search_seed, before]).generate_state(1)[0])
    if search.method == "random":
        return optuna.samplers.RandomSampler(seed=seed)
    return optuna.samplers.TPESampler(seed=seed, constant_liar=True)


def _distribution(space: Sequence[Any] | Range) -> optuna.distributions.BaseDistribution:
    """Of a list, its places: values may be lists, which optuna does not take."""
    from optuna import distributions

    if not isinstance(space, Range):
        return distributions.CategoricalDistribution(tuple(range(len(space))))
    if isinstance(space.low, int) and isinstance(space.high, int):
        return distributions.IntDistribution(space.low, space.high, log=space.log)
    return distributions.FloatDistribution(float(space.low), float(space.high), log=space.log)


def _inner(space: Sequence[Any] | Range, value: Any) -> Any:
    return value if isinstance(space, Range) else list(space).index(value)


def _outer(space: Sequence[Any] | Range, value: Any) -> Any:
    return _rounded(value) if isinstance(space, Range) else space[value]


def _rounded(value: Any) -> Any:
    """Three digits are enough for any setting, and can be read."""
    return float(f"{value:.3g}") if isinstance(value, float) else value
