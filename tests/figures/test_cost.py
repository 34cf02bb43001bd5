"""Accuracy against three costs: what is drawn, what is left out, and what the alternative text says."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import pytest

from reportgen.figures.cost import Mark, cost_panels, describe_cost_panels, front
from reportgen.records import Record
from reportgen.results import Failure, Result
from tests import samples
from tests.figures.artists import check, data, size, written

SECTIONS = {"raw": "Raw pixels", "clothes": "Clothing", "s0": "A section whose title goes on and on " * 5}
LOAD = {"jobs": 2, "threads": 1, "cpu": "Example CPU", "cores": 2}


def record(accuracy: float, units: int = 50, seconds: float = 10.0, load: Any = LOAD, **facts: Any) -> Record:
    made = samples.record(layers=samples.mlp_layers(hidden=(units,)), n_test=20, n_validation=200, **facts)
    scores = {
        "validation": {"loss": 0.1, "accuracy": accuracy},
        "test": {"loss": 0.1, "accuracy": 1 - accuracy},
    }
    return dataclasses.replace(
        made,
        evaluation=scores,
        environment={**made.environment, **load},
        times=dataclasses.replace(made.times, train=seconds),
    )


def run(name: str, accuracy: float, section: str = "raw", **facts: Any) -> Result:
    return samples.result(
        samples.row(name, section, title=f"Title of {name}"), name, 42, record(accuracy, **facts)
    )


def panels(results: Sequence[Result]) -> list[list[tuple[float, float]]]:
    """The dots of every panel with a scale, left to right."""
    figure = cost_panels(results, SECTIONS)
    check(figure)
    assert size(figure)[0] == 468
    return [
        sorted(
            p for line in axes.lines if line.get_linestyle() == "None" for p in zip(*data(line), strict=True)
        )
        for axes in figure.axes
        if axes.axison
    ]


def many(count: int, datasets: Sequence[str]) -> list[Result]:
    return [
        run(
            f"r{n}", 0.9 + 0.09 * (n * 7 % count) / count, section=f"s{n % 5}", units=5 + 13 * n % 400,
            seconds=3.0 + 11 * n % 300, dataset=datasets[n % len(datasets)],
        )
        for n in range(count)
    ]  # fmt: skip


def test_three_panels_share_their_accuracy() -> None:
    parameters, work, seconds = panels([run("a", 0.95, units=50, seconds=30), run("b", 0.99, units=100)])
    assert parameters == [(39_760, 95), (79_510, 99)]
    assert work == [(784 * 50 + 500, 95), (784 * 100 + 1000, 99)]
    assert seconds == [(10, 99), (30, 95)]


def test_repeats_are_one_mark_at_their_mean() -> None:
    row = samples.repeated(samples.row("a"), [record(0.95, seconds=10), record(0.97, seconds=14)])
    parameters, _, seconds = panels([row, run("b", 0.9)])
    assert parameters[1] == pytest.approx((39_760, 96)) and seconds[1] == pytest.approx((12, 96))


def test_seconds_that_one_training_did_not_repeat_are_left_out_and_it_is_said() -> None:
    row = samples.repeated(samples.row("a"), [record(0.95, seconds=92), record(0.97, seconds=272)])
    assert [len(panel) for panel in panels([row, run("b", 0.9)])] == [2, 2]
    reason = "Seconds are not compared: one and the same training took 92 to 272 s."
    said = " ".join(written(cost_panels([row, run("b", 0.9)], SECTIONS))).replace("\u00a0", " ")
    assert reason in said
    assert reason in describe_cost_panels([row], SECTIONS).replace("\u00a0", " ")


def test_seconds_under_other_loads_are_left_out_and_it_is_said() -> None:
    rows = [run("a", 0.95), run("b", 0.99, load={**LOAD, "jobs": 1}), run("c", 0.8, dataset="fashion_mnist")]
    assert [len(panel) for panel in panels(rows)] == [2, 2, 1, 1, 1]
    said = " ".join(written(cost_panels(rows, SECTIONS)))
    assert "Seconds are not compared: the number" in said and "differed between the runs." in said
    text = describe_cost_panels(rows, SECTIONS)
    assert "MNIST: Seconds are not compared" in text and "on Fashion-MNIST against seconds" in text
    assert "on MNIST against seconds" not in text


@pytest.mark.parametrize(
    "results",
    [
        [],
        [run("a", 0.95)],
        [run("a", 0.95), run("b", 0.95)],
        [run("a", 0.0, units=1, seconds=0.01), run("b", 1.0, units=4000, seconds=90_000)],
        [samples.result(samples.row("x"), "x", 42, failure=Failure("timeout", "")), run("b", 0.9)],
        many(30, ("mnist", "fashion_mnist")),
        many(60, ("mnist", "fashion_mnist", "digits", "garments")),
        [run("a", 0.95, validation="test"), run("b", 0.99, validation="test")],
    ],
    ids=["none", "one", "equal", "extremes", "failed", "thirty", "four data sets", "on test"],
)  # fmt: skip
def test_edge_cases(results: list[Result]) -> None:
    panels(results)
    assert describe_cost_panels(results, SECTIONS)


def test_alternative_text_names_the_front_of_every_panel() -> None:
    rows = [run("a", 0.95, units=10, seconds=20), run("b", 0.99, units=100), run("c", 0.9, units=70)]
    assert describe_cost_panels(rows, SECTIONS).replace("\u00a0", " ") == (
        "Validation accuracy on MNIST against parameters: 2 of 3 rows are on the Pareto front: “Title of a”"
        " (95.00 % with 7 960 parameters); “Title of b” (99.00 % with 79 510 parameters). Validation accuracy on"
        " MNIST against multiply-adds of a prediction: 2 of 3 rows are on the Pareto front: “Title of a”"
        " (95.00 % with 7 940 multiply-adds); “Title of b” (99.00 % with 79 400 multiply-adds). Validation"
        " accuracy on MNIST against seconds of training: 1 of 3 rows is on the Pareto front: “Title of b”"
        " (99.00 % with 10 seconds). Numbers give the order by validation accuracy; where ranks overlap the order"
        " is no result."
    )


def test_tied_marks_are_on_the_front_together() -> None:
    marks = [
        Mark(str(n), "1", "t", "s", cost, score) for n, (cost, score) in enumerate([(1, 9), (1, 9), (2, 9)])
    ]
    assert [mark.name for mark in front(marks)] == ["0", "1"]
