"""The history of a search: what each trial measured, and the best so far."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reportgen import language
from reportgen.analysis import trial_words as words
from reportgen.analysis.trials import Searched, Trial
from reportgen.figures import scales
from reportgen.figures.rows import NOTE_LINE, WIDTH, notes, write_notes
from reportgen.figures.search_marks import Shown, plotted, shown
from reportgen.figures.search_words import describe_history
from reportgen.figures.style import (
    DENSE,
    GRID,
    INK,
    MUTED,
    SMALL,
    TRAINING,
    VALIDATION,
    WITHIN,
    canvas,
    panel,
    styled,
    write,
)
from reportgen.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["describe_history", "search_history"]

_LEFT, _RIGHT, _TOP, _HEIGHT = 30.0, 420.0, 16.0, 132.0
_FOOT = 24.0
_NARROW = 3.0
"""Points of a batch below which its ground would be a flicker."""
_SMALLER = 60
"""Trials from which on their dots are small."""


@styled
def search_history(results: Sequence[Result], found: Searched) -> Figure:
    """Draw the measure of every trial by its number, the best so far as steps with its standard error.

    Every other batch stands on a ground of grey; failed trials are crosses at the foot, trials far below
    the others triangles. 468 pt wide.

    Parameters
    ----------
    results : sequence of Result
        Not used: all it needs is in `found`.
    found : Searched
        With a measure at least.
    """
    seen = shown(found, errors=True)
    lines = notes(_note(found, seen))
    figure = canvas(WIDTH, _TOP + _HEIGHT + _FOOT + NOTE_LINE * len(lines) + 4)
    axes = panel(figure, _LEFT, _TOP, _RIGHT - _LEFT, _HEIGHT)
    axes.set_xlim(0.5, max(found.size, len(found.trials)) + 0.5)
    axes.set_ylim(seen.marks[0], seen.marks[-1])
    axes.set_yticks(seen.marks, seen.texts)
    numbers = [tick for tick in scales.epochs(max(found.size, 1)) if tick <= max(found.size, 1)]
    axes.set_xticks(numbers, [str(number) for number in numbers])
    axes.grid(axis="y", color=GRID, linewidth=0.5, clip_on=False)
    axes.set_axisbelow(True)
    write(figure, 0, 8, words.measure_head(found), weight=600)
    write(figure, _RIGHT, _TOP + _HEIGHT + 20, language.text("trial"), size=SMALL, color=MUTED, align="right")
    _draw_batches(axes, found)
    _draw_best(figure, axes, found, seen)
    _draw_trials(axes, found, seen)
    write_notes(figure, _TOP + _HEIGHT + _FOOT - 2, lines)
    return figure


def _batches_shown(found: Searched) -> bool:
    return 1 < found.batch < found.size and (_RIGHT - _LEFT) * found.batch / found.size >= _NARROW


def _draw_batches(axes: Axes, found: Searched) -> None:
    if not _batches_shown(found):
        return
    for start in range(found.batch, found.size, 2 * found.batch):
        axes.axvspan(
            start + 0.5, min(start + found.batch, found.size) + 0.5, facecolor=WITHIN, linewidth=0, zorder=0
        )


def _draw_best(figure: Figure, axes: Axes, found: Searched, seen: Shown) -> None:
    """Steps that hold from each trial up to the next one, and the band around them."""
    steps = [(number, best) for number, best in enumerate(found.best_so_far(), 1) if best is not None]
    if not steps:
        return
    edges = [number - 0.5 for number, _ in steps] + [steps[-1][0] + 0.5]
    values = [plotted(found, best.measure or 0.0) for _, best in steps]
    errors = [plotted(found, best.error or 0.0) for _, best in steps]
    axes.fill_between(
        edges,
        [value - error for value, error in zip([*values, values[-1]], [*errors, errors[-1]], strict=True)],
        [value + error for value, error in zip([*values, values[-1]], [*errors, errors[-1]], strict=True)],
        step="post", color=DENSE, linewidth=0, zorder=1,
    )  # fmt: skip
    axes.step(edges, [*values, values[-1]], where="post", color=VALIDATION, linewidth=1.25, zorder=2)
    low, high = seen.marks[0], seen.marks[-1]
    middle = _TOP + _HEIGHT * (high - min(max(values[-1], low), high)) / (high - low)
    last = steps[-1][1]
    write(figure, _RIGHT + 5, middle + 1, words.measured(found, last.measure), color=VALIDATION, weight=600)
    name = language.text("trial {n}", n=last.number)
    write(figure, _RIGHT + 5, middle + 9.5, name, size=SMALL, color=MUTED)


def _draw_trials(axes: Axes, found: Searched, seen: Shown) -> None:
    size = 3.6 if found.size < _SMALLER else 2.4
    far = {trial.number for trial in seen.far}
    near = [trial for trial in found.done if trial.number not in far]
    worst = seen.marks[-1] if found.by_loss else seen.marks[0]
    own = [trial for trial in near if trial.like is None]
    again = [trial for trial in near if trial.like is not None]
    for chosen, face in ((own, TRAINING), (again, "#ffffff")):
        axes.plot(
            [trial.number for trial in chosen], [plotted(found, trial.measure or 0.0) for trial in chosen],
            "o", markersize=size, markerfacecolor=face, markeredgecolor=TRAINING, markeredgewidth=0.8,
            clip_on=False, zorder=4,
        )  # fmt: skip
    places = [trial.number for trial in seen.far]
    axes.plot(places, [worst] * len(places), "^" if found.by_loss else "v", color=TRAINING,
              markersize=size + 0.6, markeredgewidth=0, clip_on=False, zorder=4)  # fmt: skip
    lost = [trial.number for trial in _failed(found)]
    axes.plot(lost, [seen.marks[0]] * len(lost), "x", color=INK, markersize=4, markeredgewidth=1.0,
              clip_on=False, zorder=5)  # fmt: skip


def _failed(found: Searched) -> list[Trial]:
    return [trial for trial in found.trials if trial.measure is None and not trial.to_come]


def _note(found: Searched, seen: Shown) -> str:
    """What the marks mean, as far as they are there."""
    again = any(trial.like is not None for trial in found.done)
    known = any(best is not None and best.error is not None for best in found.best_so_far())
    parts = (
        language.text("Dots: trials; hollow: with the settings of an earlier one.")
        if again
        else language.text("Dots: trials."),
        language.text("Line: the best so far; band: one standard error, which the size of the validation set"
                      " leaves open.")
        if known
        else language.text("Line: the best so far."),
        language.text("Grey and white: batches of {n}, each proposed from the trials before.", n=found.batch)
        if _batches_shown(found) and found.method == "tpe"
        else language.text("Grey and white: batches of {n}.", n=found.batch)
        if _batches_shown(found)
        else "",
        language.text("Crosses: failed trials.") if _failed(found) else "",
        language.plural("Triangle: {n} trial far beyond the axis.",
                        "Triangles: {n} trials far beyond the axis.", len(seen.far), n=len(seen.far))
        if seen.far else "",
    )  # fmt: skip
    return " ".join(part for part in parts if part)
