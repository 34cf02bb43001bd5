"""Parameters, shapes, multiply-adds and bytes of a network, from its settings alone.

Shapes are walked from the image (or the features) through the layers' settings, so that neither the shapes
nor the arrays that the record lists are believed; whether the record agrees is compared too.

A multiply-add is one product with its sum. A dense layer multiplies each input by a weight for each unit:
inputs x units. A convolution lays its kernel on every place of its output: places x kernel height x kernel
width x channels read x filters. Biases only add, pooling and activations multiply nothing by a weight:
0. A normalisation at the time of prediction scales every value once.

Histograms of oriented gradients (Dalal and Triggs 2005, as scikit-image does it), P pixels of C channels, K
cells, O orientations, B blocks of b x c cells: a pixel has two differences and two squares for each channel
(4 P C), and is added to one bin (P); each bin is divided by the area of its cell (K O); a value of a block
is squared and divided, and with L2-Hys clipped and then both again (4 B b c O, else 2 B b c O).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from tests.independent.runs import Run

NOTHING_BUT_NAMES = {"Flatten", "Reshape"}
UNCHANGED = {"Dropout", "Activation", "InputLayer", "GaussianNoise", "SpatialDropout2D", "ReLU", "Softmax"}
BYTES = 4


class Unknown(Exception):
    """No formula for this layer."""


@dataclass(frozen=True)
class Part:
    """A layer: what it gives, what it holds, what it costs."""

    kind: str
    output: tuple[int, ...]
    kernel: tuple[int, ...]
    weights: int
    biases: int
    non_trainable: int
    work: int

    @property
    def total(self) -> int:
        """All its parameters."""
        return self.weights + self.biases + self.non_trainable

    @property
    def output_bytes(self) -> int:
        """Of its output, where that is not the output before under another name."""
        return 0 if self.kind in NOTHING_BUT_NAMES | UNCHANGED else BYTES * math.prod(self.output)


def _pair(value: Any) -> tuple[int, int]:
    return (int(value[0]), int(value[1])) if isinstance(value, (list, tuple)) else (int(value), int(value))


def hog_length(run: Run) -> int:
    """Values: orientations x cells of a block x blocks."""
    blocks, block, _ = _blocks(run)
    return int(run.facts["features"]["settings"]["orientations"]) * block * blocks


def _blocks(run: Run) -> tuple[int, int, tuple[int, int]]:
    settings, shape = run.facts["features"]["settings"], run.data["image_shape"]
    cell, block = _pair(settings["pixels_per_cell"]), _pair(settings["cells_per_block"])
    cells = shape[0] // cell[0], shape[1] // cell[1]
    return (cells[0] - block[0] + 1) * (cells[1] - block[1] + 1), math.prod(block), cells


def feature_work(run: Run) -> int | None:
    """Multiply-adds of the features of one image; 0 for pixels."""
    kind = run.facts["features"]["kind"]
    if kind == "pixels":
        return 0
    if kind != "hog":
        return None
    settings, (height, width, channels) = run.facts["features"]["settings"], run.data["image_shape"]
    blocks, block, cells = _blocks(run)
    orientations, cell = int(settings["orientations"]), _pair(settings["pixels_per_cell"])
    # Only pixels inside a cell are added to a histogram.
    added = math.prod(cells) * math.prod(cell)
    steps = 4 if settings.get("block_norm", "L2-Hys") == "L2-Hys" else 2
    gradients = 4 * int(height) * int(width) * int(channels)
    return gradients + added + math.prod(cells) * orientations + steps * blocks * block * orientations


def _across(size: int, kernel: int, stride: int, padding: str) -> int:
    return math.ceil(size / stride) if padding == "same" else (size - kernel) // stride + 1


def _conv(shape: tuple[int, ...], settings: dict[str, Any]) -> Part:
    height, width = _pair(settings["kernel_size"])
    stride, dilation = _pair(settings["strides"]), _pair(settings.get("dilation_rate", 1))
    reach = (height - 1) * dilation[0] + 1, (width - 1) * dilation[1] + 1
    places = tuple(_across(shape[i], reach[i], stride[i], settings["padding"]) for i in (0, 1))
    filters = int(settings["filters"])
    kernel = (height, width, shape[2] // int(settings.get("groups", 1)), filters)
    weights = math.prod(kernel)
    biases = filters if settings.get("use_bias", True) else 0
    return Part("Conv2D", (*places, filters), kernel, weights, biases, 0, math.prod(places) * weights)


def _dense(shape: tuple[int, ...], settings: dict[str, Any]) -> Part:
    units = int(settings["units"])
    weights = shape[-1] * units
    biases = units if settings.get("use_bias", True) else 0
    work = math.prod(shape[:-1]) * weights
    return Part("Dense", (*shape[:-1], units), (shape[-1], units), weights, biases, 0, work)


def _layer(name: str, shape: tuple[int, ...], settings: dict[str, Any]) -> Part:
    if settings.get("data_format", "channels_last") != "channels_last":
        raise Unknown(f"{name}, channels first")
    if name == "Conv2D":
        return _conv(shape, settings)
    if name == "Dense":
        return _dense(shape, settings)
    if name in ("MaxPooling2D", "AveragePooling2D"):
        size = _pair(settings["pool_size"])
        stride = _pair(settings.get("strides") or size)
        padding = settings.get("padding", "valid")
        places = tuple(_across(shape[i], size[i], stride[i], padding) for i in (0, 1))
        return Part(name, (*places, shape[2]), (), 0, 0, 0, 0)
    if name == "Flatten":
        return Part(name, (math.prod(shape),), (), 0, 0, 0, 0)
    if name == "BatchNormalization":
        return Part(name, shape, (), shape[-1], shape[-1], 2 * shape[-1], math.prod(shape))
    if name in UNCHANGED:
        return Part(name, shape, (), 0, 0, 0, 0)
    raise Unknown(name)


def parts(run: Run) -> list[Part]:
    """Every layer of a run's network, in order."""
    shape = tuple(run.data["image_shape"])
    if run.facts["features"]["kind"] == "hog":
        shape = (hog_length(run),)
    elif run.facts["layers"][0]["class_name"] == "Dense":
        shape = (math.prod(shape),)
    found = []
    for layer in run.facts["layers"]:
        found.append(_layer(layer["class_name"], shape, layer["settings"]))
        shape = found[-1].output
    return found


def listed(run: Run) -> list[Part]:
    """The layers that a complexity table lists: those that only pass values on are left out."""
    return [part for part in parts(run) if part.kind not in UNCHANGED]


def total(run: Run) -> int:
    """All parameters."""
    return sum(part.total for part in parts(run))


def model_work(run: Run) -> int:
    """Multiply-adds of a prediction, features aside."""
    return sum(part.work for part in parts(run))


def work(run: Run) -> int | None:
    """Multiply-adds from the pixels on."""
    features = feature_work(run)
    return None if features is None else features + model_work(run)


def label(run: Run, images: bool = False) -> str:
    """``784-300-10`` with en dashes, a convolution as ``9@5x5`` with a real sign."""
    named = []
    for part in parts(run):
        if part.kind == "Dense":
            named.append(str(part.output[-1]))
        elif part.kind == "Conv2D":
            named.append(f"{part.output[-1]}@{part.kernel[0]}\u00d7{part.kernel[1]}")
    convolutions = any("@" in name for name in named)
    shape = run.data["image_shape"]
    start = "\u00d7".join(map(str, shape)) if convolutions else str(parts(run)[0].kernel[:1] or "")
    if not convolutions:
        first = next(part for part in parts(run) if part.kind == "Dense")
        start = str(first.kernel[0])
    return "\u2013".join(named if convolutions and not images else [start, *named])
