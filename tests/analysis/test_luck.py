"""Training luck, measured by the repeats and reruns of a report."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from reportgen.analysis.luck import luck_of, training_luck
from reportgen.results import Failure
from tests import samples
from tests.analysis.invented_runs import ITEMS, row


def test_luck_is_pooled_over_configurations() -> None:
    a, b = (20, 24, 28), (40, 41, 45)
    rows = [row("a", [range(k) for k in a]), row("b", [range(k) for k in b]), row("single", [range(300)])]
    luck = training_luck(rows)["mnist"]
    assert luck.sd == pytest.approx(math.sqrt((np.var(a, ddof=1) + np.var(b, ddof=1)) / 2) / ITEMS)
    assert (luck.freedom, luck.configurations, luck.runs) == (4, 2, 6)
    assert luck.allowance(0.95) == pytest.approx(stats.t.ppf(0.975, 4) * math.sqrt(2) * luck.sd)
    assert luck_of(rows[2], {"mnist": luck}) == luck


def test_reruns_are_runs_of_one_configuration_and_the_same_run_counts_once() -> None:
    rows = [row(f"r{seed}", [range(20 + seed)], seed=seed, like="r") for seed in range(5)]
    rows.append(row("again", [range(20)], seed=0, like="r"))
    luck = training_luck(rows)["mnist"]
    assert (luck.freedom, luck.runs, luck.configurations) == (4, 5, 1)
    assert luck.sd == pytest.approx(np.std(range(5), ddof=1) / ITEMS)


def test_few_repeats_say_nothing_of_luck() -> None:
    assert training_luck([row("a", [range(k) for k in (20, 24, 28, 21)]), row("b", [range(9)])]) == {}


def test_each_data_set_has_luck_of_its_own() -> None:
    digits = row("a", [range(k) for k in range(5)])
    clothes = samples.repeated(
        samples.row("c"), [samples.record(dataset="fashion_mnist", seed=k) for k in range(5)]
    )
    assert set(training_luck([digits, clothes])) == {"mnist", "fashion_mnist"}


def test_rows_alike_with_one_seed_and_two_runs_are_not_pooled() -> None:
    _, results, _ = samples.coursework()  # all rows have one configuration and one seed there, and other keys
    assert training_luck(results) == {}


def test_a_row_without_a_record_has_no_luck_to_allow_for() -> None:
    failed = samples.result(samples.row("f"), "0", 42, failure=Failure("error", "it broke"))
    assert luck_of(failed, {}) is None
