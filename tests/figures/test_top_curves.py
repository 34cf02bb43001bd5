"""Validation curves of the five highest rows."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from reportgen import language
from reportgen.figures import top_curves
from reportgen.figures.style import FAMILIES, SHAPES
from reportgen.figures.top_curve_words import highest_rows
from reportgen.records import Record
from reportgen.results import Failure, Result
from tests import samples
from tests.figures.artists import check, data, size, written

LONG = "A title of ninety letters that says in so many words what was changed against the row before it"


def made(seed: int, accuracy: float = 0.9, epochs: int = 30, validation: float | str = 0.1) -> Record:
    record = samples.record(
        seed=seed, accuracy=accuracy, epochs=epochs, n_test=60, n_validation=60, validation=validation
    )
    reached = {"accuracy": accuracy, "loss": 1 - accuracy}
    return dataclasses.replace(record, evaluation=dict(record.evaluation) | {"validation": reached})


SECTIONS = {"raw": "Raw pixels", "hog": "HOG features"}


def row(name: str, *records: Record | Failure, title: str = "", section: str = "raw") -> Result:
    return samples.repeated(samples.row(name, section, title=title or f"Row {name}"), records)


def drawn_of(rows: Sequence[Result]) -> Figure:
    return top_curves.top_curves(rows, SECTIONS)


def panels(figure: Figure) -> list[Axes]:
    """The panels of accuracy and loss: the key and the numbers have axes of their own, with no frame."""
    return [axes for axes in figure.axes if axes.axison]


def curves(figure: Figure, panel: int) -> list[Line2D]:
    """The lines of the accuracy (0) or the loss (1), by place."""
    axes = panels(figure)[panel]
    return [line for line in axes.lines if line.get_linewidth() == 1.1]


def test_the_five_highest_by_validation_in_their_order() -> None:
    accuracies = [0.80, 0.95, 0.85, 0.99, 0.70, 0.90, 0.92]
    rows = [row(str(n), made(n, accuracy)) for n, accuracy in enumerate(accuracies)]
    figure = drawn_of(rows)
    check(figure)
    wanted = [3, 1, 6, 5, 2]
    for panel, (name, factor) in enumerate((("val_accuracy", 100), ("val_loss", 1))):
        drawn = curves(figure, panel)
        assert len(drawn) == 5
        for line, place in zip(drawn, wanted, strict=True):
            (record,) = rows[place].records
            epochs, values = data(line)
            assert epochs == list(range(1, 31))
            np.testing.assert_allclose(values, factor * record.history[name])
        assert len({line.get_color() for line in drawn}) == 1
        assert len({str(line._dash_pattern) for line in drawn}) == 5  # type: ignore[attr-defined]
    words = written(figure)
    assert [words.index(f"Row {place}") for place in wanted] == sorted(
        words.index(f"Row {n}") for n in wanted
    )
    assert "Row 0" not in words and "Row 4" not in words
    assert [words.count(f"{100 * accuracies[place]:.2f} %") for place in wanted] == [1] * 5
    assert any(text.startswith("The 5 of 7 rows with the highest validation accuracy") for text in words)


def test_colour_and_mark_are_the_chapters_own() -> None:
    rows = [row(str(n), made(n, 0.9 + n / 100), section="hog" if n == 1 else "raw") for n in range(3)]
    figure = drawn_of(rows)
    check(figure)
    for panel in (0, 1):
        assert [line.get_color() for line in curves(figure, panel)] == [FAMILIES[0], FAMILIES[1], FAMILIES[0]]
        marks = [line.get_marker() for line in panels(figure)[panel].lines if line.get_marker() != "None"]
        assert marks == [SHAPES[0], SHAPES[1], SHAPES[0]]
    assert {"Raw pixels", "HOG features"} <= set(written(figure))
    (alone,) = curves(drawn_of(rows[1:2]), 0)
    assert alone.get_color() == FAMILIES[1]


def test_nothing_goes_on_after_the_end_of_a_curve() -> None:
    rows = [row("a", made(1, 0.95, 10)), row("b", made(2, 0.8, 40))]
    figure = drawn_of(rows)
    check(figure)
    for panel in (0, 1):
        ends = [max(data(line)[0]) for line in panels(figure)[panel].lines]
        assert sorted(ends) == [10, 10, 40, 40]


@pytest.mark.parametrize(
    ("accuracies", "shown", "said"),
    [
        ((0.99, 0.98, 0.97, 0.96, 0.9, 0.9, 0.9, 0.8), 7, "numbers 5 to 7 have the same."),
        ((0.99, 0.98, 0.97, *[0.9] * 6), 3, "the next 6 have the same, and are left out."),
        ((0.9,) * 9, 5, "5 of 9 rows: 9 share the highest validation accuracy"),
        ((0.99, 0.98, 0.97, 0.9, 0.9, 0.8), 5, "The 5 of 6 rows with the highest validation accuracy."),
        ((0.99, 0.98, 0.97, 0.9), 4, ""),
    ],
)
def test_a_tie_is_not_cut_in_two(accuracies: Sequence[float], shown: int, said: str) -> None:
    rows = [row(str(n), made(n, accuracy)) for n, accuracy in enumerate(accuracies)]
    figure = drawn_of(rows)
    check(figure)
    assert len(curves(figure, 0)) == shown == len(highest_rows(rows))
    note = " ".join(written(figure))
    assert said in note and (said or "highest" not in note)


def test_several_seeds_are_their_mean() -> None:
    records = [made(1, epochs=12), made(2, epochs=10)]
    figure = drawn_of([row("a", *records, Failure("timeout", ""))])
    check(figure)
    (line,) = curves(figure, 1)
    mean = (records[0].history["val_loss"][:10] + records[1].history["val_loss"]) / 2
    np.testing.assert_allclose(data(line)[1], mean)
    assert "Rows with several seeds: means." in " ".join(written(figure))


@pytest.mark.parametrize("epochs", [1, 2, 5, 250])
@pytest.mark.parametrize("code", language.LANGUAGES)
def test_any_number_of_epochs(epochs: int, code: str) -> None:
    rows = [row(str(n), made(n, 0.9, epochs if n else 3), title=LONG + str(n)) for n in range(6)]
    with language.use(code):
        figure = drawn_of(rows)
    check(figure)
    assert size(figure)[0] == 468 and size(figure)[1] < 240
    for number, axes in enumerate(panels(figure)):
        low, high = axes.get_ylim()
        ends = [data(line)[1][-1] for line in curves(figure, number)]
        assert all(low <= end <= high for end in ends)


def test_losses_that_are_no_numbers_leave_the_rest() -> None:
    broken = made(1)
    history = dict(broken.history) | {"val_loss": np.full(30, np.nan)}
    rows = [row("a", dataclasses.replace(broken, history=history)), row("b", made(2, 0.8))]
    figure = drawn_of(rows)
    check(figure)
    assert np.isnan(data(curves(figure, 1)[0])[1]).all()
    check(drawn_of(rows[:1]))


@pytest.mark.parametrize(
    ("kinds", "head", "note"),
    [
        ((0.1, 0.1), "Validation accuracy, %", False),
        (("test", "test"), "Test accuracy, %", True),
        ((0.1, "test"), "Validation accuracy, of some on the test set, %", True),
    ],
)
def test_what_was_validated_on_the_test_set_is_said(
    kinds: tuple[float | str, ...], head: str, note: bool
) -> None:
    rows = [row(str(n), made(n, validation=kind)) for n, kind in enumerate(kinds)]
    figure = drawn_of(rows)
    check(figure)
    words = written(figure)
    assert head in words
    assert ("placed by their test accuracy" in " ".join(words)) == note


def test_first_epochs_that_are_left_out_are_said() -> None:
    flat = made(1)
    even = np.linspace(0.5, 0.4, 30)
    steady = dict(flat.history) | {"val_loss": even, "val_accuracy": 0.9 - even / 10}
    whole = drawn_of([row("a", dataclasses.replace(flat, history=steady))])
    assert "outside" not in " ".join(written(whole))
    steep = dict(steady) | {"val_loss": np.concatenate([[9.0], even[1:]])}
    cut = drawn_of([row("a", dataclasses.replace(flat, history=steep))])
    assert "Parts of the first epochs lie outside of the panels." in " ".join(written(cut))
    assert panels(cut)[1].get_ylim()[1] < 1


def test_alternative_text_of_the_curves() -> None:
    rows = [row("a", made(1, 0.8)), row("b", made(2, 0.95))]
    text = top_curves.describe_top_curves(rows, SECTIONS).replace("\u00a0", " ")
    losses = [result.records[0].history["val_loss"] for result in rows]
    assert text == (
        "Validation curves of all 2 rows, from the highest validation accuracy down. “Row b”: accuracy 95.00 %, lowest"
        f" loss {losses[1].min():.3f} at epoch {losses[1].argmin() + 1}; “Row a”: accuracy 80.00 %, lowest loss"
        f" {losses[0].min():.3f} at epoch {losses[0].argmin() + 1}."
    )
    assert top_curves.describe_top_curves(rows[:1], SECTIONS).startswith(
        "Validation curves of one row. “Row a”"
    )
