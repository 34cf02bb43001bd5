"""The cover's strip, and accuracy against parameters."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

import pytest
from matplotlib.figure import Figure

from reportgen.figures.cost import accuracy_against_cost, describe_cost
from reportgen.figures.cover import cover_strip, describe_cover
from reportgen.figures.style import FAMILIES, GRID
from reportgen.results import Failure, Result
from tests import samples
from tests.figures.artists import boxes, check, data, size, written

SECTIONS = {"raw": "Raw pixels", "clothes": "Clothing", "s0": "A section whose title goes on and on " * 5}


def run(
    name: str,
    accuracy: float,
    *,
    dataset: str = "mnist",
    section: str = "raw",
    units: int = 50,
    validation: float | str = 0.1,
) -> Result:
    record = samples.record(
        dataset=dataset,
        layers=samples.mlp_layers(hidden=(units,)),
        n_test=20,
        n_validation=200,
        validation=validation,
    )
    # The test score is the reverse of the validation score: nothing may be chosen by it.
    scores = {
        "validation": {"loss": 0.1, "accuracy": accuracy},
        "test": {"loss": 0.1, "accuracy": 1 - accuracy},
    }
    row = samples.row(name, section, title=f"Title of {name}")
    return samples.result(row, name, 42, dataclasses.replace(record, evaluation=scores))


def marks(figure: Figure) -> list[tuple[float, float]]:
    """Every dot on an axis with a scale."""
    return [
        point
        for axes in figure.axes
        if axes.axison
        for line in axes.lines
        if line.get_linestyle() == "None"
        for point in zip(*data(line), strict=True)
    ]


def labo04() -> list[Result]:
    """As many rows, chapters and ties as in the coursework."""
    results = [
        run(f"raw{n}", 0.975 + n % 3 / 1000, units=(150, 150, 250, 250, 300, 300)[n]) for n in range(6)
    ]
    results += [run(f"hog{n}", 0.97 + n / 2000, section="hog", units=40 + n % 4) for n in range(8)]
    results += [
        run(f"cnn{n}", 0.985 + n / 3000, section="cnn", units=(10, 10, 11, 12, 10, 10)[n]) for n in range(6)
    ]
    fashion = ((8, 0.87), (8, 0.868), (900, 0.91), (200, 0.90))
    return results + [
        run(f"f{n}", accuracy, dataset="fashion_mnist", section="clothes", units=units)
        for n, (units, accuracy) in enumerate(fashion)
    ]


def test_cover_has_an_axis_per_data_set_with_every_run() -> None:
    results = labo04()
    figure = cover_strip(results, SECTIONS)
    scaled = [axes for axes in figure.axes if axes.axison]
    assert len(scaled) == 2 and all(axes.get_xscale() == "log" for axes in scaled)
    shown = sorted(x for x, _ in marks(figure))
    expected = sorted(100 * (1 - r.record.evaluation["validation"]["accuracy"]) for r in results if r.record)
    assert shown == pytest.approx(expected)
    assert all(2 <= len(axes.get_xticks()) <= 6 for axes in scaled)
    assert {"MNIST", "Fashion-MNIST", "Clothing"} <= set(written(figure))
    check(figure)


def test_cover_names_the_best_by_validation() -> None:
    results = [run("a", 0.95), run("b", 0.99), run("c", 0.90)]
    figure = cover_strip(results, SECTIONS)
    assert "Title of b: 1.00 %" in written(figure)
    assert not any("Title of c" in text for text in written(figure))
    text = describe_cover(results, SECTIONS).replace("\u00a0", " ")
    assert (
        text == "MNIST, 3 runs: validation errors from 1.00 to 10.00 %; the lowest is that of “Title of b”."
    )


def test_cover_breaks_a_long_section_title_into_two_lines() -> None:
    title = "Digits with a convolutional network and some more"
    figure = cover_strip([run("a", 0.95), run("b", 0.99, section="hog")], {"raw": title, "hog": "HOG"})
    assert title not in written(figure) and not any(text.endswith("…") for text in written(figure))
    assert any(f"{one} {two}" == title for one in written(figure) for two in written(figure))
    check(figure)


def test_no_grid_line_runs_through_the_name_on_the_cover() -> None:
    figure = cover_strip(labo04(), SECTIONS)
    named = [box for text, box in boxes(figure) if text.get_text().startswith("Title of")]
    assert len(named) == 2
    grid = [line for axes in figure.axes for line in axes.lines if line.get_color() == GRID]
    assert grid
    for line in grid:
        extent = line.get_window_extent()
        for box in named:
            across = box.x0 <= extent.x0 <= box.x1
            assert not (across and extent.y0 < box.y1 and box.y0 < extent.y1)


def test_the_name_on_the_cover_is_centred_over_its_mark() -> None:
    figure = cover_strip(labo04(), SECTIONS)
    for text, box in boxes(figure):
        if text.get_text().startswith("Title of"):
            large = [axes.get_position() for axes in figure.axes if not axes.axison and axes.lines]
            middles = [468 * (place.x0 + place.x1) / 2 for place in large]
            assert any(abs((box.x0 + box.x1) / 2 - middle) < 1 for middle in middles)
    words = written(figure)
    assert words.count("validation error, % (log scale)") == 2
    assert "Large: the lowest error of its data set; pale: the other rows." in words


def test_cover_names_nobody_where_the_test_set_chose() -> None:
    results = [run("a", 0.95, validation="test"), run("b", 0.99)]
    figure = cover_strip(results, SECTIONS)
    assert not any("Title of" in text for text in written(figure))
    assert "MNIST (validated on its test set)" in written(figure)
    assert "Title of" not in describe_cover(results, SECTIONS)


def many(count: int, sections: int) -> list[Result]:
    return [
        run(f"{n}", 0.9 + 0.09 * math.sin(n) ** 2, section=f"s{n % sections}", units=5 + (n * 37) % 400)
        for n in range(count)
    ]


@pytest.mark.parametrize(
    "results",
    [
        [],
        [run("a", 1.0)],
        [run("a", 0.0), run("b", 1.0)],
        [run("a", 0.5), run("b", 0.5)],
        [run("a", 0.98), samples.result(samples.row("lost"), "lost", 42, failure=Failure("timeout", ""))],
        [
            run("a", 0.98),
            run("b", 0.8, dataset="fashion_mnist"),
            run("c", 0.7, dataset="pets"),
            run("d", 0.6, dataset="x"),
        ],
        many(60, 5),
        many(14, 14),
    ],
    ids=["none", "one", "extremes", "equal", "failed", "four data sets", "sixty", "fourteen sections"],
)
def test_edge_cases_of_both(results: Sequence[Result]) -> None:
    for figure in (cover_strip(results, SECTIONS), accuracy_against_cost(results, SECTIONS)):
        check(figure)
        done = sum(result.record is not None for result in results)
        assert len(marks(figure)) == done
        assert size(figure)[0] == 468
    assert describe_cover(results, SECTIONS) and describe_cost(results, SECTIONS)


def test_cost_shows_validation_against_parameters() -> None:
    results = labo04()
    figure = accuracy_against_cost(results, SECTIONS)
    assert size(figure) == (468, 210)
    expected = sorted(
        (float(r.record.total_params), 100 * r.record.evaluation["validation"]["accuracy"])
        for r in results
        if r.record
    )
    assert [value for point in sorted(marks(figure)) for value in point] == pytest.approx(
        [value for point in expected for value in point]
    )
    check(figure)


def test_sections_differ_by_shape_and_colour() -> None:
    chapters = {"raw": "Raw pixels", "hog": "HOG", "cnn": "Convolutions", "clothes": "Clothing"}
    figure = accuracy_against_cost(labo04(), chapters)
    looks = {
        (line.get_marker(), str(line.get_color()))
        for axes in figure.axes
        for line in axes.lines
        if line.get_linestyle() == "None"
    }
    assert {shape for shape, _ in looks} == {"o", "s", "^", "D"} and {color for _, color in looks} == set(
        FAMILIES
    )


def test_every_rank_is_written_beside_its_mark() -> None:
    figure = accuracy_against_cost(
        [run("a", 0.95, units=50), run("b", 0.99, units=100), run("c", 0.9, units=70)], SECTIONS
    )
    (axes,) = [axes for axes in figure.axes if axes.axison]
    for text, box in boxes(figure):
        if text.get_text() in ("1", "2", "3"):
            accuracy = {"1": 99.0, "2": 95.0, "3": 90.0}[text.get_text()]
            (place,) = [point for point in marks(figure) if point[1] == pytest.approx(accuracy)]
            x, y = axes.transData.transform(place)
            middle = ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
            assert math.dist((x, y), middle) < 12
    assert {"1", "2", "3"} <= set(written(figure))


def test_all_of_twenty_four_ranks_find_a_place_clear_of_the_marks() -> None:
    figure = accuracy_against_cost(labo04(), SECTIONS)
    found = [text for text in written(figure) if text.isdecimal() and int(text) <= 20]
    assert len(found) == 24
    ranked = [
        box for text, box in boxes(figure) if text.get_text().isdecimal() and int(text.get_text()) <= 20
    ]
    for axes in (axes for axes in figure.axes if axes.axison):
        for line in axes.lines:
            if line.get_linestyle() == "None":
                for place in zip(*data(line), strict=True):
                    x, y = axes.transData.transform(place)
                    assert not any(
                        box.x0 - 1 < x < box.x1 + 1 and box.y0 - 1 < y < box.y1 + 1 for box in ranked
                    )


def test_the_key_of_cost_explains_numbers_and_line() -> None:
    words = set(written(accuracy_against_cost(labo04(), SECTIONS)))
    assert {"1, 2, …", "order by validation", "Pareto front"} <= words
    alone = set(written(accuracy_against_cost([run("a", 0.95)], SECTIONS)))
    assert "Pareto front" not in alone
    on_test = set(written(accuracy_against_cost([run("a", 0.95, validation="test")], SECTIONS)))
    assert "order" in on_test and "order by validation" not in on_test


@pytest.mark.parametrize("units", [(1, 1260), (50, 252), (1, 126)])
def test_the_last_tick_label_of_cost_stays_within_the_figure(units: tuple[int, int]) -> None:
    check(accuracy_against_cost([run("a", 0.9, units=units[0]), run("b", 0.95, units=units[1])], SECTIONS))


def test_alternative_text_of_cost_names_the_front() -> None:
    text = describe_cost(
        [run("a", 0.95, units=10), run("b", 0.99, units=100), run("c", 0.9, units=70)], SECTIONS
    )
    assert text.replace("\u00a0", " ") == (
        "Validation accuracy on MNIST against parameters: 2 of 3 rows are on the Pareto front:"
        " “Title of a” (95.00 % with 7 960 parameters); “Title of b” (99.00 % with 79 510 parameters). Numbers give the order by"
        " validation accuracy; where ranks overlap the order is no result."
    )


def test_cost_says_where_the_test_set_was_the_validation_set() -> None:
    both = [run("a", 0.95, validation="test"), run("b", 0.99, validation="test", units=60)]
    assert "Test accuracy, %" in written(accuracy_against_cost(both, SECTIONS))
    mixed = [both[0], run("b", 0.99)]
    assert "Validation accuracy, of some on the test set, %" in written(
        accuracy_against_cost(mixed, SECTIONS)
    )
    assert describe_cost(both, SECTIONS).startswith("Test accuracy on MNIST")
