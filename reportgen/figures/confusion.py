"""The confusion matrix as a heat map, for slides: the report itself prints a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reportgen import language
from reportgen.analysis import counts, numbers
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
    told_apart,
    write,
)
from reportgen.results import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BINS = (0.002, 0.005, 0.01, 0.02, 0.05)
"""Upper ends of the colour classes, as shares of the true class: those of the report's own table."""
_CELL, _SMALLEST = 21.0, 8.8
_ROOM = 420.0
_MOST_COUNTS = 20
_NAMES = 80.0
_HEAD = 52.0
_NOTE = 10.0
_SWATCH = 16.0


def colour_class(share: float) -> int:
    """Number of the colour of an error cell, from 0, by its share of the true class."""
    return int(np.searchsorted(BINS, share, side="left"))


@styled
def confusion_heatmap(result: Result) -> Figure:
    """Draw the confusion matrix of the test set with seaborn, true classes in rows.

    Errors are coloured by their share of the true class, on the same steps in every figure; counts
    stand in the cells up to 20 classes, and every class has its name: a hundred of them give a picture
    of some 970 points. Of several seeds it holds the sum, and says so.
    """
    import seaborn
    from matplotlib.colors import ListedColormap

    names = result.records[0].data.class_names
    count = len(names)
    matrix = pooled_matrix(result)
    cell = _cell(matrix)
    labels = told_apart(names, _NAMES, SMALL)
    left = max(text_width(label, SMALL) for label in labels) + 22
    top = left - 4
    side = cell * count
    # Two classes still leave room for the heads.
    lines = _legend(left + max(side, _HEAD), matrix)
    notes = [language.text("Sum of {seeds}", seeds=seeds(result))] if result.repeated else []
    bottom = top + max(side, _HEAD) + 4
    figure = canvas(left + max(side, _HEAD) + 4, bottom + _NOTE * (len(notes) + len(lines)) + 8 * bool(lines))
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
    _write_labels(figure, labels, (left, top, cell))
    _draw_legend(figure, lines, bottom + 8)
    for number, note in enumerate(notes, 1):
        down = bottom + 8 * bool(lines) + _NOTE * (len(lines) + number)
        write(figure, 7, down - 3, note, size=SMALL, color=MUTED)
    return figure


Patch = tuple[str | None, str, float]
"""A colour of the legend, or none for its title; the text beside it; where it stands."""


def _legend(width: float, matrix: NDArray[np.int64]) -> list[list[Patch]]:
    """The colours of errors and the shares they stand for, broken into lines; none without an error."""
    if matrix.sum() == np.trace(matrix):
        return []
    ends = [numbers.plain(round(100 * end, 6)) for end in BINS]
    texts = [
        language.text("up to {high} %", high=ends[0]),
        *(language.text("to {high} %", high=end) for end in ends[1:]),
        language.text("over {low} %", low=ends[-1]),
    ]
    lines: list[list[Patch]] = [
        [(None, fitted(language.text("Share of the true class:"), width - 7, SMALL), 7.0)]
    ]
    x = 7.0 + text_width(lines[0][0][1], SMALL) + 10
    for color, text in zip(MATRIX_ERRORS, texts, strict=True):
        wide = _SWATCH + text_width(text, SMALL)
        if x + wide > width:
            lines.append([])
            x = 7.0
        lines[-1].append((color, text, x))
        x += wide + 10
    return lines


def _draw_legend(figure: Figure, lines: list[list[Patch]], top: float) -> None:
    from matplotlib.patches import Rectangle

    across, down = figure.get_size_inches() * 72
    for number, line in enumerate(lines):
        baseline = top + _NOTE * (number + 1) - 3
        for color, text, x in line:
            write(figure, x if color is None else x + _SWATCH - 4, baseline, text, size=SMALL, color=MUTED)
            if color is not None:
                place = (x / across, 1 - (baseline + 0.8) / down)
                figure.add_artist(Rectangle(place, 9 / across, 6.5 / down, facecolor=color, linewidth=0))


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


def _write_labels(figure: Figure, labels: list[str], place: tuple[float, float, float]) -> None:
    left, top, cell = place
    across, down = figure.get_size_inches() * 72
    for number in range(len(labels)):
        middle = (number + 0.5) * cell
        write(figure, left - 4, top + middle + 2.3, labels[number], size=SMALL, color=INK, align="right")
        figure.text(
            (left + middle + 2.3) / across, 1 - (top - 4) / down, labels[number], size=SMALL, color=INK,
            rotation=90, rotation_mode="anchor", ha="left", va="baseline", parse_math=False,
        )  # fmt: skip
    write(figure, left, 7, language.text("Predicted class"), weight=600, color=MUTED)
    figure.text(
        7 / across, 1 - top / down, language.text("True class"), size=NORMAL, weight=600, color=MUTED,
        rotation=90, rotation_mode="anchor", ha="right", va="baseline", parse_math=False,
    )  # fmt: skip


def describe_confusion(result: Result) -> str:
    """Alternative text of `confusion_heatmap`: how many errors, and the largest confusion."""
    names = result.records[0].data.class_names
    matrix = pooled_matrix(result)
    wrong, total = int(matrix.sum() - np.trace(matrix)), int(matrix.sum())
    if result.repeated:
        text = language.text(
            "Confusion matrix of the test set, sum of {seeds}: {errors} in {predictions}.",
            seeds=seeds(result),
            errors=counts.errors(wrong),
            predictions=counts.predictions(total),
        )
    else:
        text = language.text(
            "Confusion matrix of the test set: {errors} in {items}.",
            errors=counts.errors(wrong),
            items=counts.items(total),
        )
    pairs = confused_pairs(matrix, len(matrix) ** 2)
    if not pairs:
        return text
    pair, ties = pairs[0], sum(other.count == pairs[0].count for other in pairs[1:])
    values = {
        "first": names[pair.first], "second": names[pair.second], "times": counts.times(pair.count),
        "share": numbers.share(pair.share),
    }  # fmt: skip
    if not ties:
        most = language.text(
            "Most often taken for each other: {first} and {second}, {times} ({share} of all errors).",
            **values,
        )
    else:
        most = language.plural(
            "Most often taken for each other: {first} and {second}, {times} ({share} of all errors); {n}"
            " other pair as often.",
            "Most often taken for each other: {first} and {second}, {times} ({share} of all errors); {n}"
            " other pairs as often.",
            ties,
            n=numbers.thousands(ties),
            **values,
        )
    return f"{text} {most}"
