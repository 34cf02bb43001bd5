"""Validation curves of the rows that stand highest by validation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from reportgen import language
from reportgen.analysis import numbers, words
from reportgen.analysis.matrices import by_validation
from reportgen.analysis.metrics import places, validation_accuracy
from reportgen.figures import scales
from reportgen.figures.curves import frame
from reportgen.figures.multiple_words import penalty_note
from reportgen.figures.notes import Area, x_of, y_of
from reportgen.figures.rows import chapter_looks
from reportgen.figures.seeds import Bundle, Curve, bundle
from reportgen.figures.style import (
    MUTED,
    SMALL,
    apart,
    canvas,
    fitted,
    mark_size,
    panel,
    styled,
    text_width,
    wrapped,
    write,
)
from reportgen.figures.top_curve_words import (
    PLACED_BY_TEST,
    caption_top_curves,
    describe_top_curves,
    highest_rows,
    runs,
    which_rows,
)
from reportgen.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["caption_top_curves", "describe_top_curves", "top_curves"]

WIDTH = 468.0
_LEFT, _LABELS, _BETWEEN = 24.0, 16.0, 10.0
_PANEL, _TOP, _FOOT = 118.0, 17.0, 14.0
_KEY, _LINE = 10.5, 8.5
_CHAPTER, _VALUE = 290.0, 44.0
"""Where the chapters begin in the key, and the width of what stands right of them."""
_DASHES: tuple[str | tuple[float, tuple[float, ...]], ...] = (
    "-", (0, (4.0, 1.8)), (0, (1.2, 1.4)), (0, (6.0, 1.5, 1.2, 1.5)), (0, (9.0, 2.0)),
    (0, (6.0, 1.5, 1.2, 1.5, 1.2, 1.5)), (0, (2.5, 3.0)),
)  # fmt: skip
"""Colour and shape are the chapter's: its rows differ by dash, and have their number at their end."""
_FIRST = 1 / 3
"""Share of a row's epochs that the panels leave out where they would press the rest together."""
_MARK, _WIDTH_OF_LINE = 3.8, 1.1
_BESIDE, _AWAY, _GAP = 4.0, 9.0, 8.0
"""Points from a curve's end to its number, and where the number had to move; from number to number."""

Look = tuple[str, str, "str | tuple[float, tuple[float, ...]]"]
"""Colour, shape and dash of a row."""


@styled
def top_curves(results: Sequence[Result], sections: Mapping[str, str]) -> Figure:
    """Draw validation accuracy and loss by epoch of the rows highest by validation (468 pt wide).

    Two panels with the order by validation accuracy at the end of each line, and a key with the titles
    in full below. Colours and shapes are those of the chapters. A row with several seeds is shown by
    their mean. A row validated on the test set shows its test curves, and the heads say so.

    Parameters
    ----------
    results : sequence of Result
        Of one data set, at least one with a record.
    sections : mapping of str to str
        Titles of the chapters by id, in the order of the file.
    """
    rows = highest_rows(results)
    notes = wrapped(_note(rows, results), WIDTH - 2, 3, SMALL)
    key = _TOP + _PANEL + _FOOT + 4
    figure = canvas(WIDTH, key + _KEY * len(rows) + _LINE * len(notes) + 5)
    wide = (WIDTH - _BETWEEN) / 2
    looks = _looks(rows, chapter_looks(results, sections))
    numbered = places(results)
    ordered = [numbers.thousands(numbered[row.row.id]) for row in rows]
    heads = _heads(_held(rows))
    for number, (name, factor, head) in enumerate(
        (("val_accuracy", 100.0, heads[0]), ("val_loss", 1.0, heads[1]))
    ):
        left = number * (wide + _BETWEEN)
        curves = [bundle(row.records, name, factor) for row in rows]
        _draw_panel(figure, curves, looks, (left, wide), (head, name == "val_loss"), ordered)
    for number, (row, own) in enumerate(zip(rows, looks, strict=True)):
        chapter = sections.get(row.row.section, row.row.section)
        _write_key(figure, (ordered[number], key + _KEY * number), row, own, chapter)
    for number, text in enumerate(notes):
        write(figure, 0, key + _KEY * len(rows) + 7 + _LINE * number, text, size=SMALL, color=MUTED)
    return figure


def _looks(rows: Sequence[Result], chapters: Mapping[str, tuple[str, str]]) -> list[Look]:
    """Colour and shape of each row's chapter, and a dash of its own within that."""
    found: list[Look] = []
    met: dict[str, int] = {}
    for row in rows:
        place = met.get(row.row.section, 0)
        met[row.row.section] = place + 1
        found.append((*chapters[row.row.section], _DASHES[place]))
    return found


def _held(rows: Sequence[Result]) -> set[str]:
    return {words.held_out(record) for row in rows for record in row.records}


def _heads(held: set[str]) -> tuple[str, str]:
    """What the panels show, by what the rows were validated on."""
    if held == {"test"}:
        return language.text("Test accuracy, %"), language.text("Test loss")
    if len(held) > 1:
        return (
            language.text("Validation accuracy, of some on the test set, %"),
            language.text("Validation loss, of some on the test set"),
        )
    return language.text("Validation accuracy, %"), language.text("Validation loss")


def _draw_panel(
    figure: Figure,
    curves: Sequence[Bundle],
    looks: Sequence[Look],
    place: tuple[float, float],
    what: tuple[str, bool],
    ordered: Sequence[str],
) -> None:
    """Draw a panel at `place` (left, width) of `what` (its head, whether the curves fall)."""
    (left, wide), (head, falling) = place, what
    write(figure, left, 8, head, weight=600)
    axes = panel(figure, left + _LEFT, _TOP, wide - _LEFT - _LABELS, _PANEL)
    low, high = _shown(curves, falling)
    marks = scales.ticks(low, high if falling else min(high, 100.0), most=6)
    longest = max(curve.longest for curve in curves)
    axes.set_xlim((1, longest) if longest > 1 else (0, 2))
    axes.set_ylim(marks[0], marks[-1])
    frame(axes, marks)
    for number, (curve, own) in enumerate(zip(curves, looks, strict=True)):
        _draw_line(axes, curve, own, 3 - 0.1 * number)
    area = Area(left + _LEFT, _TOP, wide - _LEFT - _LABELS, _PANEL)
    _number_lines(figure, axes, area, curves, [color for color, _, _ in looks], ordered)
    _label_epochs(figure, longest, left + _LEFT, left + wide - _LABELS)


def _draw_line(axes: Axes, curve: Bundle, own: Look, order: float) -> None:
    color, shape, dash = own
    known = np.isfinite(curve.mean)
    axes.plot(
        np.arange(1, len(curve.mean) + 1),
        np.where(known, curve.mean, np.nan),
        color=color,
        linestyle=dash,
        linewidth=_WIDTH_OF_LINE,
        zorder=order,
    )
    at, value = _end(curve)
    axes.plot(
        [at], [value], shape, color=color, markersize=mark_size(shape, _MARK), markeredgewidth=0,
        clip_on=False, zorder=4,
    )  # fmt: skip


def _end(curve: Bundle) -> tuple[int, float]:
    """Where a line ends: its last epoch with a number, NaN where it has none."""
    known = np.flatnonzero(np.isfinite(curve.mean))
    return (int(known[-1]) + 1, float(curve.mean[known[-1]])) if len(known) else (1, float("nan"))


def _shown(curves: Sequence[Bundle], falling: bool) -> tuple[float, float]:
    """Smallest and largest value of the axis: the first epochs are left out where they reach far beyond."""
    low, high = _range([curve.mean for curve in curves])
    near, far = _range([curve.mean[int(_FIRST * len(curve.mean)) :] for curve in curves])
    if high - low <= 1.6 * (far - near) or near == far:
        return low, high
    return (low, far) if falling else (near, high)


def _range(found: Sequence[Curve]) -> tuple[float, float]:
    values = np.concatenate(found)
    values = values[np.isfinite(values)]
    return (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)


def _number_lines(
    figure: Figure,
    axes: Axes,
    area: Area,
    curves: Sequence[Bundle],
    colors: Sequence[str],
    ordered: Sequence[str],
) -> None:
    """The order by validation right at each line's end; a dotted grey leader only where two would collide."""
    from matplotlib.patches import Rectangle

    low, high = axes.get_ylim()
    ends = [_end(curve) for curve in curves]
    shown = [min(max(value, low), high) if np.isfinite(value) else low for _, value in ends]
    across = [float(x_of(axes, area, at)) for at, _ in ends]
    down = [float(y_of(axes, area, value)) for value in shown]
    moved = _clear(across, down)
    over = panel(figure, area.left, area.top, area.width, area.height)
    over.set_axis_off()
    over.set_xlim(0, area.width)
    over.set_ylim(area.height, 0)
    for x, y, place, text, color in zip(across, down, moved, ordered, colors, strict=True):
        aside = abs(place - y) > 0.5
        if aside:
            over.plot(
                [x - area.left + 1.5, x - area.left + _AWAY - 1], [y - area.top, place - area.top],
                color=MUTED, linewidth=0.5, linestyle=(0, (0.8, 1.2)), clip_on=False,
            )  # fmt: skip
        left = x + (_AWAY if aside else _BESIDE)
        if x < area.left + area.width - 1:  # other curves go on behind it
            ground = (left - area.left - 0.6, place - area.top - 3.1), text_width(text, weight=600) + 1.2, 6.2
            over.add_patch(Rectangle(*ground, facecolor="#ffffff", edgecolor="none"))
        write(figure, left, place + 2.5, text, color=color, weight=600)


def _clear(across: Sequence[float], down: Sequence[float]) -> list[float]:
    """Heights of the numbers: moved apart where the curves end close to each other."""
    found = list(down)
    for x in sorted(set(across)):
        near = [place for place in range(len(across)) if abs(across[place] - x) < _AWAY + 4]
        heights = apart([found[place] for place in near], _GAP, _TOP + 1, _TOP + _PANEL - 1)
        for place, height in zip(near, heights, strict=True):
            found[place] = height
    return found


def _label_epochs(figure: Figure, count: int, left: float, right: float) -> None:
    bottom = _TOP + _PANEL + 10
    for epoch in scales.epochs(count):
        at = (left + right) / 2 if count == 1 else left + (right - left) * (epoch - 1) / (count - 1)
        write(figure, at, bottom, numbers.thousands(epoch), size=SMALL, color=MUTED, align="center")


def _write_key(figure: Figure, place: tuple[str, float], row: Result, own: Look, chapter: str) -> None:
    """A line of the key at `place` (its number, top): line, title, chapter and accuracy."""
    (number, top), (color, shape, dash) = place, own
    axes = panel(figure, 10, top, 22, _KEY)
    axes.set_axis_off()
    axes.plot([0, 1], [0.5, 0.5], color=color, linestyle=dash, linewidth=_WIDTH_OF_LINE)
    axes.plot(
        [1], [0.5], shape, color=color, markersize=mark_size(shape, _MARK), markeredgewidth=0, clip_on=False
    )
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    baseline = top + _KEY / 2 + 2.5
    write(figure, 0, baseline, number, color=color, weight=600)
    write(figure, WIDTH, baseline, numbers.percentage(validation_accuracy(row)), align="right")
    write(figure, 38, baseline, fitted(row.row.title, _CHAPTER - 38 - 8))
    chapter = fitted(chapter, WIDTH - _VALUE - _CHAPTER, SMALL)
    write(figure, _CHAPTER, baseline, chapter, size=SMALL, color=MUTED)


def _note(rows: Sequence[Result], results: Sequence[Result]) -> str:
    """Which rows where these are not all, what the lines are, and what is not to be seen."""
    every = runs(results)
    parts = [which_rows(rows, results)] if len(every) > len(rows) else []
    if len(every) < len(by_validation(results)):
        parts.append(language.text("Rows that are one run are counted once."))
    if any(row.repeated for row in rows):
        parts.append(language.text("Rows with several seeds: means."))
    if "test" in _held(rows):
        parts.append(language.text(PLACED_BY_TEST))
    parts.append(language.text("Horizontal axis: epochs."))
    parts += penalty_note(rows)
    curves = {name: [bundle(row.records, name) for row in rows] for name in ("val_accuracy", "val_loss")}
    if any(
        _shown(found, name == "val_loss") != _range([c.mean for c in found]) for name, found in curves.items()
    ):
        parts.append(language.text("Parts of the first epochs lie outside of the panels."))
    return " ".join(parts)
