"""The end of a stack against the classes of the data and the loss."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportgen.calls.bound import Bound
from reportgen.calls.grammar import Fault, names
from reportgen.calls.image_shapes import Shape, times

_LOGITS = names(
    """CategoricalCrossentropy CategoricalFocalCrossentropy SparseCategoricalCrossentropy BinaryCrossentropy
    BinaryFocalCrossentropy"""
)
"""Losses that know of scores before the softmax."""

_DISTRIBUTION = names(
    """CategoricalCrossentropy CategoricalFocalCrossentropy SparseCategoricalCrossentropy KLDivergence"""
)
"""Losses that read the outputs as the probabilities of classes of which one is true."""

_EACH = frozenset(("BinaryCrossentropy", "BinaryFocalCrossentropy"))
"""Losses that read every output as a probability by itself."""

_AVERAGES = frozenset(("Flatten", "Reshape", "GlobalAveragePooling2D"))
"""Layers that leave probabilities what they are."""

_FOR_TRAINING = frozenset(
    (
        "Dropout",
        "SpatialDropout2D",
        "GaussianDropout",
        "AlphaDropout",
        "GaussianNoise",
        "ActivityRegularization",
    )
)
_AS_LAYERS = {"ReLU": "relu", "LeakyReLU": "leaky_relu", "PReLU": "prelu", "ELU": "elu", "Softmax": "softmax"}


def activation(layers: Sequence[Bound]) -> str:
    """Return the activation whose values leave a stack: ``softmax``, ``linear`` ..."""
    for layer in reversed(layers):
        if layer.name in _AVERAGES:
            continue
        if layer.name in _AS_LAYERS:
            return _AS_LAYERS[layer.name]
        return str(layer.get("activation") or "linear")
    return "linear"


def faults(layers: Sequence[Bound], shape: Shape, classes: int, loss: Bound | None) -> Iterator[Fault]:
    """Yield what is wrong with the end of a stack.

    Parameters
    ----------
    layers : sequence of Bound
        Not empty.
    shape : tuple of int
        Of the last one's output.
    classes : int
        Of the data.
    loss : Bound or None
        None where the row says nothing of it: categorical cross-entropy.
    """
    last = layers[-1]
    if last.name in _FOR_TRAINING:
        message = f"{last.name} is the last layer: it would change the answers themselves"
        yield Fault("bad-output", message, f"put it before the layer of the {classes} classes", last.at)
        return
    end = f"Dense({classes}, activation='softmax')"
    if shape != (classes,):
        yield _wrong_shape(last, shape, classes, end)
    name = "CategoricalCrossentropy" if loss is None else loss.name
    logits = loss is not None and name in _LOGITS and bool(loss["from_logits"])
    yield from _wrong_activation(last, activation(layers), name, logits)


def _wrong_shape(last: Bound, shape: Shape, classes: int, end: str) -> Fault:
    if len(shape) > 1:
        message = f"the stack ends with {times(shape)} values, not with one for each of the {classes} classes"
        return Fault(
            "bad-output", message, f"end it with Flatten() or GlobalAveragePooling2D(), then {end}", last.at
        )
    message = f"the stack ends with {times(shape)}, and the data have {classes} classes"
    at = last.places.get("units", last.at)
    return Fault("bad-output", message, f"end it with {end}", at)


def _wrong_activation(last: Bound, found: str, loss: str, logits: bool) -> Iterator[Fault]:
    at = last.places.get("activation", last.at)
    needed = (
        "linear" if logits else "softmax" if loss in _DISTRIBUTION else "sigmoid" if loss in _EACH else found
    )
    if found == needed:
        return
    if loss in _EACH and found == "softmax" and not logits:
        message = "binary cross-entropy judges each of the softmax's probabilities by itself"
        yield Fault(
            "bad-output",
            message,
            'for one class out of many write loss = "categorical_crossentropy"',
            at,
            warning=True,
        )
        return
    if logits:
        message = f"the last activation is {found}, and with from_logits=True the loss applies its own"
        yield Fault("bad-output", message, "leave the activation of the last layer out, or from_logits", at)
        return
    message = f"the last activation is {found}, and {loss} needs the probabilities of {needed}"
    remedy = f"write activation='{needed}' in the last layer"
    if found == "linear" and loss in _LOGITS:
        remedy += f', or loss = "{loss}(from_logits=True)"'
    yield Fault("bad-output", message, remedy, at)
