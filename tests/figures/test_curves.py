"""Learning curves and small multiples, by their artists."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest
from matplotlib.figure import Figure
from numpy.typing import NDArray

from reportgen.figures import curves, scales
from reportgen.figures.multiples import describe_small_multiples, small_multiples
from reportgen.figures.style import TRAINING, VALIDATION
from reportgen.records import Record
from reportgen.results import Failure, Result
from tests import samples
from tests.figures.artists import boxes, check, data, lines, row_of, size, texts, written


def learning_curves(*records: Record | Failure) -> Figure:
    return curves.learning_curves(row_of(*records))


def describe_learning_curves(*records: Record | Failure) -> str:
    return curves.describe_learning_curves(row_of(*records)).replace("\u00a0", " ")


def with_history(epochs: int, **curves: list[float] | NDArray[np.float64]) -> Record:
    record = samples.record(n_test=20, n_validation=20, epochs=epochs)
    history = dict(record.history) | {name: np.asarray(values, float) for name, values in curves.items()}
    return dataclasses.replace(record, history=history)


def test_lines_are_the_history() -> None:
    record = samples.record(n_test=20, n_validation=20, epochs=20)
    figure = learning_curves(record)
    assert size(figure) == (278, 164)
    loss, accuracy = figure.axes
    for axes, training, held, factor in (
        (loss, "loss", "val_loss", 1),
        (accuracy, "accuracy", "val_accuracy", 100),
    ):
        (solid,) = lines(axes, TRAINING)
        dashed = lines(axes, VALIDATION)[0]
        np.testing.assert_allclose(data(solid)[0], np.arange(1, 21))
        np.testing.assert_allclose(data(solid)[1], factor * record.history[training])
        np.testing.assert_allclose(data(dashed)[1], factor * record.history[held])
        assert (solid.get_linestyle(), dashed.get_linestyle()) == ("-", "--")
        assert 3 <= len(axes.get_yticks()) <= 4
    assert loss.get_xlim() == accuracy.get_xlim() == (1, 20)
    check(figure)


def test_the_best_epoch_is_marked_on_its_own_panel() -> None:
    figure = learning_curves(
        with_history(
            4,
            val_loss=[0.5, 0.3, 0.35, 0.4],
            val_accuracy=[0.8, 0.85, 0.9, 0.88],
            loss=[0.6, 0.4, 0.3, 0.2],
            accuracy=[0.7, 0.8, 0.9, 0.95],
        )
    )
    for axes, epoch, value in zip(figure.axes, (2, 3), (0.3, 90.0), strict=True):
        (dot,) = [line for line in lines(axes, VALIDATION) if line.get_marker() == "o"]
        assert dot.get_markerfacecolor() == "none"
        assert data(dot)[0] == [epoch] and data(dot)[1] == pytest.approx([value])
    assert {"lowest 0.300, epoch 2", "highest 90.00, epoch 3"} <= set(written(figure))
    check(figure)


def with_accuracies(*values: float) -> Record:
    falling = list(np.linspace(0.9, 0.5, len(values)))
    return with_history(
        len(values), loss=falling, val_loss=falling, accuracy=[0.7] * len(values), val_accuracy=list(values)
    )


@pytest.mark.parametrize(
    ("values", "label", "said"),
    [
        ((0.8, 0.9, 0.9, 0.9), "epoch 2 (and 4)", "first at epoch 2, still at 4 (90.00 %)"),
        ((0.8, 0.9, 0.7, 0.9), "epoch 2 (and 4)", "first at epoch 2, again at 4 (90.00 %)"),
        ((0.8, 0.9, 0.9, 0.8), "epoch 2", "highest at epoch 2 (90.00 %)"),
        ((0.6, 0.7, 0.8, 0.9), "epoch 4", "highest at epoch 4 (90.00 %)"),
    ],
)
def test_a_best_epoch_that_the_last_one_ties_with_says_so(
    values: tuple[float, ...], label: str, said: str
) -> None:
    record = with_accuracies(*values)
    figure = learning_curves(record)
    assert f"highest 90.00, {label}" in written(figure) and "lowest 0.500, epoch 4" in written(figure)
    assert said in describe_learning_curves(record)
    check(figure)


def test_means_that_differ_by_rounding_only_tie() -> None:
    one, two = with_accuracies(0.1, 0.3, 0.2, 0.3), with_accuracies(0.1, 0.6, 0.2, 0.6 + 2e-9)
    assert "highest mean 45.00, epoch 2 (and 4)" in written(learning_curves(one, two))
    short = with_accuracies(0.1, 0.3, 0.3)
    # The mean ends at epoch 3, where no weights were tested.
    assert "highest mean 45.00, epoch 2" in written(
        learning_curves(short, with_accuracies(0.1, 0.6, 0.6, 0.4))
    )


def names_of(figure_texts: list[str]) -> set[str]:
    return set(figure_texts) & {"training", "validation", "test"}


def test_a_run_validated_on_the_test_set_says_so() -> None:
    figure = learning_curves(samples.record(n_test=20, n_validation=20, validation="test"))
    assert names_of(written(figure)) == {"training", "test"}
    assert "The test loss is lowest" in describe_learning_curves(samples.record(n_test=20, validation="test"))


@pytest.mark.parametrize("gap", [0.0, 0.001, 0.05, 0.3])
def test_names_at_the_line_ends_keep_apart(gap: float) -> None:
    step = np.linspace(1, 0.1, 10)
    figure = learning_curves(
        with_history(10, loss=step, val_loss=step + gap, accuracy=1 - step, val_accuracy=1 - step)
    )
    ends = [(text.get_text(), box) for text, box in boxes(figure) if names_of([text.get_text()])]
    middles = [(box.y0 + box.y1) / 2 for _, box in ends]
    assert len(ends) == 4
    assert abs(middles[0] - middles[1]) >= 8.9 and abs(middles[2] - middles[3]) >= 8.9
    check(figure)


@pytest.mark.parametrize("epochs", [1, 2, 3, 5, 6, 7, 11, 19, 50, 99, 150, 1000, 1234])
def test_any_number_of_epochs(epochs: int) -> None:
    figure = learning_curves(samples.record(n_test=20, n_validation=20, epochs=epochs))
    check(figure)
    assert f"{scales.epochs(epochs)[-1]:,}".replace(",", " ") in written(figure)
    if epochs == 1:
        drawn = [line for axes in figure.axes for line in lines(axes, TRAINING)]
        assert all(line.get_marker() not in ("", "None") for line in drawn)


def test_a_far_start_is_cut_off_and_said() -> None:
    step = np.arange(1, 151)
    loss, accuracy = 0.02 + 0.2 / step, 0.985 - 0.02 / step
    loss[:3], accuracy[:3] = (2.302, 1.5, 0.9), (0.112, 0.5, 0.8)
    figure = learning_curves(
        with_history(150, loss=loss, val_loss=loss + 0.01, accuracy=accuracy, val_accuracy=accuracy)
    )
    assert figure.axes[0].get_ylim()[1] < 0.5 and figure.axes[1].get_ylim()[0] > 90
    said = " ".join(written(figure))
    assert re.search(r"training starts at 2\.30,? validation (starts )?at 2\.31", said), said
    assert re.search(r"training starts at 11\.2,? validation (starts )?at 11\.2", said), said
    check(figure)


def test_the_note_names_only_the_curve_that_is_cut() -> None:
    step = np.arange(1, 151)
    loss, accuracy = 0.02 + 0.2 / step, np.full(150, 0.98)
    held = loss.clip(max=0.022)
    loss[:3] = (2.302, 1.5, 0.9)
    figure = learning_curves(
        with_history(150, loss=loss, val_loss=held, accuracy=accuracy, val_accuracy=accuracy)
    )
    assert [text for text in written(figure) if "starts" in text] == ["training starts at 2.30"]


@pytest.mark.parametrize("epochs", [10, 50, 100, 250])
def test_the_end_of_a_loss_that_falls_far_can_be_read(epochs: int) -> None:
    step = np.arange(1, epochs + 1)
    loss = 0.05 + 2.0 / step
    accuracy = 0.98 - 0.6 / step
    figure = learning_curves(
        with_history(epochs, loss=loss, val_loss=loss, accuracy=accuracy, val_accuracy=accuracy)
    )
    floor = figure.axes[0].get_ylim()[0]
    said = [text for text in written(figure) if text.startswith("axis from")]
    assert len(said) == 1 + bool(floor > 0) and (floor == 0 or floor >= 0.5 * loss[-1])
    # The last two thirds fill the panel: no more than the next round number above them.
    assert figure.axes[0].get_ylim()[1] < 2.1 * loss[epochs // 3]
    assert any("starts at 2.05" in text for text in written(figure))
    check(figure)


def test_a_note_keeps_clear_of_the_line_at_the_best_epoch() -> None:
    step = np.arange(1, 201)
    held = np.where(step == 193, 0.139, 0.144 + 0.35 / step**1.5)
    accuracy = 0.955 - 0.2 / step
    for training in (0.11 + 0.9 / step, 0.16 - 0.0002 * step + 0.9 / step**1.5):
        figure = learning_curves(
            with_history(200, loss=training, val_loss=held, accuracy=accuracy, val_accuracy=accuracy)
        )
        at = 26 + 202 * 192 / 199
        notes = [box for text, box in boxes(figure) if "starts at" in text.get_text() and box.y0 > 75]
        assert notes and not any(box.x0 - 1 <= at <= box.x1 + 1 for box in notes)


def test_both_panels_are_cut_or_neither() -> None:
    step = np.arange(1, 151)
    loss, accuracy = 0.02 + 0.2 / step, np.linspace(0.58, 0.9, 150)
    loss[:3] = (2.302, 1.5, 0.9)
    assert not scales.starts_far((accuracy, accuracy)) and scales.starts_far((loss, loss))
    figure = learning_curves(
        with_history(150, loss=loss, val_loss=loss, accuracy=accuracy, val_accuracy=accuracy)
    )
    assert figure.axes[0].get_ylim()[1] < 0.5 and figure.axes[1].get_ylim()[0] > 100 * accuracy[0]


def test_a_diverging_run_is_drawn_as_far_as_it_goes() -> None:
    nan = float("nan")
    record = with_history(
        5, loss=[1.0, 2.0, nan, nan, nan], val_loss=[1.5, float("inf"), nan, nan, nan],
        accuracy=[0.3, 0.2, 0.1, 0.1, 0.1], val_accuracy=[0.3, 0.2, 0.1, 0.1, 0.1],
    )  # fmt: skip
    figure = learning_curves(record)
    check(figure)
    assert "lowest 1.500, epoch 1" in written(figure)
    text = describe_learning_curves(record)
    assert "is not finite from epoch 2 on" in text and "nan" not in text
    broken = with_history(3, loss=[nan] * 3, val_loss=[nan] * 3)
    assert "no finite value" in written(learning_curves(broken))
    check(learning_curves(broken))


def test_flat_curves_and_chance_level() -> None:
    flat = with_history(8, loss=[2.303] * 8, val_loss=[2.303] * 8, accuracy=[0.1] * 8, val_accuracy=[0.1] * 8)
    check(learning_curves(flat))
    perfect = with_history(8, loss=[0.0] * 8, val_loss=[0.0] * 8, accuracy=[1.0] * 8, val_accuracy=[1.0] * 8)
    check(learning_curves(perfect))
    assert max(learning_curves(perfect).axes[1].get_yticks()) >= 100


def test_the_alternative_text_states_numbers() -> None:
    record = with_history(
        3,
        loss=[0.5, 0.4, 0.3],
        val_loss=[0.6, 0.45, 0.5],
        accuracy=[0.7, 0.8, 0.9],
        val_accuracy=[0.7, 0.81, 0.8],
    )
    assert describe_learning_curves(record).replace("\u00a0", " ") == (
        "Learning curves over 3 epochs. The validation loss is lowest at epoch 2 (0.450) and ends at 0.500; the"
        " training loss ends at 0.300. The validation accuracy is highest at epoch 2 (81.00 %) and ends at 80.00 %;"
        " the training accuracy ends at 90.00 %."
    )


def run(number: int, title: str = "", **facts: float) -> Result:
    record = samples.record(n_test=20, n_validation=20, seed=number, **facts)  # type: ignore[arg-type]
    return samples.result(samples.row(f"r{number}", title=title or f"Run {number}"), f"k{number}", 42, record)


@pytest.mark.parametrize(("count", "height"), [(1, 80), (3, 80), (4, 152), (7, 224)])
def test_small_multiples_share_a_scale(count: int, height: float) -> None:
    results = [run(number, epochs=10 + number) for number in range(count)]
    figure = small_multiples(results, {})
    noted = any("cut off" in text for text in written(figure))
    assert size(figure) == (468, height + 11 * noted)
    panels = [axes for axes in figure.axes if axes.axison]
    assert len(panels) == count and len({axes.get_ylim() for axes in panels}) == 1
    for axes, result in zip(panels, results, strict=True):
        assert result.record is not None
        np.testing.assert_allclose(data(lines(axes, VALIDATION)[0])[1], result.record.history["val_loss"])
        assert axes.get_yscale() == "log"
    check(figure)
    assert {f"Run {count - 1}", "number: lowest validation loss"} <= set(written(figure))


def told(result: Result, **curves: list[float]) -> Result:
    return samples.with_record(result, with_history(len(curves["loss"]), **curves))


def test_small_multiples_say_what_lies_under_the_scale() -> None:
    fitted = told(run(1), loss=[2.0, 0.5, 0.0001], val_loss=[1.5, 0.4, 0.5])
    figure = small_multiples([fitted, run(2)], {})
    (axes, _) = (axes for axes in figure.axes if axes.axison)
    low, high = axes.get_ylim()
    assert 0.0001 < low < 0.4 and high >= 2.0
    assert any(text.startswith("Training curves are cut off") for text in written(figure))
    mild = told(run(1), loss=[2.0, 0.5, 0.4], val_loss=[1.5, 0.4, 0.5])
    assert not any("cut off" in text for text in written(small_multiples([mild], {})))


def test_small_multiples_show_a_training_curve_that_falls_below_the_validation_minima() -> None:
    short = told(run(1), loss=[2.1, 0.3], val_loss=[2.2, 1.5])
    figure = small_multiples([short], {})
    (axes,) = (axes for axes in figure.axes if axes.axison)
    assert axes.get_ylim()[0] <= 0.3
    assert not any("cut off" in text for text in written(figure))


@pytest.mark.parametrize(
    "losses", [[0.0] * 3, [1.0, 0.0, 0.5], [1e9, 1.0, 1e-9], [float("nan")] * 3, [1.0, float("inf"), 2.0]]
)
def test_small_multiples_of_losses_no_logarithm_likes(losses: list[float]) -> None:
    check(small_multiples([told(run(1), loss=losses, val_loss=losses), run(2)], {}))


def test_a_title_of_two_lines_is_whole() -> None:
    title = "200 sigmoid units, batches of 1024, 250 epochs"
    figure = small_multiples([run(1), run(2, title=title)], {})
    assert any(f"{one} {two}" == title for one in written(figure) for two in written(figure))
    check(figure)


def test_small_multiples_keep_the_cell_of_a_failed_run() -> None:
    lost = samples.result(
        samples.row("lost", title="Lost"), "k", 42, failure=Failure("kernel-died", "killed")
    )
    figure = small_multiples([run(1), lost], {})
    assert {"Lost", "no result: kernel died"} <= set(written(figure))
    check(figure)
    assert describe_small_multiples([run(1), lost], {}).endswith("1 run without a result.")
    assert sum(axes.axison for axes in figure.axes) == 1
    check(small_multiples([lost], {}))
    assert "No learning curves" in describe_small_multiples([lost], {})


def test_long_titles_are_shortened_not_drawn_over_the_value() -> None:
    figure = small_multiples([run(n, title="A title that goes on and on, " * 6) for n in range(5)], {})
    assert sum(text.get_text().endswith("…") for text in texts(figure)) == 5
    check(figure)
