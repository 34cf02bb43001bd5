"""Hand-made runs: a quiet one, of which no rule has anything to say, and what changes it."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.records import Layer, Predictions, Record
from reportgen.results import Result, Run
from tests import samples

ITEMS = 6000
EPOCHS = 40
CLASSES = 10

Curve = NDArray[np.float64]


def steps(epochs: int = EPOCHS) -> Curve:
    """The epochs, from 1."""
    return np.arange(1, epochs + 1, dtype=np.float64)


def settling(start: float, end: float, epochs: int = EPOCHS) -> Curve:
    """A curve that has flattened long before its end; its lowest value lies off the last epoch."""
    curve = end + (start - end) * np.exp(-steps(epochs) / 3)
    curve[epochs - max(3, epochs // 10)] -= 1e-4 * abs(end)
    return curve


def straight(start: float, end: float, epochs: int = EPOCHS) -> Curve:
    """A curve that goes the same way all along."""
    return np.linspace(start, end, epochs)


def turning(start: float, low: float, end: float, at: int, epochs: int = EPOCHS) -> Curve:
    """A curve that falls to its lowest value at one epoch and rises from there."""
    return np.concatenate([np.linspace(start, low, at), np.linspace(low, end, epochs - at + 1)[1:]])


def answers(
    wrong: int, items: int = ITEMS, sure: float = 0.9, pairs: Mapping[tuple[int, int], int] | None = None
) -> Predictions:
    """Predictions with so many mistakes, spread evenly over all pairs, and these besides.

    `pairs` counts mistakes by (true class, class read).
    """
    y_true = np.arange(items, dtype=np.int64) % CLASSES
    y_pred = y_true.copy()
    for number in range(wrong):
        y_pred[number] = (y_true[number] + 1 + number // CLASSES % (CLASSES - 1)) % CLASSES
    for (true, read), count in (pairs or {}).items():
        free = np.flatnonzero((y_true == true) & (y_pred == true))[-count:]
        y_pred[free] = read
    probabilities = np.full((items, CLASSES), (1 - sure) / (CLASSES - 1), dtype=np.float32)
    probabilities[np.arange(items), y_pred] = sure
    return Predictions(np.arange(items, dtype=np.int64), y_true, y_pred, probabilities)


def record(
    *,
    history: Mapping[str, Curve] | None = None,
    test: Predictions | None = None,
    validation: Predictions | None = None,
    layers: tuple[Layer, ...] | None = None,
    parameters: Mapping[str, Any] | None = None,
    on_test: bool = False,
    epochs: int = EPOCHS,
    seed: int = 42,
) -> Record:
    """A quiet run, but for what is given."""
    held, tested = validation or answers(120, sure=0.98), test or answers(120)
    if on_test:
        held = tested
    right = {"test": _right(tested), "validation": _right(held)}
    curves = {
        "loss": settling(1.0, 0.100, epochs),
        "accuracy": 1.0 - settling(0.4, 1.003 - right["validation"], epochs),
        "val_loss": settling(1.0, 0.102, epochs),
        "val_accuracy": 1.0 - settling(0.4, 1.0 - right["validation"], epochs),
        "learning_rate": np.full(epochs, 0.001),
        "seconds": np.full(epochs, 0.4),
    }
    curves |= history or {}
    base = samples.record(
        layers=layers or samples.mlp_layers(),
        epochs=epochs,
        n_test=len(tested.y_true),
        n_validation=len(held.y_true),
        seed=seed,
        validation="test" if on_test else 0.1,
        parameters=parameters or {"epochs": epochs},
    )
    return dataclasses.replace(
        base,
        history=curves,
        test=tested,
        validation=held,
        evaluation={
            "test": {"loss": 0.1, "accuracy": right["test"]},
            "validation": {"loss": float(curves["val_loss"][-1]), "accuracy": right["validation"]},
        },
    )


def _right(made: Predictions) -> float:
    return float((made.y_true == made.y_pred).mean())


def row(
    id: str,
    *records: Record,
    section: str = "one",
    parameters: Mapping[str, Any] | None = None,
    compared_with: str | None = None,
    same_as: Sequence[str] = (),
    seed: int = 42,
) -> Result:
    """A row with one run for each record; its title is its id in capitals."""
    given = dict(parameters or {"id": id})
    made = samples.row(
        id,
        section,
        id.upper(),
        parameters=given,
        given=given,
        compared_with=compared_with,
        seed=seed,
        repeats=len(records),
    )
    runs = tuple(
        Run(hashlib.sha256(f"{'+'.join(sorted([id, *same_as]))} {number}".encode()).hexdigest(), number, each)
        for number, each in enumerate(records, seed)
    )
    return Result(made, runs, tuple(same_as))
