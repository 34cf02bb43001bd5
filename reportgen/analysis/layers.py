"""A layer in words and in numbers: its name, how its weights come about, its multiply-adds."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from reportgen import language
from reportgen.analysis import numbers
from reportgen.records import Layer, Variable

UNCHANGED = frozenset(
    {
        "InputLayer", "Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "AlphaDropout",
        "GaussianDropout", "GaussianNoise", "ActivityRegularization", "Activation", "ReLU", "LeakyReLU",
        "ELU", "Softmax",
    }
)  # fmt: skip
"""Layers without variables that pass on as many values as they get: no part of a model's size."""

CONVOLUTIONS = frozenset(
    {
        "Conv1D", "Conv2D", "Conv3D", "SeparableConv1D", "SeparableConv2D", "DepthwiseConv1D",
        "DepthwiseConv2D", "Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose",
    }
)  # fmt: skip

NORMALISING = frozenset(
    {
        "BatchNormalization", "LayerNormalization", "GroupNormalization", "UnitNormalization",
        "SpectralNormalization", "Normalization", "Rescaling",
    }
)  # fmt: skip
"""Layers that shift and scale values, with or without weights: they make no network of another kind."""

_NAMES = {
    "Dense": language.message("Dense"),
    "Flatten": language.message("Flatten"),
    "Reshape": language.message("Reshape"),
    "BatchNormalization": language.message("Batch normalisation"),
    "LayerNormalization": language.message("Layer normalisation"),
    "GroupNormalization": language.message("Group normalisation"),
    "Normalization": language.message("Normalisation"),
    "Rescaling": language.message("Rescaling"),
    "ZeroPadding2D": language.message("Zero padding"),
    "Cropping2D": language.message("Cropping"),
    "CenterCrop": language.message("Centre crop"),
    "Resizing": language.message("Resizing"),
    "UpSampling2D": language.message("Upsampling"),
    "GrayscaleToRGB": language.message("Grey to RGB"),
}
_WORK_PER_VALUE = {
    "BatchNormalization": 1, "Rescaling": 1, "Normalization": 1, "PReLU": 1, "LayerNormalization": 2,
    "GroupNormalization": 2,
}  # fmt: skip
"""Multiply-adds for each value; where an item is scaled by its own spread, that has squares too."""
_MOST_FACTORS = 3
_APPLICATION = re.compile(r"(mobilenetv2)_(\d+\.\d+)_\d+")
"""What Keras calls a network of `keras.applications`: its kind, its width, the side of its images."""
_APPLICATIONS = {"mobilenetv2": "MobileNetV2"}


def passes_through(layer: Layer) -> bool:
    """Whether a layer holds nothing and gives on as many values as it gets: dropout, activations, noise.

    So do the layers that alter images at random, which once the training is over give them on unchanged.
    """
    if layer.variables or layer.inner:
        return False
    random = layer.class_name.startswith("Random") and layer.input_shape == layer.output_shape
    return random or layer.class_name in UNCHANGED


def learns(layer: Layer) -> bool:
    """Whether a layer has weights of its own, or is a network: no normalisation, no activation."""
    small = layer.class_name in NORMALISING or layer.class_name == "PReLU"
    return bool(layer.inner) or (bool(layer.variables) and not small)


def frozen(layer: Layer) -> bool:
    """Whether training leaves all variables of a layer alone because it is told to."""
    if not layer.variables or any(variable.trainable for variable in layer.variables):
        return False
    return layer.settings.get("trainable") is False or layer.class_name not in NORMALISING


def network_name(layer: Layer) -> str:
    """Return what a network that stands as one layer is called: ``MobileNetV2``, ``MobileNetV2 × 0.35``."""
    found = _APPLICATION.fullmatch(layer.name)
    if found is None:
        return layer.name
    name, width = _APPLICATIONS[found[1]], float(found[2])
    return name if width == 1 else f"{name} ×{language.NO_BREAK_SPACE}{width:g}"


def within(layer: Layer) -> tuple[Layer, ...]:
    """Return the layers of a network that stands as one layer, those of networks in it too."""
    return tuple(each for one in layer.inner for each in (within(one) or (one,)))


def kind(layer: Layer) -> str:
    """Return the kind of a layer in words: ``Convolution``, ``Max pooling``, ``Dense``."""
    name = layer.class_name
    if layer.inner:
        return network_name(layer)
    if name in _NAMES:
        return language.text(_NAMES[name])
    if name in CONVOLUTIONS:
        return _convolution(name)
    if "Pooling" not in name:
        return name
    largest = "Max" in name
    if name.startswith("Global"):
        return language.text("Global max pooling") if largest else language.text("Global average pooling")
    return language.text("Max pooling") if largest else language.text("Average pooling")


def _convolution(name: str) -> str:
    """The kind of a convolution in words."""
    if name.endswith("Transpose"):
        return language.text("Transposed convolution")
    if name.startswith("Separable"):
        return language.text("Separable convolution")
    if name.startswith("Depthwise"):
        return language.text("Depthwise convolution")
    return language.text("Convolution")


def weights_formula(layer: Layer) -> str:
    """Return how the weights of a layer come about, with the numbers put in.

    ``784 × 250`` for a Dense layer, ``3 × 3 × 9 × 16`` for a convolution (height, width, channels,
    filters), one product per array of weights, joined by ``+``; ``(frozen)`` follows where training
    leaves them alone. Empty for a layer without weights. The product is Keras's own shape of the
    variable, so it equals the number of weights by construction. Of a network that stands as one layer
    the number of its layers.
    """
    if layer.inner:
        inner = language.text("{n} layers", n=len(within(layer)))
        return language.text("{formula} (frozen)", formula=inner) if frozen(layer) else inner
    trained = [v for v in layer.variables if v.trainable and v.name not in ("bias", "beta")]
    if trained:
        return _formula(trained)
    kept = [v for v in layer.variables if v.name.endswith("kernel") or v.name == "embeddings"]
    return language.text("{formula} (frozen)", formula=_formula(kept)) if kept else ""


def _formula(variables: Sequence[Variable]) -> str:
    if len(variables) > _MOST_FACTORS:
        return language.text("sum over {n} arrays", n=len(variables))
    return " + ".join(numbers.shape(variable.shape) for variable in variables)


def multiply_adds(layer: Layer) -> int | None:
    """Return the multiply-adds of a layer for one item; None where there is no formula for it.

    Parameters
    ----------
    layer : Layer

    Returns
    -------
    int or None
        Dense: inputs × units (times the places it is applied at).
        Convolutions: places of the output × size of the kernel, the sum over both kernels of a
        separable one; a transposed one counts the places of its input.
        Batch normalisation, rescaling and PReLU: one per value; layer and group normalisation two.
        Biases, pooling of either kind, other activations, dropout and all other layers without variables
        count as 0: they multiply nothing by a weight. A network that stands as one layer: the sum over
        its layers.

    Notes
    -----
    The counting of V. Sze and others, "Efficient processing of deep neural networks", Proceedings
    of the IEEE 105 (2017), 2295-2329, section III: one multiplication with the addition of its
    product is one operation.
    """
    if layer.inner:
        inner = [multiply_adds(each) for each in layer.inner]
        return None if None in inner else sum(count or 0 for count in inner)
    kernels = [v.size for v in layer.variables if v.name.endswith("kernel")]
    if layer.class_name == "Dense":
        return math.prod(layer.output_shape[:-1]) * sum(kernels)
    if layer.class_name in CONVOLUTIONS:
        transposed = layer.class_name.endswith("Transpose")
        return _places(layer, layer.input_shape if transposed else layer.output_shape) * sum(kernels)
    if layer.class_name in _WORK_PER_VALUE:
        return _WORK_PER_VALUE[layer.class_name] * math.prod(layer.output_shape)
    return None if layer.variables and layer.class_name != "Embedding" else 0


def _places(layer: Layer, shape: tuple[int, ...]) -> int:
    """Positions of an image, without its channels."""
    first = layer.settings.get("data_format") == "channels_first"
    return math.prod(shape[1:] if first else shape[:-1])


def hog_multiply_adds(image_shape: Sequence[int], settings: Mapping[str, Any]) -> int:
    """Return the multiply-adds of ``skimage.feature.hog`` for one image.

    Parameters
    ----------
    image_shape : sequence of int
        (height, width, channels).
    settings : mapping
        ``orientations``, ``pixels_per_cell`` and ``cells_per_block`` (a side or two), ``block_norm``;
        scikit-image's defaults where absent.

    Notes
    -----
    With P pixels, C channels, cells of p × q pixels, K cells, B blocks of b × c cells, O
    orientations and v = b c O values per block::

        P (4 C + 1) + K O + B v n

    Per pixel and channel two differences and the two squares of the magnitude; per pixel one
    addition to its histogram; per bin of a cell the division by its area; per value of a block n = 4
    for L2-Hys (square and divide, clip, then both again), 2 for L2, L1 and L1-sqrt. A lone addition
    or division counts as one; roots, arc tangents and comparisons are left out.
    Steps: N. Dalal and B. Triggs, "Histograms of oriented gradients for human detection", CVPR
    2005; as scikit-image carries them out (``skimage/feature/_hog.py``).
    """
    height, width, channels = image_shape
    orientations = int(settings.get("orientations", 9))
    cell = _pair(settings.get("pixels_per_cell", 8))
    block = _pair(settings.get("cells_per_block", 3))
    cells = (height // cell[0], width // cell[1])
    blocks = math.prod(max(0, count - side + 1) for count, side in zip(cells, block, strict=True))
    per_value = 4 if settings.get("block_norm", "L2-Hys") == "L2-Hys" else 2
    gradients = height * width * (4 * channels + 1)
    normalised = blocks * math.prod(block) * orientations * per_value
    return gradients + math.prod(cells) * orientations + normalised


def _pair(side: Any) -> tuple[int, int]:
    return (int(side[0]), int(side[1])) if isinstance(side, (list, tuple)) else (int(side), int(side))


def token(layer: Layer) -> str:
    """Return a layer's part of an architecture's label: ``250``, ``9@5×5``, ``LSTM 32``; may be empty."""
    part = _token(layer)
    return language.text("{formula} (frozen)", formula=part) if part and frozen(layer) else part


def _token(layer: Layer) -> str:
    name = layer.class_name
    if layer.inner:
        return network_name(layer)
    if name == "Dense":
        return str(layer.output_shape[-1])
    if name in CONVOLUTIONS:
        window = "×".join(str(size) for size in layer.settings.get("kernel_size", ()))
        before = "sep " if name.startswith("Separable") else ""
        before = "up " if name.endswith("Transpose") else before
        if name.startswith("Depthwise"):
            return f"depthwise {window}"
        return f"{before}{_channels(layer)}@{window}"
    if name.startswith("Global"):
        return "global pool"
    if "Pooling" in name:
        return "pool " + "×".join(str(size) for size in layer.settings.get("pool_size", ()))
    if passes_through(layer) or name in ("Flatten", "Reshape"):
        return ""
    units = layer.settings.get("units")
    if isinstance(units, int):
        return f"{name} {units}"
    # A wrapper, an embedding or a layer of one's own: what it gives on says how large it is.
    return f"{name} {layer.output_shape[-1]}" if layer.variables and name not in NORMALISING else name


def _channels(layer: Layer) -> int:
    first = layer.settings.get("data_format") == "channels_first"
    return layer.output_shape[0] if first else layer.output_shape[-1]
