"""Borrowed networks: whose weights, given what, and how they are marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from reportgen.analysis import elsewhere
from reportgen.analysis.borrowed import Borrowed, borrowed, untrained
from reportgen.analysis.observations import observe
from reportgen.records import Features, Layer, Record, Variable
from reportgen.report import notices
from reportgen.results import Result
from tests import samples

PIXELS = Features("pixels", 784, {"scale": "1/255"})


def network(side: int = 32, trainable: bool = False) -> Layer:
    kernel = Variable("kernel", (3, 3, 3, 32), trainable)
    last = -(-side // 32)
    inner = (
        Layer("Conv1", "Conv2D", {}, (side, side, 3), (side // 2, side // 2, 32), (kernel,)),
        Layer("out_relu", "ReLU", {}, (last, last, 1280), (last, last, 1280)),
    )
    return Layer(
        "mobilenetv2_1.00_224", "Functional", {}, (side, side, 3), (last, last, 1280), (kernel,), inner
    )


def record(before: Sequence[tuple[str, Layer]], call: str, base: Layer | None = None) -> Record:
    texts = [*(text for text, _ in before), call, "Dense(10, activation='softmax')"]
    layers = (
        *(layer for _, layer in before),
        base or network(),
        samples.dense("output", 1280, 10, "softmax"),
    )
    made = samples.record(layers=layers, features=PIXELS)
    return replace(made, parameters={**made.parameters, "layers": texts})


PADDED = ("ZeroPadding2D(2)", samples.plain("pad", "ZeroPadding2D", (28, 28, 1), (32, 32, 1)))
GREY = ("GrayscaleToRGB()", samples.plain("rgb", "GrayscaleToRGB", (32, 32, 1), (32, 32, 3)))


def rescaled(scale: float, offset: float = 0.0) -> tuple[str, Layer]:
    layer = samples.plain("scale", "Rescaling", (28, 28, 1), (28, 28, 1), scale=scale, offset=offset)
    return f"Rescaling({scale}, offset={offset})", layer


def call(weights: str, **more: Any) -> str:
    given = "".join(f", {name}={value}" for name, value in more.items())
    return f"MobileNetV2(include_top=False, weights={weights}{given})"


def only(made: Record) -> Borrowed:
    (found,) = borrowed(made)
    return found


def row_of(made: Record) -> Result:
    return samples.result(samples.row("borrowing", title="A borrowed network"), "a" * 64, 42, made)


@pytest.mark.parametrize(
    ("scales", "values", "misfed"),
    [
        ([], (0.0, 1.0), True),
        ([rescaled(255.0)], (0.0, 255.0), True),
        ([rescaled(2.0, -1.0)], (-1.0, 1.0), False),
    ],
)
def test_values_that_reach_it(
    scales: list[tuple[str, Layer]], values: tuple[float, float], misfed: bool
) -> None:
    found = only(record([PADDED, GREY, *scales], call("'imagenet'", trainable=False)))
    assert (found.values, found.misfed) == (values, misfed)
    assert found.expected == (-1.0, 1.0)


def test_padding_after_scaling_puts_zeros_among_them() -> None:
    found = only(record([rescaled(1.0, 1.0), PADDED, GREY], call("None")))
    assert found.values == (0.0, 2.0)


def test_an_unknown_layer_makes_values_unknown() -> None:
    norm = ("BatchNormalization()", samples.plain("norm", "BatchNormalization", (28, 28, 1), (28, 28, 1)))
    found = only(record([norm, PADDED, GREY], call("None")))
    assert found.values is None and not found.misfed


@pytest.mark.parametrize(
    ("weights", "source", "file"),
    [("None", "random", ""), ("'imagenet'", "imagenet", ""), ("'weights/mine.h5'", "file", "mine.h5")],
)
def test_whose_weights(weights: str, source: str, file: str) -> None:
    found = only(record([PADDED, GREY], call(weights)))
    assert (found.name, found.weights, found.file) == ("MobileNetV2", source, file)


def test_a_warm_start_or_a_notebook_of_one_s_own_leaves_the_source_open() -> None:
    made = record([PADDED, GREY], call("None"))
    assert only(replace(made, initial={"key": "b" * 64, "weights": "c" * 64})).weights == "unknown"
    alone = replace(made, parameters={"dataset": "mnist"})
    assert only(alone).weights == "unknown" and only(alone).expected == (-1.0, 1.0)


def test_untrained_weights_are_marked_and_no_transfer() -> None:
    result = row_of(record([PADDED, GREY], call("None", trainable=False)))
    assert untrained(result)
    assert elsewhere.marked(result) == "A borrowed network\u00a0°"
    assert elsewhere.note([result]) == "° a known network with untrained weights: no transfer."
    titles = [notice.title for notice in notices.of_training(result)]
    assert titles[:2] == ["Untrained weights.", "Values it is not made for."]


def test_imagenet_weights_bear_no_mark_and_say_what_they_were_trained_on() -> None:
    result = row_of(record([PADDED, GREY, rescaled(255.0)], call("'imagenet'", trainable=False)))
    assert elsewhere.marked(result) == "A borrowed network" and elsewhere.note([result]) == ""
    (notice,) = notices.of_training(result)
    assert notice.text == (
        "MobileNetV2 was trained on values from −1 to 1 and is given values from 0 to 255: what it has learnt"
        " does not hold for them."
    )


def remark(made: Record) -> str:
    (found,) = [
        each for each in observe(row_of(made), [row_of(made)], None) if each.rule == "borrowed-network"
    ]
    return found.text.replace("\u00a0", " ")


def test_the_remark_has_size_values_weights_and_the_last_map() -> None:
    said = remark(record([PADDED, GREY, rescaled(2.0, -1.0)], call("None", trainable=False)))
    assert said.startswith(
        "MobileNetV2 gets images of 32 × 32 × 3 with values from −1 to 1. Its weights were drawn"
    )
    assert "of 13 674 parameters 12 810 were trained" in said and "This is no transfer." in said
    assert said.endswith("Its last feature map is 1 × 1: of where things stand in the image nothing is left.")


def test_larger_images_keep_a_map() -> None:
    base = network(96, trainable=True)
    said = remark(record([], call("'imagenet'"), base))
    assert (
        "It began with the weights that were trained on ImageNet: of 13 674 parameters 13 674 were trained."
        in said
    )
    assert "last feature map" not in said


def test_rows_without_one_have_nothing_to_say() -> None:
    result = row_of(samples.record(layers=samples.cnn_layers()))
    assert borrowed(samples.record()) == () and not untrained(result)
    assert all(each.rule != "borrowed-network" for each in observe(result, [result], None))
