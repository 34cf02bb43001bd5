"""Results with just the items right that a test asks for."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.records import Predictions, Record
from reportgen.results import Result, Run
from tests import samples

ITEMS = 400
BASE = samples.record(n_test=ITEMS, n_validation=ITEMS)


def scored(wrong: Iterable[int], items: int = ITEMS, first_index: int = 0) -> Predictions:
    """Predictions of two classes that are wrong at these places only."""
    y_true = np.arange(items, dtype=np.int64) % 2
    y_pred = y_true.copy()
    places = list(wrong)
    y_pred[places] = 1 - y_pred[places]
    probabilities = np.full((items, 10), 0.0, dtype=np.float32)
    probabilities[np.arange(items), y_pred] = 0.9
    probabilities[np.arange(items), 1 - y_pred] = 0.1
    return Predictions(
        np.arange(first_index, first_index + items, dtype=np.int64), y_true, y_pred, probabilities
    )


def record(
    wrong: Iterable[int], items: int = ITEMS, first_index: int = 0, validation: float | str = 0.1
) -> Record:
    """A record whose test and validation predictions are wrong at these places; validated from `first_index` on."""
    places = list(wrong)
    test, held = scored(places, items), scored(places, items, first_index)
    right = 1 - len(places) / items
    scores = {"loss": 0.1 + len(places) / items, "accuracy": right}
    return dataclasses.replace(
        BASE,
        test=test,
        validation=held,
        evaluation={"test": scores, "validation": scores},
        data=dataclasses.replace(BASE.data, n_test=items, n_validation=items, validation=validation),
    )


def row(
    name: str, wrong: Sequence[Iterable[int]], seed: int = 42, like: str | None = None, **options: Any
) -> Result:
    """A row with one run for each list of wrong places; `like` gives it another row's configuration."""
    facts = samples.row(name, parameters={"dataset": "mnist", "who": like or name}, seed=seed)
    runs = tuple(
        Run(f"{like or name}-{number}", number, record(places, **options))
        for number, places in enumerate(wrong, seed)
    )
    return Result(dataclasses.replace(facts, repeats=len(runs)), runs)


def drawn(rng: np.random.Generator, errors: float, items: int = ITEMS) -> NDArray[np.int64]:
    """Places that are wrong with this probability each."""
    return np.flatnonzero(rng.random(items) < errors).astype(np.int64)
