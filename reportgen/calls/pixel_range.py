"""Between which values the pixels lie on their way through a stack, as far as that is known.

A picture that is scaled twice trains badly and nothing says so; here it is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportgen.calls.bound import Bound
from reportgen.calls.grammar import Fault, names

Range = tuple[float, float]

_KEEPS = names(
    """Flatten Reshape Cropping2D Resizing RandomCrop UpSampling2D GrayscaleToRGB MaxPooling2D
    AveragePooling2D
    RandomFlip RandomRotation RandomZoom RandomTranslation RandomShear RandomErasing RandomElasticTransform
    RandomGaussianBlur RandomPerspective RandomInvert Dropout ActivityRegularization"""
)
"""Layers after which the pixels lie within the same bounds, fill values and dropout's stretching aside."""

_EXPECTED: dict[str, Range] = {"MobileNetV2": (-1.0, 1.0)}
"""What a network with published weights was trained on."""

_NARROW = 0.05
"""A range shorter than this has lost the contrast that weights start out for."""


def warnings(layers: Sequence[Bound], pixels: Range) -> Iterator[tuple[int, Fault]]:
    """Yield warnings, each with the number of its layer from 0.

    Parameters
    ----------
    layers : sequence of Bound
    pixels : (float, float)
        Smallest and largest value of the inputs as the notebook gives them.
    """
    found: Range | None = pixels
    for number, layer in enumerate(layers):
        if found is None:
            return
        for fault in _of_layer(layer, found):
            yield number, fault
        found = _after(layer, found)


def _of_layer(layer: Bound, found: Range) -> Iterator[Fault]:
    given = _said(found)
    expected = _EXPECTED.get(layer.name)
    if expected and not _close(found, expected) and layer.get("weights") is not None:
        remedy = f"put {_rescaling(found, expected)} before it"
        message = f"{layer.name} was trained on pixels {_said(expected)} and is given pixels {given}"
        yield Fault("pixel-range", message, remedy, layer.at, warning=True)
    stated = layer.get("value_range")
    if stated is not None and not _close(found, stated):
        message = f"{layer.name} takes the pixels to lie {_said(stated)}; they lie {given}"
        remedy = f"write value_range=({found[0]:g}, {found[1]:g})"
        yield Fault("pixel-range", message, remedy, layer.places.get("value_range", layer.at), warning=True)
    after = _after(layer, found)
    if layer.name == "Rescaling" and after is not None and after[1] - after[0] < _NARROW:
        message = f"the pixels lie {given} already; {layer.name} leaves them {_said(after)}"
        yield Fault(
            "pixel-range", message, "remove it: the notebook scales the pixels", layer.at, warning=True
        )


def _after(layer: Bound, found: Range) -> Range | None:
    """The range that a layer leaves; None where it cannot be told."""
    if layer.name == "Rescaling":
        scale, offset = layer["scale"], layer["offset"]
        if isinstance(scale, tuple) or isinstance(offset, tuple):
            return None
        ends = sorted(scale * end + offset for end in found)
        return ends[0], ends[1]
    if layer.name == "ZeroPadding2D":
        return min(0.0, found[0]), max(0.0, found[1])
    return found if layer.name in _KEEPS else None


def _close(one: Range, other: Range) -> bool:
    length = other[1] - other[0]
    return all(abs(a - b) <= 0.1 * length for a, b in zip(one, other, strict=True))


def _said(found: Range) -> str:
    return f"from {found[0]:.3g} to {found[1]:.3g}"


def _rescaling(found: Range, wanted: Range) -> str:
    scale = (wanted[1] - wanted[0]) / (found[1] - found[0])
    offset = wanted[0] - scale * found[0]
    return f"Rescaling({scale:.6g}, offset={offset:.6g})" if offset else f"Rescaling({scale:.6g})"
