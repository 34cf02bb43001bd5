"""Shapes and variables of all layers; those that look at images stand in `image_shapes`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import prod

from reportgen.calls import image_shapes, mobilenet
from reportgen.calls.bound import Bound
from reportgen.calls.image_shapes import Outcome, Rule, Shape, ShapeFault, Weights, times


def outcome(layer: Bound, shape: Shape) -> Outcome:
    """Return what a layer makes of an input.

    Parameters
    ----------
    layer : Bound
    shape : tuple of int
        Of its input, without the batch.

    Returns
    -------
    (tuple of int, tuple of Weights)
        Shape of the output, and the variables in Keras's order; those that training leaves alone are
        marked, all of them where the layer is frozen.

    Raises
    ------
    ShapeFault
        The layer does not fit.
    """
    output, variables = RULES[layer.name](layer, shape)
    if layer.get("trainable", True):
        return output, variables
    return output, tuple(replace(each, trainable=False) for each in variables)


def _as_it_is(layer: Bound, shape: Shape) -> Outcome:
    return shape, ()


def _dense(layer: Bound, shape: Shape) -> Outcome:
    units = layer["units"]
    bias = (Weights("bias", (units,)),) if layer["use_bias"] else ()
    return (*shape[:-1], units), (Weights("kernel", (shape[-1], units)), *bias)


def _flatten(layer: Bound, shape: Shape) -> Outcome:
    return (prod(shape),), ()


def _reshape(layer: Bound, shape: Shape) -> Outcome:
    wanted, size = layer["target_shape"], prod(shape)
    fixed = prod(side for side in wanted if side != -1)
    free = wanted.count(-1)
    if free > 1 or size % fixed or (not free and fixed != size):
        target = ", ".join(map(str, wanted))
        message = f"{layer.name} cannot bring {times(shape)} to ({target})"
        raise ShapeFault("bad-shape", message, f"the sides must multiply to {size}")
    return tuple(size // fixed if side == -1 else side for side in wanted), ()


def _axis(layer: Bound, axis: int, shape: Shape) -> int:
    """Place of an axis in a shape without the batch; Keras counts the batch as axis 0."""
    place = axis - 1 if axis > 0 else len(shape) + axis
    if not 0 <= place < len(shape):
        message = f"{layer.name}: there is no axis {axis} in {times(shape)}"
        raise ShapeFault("bad-argument", message, "use axis -1, the channels")
    return place


def _scale_and_shift(layer: Bound, shape: Shape) -> tuple[Weights, ...]:
    found = (("gamma", layer["scale"]), ("beta", layer["center"]))
    return tuple(Weights(name, shape) for name, wanted in found if wanted)


def _batch_normalization(layer: Bound, shape: Shape) -> Outcome:
    size = (shape[_axis(layer, layer["axis"], shape)],)
    moving = ["moving_mean", "moving_variance"]
    if layer["renorm"]:
        moving += ["moving_stddev", "renorm_mean", "renorm_stddev"]
    return shape, (*_scale_and_shift(layer, size), *(Weights(name, size, trainable=False) for name in moving))


def _layer_normalization(layer: Bound, shape: Shape) -> Outcome:
    given = layer["axis"]
    axes = given if isinstance(given, tuple) else (given,)
    places = [_axis(layer, axis, shape) for axis in axes]
    if len(set(places)) < len(places):
        raise ShapeFault("bad-argument", f"{layer.name}: an axis stands there twice", "remove one")
    # Keras sorts the axes as they were given, negative ones before positive.
    return shape, _scale_and_shift(layer, tuple(shape[_axis(layer, axis, shape)] for axis in sorted(axes)))


def _group_normalization(layer: Bound, shape: Shape) -> Outcome:
    channels = shape[_axis(layer, layer["axis"], shape)]
    groups = channels if layer["groups"] == -1 else layer["groups"]
    if groups > channels or channels % groups:
        message = f"{layer.name}: {channels} channels cannot be divided into {groups} groups"
        raise ShapeFault("bad-argument", message, "choose groups that divides the channels")
    return shape, _scale_and_shift(layer, (channels,))


def _normalization(layer: Bound, shape: Shape) -> Outcome:
    if layer["mean"] is None or layer["variance"] is None:
        message = f"{layer.name} needs mean and variance: a row cannot call adapt()"
        raise ShapeFault(
            "missing-argument", message, "write Normalization(mean=0.13, variance=0.095), or Rescaling"
        )
    counts = [len(each) if isinstance(each, tuple) else 1 for each in (layer["mean"], layer["variance"])]
    channels = shape[_axis(layer, layer["axis"], shape)]
    if counts[0] != counts[1] or counts[0] not in (1, channels):
        message = f"{layer.name} is given {counts[0]} means and {counts[1]} variances for {channels} channels"
        raise ShapeFault("bad-argument", message, "give one of each, or as many as there are channels")
    return shape, ()


def _rescaling(layer: Bound, shape: Shape) -> Outcome:
    for name in ("scale", "offset"):
        value = layer[name]
        if isinstance(value, tuple) and len(value) != shape[-1]:
            message = f"{layer.name}, {name}: {len(value)} numbers for {shape[-1]} channels"
            raise ShapeFault("bad-argument", message, "give one, or as many as there are channels")
    return shape, ()


def _prelu(layer: Bound, shape: Shape) -> Outcome:
    given = layer["shared_axes"]
    shared = () if given is None else given if isinstance(given, tuple) else (given,)
    if any(axis < 1 for axis in shared):
        raise ShapeFault(
            "bad-argument", f"{layer.name}: shared_axes are counted from 1", "write shared_axes=[1, 2]"
        )
    places = {_axis(layer, axis, shape) for axis in shared}
    return shape, (Weights("alpha", tuple(1 if n in places else side for n, side in enumerate(shape))),)


def _softmax(layer: Bound, shape: Shape) -> Outcome:
    given = layer["axis"]
    _axis(layer, given, shape)
    return shape, ()


RULES: Mapping[str, Rule] = {
    **image_shapes.RULES,
    "MobileNetV2": mobilenet.outcome,
    "Dense": _dense,
    "Flatten": _flatten,
    "Reshape": _reshape,
    "BatchNormalization": _batch_normalization,
    "LayerNormalization": _layer_normalization,
    "GroupNormalization": _group_normalization,
    "Normalization": _normalization,
    "Rescaling": _rescaling,
    "PReLU": _prelu,
    "Softmax": _softmax,
    **dict.fromkeys(
        ("Dropout", "GaussianNoise", "GaussianDropout", "AlphaDropout", "Activation", "ReLU", "LeakyReLU",
         "ELU", "ActivityRegularization"),
        _as_it_is,
    ),
}  # fmt: skip
"""By the name of the layer."""
