"""Published accuracies beside ours, a panel per data set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.analysis import numbers, words
from reportgen.analysis.metrics import by_data_set
from reportgen.analysis.scores import score
from reportgen.analysis.statistics import wilson
from reportgen.experiments.schema import Protocol
from reportgen.figures.rows import (
    FOOT,
    NOTE_LINE,
    WIDTH,
    Interval,
    cut,
    draw_interval,
    marks_for,
    notes,
    open_rows,
    write_notes,
    write_title,
)
from reportgen.figures.seeds import how_many
from reportgen.figures.style import (
    HAIRLINE,
    INK,
    MUTED,
    SMALL,
    TRAINING,
    VALIDATION,
    canvas,
    styled,
    wrapped,
    write,
)
from reportgen.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_NAMES, _LEFT, _RIGHT = 168.0, 178.0, 408.0
_HEADING, _PITCH, _BETWEEN = 20.0, 19.0, 8.0
_APART = 2.4
"""Theirs and ours stand this far over and under the middle of their row."""
_LEAST = 0.5
_OF_MEAN = "that of their mean, in which a single run need not lie"


@dataclass(frozen=True)
class _Pair:
    """A row's two accuracies in per cent."""

    title: str
    ours: Interval
    theirs: Interval
    seeds: int

    @property
    def difference(self) -> float:
        return (self.ours.value - self.theirs.value) / 100


@styled
def published_scores(results: Sequence[Result], protocol: Protocol | None) -> Figure:
    """Draw the published test accuracy of each row beside ours, with 95 % intervals (468 pt wide).

    Ours have Wilson's interval, or that of the mean over their seeds; published ones Wilson's where
    the size of their test set is known. Only rows with both and on the same data are shown.

    Parameters
    ----------
    results : sequence of Result
    protocol : Protocol or None
        How the published figures came about, as far as it is known.
    """
    groups = _groups(results, protocol)
    lines = notes(_note(results, protocol))
    heights = [_HEADING + _PITCH * len(pairs) + FOOT + _BETWEEN for _, pairs in groups]
    figure = canvas(WIDTH, sum(heights) + NOTE_LINE * len(lines) + 3)
    top = 0.0
    for (heading, pairs), height in zip(groups, heights, strict=True):
        _draw_group(figure, heading, pairs, top)
        top += height
    write_notes(figure, top, lines)
    return figure


def comparable(results: Sequence[Result]) -> tuple[Result, ...]:
    """Return the rows that have a published accuracy and ours, from the same data in full."""
    return tuple(result for result in _published(results) if not _otherwise(result))


def _published(results: Sequence[Result]) -> list[Result]:
    """The rows with a published accuracy."""
    return [r for r in results if r.row.published is not None and r.row.published.test_accuracy is not None]


def _otherwise(result: Result) -> bool:
    """Whether there is no accuracy of ours, or one on other or less data."""
    return result.record is None or result.record.data.stand_in or result.record.data.quick


def _groups(results: Sequence[Result], protocol: Protocol | None) -> list[tuple[str, tuple[_Pair, ...]]]:
    items = protocol.test_items if protocol else None
    found = []
    for name, group in by_data_set(comparable(results)).items():
        on_test = any(record.data.validated_on_test for _, record in group)
        heading = words.data_set(name) + (" (ours validated on its test set)" if on_test else "")
        found.append((heading, tuple(_pair(result, items) for result, _ in group)))
    return found


def _pair(result: Result, items: int | None) -> _Pair:
    published = result.row.published
    theirs = published.test_accuracy if published else None
    assert theirs is not None
    ours = score(result, "test_accuracy")
    ends = wilson(theirs * items, items) if items else (float("nan"), float("nan"))
    return _Pair(
        result.row.title,
        Interval(100 * ours.mean, 100 * ours.low, 100 * ours.high),
        Interval(100 * theirs, 100 * ends[0], 100 * ends[1]),
        ours.n,
    )


def _draw_group(figure: Figure, heading: str, pairs: Sequence[_Pair], top: float) -> None:
    write(figure, 0, top + 8, heading, weight=600)
    write(figure, _LEFT, top + 8, "Test accuracy, %", size=SMALL, color=MUTED)
    write(figure, WIDTH, top + 8, "ours minus", size=SMALL, color=MUTED, align="right")
    write(figure, WIDTH, top + 16, "published, points", size=SMALL, color=MUTED, align="right")
    both = _both(pairs)
    height = _PITCH * len(pairs)
    axes = open_rows(figure, (_LEFT, _RIGHT, top + _HEADING), height, marks_for(both, _LEAST))
    for number, pair in enumerate(pairs):
        middle = _PITCH * (number + 0.5)
        write_title(figure, _NAMES, top + _HEADING + middle, wrapped(pair.title, _NAMES))
        _draw_pair(axes, pair, middle)
        text = numbers.points(pair.difference)
        write(figure, WIDTH, top + _HEADING + middle + 2.5, text, color=INK, align="right")


def _draw_pair(axes: Axes, pair: _Pair, middle: float) -> None:
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


def _note(results: Sequence[Result], protocol: Protocol | None) -> str:
    """What the marks and lines are, and which rows are left out."""
    shown, left_out = comparable(results), [r for r in _published(results) if _otherwise(r)]
    if not _published(results):
        return "No row has a published accuracy."
    parts = []
    if shown:
        counts = [len(result.records) for result in shown if result.repeated]
        mean = f", mean of {how_many(counts)} where there are several" if counts else ""
        several = f"; over seeds {_OF_MEAN}" if counts else ""
        source = f" ({protocol.source})" if protocol and protocol.source else ""
        parts.append(f"Filled dots: ours{mean}. Hollow squares: published{source}.")
        parts.append(f"Lines: 95{numbers.NO_BREAK_SPACE}% intervals, from the number of test items{several}.")
        if protocol is None or protocol.test_items is None:
            parts.append("How many items the published ones were tested on is not known: they have none.")
        found = [_both(pairs) for _, pairs in _groups(results, protocol)]
        if any(cut(both, marks_for(both, _LEAST)) for both in found):
            parts.append("An arrow: the interval goes on.")
    if left_out:
        parts.append(
            f"{numbers.counted(len(left_out), 'row')} with a published accuracy"
            f" {'is' if len(left_out) == 1 else 'are'} not shown: no result, or on other or less data."
        )
    return " ".join(parts)


def _both(pairs: Sequence[_Pair]) -> list[Interval]:
    return [interval for pair in pairs for interval in (pair.ours, pair.theirs)]


def describe_published(results: Sequence[Result], protocol: Protocol | None) -> str:
    """Alternative text of `published_scores`: how far ours lie from the published ones.

    How many can be told apart is said once, in the text (`tables.agreement`).
    """
    pairs = [pair for _, group in _groups(results, protocol) for pair in group]
    if not pairs:
        return f"No accuracy of ours beside {numbers.counted(len(_published(results)), 'published one')}."
    ordered = sorted(pairs, key=lambda pair: pair.difference)
    counts = [pair.seeds for pair in pairs if pair.seeds > 1]
    seeds = f" (means of {how_many(counts)} where there are several)" if counts else ""
    if len(pairs) == 1:
        (pair,) = pairs
        return (
            f"Test accuracy of “{pair.title}”: {_per_cent(pair.ours.value)}{seeds}, 95 % interval"
            f" {_per_cent(pair.ours.low)} to {_per_cent(pair.ours.high)}; published"
            f" {_per_cent(pair.theirs.value)}."
        )
    return (
        f"Test accuracy of {numbers.counted(len(pairs), 'row')}, ours{seeds} minus published: from"
        f" {numbers.points(ordered[0].difference)} points (“{ordered[0].title}”) to"
        f" {numbers.points(ordered[-1].difference)} points (“{ordered[-1].title}”)."
    )


def _per_cent(value: float) -> str:
    return f"{numbers.decimal(value, 2)} %"
