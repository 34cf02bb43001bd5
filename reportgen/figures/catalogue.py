"""The list of figures: adding one means one function, its alternative text, and its line here.

Nothing here imports matplotlib: that happens when a figure is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from reportgen.figures import confusion, cost, cover, curves, multiples, scores
from reportgen.results import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Kind:
    """A kind of figure.

    Parameters
    ----------
    name : str
        Also the stem of its file.
    scope : str
        What one figure is about: a ``run``, a ``section`` or the whole ``report``.
    draw : callable
        Results (one with a record for a ``run``) and titles of sections by id, to matplotlib Figure.
    describe : callable
        The same to alternative text: the finding, with numbers.
    in_report : bool
        False for figures that are only exported.
    """

    name: str
    scope: Literal["run", "section", "report"]
    draw: Callable[[Sequence[Result], Mapping[str, str]], Figure]
    describe: Callable[[Sequence[Result], Mapping[str, str]], str]
    in_report: bool = True


def _run(
    name: str, draw: Callable[..., Figure], describe: Callable[..., str], in_report: bool = True
) -> Kind:
    return Kind(
        name,
        "run",
        lambda results, sections: draw(results[0].record),
        lambda results, sections: describe(results[0].record),
        in_report,
    )


FIGURES: tuple[Kind, ...] = (
    _run("learning_curves", curves.learning_curves, curves.describe_learning_curves),
    _run("f1_per_class", scores.f1_per_class, scores.describe_f1),
    _run("confusion_heatmap", confusion.confusion_heatmap, confusion.describe_confusion, in_report=False),
    Kind("small_multiples", "section", multiples.small_multiples, multiples.describe_small_multiples),
    Kind("cover_strip", "report", cover.cover_strip, cover.describe_cover),
    Kind("accuracy_against_cost", "report", cost.accuracy_against_cost, cost.describe_cost),
)
