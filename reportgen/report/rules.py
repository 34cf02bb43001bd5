"""How an optimiser changes a weight, as data: its equations, their symbols, and where they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reportgen import language
from reportgen.report.parts import Definition


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
        In English, as all texts of the rules, and translated where it is printed.
    idea : str
        One or two sentences.
    lines : tuple of Lines
        Empty where no equation is prepared.
    definitions : tuple of Definition
        The symbols that are no arguments.
    symbols : mapping of str to str
        Equation file of an argument's symbol, by argument.
    source : str
        The publication, in the language it is written in.
    meanings : mapping of str to str
        What an argument does here, where that is not what it does elsewhere.
    decays : bool
        Whether a weight decay acts as in the common equation.
    """

    title: str
    idea: str
    lines: tuple[Lines, ...] = ()
    definitions: tuple[Definition, ...] = ()
    symbols: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    meanings: Mapping[str, str] = field(default_factory=dict)
    decays: bool = True


COMMON = (
    Definition("symbol-theta-t", language.message("a weight or bias at step t")),
    Definition(
        "symbol-g-t", language.message("the gradient of the loss with respect to it, averaged over the batch")
    ),
)
STEPS = Definition("symbol-t", language.message("the number of the step, the first one being 1"))
FIRST_MOMENT = Definition("symbol-m-t", language.message("the running average of the gradient"))
SECOND_MOMENT = Definition("symbol-v-t", language.message("the running average of its square"))
MEAN_SQUARE = Definition(
    "symbol-mean-square", language.message("the running average of the squared gradient")
)
AVERAGE = Lines(language.message("The running average of the squared gradient is"), "rmsprop-average")
MOVES = language.message("and the weight moves by")
