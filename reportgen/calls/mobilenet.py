"""MobileNetV2 without its top: the shapes and variables of its blocks, for any width.

M. Sandler and others, "MobileNetV2: Inverted residuals and linear bottlenecks", CVPR 2018, table 2; as
Keras builds it (`keras/src/applications/mobilenet_v2.py`). A test compares with Keras.
"""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.calls.bound import Bound
from reportgen.calls.image_shapes import Outcome, Shape, ShapeFault, Weights, image

SMALLEST_SIDE = 32
"""Pixels: the network halves each side five times."""

PUBLISHED_WIDTHS = (0.35, 0.5, 0.75, 1.0, 1.3, 1.4)
"""Widths that weights were published for."""

_BLOCKS = (
    (16, 1, 1), (24, 2, 6), (24, 1, 6), (32, 2, 6), (32, 1, 6), (32, 1, 6), (64, 2, 6), (64, 1, 6),
    (64, 1, 6), (64, 1, 6), (96, 1, 6), (96, 1, 6), (96, 1, 6), (160, 2, 6), (160, 1, 6), (160, 1, 6),
    (320, 1, 6),
)  # fmt: skip
"""Filters before the width is applied, stride, and how many times a block widens what comes in."""


def outcome(layer: Bound, shape: Shape) -> Outcome:
    """Return the output's shape and the variables; `trainable` is the caller's affair.

    Raises
    ------
    ShapeFault
        The images are too small, or have other channels than the weights are for.
    """
    height, width, channels = image(layer, shape)
    if min(height, width) < SMALLEST_SIDE:
        lacking = SMALLEST_SIDE - min(height, width)
        more = (lacking + 1) // 2
        message = f"{layer.name} needs images of at least 32 × 32 and is given {height} × {width}"
        raise ShapeFault("bad-shape", message, f"put ZeroPadding2D({more}) or Resizing(32, 32) before it")
    alpha, weights = layer["alpha"], layer["weights"]
    if weights is not None and channels != 3:
        message = f"{layer.name} with weights needs 3 channels and is given {channels}"
        remedy = "put GrayscaleToRGB() before it" if channels == 1 else "use weights=None"
        raise ShapeFault("bad-shape", message, remedy)
    if weights == "imagenet" and alpha not in PUBLISHED_WIDTHS:
        widths = ", ".join(map(str, PUBLISHED_WIDTHS))
        message = f"{layer.name}: there are no weights for alpha {alpha:g}"
        raise ShapeFault("bad-argument", message, f"use one of {widths}, or weights=None")
    last = _divisible(1280 * alpha) if alpha > 1 else 1280
    size = tuple(-(-side // 32) for side in (height, width))
    output = (last,) if layer["pooling"] else (*size, last)
    return output, tuple(_variables(alpha, channels, last))


def _divisible(filters: float) -> int:
    """The nearest multiple of 8, not more than a tenth below."""
    found = max(8, int(filters + 4) // 8 * 8)
    return found + 8 if found < 0.9 * filters else found


def _variables(alpha: float, channels: int, last: int) -> Iterator[Weights]:
    width = _divisible(32 * alpha)
    yield from _convolution((3, 3, channels, width), width)
    for filters, _, factor in _BLOCKS:
        wide, out = factor * width, _divisible(int(filters * alpha))
        if factor > 1:
            yield from _convolution((1, 1, width, wide), wide)
        yield from _convolution((3, 3, wide, 1), wide)
        yield from _convolution((1, 1, wide, out), out)
        width = out
    yield from _convolution((1, 1, width, last), last)


def _convolution(kernel: Shape, filters: int) -> Iterator[Weights]:
    """A convolution without bias, and the normalisation after it."""
    yield Weights("kernel", kernel)
    for name in ("gamma", "beta"):
        yield Weights(name, (filters,))
    for name in ("moving_mean", "moving_variance"):
        yield Weights(name, (filters,), trainable=False)
