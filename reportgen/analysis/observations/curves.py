"""What the curves of one run show, as numbers; the rules put it into words.

The end of a curve is never one epoch: a validation curve jumps, so stretches of epochs are compared,
and a difference counts only where it is larger than the jumping explains.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis.metrics import best_epochs
from reportgen.records import Record

STRETCH = 0.1
"""Share of the epochs that counts as the end: long enough to average jumps out, short enough to be an end."""
SHORTEST_STRETCH = 3
"""Epochs; of fewer, a mean and a spread say nothing."""
TURN_RISE = 0.03
"""A validation loss that ends less than 3 % above its lowest value has flattened rather than turned."""
STILL_FALLING = 0.02
"""Of the loss, from one tenth of the epochs to the next: five more tenths at that pace make a tenth of it."""
IMPROVING = 0.002
"""As `STILL_FALLING`, for a curve of which it is only said that it was not standing still: a last digit."""
TURN_CERTAIN = 3.0
"""Standard errors: with two, one flat curve in twenty would seem to turn, and a report has dozens."""
FALL_CERTAIN = 1.0
"""Standard errors: one is enough, since the training loss has to fall as well."""


@dataclass(frozen=True)
class Turn:
    """A validation loss that turned; epochs from 1, losses as recorded at the epoch and at the last one."""

    epoch: int
    epochs: int
    lowest: float
    last: float
    training_then: float
    training_last: float
    accuracy_then: float
    accuracy_last: float
    accuracy_rise: float


@dataclass(frozen=True)
class Fall:
    """A validation loss that was still falling: means of the last stretch and of the one before."""

    stretch: int
    epochs: int
    before: float
    after: float
    last_is_lowest: bool


def stretch(record: Record) -> int:
    """Return how many epochs count as the end of a run."""
    return max(SHORTEST_STRETCH, round(STRETCH * record.epochs))


def readable(record: Record) -> bool:
    """Whether the run has two ends' worth of epochs, and finite curves all along."""
    return record.epochs >= 2 * stretch(record) and all(
        bool(np.isfinite(record.history[name]).all())
        for name in ("loss", "accuracy", "val_loss", "val_accuracy")
    )


def _spread(values: NDArray[np.float64]) -> float:
    """Return the standard deviation of the jumps: neighbours differ by two of them, and by no trend."""
    return float(np.diff(values).std(ddof=1)) / math.sqrt(2)


def _there(values: NDArray[np.float64], place: int) -> float:
    """Return the curve at an epoch: the middle one of three, since a lowest value is partly a jump."""
    return float(np.median(values[max(0, place - 1) : place + 2]))


def turn(record: Record) -> Turn | None:
    """Return where the validation loss turned upwards; None where it did not, or not for sure."""
    if not readable(record):
        return None
    losses, accuracies = record.history["val_loss"], record.history["val_accuracy"]
    low, width = best_epochs(record).by_loss - 1, stretch(record)
    if record.epochs - 1 - low < width:
        return None
    rise = float(losses[-width:].mean()) - _there(losses, low)
    jumps = _spread(losses[low:]) * math.sqrt(1 / width + 1 / 3)
    lowest, last = float(losses[low]), float(losses[-1])
    if rise < TURN_RISE * lowest or rise < TURN_CERTAIN * jumps or last - lowest < TURN_RISE * lowest:
        return None
    return Turn(
        epoch=low + 1,
        epochs=record.epochs,
        lowest=lowest,
        last=last,
        training_then=float(record.history["loss"][low]),
        training_last=float(record.history["loss"][-1]),
        accuracy_then=float(accuracies[low]),
        accuracy_last=float(accuracies[-1]),
        accuracy_rise=float(accuracies[-width:].mean()) - _there(accuracies, low),
    )


def falling(record: Record, least: float = STILL_FALLING) -> Fall | None:
    """Return how the validation loss was still falling at the end; None where it had flattened.

    Parameters
    ----------
    record : Record
    least : float
        Fall from one stretch to the next, as a part of the loss.
    """
    if not readable(record):
        return None
    width, losses = stretch(record), record.history["val_loss"]
    last, before = losses[-width:], losses[-2 * width : -width]
    fall = float(before.mean() - last.mean())
    jumps = _spread(losses[-2 * width :]) * math.sqrt(2 / width)
    if fall < least * before.mean() or fall < FALL_CERTAIN * jumps or not _training_falls(record):
        return None
    lowest = best_epochs(record).by_loss == record.epochs
    return Fall(width, record.epochs, float(before.mean()), float(last.mean()), lowest)


def _training_falls(record: Record) -> bool:
    width, losses = stretch(record), record.history["loss"]
    return bool(losses[-width:].mean() < losses[-2 * width : -width].mean())
