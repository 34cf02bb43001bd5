"""The learning rate below the curves, and what is marked in them."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from reportgen.figures.curve_notes import Begun
from reportgen.figures.curves import describe_learning_curves, learning_curves
from reportgen.figures.multiples import small_multiples
from reportgen.figures.style import INK, VALIDATION
from reportgen.records import Record, Stopped
from tests import samples
from tests.analysis.test_rates import COMPOUNDING
from tests.figures.artists import check, data, lines, row_of, size, written

PLATEAU = ["EarlyStopping(patience=9)", "ReduceLROnPlateau(factor=0.5, patience=2)"]


def of(rates: Any = None, callbacks: Any = (), **more: Any) -> Record:
    more = {"epochs": 20 if rates is None else len(rates), "n_test": 20, "n_validation": 20, **more}
    record = samples.record(rates=rates, **more)
    return dataclasses.replace(record, parameters={**record.parameters, "callbacks": list(callbacks)})


def text_of(*records: Record, begun: Begun | None = None) -> str:
    return describe_learning_curves(row_of(*records), begun).replace("\u00a0", " ")


def notes(figure: Figure) -> str:
    return " ".join(written(figure))


def test_a_rate_that_stays_has_no_panel() -> None:
    figure = learning_curves(row_of(of()))
    assert len(figure.axes) == 2 and size(figure) == (278, 164)
    assert "rate" not in text_of(of())


def test_the_panel_holds_the_rate_of_every_epoch() -> None:
    rates = [1e-3] * 4 + [5e-4] * 3 + [2.5e-4] * 3
    figure = learning_curves(row_of(of(rates, PLATEAU)))
    check(figure)
    loss, accuracy, panel = figure.axes
    assert panel.get_yscale() == "log" and panel.get_xlim() == loss.get_xlim() == accuracy.get_xlim() == (
        1,
        10,
    )
    curve, marks = lines(panel, INK)
    epochs, values = data(curve)
    assert epochs == list(range(1, 11)) and values == pytest.approx(rates)
    assert (marks.get_marker(), data(marks)) == ("v", ([5, 8], [5e-4, 2.5e-4]))
    assert {"Learning rate (log scale)", "lowered 2 times by a callback", "0.00025"} <= set(written(figure))
    assert "A callback lowered it before epochs 5, 8." in text_of(of(rates, PLATEAU))


def test_a_schedule_has_no_marks_of_a_callback() -> None:
    figure = learning_curves(row_of(of([1e-3, 5e-4, 1e-4])))
    _, marks = lines(figure.axes[2], INK)
    assert data(marks) == ([], [])
    assert "lowered" not in notes(figure) and "callback" not in text_of(of([1e-3, 5e-4, 1e-4]))


def test_dead_epochs_are_shaded_in_all_panels() -> None:
    record = of(COMPOUNDING)
    figure = learning_curves(row_of(record))
    check(figure)
    for axes in figure.axes:
        (shade,) = axes.patches
        assert (shade.get_x(), shade.get_x() + shade.get_width()) == (17.5, 30)  # type: ignore[attr-defined]
    assert "dead from epoch 18 on" in written(figure)
    # What lies below a tenth of the limit is not worth the height of the panel.
    assert figure.axes[2].get_ylim()[0] == pytest.approx(1e-11)
    assert "Shaded: with rates below 4.66e−10 a step is lost in rounding." in notes(figure)
    assert "It is dead from epoch 18 on." in text_of(record)


def test_every_seed_has_its_rate_and_all_must_be_dead() -> None:
    one, two = of(COMPOUNDING), of([1e-3] * 30)
    figure = learning_curves(row_of(one, two))
    check(figure)
    curves = [line for line in lines(figure.axes[2], INK) if line.get_linestyle() == "-"]
    assert len(curves) == 2 and not any(axes.patches for axes in figure.axes)


@pytest.mark.parametrize("rates", [[1e-3, 0.0], [0.0, 0.0, 1e-3], [1e3, 1e-3], [1e-3, 9e-4, 8e-4]])
def test_any_rates_can_be_drawn(rates: list[float]) -> None:
    check(learning_curves(row_of(of(rates))))


def test_the_epoch_that_was_tested_is_marked_where_it_is_not_the_last() -> None:
    stopped = of(epochs=8, stopped=Stopped(30, "EarlyStopping", 3))
    figure = learning_curves(row_of(stopped))
    check(figure)
    for axes in figure.axes:
        (mark,) = [line for line in axes.lines if line.get_marker() == "^"]
        assert data(mark) == ([3], [axes.get_ylim()[0]])
    said = "EarlyStopping ended it after 8 of 30 epochs. Triangles: epoch 3, whose weights are tested."
    assert said in notes(figure) and said in text_of(stopped)
    whole = learning_curves(row_of(of(epochs=8)))
    assert not any(line.get_marker() == "^" for axes in whole.axes for line in axes.lines)


def test_of_several_seeds_each_tested_epoch_is_marked() -> None:
    records = [of(epochs=8 + n, seed=n, stopped=Stopped(30, "EarlyStopping", 3 + n)) for n in range(3)]
    figure = learning_curves(row_of(*records, of(epochs=30, seed=9)))
    check(figure)
    (mark,) = [line for line in figure.axes[0].lines if line.get_marker() == "^"]
    assert data(mark)[0] == [3, 4, 5]
    assert "EarlyStopping ended 3 of 4 trainings before epoch 30." in text_of(*records, of(epochs=30, seed=9))


def test_a_loss_with_a_penalty_says_so_and_shows_the_one_without() -> None:
    record = of(epochs=12, penalty=0.05)
    figure = learning_curves(row_of(record))
    check(figure)
    loss, accuracy = figure.axes
    (cross,) = [line for line in loss.lines if line.get_marker() == "x"]
    alone = record.evaluation["validation"]["loss"] - 0.05
    epochs, values = data(cross)
    assert (cross.get_color(), epochs) == (VALIDATION, [12]) and values == pytest.approx([alone])
    assert loss.get_ylim()[0] <= alone
    assert not any(line.get_marker() == "x" for line in accuracy.lines)
    assert "Cross-entropy loss with penalty" in written(figure)
    assert f"without it, {alone:.3f}." in text_of(record)
    plain = learning_curves(row_of(of(epochs=12)))
    assert "Cross-entropy loss" in written(plain) and "penalty" not in notes(plain)


def test_a_warm_start_says_what_it_goes_on_from() -> None:
    figure = learning_curves(row_of(of()), Begun("The first training", (12,)))
    check(figure)
    assert "Epoch 1 goes on from epoch 12 of “The first training”." in notes(figure)
    assert "Epoch 1 goes on from epochs 9 to 12 of “A”." in text_of(
        of(), of(seed=1), begun=Begun("A", (12, 9))
    )


def test_small_multiples_mark_and_say_the_same() -> None:
    rows = [
        samples.result(samples.row("a"), "a", 42, of(epochs=8, stopped=Stopped(30, "EarlyStopping", 3))),
        samples.result(samples.row("b"), "b", 42, of(epochs=8, penalty=0.05)),
    ]
    figure = small_multiples(rows, {})
    check(figure)
    marks = [[line for line in axes.lines if line.get_marker() == "^"] for axes in figure.axes]
    assert [np.asarray(found[0].get_xdata()).tolist() for found in marks if found] == [[3]]
    assert "Triangle: the epoch whose weights are tested" in notes(figure)
    assert "The losses of 1 row have a penalty in them." in notes(figure)
