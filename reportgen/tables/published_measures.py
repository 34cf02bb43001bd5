"""What others publish: each figure, the same quantity of ours, and how both are printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import fmean

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.published import (
    TEST,
    VALIDATION,
    Family,
    accuracy_epochs,
    best_validation_loss,
    loss_epochs,
)
from reportgen.analysis.scores import score
from reportgen.experiments.schema import Published
from reportgen.results import Result
from reportgen.tables import means
from reportgen.tables.cells import fraction_cell, loss_cell, number_cell, score_cell, whole
from reportgen.tables.table import Cell, Kind


@dataclass(frozen=True)
class Epochs:
    """Of which epochs a best figure is: the published one, and ours of each run."""

    theirs: Callable[[Published], int | None]
    ours: Callable[[Result], tuple[int, ...]]


@dataclass(frozen=True)
class Measure:
    """A figure that others publish, and how to get ours: a mean where the row has several runs.

    Parameters
    ----------
    name, unit, kind : str
    theirs, ours : callable
    cell, difference_cell : callable
    decimals : int
        That ours are printed with.
    family : Family or None
        Of an accuracy, which has an interval.
    epochs : Epochs or None
        Of a figure that is the best of all epochs.
    noise : tuple of str
        Its name among the figures that one configuration may have been published with twice.
    """

    name: str
    unit: str
    kind: Kind
    theirs: Callable[[Published], float | None]
    ours: Callable[[Result], float]
    cell: Callable[..., Cell]
    decimals: int
    difference_cell: Callable[[float, int], Cell]
    family: Family | None = None
    epochs: Epochs | None = None
    noise: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        """The heading over its columns."""
        title = language.text(self.name)
        return f"{title}, {self.unit}" if self.unit else title

    def given_decimals(self, value: float) -> int:
        """Decimals that a published figure was given with, and no more than ours have."""
        given = -int(Decimal(repr(value)).normalize().as_tuple().exponent)
        return min(self.decimals, max(0, given - (2 if self.kind == "percent" else 0)))

    def as_given(self, value: float) -> Cell:
        """A published figure with the decimals it was given with, and no more than ours have."""
        cell = self.cell(value)
        if isinstance(value, int):
            return cell
        printed = 100 * value if self.kind == "percent" else value
        return replace(cell, text=numbers.decimal(printed, self.given_decimals(value)))

    def tells(self, published: Sequence[Published]) -> bool:
        """Whether its columns say something: F1 in half of the rows at least, and not to 0.1."""
        given = [theirs for theirs in map(self.theirs, published) if theirs is not None]
        if self is not F1:
            return bool(given)
        finer = [theirs for theirs in given if self.given_decimals(theirs) > 1]
        return bool(finer) and 2 * len(given) >= len(published)


def _signed(value: float, decimals: int) -> Cell:
    text = numbers.decimal(value, decimals)
    positive = value > 0 and float(f"{value:.{decimals}f}") != 0
    return number_cell(round(value, 12), f"+{text}" if positive else text)


def _points(value: float, decimals: int) -> Cell:
    return number_cell(round(100 * value, 10), numbers.points(value, decimals))


def _whole_loss(result: Result) -> float:
    """With the penalties of regularisers, as Keras prints it and others publish it."""
    return fmean(record.evaluation["test"]["loss"] for record in result.records)


ACCURACY = Measure(
    language.message("Accuracy"), "%", "percent",
    TEST.theirs, lambda r: TEST.ours(r).mean, fraction_cell, 2, _points, TEST,
    noise=("test_accuracy",),
)  # fmt: skip
LOSS = Measure(
    language.message("Loss"), "", "number", lambda p: p.test_loss, _whole_loss,
    loss_cell, 3, _signed, noise=("test_loss",),
)  # fmt: skip
AT_TEST = Measure(
    language.message("Validation accuracy"), "%", "percent",
    lambda p: p.validation_accuracy, lambda r: score(r, "validation_accuracy").mean,
    fraction_cell, 2, _points, noise=("validation_accuracy",),
)  # fmt: skip
"""Without an interval: on how many images each published one was measured is not known row by row."""
VALIDATION_ACCURACY = Measure(
    language.message("Highest validation accuracy"), "%", "percent",
    VALIDATION.theirs, lambda r: VALIDATION.ours(r).mean, fraction_cell, 2, _points, VALIDATION,
    Epochs(lambda p: p.best_validation_accuracy_epoch, accuracy_epochs), ("best_validation_accuracy",),
)  # fmt: skip
VALIDATION_LOSS = Measure(
    language.message("Lowest validation loss"), "", "number",
    lambda p: p.best_validation_loss, best_validation_loss, loss_cell, 3, _signed, None,
    Epochs(lambda p: p.best_validation_loss_epoch, loss_epochs), ("best_validation_loss",),
)  # fmt: skip
F1 = Measure(
    language.message("F1"), "", "number", lambda p: p.f1, means.mean_f1,
    score_cell, 4, _signed, noise=("f1",),
)  # fmt: skip
PARAMETERS = Measure(
    language.message("Parameters"), "", "integer",
    lambda p: p.total_params, lambda r: r.records[0].total_params, whole, 0, _signed,
)  # fmt: skip
