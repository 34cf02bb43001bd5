"""One confusion matrix less another: its cells, colours and words."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import pytest
from matplotlib.collections import QuadMesh
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix

from reportgen import language
from reportgen.figures import matrix_difference as drawing
from reportgen.figures.style import MATRIX_EMPTY
from reportgen.records import Record
from reportgen.results import Failure, Result
from tests import samples
from tests.figures.artists import check, size, texts, written

LONG = "A title of ninety letters that says in so many words what was changed against the row before it"


def row(name: str, *records: Record | Failure, title: str = "") -> Result:
    return samples.repeated(samples.row(name, title=title or f"Row {name}"), records)


def made(seed: int, accuracy: float = 0.85, n: int = 1000, names: Sequence[str] = samples.CLOTHES) -> Record:
    return samples.record(class_names=names, accuracy=accuracy, n_test=n, n_validation=60, seed=seed)


def counts(record: Record) -> NDArray[np.int64]:
    found = confusion_matrix(
        record.test.y_true, record.test.y_pred, labels=range(len(record.data.class_names))
    )
    return np.asarray(found)


def cells(figure: Figure) -> list[list[str]]:
    """The texts of the cells, and their colours."""
    axes = next(axes for axes in figure.axes if any(isinstance(c, QuadMesh) for c in axes.collections))
    texts = [text.get_text().replace("\u00a0", "") for text in axes.texts]
    side = round(len(texts) ** 0.5)
    return [texts[start : start + side] for start in range(0, len(texts), side)]


def colours(figure: Figure) -> list[str]:
    meshes = [item for axes in figure.axes for item in axes.collections if isinstance(item, QuadMesh)]
    faces = np.asarray(meshes[0].get_facecolor())
    return ["#" + "".join(f"{round(255 * part):02x}" for part in face[:3]) for face in faces]


def number(text: str) -> float:
    assert not text or text[0] in "+−"
    return float(text.replace("−", "-") or 0)


def test_cells_are_first_minus_second() -> None:
    one, two = made(1), made(2)
    figure = drawing.matrix_difference([row("a", one), row("b", two)])
    check(figure)
    expected = counts(one) - counts(two)
    assert [[number(text) for text in line] for line in cells(figure)] == expected.tolist()
    words = written(figure)
    assert words.index("minus “Row b”") == words.index("“Row a”") + 1
    assert "Counts of one training each: another" in " ".join(words)
    assert {*samples.CLOTHES, "True", "Predicted class"} <= set(words)


def test_colours_are_by_share_of_the_true_class() -> None:
    one, two = made(1), made(2)
    expected = counts(one) - counts(two)
    items = counts(one).sum(axis=1)
    figure = drawing.matrix_difference([row("a", one), row("b", two)])
    for place, colour in enumerate(colours(figure)):
        true, read = divmod(place, 10)
        value = int(expected[true, read])
        steps = sum(abs(value) * 1000 > limit * items[true] for limit in (5.5, 10.5, 20.5))
        gains = drawing.FIRST if (value > 0) == (true == read) else drawing.SECOND
        wanted = gains[steps] if value else MATRIX_EMPTY
        assert colour == wanted, (true, read, value)


def test_the_key_says_whom_a_colour_favours() -> None:
    figure = drawing.matrix_difference([row("a", made(1)), row("b", made(2))])
    assert {"in favour of the first", "in favour of the second"} <= set(written(figure))
    shown = [to_hex(patch.get_facecolor()) for axes in figure.axes for patch in axes.patches]
    assert shown == [*drawing.FIRST, *drawing.SECOND]


def test_short_names_stand_upright() -> None:
    for names, turn in ((samples.DIGITS, 0), (samples.CLOTHES, 90)):
        figure = drawing.matrix_difference([row(str(n), made(n, names=names)) for n in (1, 2)])
        check(figure)
        found = [text.get_rotation() for text in texts(figure) if text.get_text() == names[0]]
        assert sorted(found) == [0, turn]


def test_several_seeds_are_means_per_run() -> None:
    records = [made(1), made(2), made(3)]
    a, b = row("a", *records[:2], Failure("timeout", "")), row("b", records[2])
    figure = drawing.matrix_difference([a, b])
    check(figure)
    expected = (counts(records[0]) + counts(records[1])) / 2 - counts(records[2])
    assert [[number(text) for text in line] for line in cells(figure)] == expected.tolist()
    assert "2 of 3 seeds and 1 seed" in " ".join(written(figure))


def test_a_small_mean_is_no_minus_zero() -> None:
    runs = [made(seed) for seed in range(1, 24)]
    figure = drawing.matrix_difference([row("a", *runs[:22]), row("b", *runs[1:23])])
    check(figure)
    expected = (counts(runs[0]) - counts(runs[22])) / 22
    for line, wanted in zip(cells(figure), expected, strict=True):
        for text, value in zip(line, wanted, strict=True):
            assert bool(text) == bool(value) and number(text) == pytest.approx(value, abs=0.0501)
            assert not text or number(text)


@pytest.mark.parametrize("count", [2, 3, 15, 16, 100])
@pytest.mark.parametrize("code", language.LANGUAGES)
def test_any_number_of_classes_and_long_titles(count: int, code: str) -> None:
    names = [f"Очень длинное имя класса {n}" for n in range(count)]
    records = [made(seed, 0.5, 40 * count, names) for seed in (1, 2)]
    rows = [row(name, record, title=LONG + name) for name, record in zip("ab", records, strict=True)]
    with language.use(code):
        figure = drawing.matrix_difference(rows)
    check(figure)
    assert size(figure)[0] == 468 and size(figure)[1] < 560
    shown = min(count, 15)
    assert len(cells(figure)) == shown
    expected = counts(records[0]) - counts(records[1])
    total = np.abs(expected).sum(axis=0) + np.abs(expected).sum(axis=1) - np.abs(np.diag(expected))
    chosen = sorted(np.argsort(-total, kind="stable")[:15])
    assert [[number(text) for text in line] for line in cells(figure)] == expected[
        np.ix_(chosen, chosen)
    ].tolist()
    if code == "en":
        assert "Counts of one training each" in " ".join(written(figure))
        assert ("Shown are the 15 of" in " ".join(written(figure))) == (count > 15)


def test_large_counts_have_room() -> None:
    one, two = made(1, 0.99, 60_000), made(2, 0.2, 60_000)
    rows = [row("a", one, one), row("b", two)]
    figure = drawing.matrix_difference(rows)
    check(figure)
    assert len(cells(figure)) == 10


def test_numbers_too_long_for_fifteen_classes_leave_room_for_fewer() -> None:
    names = [f"class {n}" for n in range(15)]
    runs = [samples.record(class_names=names, accuracy=p, n_test=400_000, n_validation=60) for p in (1, 0.1)]
    figure = drawing.matrix_difference([row("a", runs[0], runs[0]), row("b", runs[1])])
    check(figure)
    shown = len(cells(figure))
    assert 5 < shown < 15
    assert f"Shown are the {shown} of 15 classes that differ most." in " ".join(written(figure))


@pytest.mark.parametrize("count", [0, 1, 3])
def test_two_rows_are_needed(count: int) -> None:
    rows = [row(str(n), made(n)) for n in range(count)]
    for function in (drawing.matrix_difference, drawing.describe_matrix_difference):
        with pytest.raises(ValueError, match="two rows"):
            function(rows)


def test_other_test_sets_are_refused() -> None:
    rows = [row("a", made(1)), row("b", made(1, n=500))]
    for function in (drawing.matrix_difference, drawing.describe_matrix_difference):
        with pytest.raises(ValueError, match="not tested on the same items"):
            function(rows)


def test_alternative_text_of_the_difference() -> None:
    one, two = made(1), made(2, 0.8)
    text = drawing.describe_matrix_difference([row("a", one), row("b", two)]).replace("\u00a0", " ")
    errors = [int((record.test.y_true != record.test.y_pred).sum()) for record in (one, two)]
    assert text.startswith(
        "Confusion matrix of “Row a” minus that of “Row b”, per run:"
        f" {errors[0]} and {errors[1]} errors in 1 000 test items."
    )
    gap = counts(one) - counts(two)
    np.fill_diagonal(gap, 0)
    for sign, which, other in ((1, "first", "second"), (-1, "second", "first")):
        true, read = np.unravel_index((sign * gap).argmax(), gap.shape)
        names = samples.CLOTHES
        assert (
            f"The {which} reads {names[true]} as {names[read]} most over the {other}:"
            f" by {sign * gap[true, read]}." in text
        )


def test_the_same_run_twice_differs_in_nothing() -> None:
    one = row("a", made(1))
    again = dataclasses.replace(one, row=samples.row("b", title="Row b"))
    figure = drawing.matrix_difference([one, again])
    check(figure)
    assert {text for line in cells(figure) for text in line} == {""}
    assert drawing.describe_matrix_difference([one, again]).endswith("test items.")
