"""The learning rate over the epochs of a run: where it varies, what lowers it, from when on it moves nothing.

A record holds the rate that each epoch starts with. What a schedule of Keras does within an epoch is not
recorded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from reportgen.calls import schedules
from reportgen.calls.schedules import DEAD_RATE, IDLE_MOVE, SMALL_WEIGHT
from reportgen.records import Record

__all__ = [
    "DEAD_RATE", "IDLE_MOVE", "SMALL_WEIGHT", "By", "Change", "changes", "dead_from", "idle_from",
    "lowered_by", "rates", "reductions", "varies",
]  # fmt: skip

By = Literal["callback", "schedule", ""]
"""What moves the rate: a callback that watches the curves, a plan made before, or nothing that is known."""

_PLATEAU = "ReduceLROnPlateau"
_ROUNDING = 1e-6
"""Relative: rates are float32 in Keras, and what it prints of one is not always what it computes with."""


@dataclass(frozen=True)
class Change:
    """An epoch, from 1, that starts with another rate than the one before it."""

    epoch: int
    before: float
    after: float

    @property
    def lower(self) -> bool:
        """Whether the rate fell."""
        return self.after < self.before


def rates(record: Record) -> NDArray[np.float64] | None:
    """Return the rate at the start of each epoch, (epochs,); None where it was not recorded."""
    found = record.history.get("learning_rate")
    return None if found is None or not len(found) else found


def changes(record: Record) -> tuple[Change, ...]:
    """Return every epoch that starts with another rate than the one before it."""
    found = rates(record)
    if found is None:
        return ()
    return tuple(
        Change(epoch, float(before), float(after))
        for epoch, (before, after) in enumerate(pairwise(found), 2)
        if not math.isclose(before, after, rel_tol=_ROUNDING)
    )


def varies(record: Record) -> bool:
    """Whether the rate was not the same in all epochs."""
    return bool(changes(record))


def lowered_by(record: Record) -> By:
    """Return what moves the rate of a run, as its parameters and its optimiser say.

    A schedule of Keras stands in the optimiser in place of a number, one of ours in the parameter
    ``schedule``, a plateau among the ``callbacks``.
    """
    planned = record.parameters.get("schedule")
    given = record.optimizer.get("settings", {}).get("learning_rate")
    if (isinstance(planned, str) and planned != "none") or isinstance(given, dict):
        return "schedule"
    callbacks = record.parameters.get("callbacks") or ()
    watched = any(str(each).startswith(_PLATEAU) for each in callbacks if not isinstance(callbacks, str))
    return "callback" if watched else ""


def reductions(record: Record) -> tuple[Change, ...]:
    """Return the epochs before which a callback lowered the rate; none where a schedule moves it."""
    if lowered_by(record) != "callback":
        return ()
    return tuple(change for change in changes(record) if change.lower)


def dead_from(record: Record) -> int | None:
    """Return the epoch, from 1, from which on every step is lost in rounding; None where there is none.

    A rate is dead below ``DEAD_RATE`` = 2**-31, about 4.7e-10, and only where it stays below.

    Parameters
    ----------
    record : Record

    Returns
    -------
    int or None

    Notes
    -----
    A float32 number of the size of w = 0.01 has its neighbours 2**-30 away; a sum is rounded to the nearer
    of them (IEEE 754-2019, section 4.3.1), so that w + step = w where the step is below half of that, 2**-31.
    Adam and its kin move a weight by about the rate, by design (D. P. Kingma and J. Ba, "Adam", ICLR 2015,
    section 2.1); SGD moves it by the rate times the gradient, mostly less. 0.01 is a small weight: those that
    Keras's initialisers draw are mostly larger, and their neighbours further away. A weight nearer to zero,
    such as a bias, can still move, and so do the moving averages of a BatchNormalization, which no rate
    governs: what such epochs change is next to nothing, not nothing at all.
    """
    found = rates(record)
    return None if found is None else schedules.dead_from(_listed(found))


def idle_from(record: Record) -> int | None:
    """Return the epoch, from 1, from which on all steps to come add up to next to nothing; None without one.

    Each step taken as long as the rate, together they stay below ``IDLE_MOVE``, a hundredth of a small
    weight. None too where the number of steps is not known: the notebook has no ``batch_size``.
    """
    found, batch = rates(record), record.parameters.get("batch_size")
    if found is None or not isinstance(batch, int) or batch < 1:
        return None
    return schedules.idle_from(_listed(found), math.ceil(record.data.n_train / batch))


def _listed(found: Sequence[float] | NDArray[np.float64]) -> list[float]:
    return [float(rate) for rate in found]
