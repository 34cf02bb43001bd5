"""Rows with several seeds: bands, means, ranges, and the words for them."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection, QuadMesh
from matplotlib.lines import Line2D
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, f1_score

from reportgen.figures.confusion import confusion_heatmap, describe_confusion
from reportgen.figures.cover import cover_strip, describe_cover
from reportgen.figures.curves import describe_learning_curves, learning_curves
from reportgen.figures.multiples import describe_small_multiples, small_multiples
from reportgen.figures.scores import describe_f1, f1_per_class
from reportgen.figures.seeds import bundle
from reportgen.figures.style import TRAINING, VALIDATION
from reportgen.records import Record
from reportgen.results import Failure, Result
from tests import samples
from tests.figures.artists import check, data, lines, row_of, size, written


def told(val_loss: list[float], val_accuracy: list[float] | None = None) -> Record:
    """A run with these validation curves; the training curves are half a point from them."""
    losses = np.asarray(val_loss, float)
    accuracies = np.asarray(val_accuracy or np.linspace(0.5, 0.9, len(losses)), float)
    record = samples.record(n_test=50, n_validation=50, epochs=len(losses))
    history = dict(record.history) | {
        "loss": losses - 0.05, "val_loss": losses, "accuracy": accuracies + 0.05, "val_accuracy": accuracies,
    }  # fmt: skip
    return dataclasses.replace(record, history=history)


def runs(count: int, epochs: int = 20) -> Result:
    return row_of(*(samples.record(seed=seed, n_test=500, epochs=epochs) for seed in range(count)))


def bands(axes: Axes) -> list[PolyCollection]:
    return [item for item in axes.collections if isinstance(item, PolyCollection)]


def reach(band: PolyCollection, epoch: float) -> tuple[float, float]:
    """Lowest and highest corner of a band at an epoch."""
    corners = np.concatenate([path.vertices for path in band.get_paths()])
    found = corners[np.isclose(corners[:, 0], epoch), 1]
    return float(found.min()), float(found.max())


def mean_line(axes: Axes) -> Line2D:
    """The dashed line of the validation curve's mean."""
    (found,) = [
        line
        for line in lines(axes, VALIDATION)
        if line.get_linestyle() == "--" and line.get_label() != "seed"
    ]
    return found


def values(curve: tuple[list[float], list[float]]) -> NDArray[np.float64]:
    return np.asarray(curve[1], float)


def test_three_seeds_are_their_mean_and_a_band_from_lowest_to_highest() -> None:
    result = runs(3)
    figure = learning_curves(result)
    for axes, name, factor in zip(figure.axes, ("val_loss", "val_accuracy"), (1, 100), strict=True):
        stack = factor * np.stack([record.history[name] for record in result.records])
        mean = mean_line(axes)
        np.testing.assert_allclose(values(data(mean)), stack.mean(axis=0))
        assert len(bands(axes)) == 2
        for epoch in (1, 7, 20):
            ends = stack[:, epoch - 1].min(), stack[:, epoch - 1].max()
            assert reach(bands(axes)[1], epoch) == pytest.approx(ends)
    assert "Lines: means of 3 seeds; bands: lowest to highest." in written(figure)
    check(figure)


def test_a_band_of_many_epochs_has_fewer_corners_and_leaves_nothing_out() -> None:
    result = runs(4, epochs=1000)
    (_, band) = bands(learning_curves(result).axes[0])
    corners = np.concatenate([path.vertices for path in band.get_paths()])
    assert len(corners) < 500
    stack = np.stack([record.history["val_loss"] for record in result.records])
    # The narrowest part of the band around an epoch still holds all runs' values there.
    for epoch in (1, 400, 777, 1000):
        near = corners[np.abs(corners[:, 0] - epoch) <= 6, 1]
        assert near.min() <= stack[:, epoch - 1].min() and near.max() >= stack[:, epoch - 1].max()


def test_two_seeds_are_thin_lines_beside_their_mean() -> None:
    result = runs(2)
    figure = learning_curves(result)
    assert not bands(figure.axes[0])
    thin = [line for line in lines(figure.axes[0], TRAINING) if line.get_label() == "seed"]
    for line, record in zip(thin, result.records, strict=True):
        np.testing.assert_allclose(values(data(line)), record.history["loss"])
        assert line.get_linewidth() < 0.75
    assert "Lines: means of 2 seeds; thin lines: each seed." in written(figure)
    check(figure)


def test_the_mean_ends_where_the_first_seed_stopped() -> None:
    result = row_of(
        told([0.9, 0.5, 0.6]), told([0.8, 0.4, 0.5, 0.6, 0.1]), told([0.7, 0.6, 0.4, 0.5])
    )  # fmt: skip
    figure = learning_curves(result)
    (axes, _) = figure.axes
    assert axes.get_xlim() == (1, 5)
    mean = mean_line(axes)
    np.testing.assert_allclose(values(data(mean)), [0.8, 0.5, 0.5])
    rest = [line for line in lines(axes, VALIDATION) if line.get_label() == "seed"]
    np.testing.assert_allclose(values(data(rest[0])), [np.nan, np.nan, 0.5, 0.6, 0.1])
    assert len(rest) == 2
    # The 0.1 of a single seed is not the mean's lowest.
    assert "lowest mean 0.500, epoch 2" in written(figure)
    said = " ".join(written(figure))
    assert "All ran until epoch 3, where the means end; after it each seed has a thin line." in said
    assert "The runs lasted 3 to 5\u00a0epochs: the means go to epoch 3." in describe_learning_curves(result)
    check(figure)


def test_the_best_epoch_is_that_of_the_mean() -> None:
    result = row_of(told([0.5, 0.2, 0.4], [0.7, 0.9, 0.6]), told([0.5, 0.6, 0.3], [0.7, 0.6, 0.8]))
    figure = learning_curves(result)
    assert {"lowest mean 0.350, epoch 3", "highest mean 75.00, epoch 2"} <= set(written(figure))
    (dot,) = [line for line in lines(figure.axes[0], VALIDATION) if line.get_marker() == "o"]
    assert data(dot)[0] == [3] and data(dot)[1] == pytest.approx([0.35])
    check(figure)


def test_where_a_seed_is_no_number_there_is_no_mean() -> None:
    nan = float("nan")
    result = row_of(told([0.5, 0.4, 0.3]), told([0.5, 0.6, 0.3]), told([0.5, nan, nan]))
    figure = learning_curves(result)
    assert "Where a seed has no finite loss there is no mean." in " ".join(written(figure))
    mean = mean_line(figure.axes[0])
    assert np.isnan(values(data(mean))[1:]).all()
    assert sum(line.get_label() == "seed" for line in lines(figure.axes[0], VALIDATION)) == 2
    check(figure)
    broken = row_of(told([nan] * 3), told([0.5, 0.4, 0.3]))
    assert "no finite mean" in written(learning_curves(broken))
    check(learning_curves(broken))


def test_a_lost_run_is_counted() -> None:
    lost = row_of(told([0.5, 0.4]), told([0.5, 0.3]), Failure("timeout", ""))
    assert "Lines: means of 2 of 3 seeds; thin lines: each seed." in written(learning_curves(lost))
    assert "of 2 of 3\u00a0seeds" in describe_learning_curves(lost)
    alone = row_of(told([0.5, 0.4]), Failure("timeout", ""))
    assert size(learning_curves(alone)) == (278, 164)


@pytest.mark.parametrize("epochs", [1, 2, 7, 250])
@pytest.mark.parametrize("count", [2, 3, 20])
def test_any_number_of_seeds_and_epochs(count: int, epochs: int) -> None:
    result = runs(count, epochs)
    check(learning_curves(result))
    check(small_multiples([result, runs(1, epochs)], {}))


def test_the_alternative_text_of_several_seeds() -> None:
    result = row_of(told([0.5, 0.2, 0.4], [0.7, 0.9, 0.6]), told([0.5, 0.6, 0.3], [0.7, 0.6, 0.8]))
    assert describe_learning_curves(result).replace("\u00a0", " ") == (
        "Learning curves of 2 seeds over 3 epochs, mean and both curves. The mean validation loss is lowest at"
        " epoch 3 (0.350) and ends at 0.350 (0.300 to 0.400); the mean training loss ends at 0.300 (0.250 to"
        " 0.350). The mean validation accuracy is highest at epoch 2 (75.00 %) and ends at 70.00 % (60.00 % to"
        " 80.00 %); the mean training accuracy ends at 75.00 % (65.00 % to 85.00 %)."
    )


def test_a_bundle_of_one_run_is_its_curve() -> None:
    record = samples.record(n_test=20)
    found = bundle([record], "val_loss")
    assert found.mean is found.runs[0] and not found.several


def test_small_multiples_give_the_lowest_of_the_mean() -> None:
    result = row_of(told([0.5, 0.2, 0.4]), told([0.5, 0.6, 0.3]), told([0.5, 0.4, 0.35]))
    figure = small_multiples([result], {})
    assert {"0.350", "3 epochs, 3 seeds", "number: lowest mean validation loss"} <= set(written(figure))
    (cell,) = [axes for axes in figure.axes if axes.axison]
    assert reach(bands(cell)[1], 2) == pytest.approx((0.2, 0.6))
    text = describe_small_multiples([result, samples.result(samples.row("b"), "k", 42, told([0.9, 0.8]))], {})
    assert "Loss curves of 2\u00a0rows" in text and "is 0.350 at epoch 3" in text
    assert "1 of them shows mean and range of 3\u00a0seeds, with the minimum of the mean." in text


def test_f1_of_several_seeds_is_of_all_predictions_with_the_seeds_range() -> None:
    result = runs(3)
    figure = f1_per_class(result)
    assert size(figure) == (156, 119)
    truth = np.concatenate([record.test.y_true for record in result.records])
    guess = np.concatenate([record.test.y_pred for record in result.records])
    pooled = 100 * f1_score(truth, guess, average=None)
    each = 100 * np.stack(
        [f1_score(record.test.y_true, record.test.y_pred, average=None) for record in result.records]
    )
    (dots,) = lines(figure.axes[0], TRAINING)
    np.testing.assert_allclose(data(dots)[0], pooled)
    ranges = [item for item in figure.axes[0].collections if isinstance(item, LineCollection)][1]
    ends = [segment[:, 0].tolist() for segment in ranges.get_segments()]
    np.testing.assert_allclose(ends, np.stack([each.min(axis=0), each.max(axis=0)], axis=1))
    assert figure.axes[0].get_xlim()[0] <= each.min()
    assert "dot: 3 seeds together; line: range" in written(figure)
    text = describe_f1(result).replace("\u00a0", " ")
    low = int(pooled.argmin())
    span = f"by seed {each[:, low].min():.1f} to {each[:, low].max():.1f} %"
    assert f"lowest for {low} ({pooled[low]:.1f} %, {span})" in text and "of 3 seeds together" in text
    check(figure)


def test_the_heat_map_of_several_seeds_is_their_sum() -> None:
    result = runs(3)
    figure = confusion_heatmap(result)
    expected = sum(confusion_matrix(record.test.y_true, record.test.y_pred) for record in result.records)
    printed = [text.get_text().replace("\u00a0", "") for text in figure.axes[0].texts]
    assert [int(text or 0) for text in printed] == np.ravel(expected).tolist()
    assert any(isinstance(item, QuadMesh) for item in figure.axes[0].collections)
    assert "Sum of 3 seeds" in written(figure)
    assert "sum of 3\u00a0seeds:" in describe_confusion(result)
    assert "in 1\u00a0500\u00a0predictions" in describe_confusion(result)
    check(figure)


def scored(name: str, *accuracies: float) -> Result:
    """A row whose runs have these validation accuracies."""
    made = []
    for accuracy in accuracies:
        record = samples.record(n_test=20, n_validation=200)
        scores = dict(record.evaluation) | {"validation": {"loss": 0.1, "accuracy": accuracy}}
        made.append(dataclasses.replace(record, evaluation=scores))
    return samples.repeated(samples.row(name, title=f"Title of {name}"), made)


def test_the_cover_shows_mean_and_range() -> None:
    results = [scored("a", 0.97, 0.98, 0.99), scored("b", 0.95)]
    figure = cover_strip(results, {"raw": "Raw pixels"})
    assert "Title of a: 2.00 %" in written(figure)
    (axes,) = [axes for axes in figure.axes if axes.axison]
    (dots,) = [line for line in axes.lines if line.get_marker() == "o"]
    assert data(dots)[0] == pytest.approx([2.0, 5.0])
    (span,) = [line for line in axes.lines if line.get_color() == dots.get_color() and line is not dots]
    assert data(span)[0] == pytest.approx([1.0, 3.0])
    assert any("Of several seeds: the mean (mark) and the range (line)." in text for text in written(figure))
    check(figure)
    assert describe_cover(results, {}).replace("\u00a0", " ") == (
        "MNIST, 2 rows: validation errors from 2.00 to 5.00 %; the lowest is that of “Title of a”. 1 of them is the"
        " mean of 3 seeds, which differ by up to 2.00 points within a row."
    )


def test_the_cover_names_the_row_that_is_best_on_average() -> None:
    results = [scored("lucky", 0.99, 0.90), scored("steady", 0.96, 0.96)]
    assert "Title of steady: 4.00 %" in written(cover_strip(results, {}))


def test_a_cover_of_rows_without_any_error() -> None:
    check(cover_strip([scored("a", 1.0, 1.0), scored("b", 1.0, 0.99)], {}))
