"""A network from its input to its output: a card for each layer that learns, with the small layers below it.

Cards are of one size; what is drawn in proportion is the bar at the foot of a layer alone: its part of all
parameters.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.layer_words import details, in_training_only, small
from reportgen.analysis.layers import CONVOLUTIONS, frozen, within
from reportgen.analysis.stages import Stage, stages
from reportgen.figures.network_words import describe_network, legend
from reportgen.figures.style import (
    DENSE,
    INK,
    LAYER,
    MUTED,
    NORMAL,
    SMALL,
    WITHIN,
    canvas,
    panel,
    styled,
    text_width,
    wrapped,
    write,
)
from reportgen.records import Layer, Record
from reportgen.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["describe_network", "network"]

WIDTH = 468.0
_EDGE, _GAP, _PER_ROW = 9.0, 9.0, 6
_CARD = (WIDTH - 2 * _EDGE - (_PER_ROW - 1) * _GAP) / _PER_ROW
_MARGIN = 3.0
_NARROW = (WIDTH - 2 * _MARGIN - _PER_ROW * _GAP) / (_PER_ROW + 1)
"""Points around the cards of a single row, and of a card where one more has room in such a row."""
_PAD, _LINE, _HEAD_LINE = 3.5, 8.2, 8.8
_BAR = 20.0
_BETWEEN = 13.0
"""Points between two rows of cards, where the line runs that leads from one to the next."""
_ARROW = 13.0
"""Points below the top of a row at which the line runs from card to card."""
_NOTE = 8.5

_STEP = 2.0
"""Points that an outline behind a card is moved by."""

Outline = Literal["plain", "training", "frozen"]
_OUTLINES: Mapping[Outline, tuple[float, Any]] = {
    "plain": (0.5, "-"),
    "training": (0.8, (0, (0.9, 1.5))),
    "frozen": (0.9, (0, (4.0, 1.8))),
}
"""Width and dashes."""


@dataclass(frozen=True)
class _Text:
    """A line of a slab."""

    text: str
    heading: bool = False
    right: bool = False
    count: bool = False
    """Whether it is a number of parameters, and no shape."""

    @property
    def height(self) -> float:
        return _HEAD_LINE if self.heading else _LINE


@dataclass(frozen=True)
class _Slab:
    """A layer: its lines, its colour, its outline, and its parameters with their share for the bar."""

    lines: tuple[_Text, ...]
    fill: str
    outline: Outline = "plain"
    head: bool = False
    parameters: int = 0
    share: float | None = None

    @property
    def height(self) -> float:
        own = sum(line.height for line in self.lines) + (_LINE if self.share is not None else 0.0)
        return own + (5.0 if self.head else 3.0)


@dataclass(frozen=True)
class _Card:
    """A stage as it is drawn; `behind` is how many outlines show behind it."""

    slabs: tuple[_Slab, ...]
    width: float
    behind: int = 0

    @property
    def height(self) -> float:
        return sum(slab.height for slab in self.slabs)


@styled
def network(result: Result) -> Figure:
    """Draw the network of a row (468 pt wide), read from left to right and row by row.

    A card is a layer that learns: its kind, what it was told, the shape of its output, and below them its
    parameters, beside a bar for their part of the whole. The layers that follow it and learn little or
    nothing hang below it, each with the shape that it gives where that is another one.
    """
    record = result.records[0]
    found = stages(record)
    wide, per_row = _divided(len(found))
    cards = [_card(stage, record, wide) for stage in found]
    rows = [cards[start : start + per_row] for start in range(0, len(cards), per_row)]
    heights = [max(card.height for card in row) for row in rows]
    notes = wrapped(legend(record), WIDTH - 2, 3, SMALL)
    body = sum(heights) + _BETWEEN * (len(rows) - 1)
    total = body + 8 + _NOTE * len(notes) + 2
    figure = canvas(WIDTH, total)
    axes = panel(figure, 0, 0, WIDTH, total)
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(total, 0)
    axes.set_xticks([])
    axes.set_yticks([])
    top = _MARGIN
    edge = _EDGE if len(rows) > 1 else _MARGIN
    for number, (row, height) in enumerate(zip(rows, heights, strict=True)):
        for place, card in enumerate(row):
            left = edge + place * (wide + _GAP)
            if place:
                start = left - _GAP + _STEP * row[place - 1].behind
                _arrow(axes, [(start, top + _ARROW), (left, top + _ARROW)])
            _draw(figure, axes, card, left, top)
        if number + 1 < len(rows):
            _lead_on(axes, left + wide, top, height)
        top += height + _BETWEEN
    for number, text in enumerate(notes):
        write(figure, 0, body + 14 + _NOTE * number, text, size=SMALL, color=MUTED)
    return figure


def _divided(count: int) -> tuple[float, int]:
    """How wide so many cards are, and how many of them stand in a row: all rows are about as long."""
    if count == _PER_ROW + 1:
        return _NARROW, count
    rows = math.ceil(count / _PER_ROW)
    return _CARD, math.ceil(count / rows)


def _card(stage: Stage, record: Record, wide: float) -> _Card:
    room = wide - 2 * _PAD
    after = tuple(_small(layer, room) for layer in stage.after)
    if stage.left_out:
        said = language.plural(
            "{n} more layer that learns", "{n} more layers that learn", stage.left_out, n=stage.left_out
        )
        lines = (_Text("…", heading=True), *_lines(said, room))
        return _Card((_head(lines, WITHIN, stage.hidden, record),), wide, behind=2)
    if stage.head is None:
        shape = record.layers[0].input_shape if record.layers else record.data.image_shape
        lines = (_Text(stage.name, heading=True), _Text(numbers.shape(shape), right=True))
        return _Card((_Slab(lines, "#ffffff", head=True), *after), wide)
    layer = stage.head
    heading = stage.name if stage.times == 1 else f"{stage.name} (× {stage.times})"
    texts = [_Text(line, heading=True) for line in wrapped(heading, room, 2, NORMAL, 600)]
    texts += _inner(layer, room) if layer.inner else _lines(", ".join(details(layer)), room)
    if frozen(layer):
        texts.append(_Text(language.text("frozen")))
    texts.append(_Text(numbers.shape(layer.output_shape), right=True))
    outline: Outline = "frozen" if frozen(layer) else "plain"
    slab = _head(texts, _fill(layer), stage.times * layer.parameters, record, outline)
    return _Card((slab, *after), wide, behind=2 if layer.inner or stage.times > 1 else 0)


def _head(
    lines: Sequence[_Text], fill: str, parameters: int, record: Record, outline: Outline = "plain"
) -> _Slab:
    share = parameters / record.total_params if record.total_params else 0.0
    return _Slab(tuple(lines), fill, outline, True, parameters, share)


def _lines(text: str, room: float, most: int = 4) -> list[_Text]:
    return [_Text(line) for line in wrapped(text, room, most, SMALL)] if text else []


def _inner(layer: Layer, room: float) -> list[_Text]:
    """A network within the network: how many layers it has, and what of it is trained."""
    texts = _lines(language.text("{n} layers within", n=len(within(layer))), room)
    if layer.non_trainable and not frozen(layer):
        trained = numbers.thousands(layer.weights + layer.biases)
        kept = numbers.thousands(layer.non_trainable)
        texts += _lines(language.text("{n} trained", n=trained), room)
        texts += _lines(language.text("{n} not", n=kept), room)
    return texts


def _fill(layer: Layer) -> str:
    if layer.inner or frozen(layer):
        return WITHIN
    if layer.class_name in CONVOLUTIONS:
        return LAYER
    return DENSE if layer.class_name == "Dense" else "#ffffff"


def _small(layer: Layer, room: float) -> _Slab:
    """A layer below a card: its words, its parameters where it has some, a new shape."""
    texts = _lines(small(layer), room, 2)
    if layer.output_shape != layer.input_shape:
        texts.append(_Text(numbers.shape(layer.output_shape), right=True))
    outline: Outline = "training" if in_training_only(layer) else "frozen" if frozen(layer) else "plain"
    if layer.parameters:
        count = numbers.thousands(layer.parameters)
        beside = text_width(f"{texts[0].text} {count}", SMALL) <= room
        texts += [] if beside else [_Text(count, right=True, count=True)]
        return _Slab(tuple(texts), "#ffffff", outline, parameters=layer.parameters if beside else 0)
    return _Slab(tuple(texts), "#ffffff", outline)


def _draw(figure: Figure, axes: Axes, card: _Card, left: float, top: float) -> None:
    for number in range(card.behind, 0, -1):
        step = _STEP * number
        _box(axes, (left + step, top + step), (card.width, card.slabs[0].height), WITHIN, "plain")
    for slab in card.slabs:
        _box(axes, (left, top), (card.width, slab.height), slab.fill, slab.outline)
        down = top + (2.2 if slab.head else 0.8)
        for line in slab.lines:
            down += line.height
            right = left + card.width - _PAD
            write(
                figure, right if line.right else left + _PAD, down - 2.2, line.text,
                size=NORMAL if line.heading else SMALL, weight=600 if line.heading else 400,
                color=MUTED if line.right and not line.count else INK,
                align="right" if line.right else "left",
            )  # fmt: skip
        if slab.share is not None:
            _foot(figure, axes, slab, (left, down, card.width))
        elif slab.parameters:
            write(
                figure, left + card.width - _PAD, top + 0.8 + _LINE - 2.2, numbers.thousands(slab.parameters),
                size=SMALL, color=INK, align="right",
            )  # fmt: skip
        top += slab.height


def _foot(figure: Figure, axes: Axes, slab: _Slab, place: tuple[float, float, float]) -> None:
    """The bar for the part of all parameters, and the number beside it; `place` is left, top and width."""
    assert slab.share is not None
    left, top, wide = place
    write(
        figure, left + wide - _PAD, top + _LINE - 2.2, numbers.thousands(slab.parameters),
        size=SMALL, align="right",
    )  # fmt: skip
    start, middle = left + _PAD, top + 0.5 * _LINE
    axes.add_patch(
        _rectangle(start, middle - 1.6, _BAR, 3.2, facecolor="#ffffff", edgecolor=MUTED, linewidth=0.4)
    )
    axes.add_patch(_rectangle(start, middle - 1.6, _BAR * slab.share, 3.2, facecolor=INK, edgecolor="none"))


def _box(
    axes: Axes, place: tuple[float, float], size: tuple[float, float], fill: str, outline: Outline
) -> None:
    width, dashes = _OUTLINES[outline]
    look = {"facecolor": fill, "edgecolor": MUTED, "linewidth": width, "linestyle": dashes}
    axes.add_patch(_rectangle(*place, *size, **look))


def _rectangle(left: float, top: float, width: float, height: float, **look: Any) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((left, top), width, height, clip_on=False, **look)


def _arrow(axes: Axes, path: Sequence[tuple[float, float]]) -> None:
    """A line along `path`, with a head at its end."""
    across, down = zip(*path, strict=True)
    axes.plot(
        [*across[:-1], across[-1] - 2],
        down,
        color=MUTED,
        linewidth=0.8,
        clip_on=False,
        solid_joinstyle="miter",
    )
    axes.plot(
        [across[-1] - 2.4], [down[-1]], ">", color=MUTED, markersize=4, markeredgewidth=0, clip_on=False
    )


def _lead_on(axes: Axes, last: float, top: float, height: float) -> None:
    """The line from the last card of a row, which ends at `last`, to the first of the next one."""
    below, end = top + height + _BETWEEN / 2, top + height + _BETWEEN + _ARROW
    right = [(last, top + _ARROW), (last + 6, top + _ARROW), (last + 6, below)]
    _arrow(axes, [*right, (3, below), (3, end), (_EDGE, end)])
