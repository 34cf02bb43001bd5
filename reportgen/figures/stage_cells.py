"""Heat maps of a stage: a cell for each combination of two things that it varies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.dimensions import Dimension, printed
from reportgen.analysis.scores import score
from reportgen.analysis.tried import Tried
from reportgen.analysis.words import failure
from reportgen.figures.rows import NOTE_LINE, WIDTH, notes, write_notes
from reportgen.figures.style import (
    INK,
    MATRIX_EMPTY,
    MUTED,
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

LOWEST, HIGHEST = "#f0f6fb", "#5aa2d3"
"""Ends of the colours: dark letters stay readable on all of them."""
LETTERS = "#262626"
"""Of the numbers: the cells keep their colours on a dark page, so that these must, too."""
MOST_PANELS = 6
_HIGH, _LEAST, _WIDEST = 19.0, 29.0, 58.0
"""Height of a cell, and how narrow and how wide it may be: points."""
_NAMES, _HEAD, _TITLE, _BETWEEN = 120.0, 26.0, 13.0, 14.0
_REACH = 4.0
"""A value this many times further below the median than the highest is above it has the lightest colour."""


@dataclass(frozen=True)
class Map:
    """A heat map: what its rows and its columns are, and which rows of the stage stand in its cells."""

    title: str
    down: Dimension
    across: Dimension
    cells: dict[tuple[int, int], Result]


def maps_of(tried: Tried) -> list[Map]:
    """Return the heat maps that show a stage whole; none where dots show it better.

    Two things make one map, three one for each value of that with the fewest. There is none where two rows
    would share a cell, or where cells would be too narrow.
    """
    own = list(tried.varied)
    if len(own) == 2:
        panels: list[tuple[str, list[Result]]] = [("", list(tried.rows))]
    elif len(own) == 3:
        apart = min(own, key=lambda each: len(each.values))
        if len(apart.values) > MOST_PANELS:
            return []
        own.remove(apart)
        panels = [
            (
                language.text("{name}: {value}", name=apart.label, value=printed(value)),
                [row for row in tried.rows if repr(apart.of[row.row.id]) == repr(value)],
            )
            for value in apart.values
        ]
    else:
        return []
    down, across = own
    if _cell(down, across) < _LEAST and _cell(across, down) >= _LEAST:
        down, across = across, down
    found = [Map(title, down, across, _cells(rows, down, across)) for title, rows in panels]
    whole = sum(len(each.cells) for each in found) == len(tried.rows)
    return found if whole and _cell(down, across) >= _LEAST else []


def _cells(rows: Sequence[Result], down: Dimension, across: Dimension) -> dict[tuple[int, int], Result]:
    return {(_place(down, row), _place(across, row)): row for row in rows}


def _place(dimension: Dimension, row: Result) -> int:
    return [repr(value) for value in dimension.values].index(repr(dimension.of[row.row.id]))


def _left(down: Dimension) -> float:
    """Width of the names of the lines."""
    with_head = [(fitted(_text(value), _NAMES, SMALL), 400) for value in down.values] + [(down.label, 600)]
    return min(_NAMES, max(text_width(text, SMALL, weight) for text, weight in with_head)) + 7


@styled
def _cell(down: Dimension, across: Dimension) -> float:
    """Width of a cell where one map has the page for itself."""
    return min(_WIDEST, (WIDTH - _left(down)) / len(across.values))


def _text(value: Any) -> str:
    return printed(value)


@dataclass(frozen=True)
class _Grid:
    """How the maps stand on the page, and which colours they have."""

    left: float
    cell: float
    panel: float
    tall: float
    columns: int
    low: float
    high: float

    def place(self, number: int) -> tuple[float, float]:
        """Left and top of a map, names and heads included."""
        line, column = divmod(number, self.columns)
        return column * (self.panel + _BETWEEN), line * (self.tall + _BETWEEN)


def draw_maps(tried: Tried, maps: Sequence[Map]) -> Figure:
    """Draw the heat maps of `maps_of`, with a key of the colours and a note."""
    grid = _grid(tried, maps)
    lines = notes(_note(tried, maps, grid))
    height = grid.place(len(maps) - 1)[1] + grid.tall
    figure = canvas(WIDTH, height + 16 + NOTE_LINE * len(lines) + 4)
    for number, each in enumerate(maps):
        _draw(figure, tried, each, grid.place(number), grid)
    _key(figure, height + 6, grid)
    write_notes(figure, height + 16, lines)
    return figure


def _grid(tried: Tried, maps: Sequence[Map]) -> _Grid:
    first = maps[0]
    left, cell = _left(first.down), _cell(first.down, first.across)
    narrow = max(_LEAST, min(cell, 40.0)) if len(maps) > 1 else cell
    wide = left + narrow * len(first.across.values)
    columns = max(1, min(len(maps), int((WIDTH + _BETWEEN) // (wide + _BETWEEN))))
    head = _HEAD + (_TITLE if first.title else 0)
    tall = head + _HIGH * len(first.down.values)
    values = [_value(row) for row in tried.done]
    high, middle = max(values), median(values)
    low = max(min(values), middle - _REACH * (high - middle)) if high > middle else min(values)
    return _Grid(left, narrow, wide, tall, columns, low, high)


def _value(row: Result) -> float:
    return 100 * score(row, "validation_accuracy").mean


def colour(value: float, low: float, high: float) -> str:
    """Return the colour of a value between the ends of the scale; beyond them, that of the end."""
    from matplotlib.colors import to_hex, to_rgb

    share = 1.0 if high <= low else min(1.0, max(0.0, (value - low) / (high - low)))
    ends = zip(to_rgb(LOWEST), to_rgb(HIGHEST), strict=True)
    red, green, blue = (first + share * (last - first) for first, last in ends)
    return to_hex((red, green, blue))


def _draw(figure: Figure, tried: Tried, one: Map, place: tuple[float, float], grid: _Grid) -> None:
    from matplotlib.patches import Rectangle

    left, top = place[0] + grid.left, place[1] + _HEAD
    if one.title:
        write(figure, place[0], place[1] + 8, fitted(one.title, grid.panel, weight=600), weight=600)
        top += _TITLE
    wide, tall = grid.cell * len(one.across.values), _HIGH * len(one.down.values)
    axes = panel(figure, left, top, wide, tall)
    axes.set_axis_off()
    axes.set_xlim(0, len(one.across.values))
    axes.set_ylim(len(one.down.values), 0)
    _labels(figure, one, (left, top), grid)
    for (line, column), row in one.cells.items():
        kept = row is tried.kept
        fill = colour(_value(row), grid.low, grid.high) if row.records else MATRIX_EMPTY
        axes.add_patch(Rectangle((column + 0.02, line + 0.03), 0.96, 0.94, facecolor=fill, linewidth=0))
        if kept:
            axes.add_patch(
                Rectangle(
                    (column + 0.04, line + 0.07), 0.92, 0.86, fill=False, edgecolor=LETTERS, linewidth=1.3
                )
            )
        x, y = left + grid.cell * (column + 0.5), top + _HIGH * (line + 0.5) + 2.5
        text = fitted(_said(tried, row), grid.cell - 3, SMALL)
        weight = 600 if kept else 400
        color = LETTERS if row.records else "#565656"
        write(figure, x, y, text, size=SMALL, color=color, weight=weight, align="center")


def _labels(figure: Figure, one: Map, place: tuple[float, float], grid: _Grid) -> None:
    left, top = place
    down = told_apart([_text(value) for value in one.down.values], grid.left - 7, SMALL)
    across = told_apart([_text(value) for value in one.across.values], grid.cell - 2, SMALL)
    for number, text in enumerate(down):
        write(
            figure, left - 6, top + _HIGH * (number + 0.5) + 2.5, text, size=SMALL, color=INK, align="right"
        )
    for number, text in enumerate(across):
        write(figure, left + grid.cell * (number + 0.5), top - 4, text, size=SMALL, color=INK, align="center")
    head = fitted(one.down.label, grid.left - 6, SMALL, 600)
    write(figure, left - 6, top - 4, head, size=SMALL, weight=600, align="right")
    wide = max(grid.cell * len(one.across.values), WIDTH - left if grid.columns == 1 else 0)
    write(figure, left, top - 14.5, fitted(one.across.label, wide, SMALL, 600), size=SMALL, weight=600)


def _said(tried: Tried, row: Result) -> str:
    if row.records:
        return numbers.decimal(_value(row), 2)
    if row in tried.to_come:
        return numbers.MISSING
    return failure(row.failure.kind if row.failure else "not-run")


def _key(figure: Figure, top: float, grid: _Grid) -> None:
    """The ends of the colours."""
    from matplotlib.patches import Rectangle

    head = language.text("Validation accuracy, %")
    write(figure, 0, top + 6.5, head, size=SMALL, weight=600)
    left = text_width(head, SMALL, 600) + 8
    low, high = (numbers.decimal(value, 2) for value in (grid.low, grid.high))
    write(figure, left, top + 6.5, low, size=SMALL, color=MUTED)
    left += text_width(low, SMALL) + 4
    axes = panel(figure, left, top, 60, 8)
    axes.set_axis_off()
    axes.set_xlim(0, 12)
    axes.set_ylim(1, 0)
    for step in range(12):
        axes.add_patch(Rectangle((step, 0), 1, 1, facecolor=colour(step / 11, 0, 1), linewidth=0))
    write(figure, left + 64, top + 6.5, high, size=SMALL, color=MUTED)


def _note(tried: Tried, maps: Sequence[Map], grid: _Grid) -> str:
    parts = []
    if tried.kept is not None:
        parts.append(language.text("Framed: the row kept."))
    every = sum(len(each.down.values) * len(each.across.values) for each in maps)
    if every > len(tried.rows):
        parts.append(language.text("Empty: not tried."))
    if any(_value(row) < grid.low - 1e-9 for row in tried.done):
        parts.append(language.text("Cells below the scale have its lightest colour."))
    return " ".join(parts)
