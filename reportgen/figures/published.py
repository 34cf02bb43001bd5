"""Published accuracies beside ours, a panel per data set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reportgen import language
from reportgen.analysis import numbers
from reportgen.experiments.schema import Protocol
from reportgen.figures.published_pairs import Groups, Pair, both_of, comparable, groups_of
from reportgen.figures.published_words import describe_published, measured, note
from reportgen.figures.rows import (
    FOOT,
    NOTE_LINE,
    WIDTH,
    cut,
    draw_interval,
    marks_for,
    notes,
    open_rows,
    write_notes,
    write_title,
)
from reportgen.figures.style import (
    HAIRLINE,
    INK,
    MUTED,
    SMALL,
    TRAINING,
    VALIDATION,
    canvas,
    fitted,
    styled,
    wrapped,
    write,
)
from reportgen.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["comparable", "describe_published", "published_scores"]

_NAMES, _LEFT, _RIGHT = 168.0, 178.0, 408.0
_HEADING, _PITCH, _BETWEEN = 20.0, 19.0, 8.0
_APART = 2.4
"""Theirs and ours stand this far over and under the middle of their row."""
_LEAST = 0.5
_TALLEST = 560.0
"""Points of the panels on a page that has room for their notes and a caption too."""


@styled
def published_scores(results: Sequence[Result], protocol: Protocol | None) -> Figure:
    """Draw the published accuracy of each row beside ours, with 95 % intervals (468 pt wide).

    Test accuracies, or, where no row has one of those, the highest validation accuracies of any epoch.
    Ours have Wilson's interval, or that of the mean over their seeds; published ones Wilson's where
    the number of their items is known. Only rows with both and on the same data are shown; of more
    than a page holds, those that lie furthest from the published figure.

    Parameters
    ----------
    results : sequence of Result
    protocol : Protocol or None
        How the published figures came about, as far as it is known.
    """
    groups = _shown(groups_of(results, protocol))
    beyond = any(cut(both_of(pairs), marks_for(both_of(pairs), _LEAST)) for _, pairs in groups)
    lines = notes(note(results, protocol, groups, beyond))
    heights = [_height(len(pairs)) for _, pairs in groups]
    figure = canvas(WIDTH, sum(heights) + NOTE_LINE * len(lines) + 3)
    top = 0.0
    for (heading, pairs), height in zip(groups, heights, strict=True):
        _draw_group(figure, heading, pairs, top, measured(results))
        top += height
    write_notes(figure, top, lines)
    return figure


def _height(pairs: int) -> float:
    return _HEADING + _PITCH * pairs + FOOT + _BETWEEN


def _shown(groups: Groups) -> Groups:
    """All pairs, or of more than a page holds those with the largest differences, in their order."""
    if sum(_height(len(pairs)) for _, pairs in groups) <= _TALLEST:
        return groups
    sizes = sorted((abs(pair.difference) for _, pairs in groups for pair in pairs), reverse=True)
    for count in range(len(sizes), 0, -1):
        least = sizes[count - 1]
        chosen = [(name, tuple(p for p in pairs if abs(p.difference) >= least)) for name, pairs in groups]
        kept = [(name, pairs) for name, pairs in chosen if pairs]
        if sum(_height(len(pairs)) for _, pairs in kept) <= _TALLEST:
            return kept
    return [(name, pairs[:1]) for name, pairs in groups[:1]]


def _draw_group(figure: Figure, heading: str, pairs: Sequence[Pair], top: float, what: str) -> None:
    write(figure, 0, top + 8, fitted(heading, _NAMES, weight=600), weight=600)
    write(figure, _LEFT, top + 8, what, size=SMALL, color=MUTED)
    column = wrapped(language.text("ours minus published, points"), WIDTH - _RIGHT + 6, 2, SMALL)
    for number, text in enumerate(column):
        write(figure, WIDTH, top + 8 * (number + 1), text, size=SMALL, color=MUTED, align="right")
    both = both_of(pairs)
    height = _PITCH * len(pairs)
    axes = open_rows(figure, (_LEFT, _RIGHT, top + _HEADING), height, marks_for(both, _LEAST))
    for number, pair in enumerate(pairs):
        middle = _PITCH * (number + 0.5)
        write_title(figure, _NAMES, top + _HEADING + middle, wrapped(pair.title, _NAMES))
        _draw_pair(axes, pair, middle)
        text = numbers.points(pair.difference)
        write(figure, WIDTH, top + _HEADING + middle + 2.5, text, color=INK, align="right")


def _draw_pair(axes: Axes, pair: Pair, middle: float) -> None:
    over, under = middle - _APART, middle + _APART
    axes.plot(
        [pair.theirs.value, pair.ours.value], [over, under], "-", color=HAIRLINE, linewidth=1.5, zorder=1.5
    )
    draw_interval(axes, over, pair.theirs, VALIDATION, 0.75)
    draw_interval(axes, under, pair.ours, TRAINING, 0.75)
    axes.plot(
        [pair.theirs.value], [over], "s", markerfacecolor="#ffffff", markeredgecolor=VALIDATION,
        markeredgewidth=1.0, markersize=3.6, clip_on=False, zorder=3,
    )  # fmt: skip
    axes.plot(
        [pair.ours.value],
        [under],
        "o",
        color=TRAINING,
        markersize=4,
        markeredgewidth=0,
        clip_on=False,
        zorder=3,
    )
