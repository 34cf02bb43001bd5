"""The numbers beside the marks of accuracy against cost: each where it covers nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise, product
from typing import TYPE_CHECKING

from reportgen.figures.cost_key import MARK
from reportgen.figures.style import INK, MUTED, SMALL, text_width, write

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in points."""
Spot = tuple[float, float, str]
"""Cost, accuracy, and the number to be written there."""

Point = tuple[float, float]

_NEAR = (7.0, 10.0, 14.0, 19.0, 25.0, 32.0)
_ANGLES = (0, -90, 90, 180, -45, 45, -135, 135, -22, 22, -68, 68, -112, 112, -158, 158)


def write_labels(
    figure: Figure,
    axes: Axes,
    spots: Sequence[Spot],
    steps: Sequence[tuple[float, float]],
    inner: Box,
    room: Box,
) -> None:
    """Write each number where it meets neither a mark nor another number, the lowest ones first.

    Parameters
    ----------
    spots : sequence of (cost, accuracy, number)
        Without a number the mark is only kept clear.
    steps : sequence of (cost, accuracy)
        Corners of the grey line, which is kept clear too.
    inner, room : Box
        The axes, and where numbers may stand.
    """
    low, high = (math.log(value) for value in axes.get_xlim())
    floor, roof = axes.get_ylim()

    def place(cost: float, accuracy: float) -> tuple[float, float]:
        return (
            inner[0] + (inner[2] - inner[0]) * (math.log(cost) - low) / (high - low),
            inner[3] - (inner[3] - inner[1]) * (accuracy - floor) / (roof - floor),
        )

    half = MARK / 2 + 0.4
    centres = [place(cost, accuracy) for cost, accuracy, _ in spots]
    taken: list[Box] = [(x - half, y - half, x + half, y + half) for x, y in centres]
    taken += _steps([place(*corner) for corner in steps])
    written = [number for number, (_, _, text) in enumerate(spots) if text]
    for number in sorted(written, key=lambda n: int(spots[n][2])):
        text = spots[number][2]
        others = [other for other in centres if math.dist(other, centres[number]) > 1]
        found = _free(centres[number], others, text_width(text, SMALL), taken, room)
        if found is None:
            continue
        spot, leader = found
        taken.append(spot)
        if leader:
            _lead(figure, centres[number], _middle(spot))
        write(figure, (spot[0] + spot[2]) / 2, spot[3] - 1, text, size=SMALL, color=INK, align="center")


def _steps(corners: Sequence[tuple[float, float]]) -> list[Box]:
    """Boxes around the grey steps from corner to corner, across and then up."""
    boxes: list[Box] = []
    for (x, y), (next_x, next_y) in pairwise(corners):
        boxes.append((x, y - 0.4, next_x, y + 0.4))
        boxes.append((next_x - 0.4, next_y, next_x + 0.4, y))
    return boxes


def _free(
    mark: Point, others: Sequence[Point], wide: float, taken: Sequence[Box], room: Box
) -> tuple[Box, bool] | None:
    """The nearest free place for a label of `mark`, and whether it needs a leader.

    A number that another mark is as near to would be read as that one's: it stands further off, with a
    leader that runs over no other mark.
    """
    spare: Box | None = None
    for distance, angle in product(_NEAR, _ANGLES):
        middle = mark[0] + (distance + wide / 2 - 2) * math.cos(math.radians(angle))
        height = mark[1] + distance * math.sin(math.radians(angle))
        spot = (middle - wide / 2 - 0.6, height - 3.6, middle + wide / 2 + 0.6, height + 3.6)
        inside = room[0] <= spot[0] and room[1] <= spot[1] and spot[2] <= room[2] and spot[3] <= room[3]
        if not inside or any(_overlap(spot, other) for other in taken):
            continue
        own = _reach(spot, mark)
        plain = distance <= _NEAR[1] and all(_reach(spot, other) > own + 1.2 for other in others)
        if plain or (distance > _NEAR[0] and _clear(mark, _middle(spot), others)):
            return spot, not plain
        if distance > _NEAR[1]:
            spare = spare or spot
    return None if spare is None else (spare, True)


def _middle(box: Box) -> Point:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _reach(box: Box, point: Point) -> float:
    """How far a point is from a box."""
    across = max(box[0] - point[0], 0.0, point[0] - box[2])
    down = max(box[1] - point[1], 0.0, point[1] - box[3])
    return math.hypot(across, down)


def _clear(start: Point, end: Point, others: Sequence[Point]) -> bool:
    """Whether a line from `start` to `end` passes by all other marks, those that overlap the first aside."""
    across, down = end[0] - start[0], end[1] - start[1]
    whole = across**2 + down**2
    for x, y in others:
        if math.dist((x, y), start) < MARK:
            continue
        along = min(1.0, max(0.0, ((x - start[0]) * across + (y - start[1]) * down) / whole))
        if math.hypot(start[0] + along * across - x, start[1] + along * down - y) < MARK / 2 + 0.6:
            return False
    return True


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _lead(figure: Figure, start: tuple[float, float], end: tuple[float, float]) -> None:
    """A thin line from a mark to its label."""
    from matplotlib.lines import Line2D

    across, down = figure.get_size_inches() * 72
    length = math.dist(start, end)
    cut = max(0.0, length - 4) / length
    stop = (start[0] + (end[0] - start[0]) * cut, start[1] + (end[1] - start[1]) * cut)
    figure.add_artist(
        Line2D(
            [start[0] / across, stop[0] / across],
            [1 - start[1] / down, 1 - stop[1] / down],
            color=MUTED,
            linewidth=0.4,
            transform=figure.transFigure,
        )
    )
