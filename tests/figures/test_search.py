"""The figures of a search, by their artists."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from reportgen.analysis.importance import Importance
from reportgen.analysis.trials import Searched, Trial, searched
from reportgen.experiments.stages import Axis
from reportgen.figures.search import describe_history, search_history
from reportgen.figures.search_importance import describe_importance, search_importance
from reportgen.figures.search_parallel import SHADES, describe_parallel, height, search_parallel
from reportgen.figures.style import DENSE, TRAINING, VALIDATION, WITHIN
from tests import searches
from tests.figures.artists import check, data, size, written
from tests.searches import FAILED, NOT_YET
from tests.tables.reading import spaced

OUTCOMES = (0.8, 0.82, FAILED, 0.85, 0.84, 0.83, 0.9, 0.87, 0.86, 0.85, NOT_YET, NOT_YET)


def found(**facts: Any) -> Searched:
    return searched(*searches.search(OUTCOMES, **facts))


def panel(figure: Figure) -> Axes:
    return next(axes for axes in figure.axes if axes.axison)


def marks(axes: Axes, shape: str) -> list[tuple[float, float]]:
    lines = [
        line for line in axes.lines if line.get_marker() == shape and line.get_linestyle() in ("None", "-")
    ]
    points = [point for line in lines for point in zip(*data(line), strict=True)]
    return sorted((float(x), float(y)) for x, y in points)


def test_history_dots_steps_and_crosses() -> None:
    one = found()
    axes = panel(search_history((), one))
    dots = marks(axes, "o")
    assert [x for x, _ in dots] == [1, 2, 4, 5, 6, 7, 8, 9, 10]
    assert [y for _, y in dots] == pytest.approx([100 * (t.measure or 0) for t in one.done])
    assert [x for x, _ in marks(axes, "x")] == [3]
    (steps,) = [line for line in axes.lines if line.get_drawstyle() == "steps-post"]
    assert steps.get_color() == VALIDATION
    xs, ys = data(steps)
    assert xs == [number - 0.5 for number in range(1, 14)]
    assert ys == pytest.approx([80, 82, 82, 85, 85, 85, 90, 90, 90, 90, 90, 90, 90])
    assert axes.get_xlim() == (0.5, 12.5)


def test_history_band_is_one_standard_error_of_the_best() -> None:
    one = found()
    axes = panel(search_history((), one))
    (band,) = [shape for shape in axes.collections if to_hex(np.asarray(shape.get_facecolor())[0]) == DENSE]
    corners = np.asarray(band.get_paths()[0].vertices)
    last = corners[np.isclose(corners[:, 0], 12.5)][:, 1]
    error = 100 * math.sqrt(0.9 * 0.1 / searches.ITEMS)
    assert (last.min(), last.max()) == pytest.approx((90 - error, 90 + error))


def test_history_marks_batches() -> None:
    def grounds(one: Searched) -> list[tuple[float, float]]:
        axes = panel(search_history((), one))
        boxes = [patch.get_extents().transformed(axes.transData.inverted()) for patch in axes.patches
                 if to_hex(patch.get_facecolor()) == WITHIN]  # fmt: skip
        return [(round(box.x0, 6), round(box.x1, 6)) for box in boxes]

    assert grounds(found(batch=4)) == [(4.5, 8.5)]
    assert grounds(found(batch=5)) == [(5.5, 10.5)]
    assert grounds(found(batch=1)) == [] and grounds(found(batch=12)) == []


def test_history_of_repeated_settings_is_hollow() -> None:
    values = [searches.settings(number) for number in (1, 2, 1)]
    one = searched(*searches.search((0.8, 0.9, 0.8), values=values))
    figure = search_history((), one)
    hollow = [line for line in panel(figure).lines if line.get_markerfacecolor() == "#ffffff"]
    assert [data(line)[0] for line in hollow] == [[3]]
    assert any("hollow" in text for text in written(figure))
    assert not any("hollow" in text for text in written(search_history((), found())))


def test_history_cuts_what_would_press_all_else_together() -> None:
    one = searched(*searches.search((0.95, 0.96, 0.955, 0.1, 0.952, 0.958, 0.957)))
    figure = search_history((), one)
    axes = panel(figure)
    low, _ = axes.get_ylim()
    assert low > 80 and np.allclose(marks(axes, "v"), [(4.0, low)])
    assert any("Triangle: 1 trial far beyond the axis." in text for text in written(figure))
    check(figure)


def test_history_of_a_loss_falls() -> None:
    one = searched(*searches.search((0.5, 0.7, 0.6, 0.9), measure="validation_loss"))
    figure = search_history((), one)
    (steps,) = [line for line in panel(figure).lines if line.get_drawstyle() == "steps-post"]
    assert data(steps)[1] == pytest.approx([0.6, 0.4, 0.4, 0.2, 0.2])
    assert "Validation loss" in written(figure)
    assert "from 0.600 in trial 1 to 0.200 in trial 4" in spaced(describe_history((), one))
    check(figure)


@pytest.mark.parametrize("count", [1, 2, 7, 60, 300])
def test_history_and_lines_of_any_length(count: int) -> None:
    rng = np.random.default_rng(count)
    trials = tuple(
        Trial(number, f"hp-{number}", searches.settings(number), measure=float(rng.uniform(0.3, 0.99)), error=0.01)
        for number in range(1, count + 1)
    )  # fmt: skip
    best = max(trials, key=lambda trial: trial.measure or 0.0).number
    one = Searched("hp", "", searches.AXES, "validation_accuracy", "tpe", 5, count, trials, best, True)
    for figure in (search_history((), one), search_parallel((), one)):
        check(figure)
        assert size(figure)[0] == 468


def test_all_trials_alike_can_be_drawn() -> None:
    one = searched(*searches.search([0.1] * 5))
    check(search_history((), one))
    check(search_parallel((), one))


def test_parallel_heights_are_the_values() -> None:
    rate, units = searches.AXES[2], searches.AXES[0]
    assert height(rate, Trial(1, "a", {"rate": 1e-4})) == pytest.approx(0)
    assert height(rate, Trial(1, "a", {"rate": 10**-2.5})) == pytest.approx(0.5)
    assert height(rate, Trial(1, "a", {"rate": 9e-5})) == 0
    plain = Axis("width", low=10, high=30)
    assert height(plain, Trial(1, "a", {"width": 15})) == pytest.approx(0.25)
    for number in range(1, 40):
        for place, value in enumerate(units.values):
            at = height(units, Trial(number, "a", {"hidden_units": value}))
            assert place / 3 < at < (place + 1) / 3


def test_parallel_lines_by_fifths_and_the_best_set_off() -> None:
    one = found()
    axes = panel(search_parallel((), one))
    by_color = {color: [line for line in axes.lines if line.get_color() == color] for color in SHADES}
    ends = {color: [value for line in lines for value in np.asarray(line.get_ydata())[3::5]]
            for color, lines in by_color.items()}  # fmt: skip
    assert sum(map(len, ends.values())) == len(one.done)
    order = [value for color in SHADES for value in sorted(ends[color])]
    assert order == sorted(order)
    (best,) = [line for line in axes.lines if line.get_color() == VALIDATION]
    heights = [height(axis, one.trials[6]) for axis in one.axes]
    assert data(best)[1][:3] == pytest.approx(heights) and best.get_linewidth() > 1.5
    assert data(best)[1][3] == max(order)


def test_shades_get_darker_step_by_step() -> None:
    def light(color: str) -> float:
        parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        return float(0.2126 * parts[0] ** 2.2 + 0.7152 * parts[1] ** 2.2 + 0.0722 * parts[2] ** 2.2)

    steps = [light(color) for color in SHADES]
    assert all(before - after > 0.1 for before, after in pairwise(steps))


def test_parallel_labels_values_and_logarithms() -> None:
    figure = search_parallel((), found())
    texts = written(figure)
    assert {"16", "32", "64, 64", "0.2", "0.4", "0.001", "0.01", "Rate", "Hidden units", "Dropout"} <= set(
        texts
    )
    assert any("On a logarithmic scale: Rate." in text for text in texts)
    assert any("1 trial without a result" in text or "3 trials without a result" in text for text in texts)
    check(figure)


def test_many_axes_go_on_below() -> None:
    axes = tuple(Axis(f"name_{number}", ("a", "b", "c")) for number in range(8))
    values = {axis.name: "b" for axis in axes}
    trials = tuple(Trial(n, f"hp-{n}", values, measure=n / 10, error=0.01) for n in range(1, 6))
    one = Searched("hp", "", axes, "validation_accuracy", "random", 1, 5, trials, 5, True)
    figure = search_parallel((), one)
    assert sum(axes.axison for axes in figure.axes) == 2
    check(figure)


def test_long_labels_are_told_apart() -> None:
    names = tuple(f"a very long call of an optimiser number {number}" for number in range(12))
    one = replace(found(), axes=(Axis("what_it_is_called_at_length_here", names), *searches.AXES))
    trials = tuple(
        replace(trial, values={**trial.values, one.axes[0].name: names[trial.number % 12]})
        for trial in one.trials
    )
    check(search_parallel((), replace(one, trials=trials)))


def test_importance_bars_are_the_shares() -> None:
    made = Importance("hp", (("rate", 0.7), ("hidden_units", 0.15), ("x" * 80, 0.05)), 24)
    figure = search_importance((), made)
    widths = [patch.get_width() for patch in panel(figure).patches]  # type: ignore[attr-defined]
    assert widths == pytest.approx([70, 15, 5, 10])
    colors = [to_hex(patch.get_facecolor()) for patch in panel(figure).patches]
    assert colors == [TRAINING, TRAINING, TRAINING, "#ffffff"]
    assert {"Rate", "70.0 %", "only together", "10.0 %"} <= set(written(figure))
    check(figure)


def test_alternative_texts_say_what_is_found() -> None:
    one = found()
    history = spaced(describe_history((), one))
    assert history.startswith(
        "Validation accuracy of 9 trials by number. The best so far goes from 80.00 % in"
    )
    assert "to 90.00 % in trial 7. Its standard error is 1.50 points. 1 trial failed." in history
    text = spaced(describe_parallel((), one))
    assert "The best is trial 7, with 90.00 %: hidden units = [64, 64]; dropout = " in text
    assert "The best fifth, 2 trials: hidden units" in text
    made = Importance("hp", (("rate", 0.7), ("dropout", 0.2)), 24)
    assert "Rate 70.0 %; Dropout 20.0 %; 10.0 % only several together" in spaced(
        describe_importance((), made)
    )
