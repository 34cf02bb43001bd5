"""The drawing of a network in words: how to read it, and as alternative text."""

from __future__ import annotations

from reportgen import language
from reportgen.analysis import counts, numbers
from reportgen.analysis.complexity import layer_costs
from reportgen.analysis.layer_words import in_training_only
from reportgen.analysis.layers import frozen, learns, within
from reportgen.records import Record
from reportgen.results import Result


def legend(record: Record) -> str:
    """How to read the drawing of a network: what is drawn in it, and nothing else."""
    parts = [
        language.text(
            "In grey, the shape of an output; in black, parameters, and as a bar a layer’s part of all"
            " {total}.",
            total=numbers.thousands(record.total_params),
        )
    ]
    if any(in_training_only(layer) for layer in record.layers):
        parts.append(language.text("Dotted: acts in training only."))
    if any(frozen(layer) for layer in record.layers):
        parts.append(language.text("Dashed: frozen, training leaves it as it is."))
    return " ".join(parts)


def describe_network(result: Result) -> str:
    """Alternative text of `network`: from what to what, how many layers, where the parameters are."""
    record = result.records[0]
    layers = record.layers
    first = numbers.shape(layers[0].input_shape)
    heads = [layer for layer in layers if learns(layer)]
    said = [
        language.text(
            "A network from {input} inputs to {outputs}: {layers}, {heads} of them with weights to learn,"
            " {parameters} parameters.",
            input=first,
            outputs=counts.outputs(layers[-1].output_shape[-1]),
            layers=language.plural("{n} layer", "{n} layers", len(layers), n=len(layers)),
            heads=len(heads),
            parameters=numbers.thousands(record.total_params),
        )
    ]
    if record.total_params:
        largest = max(layer_costs(record), key=lambda cost: cost.total)
        said.append(
            language.text(
                "Most of them, {share}, are in {layer}.",
                share=numbers.share(largest.share),
                layer=language.quoted(largest.name),
            )
        )
    kept = record.total_params - record.trainable_params
    if kept:
        said.append(language.text("Training leaves {n} of them alone.", n=numbers.thousands(kept)))
    for layer in layers:
        if layer.inner:
            said.append(language.text("A network of {n} layers stands in it as one.", n=len(within(layer))))
    if record.augmentation:
        said.append(
            language.plural(
                "The first layer alters the images at random, in training only.",
                "The first {n} layers alter the images at random, in training only.",
                record.augmentation,
                n=record.augmentation,
            )
        )
    return " ".join(said)
