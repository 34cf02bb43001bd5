"""Networks of `keras.applications` within a row's network: their weights, and what they are given.

"Untrained" is one whose weights were drawn at random: whatever else a row does with it, that is no transfer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from reportgen.calls.bound import Bound
from reportgen.calls.named import bound
from reportgen.records import Layer, Record
from reportgen.results import Result

Range = tuple[float, float]
Weights = Literal["imagenet", "file", "random", "unknown"]

MARK = "°"
"""Behind the title of a row with a network whose weights were drawn at random."""

_SIGNED: Range = (-1.0, 1.0)
_BYTES: Range = (0.0, 255.0)
EXPECTED: Mapping[str, Range] = {
    "mobilenetv3": _BYTES,
    "mobilenet": _SIGNED,
    "inception": _SIGNED,
    "xception": _SIGNED,
    "nasnet": _SIGNED,
    "resnet50v2": _SIGNED,
    "resnet101v2": _SIGNED,
    "resnet152v2": _SIGNED,
    "efficientnet": _BYTES,
    "convnext": _BYTES,
}
"""By the beginning of Keras's name in small letters, the values it is made for, the first that fits.

`preprocess_input` of each in `keras/src/applications`; those that take colours less their means are not here.
"""

_KEEPING = frozenset(
    [
        "Reshape",
        "Cropping2D",
        "Resizing",
        "CenterCrop",
        "UpSampling2D",
        "GrayscaleToRGB",
        "MaxPooling2D",
        "AveragePooling2D",
        "RandomFlip",
        "RandomRotation",
        "RandomZoom",
        "RandomTranslation",
        "RandomShear",
        "RandomCrop",
        "RandomErasing",
        "RandomElasticTransform",
        "RandomGaussianBlur",
        "RandomPerspective",
        "Dropout",
    ]
)
"""Layers after which values lie within the same bounds."""


@dataclass(frozen=True)
class Borrowed:
    """A network of `keras.applications` within another.

    Parameters
    ----------
    name : str
        Its class, such as ``MobileNetV2``; Keras's name of the layer where the row does not say.
    layer : Layer
    weights : {"imagenet", "file", "random", "unknown"}
    file : str
        Name of the file of weights, without its folder; empty otherwise.
    values : (float, float) or None
        Smallest and largest value that can reach it; None where it cannot be told.
    expected : (float, float) or None
        What it is made for; None where that is not known here.
    """

    name: str
    layer: Layer
    weights: Weights
    file: str
    values: Range | None
    expected: Range | None

    @property
    def trained(self) -> int:
        """How many of its scalars were trained."""
        return sum(variable.size for variable in self.layer.variables if variable.trainable)

    @property
    def misfed(self) -> bool:
        """Whether it is given values that lie otherwise than those it is made for."""
        if self.values is None or self.expected is None:
            return False
        length = self.expected[1] - self.expected[0]
        return any(abs(a - b) > length / 10 for a, b in zip(self.values, self.expected, strict=True))

    @property
    def last_map(self) -> tuple[int, int] | None:
        """Height and width of its last feature map; None where it has none."""
        maps = [
            layer.output_shape for layer in (*self.layer.inner, self.layer) if len(layer.output_shape) == 3
        ]
        return maps[-1][:2] if maps else None


def borrowed(record: Record) -> tuple[Borrowed, ...]:
    """Return the networks of `keras.applications` that stand in a run's network, in their order."""
    calls = [call for call in _calls(record) if call.signature.family == "applications"]
    standing = [(place, layer) for place, layer in enumerate(record.layers) if layer.inner]
    named = calls if len(calls) == len(standing) else [None] * len(standing)
    return tuple(
        _made(record, place, layer, call) for (place, layer), call in zip(standing, named, strict=True)
    )


def untrained(result: Result) -> bool:
    """Whether a row has such a network with weights that were drawn at random."""
    return any(each.weights == "random" for record in result.records[:1] for each in borrowed(record))


def _calls(record: Record) -> Iterator[Bound]:
    texts = record.parameters.get("layers") or ()
    if isinstance(texts, str) or not all(isinstance(text, str) for text in texts):
        return
    found, faults = bound("layers", list(texts))
    if not faults:
        yield from (call for call in found if call is not None)


def _made(record: Record, place: int, layer: Layer, call: Bound | None) -> Borrowed:
    name = call.name if call is not None else layer.name
    key = name.lower().replace("_", "")
    expected = next((values for start, values in EXPECTED.items() if key.startswith(start)), None)
    weights, file = _weights(record, call)
    return Borrowed(name, layer, weights, file, _reaching(record, place), expected)


def _weights(record: Record, call: Bound | None) -> tuple[Weights, str]:
    if record.initial or call is None:
        return "unknown", ""  # those of another run's model, or a notebook's affair
    given = call["weights"]
    if given is None:
        return "random", ""
    if given == "imagenet":
        return "imagenet", ""
    return "file", str(given).replace("\\", "/").rpartition("/")[2]


def _reaching(record: Record, place: int) -> Range | None:
    """Between which values what a layer is given lies, from the pixels on."""
    if record.features.kind != "pixels" or record.features.settings.get("scale") != "1/255":
        return None
    found: Range | None = (0.0, 1.0)
    for layer in record.layers[:place]:
        if found is not None:
            found = _after(layer, found)
    return found


def _after(layer: Layer, values: Range) -> Range | None:
    if layer.class_name == "Rescaling":
        scale, offset = layer.settings.get("scale"), layer.settings.get("offset", 0.0)
        if not isinstance(scale, (int, float)) or not isinstance(offset, (int, float)):
            return None
        ends = sorted(scale * end + offset for end in values)
        return ends[0], ends[1]
    if layer.class_name == "ZeroPadding2D":
        return min(0.0, values[0]), max(0.0, values[1])
    return values if layer.class_name in _KEEPING else None
