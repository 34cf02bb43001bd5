"""What training on one image costs, told from the texts of layers before anything was trained."""

from __future__ import annotations

from functools import lru_cache
from math import prod

_FIXED, _PER_MULTIPLY_ADD, _PER_ACTIVATION, _PER_UPDATE = 2.7e-5, 3.15e-11, 3.4e-9, 9.7e-11
"""Seconds of an image, of a multiply-add, of a number that a layer puts out, of the update of a weight.

A least-squares fit to 40 networks of 100 thousand to 3 million weights, each trained on one core; it meets
them within a factor of 1.08 in the median and 1.42 at most. Other machines are faster or slower, but the
ratio of two networks holds, and that is what the times of earlier runs are scaled by.
"""
_OF_32 = 32
"""Images of the batches that the fit of updates is written for."""
_WITHOUT_OUTPUT = ("Flatten", "Dropout", "Reshape")
"""Layers whose output costs nothing worth counting."""


@lru_cache(maxsize=1024)
def image_seconds(layers: tuple[str, ...], image_shape: tuple[int, ...], batch_size: int) -> float | None:
    """Return the seconds that one image takes in one epoch of training.

    Parameters
    ----------
    layers : tuple of str
        Texts of Keras calls, as a row has them.
    image_shape : tuple of int
        Height, width, channels.
    batch_size : int

    Returns
    -------
    float or None
        None where a layer is a whole network, or the layers do not fit together.
    """
    from reportgen.calls.bound import read_all
    from reportgen.calls.stack import LAYERS, place

    bound, faults = read_all(layers, LAYERS)
    right = [layer for layer in bound if layer is not None and layer.signature.family == "layers"]
    stack, more = place(right, image_shape)
    if faults or more or len(right) < len(layers) or not layers:
        return None
    multiply_adds = activations = 0
    for placed in stack.layers:
        positions = prod(placed.output_shape[:-1])
        multiply_adds += positions * sum(each.size for each in placed.variables if len(each.shape) > 1)
        if placed.layer.name not in _WITHOUT_OUTPUT:
            activations += prod(placed.output_shape)
    updates = stack.trainable * _OF_32 / batch_size
    return _FIXED + multiply_adds * _PER_MULTIPLY_ADD + activations * _PER_ACTIVATION + updates * _PER_UPDATE
