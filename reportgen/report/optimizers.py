"""What is known of optimisers and losses: their equations, their symbols, their arguments.

The equations are those that Keras 3.15 computes (`keras/src/optimizers/*.py`): RMSprop and
Adagrad add epsilon inside the root, Adam outside it. They are drawn in templates/equations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from reportgen import language
from reportgen.report.parts import Definition

_COMMON = (
    Definition("symbol-theta-t", language.message("a weight or bias at step t")),
    Definition(
        "symbol-g-t", language.message("the gradient of the loss with respect to it, averaged over the batch")
    ),
)
_MEAN_SQUARE = Definition(
    "symbol-mean-square", language.message("the running average of the squared gradient")
)
_MEAN = Definition("symbol-mean", language.message("the running average of the gradient"))
_STEP = Definition("symbol-u-t", language.message("the step, which carries on a part of the one before"))
_VELOCITY = Definition(
    "symbol-v-t", language.message("the velocity, which carries on a part of the one before")
)


@dataclass(frozen=True)
class Lines:
    """A sentence and the equation it leads to."""

    lead: str
    equation: str


@dataclass(frozen=True)
class Rule:
    """How an optimiser changes a weight.

    Parameters
    ----------
    title : str
        In English, as all texts of this module, and translated where it is printed.
    idea : str
        One or two sentences.
    lines : tuple of Lines
        Empty where no equation is prepared.
    definitions : tuple of Definition
        The symbols that are no arguments.
    symbols : mapping of str to str
        Equation file of an argument's symbol, by argument.
    """

    title: str
    idea: str
    lines: tuple[Lines, ...] = ()
    definitions: tuple[Definition, ...] = ()
    symbols: Mapping[str, str] = field(default_factory=dict)


_RMSPROP_IDEA = language.message(
    "RMSprop divides the step of each weight by the root of a running average of its squared gradients."
    " The length of a step becomes nearly independent of the size of the gradient, so one learning rate"
    " serves all layers; where the gradient keeps changing sign, the steps cancel and the weight"
    " moves little."
)
_SGD_IDEA = language.message(
    "Stochastic gradient descent moves each weight against the gradient of the loss on one batch."
)
_MOMENTUM_IDEA = language.message(
    "Stochastic gradient descent moves each weight against the gradient of the loss on one batch; with"
    " momentum it carries on in the direction it had."
)
_RMSPROP_SYMBOLS = {
    "learning_rate": "symbol-eta",
    "rho": "symbol-rho",
    "epsilon": "symbol-epsilon",
    "momentum": "symbol-mu",
}
_AVERAGE = Lines(language.message("The running average of the squared gradient is"), "rmsprop-average")


def rule(name: str, settings: Mapping[str, Any]) -> Rule:
    """Return the rule of an optimiser with these settings; one without lines where none is prepared."""
    builders = {"rmsprop": _rmsprop, "sgd": _sgd, "adam": _adam, "adamw": _adam, "adagrad": _adagrad}
    builder = builders.get(name.lower())
    found = builder(settings) if builder else None
    if found is None:
        return Rule(name, "")
    if name.lower() == "adamw":
        found = replace(found, title="AdamW")
    if settings.get("weight_decay"):
        decay = Lines(
            language.message("Before each step every weight is made a little smaller:"), "weight-decay"
        )
        symbols = {**found.symbols, "weight_decay": "symbol-lambda"}
        found = replace(found, lines=(*found.lines, decay), symbols=symbols)
    return found


def _rmsprop(settings: Mapping[str, Any]) -> Rule | None:
    momentum, centered = bool(settings.get("momentum")), bool(settings.get("centered"))
    if momentum and centered:
        return None
    title = "RMSprop"
    definitions: tuple[Definition, ...] = (*_COMMON, _MEAN_SQUARE)
    symbols = {name: symbol for name, symbol in _RMSPROP_SYMBOLS.items() if momentum or name != "momentum"}
    lines: tuple[Lines, ...] = (
        _AVERAGE,
        Lines(language.message("and the weight moves by"), "rmsprop-update"),
    )
    if momentum:
        title, definitions = language.message("RMSprop with momentum"), (*definitions, _STEP)
        step = Lines(
            language.message("and the weight moves by a step that keeps some of its momentum:"),
            "rmsprop-momentum",
        )
        lines = (_AVERAGE, step)
    elif centered:
        title, definitions = language.message("RMSprop, centred"), (*definitions, _MEAN)
        lines = (
            _AVERAGE,
            Lines(language.message("that of the gradient itself is"), "rmsprop-centered-average"),
            Lines(language.message("and the weight moves by"), "rmsprop-centered-update"),
        )
    return Rule(title, _RMSPROP_IDEA, lines, definitions, symbols)


def _sgd(settings: Mapping[str, Any]) -> Rule:
    symbols = {"learning_rate": "symbol-eta"}
    if not settings.get("momentum"):
        return Rule(
            "SGD", _SGD_IDEA, (Lines(language.message("The weight moves by"), "sgd"),), _COMMON, symbols
        )
    symbols["momentum"] = "symbol-mu"
    definitions = (*_COMMON, _VELOCITY)
    if settings.get("nesterov"):
        lines = (Lines(language.message("With Nesterov's momentum the weight moves by"), "sgd-nesterov"),)
        title = language.message("SGD with Nesterov momentum")
        return Rule(title, _MOMENTUM_IDEA, lines, definitions, symbols)
    lines = (Lines(language.message("The weight moves by"), "sgd-momentum"),)
    return Rule(language.message("SGD with momentum"), _MOMENTUM_IDEA, lines, definitions, symbols)


def _adam(settings: Mapping[str, Any]) -> Rule | None:
    if settings.get("amsgrad"):
        return None
    idea = language.message(
        "Adam keeps a running average of the gradient and one of its square, and divides the one by the root"
        " of the other; both start at zero, which the factor before the fraction makes up for."
    )
    lines = (
        Lines(language.message("The two averages are"), "adam-moments"),
        Lines(language.message("and the weight moves by"), "adam-update"),
    )
    definitions = (
        *_COMMON,
        Definition("symbol-m-t", language.message("the running average of the gradient")),
        Definition("symbol-v-t", language.message("the running average of its square")),
    )
    symbols = {
        "learning_rate": "symbol-eta",
        "beta_1": "symbol-beta-1",
        "beta_2": "symbol-beta-2",
        "epsilon": "symbol-epsilon",
    }
    return Rule("Adam", idea, lines, definitions, symbols)


def _adagrad(settings: Mapping[str, Any]) -> Rule:
    idea = language.message(
        "Adagrad divides the step of each weight by the root of the sum of all its squared gradients so far."
    )
    lines = (
        Lines(language.message("The sum is"), "adagrad-sum"),
        Lines(language.message("and the weight moves by"), "adagrad-update"),
    )
    definitions = (
        *_COMMON,
        Definition("symbol-capital-g-t", language.message("the sum of the squared gradients so far")),
    )
    symbols = {
        "learning_rate": "symbol-eta",
        "initial_accumulator_value": "symbol-capital-g-0",
        "epsilon": "symbol-epsilon",
    }
    return Rule("Adagrad", idea, lines, definitions, symbols)


MEANINGS = {
    "learning_rate": language.message("Size of the steps."),
    "rho": language.message("Part of the running average that is kept at each step."),
    "momentum": language.message("Part of the last step that is carried into the next; 0 turns it off."),
    "epsilon": language.message("Small constant that keeps the divisor away from zero."),
    "centered": language.message("Whether the variance of the gradient takes the place of its mean square."),
    "nesterov": language.message("Whether the gradient is applied after a look ahead along the velocity."),
    "beta_1": language.message("Part of the average of the gradient that is kept at each step."),
    "beta_2": language.message("Part of the average of the squared gradient that is kept at each step."),
    "amsgrad": language.message("Whether the largest average of the squared gradient so far is used."),
    "initial_accumulator_value": language.message("What the sum of squared gradients starts from."),
    "weight_decay": language.message("Part of every weight that is taken off at each step."),
    "clipnorm": language.message("Largest norm of the gradient of one variable."),
    "clipvalue": language.message("Largest absolute value of one component of a gradient."),
    "global_clipnorm": language.message("Largest norm of the gradient of all variables together."),
    "use_ema": language.message("Whether the weights are replaced by their running average."),
    "ema_momentum": language.message("Part of that running average that is kept at each step."),
    "ema_overwrite_frequency": language.message("Steps between two such replacements."),
    "loss_scale_factor": language.message(
        "Factor on the loss before gradients are taken, and off again after."
    ),
    "gradient_accumulation_steps": language.message("Batches whose gradients are averaged before a step."),
    "from_logits": language.message("Whether the model gives scores before the softmax."),
    "label_smoothing": language.message("Part of each label that is spread over all classes."),
    "axis": language.message("Axis of the classes."),
    "reduction": language.message("How the losses of a batch become one number."),
}

IGNORED = frozenset({"name", "dtype"})
"""Settings that change nothing in the computation."""

OUTSIDE = (
    "clipnorm",
    "clipvalue",
    "global_clipnorm",
    "use_ema",
    "gradient_accumulation_steps",
)
"""Settings that, where they are on, change the step beyond the equations."""

CROSS_ENTROPY = frozenset({"categorical_crossentropy", "sparse_categorical_crossentropy"})


@dataclass(frozen=True)
class LossRule:
    """What a loss measures, in English, and its equation."""

    title: str
    idea: str
    equation: str


_NEGATIVE_LOGARITHM = language.message(
    "The loss is the mean negative logarithm of the probability given to the true class. It falls to"
    " zero only where every item is given its class with certainty, so it can go on falling, or rise,"
    " while the accuracy stands still."
)
LOSSES = {
    "categorical_crossentropy": LossRule(
        language.message("Categorical cross-entropy"), _NEGATIVE_LOGARITHM, "cross-entropy"
    ),
    "sparse_categorical_crossentropy": LossRule(
        language.message("Sparse categorical cross-entropy"), _NEGATIVE_LOGARITHM, "cross-entropy"
    ),
    "binary_crossentropy": LossRule(
        language.message("Binary cross-entropy"),
        language.message(
            "Every output is judged by itself: the loss is the mean negative logarithm of the probability"
            " given to what is true of it, that the item is of the class or that it is not."
        ),
        "binary-cross-entropy",
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
}
"""By Keras's name; others have no equation."""
