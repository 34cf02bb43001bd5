"""Learning rates over a training, checked by hand and against the log of a coursework; settings that go together."""

from __future__ import annotations

import math

import pytest

from reportgen.calls.bound import Bound, read
from reportgen.calls.named import problem
from reportgen.calls.per_epoch import float32
from reportgen.calls.schedules import (
    DEAD_RATE,
    EPOCH_SCHEDULES,
    dead_from,
    epoch_rates,
    idle_from,
    planned_rates,
    step_rate,
    warnings,
)
from reportgen.calls.stack import check
from reportgen.calls.training import faults
from reportgen.experiments.lines import locate

COMPOUNDING = "MultiplyEachEpoch({11: 0.1, 21: 0.01, 31: 0.001, 41: 0.0005})"
"""What coursework 002 did from epoch 12 on, though it meant to do each once."""

LOGGED = (
    *[0.0010000000474974513] * 11, 0.00010000000474974513, 1.0000000474974514e-05, 1.0000000656873453e-06,
    1.0000001111620805e-07, 1.000000082740371e-08, 1.000000082740371e-09, 1.000000082740371e-10,
    1.000000082740371e-11, 1.000000082740371e-12, 1.0000001044244145e-13, 1.0000001179769416e-15,
    1.0000001095066121e-17, 1.0000001492112816e-19, 1.0000001621359786e-21, 1.0000001702139143e-23,
    1.0000001575921398e-25, 1.000000142800998e-27, 1.0000001235416983e-29, 1.0000001536343538e-31,
)  # fmt: skip
"""The rates of its 30 epochs as its log has them: before they were rounded to float32."""


def made(source: str, family: str = "epoch_schedules") -> Bound:
    """Return what a right text says."""
    found, wrong = read(source, (family,))
    assert found is not None, wrong
    return found


def test_the_compounding_schedule_gives_the_rates_of_the_log() -> None:
    rates = epoch_rates(made(COMPOUNDING), 1e-3, 30)
    assert rates == tuple(map(float32, LOGGED))
    assert (rates[10], rates[11], rates[20], rates[29]) == pytest.approx((1e-3, 1e-4, 1e-13, 1e-31), rel=1e-6)


def test_each_step_once_is_another_schedule() -> None:
    rates = epoch_rates(made("StepwisePerEpoch({11: 1e-4, 21: 1e-6})"), 1e-3, 30)
    assert rates == tuple(map(float32, [1e-3] * 11 + [1e-4] * 10 + [1e-6] * 9))


def test_exponential_is_multiplying_with_one_factor() -> None:
    rates = epoch_rates(made("ExponentialPerEpoch(0.5)"), 0.1, 4)
    assert rates == pytest.approx((0.1, 0.05, 0.025, 0.0125))
    assert rates == pytest.approx(epoch_rates(made("MultiplyEachEpoch({1: 0.5})"), 0.1, 4))
    assert epoch_rates(made("ExponentialPerEpoch(0.5, after=3)"), 0.1, 5) == pytest.approx(
        (0.1, 0.1, 0.1, 0.05, 0.025)
    )


def test_cosine_begins_at_the_rate_and_ends_at_its_share() -> None:
    rates = epoch_rates(made("CosinePerEpoch(4, alpha=0.1)"), 0.1, 6)
    half = 0.1 * (0.9 * 0.5 + 0.1)
    quarter = 0.1 * (0.9 * 0.5 * (1 + math.sqrt(0.5)) + 0.1)
    assert rates == pytest.approx((0.1, quarter, half, 0.11 - quarter, 0.01, 0.01))


def test_without_a_schedule_the_rate_stays() -> None:
    assert epoch_rates(None, 1e-3, 3) == (float32(1e-3),) * 3


def test_schedules_of_keras_go_by_steps() -> None:
    schedule = made("PiecewiseConstantDecay([100, 200], [1e-2, 1e-3, 1e-4])", "schedules")
    assert [step_rate(schedule, step) for step in (0, 100, 101, 200, 201)] == [1e-2, 1e-2, 1e-3, 1e-3, 1e-4]
    optimizer = made("Adam(ExponentialDecay(1e-2, 100, 0.5))", "optimizers")
    assert planned_rates(optimizer, None, 3, 50) == pytest.approx((1e-2, 1e-2 * 0.5**0.5, 5e-3))
    assert planned_rates(made("Nadam(5e-4)", "optimizers"), None, 2, 50) == (float32(5e-4),) * 2
    assert planned_rates(made("nadam", "optimizers"), None, 2, 50) is None


def test_a_dead_rate_is_one_that_float32_does_not_notice() -> None:
    weight = float32(0.01)
    assert float32(weight + DEAD_RATE * 0.99) == weight
    assert float32(weight + DEAD_RATE * 1.1) != weight
    rates = epoch_rates(made(COMPOUNDING), 1e-3, 30)
    assert dead_from(rates) == 18  # 1e-10
    assert idle_from(rates, 1500) == 16  # 1500 x 1e-8, and a tenth of it after that
    assert dead_from((1e-3, 1e-12, 1e-3)) is None
    assert dead_from((1e-12, 1e-12)) == 1
    assert (dead_from(()), idle_from((), 10)) == (None, None)


def test_a_schedule_that_dies_is_said_with_what_was_meant() -> None:
    schedule = made(COMPOUNDING)
    found = list(warnings(schedule, epoch_rates(schedule, 1e-3, 30), 1500))
    assert [(each.code, each.warning) for each in found] == [("never-reached", True), ("dead-rate", True)]
    assert "after epoch 31 and 41, for the run has 30 epochs" in found[0].message
    assert "from epoch 16 on" in found[1].message
    assert "from epoch 18 on (1e-10)" in found[1].message
    assert "StepwisePerEpoch({11: 0.0001, 21: 1e-06})" in found[1].remedy


@pytest.mark.parametrize(
    "source", ["StepwisePerEpoch({10: 1e-4})", "CosinePerEpoch(30, alpha=0.01)", "ExponentialPerEpoch(0.8)"]
)
def test_an_ordinary_schedule_is_not_warned_of(source: str) -> None:
    schedule = made(source)
    assert list(warnings(schedule, epoch_rates(schedule, 1e-3, 30), 1500)) == []


def test_a_rate_that_explodes_is_refused() -> None:
    schedule = made("MultiplyEachEpoch({1: 1000})")
    rates = epoch_rates(schedule, 1e-3, 30)
    assert rates[-1] == math.inf
    found = list(warnings(schedule, rates, 100))
    assert [(each.code, each.warning) for each in found] == [("bad-rate", False)]


@pytest.mark.parametrize(
    ("optimizer", "schedule", "callbacks", "code", "message"),
    [
        ("Adam(CosineDecay(1e-3, 100))", "ExponentialPerEpoch(0.9)", [], "two-schedules", "CosineDecay already"),
        ("Adam(CosineDecay(1e-3, 100))", None, ["ReduceLROnPlateau(patience=3)"], "two-schedules", "CosineDecay both"),
        ("adam", "ExponentialPerEpoch(0.9)", ["ReduceLROnPlateau(patience=3)"], "two-schedules", "ExponentialPerEpoch both"),
        ("Adam(1e-4)", None, ["ReduceLROnPlateau(patience=3, min_lr=1e-3)"], "never-acts", "min_lr"),
        ("adam", None, ["EarlyStopping(patience=30)"], "never-acts", "patience is 30, and the run has 30"),
        ("adam", None, ["EarlyStopping('val_accuracy', mode='min', patience=3)"], "bad-argument", "lower val_accuracy"),
        ("adam", None, ["EarlyStopping('loss', patience=3)"], "training-metric", "training loss"),
        ("adam", None, ["ReduceLROnPlateau(patience=5)", "EarlyStopping(patience=5)"], "never-acts", "EarlyStopping stops after 5"),
    ],
)  # fmt: skip
def test_settings_that_get_in_each_other_s_way(
    optimizer: str, schedule: str | None, callbacks: list[str], code: str, message: str
) -> None:
    found = faults(
        made(optimizer, "optimizers"),
        made(schedule) if schedule else None,
        [made(each, "callbacks") for each in callbacks],
        30,
    )
    assert [each.fault.code for each in found] == [code]
    assert message in found[0].fault.message
    assert found[0].parameter == ("schedule" if found[0].fault.entry is None else "callbacks")


def test_settings_of_the_courseworks_are_not_warned_of() -> None:
    callbacks = [
        made("EarlyStopping('val_accuracy', patience=3)", "callbacks"),
        made("ReduceLROnPlateau('val_loss', patience=2, factor=0.1)", "callbacks"),
        made("ReduceLROnPlateau(patience=3, factor=0.5, min_lr=5e-10)", "callbacks"),
    ]
    assert faults(made("Nadam(5e-4)", "optimizers"), None, callbacks, 30) == []
    assert read(COMPOUNDING, EPOCH_SCHEDULES)[1] == []


TOML = """\
[[experiment]]
id = "a"
parameters = { epochs = 3, layers = [
  "Flatten()",
  'Dense(10,   activation="softmx")', # one fault here
  "Dense(\\u0031\\u0030, units=3)",
] }
"""


def test_a_fault_becomes_a_problem_with_line_and_column() -> None:
    lines = locate(TOML)
    texts = ["Flatten()", 'Dense(10,   activation="softmx")', "Dense(10, units=3)"]
    _, found = check(texts, (4,), 10)
    path = ("experiment", 0, "parameters", "layers")
    problems = [problem(each, "experiments.toml", lines, path, 'experiment "a": layers') for each in found]
    assert [(each.line, each.column) for each in problems] == [(5, 16), (6, 24)]
    rows = TOML.splitlines()
    assert rows[4][15:].startswith("activation=")
    assert rows[5][23:].startswith("units=")
    assert str(problems[0]).startswith(
        'experiments.toml:5:16: error[bad-argument]: experiment "a": layers, entry 2: Dense, activation: expected'
    )
