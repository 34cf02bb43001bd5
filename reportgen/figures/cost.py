"""Accuracy against what it costs: parameters, multiply-adds, seconds of training."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from reportgen.analysis import costs, numbers, words
from reportgen.analysis.costs import MEASURES, Measure
from reportgen.figures import scales
from reportgen.figures.cost_key import KEY, MARK, WIDTH, Entry, key_lines, write_key
from reportgen.figures.cost_labels import Box, write_labels
from reportgen.figures.cost_marks import (
    AXIS,
    Mark,
    corners,
    describe_cost,
    describe_cost_panels,
    front,
    groups,
    marks_of,
    measured,
)
from reportgen.figures.style import (
    GRID,
    MUTED,
    SMALL,
    canvas,
    fitted,
    look,
    mark_size,
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

__all__ = [
    "Mark",
    "accuracy_against_cost",
    "cost_panels",
    "describe_cost",
    "describe_cost_panels",
    "front",
]

HEIGHT, LOW = 210.0, 150.0
_GAP, _NARROW_GAP, _LEFT = 22.0, 20.0, 24.0
_HEADING, _FOOT = 22.0, 24.0
_MOST_PANELS = 2
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
    """

    title: str
    measured: str
    levels: tuple[float, ...]


@styled
def accuracy_against_cost(results: Sequence[Result], sections: Mapping[str, str]) -> Figure:
    """Draw validation accuracy against parameters, a panel per data set (468 × 210 pt for two).

    Sections differ by shape and colour; a row's number is its place in the comparison table, which is no
    result where ranks overlap. The grey steps join the rows on the Pareto front: any row with a higher
    accuracy has more parameters, any with fewer has a lower one.
    """
    panels = {name: marks_of(group, results, "parameters") for name, group in groups(results).items()}
    looks = look([result.row.section for result in results])
    key = key_lines(_key_entries(results, sections, list(panels.values()), looks))
    rows = max(1, math.ceil(len(panels) / _MOST_PANELS))
    figure = canvas(WIDTH, HEIGHT * rows + KEY * max(0, len(key) - 1))
    write_key(figure, key)
    columns = min(len(panels), _MOST_PANELS) or 1
    wide = (WIDTH - (columns - 1) * _GAP) / columns
    for number, (name, marks) in enumerate(panels.items()):
        left = number % columns * (wide + _GAP)
        top = KEY * len(key) + number // columns * HEIGHT
        box = (left, top, left + wide, top + HEIGHT - KEY)
        _draw_panel(figure, marks, box, looks, "parameters", _frame(name, marks))
    return figure


@styled
def cost_panels(results: Sequence[Result], sections: Mapping[str, str]) -> Figure:
    """Draw validation accuracy against parameters, multiply-adds and seconds, a line per data set.

    The panels of a data set share their scale of accuracy. Seconds are left out where the runs did not
    have the machine to themselves in the same way, or where one and the same training took much longer
    when it was run again; the reason stands in their place.
    """
    looks = look([result.row.section for result in results])
    drawn = {
        name: {measure: marks_of(group, results, measure) for measure in MEASURES}
        for name, group in groups(results).items()
    }
    key = key_lines(_key_entries(results, sections, [m for g in drawn.values() for m in g.values()], looks))
    figure = canvas(WIDTH, LOW * max(1, len(drawn)) + KEY * max(0, len(key) - 1))
    write_key(figure, key)
    wide = (WIDTH - _LEFT - 2 * _NARROW_GAP) / 3
    reasons = costs.unlike_notes(results)
    for number, (name, panels) in enumerate(drawn.items()):
        top = KEY * len(key) + number * LOW
        frame = _frame(name, panels["parameters"])
        for place, measure in enumerate(MEASURES):
            left = 0.0 if not place else _LEFT + place * (wide + _NARROW_GAP)
            box = (left, top, _LEFT + place * (wide + _NARROW_GAP) + wide, top + LOW - KEY)
            if panels[measure]:
                _draw_panel(figure, panels[measure], box, looks, measure, frame, first=not place)
            else:
                _explain_gap(figure, box, reasons.get(name, f"No row's {measure} are known."))
    return figure


def _key_entries(
    results: Sequence[Result],
    sections: Mapping[str, str],
    panels: Sequence[Sequence[Mark]],
    looks: Looks,
) -> list[Entry]:
    """Sections by their marks, and what the numbers and the grey line are, where there are any."""
    titles = {r.row.section: sections.get(r.row.section, r.row.section) for r in results}
    entries = [Entry(fitted(title, 160), looks[section]) for section, title in titles.items()]
    marks = [mark for group in panels for mark in group]
    if marks:
        chosen_by = "" if any(mark.on_test for mark in marks) else " by validation"
        entries.append(Entry(f"order{chosen_by}", "1, 2, …"))
    if any(corners(group) for group in panels):
        entries.append(Entry("Pareto front", "line"))
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
        write(figure, left, top + 19, f"{frame.measured}, %", size=SMALL, color=MUTED)
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
            [mark.cost], [mark.accuracy], shape, color=color, markersize=mark_size(shape, MARK),
            markeredgewidth=0, clip_on=False,
        )  # fmt: skip
    text = f"{AXIS[measure]} (log scale)"
    write(figure, right, bottom - 3, text, size=SMALL, color=MUTED, align="right")
    room: Box = (inner[0] - 2, top + _HEADING - 2, right, inner[3] + 4)
    spots = [(mark.cost, mark.accuracy, mark.label) for mark in marks]
    write_labels(figure, axes, spots, line, inner, room)


def _explain_gap(figure: Figure, box: Box, reason: str) -> None:
    """Say in the middle of a panel's place why there is none."""
    left, top, right, bottom = box
    for number, line in enumerate(wrapped(reason, right - left - 8, most=6, size=SMALL)):
        write(figure, left + 4, (top + bottom) / 2 - 20 + 10 * number, line, size=SMALL, color=MUTED)


def _frame(name: str, marks: Sequence[Mark]) -> Frame:
    scores = [mark.accuracy for mark in marks]
    margin = 0.08 * (max(scores) - min(scores))
    levels = scales.ticks(max(0.0, min(scores) - margin), min(100.0, max(scores) + margin), most=6)
    return Frame(words.data_set(name), measured(marks), tuple(levels))


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
