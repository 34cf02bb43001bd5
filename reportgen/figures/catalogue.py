"""The list of figures: adding one means a module with what it draws, says and is called, and its line here.

Nothing here imports matplotlib: that happens when a figure is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from reportgen.figures import (
    bars,
    class_samples,
    confusion,
    contrasts,
    cost,
    cover,
    curves,
    matrix_difference,
    misread,
    multiples,
    network,
    published,
    reliability,
    scores,
    search,
    search_importance,
    search_parallel,
    stage_path,
    stages,
    top_curves,
)
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
        What one figure is about: a ``run`` (all seeds of a row), a ``section``, a ``contrast``, a
        ``stage`` or the whole ``report``.
    draw : callable
        Results (one with a record for a ``run``), titles of sections by id, and what else the figure
        is about, to matplotlib Figure. The third is the `Family` of ``differences``, the `Protocol`
        of ``published_scores``, the `Begun` of ``learning_curves`` or None, for a ``stage`` a value with
        its ``id``, and None for all others.
    describe : callable
        The same to alternative text: the finding, with numbers.
    in_report : bool
        False for figures that are only exported.
    caption : callable or None
        The rows of one data set to the caption, or to an empty text where there is nothing to show. A
        figure that has one stands in the comparison, once for each data set; all others stand where a
        module of `reportgen.report` asks for them.
    """

    name: str
    scope: Literal["run", "section", "contrast", "stage", "report"]
    draw: Callable[[Sequence[Result], Mapping[str, str], Any], Figure]
    describe: Callable[[Sequence[Result], Mapping[str, str], Any], str]
    in_report: bool = True
    caption: Callable[[Sequence[Result]], str] | None = None


def _run(
    name: str, draw: Callable[..., Figure], describe: Callable[..., str], in_report: bool = True
) -> Kind:
    return Kind(
        name,
        "run",
        lambda results, sections, about: draw(results[0]),
        lambda results, sections, about: describe(results[0]),
        in_report,
    )


def _rows(
    name: str,
    scope: Literal["section", "report"],
    draw: Callable[..., Figure],
    describe: Callable[..., str],
) -> Kind:
    return Kind(
        name,
        scope,
        lambda results, sections, about: draw(results, sections),
        lambda results, sections, about: describe(results, sections),
    )


def _about(
    name: str,
    scope: Literal["contrast", "stage", "report"],
    draw: Callable[..., Figure],
    describe: Callable[..., str],
) -> Kind:
    return Kind(
        name,
        scope,
        lambda results, sections, about: draw(results, about),
        lambda results, sections, about: describe(results, about),
    )


def _alone(name: str, draw: Callable[..., Figure], describe: Callable[..., str]) -> Kind:
    return Kind(
        name,
        "report",
        lambda results, sections, about: draw(results),
        lambda results, sections, about: describe(results),
    )


def _compared(
    name: str, draw: Callable[..., Figure], describe: Callable[..., str], caption: Callable[..., str]
) -> Kind:
    """A figure of the comparison: each function takes the results of one data set, and the first two the
    titles of the sections by id."""
    return replace(_rows(name, "report", draw, describe), caption=caption)


FIGURES: tuple[Kind, ...] = (
    Kind(
        "learning_curves",
        "run",
        lambda results, sections, about: curves.learning_curves(results[0], about),
        lambda results, sections, about: curves.describe_learning_curves(results[0], about),
    ),
    _run("network", network.network, network.describe_network),
    _run("f1_per_class", scores.f1_per_class, scores.describe_f1),
    _run("confusion_heatmap", confusion.confusion_heatmap, confusion.describe_confusion, in_report=False),
    _run("reliability", reliability.reliability_diagram, reliability.describe_reliability),
    _rows("small_multiples", "section", multiples.small_multiples, multiples.describe_small_multiples),
    _about("differences", "contrast", contrasts.differences, contrasts.describe_differences),
    _rows("cover_strip", "report", cover.cover_strip, cover.describe_cover),
    _rows("accuracy_against_cost", "report", cost.accuracy_against_cost, cost.describe_cost),
    _rows("cost_panels", "report", cost.cost_panels, cost.describe_cost_panels),
    _about("published_scores", "report", published.published_scores, published.describe_published),
    Kind(
        "confused_strip",
        "run",
        lambda results, sections, about: misread.confused_strip(results[0], about),
        lambda results, sections, about: misread.describe_strip(results[0], about),
    ),
    _about("class_samples", "report", class_samples.class_samples, class_samples.describe_samples),
    _about("shared_mistakes", "report", misread.shared_images, misread.describe_shared),
    _alone(
        "matrix_difference", matrix_difference.matrix_difference, matrix_difference.describe_matrix_difference
    ),
    _about("stage", "stage", stages.draw_stage, stages.describe_stage),
    _about("stage_path", "report", stage_path.draw_path, stage_path.describe_path),
    _about("search_history", "stage", search.search_history, search.describe_history),
    _about("search_parallel", "stage", search_parallel.search_parallel, search_parallel.describe_parallel),
    _about(
        "search_importance",
        "stage",
        search_importance.search_importance,
        search_importance.describe_importance,
    ),
    _compared("accuracy_bars", bars.accuracy_bars, bars.describe_bars, bars.caption_bars),
    _compared(
        "top_curves",
        top_curves.top_curves,
        top_curves.describe_top_curves,
        top_curves.caption_top_curves,
    ),
)
