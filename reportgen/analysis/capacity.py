"""How many weights shallow and deep networks have: networks that were trained, and some that are only named.

Shallow is a network with one hidden layer, deep one with more, or with convolutions. What is said of
them is said of these networks, pair by pair, and of no others.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from reportgen.analysis.complexity import Architecture, distinct_architectures
from reportgen.analysis.complexity import architecture as label_of
from reportgen.analysis.layers import CONVOLUTIONS, kind, weights_formula
from reportgen.records import Layer, Variable
from reportgen.results import Result

Family = Literal["none", "shallow", "deep"]
FAMILIES: tuple[Family, ...] = ("none", "shallow", "deep")


@dataclass(frozen=True)
class Network:
    """A network and its size.

    Parameters
    ----------
    label : str
        ``784–300–10``, ``2–6–2``.
    family : str
        ``none`` (no hidden layer), ``shallow`` (one) or ``deep`` (more, or convolutions).
    inputs, values, outputs : int
        What the first layer reads, an item before features are extracted (all pixels of an image), and
        its prediction.
    depth : int
        Layers with weights, the output layer included; normalisations aside.
    hidden_units : int
        Units of all hidden dense layers together.
    widest, filters : int
        Units of the widest hidden dense layer and filters of the widest convolution; 0 without one.
    weights, biases, non_trainable : int
    largest_layer : Layer
        That with most parameters.
    rows : tuple of (str, str)
        Id and title of the rows that trained it; empty for a network that is only named.
    """

    label: str
    family: Family
    inputs: int
    values: int
    outputs: int
    depth: int
    hidden_units: int
    widest: int
    filters: int
    weights: int
    biases: int
    non_trainable: int
    largest_layer: Layer
    rows: tuple[tuple[str, str], ...] = ()

    @property
    def total(self) -> int:
        """All parameters."""
        return self.weights + self.biases + self.non_trainable

    @property
    def share(self) -> float:
        """Part of the parameters that the largest layer holds."""
        return self.largest_layer.parameters / self.total if self.total else 0.0

    @property
    def largest(self) -> str:
        """Name of the layer with most parameters, and how its weights come about."""
        name, formula = kind(self.largest_layer), weights_formula(self.largest_layer)
        return f"{name}, {formula}" if formula else name


@dataclass(frozen=True)
class Task:
    """The networks with as many values to read and outputs to give, which can be set side by side.

    Parameters
    ----------
    values, outputs : int
    networks : tuple of Network
        By family, then by weights.
    """

    values: int
    outputs: int
    networks: tuple[Network, ...]

    def family(self, name: Family) -> tuple[Network, ...]:
        """The networks of one family."""
        return tuple(network for network in self.networks if network.family == name)

    @property
    def pairs(self) -> tuple[tuple[Network, Network], ...]:
        """Every shallow network with every deep one."""
        return tuple((one, other) for one in self.family("shallow") for other in self.family("deep"))


def named_layers(sizes: Sequence[int]) -> tuple[Layer, ...]:
    """Return the dense layers of a fully connected network from its sizes, inputs first.

    A layer from n to m has an n × m array of weights and m biases.

    Raises
    ------
    ValueError
        There are fewer than two sizes, or one is not positive.
    """
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"expected two positive sizes or more, found {list(sizes)}")
    return tuple(
        Layer(
            f"dense_{number}",
            "Dense",
            {"units": after},
            (before,),
            (after,),
            (Variable("kernel", (before, after), True), Variable("bias", (after,), True)),
        )
        for number, (before, after) in enumerate(pairwise(sizes), 1)
    )


def named(text: str) -> Network:
    """Return the network that a text such as ``2-6-2`` names: inputs, hidden layers, outputs.

    Raises
    ------
    ValueError
        The text names no network.
    """
    sizes = [int(part) for part in text.split("-")]
    return _network("–".join(map(str, sizes)), named_layers(sizes), sizes[0], sizes[-1])


def trained(architecture: Architecture, label: str) -> Network:
    """Return the network of a distinct architecture of the report, under a label.

    Raises
    ------
    ValueError
        The layers do not hold as many parameters as Keras counted.
    """
    record = architecture.record
    values = math.prod(record.data.image_shape)
    found = _network(label, record.layers, values, len(record.data.class_names))
    if found.total != record.total_params:
        raise ValueError(f"{architecture.label}: the layers hold {found.total} parameters")
    return Network(**{**vars(found), "rows": architecture.rows})


def tasks(results: Sequence[Result], architectures: Sequence[str]) -> tuple[Task, ...]:
    """Return all networks, those with the same values and outputs together.

    Parameters
    ----------
    results : sequence of Result
    architectures : sequence of str
        Networks that are only named, such as ``2-6-2``; one named twice counts once.
    """
    found = distinct_architectures(results)
    short = [label_of(item.record, images=False) for item in found]
    networks = [
        trained(item, label if short.count(label) == 1 else item.label)
        for item, label in zip(found, short, strict=True)
    ]
    networks += [named(text) for text in dict.fromkeys(architectures)]
    groups: dict[tuple[int, int], list[Network]] = {}
    for network in networks:
        groups.setdefault((network.values, network.outputs), []).append(network)
    return tuple(
        Task(*task, tuple(sorted(group, key=lambda n: (FAMILIES.index(n.family), n.weights))))
        for task, group in groups.items()
    )


def _network(label: str, layers: Sequence[Layer], values: int, outputs: int) -> Network:
    weighted = [layer for layer in layers if _has_weights(layer)]
    hidden = [layer.output_shape[-1] for layer in weighted[:-1] if layer.class_name == "Dense"]
    filters = [_filters(layer) for layer in weighted if layer.class_name in CONVOLUTIONS]
    return Network(
        label=label,
        family=_family(weighted),
        inputs=math.prod(layers[0].input_shape),
        values=values,
        outputs=outputs,
        depth=len(weighted),
        hidden_units=sum(hidden),
        widest=max(hidden, default=0),
        filters=max(filters, default=0),
        weights=sum(layer.weights for layer in layers),
        biases=sum(layer.biases for layer in layers),
        non_trainable=sum(layer.non_trainable for layer in layers),
        largest_layer=max(layers, key=lambda layer: layer.parameters),
    )


def _has_weights(layer: Layer) -> bool:
    return bool(layer.variables) and "Normalization" not in layer.class_name


def _filters(layer: Layer) -> int:
    first = layer.settings.get("data_format") == "channels_first"
    return layer.output_shape[0] if first else layer.output_shape[-1]


def _family(weighted: Sequence[Layer]) -> Family:
    if len(weighted) > 2 or any(layer.class_name not in ("Dense", "Embedding") for layer in weighted):
        return "deep"
    return "shallow" if len(weighted) == 2 else "none"
