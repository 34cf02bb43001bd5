"""How much of what a search measured goes with each of its axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.dimensions import named
from reportgen.analysis.importance import Importance
from reportgen.figures.rows import FOOT, WIDTH, open_rows, write_title
from reportgen.figures.search_words import describe_importance
from reportgen.figures.style import INK, MUTED, TRAINING, canvas, styled, wrapped, write
from reportgen.results import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["describe_importance", "search_importance"]

_NAMES, _LEFT, _RIGHT, _TOP, _PITCH = 158.0, 168.0, 420.0, 16.0, 15.0
_MARKS = (0.0, 25.0, 50.0, 75.0, 100.0)


@styled
def search_importance(results: Sequence[Result], found: Importance) -> Figure:
    """Draw the share of the variance that each axis explains by itself, the largest on top (468 pt wide).

    Parameters
    ----------
    results : sequence of Result
        Not used: all it needs is in `found`.
    found : Importance
        With shares.
    """
    lines = [*((named(name), share, TRAINING) for name, share in found.shares)]
    lines.append((language.text("only together"), found.together, "#ffffff"))
    height = _PITCH * len(lines)
    figure = canvas(WIDTH, _TOP + height + FOOT + 6)
    write(figure, 0, 8, language.text("Share of the variance, %"), weight=600)
    axes = open_rows(figure, (_LEFT, _RIGHT, _TOP), height, _MARKS)
    for place, (name, share, color) in enumerate(lines):
        middle = _PITCH * (place + 0.5)
        axes.barh(
            middle, 100 * share, height=7, facecolor=color, edgecolor=MUTED if color == "#ffffff" else color,
            linewidth=0.75, zorder=2,
        )  # fmt: skip
        write_title(figure, _NAMES, _TOP + middle, wrapped(name, _NAMES, 1))
        write(figure, _RIGHT + 6, _TOP + middle + 2.5, numbers.share(share), color=INK)
    return figure
