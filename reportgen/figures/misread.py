"""Test images that were misread, each with its class, the class it was read as and the probability."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.lists import clauses
from reportgen.analysis.mistakes import Mistake, shared_mistakes
from reportgen.datasets.dataset import Picture
from reportgen.figures.style import INK, MUTED, SMALL, canvas, fitted, styled, text_width, write
from reportgen.figures.tiles import Tiling, draw_tile, tiling
from reportgen.results import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH = 468.0
COLUMNS = 10
_LINE = 8.4
_BETWEEN_PAIRS, _BETWEEN_TILES, _BETWEEN_ROWS = 4.0, 2.0, 8.0
_NOTHING = 14.0

Item = tuple[Mistake, Picture]


@styled
def confused_strip(result: Result, about: Sequence[Item] | None) -> Figure:
    """Draw misread test images of the most confused pairs in one row, at most ten (468 × 65 pt).

    Under each stand its class, the class the first run read, and the probability it gave that one. A
    wider gap is left between pairs.

    Parameters
    ----------
    result : Result
        With a record.
    about : sequence of (Mistake, Picture), or None
        Such as `mistakes.confused` finds; more than ten are left out.
    """
    items = tuple(about or ())[:COLUMNS]
    names = result.records[0].data.class_names
    gaps = [_BETWEEN_PAIRS * (_pair(one) != _pair(other)) for one, other in pairwise(items)]
    return _rows_of_images([items], names, _heads(), [0.0, *gaps])


@styled
def shared_images(results: Sequence[Result], about: Sequence[Item] | None) -> Figure:
    """Draw test images that every row misreads, ten in a row (468 pt wide, 73 pt a row).

    Under each stand its class, the class that most runs read, and its mean probability.

    Parameters
    ----------
    results : sequence of Result
        Of one data set.
    about : sequence of (Mistake, Picture), or None
        Such as `mistakes.shared_mistakes` finds.
    """
    items = tuple(about or ())
    names = next(result.records[0].data.class_names for result in results if result.records)
    rows = [items[first : first + COLUMNS] for first in range(0, len(items), COLUMNS)] or [()]
    heads = (language.text("true"), language.text("read most as"), language.text("probability"))
    return _rows_of_images(rows, names, heads, [0.0] * COLUMNS)


def _heads() -> tuple[str, str, str]:
    return language.text("true"), language.text("read as"), language.text("probability")


def _pair(item: Item) -> frozenset[int]:
    return frozenset((item[0].true, item[0].predicted))


def _rows_of_images(
    rows: Sequence[Sequence[Item]], names: Sequence[str], heads: Sequence[str], gaps: Sequence[float]
) -> Figure:
    """Rows of at most ten images with three lines under each; `gaps` stand before the columns."""
    pictures = [picture for row in rows for _, picture in row]
    if not pictures:
        figure = canvas(WIDTH, _NOTHING)
        write(figure, 0, 10, language.text("No misread image to show."), color=MUTED)
        return figure
    left = max(text_width(head, SMALL) for head in heads) + 8
    pitch = (WIDTH - left - sum(gaps)) / COLUMNS
    how = tiling(pictures, pitch - _BETWEEN_TILES)
    high = how.side + _LINE * len(heads) + 2
    figure = canvas(WIDTH, len(rows) * high + (len(rows) - 1) * _BETWEEN_ROWS + 1)
    for number, row in enumerate(rows):
        top = 0.5 + number * (high + _BETWEEN_ROWS)
        _write_heads(figure, heads, top + how.side)
        x = left
        for column, item in enumerate(row):
            x += gaps[column]
            _draw_item(figure, item, names, how, (x, top, pitch))
            x += pitch
    return figure


def _write_heads(figure: Figure, heads: Sequence[str], top: float) -> None:
    for line, head in enumerate(heads, 1):
        write(figure, 0, top + _LINE * line, head, size=SMALL, color=MUTED)


def _draw_item(
    figure: Figure,
    item: Item,
    names: Sequence[str],
    how: Tiling,
    place: tuple[float, float, float],
) -> None:
    mistake, picture = item
    x, top, pitch = place
    draw_tile(figure, picture, how, x + (pitch - _BETWEEN_TILES - how.side) / 2, top)
    middle, wide = x + (pitch - _BETWEEN_TILES) / 2, pitch - _BETWEEN_TILES
    lines = (
        (names[mistake.true], INK, 400),
        (names[mistake.predicted], INK, 600),
        (probability(mistake.probability), MUTED, 400),
    )
    for line, (text, color, weight) in enumerate(lines, 1):
        fit = fitted(text, wide, SMALL, weight)
        write(
            figure, middle, top + how.side + _LINE * line, fit,
            size=SMALL, color=color, weight=weight, align="center",
        )  # fmt: skip


def probability(value: float) -> str:
    """Return a probability with two decimals; what would round to 1 is ``> 0.99``."""
    if value >= 0.995:
        return f">{numbers.NO_BREAK_SPACE}{numbers.decimal(0.99, 2)}"
    return numbers.decimal(value, 2)


def describe_strip(result: Result, about: Sequence[Item] | None) -> str:
    """Alternative text of `confused_strip`: every image, with what it was read as."""
    items = tuple(about or ())[:COLUMNS]
    if not items:
        return language.text("No misread image to show.")
    names = result.records[0].data.class_names
    return language.plural(
        "One test image that was misread: {items}.",
        "{n} test images that were misread: {items}.",
        len(items),
        n=numbers.thousands(len(items)),
        items=clauses([_said(mistake, names) for mistake, _ in items]),
    )


def _said(mistake: Mistake, names: Sequence[str]) -> str:
    return language.text(
        "{true} read as {read} with probability {probability}",
        true=names[mistake.true],
        read=names[mistake.predicted],
        probability=probability(mistake.probability),
    )


def describe_shared(results: Sequence[Result], about: Sequence[Item] | None) -> str:
    """Alternative text of `shared_images`: how many every row misreads, and what those shown were read as."""
    found = shared_mistakes(results)
    items = tuple(about or ())
    if found is None or not items:
        return language.text("No misread image to show.")
    names = next(result.records[0].data.class_names for result in results if result.records)
    start = language.plural(
        "{n} of {tested} test images is misread by every one of the {rows} rows in every run.",
        "{n} of {tested} test images are misread by every one of the {rows} rows in every run.",
        found.total,
        n=numbers.thousands(found.total),
        tested=numbers.thousands(found.tested),
        rows=numbers.thousands(found.rows),
    )
    listed = language.plural(
        "One is shown, with the class that most runs read: {items}.",
        "{n} are shown, with the class that most runs read: {items}.",
        len(items),
        n=numbers.thousands(len(items)),
        items=clauses([_said(mistake, names) for mistake, _ in items]),
    )
    return f"{start} {listed}"
