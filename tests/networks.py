"""Invented networks of every kind of layer, as Keras would report them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from reportgen.records import Layer, Variable
from tests.samples import conv, dense, plain


def layer(
    class_name: str,
    before: tuple[int, ...],
    after: tuple[int, ...],
    *variables: tuple[str, tuple[int, ...]],
    trainable: bool = True,
    name: str = "",
    inner: tuple[Layer, ...] = (),
    **settings: Any,
) -> Layer:
    """A layer with arrays, of which those that begin with "moving" are never trained."""
    held = tuple(
        Variable(each, shape, trainable and not each.startswith("moving")) for each, shape in variables
    )
    told = {"trainable": trainable, **settings}
    return Layer(name or class_name.lower(), class_name, told, before, after, held, inner)


def batch_norm(shape: tuple[int, ...], trainable: bool = True) -> Layer:
    """A BatchNormalization: four numbers for each channel."""
    own = (shape[-1],)
    names = ("gamma", "beta", "moving_mean", "moving_variance")
    return layer("BatchNormalization", shape, shape, *((each, own) for each in names), trainable=trainable)


def separable(side: int, channels: int, filters: int, window: int, times: int = 1, stride: int = 1) -> Layer:
    """A SeparableConv2D with `same` padding."""
    across = math.ceil(side / stride)
    return layer(
        "SeparableConv2D", (side, side, channels), (across, across, filters),
        ("depthwise_kernel", (window, window, channels, times)),
        ("pointwise_kernel", (1, 1, channels * times, filters)), ("bias", (filters,)),
        filters=filters, kernel_size=[window, window], strides=[stride, stride], padding="same",
        depth_multiplier=times, activation="relu",
    )  # fmt: skip


def depthwise(side: int, channels: int, window: int, stride: int = 1, bias: bool = True) -> Layer:
    """A DepthwiseConv2D with `same` padding."""
    across = math.ceil(side / stride)
    arrays = [("kernel", (window, window, channels, 1)), *([("bias", (channels,))] if bias else [])]
    return layer(
        "DepthwiseConv2D", (side, side, channels), (across, across, channels), *arrays,
        kernel_size=[window, window], strides=[stride, stride], padding="same", depth_multiplier=1,
        use_bias=bias, activation="linear",
    )  # fmt: skip


def max_pool(side: int, channels: int, size: int = 2) -> Layer:
    """A MaxPooling2D."""
    across = side // size
    return plain(
        "pool", "MaxPooling2D", (side, side, channels), (across, across, channels),
        pool_size=[size, size], strides=[size, size],
    )  # fmt: skip


def deep() -> tuple[Layer, ...]:
    """Twenty-five layers: six convolutions, each with its normalisation and activation, then two dense ones."""
    layers: list[Layer] = []
    side, channels = 28, 1
    for number, filters in enumerate((16, 16, 32, 32, 64, 64)):
        shape = (side, side, filters)
        layers += [
            conv(f"conv_{number}", side, channels, filters, 3),
            batch_norm(shape),
            plain("a", "Activation", shape, shape, activation="relu"),
        ]
        channels = filters
        if number % 2:
            layers.append(max_pool(side, filters))
            side //= 2
    values = side * side * channels
    return (
        *layers,
        plain("flatten", "Flatten", (side, side, channels), (values,)),
        plain("drop", "Dropout", (values,), (values,), rate=0.5),
        dense("dense", values, 128, "relu"),
        dense("output", 128, 10, "softmax"),
    )


BLOCKS = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)
"""Expansion, channels, repeats and stride: table 2 of M. Sandler and others, "MobileNetV2", CVPR 2018."""


def mobilenet(side: int = 32, trainable: bool = True) -> Layer:
    """MobileNetV2 of width 1 without its top, from that table."""
    found: list[Layer] = [*_convolved(side, 3, 32, 3, 2, trainable)]
    side, channels = math.ceil(side / 2), 32
    for expansion, out, repeats, first in BLOCKS:
        for number in range(repeats):
            stride, wide = (first if number == 0 else 1), expansion * channels
            if expansion > 1:
                found += _convolved(side, channels, wide, 1, 1, trainable)
            found += [_frozen(depthwise(side, wide, 3, stride, bias=False), trainable)]
            side = math.ceil(side / stride)
            found += [batch_norm((side, side, wide), trainable)]
            found += _convolved(side, wide, out, 1, 1, trainable)
            if stride == 1 and channels == out:
                found.append(plain("add", "Add", (side, side, out), (side, side, out)))
            channels = out
    found += _convolved(side, channels, 1280, 1, 1, trainable)
    variables = tuple(variable for each in found for variable in each.variables)
    shape = (side, side, 1280)
    start = found[0].input_shape
    told = {"trainable": trainable}
    return Layer(f"mobilenetv2_1.00_{start[0]}", "Functional", told, start, shape, variables, tuple(found))


def _convolved(
    side: int, channels: int, filters: int, window: int, stride: int, trainable: bool
) -> Iterable[Layer]:
    """A convolution without biases, and its normalisation."""
    across = math.ceil(side / stride)
    yield layer(
        "Conv2D", (side, side, channels), (across, across, filters),
        ("kernel", (window, window, channels, filters)), trainable=trainable,
        filters=filters, kernel_size=[window, window], strides=[stride, stride], padding="same", use_bias=False,
    )  # fmt: skip
    yield batch_norm((across, across, filters), trainable)


def _frozen(made: Layer, trainable: bool) -> Layer:
    variables = tuple(Variable(v.name, v.shape, v.trainable and trainable) for v in made.variables)
    return Layer(
        made.name, made.class_name, {**made.settings, "trainable": trainable}, made.input_shape,
        made.output_shape, variables,
    )  # fmt: skip


def borrowed(trainable: bool = False) -> tuple[Layer, ...]:
    """Padding, three channels, a frozen MobileNetV2, and a head of its own."""
    return (
        plain("pad", "ZeroPadding2D", (28, 28, 1), (32, 32, 1), padding=[[2, 2], [2, 2]]),
        plain("rgb", "GrayscaleToRGB", (32, 32, 1), (32, 32, 3)),
        plain("scale", "Rescaling", (32, 32, 3), (32, 32, 3), scale=2.0, offset=-1.0),
        mobilenet(trainable=trainable),
        plain("gap", "GlobalAveragePooling2D", (1, 1, 1280), (1280,)),
        batch_norm((1280,)),
        dense("dense", 1280, 512, "relu"),
        plain("drop", "Dropout", (512,), (512,), rate=0.5),
        dense("output", 512, 10, "softmax"),
    )
