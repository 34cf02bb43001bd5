"""The confusion matrix as a heat map, for slides: the report itself prints a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis import numbers
from reportgen.analysis.metrics import confused_pairs, pooled_matrix
from reportgen.figures.seeds import seeds
from reportgen.figures.style import (
    INK,
    MATRIX_DIAGONAL,
    MATRIX_EMPTY,
    MATRIX_ERRORS,
    MUTED,
    NORMAL,
    SMALL,
    canvas,
    fitted,
    panel,
    styled,
    text_width,
    write,
)
from reportgen.results import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BINS = (0.0025, 0.0055, 0.0105, 0.0205, 0.0505)
"""Upper ends of the colour classes, as shares of the true class: 2, 5, 10, 20, 50 of 1000."""
_CELL, _SMALLEST = 21.0, 4.2
_ROOM = 420.0
_MOST_COUNTS = 20
_NAMES = 80.0
_HEAD = 52.0
_NOTE = 10.0


def colour_class(share: float) -> int:
    """Number of the colour of an error cell, from 0, by its share of the true class."""
    return int(np.searchsorted(BINS, share, side="left"))


@styled
def confusion_heatmap(result: Result) -> Figure:
    """Draw the confusion matrix of the test set with seaborn, true classes in rows.

    Errors are coloured by their share of the true class, on the same steps in every figure; counts
    stand in the cells up to 20 classes. Of several seeds it holds the sum, and says so.
    """
    import seaborn
    from matplotlib.colors import ListedColormap

    names = result.records[0].data.class_names
    count = len(names)
    matrix = pooled_matrix(result)
    cell = _cell(matrix)
    labels = [fitted(name, _NAMES, SMALL) for name in names]
    shown = list(range(0, count, max(1, int(np.ceil(9 / cell)))))
    left = max(text_width(labels[place], SMALL) for place in shown) + 22
    top = left - 4
    side = cell * count
    # Two classes still leave room for the heads.
    note = _NOTE if result.repeated else 0.0
    figure = canvas(left + max(side, _HEAD) + 4, top + max(side, _HEAD) + 4 + note)
    axes = panel(figure, left, top, side, side)
    seaborn.heatmap(
        _classes(matrix),
        ax=axes,
        cmap=ListedColormap([MATRIX_EMPTY, MATRIX_DIAGONAL, *MATRIX_ERRORS]),
        vmin=-0.5,
        vmax=7.5,
        cbar=False,
        linewidths=0.4,
        linecolor="white",
        annot=_counts(matrix) if count <= _MOST_COUNTS else None,
        fmt="",
        annot_kws={"size": NORMAL if matrix.max() < 1000 else SMALL},
        xticklabels=False,
        yticklabels=False,
    )
    _write_labels(figure, labels, shown, (left, top, cell))
    if result.repeated:
        down = top + max(side, _HEAD) + 4 + _NOTE
        write(figure, 7, down - 3, f"Sum of {seeds(result)}", size=SMALL, color=MUTED)
    return figure


def _cell(matrix: NDArray[np.int64]) -> float:
    """Side of a cell in points: several seeds make large counts, many classes small cells."""
    cell = min(_CELL, max(_SMALLEST, _ROOM / len(matrix)))
    widest = text_width(numbers.thousands(int(matrix.max())), SMALL) + 3
    return max(cell, widest) if len(matrix) <= _MOST_COUNTS else cell


def _classes(matrix: NDArray[np.int64]) -> NDArray[np.int64]:
    """0 for empty cells, 1 for the diagonal, then 2 and more by share of the true class."""
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    classes = np.where(matrix > 0, 2 + np.searchsorted(BINS, shares, side="left"), 0)
    np.fill_diagonal(classes, 1)
    return classes.astype(np.int64)


def _counts(matrix: NDArray[np.int64]) -> NDArray[np.object_]:
    """Counts as text; cells with no item stay blank."""
    texts = [["" if not n else numbers.thousands(int(n)) for n in line] for line in matrix]
    return np.array(texts, dtype=object)


def _write_labels(
    figure: Figure, labels: list[str], shown: list[int], place: tuple[float, float, float]
) -> None:
    left, top, cell = place
    across, down = figure.get_size_inches() * 72
    for number in shown:
        middle = (number + 0.5) * cell
        write(figure, left - 4, top + middle + 2.3, labels[number], size=SMALL, color=INK, align="right")
        figure.text(
            (left + middle + 2.3) / across, 1 - (top - 4) / down, labels[number], size=SMALL, color=INK,
            rotation=90, rotation_mode="anchor", ha="left", va="baseline", parse_math=False,
        )  # fmt: skip
    write(figure, left, 7, "Predicted class", weight=600, color=MUTED)
    figure.text(
        7 / across, 1 - top / down, "True class", size=NORMAL, weight=600, color=MUTED, rotation=90,
        rotation_mode="anchor", ha="right", va="baseline",
    )  # fmt: skip


def describe_confusion(result: Result) -> str:
    """Alternative text of `confusion_heatmap`: how many errors, and the largest confusion."""
    names = result.records[0].data.class_names
    matrix = pooled_matrix(result)
    kind = "prediction" if result.repeated else "item"
    errors, items = int(matrix.sum() - np.trace(matrix)), int(matrix.sum())
    text = (
        f"Confusion matrix of the test set{f', sum of {seeds(result)}' if result.repeated else ''}:"
        f" {numbers.counted(errors, 'error')} in {numbers.counted(items, kind)}."
    )
    pairs = confused_pairs(matrix, len(matrix) ** 2)
    if not pairs:
        return text
    pair, ties = pairs[0], sum(other.count == pairs[0].count for other in pairs[1:])
    more = f"; {numbers.counted(ties, 'other pair')} as often" if ties else ""
    return (
        f"{text} Most often taken for each other: {names[pair.first]} and {names[pair.second]},"
        f" {numbers.counted(pair.count, 'time')} ({numbers.share(pair.share)} of all errors){more}."
    )
