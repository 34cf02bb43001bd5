"""What is known of losses: what each measures, its equation as Keras 3.15 computes it, its symbols.

`keras/src/losses/losses.py`; a test compares each equation with the loss itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reportgen import language
from reportgen.report.parts import Definition


@dataclass(frozen=True)
class LossRule:
    """What a loss measures, in English, and its equation.

    Parameters
    ----------
    title, idea, equation : str
    symbols : mapping of str to str
        Equation file of an argument's symbol.
    meanings : mapping of str to str
        What an argument does here, where that is not what it does elsewhere.
    """

    title: str
    idea: str
    equation: str
    symbols: Mapping[str, str] = field(default_factory=dict)
    meanings: Mapping[str, str] = field(default_factory=dict)


_NEGATIVE_LOGARITHM = language.message(
    "The loss is the mean negative logarithm of the probability given to the true class. It falls to"
    " zero only where every item is given its class with certainty, so it can go on falling, or rise,"
    " while the accuracy stands still."
)
_SURE = language.message(
    "It is cross-entropy in which items that the model is sure of already count for less."
)
_OVERLAP = language.message(
    "The loss is one less a measure of how far the outputs and the labels of a whole batch overlap; small"
    " batches therefore train otherwise than large ones."
)

LOSSES: Mapping[str, LossRule] = {
    "categorical_crossentropy": LossRule(
        language.message("Categorical cross-entropy"), _NEGATIVE_LOGARITHM, "cross-entropy"
    ),
    "sparse_categorical_crossentropy": LossRule(
        language.message("Sparse categorical cross-entropy"), _NEGATIVE_LOGARITHM, "cross-entropy"
    ),
    "categorical_focal_crossentropy": LossRule(
        language.message("Categorical focal cross-entropy"), _SURE, "focal-cross-entropy",
        {"alpha": "symbol-a", "gamma": "symbol-gamma"},
    ),
    "binary_crossentropy": LossRule(
        language.message("Binary cross-entropy"),
        language.message(
            "Every output is judged by itself: the loss is the mean negative logarithm of the probability"
            " given to what is true of it, that the item is of the class or that it is not."
        ),
        "binary-cross-entropy",
    ),
    "binary_focal_crossentropy": LossRule(
        language.message("Binary focal cross-entropy"),
        language.message(
            "Every output is judged by itself, as in binary cross-entropy, and those that the model is sure"
            " of already count for less."
        ),
        "binary-focal",
        {"gamma": "symbol-gamma"},
        {"alpha": language.message("Weight of what is true, where classes are balanced.")},
    ),
    "mean_squared_error": LossRule(
        language.message("Mean squared error"),
        language.message("The loss is the mean square of what each output lies away from its target."),
        "mean-squared-error",
    ),
    "mean_absolute_error": LossRule(
        language.message("Mean absolute error"),
        language.message("The loss is the mean of what each output lies away from its target."),
        "mean-absolute-error",
    ),
    "mean_absolute_percentage_error": LossRule(
        language.message("Mean absolute percentage error"),
        language.message(
            "The loss is the mean of what each output lies away from its target, in per cent of the target."
            " A target of zero counts as a ten-millionth: of one-hot labels, almost nothing but the outputs"
            " of the wrong classes counts."
        ),
        "mean-absolute-percentage-error",
    ),
    "mean_squared_logarithmic_error": LossRule(
        language.message("Mean squared logarithmic error"),
        language.message("The loss is the mean square of what output and target lie apart as logarithms."),
        "mean-squared-logarithmic-error",
    ),
    "huber": LossRule(
        language.message("Huber loss"),
        language.message("Small errors are squared, large ones count by their size: single ones weigh less."),
        "huber",
        {"delta": "symbol-delta"},
    ),
    "log_cosh": LossRule(
        language.message("Logarithm of the hyperbolic cosine"),
        language.message("Small errors count by their square, large ones by their size."),
        "log-cosh",
    ),
    "kl_divergence": LossRule(
        language.message("Kullback–Leibler divergence"),
        language.message(
            "The loss is what the model's probabilities lack of the label's. For labels that name one class"
            " with certainty it is the cross-entropy."
        ),
        "kl-divergence",
    ),
    "poisson": LossRule(
        language.message("Poisson loss"),
        language.message("Each output is taken for a mean number of events, each target for a count."),
        "poisson",
    ),
    "cosine_similarity": LossRule(
        language.message("Cosine similarity"),
        language.message(
            "The loss is the negative cosine of the angle between outputs and label; −1 is the best."
        ),
        "cosine-similarity",
    ),
    "hinge": LossRule(
        language.message("Hinge loss"),
        language.message(
            "Every output should be at least 1 for what is true and at most −1 for what is not; what is"
            " missing is the loss."
        ),
        "hinge",
    ),
    "squared_hinge": LossRule(
        language.message("Squared hinge loss"),
        language.message(
            "Every output should be at least 1 for what is true and at most −1 for what is not; what is"
            " missing is squared."
        ),
        "squared-hinge",
    ),
    "categorical_hinge": LossRule(
        language.message("Categorical hinge loss"),
        language.message(
            "The output of the true class should exceed the largest other one by 1; what is missing is the"
            " loss."
        ),
        "categorical-hinge",
    ),
    "dice": LossRule(language.message("Dice loss"), _OVERLAP, "dice"),
    "tversky": LossRule(
        language.message("Tversky loss"), _OVERLAP, "tversky",
        {"alpha": "symbol-a", "beta": "symbol-b"},
        {
            "alpha": language.message("Weight of what the outputs lack."),
            "beta": language.message("Weight of what the outputs have too much."),
        },
    ),
}  # fmt: skip
"""By Keras's name; others have no equation."""

_ALIASES = {
    "bce": "binary_crossentropy", "mse": "mean_squared_error", "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error", "msle": "mean_squared_logarithmic_error",
    "kld": "kl_divergence", "huber_loss": "huber",
}  # fmt: skip

CROSS_ENTROPY = frozenset(
    {"categorical_crossentropy", "sparse_categorical_crossentropy", "categorical_focal_crossentropy"}
)
"""Losses of probabilities that sum to one, whose labels are smoothed over all classes."""
BINARY = frozenset({"binary_crossentropy", "binary_focal_crossentropy"})
"""Losses that judge every output by itself; labels are smoothed between two answers."""


def loss_name(loss: Mapping[str, Any]) -> str:
    """Return the one name of a recorded loss that Keras knows by several."""
    name = str(loss["name"])
    return _ALIASES.get(name.lower(), name)


def loss_rule(name: str, settings: Mapping[str, Any]) -> LossRule | None:
    """Return what is known of a loss; None where no equation is prepared for it with these settings."""
    found = LOSSES.get(name)
    if found is None or settings.get("apply_class_balancing") or settings.get("ignore_class") is not None:
        return None
    return found


def smoothing(name: str, settings: Mapping[str, Any]) -> str:
    """Return the equation by which the labels are smoothed; empty where they are not."""
    if not settings.get("label_smoothing"):
        return ""
    return "binary-label-smoothing" if name in BINARY else "label-smoothing" if name in CROSS_ENTROPY else ""


OUTPUTS = (
    Definition("symbol-capital-n", language.message("the number of items in the batch")),
    Definition("symbol-capital-c", language.message("the number of classes")),
    Definition("symbol-y-i-c", language.message("1 where item i is of class c, and 0 elsewhere")),
)
PROBABILITY = Definition(
    "symbol-y-hat-i-c", language.message("the probability the model gives to class c for item i")
)
OUTPUT = Definition("symbol-y-hat-i-c", language.message("the output of the model for class c and item i"))
_OF_OUTPUTS = frozenset({"hinge", "squared_hinge", "categorical_hinge", "poisson", "cosine_similarity"})


def definitions(name: str) -> tuple[Definition, ...]:
    """Return the symbols of a loss's equation."""
    return (*OUTPUTS, OUTPUT if name in _OF_OUTPUTS else PROBABILITY)
