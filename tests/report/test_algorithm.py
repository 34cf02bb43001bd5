"""The learning algorithm is what the records say, with their values."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reportgen.records import Record
from reportgen.report.algorithm import algorithm_parts
from reportgen.report.algorithm_parts import Part
from reportgen.report.arguments import MEANINGS
from reportgen.report.assets import built_in
from reportgen.report.optimizers import rule
from reportgen.report.parts import Numbering
from tests import samples


def parts(*records: Record) -> tuple[Part, ...]:
    results = [
        samples.result(samples.row(f"row-{n}"), "0" * 64, 42, record) for n, record in enumerate(records)
    ]
    return algorithm_parts(results, "1", "section-algorithm", Numbering())


def optimised(name: str, /, **settings: Any) -> Record:
    return replace(samples.record(), optimizer={"name": name, "settings": settings})


@pytest.mark.parametrize(
    ("name", "settings", "equations"),
    [
        ("RMSprop", {"momentum": 0.0, "centered": False}, ["rmsprop-average", "rmsprop-update"]),
        ("RMSprop", {"momentum": 0.9, "centered": False}, ["rmsprop-average", "rmsprop-momentum"]),
        ("RMSprop", {"centered": True}, ["rmsprop-average", "rmsprop-centered-average", "rmsprop-centered-update"]),
        ("RMSprop", {"momentum": 0.9, "centered": True},
         ["rmsprop-average", "rmsprop-centered-average", "rmsprop-centered-momentum"]),
        ("SGD", {"momentum": 0.0}, ["sgd"]),
        ("SGD", {"momentum": 0.9, "nesterov": False}, ["sgd-momentum"]),
        ("SGD", {"momentum": 0.9, "nesterov": True}, ["sgd-nesterov"]),
        ("Adam", {"amsgrad": False}, ["adam-moments", "adam-update"]),
        ("Adam", {"amsgrad": True}, ["adam-moments", "adam-amsgrad"]),
        ("Adagrad", {}, ["adagrad-sum", "adagrad-update"]),
        ("AdamW", {"amsgrad": False, "weight_decay": 0.004}, ["adam-moments", "adam-update", "weight-decay"]),
        ("SGD", {"momentum": 0.0, "weight_decay": 0.01}, ["sgd", "weight-decay"]),
        ("Nadam", {}, ["adam-moments", "nadam-schedule", "nadam-estimates", "nadam-update"]),
        ("Adamax", {}, ["adamax-moments", "adamax-update"]),
        ("Adadelta", {}, ["rmsprop-average", "adadelta-update"]),
        ("Ftrl", {}, ["ftrl-sums", "ftrl-update"]),
        ("Lion", {"weight_decay": 0.01}, ["lion", "weight-decay"]),
        ("Lamb", {}, ["adam-moments", "lamb-update"]),
        ("Adafactor", {}, ["adafactor-rates", "adafactor-factors", "adafactor-vector", "adafactor-update"]),
        ("Muon", {"nesterov": True, "rms_rate": 0.2}, ["muon-nesterov", "muon-iteration", "muon-update"]),
        ("Muon", {"nesterov": False, "rms_rate": None}, ["muon-momentum", "muon-iteration", "muon-update-plain"]),
        ("ScheduleFreeAdamW", {}, ["schedule-free-average", "schedule-free-update"]),
        ("ScheduleFreeAdamW", {"warmup_steps": 10}, ["schedule-free-average", "schedule-free-update", "warm-up"]),
        ("Unheard", {}, []),
    ],
)  # fmt: skip
def test_equations_fit_the_settings_and_exist(
    name: str, settings: dict[str, Any], equations: list[str]
) -> None:
    found = rule(name, settings)
    folder = built_in("templates") / "equations"
    assert [line.equation for line in found.lines] == equations
    for file in (*equations, *(d.symbol for d in found.definitions), *dict(found.symbols).values()):
        assert (folder / f"{file}.svg").is_file(), file


def test_arguments_have_a_line_where_the_equations_or_the_file_name_them() -> None:
    part = parts(optimised("RMSprop", name="rmsprop", learning_rate=0.0010000000474974513, rho=0.9, epsilon=1e-07,
                           momentum=0.0, centered=True, weight_decay=None, clipnorm=None))[0]  # fmt: skip
    values = {argument.name: argument.value for argument in part.arguments}
    assert values["learning_rate"] == "0.001"
    assert values["rho"] == "0.9"
    assert values["epsilon"] == "1e−7"
    assert values["centered"] == "yes", "differs from Keras's"
    assert not {"weight_decay", "clipnorm", "name"} & values.keys()
    assert part.usual.startswith("The ")
    assert "weight_decay" in part.usual
    assert "clipnorm have the values that Keras gives them." in part.usual
    assert part.arguments[0].symbol == "symbol-eta"
    assert all(argument.meaning for argument in part.arguments)


def test_an_argument_that_one_row_sets_has_a_line() -> None:
    part = parts(optimised("SGD", clipnorm=None), optimised("SGD", clipnorm=1.0))[0]
    assert {argument.name: argument.value for argument in part.arguments}["clipnorm"] == (
        "none in 1 experiment; 1 in 1 experiment"
    )
    assert "clipnorm" not in part.usual


def test_values_that_differ_are_counted() -> None:
    part = parts(
        optimised("SGD", learning_rate=0.1),
        optimised("SGD", learning_rate=0.1),
        optimised("SGD", learning_rate=0.01),
    )[0]
    assert part.arguments[0].value == "0.1 in 2 experiments; 0.01 in 1 experiment"


def test_a_learning_rate_that_changed_is_read_from_the_history() -> None:
    record = optimised("SGD", learning_rate=0.001)
    rates = record.history["learning_rate"].copy()
    rates[0] = 0.1
    part = parts(replace(record, history={**record.history, "learning_rate": rates}))[0]
    assert part.arguments[0].value == "0.1 at first, 0.001 at last"


def test_two_optimisers_are_two_parts_and_say_who_uses_them() -> None:
    found = parts(optimised("SGD", learning_rate=0.1), optimised("RMSprop"), optimised("RMSprop"))
    assert [part.place.title for part in found] == ["SGD", "RMSprop", "Softmax", "Categorical cross-entropy"]
    assert [part.place.number for part in found] == ["1.1", "1.2", "1.3", "1.4"]
    assert found[0].used_by == "Used by 1 of 3 experiments: “250 tanh units”."
    assert found[2].used_by == "Used by all 3 experiments."


def test_an_optimiser_without_an_equation_says_so_and_keeps_its_table() -> None:
    part = parts(optimised("Unheard", learning_rate=0.001, beta_1=0.9))[0]
    assert not part.lines
    assert "No equation is prepared" in part.remark
    assert [argument.name for argument in part.arguments] == ["learning_rate", "beta_1"]


def test_what_the_equations_leave_out_is_named() -> None:
    part = parts(optimised("SGD", learning_rate=0.1, weight_decay=0.004, clipnorm=1.0, use_ema=False))[0]
    assert part.remark == "Beyond the equations, the step is also changed by clipnorm."


def lossy(name: str, **settings: Any) -> Part:
    return parts(replace(samples.record(), loss={"name": name, "settings": settings}))[-1]


@pytest.mark.parametrize(
    ("name", "settings", "title", "equations"),
    [
        ("categorical_crossentropy", {}, "Categorical cross-entropy", ["cross-entropy"]),
        ("categorical_crossentropy", {"label_smoothing": 0.1}, "Categorical cross-entropy",
         ["cross-entropy", "label-smoothing"]),
        ("mean_squared_error", {}, "Mean squared error", ["mean-squared-error"]),
        ("mean_absolute_error", {}, "Mean absolute error", ["mean-absolute-error"]),
        ("binary_crossentropy", {"label_smoothing": 0.0}, "Binary cross-entropy", ["binary-cross-entropy"]),
        ("binary_crossentropy", {"label_smoothing": 0.1}, "Binary cross-entropy",
         ["binary-cross-entropy", "binary-label-smoothing"]),
        ("poisson", {}, "Poisson loss", ["poisson"]),
        ("huber_loss", {"delta": 1.0}, "Huber loss", ["huber"]),
        ("mse", {}, "Mean squared error", ["mean-squared-error"]),
        ("binary_focal_crossentropy", {"apply_class_balancing": True}, "Binary focal cross-entropy", []),
        ("circle", {}, "circle", []),
    ],
)  # fmt: skip
def test_losses_have_their_own_equations(
    name: str, settings: dict[str, Any], title: str, equations: list[str]
) -> None:
    part = lossy(name, **settings)
    assert part.place.title == title
    assert [equation.name for _, equation in part.lines] == equations
    assert bool(part.remark) == (not equations)
    assert all((built_in("templates") / "equations" / f"{file}.svg").is_file() for file in equations)


def test_the_scores_before_the_softmax_have_a_bias_added() -> None:
    said = {symbol.symbol: symbol.meaning for part in parts(samples.record()) for symbol in part.definitions}
    assert said["symbol-z-c"] == "the score of class c: the weighted sum plus the bias that reaches output c"


def test_no_softmax_where_none_is_used() -> None:
    layers = (*samples.mlp_layers()[:-1], samples.dense("output", 250, 10, "sigmoid"))
    assert "Softmax" not in [part.place.title for part in parts(samples.record(layers=layers))]


def test_meanings_cover_what_keras_reports_of_prepared_optimisers() -> None:
    prepared = ("learning_rate", "rho", "momentum", "epsilon", "centered", "beta_1", "beta_2", "amsgrad", "nesterov",
                "initial_accumulator_value", "weight_decay", "clipnorm", "global_clipnorm", "clipvalue", "use_ema",
                "ema_momentum", "ema_overwrite_frequency", "loss_scale_factor", "gradient_accumulation_steps")  # fmt: skip
    assert set(prepared) <= set(MEANINGS)
