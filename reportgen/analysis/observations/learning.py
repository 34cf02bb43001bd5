"""Rules about the validation curve against itself: where it turns, which epoch has the lowest loss."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.metrics import best_epochs, correct_items
from reportgen.analysis.observations import curves
from reportgen.analysis.observations.rule import Everything, Said, rule
from reportgen.analysis.observations.seeds import seen_in_curves
from reportgen.analysis.statistics import wilson
from reportgen.records import Record
from reportgen.results import Result

EPOCHS_APART = 0.1
"""Share of the epochs: bests that lie closer together are one place of a flat curve."""
UNSTEADY = 1.96
"""Standard errors of one validation accuracy: a jump within that margin is not worth a word."""


@rule("loss-turns", importance=90)
def loss_turns(subject: Result, everything: Everything) -> Iterator[Said]:
    """The validation loss has its lowest value well before the end, and ends above it."""
    turns = seen_in_curves(subject, curves.turn)
    if turns is None:
        return
    facts = {
        "epoch": turns.epochs(lambda record: best_epochs(record).by_loss),
        "epochs": turns.epochs(lambda record: record.epochs),
        "lowest": numbers.loss(lowest := turns.mean(lambda record: curves.low_point(record).lowest)),
        "last": numbers.loss(last := turns.mean(lambda record: curves.low_point(record).last)),
    }
    then = numbers.loss(turns.mean(lambda record: curves.low_point(record).training_then))
    now = numbers.loss(turns.mean(lambda record: curves.low_point(record).training_last))
    if then != now and turns.all(lambda turn: turn.training_last < turn.training_then):
        sentence = language.text(
            "The validation loss is lowest at epoch {epoch} of {epochs} ({lowest}) and ends at {last}, while"
            " the training loss goes on falling, from {then} to {now}.",
            then=then,
            now=now,
            **facts,
        )
    else:
        sentence = language.text(
            "The validation loss is lowest at epoch {epoch} of {epochs} ({lowest}) and ends at {last}.",
            **facts,
        )
    question = language.text(
        "At which epoch is the validation loss lowest, how far above that does it end, and what does this"
        " say of the length of training?"
    )
    epoch = turns.mean(lambda record: best_epochs(record).by_loss)
    evidence = {"epoch": epoch, "lowest_loss": lowest, "last_loss": last}
    yield Said(turns.said(sentence), question, {**evidence, **turns.evidence})


def _claimed(record: Record) -> float:
    """Mean probability that the tested network gives its answers, on the validation items."""
    return float(record.validation.probabilities.max(axis=1).astype(np.float64).mean())


def _right(record: Record) -> float:
    return correct_items(record.validation) / len(record.validation.y_true)


def _too_sure(record: Record) -> bool | None:
    """A loss that rises while the accuracy rises, and answers that are given too surely for their number."""
    turn, items = curves.turn(record), len(record.validation.y_true)
    if turn is None or record.tested_epoch != record.epochs:
        return None
    rises = turn.accuracy_rise > 0 and turn.accuracy_last > turn.accuracy_then
    highest = wilson(correct_items(record.validation), items)[1]
    return True if rises and _claimed(record) > highest else None


@rule("over-confidence", importance=85)
def over_confidence(subject: Result, everything: Everything) -> Iterator[Said]:
    """The validation loss rises while the validation accuracy rises: wrong answers are given too surely."""
    sure = seen_in_curves(subject, _too_sure)
    if sure is None or subject.record is None:
        return
    facts = {
        "epoch": sure.epochs(lambda record: best_epochs(record).by_loss),
        "then": numbers.percentage(then := sure.mean(lambda record: curves.low_point(record).accuracy_then)),
        "now": numbers.percentage(now := sure.mean(lambda record: curves.low_point(record).accuracy_last)),
        "claimed": numbers.percentage(claimed := sure.mean(_claimed)),
        "right": numbers.percentage(right := sure.mean(_right)),
    }
    if subject.record.data.validated_on_test:
        sentence = language.text(
            "Over-confident: from epoch {epoch} on the validation loss rises, yet validation accuracy goes"
            " from {then} to {now}. On the test images, on which this row was validated, answers are given a"
            " probability of {claimed} on average; {right} are right.",
            **facts,
        )
    else:
        sentence = language.text(
            "Over-confident: from epoch {epoch} on the validation loss rises, yet validation accuracy goes"
            " from {then} to {now}. On the validation images, answers are given a probability of {claimed} on"
            " average; {right} are right.",
            **facts,
        )
    question = language.text(
        "After its lowest point, do the validation loss and the validation accuracy tell the same story?"
        " What does a wrong answer cost in the one and in the other?"
    )
    evidence = {"accuracy_then": then, "accuracy_last": now, "mean_probability": claimed, "accuracy": right}
    yield Said(sure.said(sentence), question, {**evidence, **sure.evidence})


def _lie_apart(record: Record) -> bool | None:
    best = best_epochs(record)
    least = max(curves.SHORTEST_STRETCH, EPOCHS_APART * record.epochs)
    return True if abs(best.by_loss - best.by_accuracy) > least else None


def _at_lowest_loss(record: Record) -> float:
    return float(record.history["val_accuracy"][best_epochs(record).by_loss - 1])


@rule("epochs-apart", importance=40)
def epochs_apart(subject: Result, everything: Everything) -> Iterator[Said]:
    """The epoch of the lowest validation loss and that of the highest validation accuracy lie far apart."""
    apart = seen_in_curves(subject, _lie_apart)
    if apart is None:
        return
    sentence = language.text(
        "The validation loss is lowest at epoch {by_loss} (validation accuracy there {there}), the"
        " validation accuracy highest at epoch {by_accuracy} ({highest}). Tested were the weights of epoch"
        " {tested}.",
        by_loss=apart.epochs(lambda record: best_epochs(record).by_loss),
        there=numbers.percentage(there := apart.mean(_at_lowest_loss)),
        by_accuracy=apart.epochs(lambda record: best_epochs(record).by_accuracy),
        highest=numbers.percentage(highest := apart.mean(lambda one: best_epochs(one).highest_accuracy)),
        tested=apart.epochs(lambda record: record.tested_epoch),
    )
    question = language.text(
        "Would you stop at the same epoch by validation loss as by validation accuracy? Which epoch's"
        " weights were tested, and does it matter here?"
    )
    evidence = {
        "epoch_by_loss": apart.mean(lambda record: best_epochs(record).by_loss),
        "epoch_by_accuracy": apart.mean(lambda record: best_epochs(record).by_accuracy),
        "tested_epoch": apart.mean(lambda record: record.tested_epoch),
        "accuracy_at_lowest_loss": there,
        "highest_accuracy": highest,
    }
    yield Said(apart.said(sentence), question, {**evidence, **apart.evidence})


@dataclass(frozen=True)
class _Jump:
    epoch: int
    stretch: int
    before: float
    after: float


def _jump(record: Record) -> _Jump:
    """The largest fall of the validation accuracy from one epoch to the next, at the end of training."""
    width = curves.stretch(record)
    accuracies = record.history["val_accuracy"][-width - 1 :]
    place = int(np.diff(accuracies).argmin())
    return _Jump(
        record.epochs - width + place + 1, width, float(accuracies[place]), float(accuracies[place + 1])
    )


def _unsteady(record: Record) -> _Jump | None:
    jump = _jump(record)
    error = float(np.sqrt(jump.after * (1 - jump.after) / record.data.n_validation))
    return jump if jump.before - jump.after >= UNSTEADY * error else None


@rule("unsteady-end", importance=81)
def unsteady_end(subject: Result, everything: Everything) -> Iterator[Said]:
    """From one of the last epochs to the next the validation accuracy falls by more than items explain."""
    jumps = seen_in_curves(subject, _unsteady)
    if jumps is None:
        return
    sentence = language.text(
        "Unsteady at the end: from epoch {before_epoch} to the next the validation accuracy falls from"
        " {before} to {after}. The last figures depend on where training happened to stop.",
        before_epoch=jumps.epochs(lambda record: _jump(record).epoch - 1),
        before=numbers.percentage(before := jumps.mean(lambda record: _jump(record).before)),
        after=numbers.percentage(after := jumps.mean(lambda record: _jump(record).after)),
    )
    question = language.text(
        "How much does the validation accuracy move between neighbouring epochs at the end? How much of"
        " the last figure is then owed to the epoch at which training stopped?"
    )
    evidence = {"epoch": jumps.mean(lambda record: _jump(record).epoch), "before": before, "after": after}
    yield Said(jumps.said(sentence), question, {**evidence, **jumps.evidence})
