"""What a row costs, when seconds may be compared, and what the sentences about the fronts say."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from reportgen.analysis import costs
from reportgen.analysis.explain_costs import explain_costs, fronts
from reportgen.records import Features, Record
from reportgen.results import Failure, Result
from tests import samples

LOAD = {"jobs": 2, "threads": 1, "cpu": "Example CPU", "cores": 2}


def record(accuracy: float = 0.95, seconds: float = 10.0, seed: int = 42, **facts: Any) -> Record:
    load = facts.pop("load", LOAD)
    made = samples.record(accuracy=accuracy, seed=seed, **facts)
    environment = {k: v for k, v in {**made.environment, **load}.items() if v is not None}
    times = dataclasses.replace(made.times, train=seconds)
    return dataclasses.replace(made, environment=environment, times=times)


def result(name: str, made: Record) -> Result:
    return samples.result(samples.row(name, title=name.upper()), name, 42, made)


def test_a_row_costs_what_its_runs_cost() -> None:
    row = samples.repeated(samples.row("a"), [record(seconds=10), record(seconds=20, seed=43)])
    assert costs.cost(row, "parameters") == 198_760
    assert costs.cost(row, "multiply-adds") == 198_500
    assert costs.cost(row, "seconds") == 15
    hog = Features("hog", 392, {"orientations": 8, "pixels_per_cell": 4, "cells_per_block": 1})
    features = result("b", record(layers=samples.mlp_layers(392, (200,)), features=hog))
    assert costs.cost(features, "multiply-adds") == 86_280
    with pytest.raises(ValueError, match="no record"):
        costs.cost(samples.result(samples.row("c"), "c", 42, failure=Failure("timeout", "")), "seconds")


def test_accuracy_is_the_mean_over_seeds() -> None:
    def scored(accuracy: float) -> Record:
        made = record()
        scores = {**made.evaluation, "validation": {"loss": 0.1, "accuracy": accuracy}}
        return dataclasses.replace(made, evaluation=scores)

    one = samples.repeated(samples.row("a"), [scored(0.9800000190734863), scored(0.9599999785423279)])
    other = samples.repeated(samples.row("b"), [scored(0.9700000286102295), scored(0.9700000286102295)])
    assert costs.validation_accuracy(one) == costs.validation_accuracy(other) == 0.97


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"jobs": 1}, "Seconds are not compared: the number of runs at once differed between the runs."),
        (
            {"threads": 2, "cores": 4},
            "Seconds are not compared: the threads of a run and the number of cores differed between the runs.",
        ),
        ({"cpu": "Another"}, "Seconds are not compared: the processor differed between the runs."),
        (
            {"jobs": None},
            "Seconds are not compared: the number of runs at once was not recorded for every run.",
        ),
    ],
)
def test_seconds_are_compared_under_one_load_only(change: dict[str, Any], sentence: str) -> None:
    alike = [result("a", record()), result("b", record())]
    assert costs.unlike(alike) is None and costs.shown(alike) == costs.MEASURES
    mixed = [*alike, result("c", record(load={**LOAD, **change}))]
    found = costs.unlike(mixed)
    assert found is not None and found.sentence == sentence
    assert costs.shown(mixed) == ("parameters", "multiply-adds")
    assert costs.unlike_notes(mixed) == {"mnist": sentence}


def test_every_run_of_a_row_counts_for_the_load() -> None:
    row = samples.repeated(samples.row("a"), [record(), record(load={**LOAD, "jobs": 1}, seed=43)])
    assert costs.unlike([row]) is not None


def test_fronts_hold_the_ids_of_rows_by_data_set_and_measure() -> None:
    rows = [
        result("small", record(0.90, 30, layers=samples.mlp_layers(hidden=(10,)))),
        result("large", record(0.97, 20, layers=samples.mlp_layers(hidden=(300,)))),
        result("waste", record(0.80, 40, layers=samples.mlp_layers(hidden=(350,)))),
        result("cloth", record(0.80, dataset="fashion_mnist")),
        samples.result(samples.row("lost"), "lost", 42, failure=Failure("timeout", "")),
    ]
    found = fronts(rows)
    assert found["mnist"] == {
        "parameters": ("small", "large"), "multiply-adds": ("small", "large"), "seconds": ("large",),
    }  # fmt: skip
    assert found["fashion_mnist"]["parameters"] == ("cloth",)


def test_sentences_name_what_is_not_settled_and_call_nothing_better() -> None:
    rows = [
        result("small", record(0.90, layers=samples.mlp_layers(hidden=(10,)))),
        result("large", record(0.97, layers=samples.mlp_layers(hidden=(300,)))),
        result("twin", record(0.97, layers=samples.mlp_layers(hidden=(301,)))),
        result("waste", record(0.70, layers=samples.mlp_layers(hidden=(350,)))),
    ]
    sentences = explain_costs(rows)
    assert sentences[0].replace("\u00a0", " ") == (
        "MNIST, by parameters and multiply-adds: 2 of 4 rows are on the front. Of the other 2, 1 is not distinguishable from at least"
        " one row on it. The one step along it is a difference that the validation set shows."
    )
    assert len(sentences) == 2
    assert not any(word in " ".join(sentences) for word in ("better", "best", "equal"))
    assert explain_costs(rows[:1]) == () and explain_costs([]) == ()


def test_one_item_more_is_no_difference_that_anything_shows() -> None:
    made = record(0.95, layers=samples.mlp_layers(hidden=(10,)))
    lucky = corrected(record(0.95, layers=samples.mlp_layers(hidden=(300,))))
    rows = [result("small", made), result("large", lucky)]
    assert fronts(rows)["mnist"]["parameters"] == ("small", "large")
    assert explain_costs(rows)[0] == (
        "MNIST, by parameters and multiply-adds: 2 of 2\u00a0rows are on the front. The one step along it is not a difference that"
        " the validation set shows."
    )


def corrected(made: Record) -> Record:
    """The same run with one validation item more right."""
    wrong = int(np.flatnonzero(made.validation.y_pred != made.validation.y_true)[0])
    y_pred = made.validation.y_pred.copy()
    y_pred[wrong] = made.validation.y_true[wrong]
    held = dataclasses.replace(made.validation, y_pred=y_pred)
    score = {"loss": 0.1, "accuracy": float((held.y_true == held.y_pred).mean())}
    return dataclasses.replace(made, validation=held, evaluation={**made.evaluation, "validation": score})


def test_validation_on_the_test_set_is_called_so() -> None:
    rows = [
        result("a", record(0.80, validation="test", layers=samples.mlp_layers(hidden=(10,)))),
        result("b", record(0.97, validation="test")),
    ]
    assert "that the test set shows" in explain_costs(rows)[0]
