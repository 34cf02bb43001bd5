"""What a model holds and what it costs: parameters and multiply-adds, layer by layer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.explain import explain
from reportgen.analysis.layer_words import details, small
from reportgen.analysis.layers import (
    hog_multiply_adds,
    kind,
    multiply_adds,
    passes_through,
    token,
    weights_formula,
)
from reportgen.analysis.memory import FLOAT32, Memory, memory, output_bytes
from reportgen.analysis.metrics import results_of
from reportgen.records import Layer, Record
from reportgen.results import Result

__all__ = [
    "Architecture",
    "LayerCost",
    "architecture",
    "distinct_architectures",
    "explanation",
    "feature_multiply_adds",
    "hog_multiply_adds",
    "layer_costs",
    "model_multiply_adds",
    "multiply_adds",
    "prediction_multiply_adds",
    "weights_formula",
]

_OMITTED_IN_SHORT = (
    "pool", "global", "BatchNormalization", "LayerNormalization", "GroupNormalization", "UnitNormalization",
    "Normalization", "Rescaling", "Resizing", "ZeroPadding", "Cropping", "CenterCrop", "GrayscaleToRGB",
    "UpSampling", "PReLU",
)  # fmt: skip
_SCALING = frozenset({"Rescaling", "Normalization"})


@dataclass(frozen=True)
class LayerCost:
    """A line of a complexity table.

    Parameters
    ----------
    number : int
        Among the layers of its kind, from 1; 0 where there is no other.
    output_shape : tuple of int
    weights, biases, non_trainable, total : int
    share : float
        Part of the model's parameters, between 0 and 1.
    multiply_adds : int or None
        For one item; None where we have no formula.
    layer : Layer
    parameter_bytes, output_bytes : int
        Of its parameters, and of its output for one item, in float32.
    last : bool
        Whether it is a Dense layer that gives the prediction.
    """

    number: int
    output_shape: tuple[int, ...]
    weights: int
    biases: int
    non_trainable: int
    total: int
    share: float
    multiply_adds: int | None
    layer: Layer
    parameter_bytes: int
    output_bytes: int
    last: bool = False

    @property
    def name(self) -> str:
        """In words: ``Convolution 1``, ``Dense 2``, ``Output``."""
        name = language.text("Output") if self.last else kind(self.layer)
        return f"{name} {self.number}" if self.number else name

    @property
    def formula(self) -> str:
        """How the weights come about, with the numbers put in: ``3 × 3 × 9 × 16``; empty without weights."""
        return weights_formula(self.layer)


@dataclass(frozen=True)
class Architecture:
    """A distinct stack of layers, and the rows that use it.

    Parameters
    ----------
    label : str
        Short, such as ``784–250–10``; no two architectures of a report share one.
    rows : tuple of (str, str)
        Id and title of each row.
    record : Record
        Of the first of them.
    layers : tuple of LayerCost
        Without the layers that hold nothing and pass on as many values as they get.
    total_params : int
    multiply_adds : int or None
        For one item, the extraction of features aside; None where a layer's are unknown.
    feature_multiply_adds : int or None
        Of the extraction of features for one item; 0 for pixels, None where unknown.
    memory : Memory
    otherwise : tuple of (str, str)
        The rows that differ from the first in what holds no parameter: activations, dropout, penalties.
    """

    label: str
    rows: tuple[tuple[str, str], ...]
    record: Record
    layers: tuple[LayerCost, ...]
    total_params: int
    multiply_adds: int | None
    feature_multiply_adds: int | None
    memory: Memory
    otherwise: tuple[tuple[str, str], ...] = ()

    @property
    def explanation(self) -> str:
        """The sentences that explain the total."""
        return explanation(self.record)

    @property
    def prediction_multiply_adds(self) -> int | None:
        """The model's multiply-adds and those of the features, for one item."""
        return _sum(self.multiply_adds, self.feature_multiply_adds)


def layer_costs(record: Record) -> tuple[LayerCost, ...]:
    """Return the lines of a model's complexity table; their totals sum to ``total_params``."""
    layers = [layer for layer in record.layers if not passes_through(layer)]
    return tuple(
        LayerCost(
            number=number,
            output_shape=layer.output_shape,
            weights=layer.weights,
            biases=layer.biases,
            non_trainable=layer.non_trainable,
            total=layer.parameters,
            share=layer.parameters / record.total_params if record.total_params else 0.0,
            multiply_adds=multiply_adds(layer),
            layer=layer,
            parameter_bytes=FLOAT32 * layer.parameters,
            output_bytes=output_bytes(layer),
            last=_is_output(layers, place),
        )
        for place, (number, layer) in enumerate(zip(_numbers(layers), layers, strict=True))
    )


def _is_output(layers: Sequence[Layer], place: int) -> bool:
    return place == len(layers) - 1 and layers[place].class_name == "Dense"


def _numbers(layers: Sequence[Layer]) -> list[int]:
    """Numbers of the layers within their kinds; 0 for the only one of a kind, and for the output."""
    kinds = ["" if _is_output(layers, place) else kind(layer) for place, layer in enumerate(layers)]
    total, seen = Counter(kinds), Counter[str]()
    found = []
    for name in kinds:
        seen[name] += 1
        found.append(seen[name] if total[name] > 1 else 0)
    return found


def architecture(record: Record, full: bool = False, images: bool = True) -> str:
    """Return a model's label: inputs, then one part per layer.

    ``784–250–10`` for a multi-layer perceptron; ``28×28×1–9@5×5–9@5×5–16@3×3–25–10`` for a
    convolutional network, where ``9@5×5`` is a convolution with nine filters of 5 × 5.

    Parameters
    ----------
    record : Record
    full : bool
        With pooling and normalisation.
    images : bool
        With the shape of the images that a convolutional network reads; a table leaves it out, where
        all its rows read the same.
    """
    parts = [part for part in map(token, record.layers) if part]
    if not full:
        parts = [part for part in parts if not part.startswith(_OMITTED_IN_SHORT)]
    inputs = _inputs(record)
    return "–".join(parts if "×" in inputs and not images and parts else [inputs, *parts])


def _inputs(record: Record) -> str:
    layers = [
        layer for layer in record.layers if not passes_through(layer) and layer.class_name not in _SCALING
    ]
    if not layers:
        return "×".join(map(str, record.data.image_shape))
    # Images that are flattened first are a list of values to the network.
    first = layers[0]
    return "×".join(map(str, first.output_shape if first.class_name == "Flatten" else first.input_shape))


def model_multiply_adds(record: Record) -> int | None:
    """Return the multiply-adds of a prediction for one item, features aside; None where unknown."""
    total = 0
    for layer in record.layers:
        count = multiply_adds(layer)
        if count is None:
            return None
        total += count
    return total


def feature_multiply_adds(record: Record) -> int | None:
    """Return the multiply-adds of extracting one item's features: 0 for pixels, None where unknown."""
    if record.features.kind == "hog":
        return hog_multiply_adds(record.data.image_shape, record.features.settings)
    return 0 if record.features.kind == "pixels" else None


def prediction_multiply_adds(record: Record) -> int | None:
    """Return the multiply-adds from one image to its prediction, the features' included."""
    return _sum(model_multiply_adds(record), feature_multiply_adds(record))


def _sum(first: int | None, second: int | None) -> int | None:
    return None if first is None or second is None else first + second


def explanation(record: Record) -> str:
    """Return the sentences that explain a model's total, computed from the record alone."""
    lines = [(cost.name, cost.layer, cost.multiply_adds) for cost in layer_costs(record)]
    return explain(record, lines, feature_multiply_adds(record))


def distinct_architectures(results: Sequence[Result]) -> tuple[Architecture, ...]:
    """Return every distinct stack of layers once, in order of appearance, with the rows that use it.

    Stacks are the same when their layers agree in kind, shapes and variables and their inputs are
    made in the same way; activations, dropout and names make no difference to the count.
    """
    groups: dict[Any, list[Result]] = {}
    for result, record in results_of(results):
        groups.setdefault(_stack(record), []).append(result)
    return _with_own_labels(tuple(_architecture(group) for group in groups.values()))


def _architecture(group: Sequence[Result]) -> Architecture:
    """The architecture that all these rows share."""
    records = [record for result in group for record in result.records]
    record = records[0]
    return Architecture(
        label=architecture(record),
        rows=tuple(dict.fromkeys((result.row.id, result.row.title) for result in group)),
        record=record,
        layers=layer_costs(record),
        total_params=record.total_params,
        multiply_adds=model_multiply_adds(record),
        feature_multiply_adds=feature_multiply_adds(record),
        memory=memory(records),
        otherwise=_otherwise(group),
    )


def _otherwise(group: Sequence[Result]) -> tuple[tuple[str, str], ...]:
    """The rows whose layers are told other things than those of the first."""
    told = {result.row.id: _told(result.records[0]) for result in group}
    titles = {result.row.id: result.row.title for result in group}
    first = told[group[0].row.id]
    return tuple((row, titles[row]) for row, own in told.items() if own != first)


def _told(record: Record) -> Any:
    """What is said of a network's layers in a drawing, its names aside."""
    return [(kind(layer), details(layer), small(layer), layer.output_shape) for layer in record.layers]


def _stack(record: Record) -> Any:
    layers = tuple(
        (layer.class_name, layer.input_shape, layer.output_shape, layer.variables)
        for layer in record.layers
        if not passes_through(layer)
    )
    return layers, record.features.kind, repr(sorted(record.features.settings.items()))


def _told_apart(item: Architecture, sizes: Sequence[int]) -> Architecture:
    """A stack whose label others have, too, all of them with these numbers of parameters."""
    if len(set(sizes)) < len(sizes):
        return replace(item, label=architecture(item.record, full=True))
    count = numbers.thousands(item.total_params)
    return replace(item, label=language.text("{network}, {n} parameters", network=item.label, n=count))


def _with_own_labels(architectures: tuple[Architecture, ...]) -> tuple[Architecture, ...]:
    """Labels that stacks share get their numbers of parameters, or are written in full, or numbered."""
    sizes: dict[str, list[int]] = {}
    for item in architectures:
        sizes.setdefault(item.label, []).append(item.total_params)
    longer = [
        item if len(sizes[item.label]) == 1 else _told_apart(item, sizes[item.label])
        for item in architectures
    ]
    shared, seen = Counter(item.label for item in longer), Counter[str]()
    numbered = []
    for item in longer:
        seen[item.label] += 1
        label = f"{item.label} ({seen[item.label]})" if shared[item.label] > 1 else item.label
        numbered.append(replace(item, label=label))
    return tuple(numbered)
