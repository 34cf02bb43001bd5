"""The rules of Adam and of the optimisers that grew out of it, as Keras 3.15 computes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reportgen import language
from reportgen.report.parts import Definition
from reportgen.report.rules import COMMON, FIRST_MOMENT, MOVES, SECOND_MOMENT, STEPS, Lines, Rule

_KINGMA = "D. P. Kingma and J. Ba, “Adam: A method for stochastic optimization”, ICLR 2015"
_REDDI = "S. J. Reddi, S. Kale and S. Kumar, “On the convergence of Adam and beyond”, ICLR 2018"
_DOZAT = "T. Dozat, “Incorporating Nesterov momentum into Adam”, ICLR 2016 workshop"
_YOU = (
    "Y. You and others, “Large batch optimization for deep learning: Training BERT in 76 minutes”, ICLR 2020"
)
_SHAZEER = (
    "N. Shazeer and M. Stern, “Adafactor: Adaptive learning rates with sublinear memory cost”, ICML 2018"
)
_JORDAN = (
    "K. Jordan and others, “Muon: An optimizer for hidden layers in neural networks”, 2024; J. Liu and"
    " others, “Muon is scalable for LLM training”, arXiv:2502.16982, 2025"
)
_DEFAZIO = "A. Defazio and others, “The road less scheduled”, NeurIPS 2024"
_SYMBOLS = {
    "learning_rate": "symbol-eta",
    "beta_1": "symbol-beta-1",
    "beta_2": "symbol-beta-2",
    "epsilon": "symbol-epsilon",
}
_MOMENTS = Lines(language.message("The two averages are"), "adam-moments")
_EVERY = (*COMMON, FIRST_MOMENT, SECOND_MOMENT, STEPS)


def adam(settings: Mapping[str, Any]) -> Rule:
    """Adam, with AMSGrad or without; AdamW has the same equations."""
    idea = language.message(
        "Adam keeps a running average of the gradient and one of its square, and divides the one by the root"
        " of the other; both start at zero, which the factor before the fraction makes up for."
    )
    if not settings.get("amsgrad"):
        return Rule("Adam", idea, (_MOMENTS, Lines(MOVES, "adam-update")), _EVERY, _SYMBOLS, _KINGMA)
    lead = language.message("and the weight moves by, the divisor never growing smaller,")
    largest = Definition("symbol-v-hat-t", language.message("the largest of these averages so far"))
    lines = (_MOMENTS, Lines(lead, "adam-amsgrad"))
    title = language.message("Adam with AMSGrad")
    return Rule(title, idea, lines, (*_EVERY, largest), _SYMBOLS, _REDDI)


def adamax(settings: Mapping[str, Any]) -> Rule:
    """Adamax."""
    idea = language.message(
        "Adamax is Adam with another divisor: the largest of the recent gradients in place of the root of"
        " their mean square."
    )
    lines = (
        Lines(language.message("The average and the divisor are"), "adamax-moments"),
        Lines(MOVES, "adamax-update"),
    )
    largest = Definition(
        "symbol-u-t", language.message("the largest of the recent gradients, each counted the less the older")
    )
    meanings = {"beta_2": language.message("Part of the largest gradient that is kept at each step.")}
    definitions = (*COMMON, FIRST_MOMENT, largest, STEPS)
    return Rule("Adamax", idea, lines, definitions, _SYMBOLS, _KINGMA, meanings)


def nadam(settings: Mapping[str, Any]) -> Rule:
    """Nadam."""
    idea = language.message(
        "Nadam is Adam with Nesterov's momentum: the average of the gradient is taken one step further before"
        " it is used. How much of it is carried on grows over the first few hundred steps."
    )
    lines = (
        _MOMENTS,
        Lines(language.message("what is carried on follows a schedule of its own,"), "nadam-schedule"),
        Lines(language.message("by which the averages become"), "nadam-estimates"),
        Lines(MOVES, "nadam-update"),
    )
    definitions = (
        *_EVERY,
        Definition("symbol-mu-t", language.message("the part that is carried on at step t")),
        Definition("symbol-capital-u-t", language.message("the product of these parts so far")),
    )
    return Rule("Nadam", idea, lines, definitions, _SYMBOLS, _DOZAT)


def lamb(settings: Mapping[str, Any]) -> Rule:
    """LAMB."""
    idea = language.message(
        "LAMB takes the direction of Adam and gives the step of each variable a length in proportion to that"
        " variable, so that large batches can be trained with large learning rates."
    )
    lines = (_MOMENTS, Lines(MOVES, "lamb-update"))
    definitions = (
        *_EVERY,
        Definition("symbol-r-t", language.message("the direction of the step")),
        Definition(
            "symbol-norm",
            language.message(
                "the root of the sum of the squares over all weights of a variable; where it is zero, the"
                " ratio counts as 1"
            ),
        ),
    )
    return Rule("LAMB", idea, lines, definitions, _SYMBOLS, _YOU)


def adafactor(settings: Mapping[str, Any]) -> Rule:
    """Adafactor."""
    idea = language.message(
        "Adafactor divides as Adam does, but of the averages of squared gradients it keeps only the means of"
        " rows and of columns, which saves memory, and it sets the length of a step by the size of the"
        " weights."
    )
    lines = (
        Lines(language.message("The rates of a step are"), "adafactor-rates"),
        Lines(language.message("for a matrix of weights the squared gradients are averaged by"),
              "adafactor-factors"),
        Lines(language.message("for a vector, such as biases, by"), "adafactor-vector"),
        Lines(MOVES, "adafactor-update"),
    )  # fmt: skip
    definitions = (
        *COMMON,
        STEPS,
        Definition("symbol-b-t", language.message("the part of the averages that is kept")),
        Definition("symbol-alpha-t", language.message("the length of the step")),
        Definition("symbol-capital-r-i", language.message("the average of row i of the last two dimensions")),
        Definition("symbol-capital-c-j", language.message("the average of column j of these")),
        Definition("symbol-rms", language.message("the root of the mean square over a variable")),
    )
    symbols = {
        "learning_rate": "symbol-eta",
        "beta_2_decay": "symbol-d",
        "epsilon_1": "symbol-epsilon-1",
        "epsilon_2": "symbol-epsilon-2",
        "clip_threshold": "symbol-c",
    }
    return Rule("Adafactor", idea, lines, definitions, symbols, _SHAZEER)


def muon(settings: Mapping[str, Any]) -> Rule:
    """Muon, which steps by Adam where a variable is no matrix."""
    idea = language.message(
        "Muon makes the step of a matrix of weights nearly orthogonal, so that no direction outweighs the"
        " others. Biases, the kernels of convolutions and layers that it is told to leave out are trained by"
        " Adam."
    )
    nesterov = settings.get("nesterov", True)
    scaled = settings.get("rms_rate") is not None
    lines = (
        Lines(language.message("The step starts from"), "muon-nesterov" if nesterov else "muon-momentum"),
        Lines(language.message("is made orthogonal by"), "muon-iteration"),
        Lines(MOVES, "muon-update" if scaled else "muon-update-plain"),
    )
    definitions: tuple[Definition, ...] = (
        *COMMON,
        Definition("symbol-m-t", language.message("the gradients so far, the older ones counting less")),
        Definition("symbol-d-t", language.message("the direction before it is made orthogonal")),
        Definition("symbol-capital-x-k", language.message("this direction after k rounds")),
    )
    if scaled:
        sides = Definition("symbol-h", language.message("the rows of the matrix; w are its columns"))
        definitions = (*definitions, sides)
    symbols = {
        "learning_rate": "symbol-eta",
        "momentum": "symbol-mu",
        "muon_a": "symbol-a",
        "muon_b": "symbol-b",
        "muon_c": "symbol-c",
        "ns_steps": "symbol-capital-k",
        **({"rms_rate": "symbol-s"} if scaled else {}),
    }
    return Rule("Muon", idea, lines, definitions, symbols, _JORDAN)


def schedule_free(settings: Mapping[str, Any]) -> Rule:
    """ScheduleFreeAdamW."""
    idea = language.message(
        "The schedule-free form of AdamW needs no learning rate that falls: it steps with one sequence of"
        " weights and averages another; gradients are taken, and the network is tested, at a point between"
        " the two. To find the average again Keras takes the sequence after its step, where the published"
        " method takes it before."
    )
    lines: tuple[Lines, ...] = (
        Lines(language.message("The sequence that steps is"), "schedule-free-average"),
        Lines(language.message("the average, and the point between the two, are"), "schedule-free-update"),
    )
    symbols = dict(_SYMBOLS)
    if settings.get("warmup_steps"):
        lines = (*lines, Lines(language.message("In the first steps the rate rises:"), "warm-up"))
        symbols["warmup_steps"] = "symbol-w"
    definitions = (
        *COMMON,
        SECOND_MOMENT,
        Definition("symbol-z-t", language.message("the sequence that steps; it starts as the weights do")),
        Definition("symbol-x-t", language.message("its average")),
        STEPS,
    )
    meanings = {"beta_1": language.message("Part of the average at the point that is tested.")}
    return Rule("ScheduleFreeAdamW", idea, lines, definitions, symbols, _DEFAZIO, meanings)
