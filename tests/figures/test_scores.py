"""F1 per class and the confusion heat map."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.collections import QuadMesh
from sklearn.metrics import confusion_matrix, f1_score

from reportgen.figures import confusion, scores
from reportgen.figures.confusion import colour_class
from reportgen.figures.style import MATRIX_DIAGONAL, MATRIX_EMPTY, MATRIX_ERRORS, TRAINING
from reportgen.report import matrix
from tests import samples
from tests.figures.artists import check, data, lines, row_of, size, written

HOSTILE = (
    "$\\frac{$",
    "_baseline",
    "é ü ß ž Ж ρ",
    "a name much longer than any column " * 20,
    "\u202etxt\x00",
    "x\ny",
)


def test_dots_are_the_scores() -> None:
    record = samples.record(dataset="fashion_mnist", accuracy=0.85)
    figure = scores.f1_per_class(row_of(record))
    assert size(figure) == (156, 110)
    expected = 100 * f1_score(record.test.y_true, record.test.y_pred, average=None)
    (dots,) = lines(figure.axes[0], TRAINING)
    np.testing.assert_allclose(data(dots)[0], expected)
    assert {f"{value:.1f}" for value in expected} <= set(written(figure))
    assert set(samples.CLOTHES) <= set(written(figure))
    low, high = figure.axes[0].get_xlim()
    assert low <= expected.min() and high == 100 and low == round(low)
    check(figure)


def test_the_lowest_of_many_classes_are_shown() -> None:
    names = tuple(f"class {number}" for number in range(100))
    record = samples.record(class_names=names, accuracy=0.6, n_test=5000)
    figure = scores.f1_per_class(row_of(record))
    found = 100 * f1_score(record.test.y_true, record.test.y_pred, average=None)
    (dots,) = lines(figure.axes[0], TRAINING)
    np.testing.assert_allclose(data(dots)[0], np.sort(found)[:10])
    rest = np.sort(found)[10:]
    assert {"lowest 10 of 100", f"90 others: {rest.min():.1f} to {rest.max():.1f}"} <= set(written(figure))
    check(figure)


@pytest.mark.parametrize("count", [2, 3, 11, 20])
@pytest.mark.parametrize("accuracy", [0.0, 0.5, 1.0])
def test_any_number_of_classes(count: int, accuracy: float) -> None:
    record = samples.record(class_names=[f"c{n}" for n in range(count)], accuracy=accuracy, n_test=200)
    figure = scores.f1_per_class(row_of(record))
    assert size(figure)[1] == pytest.approx(22 + 8.8 * count)
    check(figure)
    check(confusion.confusion_heatmap(row_of(record)))


def test_hostile_class_names_are_shown() -> None:
    record = samples.record(class_names=HOSTILE, accuracy=0.7)
    figure = scores.f1_per_class(row_of(record))
    check(figure)
    found = written(figure)
    assert {"$\\frac{$", "_baseline", "x y"} <= set(found)
    assert sum(text.endswith("…") for text in found) == 1 and "\ufffdtxt\ufffd" in found
    heat = confusion.confusion_heatmap(row_of(record))
    check(heat)
    assert {"$\\frac{$", "_baseline"} <= set(written(heat))


def test_heat_map_has_true_classes_in_rows() -> None:
    record = samples.record(dataset="fashion_mnist", accuracy=0.85, n_test=1000)
    figure = confusion.confusion_heatmap(row_of(record))
    expected = confusion_matrix(record.test.y_true, record.test.y_pred)
    (mesh,) = [item for item in figure.axes[0].collections if isinstance(item, QuadMesh)]
    colours = [
        "#" + "".join(f"{round(255 * part):02x}" for part in face[:3])
        for face in np.asarray(mesh.get_facecolor())
    ]
    for place, colour in enumerate(colours):
        row, column = divmod(place, 10)
        count = expected[row, column]
        share = count / expected[row].sum()
        wanted = MATRIX_ERRORS[colour_class(share)] if count else MATRIX_EMPTY
        assert colour == (MATRIX_DIAGONAL if row == column else wanted)
    printed = [text.get_text() for text in figure.axes[0].texts]
    assert [int(text or 0) for text in printed] == expected.ravel().tolist()
    check(figure)


@pytest.mark.parametrize(
    ("share", "number"),
    [(0.001, 0), (0.002, 0), (0.003, 1), (0.006, 2), (0.02, 3), (0.05, 4), (0.051, 5), (1.0, 5)],
)
def test_colour_classes_are_those_of_the_report(share: float, number: int) -> None:
    assert colour_class(share) == number
    assert confusion.BINS == matrix.BINS


def test_heat_map_of_a_hundred_classes_names_all() -> None:
    names = [f"class {n}" for n in range(100)]
    record = samples.record(class_names=names, accuracy=0.6, n_test=3000)
    figure = confusion.confusion_heatmap(row_of(record))
    assert max(size(figure)) < 1000
    assert [written(figure).count(name) for name in names] == [2] * 100
    check(figure)


def test_the_legend_of_the_heat_map_gives_the_ends_of_its_colours() -> None:
    record = samples.record(dataset="fashion_mnist", accuracy=0.85, n_test=1000)
    found = written(confusion.confusion_heatmap(row_of(record)))
    ends = [f"{100 * end:g} %" for end in confusion.BINS]
    assert {f"up to {ends[0]}", *(f"to {end}" for end in ends[1:]), f"over {ends[-1]}"} <= set(found)
    perfect = samples.record(accuracy=1.0, n_test=50)
    assert f"over {ends[-1]}" not in written(confusion.confusion_heatmap(row_of(perfect)))


def test_long_names_that_begin_alike_are_told_apart() -> None:
    names = [f"a class with a very long name indeed, number {n}" for n in range(12)]
    record = samples.record(class_names=names, accuracy=0.7, n_test=1000)
    for figure, times in (
        (scores.f1_per_class(row_of(record)), 1),
        (confusion.confusion_heatmap(row_of(record)), 2),
    ):
        found = [text for text in written(figure) if text.startswith("a cl")]
        assert len(found) == 12 * times and len(set(found)) == 12
        check(figure)


def test_alternative_texts_state_numbers() -> None:
    record = samples.record(dataset="fashion_mnist", accuracy=0.85)
    found = f1_score(record.test.y_true, record.test.y_pred, average=None)
    text = scores.describe_f1(row_of(record)).replace("\u00a0", " ")
    lowest, highest = samples.CLOTHES[int(found.argmin())], samples.CLOTHES[int(found.argmax())]
    assert text.startswith(
        f"F1 score per class on the test set: lowest for {lowest} ({100 * found.min():.1f} %)"
    )
    assert (
        f"highest for {highest} ({100 * found.max():.1f} %); mean of 10 classes {100 * found.mean():.1f} %"
        in text
    )
    errors = int((record.test.y_true != record.test.y_pred).sum())
    assert f"{errors} errors in 2 000 items" in confusion.describe_confusion(row_of(record)).replace(
        "\u00a0", " "
    )
    perfect = samples.record(accuracy=1.0, n_test=50)
    assert (
        confusion.describe_confusion(row_of(perfect)).replace("\u00a0", " ").endswith("0 errors in 50 items.")
    )
