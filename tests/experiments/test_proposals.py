"""The trials of a search: the same for the same records, whatever else."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from reportgen.experiments.proposals import proposed
from reportgen.experiments.staged import Search

SPACE = {
    "rate": {"low": 1e-4, "high": 1e-2, "log": True},
    "units": {"low": 16, "high": 256},
    "drop": [0.1, 0.2],
}


def search(trials: int = 12, batch: int = 3, **keys: Any) -> Search:
    table = {"id": "q", "section": "s", "trials": trials, "batch": batch, "space": SPACE}
    return Search.model_validate({**table, **keys})


def score(trial: dict[str, Any]) -> float:
    """Best for many units and little dropout."""
    return float(trial["units"]) / 256 - float(trial["drop"])


def whole(asked: Search) -> list[dict[str, Any]]:
    """All trials, measured batch by batch."""
    measured: list[float | None] = []
    while len(trials := proposed(asked, measured)) > len(measured):
        measured = [score(trial) for trial in trials]
    return trials


@pytest.mark.parametrize("method", ["tpe", "random"])
@pytest.mark.parametrize(("trials", "batch"), [(12, 3), (5, 2), (3, 5), (1, 1), (13, 4)])
def test_every_trial_is_asked_for_batch_by_batch(method: str, trials: int, batch: int) -> None:
    asked = search(trials, batch, method=method)
    assert len(proposed(asked, ())) == min(batch, trials)
    found = whole(asked)
    assert len(found) == trials
    for end in range(0, trials, batch):
        measured = [score(trial) for trial in found[:end]]
        assert proposed(asked, measured) == found[: min(end + batch, trials)]
    assert proposed(asked, [score(trial) for trial in found]) == found


def test_trials_stay_within_the_space_and_can_be_read() -> None:
    for trial in whole(search(30, 10)):
        assert list(trial) == ["rate", "units", "drop"]
        assert 1e-4 <= trial["rate"] <= 1e-2 and float(f"{trial['rate']:.3g}") == trial["rate"]
        assert isinstance(trial["units"], int) and 16 <= trial["units"] <= 256
        assert trial["drop"] in (0.1, 0.2)


def test_a_search_of_integers_is_not_that_of_the_same_numbers_with_a_point() -> None:
    whole_, real = (
        search(4, 4, space={"x": {"low": low, "high": high}}) for low, high in ((1, 9), (1.0, 9.0))
    )
    assert all(isinstance(trial["x"], int) for trial in proposed(whole_, ()))
    assert all(isinstance(trial["x"], float) for trial in proposed(real, ()))


@pytest.mark.parametrize(
    ("low", "high"), [(0.12345, 0.12355), (0.0005001, 0.5), (-0.3335, -0.1), (1e14, 1e15)]
)
def test_rounding_does_not_leave_the_bounds_and_keeps_values_apart(low: float, high: float) -> None:
    asked = search(24, 12, space={"x": {"low": low, "high": high}}, method="random")
    found = [trial["x"] for trial in proposed(asked, [0.5] * 12)]
    assert all(low <= value <= high for value in found)
    assert len(set(found)) > 20


def test_values_may_be_lists_and_equal_to_others() -> None:
    values = [[50], [50, 50], True, 1, "relu"]
    asked = search(40, 40, space={"x": values}, method="random")
    found = [trial["x"] for trial in proposed(asked, ())]
    assert {repr(value) for value in found} == {repr(value) for value in values}
    assert len(proposed(asked, [0.1] * 40)) == 40


def test_values_may_be_what_json_does_not_know() -> None:
    import datetime

    day = datetime.date(2026, 1, 1)
    assert proposed(search(1, 1, space={"x": [day]}), ()) == [{"x": day}]


def test_a_failed_trial_teaches_nothing_and_stops_nothing() -> None:
    asked = search(30, 10)
    first = proposed(asked, ())
    good = [score(trial) for trial in first]
    failed: list[float | None] = [None, *good[1:]]
    assert len(proposed(asked, failed)) == len(proposed(asked, good)) == 20
    assert len(proposed(asked, [None] * 10)) == 20
    second = proposed(asked, failed)[10:]
    assert second != proposed(asked, good)[10:], "ten trials begin the estimate, and here nine are known"
    assert len(proposed(asked, [*failed, *map(score, second)])) == 30


def test_what_was_measured_matters_to_tpe_and_not_to_chance() -> None:
    up, down = [0.1 * n for n in range(10)], [-0.1 * n for n in range(10)]
    assert proposed(search(20, 10), up) != proposed(search(20, 10), down)
    random = search(20, 10, method="random")
    assert proposed(random, up) == proposed(random, down)


def test_tpe_finds_what_is_good() -> None:
    found = [score(trial) for trial in whole(search(60, 5))]
    assert sum(found[30:]) > sum(found[:30]) + 3


def test_more_trials_leave_those_before_as_they_are() -> None:
    assert whole(search(20, 5))[:10] == whole(search(10, 5))
    assert whole(search(6, 4))[:5] == whole(search(5, 4))


def test_a_seed_of_its_own_and_batches_that_differ() -> None:
    assert whole(search(search_seed=1)) != whole(search())
    random = search(20, 5, method="random")
    found = proposed(random, [0.0] * 15)
    batches = [found[start : start + 5] for start in range(0, 20, 5)]
    assert all(a != b for n, a in enumerate(batches) for b in batches[:n])


def test_measures_of_a_batch_that_is_not_complete_wait_for_the_rest() -> None:
    asked = search(12, 3)
    assert proposed(asked, [0.5, 0.4]) == proposed(asked, ())
    assert proposed(asked, [0.5, 0.4, 0.3, 0.9]) == proposed(asked, [0.5, 0.4, 0.3])


def test_many_batches_are_no_fault() -> None:
    asked = search(120, 1, method="random", space={"drop": [0.1, 0.2]})
    assert len(proposed(asked, [0.5] * 120)) == 120


CODE = """
from tests.experiments.test_proposals import search, whole
print(whole(search()))
"""


def test_another_process_asks_for_the_same_and_says_nothing() -> None:
    made = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "7"}
    )
    assert made.stdout == f"{whole(search())}\n"
    assert made.stderr == ""
