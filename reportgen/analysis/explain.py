"""Why a model has as many parameters as it has, in sentences computed from its layers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from reportgen.analysis import numbers
from reportgen.analysis.layers import CONVOLUTIONS, weights_formula
from reportgen.records import Layer, Record

NamedLayer = tuple[str, Layer, int | None]
"""A layer, its name in words, its multiply-adds."""

_WORDS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def explain(record: Record, lines: Sequence[NamedLayer], features: int | None) -> str:
    """Return the sentences: where the parameters are and why, then where the work is.

    Parameters
    ----------
    record : Record
    lines : sequence of (name, Layer, multiply-adds)
    features : int or None
        Multiply-adds of extracting one item's features.
    """
    if not record.total_params:
        return "The model has no parameters."
    place = max(range(len(lines)), key=lambda number: lines[number][1].parameters)
    work = "" if features is None else _work(lines, features)
    sentences = [_largest(record, lines, place), _rest(record, lines, place), work]
    if record.features.kind == "hog" and features and work:
        sentences.append(_hog(record, features))
    return " ".join(sentence for sentence in sentences if sentence)


def _largest(record: Record, lines: Sequence[NamedLayer], place: int) -> str:
    name, layer, _ = lines[place]
    held = (
        f"{numbers.thousands(layer.parameters)} of the {numbers.thousands(record.total_params)} parameters"
        f" ({numbers.share(layer.parameters / record.total_params)})"
    )
    if layer.class_name == "Dense":
        units = layer.output_shape[-1]
        who = f"The {numbers.counted(units, 'unit')} of {_dense_name(lines, place)}"
        reason = f"each is linked to {_sources(record, lines, place)}"
        one_reason = f"it is linked to {_sources(record, lines, place)}"
        verb = "hold" if units != 1 else "holds"
        return f"{who} {verb} {held}, because {reason if units != 1 else one_reason}: {_sum(layer)}."
    if layer.class_name in ("Conv1D", "Conv2D", "Conv3D") and layer.variables:
        *window, channels, filters = layer.variables[0].shape
        return (
            f"The {numbers.counted(filters, 'filter')} of {name[0].lower() + name[1:]}"
            f" hold{'s' if filters == 1 else ''} {held}, because each has a weight for every place of a"
            f" {numbers.shape(window)} window in {_all(channels, 'channel')}: {_sum(layer)}."
        )
    return f"The layer “{name}” holds {held}: {_sum(layer)}."


def _sum(layer: Layer) -> str:
    formula = weights_formula(layer)
    parts = []
    if formula and layer.weights:
        parts.append(f"{formula} = {numbers.counted(layer.weights, 'weight')}")
    elif formula:
        parts.append(formula)
    if layer.biases:
        parts.append(numbers.counted(layer.biases, "bias", "biases"))
    if layer.non_trainable and layer.weights:
        parts.append(f"{numbers.thousands(layer.non_trainable)} that training does not change")
    return " and ".join(parts) if len(parts) < 3 else f"{parts[0]}, {parts[1]} and {parts[2]}"


def _dense_name(lines: Sequence[NamedLayer], place: int) -> str:
    if place == len(lines) - 1:
        return "the output layer"
    dense = [number for number, line in enumerate(lines[:-1]) if line[1].class_name == "Dense"]
    convolutional = any(layer.class_name in CONVOLUTIONS for _, layer, _ in lines[: dense[0]])
    order = f"{_ordinal(dense.index(place))} " if len(dense) > 1 else ""
    return f"the {order}dense layer after the convolutions" if convolutional else f"the {order}hidden layer"


def _ordinal(place: int) -> str:
    return _ORDINALS[place] if place < len(_ORDINALS) else f"{place + 1}th"


def _sources(record: Record, lines: Sequence[NamedLayer], place: int) -> str:
    """What a dense layer reads: the inputs, a flattened stack of maps, or the units before it."""
    count = lines[place][1].variables[0].shape[0]
    before = [layer for _, layer, _ in lines[:place]]
    if any(layer.class_name == "Dense" for layer in before):
        return _all(count, "unit") + " of the layer before"
    if any(layer.class_name in CONVOLUTIONS for layer in before):
        maps = before[-1].input_shape if before[-1].class_name == "Flatten" else ()
        detail = f" ({numbers.shape(maps)})" if len(maps) > 1 else ""
        return f"{_all(count, 'value')}{detail} that the convolutions leave"
    return _all(count, "HOG value" if record.features.kind == "hog" else "input")


def _all(count: int, noun: str) -> str:
    if count == 1:
        return f"the one {noun}"
    return f"both {noun}s" if count == 2 else f"all {numbers.counted(count, noun)}"


def _rest(record: Record, lines: Sequence[NamedLayer], place: int) -> str:
    """How much the other half of a mixed network holds."""
    convolutions = [layer for _, layer, _ in lines if layer.class_name in CONVOLUTIONS]
    dense = [layer for _, layer, _ in lines if layer.class_name == "Dense"]
    if not convolutions or not dense:
        return ""
    if lines[place][1].class_name in CONVOLUTIONS:
        return f"{_group(dense, 'dense layer', record)}."
    reason = "a filter has the same weights at every position of the image"
    return f"{_group(convolutions, 'convolution', record)}: {reason}."


def _group(layers: Sequence[Layer], noun: str, record: Record) -> str:
    held = sum(layer.parameters for layer in layers)
    many = len(layers) != 1
    who = f"The {_word(len(layers))} {noun}s together hold" if many else f"The {noun} holds"
    return f"{who} {numbers.thousands(held)} ({numbers.share(held / record.total_params)})"


def _word(count: int) -> str:
    return _WORDS[count] if count < len(_WORDS) else numbers.thousands(count)


def _work(lines: Sequence[NamedLayer], extraction: int) -> str:
    """Multiply-adds from an image to its prediction, and the part of them that convolutions take."""
    counts = [count for _, _, count in lines]
    total = sum(count or 0 for count in counts) + extraction
    if any(count is None for count in counts) or not total:
        return ""
    shared = sum(count or 0 for _, layer, count in lines if layer.class_name in CONVOLUTIONS)
    text = f"One prediction takes {numbers.thousands(total)} multiply-adds"
    if not shared or math.isclose(shared, total):
        return f"{text}."
    part = numbers.share(shared / total)
    if part == numbers.share(1.0):
        part = "nearly all"
    return f"{text}, {part} of them in the convolutions."


def _hog(record: Record, extraction: int) -> str:
    values = numbers.counted(record.features.length, "HOG value")
    return f"Computing the {values} takes {numbers.thousands(extraction)} of them and adds no parameter."
