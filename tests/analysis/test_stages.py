"""Networks as they are drawn: what goes with what, and what of very deep ones is left out."""

from __future__ import annotations

import pytest

from reportgen import language
from reportgen.analysis import layer_words
from reportgen.analysis.stages import stages
from reportgen.records import Layer
from tests import networks, samples


def spaced(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_small_layers_go_with_the_one_that_learns_before_them() -> None:
    found = stages(samples.record(layers=networks.deep()))
    assert [stage.name for stage in found] == [
        "Input", *(f"Convolution {n}" for n in range(1, 7)), "Dense", "Output",
    ]  # fmt: skip
    assert [layer.class_name for layer in found[2].after] == [
        "BatchNormalization",
        "Activation",
        "MaxPooling2D",
    ]
    assert [layer.class_name for layer in found[6].after][-2:] == ["Flatten", "Dropout"]


def test_what_stands_before_the_first_that_learns_goes_with_the_input() -> None:
    found = stages(samples.record(layers=networks.borrowed()))
    assert [stage.name for stage in found] == ["Input", "MobileNetV2", "Dense", "Output"]
    assert [layer.class_name for layer in found[0].after] == ["ZeroPadding2D", "GrayscaleToRGB", "Rescaling"]


@pytest.mark.parametrize("count", [3, 17, 30, 200])
def test_stages_hold_all_parameters_however_many_there_are(count: int) -> None:
    hidden = [samples.dense(f"d{n}", 64 + n, 65 + n, "relu") for n in range(count)]
    record = samples.record(layers=(*hidden, samples.dense("o", 64 + count, 10, "softmax")))
    found = stages(record)
    assert len(found) <= 18
    assert sum(stage.parameters for stage in found) == record.total_params
    assert sum(stage.times if stage.head else stage.left_out for stage in found) == count + 1


def test_stages_that_are_alike_become_one_only_where_they_are_too_many() -> None:
    alike = [samples.dense(f"d{n}", 64, 64, "relu") for n in range(20)]
    few = samples.record(layers=(*alike[:5], samples.dense("o", 64, 10, "softmax")))
    assert len(stages(few)) == 7
    many = stages(samples.record(layers=(*alike, samples.dense("o", 64, 10, "softmax"))))
    assert [(stage.name, stage.times) for stage in many] == [("Input", 1), ("Dense 1–20", 20), ("Output", 1)]
    assert many[1].parameters == 20 * (64 * 64 + 64)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (samples.dense("d", 4, 3, "linear"), "3 units"),
        (samples.dense("d", 4, 3, "relu"), "3 units, ReLU"),
        (samples.conv("c", 8, 3, 16, 5), "16 filters, 5 × 5, padded, ReLU"),
        (networks.depthwise(8, 4, 3, stride=2, bias=False), "3 × 3, each channel by itself, padded, stride 2, no bias"),
        (networks.separable(8, 4, 6, 3, times=2), "6 filters, 3 × 3, padded, 2 for each channel, ReLU"),
        (
            networks.layer(
                "Dense", (4,), (3,), ("kernel", (4, 3)), units=3,
                kernel_regularizer={"class_name": "L1L2", "config": {"l1": 0.1, "l2": 0.009999999776}},
                activity_regularizer={"class_name": "L1", "config": {"l1": 1e-4}},
            ),
            "3 units, L1 0.1, L2 0.01, L1 0.0001 on outputs",
        ),
    ],
)  # fmt: skip
def test_details(given: Layer, said: str) -> None:
    assert spaced(", ".join(layer_words.details(given))) == said


@pytest.mark.parametrize(
    ("name", "settings", "said"),
    [
        ("Dropout", {"rate": 0.25}, "dropout 0.25"), ("GaussianNoise", {"stddev": 0.1}, "noise 0.1"),
        ("MaxPooling2D", {"pool_size": [2, 2], "strides": [2, 2]}, "max pool 2 × 2"),
        ("MaxPooling2D", {"pool_size": [3, 3], "strides": [2, 2]}, "max pool 3 × 3, stride 2"),
        ("AveragePooling2D", {"pool_size": 2}, "average pool 2 × 2"),
        ("GlobalAveragePooling2D", {}, "global average pool"), ("Activation", {"activation": "elu"}, "ELU"),
        ("LeakyReLU", {}, "LeakyReLU"), ("BatchNormalization", {}, "batch norm"),
        ("Rescaling", {"scale": 1 / 255, "offset": 0.0}, "rescaling / 255"),
        ("Rescaling", {"scale": 2.0, "offset": -1.0}, "rescaling × 2 − 1"), ("Rescaling", {"scale": [1, 2]}, "rescaling"),
        ("RandomTranslation", {}, "random shift"), ("RandomPosterization", {}, "RandomPosterization"),
        ("OwnLayer", {}, "OwnLayer"), ("UpSampling2D", {"size": [2, 2]}, "upsampling 2 × 2"),
    ],
)  # fmt: skip
def test_small_layers_in_a_few_words(name: str, settings: dict[str, object], said: str) -> None:
    made = samples.plain("x", name, (4, 4, 2), (4, 4, 2), **settings)
    assert spaced(layer_words.small(made)) == said
    with language.use("fr"):
        assert layer_words.small(made)


def test_dropout_and_augmentation_act_in_training_only() -> None:
    acting = [
        name for name in ("Dropout", "SpatialDropout2D", "RandomZoom", "BatchNormalization", "ReLU", "MaxPooling2D")
        if layer_words.in_training_only(samples.plain("x", name, (4,), (4,)))
    ]  # fmt: skip
    assert acting == ["Dropout", "SpatialDropout2D", "RandomZoom"]
