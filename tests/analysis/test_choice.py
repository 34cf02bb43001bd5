"""Which row a stage keeps: by validation alone, by a rule that can be worked out by hand."""

from __future__ import annotations

import dataclasses
from math import sqrt
from typing import Any

import pytest

from reportgen.analysis.choice import choose, measure, standard_error
from reportgen.experiments.stages import Stage
from reportgen.records import Record
from tests import samples

BASE = samples.record(layers=samples.mlp_layers(hidden=(5,)), n_test=50, n_validation=50, epochs=1)


def record(accuracy: float, loss: float = 0.3, size: int = 1_000, items: int = 10_000, test: float = 0.5, penalty: float = 0.0) -> Record:  # fmt: skip
    """A record of which only this is read."""
    evaluation = {
        "validation": {"accuracy": accuracy, "loss": loss + penalty}, "test": {"accuracy": test, "loss": 1 - test},
    }  # fmt: skip
    return dataclasses.replace(
        BASE, evaluation=evaluation, total_params=size, penalty={"validation": penalty, "test": 0.0},
        data=dataclasses.replace(BASE.data, n_validation=items),
    )  # fmt: skip


def stage(*rows: str, **changes: Any) -> Stage:
    return Stage("s", "c", "sweep", "", (), None, None, rows, len(rows), **changes)


def kept(records: dict[str, list[Record]], **changes: Any) -> str | None:
    choice = choose(stage(*records, **changes), records)
    return None if choice is None else choice.kept


def test_the_highest_mean_over_the_seeds_is_kept() -> None:
    records = {"a": [record(0.97), record(0.93)], "b": [record(0.96)], "c": [record(0.94), record(0.99)]}
    found = choose(stage(*records), records)
    assert found is not None
    assert (found.kept, found.order) == ("c", ("c", "b", "a"))


def test_test_scores_do_not_choose_whatever_they_are() -> None:
    validation = {"a": 0.91, "b": 0.95, "c": 0.93}
    for test in ({"a": 0.99, "b": 0.10, "c": 0.95}, {"a": 0.10, "b": 0.99, "c": 0.50}):
        records = {row: [record(validation[row], test=test[row])] for row in validation}
        for rule in ("best", "one-standard-error"):
            found = choose(stage(*records, choose=rule), records)
            assert found is not None and (found.kept, found.order) == ("b", ("b", "c", "a"))
        assert kept(records, measure="validation_loss") == "b", "their losses are equal"


def test_a_tie_goes_to_the_lower_loss_then_to_fewer_weights_then_to_the_first_row() -> None:
    assert kept({"a": [record(0.95, 0.30)], "b": [record(0.95, 0.20)]}) == "b"
    assert kept({"a": [record(0.95, size=2_000)], "b": [record(0.95, size=900)]}) == "b"
    assert kept({"b": [record(0.95)], "a": [record(0.95)]}) == "b"
    assert kept({"a": [record(0.95 + 4e-8)], "b": [record(0.95, 0.2)]}) == "b", "float32 noise is a tie"


def test_a_penalty_is_no_loss() -> None:
    assert kept({"a": [record(0.95, 0.20, penalty=0.5)], "b": [record(0.95, 0.25)]}) == "a"
    records = {"a": [record(0.95, 0.20, penalty=0.5)], "b": [record(0.95, 0.25)]}
    assert kept(records, measure="validation_loss") == "a"
    assert measure(stage("a", measure="validation_loss"), records["a"]) == pytest.approx(-0.20)


def test_a_search_may_look_at_the_loss() -> None:
    records = {"a": [record(0.95, 0.30)], "b": [record(0.94, 0.20)], "c": [record(0.96, 0.20)]}
    assert kept(records) == "c" == kept(records, measure="validation_loss")
    assert kept({"a": records["a"], "b": records["b"]}, measure="validation_loss") == "b"
    assert measure(stage("a"), records["a"]) == pytest.approx(0.95)


def test_a_standard_error_of_one_run_is_that_of_drawing_images() -> None:
    assert standard_error([record(0.9, items=100)]) == pytest.approx(0.03)
    assert standard_error([record(0.98, items=10_000)]) == pytest.approx(0.0014)
    assert standard_error([record(1.0, items=100)]) == 0.0


def test_a_standard_error_of_several_runs_is_the_larger_one() -> None:
    close = [record(accuracy, items=100) for accuracy in (0.89, 0.90, 0.91)]
    assert standard_error(close) == pytest.approx(0.03), "all see the same images: 0.01 / sqrt(3) is less"
    far = [record(accuracy, items=10_000) for accuracy in (0.80, 0.90, 1.00)]
    assert standard_error(far) == pytest.approx(0.1 / sqrt(3))


ONE = {
    "huge": [record(0.9800, size=90_000)],
    "large": [record(0.9790, size=50_000)],
    "small": [record(0.9787, size=8_000)],
    "tiny": [record(0.9785, size=1_000)],
}  # fmt: skip
"""The best less one standard error is 0.98 - 0.0014 = 0.9786: the small one is within it, the tiny one is not."""


def test_the_smallest_within_one_standard_error_of_the_best_is_kept() -> None:
    found = choose(stage(*ONE, choose="one-standard-error"), ONE)
    assert found is not None
    assert (found.kept, found.order[0]) == ("small", "huge")
    assert found.standard_error == pytest.approx(0.0014) and found.least == pytest.approx(0.9786)
    assert kept(ONE) == "huge"


def test_of_two_of_one_size_the_better_is_kept() -> None:
    records = {**ONE, "also": [record(0.9795, size=8_000)]}
    assert kept(records, choose="one-standard-error") == "also"


def test_where_the_best_is_the_smallest_it_is_kept() -> None:
    records = {"a": [record(0.95, size=10)], "b": [record(0.949, size=20)]}
    assert kept(records, choose="one-standard-error") == "a"


def test_a_best_row_without_any_mistake_has_no_standard_error() -> None:
    records = {"a": [record(1.0, size=20)], "b": [record(0.9999, size=10)], "c": [record(1.0, size=15)]}
    assert kept(records, choose="one-standard-error") == "c"


def test_rows_without_a_record_are_passed_over() -> None:
    assert kept({"a": [], "b": [record(0.5)]}) == "b"
    assert kept({"a": [], "b": []}) is None
    assert choose(stage("a", "b"), {}) is None
    found = choose(stage("a"), {"a": [record(0.5)], "foreign": [record(0.9)]})
    assert found is not None and found.order == ("a",)
