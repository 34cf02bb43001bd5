"""Accuracy against the number of parameters: what a better result costs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from reportgen.analysis import numbers, words
from reportgen.analysis.metrics import by_data_set, ranks
from reportgen.figures import scales
from reportgen.figures.cost_key import KEY, MARK, WIDTH, Entry, key_lines, write_key
from reportgen.figures.style import (
    GRID,
    INK,
    MUTED,
    SMALL,
    canvas,
    fitted,
    look,
    mark_size,
    panel,
    styled,
    text_width,
    write,
)
from reportgen.records import Record
from reportgen.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEIGHT = 210.0
_GAP, _LEFT = 22.0, 24.0
_HEADING, _FOOT = 22.0, 24.0
_MOST_PANELS = 2
_NEAR = (7.0, 10.0, 14.0, 19.0, 25.0)

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in points."""


@dataclass(frozen=True)
class Point:
    """A run in a panel."""

    label: str
    title: str
    section: str
    parameters: int
    accuracy: float
    on_test: bool = False


@styled
def accuracy_against_cost(results: Sequence[Result], sections: Mapping[str, str]) -> Figure:
    """Draw validation accuracy against parameters, a panel per data set (468 × 210 pt for two).

    Sections differ by shape and colour; a run's number is its rank in the comparison table. The
    grey steps join the runs that no smaller one equals in accuracy (the Pareto front).
    """
    groups = _groups(results)
    rows = max(1, math.ceil(len(groups) / _MOST_PANELS))
    titles = {r.row.section: sections.get(r.row.section, r.row.section) for r in results}
    looks = look([result.row.section for result in results])
    key = key_lines(_key_entries(titles, groups, looks))
    figure = canvas(WIDTH, HEIGHT * rows + KEY * max(0, len(key) - 1))
    write_key(figure, key)
    columns = min(len(groups), _MOST_PANELS) or 1
    wide = (WIDTH - (columns - 1) * _GAP) / columns
    for number, (name, points) in enumerate(groups.items()):
        left = number % columns * (wide + _GAP)
        top = KEY * len(key) + number // columns * HEIGHT
        height = HEIGHT - KEY
        _draw_panel(figure, name, points, (left, top, left + wide, top + height), looks)
    return figure


def _groups(results: Sequence[Result]) -> dict[str, list[Point]]:
    places = ranks(results)
    return {
        name: [_point(result, record, places[result.row.id].rank) for result, record in group]
        for name, group in by_data_set(results).items()
    }


def _point(result: Result, record: Record, rank: int) -> Point:
    accuracy = 100 * record.evaluation["validation"]["accuracy"]
    return Point(
        str(rank),
        result.row.title,
        result.row.section,
        max(1, record.total_params),
        accuracy,
        record.data.validated_on_test,
    )


def front(points: Sequence[Point]) -> list[Point]:
    """The points that none with as few parameters or fewer equals in accuracy, smallest first."""
    best: list[Point] = []
    for point in sorted(points, key=lambda p: (p.parameters, -p.accuracy)):
        if not best or point.accuracy > best[-1].accuracy:
            best.append(point)
    return best


def _key_entries(
    titles: Mapping[str, str],
    groups: Mapping[str, Sequence[Point]],
    looks: Mapping[str, tuple[str, str]],
) -> list[Entry]:
    """Sections by their marks, and what the numbers and the grey line are, where there are any."""
    entries = [Entry(fitted(title, 160), looks[section]) for section, title in titles.items()]
    points = [point for group in groups.values() for point in group]
    if points:
        chosen_by = "" if any(point.on_test for point in points) else " by validation"
        entries.append(Entry(f"rank{chosen_by}", "1, 2, …"))
    if any(len(front(group)) > 1 for group in groups.values()):
        entries.append(Entry("no smaller network does better", "line"))
    return entries


def _draw_panel(
    figure: Figure, name: str, points: Sequence[Point], box: Box, looks: Mapping[str, tuple[str, str]]
) -> None:
    left, top, right, bottom = box
    write(figure, left, top + 10, words.data_set(name), weight=600)
    write(figure, left, top + 19, f"{_measure(points)}, %", size=SMALL, color=MUTED)
    # The last tick label is centred on its tick, which may be the very end of the axis.
    end = max(text_width(numbers.thousands(round(mark)), SMALL) for mark in _size_marks(points)) / 2
    inner: Box = (left + _LEFT, top + _HEADING + 4, right - max(4.0, end + 1), bottom - _FOOT)
    axes = panel(figure, inner[0], inner[1], inner[2] - inner[0], inner[3] - inner[1])
    _scale(axes, points)
    steps = front(points)
    if len(steps) > 1:
        axes.step(
            [p.parameters for p in steps],
            [p.accuracy for p in steps],
            where="post",
            color=MUTED,
            alpha=0.6,
            linewidth=0.6,
        )
    for point in points:
        color, shape = looks[point.section]
        axes.plot(
            [point.parameters], [point.accuracy], shape, color=color, markersize=mark_size(shape, MARK),
            markeredgewidth=0, clip_on=False,
        )  # fmt: skip
    write(figure, right, bottom - 3, "parameters (log scale)", size=SMALL, color=MUTED, align="right")
    _write_labels(figure, axes, points, inner, box)


def _measure(points: Sequence[Point]) -> str:
    """What the accuracy was measured on: runs validated on the test set are told apart."""
    if all(point.on_test for point in points):
        return "Test accuracy"
    return "Validation accuracy" + (", of some on the test set" if any(p.on_test for p in points) else "")


def _size_range(points: Sequence[Point]) -> tuple[float, float]:
    sizes = [point.parameters for point in points]
    return min(sizes) / 1.25, max(sizes) * 1.25


def _size_marks(points: Sequence[Point]) -> list[float]:
    """Ticks of the axis of parameters."""
    marks = scales.log_ticks(*_size_range(points))
    return marks if len(marks) > 1 else sorted({float(point.parameters) for point in points})


def _scale(axes: Axes, points: Sequence[Point]) -> None:
    scores = [point.accuracy for point in points]
    axes.set_xscale("log")
    axes.set_xlim(_size_range(points))
    marks = _size_marks(points)
    axes.set_xticks(marks, [numbers.thousands(round(mark)) for mark in marks])
    axes.set_xticks([], minor=True)
    margin = 0.08 * (max(scores) - min(scores))
    levels = scales.ticks(max(0.0, min(scores) - margin), min(100.0, max(scores) + margin), most=6)
    places = scales.decimals(levels)
    axes.set_yticks(levels, [numbers.decimal(level, places) for level in levels])
    axes.set_ylim(levels[0], levels[-1])
    axes.grid(axis="y", color=GRID, linewidth=0.5, clip_on=False)
    axes.set_axisbelow(True)


def _write_labels(figure: Figure, axes: Axes, points: Sequence[Point], inner: Box, box: Box) -> None:
    """Write each run's rank where it meets neither a mark nor another label, best ranks first."""
    low, high = (math.log(value) for value in axes.get_xlim())
    floor, roof = axes.get_ylim()
    centres = [
        (
            inner[0] + (inner[2] - inner[0]) * (math.log(p.parameters) - low) / (high - low),
            inner[3] - (inner[3] - inner[1]) * (p.accuracy - floor) / (roof - floor),
        )
        for p in points
    ]
    half = MARK / 2 + 0.4
    taken: list[Box] = [(x - half, y - half, x + half, y + half) for x, y in centres]
    taken += _steps([centres[points.index(point)] for point in front(points)])
    room: Box = (inner[0] - 2, box[1] + _HEADING - 2, box[2], inner[3] + 4)
    for number in sorted(range(len(points)), key=lambda n: int(points[n].label)):
        x, y = centres[number]
        text = points[number].label
        found = _free(x, y, text_width(text, SMALL), taken, room)
        if found is None:
            continue
        spot, far = found
        taken.append(spot)
        if far:
            _lead(figure, (x, y), ((spot[0] + spot[2]) / 2, (spot[1] + spot[3]) / 2))
        write(figure, (spot[0] + spot[2]) / 2, spot[3] - 1, text, size=SMALL, color=INK, align="center")


def _steps(corners: Sequence[tuple[float, float]]) -> list[Box]:
    """Boxes around the grey steps from corner to corner, across and then up."""
    boxes: list[Box] = []
    for (x, y), (next_x, next_y) in pairwise(corners):
        boxes.append((x, y - 0.4, next_x, y + 0.4))
        boxes.append((next_x - 0.4, next_y, next_x + 0.4, y))
    return boxes


def _free(x: float, y: float, wide: float, taken: Sequence[Box], room: Box) -> tuple[Box, bool] | None:
    """The nearest free place for a label around (x, y), and whether it needs a leader."""
    for distance in _NEAR:
        for angle in (0, -90, 90, 180, -45, 45, -135, 135, -22, 22, -68, 68, -112, 112, -158, 158):
            middle = x + (distance + wide / 2 - 2) * math.cos(math.radians(angle))
            height = y + distance * math.sin(math.radians(angle))
            spot = (middle - wide / 2 - 0.6, height - 3.6, middle + wide / 2 + 0.6, height + 3.6)
            inside = room[0] <= spot[0] and room[1] <= spot[1] and spot[2] <= room[2] and spot[3] <= room[3]
            if inside and not any(_overlap(spot, other) for other in taken):
                return spot, distance > _NEAR[1]
    return None


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


def describe_cost(results: Sequence[Result], sections: Mapping[str, str]) -> str:
    """Alternative text of `accuracy_against_cost`: the runs on each data set's front."""
    texts = [
        f"{_measure(points)} on {words.data_set(name)} against number of parameters: {_finding(points)}"
        for name, points in _groups(results).items()
    ]
    return " ".join(texts) or "No run has a result."


def _finding(points: Sequence[Point]) -> str:
    steps = front(points)
    if len(points) == 1:
        return f"one run, {_in_words(points[0])}."
    if len(steps) == 1:
        return f"no run is smaller or more accurate than {_in_words(steps[0])}."
    chain = "; ".join(_in_words(point) for point in steps)
    return f"{len(steps)} of {len(points)} runs have no smaller one as accurate: {chain}."


def _in_words(point: Point) -> str:
    size = numbers.counted(point.parameters, "parameter")
    return f"“{point.title}” ({numbers.decimal(point.accuracy, 2)} % with {size})"
