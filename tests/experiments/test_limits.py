"""Ranges and names of parameters that everybody knows."""

from __future__ import annotations

from typing import Any

import pytest

from reportgen.experiments.limits import EXACT_RULES, RULES, disagreements, out_of_range, rule_for


@pytest.mark.parametrize(
    ("name", "inside", "outside"),
    [
        ("epochs", [1, 100_000], [0, -1, 100_001, 10**12]),
        ("batch_size", [1, 16_384], [0, -1, 10**9]),
        ("units", [1, 10**6], [0, -5, 10**9]),
        ("dense_units", [1], [0]),
        ("hidden_units", [[], [1, 2]], [[3, 0], [10**9]]),
        ("filters", [[9, 16], 64], [[0], 0, 10**6]),
        ("kernel_sizes", [[5, 3]], [[5, 0]]),
        ("dropout", [0, 0.0, 0.5, 0.999, None], [1, 1.0, -0.1, 1.5]),
        ("dense_dropout", [0.5], [1.0]),
        ("learning_rate", [0.001, 1], [0, 0.0, -0.1, 1e6]),
        ("validation", [0.1, 0.999, "test"], [0, 1, 0.0, 1.0, -0.1, "train", "tests"]),
        ("orientations", [1, 16], [0]),
        ("pixels_per_cell", [1, 7], [0]),
        ("cells_per_block", [1], [0]),
        ("momentum", [0, 0.9], [1, -0.1]),
        ("activation", ["relu", "tanh", None], ["ReLU", "rellu", ""]),
        ("conv_activation", ["relu"], ["sigmoids"]),
        ("activations", [["relu", "tanh"]], [["relu", "tanhh"]]),
        ("optimizer", ["rmsprop", "adam", "RMSprop"], ["RMSProp", "adamm"]),
        ("loss", ["categorical_crossentropy"], ["categorical_cross_entropy"]),
    ],
)
def test_ranges(name: str, inside: list[Any], outside: list[Any]) -> None:
    assert [out_of_range(name, value) for value in inside] == [None] * len(inside)
    assert all(out_of_range(name, value) for value in outside)


@pytest.mark.parametrize(
    "name", ["warmup_epochs", "final_learning_rate", "cross_validation", "seed", "lossy", "unit"]
)
def test_names_that_only_look_alike_have_no_range(name: str) -> None:
    assert rule_for(name) is None
    assert out_of_range(name, 0) is None


@pytest.mark.parametrize("name", [*RULES, *EXACT_RULES])
def test_values_of_another_type_are_left_to_the_types(name: str) -> None:
    assert out_of_range(name, None) is None
    assert out_of_range(name, True) is None
    assert out_of_range(name, {"a": 1}) is None


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("dropout", 1.0, "expected at least 0 and less than 1, found 1.0"),
        ("learning_rate", 0, "expected more than 0 and at most 1 000, found 0"),
        ("filters", [9, 0], "entry 2: expected at least 1 and at most 100 000, found 0"),
        ("activation", "rellu", 'the text "rellu" is no activation that Keras knows; did you mean "relu"?'),
        ("optimizer", "rmspropp", 'the text "rmspropp" is no optimiser that Keras knows; did you mean "rmsprop"?'),
        ("validation", "tset", 'expected a share of the training set, such as 0.1, or "test"; found the text "tset"'),
        ("hidden_units", [10**5, 10**5], "entries 1 and 2 alone make 10 000 000 000 weights, too many for the memory"),
    ],
)  # fmt: skip
def test_messages(name: str, value: Any, message: str) -> None:
    assert out_of_range(name, value) == message


def test_a_name_without_a_near_one_lists_all() -> None:
    message = out_of_range("optimizer", "zzzz")
    assert message is not None
    assert "known: adadelta, adafactor" in message


def test_large_but_possible_layers() -> None:
    assert out_of_range("hidden_units", [10**4, 10**4, 10**5, 10]) is None


def test_filters_and_kernel_sizes() -> None:
    assert disagreements({"filters": [9, 9], "kernel_sizes": [5, 3]}) == []
    assert disagreements({"filters": [9]}) == []
    assert disagreements({"filters": [], "kernel_sizes": [3]}) == [
        ("kernel_sizes", "filters and kernel_sizes differ in length: 0 and 1")
    ]
