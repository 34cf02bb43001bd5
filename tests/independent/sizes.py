"""Parameters, shapes, multiply-adds and bytes of a network, from its settings alone.

Shapes are walked from the image (or the features) through the layers' settings, so that neither the shapes
nor the arrays that the record lists are believed; whether the record agrees is compared too.

A multiply-add is one product with its sum. A dense layer multiplies each input by a weight for each unit:
inputs x units. A convolution lays its kernel on every place of its output: places x kernel height x kernel
width x channels read x filters. Biases only add, pooling and activations multiply nothing by a weight:
0. A normalisation at the time of prediction scales every value once; one by the item's own spread squares it
first. A separable convolution has a window for every channel, then a 1 x 1 convolution; a depthwise one has the
first alone. A network within a network is the sum of its layers.

Histograms of oriented gradients (Dalal and Triggs 2005, as scikit-image does it), P pixels of C channels, K
cells, O orientations, B blocks of b x c cells: a pixel has two differences and two squares for each channel
(4 P C), and is added to one bin (P); each bin is divided by the area of its cell (K O); a value of a block
is squared and divided, and with L2-Hys clipped and then both again (4 B b c O, else 2 B b c O).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from tests.independent.runs import Run

SIGN = "\u00a0\u00d7\u00a0"
"""Between two factors."""
NOTHING_BUT_NAMES = {"Flatten", "Reshape"}
UNCHANGED = {"Dropout", "Activation", "InputLayer", "GaussianNoise", "SpatialDropout2D", "ReLU", "Softmax", "ELU",
             "LeakyReLU", "RandomRotation", "RandomTranslation", "RandomZoom", "RandomFlip"}  # fmt: skip
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
    inner_bytes: int | None = None
    frozen: bool = False
    name: str = ""
    arrays: tuple[tuple[int, ...], ...] = ()
    layers: int = 0

    @property
    def formula(self) -> str:
        """How its weights come about: the shapes of its arrays of weights, biases aside."""
        if self.layers:
            said = f"{self.layers} layers"
        else:
            said = " + ".join(
                SIGN.join(map(_thousands, each)) for each in (self.arrays or (self.kernel,)) if each
            )
        return f"{said} (frozen)" if said and self.frozen else said

    @property
    def learns(self) -> bool:
        """Whether it has weights of its own: no normalisation, no activation."""
        return bool(self.total) and "Normalization" not in self.kind and self.kind != "PReLU"

    @property
    def total(self) -> int:
        """All its parameters."""
        return self.weights + self.biases + self.non_trainable

    @property
    def output_bytes(self) -> int:
        """Of its output, where that is not the output before under another name; of all within a network."""
        if self.inner_bytes is not None:
            return self.inner_bytes
        return 0 if self.kind in NOTHING_BUT_NAMES | UNCHANGED else BYTES * math.prod(self.output)


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", "\u00a0")


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


def _depthwise(shape: tuple[int, ...], settings: dict[str, Any]) -> Part:
    """A window for each channel, so many times over."""
    height, width = _pair(settings["kernel_size"])
    stride, dilation = _pair(settings["strides"]), _pair(settings.get("dilation_rate", 1))
    reach = (height - 1) * dilation[0] + 1, (width - 1) * dilation[1] + 1
    places = tuple(_across(shape[i], reach[i], stride[i], settings["padding"]) for i in (0, 1))
    times = int(settings.get("depth_multiplier", 1))
    kernel = (height, width, shape[2], times)
    weights, channels = math.prod(kernel), shape[2] * times
    biases = channels if settings.get("use_bias", True) else 0
    return Part(
        "DepthwiseConv2D", (*places, channels), kernel, weights, biases, 0, math.prod(places) * weights
    )


def _separable(shape: tuple[int, ...], settings: dict[str, Any]) -> Part:
    """A depthwise convolution without biases, then a weight for each value it gives and each filter."""
    first = _depthwise(shape, {**settings, "use_bias": False})
    filters = int(settings["filters"])
    second = first.output[2] * filters
    places = math.prod(first.output[:2])
    biases = filters if settings.get("use_bias", True) else 0
    output = (*first.output[:2], filters)
    return Part("SeparableConv2D", output, first.kernel, first.weights + second, biases, 0,
                places * (first.weights + second),
                arrays=(first.kernel, (1, 1, first.output[2], filters)))  # fmt: skip


def _padded(shape: tuple[int, ...], padding: Any) -> tuple[int, ...]:
    (top, bottom), (left, right) = (
        (side if isinstance(side, (list, tuple)) else (side, side)) for side in _pair_of(padding)
    )
    return (shape[0] + top + bottom, shape[1] + left + right, shape[2])


def _pair_of(value: Any) -> tuple[Any, Any]:
    return (value[0], value[1]) if isinstance(value, (list, tuple)) else (value, value)


def _network(layer: dict[str, Any]) -> Part:
    """A network within the network: its layers each from the shape that it was given."""
    own = [_counted(each, tuple(each["input_shape"])) for each in layer["inner"]]
    weights, biases, kept, work, size = (
        sum(getattr(part, what) for part in own)
        for what in ("weights", "biases", "non_trainable", "work", "output_bytes")
    )
    kind = "MobileNetV2" if layer["name"].startswith("mobilenetv2") else layer["name"]
    alpha = layer["name"].split("_")[1] if kind == "MobileNetV2" else "1.00"
    name = kind if float(alpha) == 1 else f"{kind} \u00d7\u00a0{float(alpha):g}"
    return Part(kind, own[-1].output, (), weights, biases, kept, work, size, name=name, layers=len(own))


def _counted(layer: dict[str, Any], shape: tuple[int, ...]) -> Part:
    """A layer; of one that is frozen all weights are those that training leaves alone."""
    part = _network(layer) if layer["inner"] else _layer(layer["class_name"], shape, layer["settings"])
    if layer["settings"].get("trainable") is False and part.total:
        part = replace(part, weights=0, biases=0, non_trainable=part.total, frozen=True)
    return part


def _pool(name: str, shape: tuple[int, ...], settings: dict[str, Any]) -> Part:
    if name.startswith("Global"):
        return Part(name, (shape[-1],), (), 0, 0, 0, 0)
    size = _pair(settings["pool_size"])
    stride = _pair(settings.get("strides") or size)
    padding = settings.get("padding", "valid")
    places = tuple(_across(shape[i], size[i], stride[i], padding) for i in (0, 1))
    return Part(name, (*places, shape[2]), (), 0, 0, 0, 0)


def _scaled(name: str, shape: tuple[int, ...]) -> Part:
    """What scales each value: trained scales and shifts, and averages that follow the batches."""
    own, values = shape[-1], math.prod(shape)
    if name == "Rescaling":
        return Part(name, shape, (), 0, 0, 0, values)
    if name == "PReLU":
        return Part(name, shape, (), values, 0, 0, values, arrays=(shape,))
    if name == "LayerNormalization":
        return Part(name, shape, (), own, own, 0, 2 * values, arrays=((own,),))
    return Part(name, shape, (), own, own, 2 * own, values, arrays=((own,),))


def _reshaped(name: str, shape: tuple[int, ...], settings: dict[str, Any]) -> tuple[int, ...]:
    """What a layer without weights gives."""
    if name == "Flatten":
        return (math.prod(shape),)
    if name == "ZeroPadding2D":
        return _padded(shape, settings["padding"])
    return (*shape[:-1], 3) if name == "GrayscaleToRGB" else shape


WEIGHTED = {"Conv2D": _conv, "Dense": _dense, "SeparableConv2D": _separable, "DepthwiseConv2D": _depthwise}
SCALED = {"Rescaling", "PReLU", "LayerNormalization", "BatchNormalization"}
WITHOUT = {"Flatten", "ZeroPadding2D", "GrayscaleToRGB", "Add", *UNCHANGED}


def _layer(name: str, shape: tuple[int, ...], settings: dict[str, Any]) -> Part:
    if settings.get("data_format", "channels_last") != "channels_last":
        raise Unknown(f"{name}, channels first")
    if name in WEIGHTED:
        return WEIGHTED[name](shape, settings)
    if name.endswith("Pooling2D"):
        return _pool(name, shape, settings)
    if name in SCALED:
        return _scaled(name, shape)
    if name in WITHOUT:
        return Part(name, _reshaped(name, shape, settings), (), 0, 0, 0, 0)
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
        found.append(_counted(layer, shape))
        shape = found[-1].output
    return found


def listed(run: Run) -> list[Part]:
    """The layers that a complexity table lists: those that only pass values on are left out."""
    return [part for part in parts(run) if part.kind not in UNCHANGED and not part.kind.startswith("Random")]


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
        mark = " (frozen)" if part.frozen else ""
        window = f"{part.kernel[0]}\u00d7{part.kernel[1]}" if len(part.kernel) > 2 else ""
        if part.kind == "Dense":
            named.append(f"{part.output[-1]}{mark}")
        elif part.kind in ("Conv2D", "SeparableConv2D"):
            before = "sep " if part.kind == "SeparableConv2D" else ""
            named.append(f"{before}{part.output[-1]}@{window}{mark}")
        elif part.kind == "DepthwiseConv2D":
            named.append(f"depthwise {window}{mark}")
        elif part.name:
            named.append(f"{part.name}{mark}")
    convolutions = any("@" in name or not name.split(" (")[0].isdigit() for name in named)
    shape = run.data["image_shape"]
    start = "\u00d7".join(map(str, shape)) if convolutions else str(parts(run)[0].kernel[:1] or "")
    if not convolutions:
        first = next(part for part in parts(run) if part.kind == "Dense")
        start = str(first.kernel[0])
    return "\u2013".join(named if convolutions and not images else [start, *named])
