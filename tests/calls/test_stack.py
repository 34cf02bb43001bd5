"""Stacks of layers from their texts: counts that were published, and every way not to fit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reportgen.calls.bound import Bound, read
from reportgen.calls.grammar import Fault
from reportgen.calls.named import canonical
from reportgen.calls.stack import Stack, check
from reportgen.calls.stack_memory import memory

ARCHITECTURES = json.loads(Path(__file__).with_name("architectures.json").read_text(encoding="utf-8"))
"""The networks of five courseworks as they were transcribed, each with the rows that have it."""

CLASSES = {
    "batch_normalization": "BatchNormalization",
    "conv2d": "Conv2D",
    "dense": "Dense",
    "dropout": "Dropout",
    "elu": "ELU",
    "flatten": "Flatten",
    "global_average_pooling2d": "GlobalAveragePooling2D",
    "max_pooling2d": "MaxPooling2D",
    "mobilenet_v2": "MobileNetV2",
    "relu": "ReLU",
    "rescaling": "Rescaling",
}
SOFTMAX = "Dense(10, activation='softmax')"


def text_of(layer: dict[str, Any]) -> str:
    """Write a transcribed layer as a row would."""
    arguments = {name: repr(value) for name, value in layer.items() if name not in ("type", "input_shape")}
    if "scale" in arguments:
        arguments["scale"] = layer["scale"]
    if "activity_regularizer" in arguments:
        arguments["activity_regularizer"] = f"L1({layer['activity_regularizer']['l1']})"
    return f"{CLASSES[layer['type']]}({', '.join(f'{name}={value}' for name, value in arguments.items())})"


def texts_of(architecture: dict[str, Any]) -> list[str]:
    """Write a transcribed network as a row would."""
    return [text_of(layer) for layer in architecture["layers"]]


def checked(
    texts: list[str], shape: tuple[int, ...] = (28, 28, 1), **options: Any
) -> tuple[Stack, list[Fault]]:
    """Return a stack whose texts are right, and what is wrong with how they go together."""
    stack, faults = check(texts, shape, 10, **options)
    assert stack is not None
    return stack, faults


def only(texts: list[str], shape: tuple[int, ...] = (28, 28, 1), **options: Any) -> Fault:
    """Return the only fault of a stack."""
    faults = checked(texts, shape, **options)[1]
    assert len(faults) == 1, faults
    return faults[0]


def bound(source: str, family: str) -> Bound:
    """Return what a right text says."""
    found, faults = read(source, (family,))
    assert found is not None, faults
    return found


@pytest.mark.parametrize("architecture", ARCHITECTURES, ids=[each["rows"][0] for each in ARCHITECTURES])
def test_the_counts_of_the_courseworks_are_those_of_their_stacks(architecture: dict[str, Any]) -> None:
    stack, faults = checked(texts_of(architecture), tuple(architecture["input_shape"]), pixels=None)
    assert faults == []
    counted = (stack.parameters, stack.trainable, stack.non_trainable)
    assert counted == (architecture["total"], architecture["trainable"], architecture["non_trainable"])


def test_all_fixed_architectures_are_there() -> None:
    rows = [row for each in ARCHITECTURES for row in each["rows"]]
    assert len(rows) == len(set(rows))
    counts = {work: sum(row.startswith(work) for row in rows) for work in ("000", "001", "002", "003", "004")}
    assert counts == {"000": 30, "001": 24, "002": 13, "003": 4, "004": 48}


def of_row(row: str) -> list[str]:
    """Return the layers of a row in their one form."""
    architecture = next(each for each in ARCHITECTURES if row in each["rows"])
    texts = canonical("layers", texts_of(architecture))
    assert isinstance(texts, list)
    return texts


@pytest.mark.parametrize(
    ("row", "again"),
    [
        ("000 cnn-reduce-lr", "000 cnn-max-pooling-2-strides"),
        ("000 cnn-adam-1e-3", "000 cnn-max-pooling-no-strides"),
    ],
)
def test_the_two_pairs_of_reruns_are_the_same_configuration(row: str, again: str) -> None:
    assert of_row(row) == of_row(again)
    assert of_row(row) != of_row("000 cnn-elu")


def test_shapes_and_variables_of_every_layer_are_known() -> None:
    stack, faults = checked(["Conv2D(8, 3)", "BatchNormalization()", "MaxPooling2D(2)", "Flatten()", SOFTMAX])
    assert faults == []
    assert [each.output_shape for each in stack.layers] == [
        (26, 26, 8),
        (26, 26, 8),
        (13, 13, 8),
        (1352,),
        (10,),
    ]
    assert [each.parameters for each in stack.layers] == [80, 32, 0, 0, 13530]
    kernel, bias = stack.layers[0].variables
    assert (kernel.name, kernel.shape, bias.shape) == ("kernel", (3, 3, 1, 8), (8,))
    assert stack.non_trainable == 16


@pytest.mark.parametrize(
    ("texts", "shape", "code", "entry", "message", "remedy"),
    [
        (["Flatten()", "Conv2D(8, 3)", "Flatten()", SOFTMAX], (28, 28, 1), "bad-shape", 1, "is given 784 values", "before Flatten()"),
        (["Conv2D(8, 3)", "Flatten()", SOFTMAX], (28, 28), "bad-shape", 0, "28 × 28", "Reshape((28, 28, 1))"),
        (["Conv2D(8, 3)", SOFTMAX], (28, 28, 1), "dense-on-image", 1, "26 × 26 items of 8 values", "Flatten()"),
        ([SOFTMAX], (28, 28), "dense-on-image", 0, "28 items of 28 values", "Flatten()"),
        (["MaxPooling2D(2)"] * 5 + ["Flatten()", SOFTMAX], (28, 28, 1), "bad-shape", 4, "image of 1 × 1", "padding='same'"),
        (["Conv2D(8, 5)", "Flatten()", SOFTMAX], (4, 4, 1), "bad-shape", 0, "5 × 5 does not fit into an image of 4 × 4", ""),
        (["Conv2D(8, 3, dilation_rate=2)", "Flatten()", SOFTMAX], (4, 4, 1), "bad-shape", 0, "window of 5 × 5", ""),
        (["Conv2D(8, 3, strides=2, dilation_rate=2)", "Flatten()", SOFTMAX], (28, 28, 1), "bad-argument", 0, "together", ""),
        (["Conv2D(8, 3, groups=3)", "Flatten()", SOFTMAX], (28, 28, 3), "bad-argument", 0, "8 filters", ""),
        (["Conv2D(9, 3, groups=3)", "Flatten()", SOFTMAX], (28, 28, 1), "bad-argument", 0, "1 channels", ""),
        (["Cropping2D(14)", "Flatten()", SOFTMAX], (28, 28, 1), "bad-shape", 0, "leaves nothing", ""),
        (["Reshape((10, 10))", "Flatten()", SOFTMAX], (28, 28, 1), "bad-shape", 0, "(10, 10)", "multiply to 784"),
        (["Reshape((-1, -1))", "Flatten()", SOFTMAX], (28, 28, 1), "bad-shape", 0, "(-1, -1)", ""),
        (["GroupNormalization()", "Flatten()", SOFTMAX], (28, 28, 1), "bad-argument", 0, "32 groups", ""),
        (["BatchNormalization(axis=4)", "Flatten()", SOFTMAX], (28, 28, 1), "bad-argument", 0, "no axis 4", "axis -1"),
        (["Normalization()", "Flatten()", SOFTMAX], (28, 28, 1), "missing-argument", 0, "adapt()", "Rescaling"),
        (["GrayscaleToRGB()", "Flatten()", SOFTMAX], (28, 28, 3), "bad-shape", 0, "one channel", "remove it"),
        (["Conv2DTranspose(8, 4, strides=2, padding='same', output_padding=0)", "Flatten()", SOFTMAX], (8, 8, 1), "bad-argument", 0, "output_padding", ""),
        (["Dense(4, name='a')", "Dense(10, name='a', activation='softmax')"], (4,), "duplicate-name", 1, "two layers", "its own"),
        (["Dense(10)"], (4,), "bad-output", 0, "linear", "activation='softmax'"),
        (["Dense(9, activation='softmax')"], (4,), "bad-output", 0, "9 values, and the data have 10 classes", SOFTMAX),
        (["Conv2D(10, 3, activation='softmax')"], (28, 28, 1), "bad-output", 0, "26 × 26 × 10", "GlobalAveragePooling2D()"),
        ([SOFTMAX, "Dropout(0.5)"], (4,), "bad-output", 1, "last layer", "put it before"),
        (["MobileNetV2(include_top=False, weights=None)", "GlobalAveragePooling2D()", SOFTMAX], (28, 28, 3), "bad-shape", 0, "32 × 32", "ZeroPadding2D(2)"),
        (["MobileNetV2(include_top=False, weights='imagenet')", "GlobalAveragePooling2D()", SOFTMAX], (32, 32, 1), "bad-shape", 0, "3 channels", "GrayscaleToRGB()"),
        (["MobileNetV2(include_top=False, alpha=0.6)", "GlobalAveragePooling2D()", SOFTMAX], (32, 32, 3), "bad-argument", 0, "alpha 0.6", "0.35"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(
    texts: list[str], shape: tuple[int, ...], code: str, entry: int, message: str, remedy: str
) -> None:
    fault = only(texts, shape, pixels=None)
    assert (fault.code, fault.entry, fault.warning) == (code, entry, False)
    assert message in fault.message
    assert remedy in fault.remedy


def test_wrong_texts_are_all_found_before_shapes_are_looked_at() -> None:
    stack, faults = check(["Conv2D(8)", "Flaten()", "Dense(10, activation='softmaxx')"], (28, 28, 1), 10)
    assert stack is None
    assert [fault.entry for fault in faults] == [0, 1, 2]


def test_an_empty_stack_is_refused() -> None:
    stack, faults = check([], (28, 28, 1), 10)
    assert (stack, [fault.code for fault in faults]) == (None, ["empty-stack"])


@pytest.mark.parametrize(
    ("last", "loss", "remedy"),
    [
        (SOFTMAX, "categorical_crossentropy", None),
        (SOFTMAX, "sparse_categorical_crossentropy", None),
        ("Dense(10)", "CategoricalCrossentropy(from_logits=True)", None),
        ("Dense(10)", "SparseCategoricalCrossentropy(from_logits=True)", None),
        ("Dense(10, activation='sigmoid')", "binary_crossentropy", None),
        ("Dense(10)", "BinaryCrossentropy(from_logits=True)", None),
        ("Dense(10, activation='tanh')", "mse", None),
        (SOFTMAX, "CategoricalCrossentropy(from_logits=True)", "leave the activation"),
        ("Dense(10)", "sparse_categorical_crossentropy", "activation='softmax'"),
        ("Dense(10, activation='sigmoid')", "categorical_crossentropy", "activation='softmax'"),
        ("Dense(10)", "binary_crossentropy", "activation='sigmoid'"),
    ],
)
def test_the_last_activation_goes_with_the_loss(last: str, loss: str, remedy: str | None) -> None:
    faults = checked([last], (4,), loss=bound(loss, "losses"))[1]
    assert [(fault.code, fault.warning) for fault in faults] == (
        [] if remedy is None else [("bad-output", False)]
    )
    assert remedy is None or remedy in faults[0].remedy


def test_binary_crossentropy_after_a_softmax_is_a_warning() -> None:
    fault = only([SOFTMAX], (4,), loss=bound("binary_crossentropy", "losses"))
    assert fault.warning
    assert "categorical_crossentropy" in fault.remedy


@pytest.mark.parametrize(
    "end",
    [
        ["Dense(10)", "Softmax()"],
        ["Dense(10)", "Activation('softmax')"],
        ["Reshape((1, 1, 4))", "Conv2D(10, 1, activation='softmax')", "GlobalAveragePooling2D()"],
        ["Reshape((1, 1, 4))", "Conv2D(10, 1, activation='softmax')", "Flatten()"],
    ],
)
def test_a_softmax_may_be_a_layer_or_be_averaged(end: list[str]) -> None:
    assert checked(end, (4,))[1] == []


def test_a_billion_parameters_are_refused_unless_allowed() -> None:
    texts = ["Conv2D(64, 3, padding='same')", "Flatten()", "Dense(20000)", SOFTMAX]
    fault = only(texts)
    assert (fault.code, fault.entry) == ("too-many-parameters", 2)
    assert (
        "1 003 740 650 parameters (4.0 GB of weights), 1 003 540 000 of them in Dense(20000)" in fault.message
    )
    assert "MaxPooling2D(2)" in fault.remedy
    assert "allow_parameters = 1100000000" in fault.remedy
    assert checked(texts, allowed=1_100_000_000)[1] == []


def test_memory_counts_weights_gradients_the_optimiser_and_outputs() -> None:
    stack = checked(["Flatten()", "Dense(100)", SOFTMAX])[0]
    parameters = 784 * 100 + 100 + 1010
    found = memory(stack, 32, bound("Adam(1e-3)", "optimizers"))
    assert (found.weights, found.training) == (4 * parameters, 4 * 3 * parameters)
    assert found.outputs == 4 * 32 * (784 + 100 + 10)
    assert found.total == found.weights + found.training + found.outputs
    assert memory(stack, 32, bound("SGD(0.1)", "optimizers")).training == 4 * parameters
    assert memory(stack, 32, bound("SGD(0.1, momentum=0.9)", "optimizers")).training == 4 * 2 * parameters


def test_pixels_that_are_scaled_already_are_not_scaled_again_in_silence() -> None:
    fault = only(["Flatten()", "Rescaling(1/255)", SOFTMAX])
    assert (fault.code, fault.entry, fault.warning) == ("pixel-range", 1, True)
    assert checked(["Flatten()", "Rescaling(1/255)", SOFTMAX], pixels=(0.0, 255.0))[1] == []
    assert checked(["Rescaling(2, offset=-1)", "Flatten()", SOFTMAX])[1] == []


def test_pretrained_weights_are_given_what_they_were_trained_on() -> None:
    front = ["ZeroPadding2D(2)", "GrayscaleToRGB()"]
    network = [
        "MobileNetV2(include_top=False, weights='imagenet', trainable=False)",
        "GlobalAveragePooling2D()",
        SOFTMAX,
    ]
    fault = only([*front, *network])
    assert (fault.code, fault.entry, fault.warning) == ("pixel-range", 2, True)
    assert "Rescaling(2, offset=-1)" in fault.remedy
    assert checked([*front, "Rescaling(2, offset=-1)", *network])[1] == []
    raw = only([*front, *network], pixels=(0.0, 255.0))  # as the coursework did
    assert "from 0 to 255" in raw.message
    assert "Rescaling(0.00784314, offset=-1)" in raw.remedy


def test_brightness_is_told_the_range_of_the_pixels() -> None:
    fault = only(["RandomBrightness(0.2)", "Flatten()", SOFTMAX])
    assert "value_range=(0, 1)" in fault.remedy
    assert checked(["RandomBrightness(0.2, value_range=(0, 1))", "Flatten()", SOFTMAX])[1] == []
