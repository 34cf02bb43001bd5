"""The activation that what a layer gives goes through: its own, or that of a layer after it."""

from __future__ import annotations

from itertools import takewhile

from reportgen.analysis.layers import learns
from reportgen.records import Layer, Record

_LAYERS = {
    "ReLU": "relu", "ELU": "elu", "LeakyReLU": "leaky_relu", "PReLU": "PReLU", "Softmax": "softmax",
}  # fmt: skip


def activation(record: Record, layer: Layer) -> str:
    """Return Keras's name of the activation of a layer that learns; ``linear`` where there is none.

    Parameters
    ----------
    record : Record
    layer : Layer
        One of its own.
    """
    own = str(layer.settings.get("activation", "linear"))
    if own != "linear":
        return own
    place = next(number for number, one in enumerate(record.layers) if one is layer)
    after = takewhile(lambda one: not learns(one), record.layers[place + 1 :])
    return next((name for one in after if (name := _named(one))), own)


def _named(layer: Layer) -> str:
    if layer.class_name == "Activation":
        return str(layer.settings.get("activation", "linear"))
    return _LAYERS.get(layer.class_name, "")
