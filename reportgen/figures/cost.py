"""Accuracy against what it costs: parameters, multiply-adds, seconds of training."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from reportgen import language
from reportgen.analysis import costs, numbers, words
from reportgen.analysis.costs import MEASURES, Measure
from reportgen.figures import scales
from reportgen.figures.cost_key import KEY, MARK, WIDTH, Entry, key_lines, write_key
from reportgen.figures.cost_labels import Box, write_labels
from reportgen.figures.cost_marks import (
    FIRST,
    Mark,
    axis,
    corners,
    describe_cost,
    describe_cost_panels,
    front,
    groups,
    marks_of,
    measured,
    not_known,
    not_shown,
    numbered,
    order_text,
)
from reportgen.figures.rows import chapter_looks
from reportgen.figures.style import (
    GRID,
    MUTED,
    SMALL,
    canvas,
    fitted,
    mark_size,
    panel,
    styled,
    text_width,
    told_apart,
    wrapped,
    write,
)
from reportgen.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "Mark",
    "accuracy_against_cost",
    "cost_panels",
    "describe_cost",
    "describe_cost_panels",
    "front",
]

HEIGHT, LOW = 210.0, 150.0
_LEAST_HEIGHT, _LEAST_LOW = 150.0, 112.0
_TALLEST = 610.0
"""Points that a page has for a figure and its caption, on the shorter paper."""
_GAP, _NARROW_GAP, _LEFT = 22.0, 20.0, 24.0
_HEADING, _FOOT = 22.0, 24.0
_MOST_PANELS = 2
_WIDE_MARKS, _NARROW_MARKS = 40, 24
"""Marks of a panel that all have their number; of more only the front and the first rows have one."""
Looks = Mapping[str, tuple[str, str]]
"""Colour and shape of each section."""


@dataclass(frozen=True)
class Frame:
    """What the panels of a data set share.

    Parameters
    ----------
    title, measured : str
        The data set, and what the accuracy was measured on.
    levels : tuple of float
        Ticks of the accuracy.
    some : bool
        Only the front and the first rows are numbered.
    """

    title: str
    measured: str
    levels: tuple[float, ...]
    some: bool


@styled
def accuracy_against_cost(results: Sequence[Result], sections: Mapping[str, str]) -> Figure:
    """Draw validation accuracy against parameters, a panel per data set (468 × 210 pt for two).

    Sections differ by shape and colour; a row's number is its place in the comparison table, which is no
    result where ranks overlap. The grey steps join the rows on the Pareto front: any row with a higher
    accuracy has more parameters, any with fewer has a lower one. Of very many rows only those on the
    front and the first ten are numbered, and the key says so.
    """
    panels = {name: marks_of(group, results, "parameters") for name, group in groups(results).items()}
    looks = chapter_looks(results, sections)
    key, lines, height = _plan(
        results, sections, [[marks] for marks in panels.values()], (HEIGHT, _LEAST_HEIGHT), _MOST_PANELS
    )
    figure = canvas(WIDTH, height * max(1, lines) + KEY * max(0, len(key) - 1))
    write_key(figure, key)
    columns = min(len(panels), _MOST_PANELS) or 1
    wide = (WIDTH - (columns - 1) * _GAP) / columns
    for number, (name, marks) in enumerate(list(panels.items())[: lines * columns]):
        left = number % columns * (wide + _GAP)
        top = KEY * len(key) + number // columns * height
        box = (left, top, left + wide, top + height - KEY)
        frame = _frame(name, marks, crowded([[marks] for marks in panels.values()], _WIDE_MARKS))
        _draw_panel(figure, marks, box, looks, "parameters", frame)
    return figure


@styled
def cost_panels(results: Sequence[Result], sections: Mapping[str, str]) -> Figure:
    """Draw validation accuracy against parameters, multiply-adds and seconds, a line per data set.

    The panels of a data set share their scale of accuracy. Seconds are left out where the runs did not
    have the machine to themselves in the same way, or where one and the same training took much longer
    when it was run again; the reason stands in their place.
    """
    looks = chapter_looks(results, sections)
    drawn = {
        name: {measure: marks_of(group, results, measure) for measure in MEASURES}
        for name, group in groups(results).items()
    }
    all_marks = [list(panels.values()) for panels in drawn.values()]
    key, lines, height = _plan(results, sections, all_marks, (LOW, _LEAST_LOW), 1)
    figure = canvas(WIDTH, height * max(1, lines) + KEY * max(0, len(key) - 1))
    write_key(figure, key)
    wide = (WIDTH - _LEFT - 2 * _NARROW_GAP) / 3
    reasons = costs.unlike_notes(results)
    for number, (name, panels) in enumerate(list(drawn.items())[:lines]):
        top = KEY * len(key) + number * height
        frame = _frame(name, panels["parameters"], crowded(all_marks, _NARROW_MARKS))
        for place, measure in enumerate(MEASURES):
            left = 0.0 if not place else _LEFT + place * (wide + _NARROW_GAP)
            box = (left, top, _LEFT + place * (wide + _NARROW_GAP) + wide, top + height - KEY)
            if panels[measure]:
                _draw_panel(figure, panels[measure], box, looks, measure, frame, first=not place)
            else:
                _explain_gap(figure, box, reasons.get(name, not_known(measure)))
    return figure


Key = list[list[tuple[Entry, float]]]


def _plan(
    results: Sequence[Result],
    sections: Mapping[str, str],
    panels: Sequence[Sequence[Sequence[Mark]]],
    heights: tuple[float, float],
    columns: int,
) -> tuple[Key, int, float]:
    """The key, how many lines of panels a page holds below it, and the height of each."""
    looks = chapter_looks(results, sections)
    most = _WIDE_MARKS if columns > 1 else _NARROW_MARKS
    entries = _key_entries(results, sections, panels, looks, crowded(panels, most))
    key = key_lines(entries)
    wanted = math.ceil(len(panels) / columns)
    room = _TALLEST - KEY * max(0, len(key) - 1)
    tall, least = heights
    height = max(least, min(tall, room / max(1, wanted)))
    lines = min(wanted, int(room // height))
    left_out = len(panels) - lines * columns
    return (key if left_out <= 0 else key_lines([*entries, not_shown(left_out)])), lines, height


def crowded(panels: Sequence[Sequence[Sequence[Mark]]], most: int) -> bool:
    """Whether a panel has more marks than numbers find room beside."""
    return any(len(marks) > most for line in panels for marks in line)


def _key_entries(
    results: Sequence[Result],
    sections: Mapping[str, str],
    panels: Sequence[Sequence[Sequence[Mark]]],
    looks: Looks,
    some: bool,
) -> list[Entry]:
    """Sections by their marks, and what the numbers and the grey line are, where there are any."""
    own = list(dict.fromkeys(result.row.section for result in results))
    titles = told_apart([sections.get(section, section) for section in own], 160)
    entries = [Entry(title, looks[section]) for section, title in zip(own, titles, strict=True)]
    marks = [mark for line in panels for group in line for mark in group]
    if marks:
        entries.append(Entry(order_text(marks, FIRST if some else 0), "1, 2, …"))
    if any(corners(group) for line in panels for group in line):
        entries.append(Entry(language.text("Pareto front"), "line"))
    return entries


def _draw_panel(
    figure: Figure,
    marks: Sequence[Mark],
    box: Box,
    looks: Looks,
    measure: Measure,
    frame: Frame,
    first: bool = True,
) -> None:
    left, top, right, bottom = box
    if first:
        write(figure, left, top + 10, frame.title, weight=600)
        write(
            figure,
            left,
            top + 19,
            language.text("{accuracy}, %", accuracy=frame.measured),
            size=SMALL,
            color=MUTED,
        )
    start = left + (_LEFT if first else 0.0)
    ticks = _cost_ticks(marks, right - start)
    # The last tick label is centred on its tick, which may be the very end of the axis.
    end = max(text_width(_tick(mark), SMALL) for mark in ticks) / 2
    inner: Box = (start, top + _HEADING + 4, right - max(4.0, end + 1), bottom - _FOOT)
    axes = panel(figure, inner[0], inner[1], inner[2] - inner[0], inner[3] - inner[1])
    _scale(axes, marks, ticks, frame.levels, named=first)
    line = corners(marks)
    if line:
        axes.step(
            [x for x, _ in line], [y for _, y in line], where="post", color=MUTED, alpha=0.6, linewidth=0.6
        )
    for mark in marks:
        color, shape = looks[mark.section]
        axes.plot(
            [mark.cost], [mark.accuracy], shape, color=color, markersize=mark_size(shape, MARK + 0.4),
            markeredgecolor="#ffffff", markeredgewidth=0.4, clip_on=False,
        )  # fmt: skip
    text = fitted(axis(measure), right - left, SMALL)
    write(figure, right, bottom - 3, text, size=SMALL, color=MUTED, align="right")
    room: Box = (inner[0] - 2, top + _HEADING - 2, right, inner[3] + 4)
    named = numbered(marks) if frame.some else set(marks)
    spots = [(mark.cost, mark.accuracy, mark.label if mark in named else "") for mark in marks]
    write_labels(figure, axes, spots, line, inner, room)


def _explain_gap(figure: Figure, box: Box, reason: str) -> None:
    """Say in the middle of a panel's place why there is none."""
    left, top, right, bottom = box
    for number, line in enumerate(wrapped(reason, right - left - 8, most=6, size=SMALL)):
        write(figure, left + 4, (top + bottom) / 2 - 20 + 10 * number, line, size=SMALL, color=MUTED)


def _frame(name: str, marks: Sequence[Mark], some: bool) -> Frame:
    scores = [mark.accuracy for mark in marks]
    # A single row, or rows that are equal, stand in the middle of a point of accuracy.
    margin = max(0.08 * (max(scores) - min(scores)), 0.5 if max(scores) - min(scores) < 0.1 else 0.0)
    levels = scales.ticks(max(0.0, min(scores) - margin), min(100.0, max(scores) + margin), most=6)
    return Frame(words.data_set(name), measured(marks), tuple(levels), some)


def _cost_range(marks: Sequence[Mark]) -> tuple[float, float]:
    amounts = [mark.cost for mark in marks]
    return min(amounts) / 1.25, max(amounts) * 1.25


def _cost_ticks(marks: Sequence[Mark], wide: float) -> list[float]:
    """Ticks of the axis of costs, as many as there is room for."""
    ticks = scales.log_ticks(*_cost_range(marks))
    if len(ticks) < 2:
        ticks = sorted({float(mark.cost) for mark in marks})
    low, high = _cost_range(marks)
    widths = {tick: text_width(_tick(tick), SMALL) for tick in ticks}
    # The last label takes half its width from the axis.
    scale = (wide - widths[ticks[-1]] / 2) / math.log(high / low)

    def apart(one: float, other: float) -> bool:
        return scale * math.log(other / one) > (widths[one] + widths[other]) / 2 + 5

    powers = [tick for tick in ticks if math.log10(tick).is_integer()]
    for chosen in (ticks, powers):
        if len(chosen) > 1 and all(apart(*pair) for pair in pairwise(chosen)):
            return chosen
    kept = ticks[:1]
    for tick in ticks[1:]:
        if apart(kept[-1], tick):
            kept.append(tick)
    return kept


def _tick(value: float) -> str:
    return numbers.decimal(value, 0 if value >= 10 or value == int(value) else 1)


def _scale(
    axes: Axes, marks: Sequence[Mark], ticks: Sequence[float], levels: Sequence[float], named: bool
) -> None:
    axes.set_xscale("log")
    axes.set_xlim(_cost_range(marks))
    axes.set_xticks(ticks, [_tick(tick) for tick in ticks])
    axes.set_xticks([], minor=True)
    places = scales.decimals(levels)
    axes.set_yticks(levels, [numbers.decimal(level, places) if named else "" for level in levels])
    axes.set_ylim(levels[0], levels[-1])
    axes.grid(axis="y", color=GRID, linewidth=0.5, clip_on=False)
    axes.set_axisbelow(True)
