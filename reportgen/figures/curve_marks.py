"""Marks in the learning curves: whose weights were tested, and what the loss is without its penalty."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from reportgen.figures.style import INK, VALIDATION
from reportgen.records import Record

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def tested_early(records: Sequence[Record]) -> list[int]:
    """The epochs whose weights were tested, of the runs where that was not the last."""
    return [record.tested_epoch for record in records if record.tested_epoch != record.epochs]


def mark_tested(axes: Axes, records: Sequence[Record], size: float = 4.5) -> None:
    """Draw a triangle at the foot of a panel for each epoch, not the last, whose weights were tested."""
    found = sorted(set(tested_early(records)))
    if found:
        foot = min(axes.get_ylim())
        axes.plot(
            found,
            [foot] * len(found),
            "^",
            color=INK,
            markersize=size,
            markeredgewidth=0,
            clip_on=False,
            zorder=4,
        )


def penalised(records: Sequence[Record]) -> bool:
    """Whether the losses have a penalty of regularisers in them."""
    return any(abs(record.penalty.get("validation", 0.0)) > 0 for record in records)


def without_penalty(records: Sequence[Record]) -> float:
    """The lowest validation loss without its penalty; infinite where no run has one."""
    if not penalised(records):
        return math.inf
    return min(record.error_loss("validation") for record in records)


def mark_without_penalty(axes: Axes, records: Sequence[Record]) -> None:
    """Draw a cross for each run: the validation loss of its tested weights without the penalty."""
    if penalised(records):
        axes.plot(
            [record.tested_epoch for record in records],
            [record.error_loss("validation") for record in records],
            "x", color=VALIDATION, markersize=4.5, markeredgewidth=1.1, clip_on=False, zorder=4,
        )  # fmt: skip
