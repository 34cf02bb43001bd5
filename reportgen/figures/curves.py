"""Learning curves: of one run, and of a section's runs side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from reportgen.records import Record
from reportgen.results import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def learning_curves(record: Record) -> Figure:
    """Draw loss over accuracy, training and validation, by epoch (278 × 178 pt)."""
    from matplotlib.figure import Figure

    return Figure((278 / 72, 178 / 72))


def describe_learning_curves(record: Record) -> str:
    """Alternative text of `learning_curves`."""
    return "Learning curves."


def small_multiples(results: Sequence[Result], sections: Mapping[str, str]) -> Figure:
    """Draw the loss curves of a section's runs, three in a row, on one y-scale (468 pt wide)."""
    from matplotlib.figure import Figure

    return Figure((468 / 72, 66 / 72))


def describe_small_multiples(results: Sequence[Result], sections: Mapping[str, str]) -> str:
    """Alternative text of `small_multiples`."""
    return "Learning curves of the section."
