"""The learning rate below the learning curves: logarithmic, on their epochs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reportgen import language
from reportgen.analysis import numbers, rates
from reportgen.figures.notes import Area
from reportgen.figures.style import GRID, INK, MUTED, SMALL, fitted, panel, text_width, write
from reportgen.records import Record

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEIGHT, ABOVE = 30.0, 24.0
"""Points of the panel, and from the foot of the panel over it to its top."""
_LOWEST = 0.1
"""Of a dead rate: what lies further below is all one."""
_MOST_TICKS = 4


def varying(records: Sequence[Record]) -> bool:
    """Whether the runs have a panel of their rates: some run's rate is not the same in all epochs."""
    return any(rates.varies(record) for record in records)


def dead_from(records: Sequence[Record]) -> int | None:
    """The epoch from which on the rate of every run is dead; None where one is alive to its end."""
    found = [rates.dead_from(record) for record in records]
    return None if None in found or not found else max(epoch or 0 for epoch in found)


def draw_rates(figure: Figure, records: Sequence[Record], area: Area, count: int) -> None:
    """Draw the rate of every run, with a triangle at each epoch before which a callback lowered it.

    Parameters
    ----------
    figure : Figure
    records : sequence of Record
        Runs of one row, at least one with rates.
    area : Area
        Of the panel.
    count : int
        Epochs of the longest run.
    """
    shown = [(record, found) for record in records if (found := rates.rates(record)) is not None]
    floor, roof = _decades([found for _, found in shown])
    axes = panel(figure, *area)
    axes.set_yscale("log")
    axes.set_xlim((1, count) if count > 1 else (0, 2))
    axes.set_ylim(10.0**floor, 10.0**roof)
    _frame(axes, floor, roof)
    for record, found in shown:
        # A rate of 0 has no logarithm: it leaves the panel at its foot, as all that lie below do.
        epochs, values = np.arange(1, len(found) + 1), np.maximum(found, 1e-3 * 10.0**floor)
        axes.plot(
            epochs, values, color=INK, linewidth=1.0, drawstyle="steps-mid",
            marker="o" if len(found) == 1 else "", markersize=3, alpha=1.0 if len(shown) == 1 else 0.55,
        )  # fmt: skip
        lowered = rates.reductions(record)
        axes.plot(
            [change.epoch for change in lowered],
            [max(change.after, 10.0**floor) for change in lowered],
            "v", color=INK, markersize=4, markeredgewidth=0, clip_on=False, zorder=3,
        )  # fmt: skip
    title = language.text("Learning rate (log scale)")
    write(figure, 0, area.top - 8.5, title, weight=600)
    said = fitted(summary(records), area.left + area.width + 50 - text_width(title, weight=600) - 8, SMALL)
    write(figure, area.left + area.width + 50, area.top - 8.5, said, size=SMALL, color=MUTED, align="right")
    if len(shown) == 1:
        _, found = shown[0]
        at = float(_height(axes, area, max(float(found[-1]), 10.0**floor)))
        text = fitted(short(float(found[-1])), 44)
        write(figure, area.left + area.width + 6, at + 2.4, text)


def shade(axes: Axes, start: int, count: int) -> None:
    """Shade the epochs from `start` on."""
    axes.axvspan(max(1, start - 0.5), count, facecolor=GRID, alpha=0.55, linewidth=0, zorder=0)


def short(rate: float) -> str:
    """A rate as it was meant, without the digits that float32 adds: ``0.001``, ``2.5e−5``."""
    return numbers.plain(float(f"{rate:.3g}"))


def summary(records: Sequence[Record]) -> str:
    """What happened to the rate, in a few words over its panel."""
    dead = dead_from(records)
    if dead is not None:
        return language.text("dead from epoch {epoch} on", epoch=numbers.thousands(dead))
    lowered = [rates.reductions(record) for record in records]
    if len(records) > 1 or not lowered[0]:
        return ""
    return language.plural(
        "lowered once by a callback", "lowered {n} times by a callback", len(lowered[0]), n=len(lowered[0])
    )


def _decades(found: Sequence[NDArray[np.float64]]) -> tuple[int, int]:
    """Powers of ten that enclose the rates; those of dead ones only to a tenth of the limit."""
    positive = np.concatenate(found)
    positive = positive[positive > 0]
    if not len(positive):
        return -4, -2
    low = max(float(positive.min()), _LOWEST * rates.DEAD_RATE)
    high = max(float(positive.max()), low)
    floor, roof = math.floor(math.log10(low) + 1e-6), math.ceil(math.log10(high) - 1e-6)
    return (floor, roof) if floor < roof else (floor - 1, roof)


def _frame(axes: Axes, floor: int, roof: int) -> None:
    step = math.ceil((roof - floor) / (_MOST_TICKS - 1))
    marks = [10.0**power for power in range(roof, floor - 1, -step)]
    axes.set_xticks([])
    axes.set_yticks(marks, [short(mark) for mark in marks])
    axes.set_yticks([], minor=True)
    axes.grid(axis="y", color=GRID, linewidth=0.5, clip_on=False)
    axes.set_axisbelow(True)


def _height(axes: Axes, area: Area, value: float) -> float:
    """Points from the figure's top of a value on the logarithmic axis."""
    low, high = (math.log10(end) for end in axes.get_ylim())
    part = (math.log10(value) - low) / (high - low)
    return area.top + area.height * (1 - min(max(part, 0.0), 1.0))
