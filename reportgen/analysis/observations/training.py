"""Rules about the length and the success of training."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.metrics import accuracy_interval, best_epochs, correct_items
from reportgen.analysis.observations import curves
from reportgen.analysis.observations.comparing import named
from reportgen.analysis.observations.measured import dropout_is_on
from reportgen.analysis.observations.rule import Everything, Said, rule, validation_accuracy
from reportgen.analysis.observations.seeds import as_means, mean, seen
from reportgen.records import Record
from reportgen.results import Result

UNDERFITTED = 2.0
"""Times the error of the first row: half the errors are avoidable, so what is left is no luck of training."""
CLOSE = 0.25
"""Part of the error that may lie between training and validation where both are said to end alike."""
DEAD_RATE = 1e-3
"""Of its first value: steps a thousand times shorter move no weight by what it started with."""
STANDING = 0.01
"""Change of the mean training loss between the halves of the dead stretch that counts as standing still."""
SHORTEST_DEATH = 3
"""Epochs with a dead rate; fewer waste nothing."""


@rule("learned-nothing", importance=98)
def learned_nothing(subject: Result, everything: Everything) -> Iterator[Said]:
    """The loss is no number, or the answers cannot be told from always naming the most frequent class."""
    broken = seen(subject, _first_broken)
    if broken is not None:
        sentence = language.text(
            "The loss is no finite number from epoch {epoch} on: training came apart.",
            epoch=broken.epochs(lambda epoch: epoch),
        )
        question = language.text(
            "Is every value of the loss a number? What could make a loss grow without bound?"
        )
        yield Said(broken.said(sentence), question, {"epoch": broken.mean(lambda e: e), **broken.evidence})
        return
    idle = seen(subject, _idle)
    if idle is not None:
        sentence = language.text(
            "The validation accuracy of {accuracy} cannot be told from that of always naming the most"
            " frequent class ({share}): nothing was learned that validation shows.",
            accuracy=numbers.percentage(accuracy := idle.mean(lambda one: one[0])),
            share=numbers.percentage(share := idle.mean(lambda one: one[1])),
        )
        question = language.text(
            "What accuracy would a model reach that always names the most frequent class? Set this row"
            " beside it."
        )
        evidence = {"validation_accuracy": accuracy, "largest_class": share}
        yield Said(idle.said(sentence), question, {**evidence, **idle.evidence})


def _first_broken(record: Record) -> int | None:
    finite = np.isfinite(record.history["loss"]) & np.isfinite(record.history["val_loss"])
    return None if finite.all() else int(finite.argmin()) + 1


def _idle(record: Record) -> tuple[float, float] | None:
    items, right = len(record.validation.y_true), correct_items(record.validation)
    share = float(np.bincount(record.validation.y_true).max()) / items
    return (right / items, share) if accuracy_interval(right, items)[0] <= share else None


@dataclass(frozen=True)
class _Death:
    epoch: int
    epochs: int
    first: float
    then: float
    before: float
    after: float


def _death(record: Record) -> _Death | None:
    rates, losses = record.history.get("learning_rate"), record.history["loss"]
    if rates is None or not len(rates) or not rates[0] > 0:
        return None
    dead = np.flatnonzero(rates < DEAD_RATE * rates[0])
    if not len(dead) or record.epochs - dead[0] < SHORTEST_DEATH:
        return None
    start = int(dead[0])
    early, late = np.array_split(losses[start:], 2)
    if abs(float(late.mean() - early.mean())) > STANDING * float(early.mean()):
        return None
    return _Death(
        start + 1,
        record.epochs,
        float(rates[0]),
        float(rates[start]),
        float(losses[start]),
        float(losses[-1]),
    )


@rule("rate-died", importance=95)
def rate_died(subject: Result, everything: Everything) -> Iterator[Said]:
    """The learning rate fell to next to nothing, and the curves have stood still since."""
    deaths = seen(subject, _death)
    if deaths is None:
        return
    sentence = language.text(
        "From epoch {epoch} of {epochs} on, the learning rate is below a thousandth of its first value"
        " ({first}), and the training loss stands still: {before} then, {after} at the end. The epochs"
        " after that trained nothing.",
        epoch=deaths.epochs(lambda death: death.epoch),
        epochs=deaths.epochs(lambda death: death.epochs),
        first=numbers.plain(float(f"{(first := deaths.mean(lambda death: death.first)):.7g}")),
        before=numbers.loss(before := deaths.mean(lambda death: death.before)),
        after=numbers.loss(after := deaths.mean(lambda death: death.after)),
    )
    question = language.text(
        "How does the learning rate change over the epochs? Which epochs still trained anything?"
    )
    evidence = {
        "epoch": deaths.mean(lambda death: death.epoch),
        "first_rate": first,
        "rate_then": deaths.mean(lambda death: death.then),
        "loss_then": before,
        "last_loss": after,
    }
    yield Said(deaths.said(sentence), question, {**evidence, **deaths.evidence})


def _length_question() -> str:
    return language.text(
        "Had the curves flattened when training ended? What would you expect of more epochs, and why?"
    )


@rule("not-converged", importance=80, unless=("rate-died",))
def not_converged(subject: Result, everything: Everything) -> Iterator[Said]:
    """Both losses were still falling over the last tenth of the epochs."""
    falls = seen(subject, curves.falling)
    if falls is None:
        return
    facts = {
        "stretch": falls.epochs(lambda fall: fall.stretch),
        "before": numbers.loss(before := falls.mean(lambda fall: fall.before)),
        "after": numbers.loss(after := falls.mean(lambda fall: fall.after)),
    }
    if falls.all(lambda fall: fall.last_is_lowest):
        sentence = language.text(
            "Training ended while both losses were falling: the mean validation loss of the last {stretch}"
            " epochs is {after}, that of the {stretch} before {before}, and the lowest of all is the last"
            " epoch's. What these settings reach with more epochs is not seen here.",
            **facts,
        )
    else:
        sentence = language.text(
            "Training ended while both losses were falling: the mean validation loss of the last {stretch}"
            " epochs is {after}, that of the {stretch} before {before}. What these settings reach with"
            " more epochs is not seen here.",
            **facts,
        )
    evidence = {"mean_before": before, "mean_last": after, "stretch": falls.mean(lambda fall: fall.stretch)}
    yield Said(falls.said(sentence), _length_question(), {**evidence, **falls.evidence})


def _last_is_lowest(record: Record) -> curves.Fall | None:
    fall = curves.falling(record, least=curves.IMPROVING)
    return fall if fall is not None and fall.last_is_lowest else None


@rule("last-epoch", importance=70, unless=("not-converged", "rate-died"))
def last_epoch(subject: Result, everything: Everything) -> Iterator[Said]:
    """The lowest validation loss is that of the last epoch: training stopped while it improved."""
    lasts = seen(subject, _last_is_lowest)
    if lasts is None:
        return
    sentence = language.text(
        "The lowest validation loss ({lowest}) is that of the last epoch, {epochs}: training stopped while"
        " the curve still fell, if slowly (mean of the last {stretch} epochs {after}, of the {stretch}"
        " before {before}). The lowest value that was seen need not be the lowest there is.",
        lowest=numbers.loss(lowest := mean(subject, lambda record: best_epochs(record).lowest_loss)),
        epochs=lasts.epochs(lambda fall: fall.epochs),
        stretch=lasts.epochs(lambda fall: fall.stretch),
        before=numbers.loss(before := lasts.mean(lambda fall: fall.before)),
        after=numbers.loss(after := lasts.mean(lambda fall: fall.after)),
    )
    evidence = {"lowest_loss": lowest, "mean_before": before, "mean_last": after}
    yield Said(lasts.said(sentence), _length_question(), {**evidence, **lasts.evidence})


@rule("underfitting", importance=65, unless=("learned-nothing", "gap"))
def underfitting(subject: Result, everything: Everything) -> Iterator[Said]:
    """Training and validation end alike, with at least twice the errors of the first row by validation."""
    record = subject.record
    first = None if record is None else everything.first(record)
    if record is None or first is None or first.row.id == subject.row.id or record.data.validated_on_test:
        return
    training = mean(subject, lambda one: float(one.history["accuracy"][-1]))
    own, other = validation_accuracy(subject), validation_accuracy(first)
    error = 1 - max(training, own)
    if error < UNDERFITTED * (1 - other) or training - own > CLOSE * error:
        return
    if not everything.validation_difference(subject, first).different:
        return
    sentence = _underfitted(
        dropout_is_on(record),
        training=numbers.percentage(training),
        validation=numbers.percentage(own),
        other=numbers.percentage(other),
        title=named(first, subject),
    )
    question = language.text(
        "Is what limits this row its fit to the training items, or the step from training to validation"
        " items? Which two numbers tell you?"
    )
    evidence: dict[str, float | int | str] = {
        "training_accuracy": training,
        "validation_accuracy": own,
        "other": first.row.id,
        "other_validation_accuracy": other,
    }
    yield Said(as_means(subject, sentence), question, evidence)


def _underfitted(with_dropout: bool, **facts: str) -> str:
    if with_dropout:
        return language.text(
            "Underfitting: training accuracy ({training}, taken with dropout on) and validation accuracy"
            " ({validation}) end close together, and {title} reaches {other} in validation. Nothing here"
            " suggests that the training items are fitted too closely.",
            **facts,
        )
    return language.text(
        "Underfitting: training accuracy ({training}) and validation accuracy ({validation}) end close"
        " together, and {title} reaches {other} in validation. This network does not fit its own training"
        " items that closely.",
        **facts,
    )
