"""Why a model has as many parameters as it has, in sentences computed from its layers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Literal

from reportgen import language
from reportgen.analysis import counts, numbers
from reportgen.analysis.layers import CONVOLUTIONS, weights_formula
from reportgen.language import NO_BREAK_SPACE
from reportgen.records import Layer, Record

NamedLayer = tuple[str, Layer, int | None]
"""A layer, its name in words, its multiply-adds."""

_WORDS = (
    language.message("no"), language.message("one"), language.message("two"), language.message("three"),
    language.message("four"), language.message("five"), language.message("six"), language.message("seven"),
    language.message("eight"), language.message("nine"), language.message("ten"), language.message("eleven"),
    language.message("twelve"),
)  # fmt: skip
_ORDINALS = (
    language.message("first"), language.message("second"), language.message("third"),
    language.message("fourth"), language.message("fifth"), language.message("sixth"),
    language.message("seventh"), language.message("eighth"), language.message("ninth"),
    language.message("tenth"),
)  # fmt: skip
_Read = Literal["units", "values", "values of one", "HOG values", "inputs", "channels"]


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
        return language.text("The model has no parameters.")
    place = max(range(len(lines)), key=lambda number: lines[number][1].parameters)
    work = "" if features is None else _work(lines, features)
    sentences = [_largest(record, lines, place), _rest(record, lines, place), work]
    if record.features.kind == "hog" and features and work:
        sentences.append(_hog(record, features))
    return " ".join(sentence for sentence in sentences if sentence)


def _largest(record: Record, lines: Sequence[NamedLayer], place: int) -> str:
    """Which layer holds most of the parameters, and why."""
    name, layer, _ = lines[place]
    held = language.text(
        "{own} of the {all} parameters ({share})",
        own=numbers.thousands(layer.parameters),
        all=numbers.thousands(record.total_params),
        share=numbers.share(layer.parameters / record.total_params),
    )
    if layer.class_name == "Dense":
        units = layer.output_shape[-1]
        return language.plural(
            "The one unit of {layer} holds {held}, because it is linked to {sources}: {sum}.",
            "The {units} of {layer} hold {held}, because each is linked to {sources}: {sum}.",
            units,
            units=counts.units(units),
            layer=_dense_name(lines, place),
            held=held,
            sources=_sources(record, lines, place),
            sum=_sum(layer),
        )
    if layer.class_name in ("Conv1D", "Conv2D", "Conv3D") and layer.variables:
        *window, channels, filters = layer.variables[0].shape
        return language.plural(
            "The one filter of {layer} holds {held}, because it has a weight for every place of a {window}"
            " window in {channels}: {sum}.",
            "The {filters} of {layer} hold {held}, because each has a weight for every place of a {window}"
            " window in {channels}: {sum}.",
            filters,
            filters=counts.filters(filters),
            layer=name[0].lower() + name[1:],
            held=held,
            window=numbers.shape(window),
            channels=_all(channels, "channels"),
            sum=_sum(layer),
        )
    return language.text(
        "The layer {name} holds {held}: {sum}.", name=language.quoted(name), held=held, sum=_sum(layer)
    )


def _sum(layer: Layer) -> str:
    """Weights as they come about, biases, and what training does not change."""
    formula = weights_formula(layer)
    parts = []
    if layer.inner:  # how many layers it has
        parts += [formula, *([counts.weights(layer.weights)] if layer.weights else [])]
    elif formula and layer.weights:
        parts.append(f"{formula} = {counts.weights(layer.weights)}")
    elif formula:
        parts.append(formula)
    if layer.biases:
        parts.append(counts.biases(layer.biases))
    if layer.non_trainable and layer.weights:
        unchanged = numbers.thousands(layer.non_trainable)
        parts.append(language.text("{n} that training does not change", n=unchanged))
    return language.listed(parts)


def _dense_name(lines: Sequence[NamedLayer], place: int) -> str:
    """A dense layer, with its article."""
    if place == len(lines) - 1:
        return language.text("the output layer")
    dense = [number for number, line in enumerate(lines[:-1]) if line[1].class_name == "Dense"]
    convolutions = _convolutions(lines[: dense[0]])
    if len(dense) == 1:
        if convolutions:
            return language.plural(
                "the dense layer after the convolution",
                "the dense layer after the convolutions",
                convolutions,
            )
        return language.text("the hidden layer")
    ordinal = _ordinal(dense.index(place))
    if convolutions:
        return language.plural(
            "the {ordinal} dense layer after the convolution",
            "the {ordinal} dense layer after the convolutions",
            convolutions,
            ordinal=ordinal,
        )
    return language.text("the {ordinal} hidden layer", ordinal=ordinal)


def _convolutions(lines: Sequence[NamedLayer]) -> int:
    """How many of some layers are convolutions; a network within the network has several."""
    return sum((layer.class_name in CONVOLUTIONS) + 2 * bool(layer.inner) for _, layer, _ in lines)


def _ordinal(place: int) -> str:
    """The ordinal of a layer; a language that bends it has it as for "layer"."""
    return language.text(_ORDINALS[place]) if place < len(_ORDINALS) else language.text("{n}th", n=place + 1)


def _sources(record: Record, lines: Sequence[NamedLayer], place: int) -> str:
    """What a dense layer reads: the inputs, a flattened stack of maps, or the units before it."""
    count = lines[place][1].variables[0].shape[0]
    before = [layer for _, layer, _ in lines[:place]]
    if any(layer.class_name == "Dense" for layer in before):
        return _all(count, "units")
    if convolutions := _convolutions(lines[:place]):
        maps = before[-1].input_shape if before[-1].class_name == "Flatten" else ()
        what: _Read = "values" if convolutions > 1 else "values of one"
        return _all(count, what, f" ({numbers.shape(maps)})" if len(maps) > 1 else "")
    return _all(count, "HOG values" if record.features.kind == "hog" else "inputs")


def _all(count: int, what: _Read, detail: str = "") -> str:
    """All of what is read, with its article: ``the one input``, ``both inputs``, ``all 784 inputs``."""
    n = numbers.thousands(count)
    said = language.text(_READ[what][min(count, 3) - 1], n=n, detail=detail)
    return said if count < 3 else said.replace(f"{n} ", f"{n}{NO_BREAK_SPACE}", 1)


_READ: Mapping[_Read, tuple[str, str, str]] = {
    "inputs": (
        language.message("the one input"),
        language.message("both inputs"),
        language.message("all {n} inputs"),
    ),
    "HOG values": (
        language.message("the one HOG value"),
        language.message("both HOG values"),
        language.message("all {n} HOG values"),
    ),
    "channels": (
        language.message("the one channel"),
        language.message("both channels"),
        language.message("all {n} channels"),
    ),
    "units": (
        language.message("the one unit of the layer before"),
        language.message("both units of the layer before"),
        language.message("all {n} units of the layer before"),
    ),
    "values": (
        language.message("the one value{detail} that the convolutions leave"),
        language.message("both values{detail} that the convolutions leave"),
        language.message("all {n} values{detail} that the convolutions leave"),
    ),
    "values of one": (
        language.message("the one value{detail} that the convolution leaves"),
        language.message("both values{detail} that the convolution leaves"),
        language.message("all {n} values{detail} that the convolution leaves"),
    ),
}


def _rest(record: Record, lines: Sequence[NamedLayer], place: int) -> str:
    """How much the other half of a mixed network holds."""
    convolutions = [layer for _, layer, _ in lines if layer.class_name in CONVOLUTIONS]
    dense = [layer for _, layer, _ in lines if layer.class_name == "Dense"]
    if not convolutions or not dense:
        return ""
    if lines[place][1].class_name in CONVOLUTIONS:
        return language.plural(
            "The dense layer holds {held} ({share}).",
            "The {n} dense layers together hold {held} ({share}).",
            len(dense),
            n=_word(len(dense)),
            **_held(dense, record),
        )
    return language.plural(
        "The convolution holds {held} ({share}): a filter has the same weights at every position of the"
        " image.",
        "The {n} convolutions together hold {held} ({share}): a filter has the same weights at every"
        " position of the image.",
        len(convolutions),
        n=_word(len(convolutions)),
        **_held(convolutions, record),
    )


def _held(layers: Sequence[Layer], record: Record) -> dict[str, str]:
    """How many parameters some layers hold, and their share."""
    held = sum(layer.parameters for layer in layers)
    return {"held": numbers.thousands(held), "share": numbers.share(held / record.total_params)}


def _word(count: int) -> str:
    return language.text(_WORDS[count]) if count < len(_WORDS) else numbers.thousands(count)


def _work(lines: Sequence[NamedLayer], extraction: int) -> str:
    """Multiply-adds from an image to its prediction, and the part of them that convolutions take."""
    work = [count for _, _, count in lines]
    total = sum(count or 0 for count in work) + extraction
    if any(count is None for count in work) or not total:
        return ""
    shared = sum(count or 0 for _, layer, count in lines if layer.class_name in CONVOLUTIONS)
    printed, part = numbers.thousands(total), numbers.share(shared / total)
    if not shared or math.isclose(shared, total):
        return language.text("One prediction takes {n} multiply-adds.", n=printed)
    if part == numbers.share(1.0):
        return language.plural(
            "One prediction takes {n} multiply-adds, nearly all of them in the convolution.",
            "One prediction takes {n} multiply-adds, nearly all of them in the convolutions.",
            _convolutions(lines),
            n=printed,
        )
    return language.plural(
        "One prediction takes {n} multiply-adds, {share} of them in the convolution.",
        "One prediction takes {n} multiply-adds, {share} of them in the convolutions.",
        _convolutions(lines),
        n=printed,
        share=part,
    )


def _hog(record: Record, extraction: int) -> str:
    return language.text(
        "Computing the {values} takes {n} of them and adds no parameter.",
        values=counts.hog_values(record.features.length),
        n=numbers.thousands(extraction),
    )
