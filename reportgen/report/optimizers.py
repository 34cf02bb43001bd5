"""What is known of optimisers: the rule of each with the settings it has.

The equations are those that Keras 3.15 computes (`keras/src/optimizers/*.py`): RMSprop, Adagrad and Adadelta
add epsilon inside the root, Adam and its kin outside it. They are drawn in templates/equations; a test
compares each with steps of the real optimiser.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from reportgen import language
from reportgen.report.optimizers_adam import adafactor, adam, adamax, lamb, muon, nadam, schedule_free
from reportgen.report.parts import Definition
from reportgen.report.rules import AVERAGE, COMMON, FIRST_MOMENT, MEAN_SQUARE, MOVES, Lines, Rule

_MEAN = Definition("symbol-mean", language.message("the running average of the gradient"))
_STEP = Definition("symbol-u-t", language.message("the step, which carries on a part of the one before"))
_VELOCITY = Definition(
    "symbol-v-t", language.message("the velocity, which carries on a part of the one before")
)
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
_TIELEMAN = (
    "T. Tieleman and G. Hinton, “Lecture 6.5: RMSprop”, Coursera: Neural Networks for Machine Learning, 2012"
)
_GRAVES = "A. Graves, “Generating sequences with recurrent neural networks”, arXiv:1308.0850, 2013"
_ROBBINS = "H. Robbins and S. Monro, “A stochastic approximation method”, Ann. Math. Statist. 22, 1951"
_POLYAK = "B. T. Polyak, “Some methods of speeding up the convergence of iteration methods”, 1964"
_SUTSKEVER = (
    "I. Sutskever and others, “On the importance of initialization and momentum in deep learning”, ICML 2013"
)
_DUCHI = (
    "J. Duchi, E. Hazan and Y. Singer, “Adaptive subgradient methods for online learning and stochastic"
    " optimization”, JMLR 12, 2011"
)
_ZEILER = "M. D. Zeiler, “ADADELTA: An adaptive learning rate method”, arXiv:1212.5701, 2012"
_MCMAHAN = "H. B. McMahan and others, “Ad click prediction: A view from the trenches”, KDD 2013"
_CHEN = "X. Chen and others, “Symbolic discovery of optimization algorithms”, NeurIPS 2023"


def rule(name: str, settings: Mapping[str, Any]) -> Rule:
    """Return the rule of an optimiser with these settings; one without lines where none is prepared.

    Parameters
    ----------
    name : str
        Keras's name of the class, in any case.
    settings : mapping
        As Keras reports them.
    """
    builder = _BUILDERS.get(name.lower())
    if builder is None:
        return Rule(name, "")
    found = builder(settings)
    if name.lower() == "adamw":
        found = replace(found, title="AdamW", source=_LOSHCHILOV)
    if settings.get("weight_decay") and found.decays:
        decay = Lines(
            language.message("Before each step every weight is made a little smaller:"), "weight-decay"
        )
        symbols = {**found.symbols, "weight_decay": "symbol-lambda"}
        found = replace(found, lines=(*found.lines, decay), symbols=symbols)
    return found


_LOSHCHILOV = "I. Loshchilov and F. Hutter, “Decoupled weight decay regularization”, ICLR 2019"


def _rmsprop(settings: Mapping[str, Any]) -> Rule:
    momentum, centered = bool(settings.get("momentum")), bool(settings.get("centered"))
    symbols = {"learning_rate": "symbol-eta", "rho": "symbol-rho", "epsilon": "symbol-epsilon"}
    definitions: tuple[Definition, ...] = (*COMMON, MEAN_SQUARE)
    lines: tuple[Lines, ...] = (AVERAGE,)
    if centered:
        definitions = (*definitions, _MEAN)
        lines = (
            *lines,
            Lines(language.message("that of the gradient itself is"), "rmsprop-centered-average"),
        )
    if momentum:
        definitions, symbols["momentum"] = (*definitions, _STEP), "symbol-mu"
    step = (
        language.message("and the weight moves by a step that keeps some of its momentum:")
        if momentum
        else MOVES
    )
    titles = {
        (False, False): "RMSprop",
        (True, False): language.message("RMSprop with momentum"),
        (False, True): language.message("RMSprop, centred"),
        (True, True): language.message("RMSprop, centred, with momentum"),
    }
    equations = {
        (False, False): "rmsprop-update",
        (True, False): "rmsprop-momentum",
        (False, True): "rmsprop-centered-update",
        (True, True): "rmsprop-centered-momentum",
    }
    lines = (*lines, Lines(step, equations[momentum, centered]))
    source = _GRAVES if centered else _TIELEMAN
    return Rule(titles[momentum, centered], _RMSPROP_IDEA, lines, definitions, symbols, source)


def _sgd(settings: Mapping[str, Any]) -> Rule:
    symbols = {"learning_rate": "symbol-eta"}
    if not settings.get("momentum"):
        lines = (Lines(language.message("The weight moves by"), "sgd"),)
        return Rule("SGD", _SGD_IDEA, lines, COMMON, symbols, _ROBBINS)
    symbols["momentum"] = "symbol-mu"
    definitions = (*COMMON, _VELOCITY)
    if settings.get("nesterov"):
        lines = (Lines(language.message("With Nesterov's momentum the weight moves by"), "sgd-nesterov"),)
        title = language.message("SGD with Nesterov momentum")
        return Rule(title, _MOMENTUM_IDEA, lines, definitions, symbols, _SUTSKEVER)
    lines = (Lines(language.message("The weight moves by"), "sgd-momentum"),)
    title = language.message("SGD with momentum")
    return Rule(title, _MOMENTUM_IDEA, lines, definitions, symbols, _POLYAK)


def _adagrad(settings: Mapping[str, Any]) -> Rule:
    idea = language.message(
        "Adagrad divides the step of each weight by the root of the sum of all its squared gradients so far."
    )
    lines = (Lines(language.message("The sum is"), "adagrad-sum"), Lines(MOVES, "adagrad-update"))
    definitions = (
        *COMMON,
        Definition("symbol-capital-g-t", language.message("the sum of the squared gradients so far")),
    )
    symbols = {
        "learning_rate": "symbol-eta",
        "initial_accumulator_value": "symbol-capital-g-0",
        "epsilon": "symbol-epsilon",
    }
    return Rule("Adagrad", idea, lines, definitions, symbols, _DUCHI)


def _adadelta(settings: Mapping[str, Any]) -> Rule:
    idea = language.message(
        "Adadelta sets the length of a step by the steps before it: their root mean square takes the place"
        " that the learning rate has in RMSprop. Keras multiplies the step by a learning rate all the same;"
        " the method as it was published has the rate 1."
    )
    lines = (
        AVERAGE,
        Lines(language.message("and the weight moves by a step that is averaged in its turn:"),
              "adadelta-update"),
    )  # fmt: skip
    definitions = (
        *COMMON,
        MEAN_SQUARE,
        Definition("symbol-capital-delta-t", language.message("the step before the learning rate")),
        Definition("symbol-mean-square-step", language.message("the running average of its square")),
    )
    symbols = {"learning_rate": "symbol-eta", "rho": "symbol-rho", "epsilon": "symbol-epsilon"}
    return Rule("Adadelta", idea, lines, definitions, symbols, _ZEILER)


def _ftrl(settings: Mapping[str, Any]) -> Rule:
    idea = language.message(
        "FTRL (follow the regularised leader) computes each weight anew from sums over all gradients so far;"
        " with an L1 penalty, weights that matter little become exactly zero."
    )
    lines = (
        Lines(language.message("The two sums are"), "ftrl-sums"),
        Lines(language.message("and the weight becomes"), "ftrl-update"),
    )
    definitions = (
        *COMMON,
        Definition("symbol-n-t", language.message("the sum of the squared gradients so far")),
        Definition("symbol-z-t", language.message("the sum that the weight is computed from")),
    )
    symbols = {
        "learning_rate": "symbol-eta",
        "learning_rate_power": "symbol-p",
        "initial_accumulator_value": "symbol-n-0",
        "l1_regularization_strength": "symbol-lambda-1",
        "l2_regularization_strength": "symbol-lambda-2",
        "l2_shrinkage_regularization_strength": "symbol-lambda-s",
        "beta": "symbol-beta",
    }
    return Rule("FTRL", idea, lines, definitions, symbols, _MCMAHAN)


def _lion(settings: Mapping[str, Any]) -> Rule:
    idea = language.message(
        "Lion looks only at the sign of an average of gradients: in each step every weight moves by the same"
        " length, the learning rate."
    )
    lines = (Lines(language.message("The weight moves first, then the average:"), "lion"),)
    symbols = {"learning_rate": "symbol-eta", "beta_1": "symbol-beta-1", "beta_2": "symbol-beta-2"}
    meanings = {
        "beta_1": language.message("Part that the average has in the sign, beside the new gradient."),
        "beta_2": language.message("Part of the average that is kept at each step."),
    }
    return Rule("Lion", idea, lines, (*COMMON, FIRST_MOMENT), symbols, _CHEN, meanings)


_BUILDERS: Mapping[str, Callable[[Mapping[str, Any]], Rule]] = {
    "sgd": _sgd,
    "rmsprop": _rmsprop,
    "adagrad": _adagrad,
    "adadelta": _adadelta,
    "ftrl": _ftrl,
    "lion": _lion,
    "adam": adam,
    "adamw": adam,
    "adamax": adamax,
    "nadam": nadam,
    "lamb": lamb,
    "adafactor": adafactor,
    "muon": muon,
    "schedulefreeadamw": schedule_free,
}
"""By Keras's name in small letters."""
