"""Importance of the axes of a search, on functions whose shares are known."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import optuna
import pytest
from optuna.importance import FanovaImportanceEvaluator

from reportgen.analysis.importance import ENOUGH, Importance, importance
from reportgen.analysis.trials import Searched, Trial
from reportgen.experiments.stages import Axis

LOG = Axis("rate", low=1e-4, high=1.0, log=True)
PLAIN = Axis("width", low=0.0, high=1.0)
LIST = Axis("units", ([1], [2], [3, 3]))


def made(
    axes: tuple[Axis, ...], measure: Callable[[Mapping[str, Any]], float], count: int = 150, **facts: Any
) -> Searched:
    """Trials drawn evenly over the axes, each with the measure of a function."""
    rng = np.random.default_rng(5)

    def drawn(axis: Axis) -> Any:
        if axis.low is None or axis.high is None:
            return axis.values[int(rng.integers(len(axis.values)))]
        if axis.log:
            return 10 ** rng.uniform(math.log10(axis.low), math.log10(axis.high))
        return rng.uniform(axis.low, axis.high)

    trials = []
    for number in range(1, count + 1):
        values = {axis.name: drawn(axis) for axis in axes}
        trials.append(Trial(number, f"hp-{number}", values, measure=measure(values)))
    return Searched(
        "hp", "", axes, facts.get("measures", "validation_accuracy"), "random", 5, count, tuple(trials)
    )


def test_the_order_and_the_shares_of_an_additive_function() -> None:
    """Variances 9/12, 1/12 and 2/3 · 0.25: of a uniform number between 0 and 1 that of 3x is 9/12."""
    axes = (PLAIN, LOG, LIST)

    def measure(values: Mapping[str, Any]) -> float:
        decades = (math.log10(values["rate"]) + 4) / 4
        return 3 * float(decades) + float(values["width"]) + 0.5 * len(values["units"]) * 0.2

    found = importance(made(axes, measure, 400))
    shares = dict(found.shares)
    assert [name for name, _ in found.shares] == ["rate", "width", "units"]
    assert shares["rate"] == pytest.approx(0.9, abs=0.05) and shares["width"] == pytest.approx(0.1, abs=0.05)
    assert shares["units"] < 0.02 and found.together < 0.06 and found.why == ""


def test_what_only_two_axes_together_explain_is_nobodys_share() -> None:
    two = (PLAIN, Axis("other", low=0.0, high=1.0), LIST)
    found = importance(made(two, lambda v: float((v["width"] > 0.5) == (v["other"] > 0.5)), 400))
    assert found.together > 0.8 and all(share < 0.1 for _, share in found.shares)


def test_without_a_logarithm_it_is_what_optuna_says() -> None:
    axes = (PLAIN, LIST)
    found = made(axes, lambda v: float(v["width"]) ** 2 + 0.3 * len(v["units"]), 60)
    study = optuna.create_study(direction="maximize")
    kinds = {
        "0": optuna.distributions.FloatDistribution(0.0, 1.0),
        "1": optuna.distributions.CategoricalDistribution((0, 1, 2)),
    }
    for trial in found.trials:
        values = {"0": trial.values["width"], "1": list(LIST.values).index(trial.values["units"])}
        study.add_trial(optuna.trial.create_trial(value=trial.measure, params=values, distributions=kinds))
    theirs = FanovaImportanceEvaluator(seed=0).evaluate(study)
    ours = dict(importance(found).shares)
    assert ours == pytest.approx({"width": theirs["0"], "units": theirs["1"]})


def test_the_sign_of_the_measure_and_the_day_change_nothing() -> None:
    axes = (PLAIN, LOG)
    accuracy = made(axes, lambda v: float(v["width"]))
    loss = made(axes, lambda v: float(v["width"]), measures="validation_loss")
    assert importance(accuracy) == importance(accuracy)
    assert dict(importance(loss).shares)["width"] > 0.9


def test_an_axis_of_one_value_has_no_importance() -> None:
    fixed = Axis("fixed", (0.5,))
    found = importance(made((fixed, PLAIN, LOG), lambda v: float(v["width"]), 40))
    assert {name for name, _ in found.shares} == {"width", "rate"}
    assert importance(made((fixed, PLAIN), lambda v: float(v["width"]), 40)).why == "one axis"


def test_a_value_that_rounding_put_beyond_a_bound_is_taken_for_the_bound() -> None:
    axes = (Axis("rate", low=0.0012345, high=0.1, log=True), PLAIN)
    found = made(axes, lambda v: float(v["width"]), 20)
    first = Trial(1, "hp-1", {"rate": 0.00123, "width": 0.5}, measure=0.5)
    assert importance(Searched(**(vars(found) | {"trials": (first, *found.trials[1:])}))).shares


@pytest.mark.parametrize(("count", "measure", "why"), [
    (ENOUGH - 1, lambda v: float(v["width"]), "few"),
    (ENOUGH, lambda v: 0.5, "equal"),
    (ENOUGH, lambda v: float(v["width"]), ""),
])  # fmt: skip
def test_why_there_is_none(count: int, measure: Callable[[Mapping[str, Any]], float], why: str) -> None:
    found = importance(made((PLAIN, LOG), measure, count))
    assert found.why == why and bool(found.shares) == (not why) and found.trials == count


def test_repeated_settings_and_failures_do_not_make_up_the_number() -> None:
    found = made((PLAIN, LOG), lambda v: float(v["width"]), ENOUGH)
    again = Trial(11, "hp-11", found.trials[0].values, measure=found.trials[0].measure, like=1)
    lost = Trial(9, "hp-9", found.trials[8].values, failure="timeout")
    trials = (*found.trials[:8], lost, found.trials[9], again)
    assert importance(Searched(**(vars(found) | {"trials": trials}))).why == "few"


def test_few_trials_for_many_axes_are_a_hint() -> None:
    assert Importance("hp", (("a", 0.5), ("b", 0.1)), 39).hint
    assert not Importance("hp", (("a", 0.5), ("b", 0.1)), 40).hint
