"""Parameters and multiply-adds against sums by hand, and against the published totals of a coursework."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reportgen.analysis import complexity
from reportgen.records import Features, Layer, Variable
from reportgen.results import Failure, Result
from tests import samples

PUBLISHED = Path(os.environ.get("REPORTGEN_COURSEWORKS", Path(__file__).parents[3] / "shared/courseworks"))


def spaced(text: str) -> str:
    return text.replace("\u00a0", " ")


def layer(
    class_name: str,
    before: tuple[int, ...],
    after: tuple[int, ...],
    *variables: tuple[str, tuple[int, ...]],
    **settings: Any,
) -> Layer:
    trained = tuple(Variable(name, shape, not name.startswith("moving")) for name, shape in variables)
    return Layer(class_name.lower(), class_name, settings, before, after, trained)


@pytest.mark.parametrize(
    ("given", "formula", "operations"),
    [
        (samples.dense("d", 784, 250, "tanh"), "784 × 250", 784 * 250),
        (samples.dense("d", 3136, 1000, "tanh"), "3 136 × 1 000", 3136 * 1000),
        (samples.conv("c", 14, 9, 16, 3), "3 × 3 × 9 × 16", 14 * 14 * 3 * 3 * 9 * 16),
        (samples.plain("p", "MaxPooling2D", (28, 28, 9), (14, 14, 9)), "", 0),
        (samples.plain("a", "Activation", (10,), (10,)), "", 0),
        (samples.plain("d", "Dropout", (10,), (10,), rate=0.5), "", 0),
        (
            layer(
                "SeparableConv2D", (8, 8, 3), (4, 4, 5),
                ("depthwise_kernel", (3, 3, 3, 2)), ("pointwise_kernel", (1, 1, 6, 5)), ("bias", (5,)),
            ),
            "3 × 3 × 3 × 2 + 1 × 1 × 6 × 5",
            4 * 4 * (3 * 3 * 3 * 2 + 6 * 5),
        ),
        (
            layer("DepthwiseConv2D", (8, 8, 3), (6, 6, 3), ("kernel", (3, 3, 3, 1)), ("bias", (3,))),
            "3 × 3 × 3 × 1",
            6 * 6 * 27,
        ),
        (
            layer("Conv2D", (3, 28, 28), (7, 26, 26), ("kernel", (3, 3, 3, 7)), data_format="channels_first"),
            "3 × 3 × 3 × 7",
            26 * 26 * 3 * 3 * 3 * 7,
        ),
        (
            layer("Conv2DTranspose", (7, 7, 4), (14, 14, 2), ("kernel", (2, 2, 2, 4)), ("bias", (2,))),
            "2 × 2 × 2 × 4",
            7 * 7 * 32,
        ),
        (
            layer(
                "BatchNormalization", (7, 7, 4), (7, 7, 4),
                ("gamma", (4,)), ("beta", (4,)), ("moving_mean", (4,)), ("moving_variance", (4,)),
            ),
            "4",
            7 * 7 * 4,
        ),
        (layer("Dense", (5, 8), (5, 3), ("kernel", (8, 3)), ("bias", (3,))), "8 × 3", 5 * 8 * 3),
        (layer("LSTM", (5, 8), (3,), ("kernel", (8, 12)), ("recurrent_kernel", (3, 12))), "8 × 12 + 3 × 12", None),
    ],
)  # fmt: skip
def test_layer(given: Layer, formula: str, operations: int | None) -> None:
    assert spaced(complexity.weights_formula(given)) == formula
    assert complexity.multiply_adds(given) == operations


def test_frozen_weights_are_named_and_counted_apart() -> None:
    frozen = Layer(
        "base", "Dense", {}, (4,), (3,), (Variable("kernel", (4, 3), False), Variable("bias", (3,), False))
    )
    assert spaced(complexity.weights_formula(frozen)) == "4 × 3 (frozen)"
    record = samples.record(layers=(frozen, samples.dense("o", 3, 2, "softmax")), class_names=("a", "b"))
    first, _ = complexity.layer_costs(record)
    assert (first.weights, first.biases, first.non_trainable, first.total) == (0, 0, 15, 15)


def test_costs_of_a_convolutional_network_add_up() -> None:
    record = samples.record(layers=samples.cnn_layers(25))
    costs = complexity.layer_costs(record)
    assert [cost.name for cost in costs] == [
        "Convolution 1", "Max pooling 1", "Convolution 2", "Max pooling 2", "Convolution 3", "Max pooling 3",
        "Flatten", "Dense", "Output",
    ]  # fmt: skip
    assert sum(cost.total for cost in costs) == record.total_params == 7465
    assert sum(cost.share for cost in costs) == pytest.approx(1)
    assert [cost.total for cost in costs if cost.total] == [234, 2034, 1312, 3625, 260]
    by_hand = 28 * 28 * 225 + 14 * 14 * 2025 + 7 * 7 * 1296 + 144 * 25 + 25 * 10
    assert complexity.model_multiply_adds(record) == by_hand == 640_654


def test_labels() -> None:
    assert complexity.architecture(samples.record()) == "784–250–10"
    convolutional = samples.record(layers=samples.cnn_layers(25))
    assert complexity.architecture(convolutional) == "28×28×1–9@5×5–9@5×5–16@3×3–25–10"
    assert complexity.architecture(convolutional, images=False) == "9@5×5–9@5×5–16@3×3–25–10"
    assert complexity.architecture(samples.record(), images=False) == "784–250–10"
    assert complexity.architecture(convolutional, full=True) == (
        "28×28×1–9@5×5–pool 2×2–9@5×5–pool 2×2–16@3×3–pool 2×2–25–10"
    )
    flattened = (samples.plain("f", "Flatten", (28, 28, 1), (784,)), *samples.mlp_layers())
    assert complexity.architecture(samples.record(layers=flattened)) == "784–250–10"
    for units in (32, 64):
        recurrent = samples.record(layers=samples.lstm_layers(units))
        assert complexity.architecture(recurrent) == f"28×28×1–LSTM {units}–10"
    wrapped = replace(samples.lstm_layers(32)[1], class_name="Bidirectional", settings={}, output_shape=(64,))
    recurrent = samples.record(layers=(wrapped, samples.dense("output", 64, 10, "softmax")))
    assert complexity.architecture(recurrent, full=True) == "28×28–Bidirectional 64–10"


def result(name: str, **facts: Any) -> Result:
    return samples.result(samples.row(name, title=name.upper()), name, 42, samples.record(**facts))


def test_an_architecture_stands_once_with_its_rows() -> None:
    no_dropout = (samples.dense("a", 784, 250, "relu"), samples.dense("b", 250, 10, "softmax"))
    pooled = samples.plain("g", "GlobalAveragePooling2D", (7, 7, 4), (4,))
    other = samples.plain("g", "Flatten", (1, 1, 4), (4,))
    tail = samples.dense("o", 4, 10, "softmax")
    results = [
        result("one"), result("two", layers=samples.cnn_layers()), result("three", layers=no_dropout),
        samples.result(samples.row("lost"), "lost", 42, failure=Failure("timeout", "")),
        result("hog", features=Features("hog", 784, {"orientations": 4})),
        result("four", layers=(samples.conv("c", 7, 1, 4, 3), pooled, tail)),
        result("five", layers=(samples.conv("c", 7, 1, 4, 3), other, tail)),
    ]  # fmt: skip
    found = complexity.distinct_architectures(results)
    assert [item.rows for item in found] == [
        (("one", "ONE"), ("three", "THREE")), (("two", "TWO"),), (("hog", "HOG"),), (("four", "FOUR"),),
        (("five", "FIVE"),),
    ]  # fmt: skip
    assert len({item.label for item in found}) == len(found)


def test_hog_counts_follow_the_docstring() -> None:
    settings = {"orientations": 8, "pixels_per_cell": 4, "cells_per_block": 1, "block_norm": "L2-Hys"}
    assert complexity.hog_multiply_adds((28, 28, 1), settings) == 784 * 5 + 49 * 8 + 49 * 8 * 4
    settings = {"orientations": 9, "pixels_per_cell": (7, 4), "cells_per_block": (2, 3), "block_norm": "L1"}
    blocks, values = (4 - 1) * (7 - 2), 2 * 3 * 9
    assert complexity.hog_multiply_adds((28, 28, 3), settings) == 784 * 13 + 28 * 9 + blocks * values * 2


def test_hog_settings_give_as_many_values_as_scikit_image() -> None:
    """The blocks that are counted are those that scikit-image makes."""
    import numpy as np
    from skimage.feature import hog

    for cell, block, orientations in ((4, 1, 8), (7, 2, 9), (5, 3, 4)):
        values = hog(
            np.zeros((28, 28)),
            orientations=orientations,
            pixels_per_cell=(cell, cell),
            cells_per_block=(block, block),
        ).size
        count = {"orientations": orientations, "pixels_per_cell": cell, "cells_per_block": block}
        fixed = 784 * 5 + (28 // cell) ** 2 * orientations
        assert complexity.hog_multiply_adds((28, 28, 1), count) == fixed + 4 * values


def test_work_of_the_features_is_in_that_of_a_prediction() -> None:
    features = Features("hog", 392, {"orientations": 8, "pixels_per_cell": 4, "cells_per_block": 1})
    (found,) = complexity.distinct_architectures(
        [result("hog", layers=mlp_of_hog(), features=features, n_test=10, n_validation=10)]
    )
    assert (found.multiply_adds, found.feature_multiply_adds) == (80_400, 5_880)
    assert found.prediction_multiply_adds == complexity.prediction_multiply_adds(found.record) == 86_280
    unknown = samples.record(features=Features("wavelets", 784))
    assert complexity.prediction_multiply_adds(unknown) is None
    assert "multiply-adds" not in complexity.explanation(unknown)


def mlp_of_hog() -> tuple[Layer, ...]:
    return samples.mlp_layers(392, (200,))


def test_explanation_of_a_perceptron() -> None:
    text = spaced(complexity.explanation(samples.record(layers=samples.mlp_layers(hidden=(300,)))))
    assert text == (
        "The 300 units of the hidden layer hold 235 500 of the 238 510 parameters (98.7 %), because each is"
        " linked to all 784 inputs: 784 × 300 = 235 200 weights and 300 biases."
        " One prediction takes 238 200 multiply-adds."
    )


def test_explanation_of_a_convolutional_network() -> None:
    text = spaced(complexity.explanation(samples.record(layers=samples.cnn_layers(25))))
    assert (
        "The 25 units of the dense layer after the convolutions hold 3 625 of the 7 465 parameters (48.6 %)"
        in text
    )
    assert (
        "all 144 values (3 × 3 × 16) that the convolutions leave: 144 × 25 = 3 600 weights and 25 biases"
        in text
    )
    assert "The three convolutions together hold 3 580 (48.0 %)" in text
    assert "640 654 multiply-adds, 99.4 % of them in the convolutions" in text


def test_explanation_where_a_convolution_is_largest() -> None:
    text = spaced(complexity.explanation(samples.record(layers=samples.cnn_layers(5))))
    assert text.startswith("The 9 filters of convolution 2 hold 2 034 of the 4 365 parameters (46.6 %)")
    assert "5 × 5 window in all 9 channels: 5 × 5 × 9 × 9 = 2 025 weights and 9 biases" in text
    assert "The two dense layers together hold 785 (18.0 %)" in text


def test_explanation_of_hog_and_of_nothing() -> None:
    features = Features("hog", 392, {"orientations": 8, "pixels_per_cell": 4, "cells_per_block": 1})
    text = spaced(
        complexity.explanation(samples.record(layers=samples.mlp_layers(392, (200,)), features=features))
    )
    assert "all 392 HOG values: 392 × 200 = 78 400 weights" in text
    work = 392 * 200 + 200 * 10 + 784 * 5 + 49 * 8 + 49 * 8 * 4
    assert work == 86_280 and "One prediction takes 86 280 multiply-adds." in text
    assert "Computing the 392 HOG values takes 5 880 of them and adds no parameter." in text
    empty = samples.record(layers=(samples.plain("f", "Flatten", (28, 28, 1), (784,)),))
    assert complexity.explanation(empty) == "The model has no parameters."


def built(experiment: Mapping[str, Any]) -> tuple[Layer, ...]:
    """Layers of a transcribed experiment, with shapes worked out from its list."""
    shape = tuple(experiment["input_shape"])
    layers: list[Layer] = []
    for number, given in enumerate(experiment["layers"]):
        kind, name = given["type"], f"layer_{number}"
        if kind == "dense":
            layers.append(samples.dense(name, shape[0], given["units"], given["activation"]))
        elif kind == "conv2d":
            sizes = [
                value
                for key, value in given.items()
                if key not in ("type", "padding", "activation", "filters")
            ]
            size = sizes[0] if isinstance(sizes[0], int) else sizes[0][0]
            layers.append(samples.conv(name, shape[0], shape[2], given["filters"], size))
        elif kind == "max_pooling2d":
            after = (shape[0] // 2, shape[1] // 2, shape[2])
            layers.append(samples.plain(name, "MaxPooling2D", shape, after, pool_size=[2, 2]))
        elif kind == "flatten":
            layers.append(samples.plain(name, "Flatten", shape, (shape[0] * shape[1] * shape[2],)))
        else:
            layers.append(samples.plain(name, "Dropout", shape, shape, rate=0.5))
        shape = layers[-1].output_shape
    return tuple(layers)


@pytest.mark.skipif(
    not (PUBLISHED / "arn-labo04.toml").is_file(), reason="the transcribed coursework is not here"
)
def test_every_published_total_is_met() -> None:
    experiments = tomllib.loads((PUBLISHED / "arn-labo04.toml").read_text(encoding="utf-8"))["experiment"]
    assert len(experiments) == 24
    results = []
    for experiment in experiments:
        features = Features("pixels", 784)
        if experiment["features"]["type"] == "hog":
            keys = ("orientations", "pixels_per_cell", "cells_per_block")
            features = Features(
                "hog", experiment["features"]["length"], {k: experiment["features"][k] for k in keys}
            )
        facts = {
            "layers": built(experiment),
            "features": features,
            "n_test": 10,
            "n_validation": 10,
            "epochs": 1,
        }
        results.append(result(experiment["id"], **facts))
        record = results[-1].record
        assert record is not None
        costs = complexity.layer_costs(record)
        assert sum(cost.total for cost in costs) == experiment["total_params"], experiment["id"]
        assert sum(cost.weights for cost in costs) == experiment["total_weights"], experiment["id"]
        assert sum(cost.biases for cost in costs) == experiment["total_biases"], experiment["id"]
        assert complexity.explanation(record)
    found = complexity.distinct_architectures(results)
    assert sum(len(item.rows) for item in found) == 24
    assert len(found) == len({item.label for item in found}) == 13
