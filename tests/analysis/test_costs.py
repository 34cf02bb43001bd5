"""What a row costs, when seconds may be compared, and what the sentences about the fronts say."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from reportgen.analysis import costs, metrics
from reportgen.analysis.differences import difference
from reportgen.analysis.explain_costs import explain_costs, fronts
from reportgen.analysis.luck import luck_of, training_luck
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


def several(name: str, *seconds: float, **facts: Any) -> Result:
    """A row with a run for each of these times."""
    runs = [record(seconds=one, seed=42 + n, **facts) for n, one in enumerate(seconds)]
    return samples.repeated(samples.row(name, parameters={"of": name}), runs)


def test_times_of_one_training_that_lie_far_apart_are_compared_with_no_other() -> None:
    steady, restless = several("a", 100.0, 150.0, 120.0), several("b", 272.4, 91.6, 94.0)
    assert costs.spread([steady]) is None and costs.unlike([steady]) is None
    rows = [steady, restless, several("c", 30.0, 46.0)]
    assert costs.spread(rows) == (91.6, 272.4)
    assert costs.shown(rows) == ("parameters", "multiply-adds")
    assert {name: text.replace("\u00a0", " ") for name, text in costs.unlike_notes(rows).items()} == {
        "mnist": "Seconds are not compared: one and the same training took 92 to 272 s."
    }
    assert "seconds" not in fronts(rows)["mnist"]
    cloth = several("d", 10.0, 11.0, dataset="fashion_mnist")
    assert list(costs.unlike_notes([*rows, cloth])) == ["mnist"], "each data set for itself"
    assert costs.span((0.42, 1.3)) == "0.4 to 1.3\u00a0s"


def test_reruns_in_other_rows_are_one_training_too() -> None:
    def rerun(name: str, seed: int, seconds: float, **changes: Any) -> Result:
        row = samples.row(name, parameters={"units": [1]}, **changes)
        return samples.result(row, name, seed, record(seconds=seconds, seed=seed))

    one = rerun("a", 42, 10)
    assert costs.spread([one, rerun("b", 43, 16)]) == (10, 16)
    assert costs.spread([one, rerun("b", 43, 15)]) is None, "half as long again is not more"
    assert costs.spread([one, rerun("b", 43, 16, notebook="other")]) is None
    assert costs.spread([one, rerun("b", 42, 16)]) is None, "one seed and another run: something differs"
    shared = samples.result(one.row, "a", 42, one.record)
    assert costs.spread([one, shared]) is None


def test_a_run_that_stopped_early_is_not_one_that_was_held_up() -> None:
    runs = [record(seconds=10, epochs=10), record(seconds=30, seed=43, epochs=30)]
    assert costs.spread([samples.repeated(samples.row("a"), runs)]) is None


def test_numbers_beside_marks_are_called_no_ranks() -> None:
    assert costs.order_words(95) == (
        "Numbers are those of Table 95: the order by validation accuracy; where ranks overlap the order is no "
        "result."
    )
    assert costs.order_words().startswith("Numbers give the order by validation accuracy;")


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
        "MNIST, by parameters and multiply-adds: 2 of 4 experiments are on the front. By the validation set, 1 of the other 2"
        " may be as accurate as any that costs no more. The one step along it is a difference that the validation set shows."
    )
    assert len(sentences) == 2
    assert not any(word in " ".join(sentences) for word in ("better", "best", "equal"))
    assert explain_costs(rows[:1]) == () and explain_costs([]) == ()


def test_rows_off_the_front_are_settled_by_what_costs_no_more() -> None:
    def sized(name: str, accuracy: float, units: int) -> Result:
        made = record(accuracy, n_validation=400, layers=samples.mlp_layers(hidden=(units,)))
        row = samples.row(name, title=name.upper(), parameters={"units": units})
        return samples.result(row, name, 42, made)

    rows = [sized("a", 0.90, 10), sized("b", 0.895, 11), sized("c", 0.98, 100), sized("d", 0.96, 200),
            sized("e", 0.975, 300), sized("f", 0.80, 400), sized("g", 0.86, 90)]  # fmt: skip
    luck = training_luck(rows)
    sized_by = {
        row.row.id: (costs.cost(row, "parameters") or 0.0, metrics.validation_accuracy(row)) for row in rows
    }

    def beaten(row: Result) -> bool:
        """Surely, by a row that costs no more."""
        for other in rows:
            if other is not row and sized_by[other.row.id][0] <= sized_by[row.row.id][0]:
                found = difference(other, row, "validation_accuracy", luck=luck_of(row, luck))
                if found.different and found.difference > 0:
                    return True
        return False

    on = fronts(rows)["mnist"]["parameters"]
    off = [row for row in rows if row.row.id not in on]
    unsettled = [row.row.id for row in off if not beaten(row)]
    assert 0 < len(unsettled) < len(off) and on == ("a", "c"), "the sentence has both to count"
    assert (
        f"By the validation set, {len(unsettled)} of the other {len(off)} may be as accurate as any that costs no"
        in (explain_costs(rows)[0])
    )
    sure = [row for row in rows if row.row.id in (*on, "f")]
    assert (
        "By the validation set, the other is less accurate than one that costs no more"
        in explain_costs(sure)[0]
    )
    open_ones = [row for row in rows if row.row.id in (*on, *unsettled)]
    assert len(unsettled) > 1
    assert (
        f"By the validation set, each of the other {len(unsettled)} may be as accurate as any that costs no more"
        in (explain_costs(open_ones)[0])
    )


def test_one_item_more_is_no_difference_that_anything_shows() -> None:
    made = record(0.95, layers=samples.mlp_layers(hidden=(10,)))
    lucky = corrected(record(0.95, layers=samples.mlp_layers(hidden=(300,))))
    rows = [result("small", made), result("large", lucky)]
    assert fronts(rows)["mnist"]["parameters"] == ("small", "large")
    assert explain_costs(rows)[0] == (
        "MNIST, by parameters and multiply-adds: 2 of 2\u00a0experiments are on the front. The one step along it is not a difference that"
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
