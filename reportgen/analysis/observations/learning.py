"""Rules about the validation curve against itself: where it turns, which epoch has the lowest loss."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.metrics import best_epochs
from reportgen.analysis.observations import curves
from reportgen.analysis.observations.rule import Everything, Said, rule
from reportgen.analysis.observations.seeds import seen
from reportgen.records import Record
from reportgen.results import Result

EPOCHS_APART = 0.1
"""Share of the epochs: bests that lie closer together are one place of a flat curve."""
UNSTEADY = 1.96
"""Standard errors of one validation accuracy: a jump within that margin is not worth a word."""


@rule("loss-turns", importance=90)
def loss_turns(subject: Result, everything: Everything) -> Iterator[Said]:
    """The validation loss has its lowest value well before the end, and ends above it."""
    turns = seen(subject, curves.turn)
    if turns is None:
        return
    facts = {
        "epoch": turns.epochs(lambda turn: turn.epoch),
        "epochs": turns.epochs(lambda turn: turn.epochs),
        "lowest": numbers.loss(lowest := turns.mean(lambda turn: turn.lowest)),
        "last": numbers.loss(last := turns.mean(lambda turn: turn.last)),
        "more": numbers.decimal(round(last, 3) - round(lowest, 3), 3),
    }
    if turns.all(lambda turn: turn.training_last < turn.training_then):
        sentence = language.text(
            "The validation loss is lowest at epoch {epoch} of {epochs} ({lowest}) and ends at {last},"
            " {more} higher, while the training loss goes on falling, from {then} to {now}.",
            then=numbers.loss(turns.mean(lambda turn: turn.training_then)),
            now=numbers.loss(turns.mean(lambda turn: turn.training_last)),
            **facts,
        )
    else:
        sentence = language.text(
            "The validation loss is lowest at epoch {epoch} of {epochs} ({lowest}) and ends at {last},"
            " {more} higher.",
            **facts,
        )
    question = language.text(
        "At which epoch is the validation loss lowest, how far above that does it end, and what does this"
        " say of the length of training?"
    )
    evidence = {"epoch": turns.mean(lambda turn: turn.epoch), "lowest_loss": lowest, "last_loss": last}
    yield Said(turns.said(sentence), question, {**evidence, **turns.evidence})


@dataclass(frozen=True)
class _Sure:
    """A loss that rises while the accuracy rises, and how sure the tested network is of its answers."""

    turn: curves.Turn
    claimed: float
    right: float
    claimed_when_wrong: float


def _sure(record: Record) -> _Sure | None:
    turn, made = curves.turn(record), record.validation
    wrong = made.y_true != made.y_pred
    if turn is None or record.tested_epoch != record.epochs or not wrong.any():
        return None
    top = made.probabilities.max(axis=1).astype(np.float64)
    claimed, right = float(top.mean()), float(1 - wrong.mean())
    rises = turn.accuracy_rise > 0 and turn.accuracy_last > turn.accuracy_then
    return _Sure(turn, claimed, right, float(top[wrong].mean())) if rises and claimed > right else None


@rule("over-confidence", importance=85)
def over_confidence(subject: Result, everything: Everything) -> Iterator[Said]:
    """The validation loss rises while the validation accuracy rises: wrong answers are given too surely."""
    sure = seen(subject, _sure)
    if sure is None:
        return
    sentence = language.text(
        "From epoch {epoch} to the end the validation loss rises, yet the validation accuracy does not"
        " fall: it goes from {then} to {now}. The answers are over-confident: the network gives them a"
        " probability of {claimed} on average, {right} of them are right, and even the wrong ones get"
        " {wrong}. The loss counts that, the accuracy does not.",
        epoch=sure.epochs(lambda one: one.turn.epoch),
        then=numbers.percentage(then := sure.mean(lambda one: one.turn.accuracy_then)),
        now=numbers.percentage(now := sure.mean(lambda one: one.turn.accuracy_last)),
        claimed=numbers.percentage(claimed := sure.mean(lambda one: one.claimed)),
        right=numbers.percentage(right := sure.mean(lambda one: one.right)),
        wrong=numbers.percentage(wrong := sure.mean(lambda one: one.claimed_when_wrong)),
    )
    question = language.text(
        "After its lowest point, do the validation loss and the validation accuracy tell the same story?"
        " What does a wrong answer cost in the one and in the other?"
    )
    evidence = {
        "accuracy_then": then,
        "accuracy_last": now,
        "mean_probability": claimed,
        "accuracy": right,
        "mean_probability_when_wrong": wrong,
    }
    yield Said(sure.said(sentence), question, {**evidence, **sure.evidence})


@dataclass(frozen=True)
class _Apart:
    by_loss: int
    by_accuracy: int
    tested: int
    accuracy_there: float
    highest: float
    items: int


def _apart(record: Record) -> _Apart | None:
    best = best_epochs(record)
    least = max(curves.SHORTEST_STRETCH, EPOCHS_APART * record.epochs)
    if not curves.readable(record) or abs(best.by_loss - best.by_accuracy) <= least:
        return None
    there = float(record.history["val_accuracy"][best.by_loss - 1])
    return _Apart(
        best.by_loss,
        best.by_accuracy,
        record.tested_epoch,
        there,
        best.highest_accuracy,
        record.data.n_validation,
    )


@rule("epochs-apart", importance=55)
def epochs_apart(subject: Result, everything: Everything) -> Iterator[Said]:
    """The epoch of the lowest validation loss and that of the highest validation accuracy lie far apart."""
    apart = seen(subject, _apart)
    if apart is None:
        return
    sentence = language.text(
        "The validation loss is lowest at epoch {by_loss} (validation accuracy there {there}), the"
        " validation accuracy highest {apart} epochs from there, at epoch {by_accuracy} ({highest}, {items}"
        " of {n} items more). Tested were the weights of epoch {tested}.",
        apart=apart.epochs(lambda one: abs(one.by_accuracy - one.by_loss)),
        by_loss=apart.epochs(lambda one: one.by_loss),
        there=numbers.percentage(there := apart.mean(lambda one: one.accuracy_there)),
        by_accuracy=apart.epochs(lambda one: one.by_accuracy),
        highest=numbers.percentage(highest := apart.mean(lambda one: one.highest)),
        items=numbers.thousands(
            round(apart.mean(lambda one: (one.highest - one.accuracy_there) * one.items))
        ),
        n=numbers.thousands(round(apart.mean(lambda one: one.items))),
        tested=apart.epochs(lambda one: one.tested),
    )
    question = language.text(
        "Would you stop at the same epoch by validation loss as by validation accuracy? Which epoch's"
        " weights were tested, and does it matter here?"
    )
    evidence = {
        "epoch_by_loss": apart.mean(lambda one: one.by_loss),
        "epoch_by_accuracy": apart.mean(lambda one: one.by_accuracy),
        "tested_epoch": apart.mean(lambda one: one.tested),
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


def _jump(record: Record) -> _Jump | None:
    """The largest fall of the validation accuracy from one epoch to the next, at the end of training."""
    if not curves.readable(record):
        return None
    width = curves.stretch(record)
    accuracies = record.history["val_accuracy"][-width - 1 :]
    place = int(np.diff(accuracies).argmin())
    before, after = float(accuracies[place]), float(accuracies[place + 1])
    error = float(np.sqrt(after * (1 - after) / record.data.n_validation))
    if before - after < UNSTEADY * error:
        return None
    return _Jump(record.epochs - width + place + 1, width, before, after)


@rule("unsteady-end", importance=60)
def unsteady_end(subject: Result, everything: Everything) -> Iterator[Said]:
    """From one of the last epochs to the next the validation accuracy falls by more than items explain."""
    jumps = seen(subject, _jump)
    if jumps is None:
        return
    sentence = language.text(
        "The curves are unsteady at the end: from epoch {before_epoch} to the next the validation accuracy"
        " falls from {before} to {after}. Which figures the last epoch gives is then partly a matter of"
        " where training happened to stop.",
        before_epoch=jumps.epochs(lambda jump: jump.epoch - 1),
        before=numbers.percentage(before := jumps.mean(lambda jump: jump.before)),
        after=numbers.percentage(after := jumps.mean(lambda jump: jump.after)),
    )
    question = language.text(
        "How much does the validation accuracy move between neighbouring epochs at the end? How much of"
        " the last figure is then owed to the epoch at which training stopped?"
    )
    evidence = {"epoch": jumps.mean(lambda jump: jump.epoch), "before": before, "after": after}
    yield Said(jumps.said(sentence), question, {**evidence, **jumps.evidence})
