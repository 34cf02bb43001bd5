"""Where a note fits into a panel, clear of its curves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes


_STRUCK = 1000
"""A line through a note is worse than any number of points behind its letters."""


class Area(NamedTuple):
    """A panel's place in points, from the figure's top left corner."""

    left: float
    top: float
    width: float
    height: float


def x_of(axes: Axes, area: Area, epoch: float | NDArray[Any]) -> Any:
    """Points from the figure's left edge."""
    low, high = axes.get_xlim()
    return area.left + area.width * (epoch - low) / (high - low)


def y_of(axes: Axes, area: Area, value: float | NDArray[Any]) -> Any:
    """Points from the figure's top edge, kept within the panel."""
    low, high = axes.get_ylim()
    return area.top + area.height * (1 - np.clip((value - low) / (high - low), 0.0, 1.0))


def free_place(
    axes: Axes,
    area: Area,
    curves: Sequence[NDArray[np.float64]],
    note: tuple[float, float, float],
    mark: float | None,
) -> tuple[int, float]:
    """How many points of the curves a note meets where it meets fewest, and its left edge there.

    A place that `mark` runs through is taken only where there is no other.

    Parameters
    ----------
    axes : Axes
    area : Area
        Of the axes.
    curves : sequence of (epochs,) arrays
        Over the epochs from 1.
    note : tuple of float
        Its width, its top and its bottom in points.
    mark : float or None
        The epoch of a line that runs through the height of the note.
    """
    wide, top, bottom = note
    xs = np.concatenate([x_of(axes, area, np.arange(1, len(curve) + 1)) for curve in curves])
    values = np.concatenate(curves)
    known = np.isfinite(values)
    xs, ys = xs[known], y_of(axes, area, values[known])
    level = (top - 1 <= ys) & (ys <= bottom + 4)
    met = []
    # The right half first: the curves leave the panel on the left.
    for left in np.linspace(area.left + area.width - wide - 2, area.left + 6, 13):
        touched = int((level & (left - 3 <= xs) & (xs <= left + wide + 3)).sum())
        crossed = mark is not None and left - 3 <= x_of(axes, area, mark) <= left + wide + 3
        met.append((touched + _STRUCK * crossed, -left))
    touched, left = min(met)
    return touched, float(-left)
