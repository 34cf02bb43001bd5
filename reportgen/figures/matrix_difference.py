"""Two confusion matrices beside each other: one less the other, cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reportgen import language
from reportgen.analysis import matrices
from reportgen.figures import matrix_difference_words as words
from reportgen.figures.matrix_difference_words import describe_matrix_difference
from reportgen.figures.style import (
    INK,
    MATRIX_EMPTY,
    MATRIX_ERRORS,
    MUTED,
    SMALL,
    canvas,
    fitted,
    panel,
    styled,
    text_width,
    wrapped,
    write,
)
from reportgen.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["describe_matrix_difference", "matrix_difference"]

WIDTH = 468.0
FIRST = ("#e3eef8", "#bcd9ee", "#8dbfe2", "#5aa2d3")
SECOND = MATRIX_ERRORS[:4]
"""Colours of cells that are in favour of the first row and of the second: ink stays readable on all."""
BINS = (0.0055, 0.0105, 0.0205)
"""Upper ends of the colour classes, as shares of the true class: 5, 10, 20 of 1000."""
MOST = 15
_CELL, _ROW = 21.0, 14.0
"""Width and height of a cell: those of the report's own matrices."""
_NAMES = 78.0
_LINE, _HEAD = 8.5, 9.5
_BESIDE, _LEAST = 16.0, 130.0
"""Points between the cells and a note beside them, and that such a note needs: else it stands below."""
_LETTERS = "#262626"
"""Of the numbers: the cells keep their colours on a dark page, so that these must, too."""
_SWATCH, _KEY = 9.0, 12.0
"""Width of a swatch of the key, and height of one of its lines."""


@styled
def matrix_difference(results: Sequence[Result]) -> Figure:
    """Draw the confusion matrix of one row less that of another, true classes in rows (468 pt wide).

    Each matrix is per run: the counts of one, the means of several. A cell's colour says whom it favours:
    blue the first row, orange the second. More right answers, on the diagonal and framed, are a gain, and
    so are fewer errors elsewhere. At most 15 classes are shown, those that differ most.

    Parameters
    ----------
    results : sequence of Result
        Two, tested on the same items.

    Raises
    ------
    ValueError
        They are not two, one has no record, or they were not tested on the same items.
    """
    a, b = words.two_rows(results)
    difference = matrices.matrix_difference(a, b)
    cells = _fitting(difference, a, b)
    names = [a.records[0].data.class_names[place] for place in cells.chosen]
    labels = [fitted(name, _NAMES, SMALL) for name in names]
    head = [line for title in words.titles(a, b) for line in wrapped(title, WIDTH, 2, weight=600)]
    across = max(text_width(label, SMALL) for label in labels)
    upright = across <= cells.cell - 2
    top = _HEAD * len(head) + 14 + (10 if upright else across + 6)
    right = cells.left + cells.side + _BESIDE
    notes = words.notes(a, b, len(cells.chosen), BINS)
    beside = WIDTH - right >= _LEAST
    lines = _wrapped(notes, WIDTH - right - 2) if beside else wrapped(" ".join(notes), WIDTH - 2, 6, SMALL)
    bottom = top + cells.tall
    key = (right if beside else 0.0, top if beside else bottom + 6)
    start = key[1] + _KEY * 2 + 2
    figure = canvas(WIDTH, max(bottom, start + _LINE * len(lines)) + 3)
    for number, text in enumerate(head, 1):
        write(figure, 0, _HEAD * number - 2, text, weight=600)
    axes = panel(figure, cells.left, top, cells.side, cells.tall)
    place = np.ix_(cells.chosen, cells.chosen)
    _draw_cells(axes, difference[place], matrices.mean_matrix(a).sum(axis=1)[cells.chosen], a, b)
    _write_labels(figure, labels, cells, top, upright)
    _write_key(figure, key)
    for number, text in enumerate(lines, 1):
        write(figure, key[0], start + _LINE * number, text, size=SMALL, color=MUTED)
    return figure


@dataclass(frozen=True)
class _Cells:
    """Which classes are shown, and where their cells begin and how large they are: points."""

    chosen: list[int]
    left: float
    cell: float

    @property
    def side(self) -> float:
        return self.cell * len(self.chosen)

    @property
    def tall(self) -> float:
        return _ROW * len(self.chosen)


def _fitting(difference: NDArray[np.float64], a: Result, b: Result) -> _Cells:
    """As many of the classes that differ most as have room: long numbers make cells wide."""
    names = a.records[0].data.class_names
    for most in range(min(MOST, len(names)), 1, -1):
        chosen = matrices.most_different(difference, most)
        heads = [(fitted(names[place], _NAMES, SMALL), 400) for place in chosen] + [(words.true_class(), 600)]
        left = max(text_width(text, SMALL, weight) for text, weight in heads) + 6
        numbered = {words.count(float(value), a, b) for value in difference[np.ix_(chosen, chosen)].ravel()}
        cells = _Cells(chosen, left, max(_CELL, max(text_width(text, SMALL) for text in numbered) + 3))
        if left + cells.side <= WIDTH:
            break
    return cells


def _wrapped(notes: Sequence[str], wide: float) -> list[str]:
    """Notes in a narrow column, with an empty line between them."""
    paragraphs = [["", *wrapped(note, wide, 8, SMALL)] for note in notes]
    return [line for paragraph in paragraphs for line in paragraph][1:]


def colour_class(value: float, items: float, diagonal: bool) -> int:
    """Number of a cell's colour: 1 to 4 in favour of the first row, −1 to −4 of the second, 0 of neither."""
    if not value:
        return 0
    size = 1 + int(np.searchsorted(BINS, abs(value) / max(items, 1), side="left"))
    return size if (value > 0) == diagonal else -size


def _draw_cells(
    axes: Axes, part: NDArray[np.float64], items: NDArray[np.float64], a: Result, b: Result
) -> None:
    import seaborn
    from matplotlib.colors import ListedColormap

    count = len(part)
    classes = [
        [colour_class(float(part[row, column]), float(items[row]), row == column) for column in range(count)]
        for row in range(count)
    ]
    texts = [[words.count(float(value), a, b) for value in line] for line in part]
    seaborn.heatmap(
        np.array(classes),
        ax=axes,
        cmap=ListedColormap([*reversed(SECOND), MATRIX_EMPTY, *FIRST]),
        vmin=-4.5,
        vmax=4.5,
        cbar=False,
        linewidths=0.4,
        linecolor="white",
        annot=np.array(texts, dtype=object),
        fmt="",
        annot_kws={"size": SMALL, "color": _LETTERS},
        xticklabels=False,
        yticklabels=False,
    )
    for place in range(count):
        corners = [place + 0.04, place + 0.96]
        axes.plot(
            [corners[0], corners[1], corners[1], corners[0], corners[0]],
            [corners[0], corners[0], corners[1], corners[1], corners[0]],
            color=_LETTERS, linewidth=0.6,
        )  # fmt: skip


def _write_labels(figure: Figure, labels: Sequence[str], cells: _Cells, top: float, upright: bool) -> None:
    """Classes beside the rows and above the columns, with their heads; `upright` where they have room."""
    left, cell = cells.left, cells.cell
    across, down = figure.get_size_inches() * 72
    longest = max(text_width(label, SMALL) for label in labels)
    for number, label in enumerate(labels):
        middle = (number + 0.5) * cell
        write(
            figure, left - 5, top + (number + 0.5) * _ROW + 2.4, label, size=SMALL, color=INK, align="right"
        )
        if upright:
            write(figure, left + middle, top - 4, label, size=SMALL, color=INK, align="center")
        else:
            figure.text(
                (left + middle + 2.3) / across, 1 - (top - 4) / down, label, size=SMALL, color=INK,
                rotation=90, rotation_mode="anchor", ha="left", va="baseline", parse_math=False,
            )  # fmt: skip
    write(figure, left - 5, top - 4, words.true_class(), size=SMALL, weight=600, align="right")
    head, above = language.text("Predicted class"), 13.5 if upright else longest + 9
    wide = text_width(head, SMALL, 600) / 2
    middle = max(left + cells.side / 2, wide)
    write(figure, middle, top - above, head, size=SMALL, weight=600, align="center")


def _write_key(figure: Figure, place: tuple[float, float]) -> None:
    """What the two rows of colours stand for, at `place` (left, top)."""
    left, top = place
    axes = panel(figure, left, top, 4 * _SWATCH, 2 * _KEY)
    axes.set_axis_off()
    axes.set_xlim(0, 4 * _SWATCH)
    axes.set_ylim(2 * _KEY, 0)
    texts = (language.text("in favour of the first"), language.text("in favour of the second"))
    for line, (colours, text) in enumerate(zip((FIRST, SECOND), texts, strict=True)):
        middles = [_SWATCH * (step + 0.5) for step in range(4)]
        axes.bar(
            middles, 7.0, width=_SWATCH - 0.6, bottom=line * _KEY + 1, color=colours, linewidth=0
        )  # fmt: skip
        write(figure, left + 4 * _SWATCH + 4, top + line * _KEY + 7, text, size=SMALL, color=INK)
