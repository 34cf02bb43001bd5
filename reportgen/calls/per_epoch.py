"""Learning rates that go by epochs: the arithmetic that a plan prints and a run follows.

Epochs count from 1 as Keras prints them. ``after={10: 1e-4}`` means: once epoch 10 is over, so from epoch
11 on. Rates are float32 after each step, as the optimiser keeps them.
"""

from __future__ import annotations

import math
import struct
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass


def float32(value: float) -> float:
    """The nearest number in single precision; infinity beyond the largest one."""
    try:
        return float(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return math.inf


@dataclass(frozen=True)
class StepwisePerEpoch:
    """The rate itself, given for what comes after some epochs."""

    after: Mapping[int, float]

    def rates(self, initial: float, epochs: int) -> tuple[float, ...]:
        """The rate of each epoch that begins with `initial`."""
        first = float32(initial)
        found = (_latest(self.after, epoch) for epoch in range(1, epochs + 1))
        return tuple(first if rate is None else float32(rate) for rate in found)


@dataclass(frozen=True)
class MultiplyEachEpoch:
    """After an epoch, the current rate is multiplied by a factor, again in every epoch: factors compound."""

    after: Mapping[int, float]

    def rates(self, initial: float, epochs: int) -> tuple[float, ...]:
        """As `StepwisePerEpoch.rates`."""
        return tuple(self._compounding(float32(initial), epochs))

    def _compounding(self, rate: float, epochs: int) -> Iterator[float]:
        for epoch in range(1, epochs + 1):
            factor = _latest(self.after, epoch)
            rate = rate if factor is None else float32(rate * factor)
            yield rate


@dataclass(frozen=True)
class ExponentialPerEpoch:
    """From the epoch after `after` on, one factor more in every epoch."""

    factor: float
    after: int = 1

    def rates(self, initial: float, epochs: int) -> tuple[float, ...]:
        """As `StepwisePerEpoch.rates`."""
        first = float32(initial)
        powers = (max(0, epoch - self.after) for epoch in range(1, epochs + 1))
        return tuple(float32(first * float(self.factor) ** power) for power in powers)


@dataclass(frozen=True)
class CosinePerEpoch:
    """Half a cosine from the first rate to `alpha` times it, over `decay_epochs` epochs."""

    decay_epochs: int
    alpha: float = 0.0

    def rates(self, initial: float, epochs: int) -> tuple[float, ...]:
        """As `StepwisePerEpoch.rates`."""
        first = float32(initial)
        return tuple(
            float32(first * cosine(epoch / self.decay_epochs, self.alpha)) for epoch in range(epochs)
        )


EpochSchedule = StepwisePerEpoch | MultiplyEachEpoch | ExponentialPerEpoch | CosinePerEpoch
SCHEDULES = {
    each.__name__: each for each in (StepwisePerEpoch, MultiplyEachEpoch, ExponentialPerEpoch, CosinePerEpoch)
}
"""By the name that a row writes."""


def _latest(after: Mapping[int, float], epoch: int) -> float | None:
    """What holds in an epoch: the entry of the last epoch before it."""
    begun = sorted(after)
    place = bisect_left(begun, epoch)
    return after[begun[place - 1]] if place else None


def cosine(progress: float, alpha: float) -> float:
    """Half a cosine from 1 to `alpha` (I. Loshchilov and F. Hutter, "SGDR", ICLR 2017, equation 5)."""
    return (1 - alpha) * 0.5 * (1 + math.cos(math.pi * min(progress, 1.0))) + alpha
