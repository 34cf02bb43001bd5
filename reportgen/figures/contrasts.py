"""The differences of a declared family of comparisons, around zero."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from reportgen.analysis import numbers
from reportgen.analysis.contrasts import Family, FamilyLine
from reportgen.analysis.differences import Difference
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
from reportgen.figures.style import (
    INK,
    MUTED,
    SMALL,
    TRAINING,
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

_NAMES, _LEFT, _RIGHT, _VALUES = 158.0, 168.0, 344.0, 354.0
_HEADING, _PITCH = 24.0, 21.0
_UNDER = 4.5
"""Single seeds stand this far under their mean."""
_LEAST = 0.5
_MOST = 28
"""Comparisons that fit a page."""
_MEASURES = {"test_accuracy": "test accuracy", "validation_accuracy": "validation accuracy"}
_LINES = {
    "items": "{level} interval of the difference on the same items{alone}",
    "seeds": "{level} interval of the mean difference over the seeds{alone}",
    "points": "from the lowest to the highest end of the single seeds' {level} intervals",
    "pairs": "from the lowest to the highest end of the {level} intervals of the pairs of runs",
    "unpaired": "{level} interval of two figures that share neither items nor seeds",
}
_DIAMONDS = {
    "points": "the single seeds, too few for a test",
    "pairs": "the pairs of runs, each run of one row with each of the other",
}


@styled
def differences(results: Sequence[Result], family: Family) -> Figure:
    """Draw a family's differences in percentage points with their intervals around zero (468 pt wide).

    A filled dot is a difference that the family's correction leaves; a hollow one is none that could
    be told from zero, and the words beside it say so. Below five shared seeds each of them is
    shown, and so is each pair of runs where these are compared.

    Parameters
    ----------
    results : sequence of Result
        With the family's rows: their titles.
    family : Family
    """
    titles = {result.row.id: result.row.title for result in results}
    lines, found = _shown(family), notes(_note(family))
    figure = canvas(WIDTH, _HEADING + _PITCH * len(lines) + FOOT + NOTE_LINE * len(found) + 9)
    write(figure, 0, 8, f"Difference in {_MEASURES[family.contrast.measure]}, percentage points", weight=600)
    if family.reference is not None:
        text = fitted(f"each row minus {_reference(family, titles)}", WIDTH, SMALL)
        write(figure, 0, 17, text, size=SMALL, color=MUTED)
    if lines:
        intervals, points = (
            [_interval(line) for line in lines],
            [100 * p for ln in lines for p in _points(ln)],
        )
        marks = marks_for(intervals, _LEAST, 0.0, *points)
        axes = open_rows(figure, (_LEFT, _RIGHT, _HEADING), _PITCH * len(lines), marks)
        axes.axvline(0, color=MUTED, linewidth=0.75, zorder=1)
        for number, line in enumerate(lines):
            middle = _PITCH * (number + 0.5)
            write_title(figure, _NAMES, _HEADING + middle, _title(family, line, titles))
            _draw_line(axes, line, middle)
            _write_values(figure, line, _HEADING + middle)
    write_notes(figure, _HEADING + _PITCH * len(lines) + FOOT + 6, found)
    return figure


def _shown(family: Family) -> list[FamilyLine]:
    """All comparisons, or the largest differences of very many, in the family's order."""
    sizes = sorted((abs(line.difference.difference) for line in family.lines), reverse=True)
    if len(sizes) <= _MOST:
        return list(family.lines)
    return [line for line in family.lines if abs(line.difference.difference) >= sizes[_MOST - 1]][:_MOST]


def _reference(family: Family, titles: Mapping[str, str]) -> str:
    chosen = ", the best by validation" if family.contrast.reference == "best" else ""
    return f"“{titles.get(family.reference or '', family.reference)}”{chosen}"


def _title(family: Family, line: FamilyLine, titles: Mapping[str, str]) -> list[str]:
    first, second = (titles.get(name, name) for name in (line.difference.first, line.difference.second))
    if family.reference is not None:
        return wrapped(first, _NAMES)
    return [fitted(first, _NAMES), fitted(f"{numbers.MINUS} {second}", _NAMES)]


def _interval(line: FamilyLine) -> Interval:
    found = line.difference
    return Interval(100 * found.difference, 100 * found.low, 100 * found.high)


def _points(line: FamilyLine) -> tuple[float, ...]:
    """Differences of single seeds or pairs of runs, where there is no interval of their mean."""
    return line.difference.points if line.difference.basis == "points" else ()


def _draw_line(axes: Axes, line: FamilyLine, middle: float) -> None:
    color = TRAINING if line.different else MUTED
    draw_interval(axes, middle, _interval(line), color, 1.25 if line.different else 0.75)
    axes.plot(
        [100 * line.difference.difference], [middle], "o", markersize=4.5, markeredgewidth=1.0,
        markerfacecolor=color if line.different else "#ffffff", markeredgecolor=color, clip_on=False,
        zorder=3,
    )  # fmt: skip
    points = [100 * point for point in _points(line)]
    if points:
        axes.plot(
            points, [middle + _UNDER] * len(points), "d", markersize=2.8, markeredgewidth=0, color=color,
            clip_on=False, zorder=3,
        )  # fmt: skip


def _write_values(figure: Figure, line: FamilyLine, middle: float) -> None:
    found = line.difference
    value = numbers.points(found.difference)
    write(figure, _VALUES + 26, middle - 1.2, value, weight=600, color=INK, align="right")
    write(figure, _VALUES + 31, middle - 1.2, _range(line), size=SMALL, color=MUTED)
    words = fitted(line.verdict, WIDTH - _VALUES - 6, SMALL)
    write(figure, _VALUES + 6, middle + 7, words, size=SMALL, color=INK if line.different else MUTED)


def _range(line: FamilyLine) -> str:
    return f"{numbers.points(line.difference.low)} to {numbers.points(line.difference.high)}"


def _note(family: Family) -> str:
    """What marks and lines mean in this family, and what is not there."""
    lines = _shown(family)
    if not lines:
        return "No comparison of this family has two results."
    parts = []
    if len(lines) < len(family.lines):
        of = numbers.thousands(len(family.lines))
        parts.append(f"The {numbers.thousands(len(lines))} largest of {of} differences.")
    parts.append(
        f"Filled dot: told apart{_corrected(family)}; hollow: not distinguishable, which does not mean equal."
    )
    parts.append(_line_words(family, lines))
    parts.extend(_stricter(family, lines))
    diamonds = [_DIAMONDS[kind] for kind in _kinds(lines) if kind in _DIAMONDS]
    if diamonds:
        parts.append(f"Diamonds: {'; or '.join(diamonds)}.")
    intervals = [_interval(line) for line in lines]
    points = [100 * point for line in lines for point in _points(line)]
    if cut(intervals, marks_for(intervals, _LEAST, 0.0, *points)):
        parts.append("An arrow: the interval goes on.")
    if family.missing:
        parts.append(f"Left out: {numbers.counted(len(family.missing), 'row')} without a comparable result.")
    return " ".join(parts)


def _kinds(lines: Sequence[FamilyLine]) -> list[str]:
    """The ways in which the differences of these lines were made."""
    return list(dict.fromkeys("pairs" if line.difference.pairs else line.difference.basis for line in lines))


def _line_words(family: Family, lines: Sequence[FamilyLine]) -> str:
    """What the lines show, each way of comparing at its own level."""
    alone = ", each comparison alone" if family.tests > 1 else ""
    said = []
    for kind in _kinds(lines):
        own = [line.difference.level for line in lines if _kinds([line]) == [kind]]
        level = f"{numbers.plain(round(100 * own[0], 6))}{numbers.NO_BREAK_SPACE}%"
        said.append(_LINES[kind].format(level=level, alone=alone))
    return f"Line: {'; or '.join(said)}."


def _corrected(family: Family) -> str:
    return (
        f" after the correction for {numbers.thousands(family.tests)} comparisons" if family.tests > 1 else ""
    )


def _stricter(family: Family, lines: Sequence[FamilyLine]) -> list[str]:
    """Why a dot is hollow though its line does not reach zero, where that is so."""
    found = [line.difference for line in lines if _clear(line.difference) and not line.different]
    if not found:
        return []
    whole = ["it is of one comparison, before the correction"] if family.tests > 1 else []
    level = max(one.judged_at for one in found)
    if any(one.p is not None and one.judged_at > one.level for one in found):
        corrected = " after the correction" if family.tests > 1 else ""
        limit = numbers.plain(round(1 - level, 9))
        whole.append(f"single runs are told apart only where p{corrected} is below {limit}")
    if any(0 < abs(one.difference) <= one.allowance for one in found):
        whole.append("luck of training may bring as much")
    return [f"A line clear of 0 is not enough: {'; '.join(whole)}."] if whole else []


def _clear(found: Difference) -> bool:
    return found.relation == "other" and (found.low > 0 or found.high < 0)


def describe_differences(results: Sequence[Result], family: Family) -> str:
    """Alternative text of `differences`: which differences can be told from zero, with their intervals."""
    titles = {result.row.id: result.row.title for result in results}
    measure = _MEASURES[family.contrast.measure]
    if not family.lines:
        return f"No difference in {measure}: 0 comparisons of this family have two results."
    seen = [line for line in family.lines if line.different]
    rest = [
        line.difference.difference
        for line in family.lines
        if not line.different and line.difference.relation == "other"
    ]
    to = f" from {_reference(family, titles)}" if family.reference is not None else ""
    count = len(family.lines)
    text = (
        f"{numbers.counted(count, 'difference')} in {measure}{to}, in percentage points:"
        f" {numbers.thousands(len(seen))} can be told from zero{_corrected(family)}"
    )
    text += "".join(
        f"{':' if place == 0 else ';'} {_said(family, line, titles)}" for place, line in enumerate(seen[:4])
    )
    text += f"; and {numbers.thousands(len(seen) - 4)} more." if len(seen) > 4 else "."
    if rest:
        text += f" {_untold(rest, bool(seen))}"
    same = sum(line.difference.relation != "other" for line in family.lines)
    if same:
        text += f" {numbers.thousands(same)} of the pairs {'is' if same == 1 else 'are'} one configuration."
    return text


def _untold(rest: Sequence[float], others: bool) -> str:
    """The differences that could not be told from zero, in a sentence."""
    if len(rest) == 1:
        which = "The other" if others else "It"
        return f"{which}, at {numbers.points(rest[0])}, is not distinguishable from zero."
    ends = f"{numbers.points(min(rest))} and {numbers.points(max(rest))}"
    return f"{'The others' if others else 'They'}, between {ends}, are not distinguishable from zero."


def _said(family: Family, line: FamilyLine, titles: Mapping[str, str]) -> str:
    first, second = (titles.get(name, name) for name in (line.difference.first, line.difference.second))
    pair = f"“{first}”" if family.reference is not None else f"“{first}” minus “{second}”"
    return f"{pair} {numbers.points(line.difference.difference)} ({_range(line)})"
