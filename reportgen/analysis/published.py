"""Figures that others published, and the same quantities of ours: of the weights tested, or of any epoch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from reportgen import language
from reportgen.analysis import lists, statistics
from reportgen.analysis.metrics import best_epochs
from reportgen.analysis.scores import Score, score
from reportgen.experiments.schema import Protocol, Published
from reportgen.results import Result


def best_validation_accuracy(result: Result, level: float = statistics.LEVEL) -> Score:
    """Return a row's highest validation accuracy of any epoch; over several runs the mean of each run's.

    The interval is made as for a test accuracy: Wilson's of one run, Student's of a mean. That the epoch
    was chosen by these very items is not in it, so it lies too high, the more so the more epochs there are.

    Raises
    ------
    ValueError
        The row has no record.
    """
    if not result.records:
        raise ValueError(f"row {result.row.id} has no record")
    # A curve that was never finite has no highest point.
    values = tuple(min(max(best_epochs(one).highest_accuracy, 0.0), 1.0) for one in result.records)
    items, mean = len(result.records[0].validation.y_true), fmean(values)
    if len(values) > 1:
        low, high = statistics.mean_interval(values, level)
    else:
        low, high = statistics.wilson(mean * items, items, level)
    return Score(
        measure="best_validation_accuracy",
        mean=mean,
        values=values,
        sd=statistics.sd(values) if len(values) > 1 else None,
        standard_error=fmean((value * (1 - value) / items) ** 0.5 for value in values),
        low=min(max(0.0, low), mean),
        high=max(min(1.0, high), mean),
        basis="t" if len(values) > 1 else "wilson",
        n=len(values),
        items=items,
        level=level,
    )


def best_validation_loss(result: Result) -> float:
    """Return a row's lowest validation loss of any epoch, the mean over its runs.

    It holds the penalties of regularisers, as the curves do and as others publish it.
    """
    return fmean(best_epochs(record).lowest_loss for record in result.records)


def accuracy_epochs(result: Result) -> tuple[int, ...]:
    """Return the epoch of the highest validation accuracy, from 1, of each run."""
    return tuple(best_epochs(record).by_accuracy for record in result.records)


def loss_epochs(result: Result) -> tuple[int, ...]:
    """Return the epoch of the lowest validation loss, from 1, of each run."""
    return tuple(best_epochs(record).by_loss for record in result.records)


def epochs_words(epochs: Sequence[int]) -> str:
    """Return the epoch of one run, or between which those of several lie: ``14``, ``12 to 17``."""
    low, high = min(epochs), max(epochs)
    return str(low) if low == high else lists.between(str(low), str(high))


@dataclass(frozen=True)
class Family:
    """An accuracy that others publish, how to get ours, and on how many items theirs was measured."""

    name: str
    theirs: Callable[[Published], float | None]
    ours: Callable[[Result], Score]
    items: Callable[[Protocol], int | None]

    def of(self, result: Result) -> float | None:
        """What was published for a row, None where nothing was."""
        return None if result.row.published is None else self.theirs(result.row.published)


def _test_accuracy(result: Result) -> Score:
    return score(result, "test_accuracy")


TEST = Family("test", lambda p: p.test_accuracy, _test_accuracy, lambda known: known.test_items)
VALIDATION = Family(
    "validation",
    lambda p: p.best_validation_accuracy,
    best_validation_accuracy,
    lambda known: known.validation_items,
)


def given(family: Family, results: Sequence[Result]) -> list[Result]:
    """Return the rows whose published accuracy is of a family: of validation only where none is of a test."""
    if family is TEST:
        return [result for result in results if TEST.of(result) is not None]
    return [result for result in results if TEST.of(result) is None and VALIDATION.of(result) is not None]


def comparable(result: Result) -> bool:
    """Whether a row has a result on the data that were asked for, all of them."""
    records = result.records
    return bool(records) and not any(record.data.stand_in or record.data.quick for record in records)


def family_of(results: Sequence[Result]) -> Family:
    """Return which accuracies a picture of all rows shows: of the test where one can be set beside ours.

    The two are never shown together: one is of weights that the images did not choose.
    """
    shown = [result for result in given(VALIDATION, results) if comparable(result)]
    tested = given(TEST, results)
    if shown and not any(map(comparable, tested)):
        return VALIDATION
    return TEST


def has_validation(results: Sequence[Result]) -> bool:
    """Whether somebody published a validation figure of a row."""
    return any(
        result.row.published is not None
        and (
            result.row.published.best_validation_accuracy is not None
            or result.row.published.best_validation_loss is not None
        )
        for result in results
    )


def weights_words(results: Sequence[Result], protocol: Protocol) -> str:
    """Say which epoch's weights the test scores are of, published and ours; empty without either.

    Best figures of validation are of other epochs, so that the two must not be subtracted.
    """
    records = [record for result in results for record in result.records]
    parts = []
    if protocol.tested_epoch == "last":
        parts.append(language.text("The published test scores are of the weights of the last epoch."))
    elif protocol.tested_epoch == "best":
        parts.append(
            language.text("The published test scores are of the weights of the best epoch by validation.")
        )
    else:
        parts.append(language.text("Which epoch’s weights the published test scores are of is not stated."))
    earlier = sum(record.tested_epoch != record.epochs for record in records)
    if records and not earlier:
        parts.append(language.text("Ours are of the weights of the last epoch."))
    elif records and earlier == len(records):
        parts.append(
            language.text("Ours are of the weights of an earlier epoch than the last, which were restored.")
        )
    elif records:
        parts.append(
            language.text(
                "Ours are of the weights of the last epoch, but in {n} of {of} runs of an earlier one, which"
                " were restored.",
                n=earlier,
                of=len(records),
            )
        )
    return " ".join(parts)
