"""What the curves of one run show, as numbers; the rules put it into words.

The end of a curve is never one epoch: a validation curve jumps, so stretches of epochs are compared,
and a difference counts only where it is larger than the jumping explains.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis import numbers
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
STANDING_STILL = 0.01
"""Part of its value at the end: a mean validation loss that stays within it is drawn as a level line."""
LEVEL = 1.5
"""Stretches: a shorter level piece at the end may be a pause."""
LONG = 100
"""Epochs; of so many, a round number is one of tens, of fewer one of fives."""
FALL_CERTAIN = 1.0
"""Standard errors: one is enough, since the training loss has to fall as well."""


@dataclass(frozen=True)
class LowPoint:
    """Where the validation loss is lowest, and the end; epochs from 1, values as recorded at the two epochs.

    `accuracy_rise` alone is between the last stretch and the lowest point's neighbourhood.
    """

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
class Ending:
    """The validation loss at the end: means of the last stretch and of the one before."""

    stretch: int
    epochs: int
    before: float
    after: float
    last_is_lowest: bool

    @property
    def in_print(self) -> bool:
        """Whether the two differ at the decimals that are printed."""
        return numbers.loss(self.before) != numbers.loss(self.after)


@dataclass(frozen=True)
class Standstill:
    """A validation loss that has stood still; means over the runs.

    Parameters
    ----------
    since : int
        About the epoch from which on it has: a round number.
    training_then, training_last : float
        Training loss at that epoch and at the last one.
    """

    since: int
    training_then: float
    training_last: float


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


def low_point(record: Record) -> LowPoint:
    """Return where the validation loss is lowest, and how the run ends."""
    losses, accuracies = record.history["val_loss"], record.history["val_accuracy"]
    low, width = best_epochs(record).by_loss - 1, stretch(record)
    return LowPoint(
        epoch=low + 1,
        epochs=record.epochs,
        lowest=float(losses[low]),
        last=float(losses[-1]),
        training_then=float(record.history["loss"][low]),
        training_last=float(record.history["loss"][-1]),
        accuracy_then=float(accuracies[low]),
        accuracy_last=float(accuracies[-1]),
        accuracy_rise=float(accuracies[-width:].mean()) - _there(accuracies, low),
    )


def turn(record: Record) -> LowPoint | None:
    """Return where the validation loss turned upwards; None where it did not, or not for sure."""
    if not readable(record):
        return None
    found, losses, width = low_point(record), record.history["val_loss"], stretch(record)
    low = found.epoch - 1
    if record.epochs - found.epoch < width:
        return None
    rise = float(losses[-width:].mean()) - _there(losses, low)
    jumps = _spread(losses[low:]) * math.sqrt(1 / width + 1 / 3)
    least = TURN_RISE * found.lowest
    if rise < least or rise < TURN_CERTAIN * jumps or found.last - found.lowest < least:
        return None
    return found


def ending(record: Record) -> Ending:
    """Return the validation loss of the last two stretches of a readable run."""
    width, losses = stretch(record), record.history["val_loss"]
    before, after = float(losses[-2 * width : -width].mean()), float(losses[-width:].mean())
    return Ending(width, record.epochs, before, after, best_epochs(record).by_loss == record.epochs)


def falling(record: Record, least: float = STILL_FALLING) -> Ending | None:
    """Return how the validation loss was still falling at the end; None where it had flattened.

    None too where a callback ended the training, which is its word on what more epochs would bring, and
    where the lowest value lies before the last stretch: two means may fall though the curve has turned.

    Parameters
    ----------
    record : Record
    least : float
        Fall from one stretch to the next, as a part of the loss.
    """
    if not readable(record) or (record.stopped is not None and record.stopped.by):
        return None
    if best_epochs(record).by_loss <= record.epochs - stretch(record):
        return None
    found = ending(record)
    fall = found.before - found.after
    jumps = _spread(record.history["val_loss"][-2 * found.stretch :]) * math.sqrt(2 / found.stretch)
    if fall < least * found.before or fall < FALL_CERTAIN * jumps or not _training_falls(record):
        return None
    return found


def _training_falls(record: Record) -> bool:
    width, losses = stretch(record), record.history["loss"]
    return bool(losses[-width:].mean() < losses[-2 * width : -width].mean())


def standstill(records: Sequence[Record]) -> Standstill | None:
    """Return since when the mean validation curve of a row has stood still.

    None where it has not for `LEVEL` stretches at least, or where the runs are of different lengths.
    """
    if len({record.epochs for record in records}) != 1 or not all(map(readable, records)):
        return None
    losses = np.mean([record.history["val_loss"] for record in records], axis=0)
    width = stretch(records[0])
    means = np.convolve(losses, np.full(width, 1 / width), "valid")
    away = np.flatnonzero(np.abs(means - means[-1]) > STANDING_STILL * means[-1])
    first = (int(away[-1]) + 1 if len(away) else 0) + width // 2
    step = 10 if len(losses) >= LONG else 5
    since = max(1, step * math.ceil((first + 1) / step))
    if len(losses) - since < LEVEL * width:
        return None
    training = np.mean([record.history["loss"] for record in records], axis=0)
    return Standstill(since, float(training[since - 1]), float(training[-1]))
