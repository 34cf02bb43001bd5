"""Shapes and variables of the layers that look at images: convolutions, pooling, padding, resizing.

The rules are those of Keras 3 (`keras/src/ops/operation_utils.py`, `backend/common/backend_utils.py`); a
test builds every layer with Keras and compares. Shapes are without the batch: (height, width, channels).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import prod

from reportgen.calls.bound import Bound
from reportgen.calls.grammar import Value

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Weights:
    """A variable of a layer."""

    name: str
    shape: Shape
    trainable: bool = True

    @property
    def size(self) -> int:
        """Number of scalars in it."""
        return prod(self.shape)


Outcome = tuple[Shape, tuple[Weights, ...]]
"""Shape of a layer's output, and its variables."""

Rule = Callable[[Bound, Shape], Outcome]


class ShapeFault(Exception):
    """A layer that does not fit what comes in; holds a code, a message and a remedy."""

    def __init__(self, code: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.code, self.message, self.remedy = code, message, remedy


def sides(value: Value) -> tuple[int, int]:
    """Height and width of what may be given as one number."""
    return (value[0], value[1]) if isinstance(value, tuple) else (value, value)


def times(shape: Shape) -> str:
    """A shape in words: ``28 × 28 × 1``, or ``392 values``."""
    return f"{shape[0]} values" if len(shape) == 1 else " × ".join(map(str, shape))


def image(layer: Bound, shape: Shape) -> tuple[int, int, int]:
    """Height, width and channels of what comes in.

    Raises
    ------
    ShapeFault
        It is no image.
    """
    if len(shape) == 3:
        return shape[0], shape[1], shape[2]
    message = f"{layer.name} needs an image (height, width, channels) and is given {times(shape)}"
    remedy = "put it before Flatten() and the dense layers"
    if len(shape) == 2:
        remedy = f"put Reshape(({shape[0]}, {shape[1]}, 1)) before it"
    raise ShapeFault("bad-shape", message, remedy)


def _window(layer: Bound, size: tuple[int, int], kernel: tuple[int, int], argument: str) -> tuple[int, int]:
    """Height and width after a window has slid over an image."""
    strides = sides(layer["strides"]) if layer["strides"] is not None else kernel
    dilation = sides(layer.get("dilation_rate", 1))
    reach = [spread * (side - 1) + 1 for side, spread in zip(kernel, dilation, strict=True)]
    if layer["padding"] == "same":
        found = [(side - 1) // step + 1 for side, step in zip(size, strides, strict=True)]
        return found[0], found[1]
    if reach[0] > size[0] or reach[1] > size[1]:
        message = (
            f"{layer.name} with a window of {reach[0]} × {reach[1]} does not fit into an image of"
            f" {size[0]} × {size[1]}: nothing would be left"
        )
        raise ShapeFault("bad-shape", message, f"remove it, make {argument} smaller, or write padding='same'")
    found = [(side - far) // step + 1 for side, far, step in zip(size, reach, strides, strict=True)]
    return found[0], found[1]


def _no_stride_with_dilation(layer: Bound) -> None:
    if max(sides(layer["strides"])) > 1 and max(sides(layer["dilation_rate"])) > 1:
        message = f"{layer.name} cannot have strides and dilation_rate above 1 together"
        raise ShapeFault("bad-argument", message, "leave one of them out")


def _bias(layer: Bound, count: int) -> tuple[Weights, ...]:
    return (Weights("bias", (count,)),) if layer["use_bias"] else ()


def _conv(layer: Bound, shape: Shape) -> Outcome:
    height, width, channels = image(layer, shape)
    filters, groups = layer["filters"], layer["groups"]
    _no_stride_with_dilation(layer)
    for what, count in (("channels that come in", channels), ("filters", filters)):
        if count % groups:
            message = f"{layer.name}: the {count} {what} cannot be divided into {groups} groups"
            raise ShapeFault("bad-argument", message, "choose groups that divides both")
    kernel = sides(layer["kernel_size"])
    size = _window(layer, (height, width), kernel, "kernel_size")
    return (*size, filters), (
        Weights("kernel", (*kernel, channels // groups, filters)),
        *_bias(layer, filters),
    )


def _separable(layer: Bound, shape: Shape) -> Outcome:
    height, width, channels = image(layer, shape)
    filters, kernel = layer["filters"], sides(layer["kernel_size"])
    size = _window(layer, (height, width), kernel, "kernel_size")
    depth = Weights("depthwise_kernel", (*kernel, channels, layer["depth_multiplier"]))
    point = Weights("pointwise_kernel", (1, 1, layer["depth_multiplier"] * channels, filters))
    return (*size, filters), (depth, point, *_bias(layer, filters))


def _depthwise(layer: Bound, shape: Shape) -> Outcome:
    height, width, channels = image(layer, shape)
    kernel, depth = sides(layer["kernel_size"]), layer["depth_multiplier"]
    size = _window(layer, (height, width), kernel, "kernel_size")
    return (*size, depth * channels), (
        Weights("kernel", (*kernel, channels, depth)),
        *_bias(layer, depth * channels),
    )


def _transposed(layer: Bound, shape: Shape) -> Outcome:
    height, width, channels = image(layer, shape)
    _no_stride_with_dilation(layer)
    kernel, filters = sides(layer["kernel_size"]), layer["filters"]
    steps, spreads = sides(layer["strides"]), sides(layer["dilation_rate"])
    extra = (None, None) if layer["output_padding"] is None else sides(layer["output_padding"])
    size = tuple(
        _stretched(layer, side, spread * (window - 1) + 1, step, more)
        for side, window, spread, step, more in zip(
            (height, width), kernel, spreads, steps, extra, strict=True
        )
    )
    return (*size, filters), (Weights("kernel", (*kernel, filters, channels)), *_bias(layer, filters))


def _stretched(layer: Bound, side: int, reach: int, step: int, more: int | None) -> int:
    """One side of an image after a transposed convolution."""
    same = layer["padding"] == "same"
    if more is None:
        return side * step if same else (side - 1) * step + max(reach, step)
    # Beyond this, TensorFlow cannot run what Keras's own formula allows.
    if more >= step or (same and not 1 <= reach % 2 + more <= step):
        message = (
            f"{layer.name}: output_padding {more} does not go with strides {step} and a window of {reach}"
        )
        raise ShapeFault("bad-argument", message, "leave output_padding out")
    return (side - 1) * step + (reach % 2 if same else reach) + more


def _pooling(layer: Bound, shape: Shape) -> Outcome:
    height, width, channels = image(layer, shape)
    return (*_window(layer, (height, width), sides(layer["pool_size"]), "pool_size"), channels), ()


def _global_pooling(layer: Bound, shape: Shape) -> Outcome:
    channels = image(layer, shape)[2]
    return ((1, 1, channels) if layer["keepdims"] else (channels,)), ()


def _edges(value: Value) -> tuple[int, int]:
    """What is added to the height and to the width, both edges together."""
    height, width = sides(value)
    return sum(sides(height)), sum(sides(width))


def _padding(layer: Bound, shape: Shape) -> Outcome:
    height, width, channels = image(layer, shape)
    more = _edges(layer["padding"])
    return (height + more[0], width + more[1], channels), ()


def _cropping(layer: Bound, shape: Shape) -> Outcome:
    height, width, channels = image(layer, shape)
    less = _edges(layer["cropping"])
    if less[0] >= height or less[1] >= width:
        message = f"{layer.name} leaves nothing of an image of {height} × {width}"
        raise ShapeFault("bad-shape", message, "crop fewer pixels")
    return (height - less[0], width - less[1], channels), ()


def _resizing(layer: Bound, shape: Shape) -> Outcome:
    channels = image(layer, shape)[2]
    if layer.get("crop_to_aspect_ratio") and layer.get("pad_to_aspect_ratio"):
        message = f"{layer.name} cannot both crop and pad to the aspect ratio"
        raise ShapeFault("bad-argument", message, "leave one of them out")
    return (layer["height"], layer["width"], channels), ()


def _up_sampling(layer: Bound, shape: Shape) -> Outcome:
    height, width, channels = image(layer, shape)
    factor = sides(layer["size"])
    return (factor[0] * height, factor[1] * width, channels), ()


def _to_rgb(layer: Bound, shape: Shape) -> Outcome:
    height, width, channels = image(layer, shape)
    if channels != 1:
        message = f"{layer.name} needs an image of one channel and is given {channels}"
        raise ShapeFault("bad-shape", message, "remove it")
    return (height, width, 3), ()


def _image_as_it_is(layer: Bound, shape: Shape) -> Outcome:
    return image(layer, shape), ()


RULES: Mapping[str, Rule] = {
    "Conv2D": _conv,
    "SeparableConv2D": _separable,
    "DepthwiseConv2D": _depthwise,
    "Conv2DTranspose": _transposed,
    "MaxPooling2D": _pooling,
    "AveragePooling2D": _pooling,
    "GlobalMaxPooling2D": _global_pooling,
    "GlobalAveragePooling2D": _global_pooling,
    "ZeroPadding2D": _padding,
    "Cropping2D": _cropping,
    "Resizing": _resizing,
    "RandomCrop": _resizing,
    "UpSampling2D": _up_sampling,
    "GrayscaleToRGB": _to_rgb,
    "SpatialDropout2D": _image_as_it_is,
    "RandomFlip": _image_as_it_is,
    "RandomRotation": _image_as_it_is,
    "RandomZoom": _image_as_it_is,
    "RandomTranslation": _image_as_it_is,
    "RandomShear": _image_as_it_is,
    "RandomContrast": _image_as_it_is,
    "RandomBrightness": _image_as_it_is,
    "RandomErasing": _image_as_it_is,
    "RandomElasticTransform": _image_as_it_is,
    "RandomGaussianBlur": _image_as_it_is,
    "RandomPerspective": _image_as_it_is,
    "RandomSharpness": _image_as_it_is,
    "RandomInvert": _image_as_it_is,
}
"""By the name of the layer."""
