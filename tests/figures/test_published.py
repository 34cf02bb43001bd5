"""Published accuracies beside ours."""

from __future__ import annotations

import dataclasses

import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from reportgen.experiments.schema import Protocol, Published
from reportgen.figures.published import comparable, describe_published, published_scores
from reportgen.figures.style import TRAINING, VALIDATION
from reportgen.results import Failure, Result
from tests import samples
from tests.figures.artists import check, data, size, written

KNOWN = Protocol(source="A. Nother", test_items=10_000, validation_items=400)


def row(
    row_id: str, published: float | None, accuracies: tuple[float, ...] = (0.95,), **facts: str
) -> Result:
    found = samples.row(
        row_id,
        title=f"Row {row_id}",
        published=None if published is None else Published(test_accuracy=published),
    )
    return samples.repeated(
        found,
        [
            samples.record(seed=seed, accuracy=accuracy, **facts)  # type: ignore[arg-type]
            for seed, accuracy in enumerate(accuracies)
        ],
    )


def panels(figure: Figure) -> list[Axes]:
    return [axes for axes in figure.axes if axes.axison]


def accuracy(result: Result, run: int = 0) -> float:
    test = result.records[run].test
    return float((test.y_true == test.y_pred).mean())


def spans(axes: Axes, color: str) -> list[list[float]]:
    return [data(line)[0] for line in axes.lines if line.get_color() == color and len(data(line)[0]) == 2]


def test_both_stand_with_wilsons_interval() -> None:
    result = row("a", 0.9612)
    figure = published_scores([result], KNOWN)
    (axes,) = panels(figure)
    (theirs,) = [line for line in axes.lines if line.get_marker() == "s"]
    (ours,) = [line for line in axes.lines if line.get_marker() == "o"]
    assert data(theirs)[0] == pytest.approx([96.12]) and theirs.get_markerfacecolor() == "#ffffff"
    assert data(ours)[0] == pytest.approx([100 * accuracy(result)])
    right = round(2000 * accuracy(result))
    for color, count, items in ((TRAINING, right, 2000), (VALIDATION, 9612, 10_000)):
        ends = proportion_confint(count, items, method="wilson")
        assert spans(axes, color) == [pytest.approx([100 * end for end in ends])]
    assert "published (A. Nother)" in " ".join(written(figure))
    assert f"{100 * (accuracy(result) - 0.9612):+.2f}".replace("-", "\u2212") in written(figure)
    check(figure)


def test_a_published_figure_that_is_no_whole_number_of_items_is_not_rounded_to_one() -> None:
    (axes,) = panels(published_scores([row("a", 0.955)], Protocol(test_items=10)))
    ends = proportion_confint(9.55, 10, method="wilson")
    assert spans(axes, VALIDATION) == [pytest.approx([100 * end for end in ends])]


def test_without_a_size_the_published_figure_has_no_interval() -> None:
    for protocol in (None, Protocol(source="A. Nother")):
        figure = published_scores([row("a", 0.96)], protocol)
        assert not spans(panels(figure)[0], VALIDATION)
        assert "is not known" in " ".join(written(figure))


def test_several_seeds_have_the_interval_of_their_mean() -> None:
    result = row("a", 0.96, (0.95, 0.955, 0.96))
    values = [accuracy(result, run) for run in range(3)]
    figure = published_scores([result], KNOWN)
    mean = sum(values) / 3
    ends = stats.t.interval(0.95, 2, loc=mean, scale=stats.sem(values))
    assert spans(panels(figure)[0], TRAINING) == [pytest.approx([100 * end for end in ends])]
    assert "mean of 3 seeds where there are several" in " ".join(written(figure))
    check(figure)


def test_a_very_long_interval_does_not_press_the_others_together() -> None:
    figure = published_scores([row("a", 0.95), row("b", 0.95, (0.8, 0.99))], KNOWN)
    low, high = panels(figure)[0].get_xlim()
    assert low > 60 and high <= 110
    assert "An arrow: the interval goes on." in " ".join(written(figure))
    assert any(str(line.get_marker()) in "<>" for line in panels(figure)[0].lines)
    check(figure)


def test_a_panel_for_each_data_set() -> None:
    results = [row("a", 0.95), row("b", 0.9, dataset="fashion_mnist"), row("c", None)]
    figure = published_scores(results, KNOWN)
    assert len(panels(figure)) == 2 and {"MNIST", "Fashion-MNIST"} <= set(written(figure))
    assert "Row c" not in written(figure)
    check(figure)


def test_what_cannot_be_compared_is_left_out_and_counted() -> None:
    lost = samples.result(row("b", 0.9).row, "k", 42, failure=Failure("timeout", ""))
    results = [row("a", 0.95), lost, row("c", 0.95, name="digits")]
    assert [result.row.id for result in comparable(results)] == ["a"]
    figure = published_scores(results, KNOWN)
    assert "2 rows with a published accuracy are not shown" in " ".join(written(figure))
    check(figure)
    check(published_scores(results[1:], KNOWN))
    assert "2 published ones" in describe_published(results[1:], KNOWN)
    assert "No row has a published accuracy." in written(published_scores([row("d", None)], None))


def test_validation_on_the_test_set_is_said() -> None:
    figure = published_scores([row("a", 0.95, validation="test")], KNOWN)
    assert "MNIST (ours validated on its test set)" in written(figure)


def test_twenty_rows_with_long_titles_fit_a_page() -> None:
    long = "A title that goes on and on, and then some more, " * 3
    results = [row(str(number), 0.9 + number / 300) for number in range(20)]
    renamed = [dataclasses.replace(r, row=dataclasses.replace(r.row, title=long)) for r in results]
    figure = published_scores(renamed, KNOWN)
    assert size(figure)[1] < 650
    check(figure)


def test_the_alternative_text_counts_without_judging() -> None:
    results = [row("a", 0.9), row("b", 0.955)]
    first, second = (accuracy(result) for result in results)
    text = describe_published(results, KNOWN).replace("\u00a0", " ")
    low, high = sorted([first - 0.9, second - 0.955])
    assert text.startswith(
        f"Test accuracy of 2 rows, ours minus published: from {100 * low:+.2f} points".replace("-", "\u2212")
    )
    assert f"{100 * high:+.2f} points (“Row a”)" in text
    # How many can be told apart is said in the text, by the interval of the difference.
    assert "inside" not in text and text.endswith("points (“Row a”).")
    alone = describe_published(results[1:], KNOWN).replace("\u00a0", " ")
    low, high = proportion_confint(round(2000 * second), 2000, method="wilson")
    assert f"95 % interval {100 * low:.2f} % to {100 * high:.2f} %; published 95.50 %." in alone
    assert "inside" not in alone


def held(row_id: str, published: float, accuracies: tuple[float, ...] = (0.95,)) -> Result:
    """A row with a published validation accuracy alone."""
    found = row(row_id, 0.5, accuracies)
    figures = Published(best_validation_accuracy=published)
    return dataclasses.replace(found, row=dataclasses.replace(found.row, published=figures))


def highest(result: Result, run: int = 0) -> float:
    return float(max(result.records[run].history["val_accuracy"]))


def test_without_a_test_accuracy_the_best_of_validation_is_drawn_and_called_so() -> None:
    result = held("a", 0.9612)
    figure = published_scores([result], KNOWN)
    (axes,) = panels(figure)
    (theirs,) = [line for line in axes.lines if line.get_marker() == "s"]
    (ours,) = [line for line in axes.lines if line.get_marker() == "o"]
    assert data(theirs)[0] == pytest.approx([96.12])
    assert data(ours)[0] == pytest.approx([100 * highest(result)])
    items = len(result.records[0].validation.y_true)
    for color, count, of in ((TRAINING, highest(result) * items, items), (VALIDATION, 0.9612 * 400, 400)):
        ends = proportion_confint(count, of, method="wilson")
        assert spans(axes, color) == [pytest.approx([100 * end for end in ends])]
    said = " ".join(written(figure))
    assert "Highest validation accuracy of any epoch, %" in said and "Test accuracy" not in said
    assert "from the number of validation items." in said and "optimistic on both sides" in said
    check(figure)
    text = describe_published([result], KNOWN).replace("\u00a0", " ")
    assert text.startswith("Highest validation accuracy of “Row a”: ") and text.endswith("published 96.12 %.")


def test_validation_is_never_drawn_beside_a_test() -> None:
    results = [row("a", 0.95), held("b", 0.9)]
    assert [result.row.id for result in comparable(results)] == ["a"]
    figure = published_scores(results, KNOWN)
    assert "Row b" not in written(figure) and "validation" not in " ".join(written(figure)).casefold()
    several = [held("a", 0.9), held("b", 0.97, (0.95, 0.955))]
    text = describe_published(several, KNOWN).replace("\u00a0", " ")
    gaps = highest(several[0]) - 0.9, sum(highest(several[1], run) for run in (0, 1)) / 2 - 0.97
    assert text == (
        "Highest validation accuracy of 2 rows, ours (means of 2 seeds where there are several) minus published:"
        f" from {100 * min(gaps):+.2f} points (“Row b”) to {100 * max(gaps):+.2f} points (“Row a”)."
    ).replace("-", "\u2212")
    check(published_scores(several, KNOWN))
    assert "validated on is not known" in " ".join(written(published_scores(several, None)))
