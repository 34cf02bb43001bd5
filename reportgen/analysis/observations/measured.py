"""How the training curve was measured, read from the recorded layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from reportgen import language
from reportgen.records import Layer, Record

PENALTIES = ("kernel_regularizer", "bias_regularizer", "activity_regularizer")


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


def held_back(record: Record) -> tuple[str, ...]:
    """Return what makes the training figures look weaker than the network is, in words, each once.

    The batch's averages are not among them: which way they push is not known.
    """
    averages = language.text("the batch's own averages in normalisation")
    return tuple(name for name in only_in_training(record) if name != averages)


def gap_measured(record: Record) -> str:
    """Return in a sentence or two why a training figure above a validation one is not like with like."""
    if things := held_back(record):
        said = language.text("With {things}, the true gap is larger.", things=language.listed(things))
    elif only_in_training(record):
        said = language.text(
            "Training figures are means over the epoch, with the batch's own averages in normalisation."
        )
    else:
        said = language.text("Training figures are means over the epoch, while the weights still move.")
    return _with_penalties(record, said)


def above_measured(record: Record) -> str:
    """Return in a sentence or two why validation figures can look more favourable than training figures."""
    if things := held_back(record):
        said = language.text(
            "Expected with {things}: on for the training figures and off for validation, so training looks"
            " weaker than it is.",
            things=language.listed(things),
        )
    elif only_in_training(record):
        said = language.text(
            "Training figures are means over the epoch, with the batch's own averages in normalisation."
        )
    else:
        said = language.text(
            "No layer acts otherwise in training: left are that training figures are means over the epoch,"
            " and which items were held out."
        )
    return _with_penalties(record, said)


def _with_penalties(record: Record, said: str) -> str:
    """Keras adds penalties to the losses of training and of validation, so both are said to contain them."""
    names = penalties(record)
    if not names:
        return said
    return f"{said} " + language.text(
        "Both losses contain the penalties of {names}.", names=language.listed(names)
    )
