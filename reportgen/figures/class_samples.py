"""One image of every class of a data set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reportgen import language
from reportgen.analysis import numbers, words
from reportgen.datasets.dataset import Picture
from reportgen.figures.style import INK, MUTED, SMALL, canvas, styled, wrapped, write
from reportgen.figures.tiles import draw_tile, tiling
from reportgen.records import Record
from reportgen.results import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH = 468.0
_FEW, _COLUMNS, _MORE_COLUMNS = 40, 10, 12
_LINE, _GAP, _BETWEEN = 8.2, 5.0, 5.0
_MOST_LINES = 2
_NOTHING = 14.0
_NAMED = 12
"""Classes that the alternative text names; of more it names the first and the last."""


@styled
def class_samples(results: Sequence[Result], about: Sequence[Picture] | None) -> Figure:
    """Draw one image of every class with its name, ten in a row (468 × 62 pt for ten short names).

    From 41 classes on twelve in a row.

    Parameters
    ----------
    results : sequence of Result
        Of one data set, one of them with a record: it names the classes.
    about : sequence of Picture, or None
        One for each class, in their order.
    """
    pictures = tuple(about or ())
    if not pictures:
        figure = canvas(WIDTH, _NOTHING)
        write(figure, 0, 10, language.text("No image to show."), color=MUTED)
        return figure
    names = _record(results).data.class_names
    columns = _COLUMNS if len(pictures) <= _FEW else _MORE_COLUMNS
    pitch = (WIDTH - 1 + _GAP) / columns
    how = tiling(pictures, pitch - _GAP)
    labels = [wrapped(names[picture.label], pitch - 2, _MOST_LINES, SMALL) for picture in pictures]
    rows = [range(len(pictures))[first : first + columns] for first in range(0, len(pictures), columns)]
    heights = [how.side + _LINE * max(len(labels[at]) for at in row) + 2 for row in rows]
    note = _LINE + 1 if how.inverted else 0.0
    figure = canvas(WIDTH, sum(heights) + _BETWEEN * (len(rows) - 1) + note + 1)
    top = 0.5
    for row, height in zip(rows, heights, strict=True):
        for column, at in enumerate(row):
            left = 0.5 + column * pitch + (pitch - _GAP - how.side) / 2
            draw_tile(figure, pictures[at], how, left, top)
            middle = left + how.side / 2
            for line, text in enumerate(labels[at], 1):
                write(
                    figure, middle, top + how.side + _LINE * line, text,
                    size=SMALL, color=INK, align="center",
                )  # fmt: skip
        top += height + _BETWEEN
    if how.inverted:
        said = language.text("Shown dark on white; in the data the background is 0, black.")
        write(figure, 0, top + _LINE - _BETWEEN, said, size=SMALL, color=MUTED)
    return figure


def _record(results: Sequence[Result]) -> Record:
    return next(record for result in results for record in result.records)


def describe_samples(results: Sequence[Result], about: Sequence[Picture] | None) -> str:
    """Alternative text of `class_samples`: how many classes, which, and the size of their images."""
    pictures = tuple(about or ())
    if not pictures:
        return language.text("No image to show.")
    data = _record(results).data
    found = [data.class_names[picture.label] for picture in pictures]
    which = ", ".join(found) if len(found) <= _NAMED else f"{found[0]}, {found[1]}, …, {found[-1]}"
    return language.plural(
        "One image of {n} class of {data}, {size} pixels: {names}.",
        "One image of each of {n} classes of {data}, {size} pixels: {names}.",
        len(found),
        n=numbers.thousands(len(found)),
        data=words.data_set(data.name),
        size=numbers.shape(pictures[0].pixels.shape[:2]),
        names=which,
    )
