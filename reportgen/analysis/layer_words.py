"""A layer in a few words, as it stands in a drawing of its network: its settings, short."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reportgen import language
from reportgen.analysis import counts, numbers, words
from reportgen.analysis.layers import CONVOLUTIONS, kind
from reportgen.records import Layer


def details(layer: Layer) -> tuple[str, ...]:
    """Return what a layer that learns is told: units or filters, window, padding, strides, activation.

    What Keras takes without being told is left out.
    """
    return tuple(_size(layer)) + tuple(_more(layer))


def _size(layer: Layer) -> Iterator[str]:
    settings = layer.settings
    if layer.class_name in CONVOLUTIONS:
        window = numbers.shape(_sides(settings.get("kernel_size", ())))
        filters = settings.get("filters")
        if isinstance(filters, int):
            yield language.text("{filters}, {window}", filters=counts.filters(filters), window=window)
        else:
            yield language.text("{window}, each channel by itself", window=window)
    elif isinstance(settings.get("units"), int):
        yield counts.units(settings["units"])


def _more(layer: Layer) -> Iterator[str]:
    settings = layer.settings
    if settings.get("padding") == "same":
        yield language.text("padded")
    yield from _stride(settings, "strides", language.message("stride {n}"))
    yield from _stride(settings, "dilation_rate", language.message("dilation {n}"))
    if settings.get("depth_multiplier", 1) != 1:
        yield language.text("{n} for each channel", n=settings["depth_multiplier"])
    if settings.get("groups", 1) != 1:
        yield language.text("{n} groups", n=settings["groups"])
    if settings.get("use_bias") is False:
        yield language.text("no bias")
    activation = settings.get("activation")
    if isinstance(activation, str) and activation != "linear":
        yield words.activation(activation)
    for name in ("kernel_regularizer", "depthwise_regularizer", "pointwise_regularizer", "bias_regularizer"):
        yield from _penalty(settings.get(name))
    for text in _penalty(settings.get("activity_regularizer")):
        yield language.text("{penalty} on outputs", penalty=text)


def _stride(settings: Mapping[str, Any], name: str, message: str) -> Iterator[str]:
    sides = _sides(settings.get(name, 1))
    if any(side != 1 for side in sides):
        yield language.text(message, n=_window(sides))


def _penalty(regularizer: Any) -> Iterator[str]:
    """``L2 0.01``; ``L1 0.1, L2 0.01``."""
    if isinstance(regularizer, Mapping):
        for name in ("l1", "l2"):
            factor = regularizer.get("config", {}).get(name)
            if factor:
                yield f"{name.upper()} {numbers.plain(float(f'{factor:.6g}'))}"


def small(layer: Layer) -> str:
    """Return a layer that goes with another one: ``batch norm``, ``max pool 2 × 2``, ``dropout 0.25``."""
    name, settings = layer.class_name, layer.settings
    if name in _PLAIN:
        return language.text(_PLAIN[name])
    if name == "Activation":
        return words.activation(str(settings.get("activation", "linear")))
    if name in ("ReLU", "ELU", "LeakyReLU", "PReLU", "Softmax"):
        return words.activation(name.lower()) if name in ("ELU", "ReLU") else name
    if "Pooling" in name:
        return _pool(layer)
    if name in _RATES:
        rate = settings.get("rate", settings.get("stddev"))
        return language.text(_RATES[name], rate="" if rate is None else numbers.plain(rate)).strip()
    if name == "Rescaling":
        return _rescaling(settings)
    if name == "UpSampling2D":
        return language.text("upsampling {window}", window=numbers.shape(_sides(settings.get("size", 2))))
    return kind(layer)


_PLAIN = {
    "Flatten": language.message("flatten"),
    "Reshape": language.message("reshape"),
    "BatchNormalization": language.message("batch norm"),
    "LayerNormalization": language.message("layer norm"),
    "GroupNormalization": language.message("group norm"),
    "UnitNormalization": language.message("unit norm"),
    "Normalization": language.message("normalisation"),
    "ZeroPadding2D": language.message("zero padding"),
    "Cropping2D": language.message("cropping"),
    "CenterCrop": language.message("centre crop"),
    "Resizing": language.message("resizing"),
    "GrayscaleToRGB": language.message("grey to RGB"),
    "RandomRotation": language.message("random rotation"),
    "RandomTranslation": language.message("random shift"),
    "RandomZoom": language.message("random zoom"),
    "RandomFlip": language.message("random flip"),
    "RandomCrop": language.message("random crop"),
    "RandomBrightness": language.message("random brightness"),
    "RandomContrast": language.message("random contrast"),
}
_RATES = {
    "Dropout": language.message("dropout {rate}"),
    "AlphaDropout": language.message("alpha dropout {rate}"),
    "GaussianDropout": language.message("Gaussian dropout {rate}"),
    "SpatialDropout1D": language.message("spatial dropout {rate}"),
    "SpatialDropout2D": language.message("spatial dropout {rate}"),
    "SpatialDropout3D": language.message("spatial dropout {rate}"),
    "GaussianNoise": language.message("noise {rate}"),
}


def in_training_only(layer: Layer) -> bool:
    """Whether a layer does something while the network trains, and nothing once it is asked."""
    return layer.class_name in _RATES or layer.class_name.startswith("Random")


def _pool(layer: Layer) -> str:
    largest, settings = "Max" in layer.class_name, layer.settings
    if layer.class_name.startswith("Global"):
        return language.text("global max pool") if largest else language.text("global average pool")
    sides = _sides(settings.get("pool_size", 2))
    window = numbers.shape(sides)
    if largest:
        said = language.text("max pool {window}", window=window)
    else:
        said = language.text("average pool {window}", window=window)
    strides = settings.get("strides")
    if strides is not None and _sides(strides) != sides:
        step = language.text("stride {n}", n=_window(_sides(strides)))
        said = f"{said}, {step}"
    return said


def _rescaling(settings: Mapping[str, Any]) -> str:
    """``rescaling × 2 − 1``."""
    scale, offset = settings.get("scale", 1.0), settings.get("offset", 0.0)
    if not isinstance(scale, (int, float)) or not isinstance(offset, (int, float)):
        return language.text("rescaling")
    below = round(1 / scale) if 0 < scale < 1 else 0
    by = (
        f"/ {below}"
        if below and abs(1 / below - scale) < 1e-9
        else f"× {numbers.plain(float(f'{scale:.6g}'))}"
    )
    shift = (
        "" if not offset else f" {'+' if offset > 0 else '−'} {numbers.plain(abs(float(f'{offset:.6g}')))}"
    )
    return language.text("rescaling {formula}", formula=f"{by}{shift}")


def _sides(value: Any) -> list[int]:
    """The sides of a window: one number stands for both."""
    return [int(side) for side in value] if isinstance(value, (list, tuple)) else [int(value), int(value)]


def _window(sides: list[int]) -> str:
    return str(sides[0]) if len(set(sides)) == 1 else numbers.shape(sides)
