"""How the training curve was measured, read from the recorded layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from reportgen import language
from reportgen.records import Layer, Record

PENALTIES = ("kernel_regularizer", "bias_regularizer", "activity_regularizer")


def dropout_is_on(record: Record) -> bool:
    """Whether a layer drops units in training."""
    return any(_drops(layer) for layer in record.layers)


def _drops(layer: Layer) -> bool:
    return "Dropout" in layer.class_name and layer.settings.get("rate") != 0


def only_in_training(record: Record) -> tuple[str, ...]:
    """Return what the layers do in training alone, in words, each once."""
    kinds: dict[str, Callable[[Layer], bool]] = {
        language.text("dropout"): _drops,
        language.text("added noise"): lambda layer: layer.class_name == "GaussianNoise",
        language.text("random changes of the images"): lambda layer: layer.class_name.startswith("Random"),
        language.text("the batch's own averages in normalisation"): lambda layer: (
            layer.class_name == "BatchNormalization" and layer.settings.get("trainable") is not False
        ),
    }
    return tuple(name for name, does in kinds.items() if any(does(layer) for layer in record.layers))


def penalties(record: Record) -> tuple[str, ...]:
    """Return the penalties that the layers add to the loss, by Keras's names, each once."""
    found = {name for layer in record.layers for name in PENALTIES if _is_set(layer.settings.get(name))}
    if any(_penalises(layer) for layer in record.layers):
        found.add("ActivityRegularization")
    return tuple(sorted(found))


def _is_set(setting: Any) -> bool:
    """Keras reports a regulariser as None, as text, or as a class with its factors."""
    if isinstance(setting, Mapping) and isinstance(setting.get("config"), Mapping):
        factors = [v for v in setting["config"].values() if isinstance(v, (int, float))]
        return not factors or any(factors)
    return setting is not None


def _penalises(layer: Layer) -> bool:
    return layer.class_name == "ActivityRegularization" and any(
        layer.settings.get(name) for name in ("l1", "l2")
    )


def how_measured(record: Record) -> str:
    """Return in one or two sentences why the two curves are not like with like.

    Keras adds penalties to the losses of training and of validation, so both are said to contain them.
    """
    things = only_in_training(record)
    if things:
        said = language.text(
            "The two are not measured alike: training figures are means over the epoch, with {things};"
            " validation figures are taken after it, without.",
            things=language.listed(things),
        )
    else:
        said = language.text(
            "The two are not measured alike: training figures are means over the epoch, while the weights"
            " still move; validation figures are taken after it."
        )
    if names := penalties(record):
        said += " " + language.text(
            "Both losses contain the penalties of {names}.", names=language.listed(names)
        )
    return said
