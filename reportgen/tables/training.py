"""Settings of a run that are calls of Keras, and how its training went: what ended it, what its rate did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportgen import language
from reportgen.analysis import beginnings, call_words, lists, numbers, rates, words
from reportgen.analysis.observations.measured import penalties
from reportgen.records import Record
from reportgen.results import Result
from reportgen.tables.optimisers import Setting, plain

MOST_CHANGES = 3
"""Reductions of the rate that are listed with their epochs; of more, the first and the last."""


def of_layers(record: Record) -> Iterator[Setting]:
    """How many layers of which class, where a row names them all."""
    named = call_words.of_record(record, "layers")
    if named:
        kinds = call_words.kinds([call.name for call in named])
        text = language.text("{n}: {kinds}", n=numbers.plain(len(named)), kinds=kinds)
        yield Setting(language.text("Layers"), len(named), text)


def of_augmentation(record: Record) -> Iterator[Setting]:
    """What alters the images at random, in training only."""
    named = call_words.of_record(record, "augmentation")
    if named:
        yield plain(language.text("Augmentation"), call_words.labels(named))


def loss(record: Record) -> Setting:
    """The loss in words, with its arguments, and what is added to it."""
    named = call_words.of_record(record, "loss")
    said = words.loss(str(record.loss["name"]))
    if named:
        given = named[0].given.items()
        said = lists.series([said, *(call_words.argument(named[0], name, value) for name, value in given)])
    if added := penalties(record):
        said = language.text("{loss} + penalty of {names}", loss=said, names=language.listed(list(added)))
    return plain(language.text("Loss"), said)


def of_training(record: Record) -> Iterator[Setting]:
    """What may change the rate or end the training, as it was given."""
    schedule = call_words.of_record(record, "schedule")
    if schedule:
        yield plain(language.text("Schedule"), call_words.schedule(schedule[0]))
    callbacks = call_words.of_record(record, "callbacks")
    if callbacks:
        yield plain(language.text("Callbacks"), call_words.labels(callbacks))


def planned(record: Record) -> int:
    """Return the epochs that a training was to last."""
    return record.stopped.planned if record.stopped is not None else record.epochs


def of_start(record: Record, everything: Sequence[Result], row: str | None) -> Iterator[Setting]:
    """The row whose weights a training began with."""
    if not record.initial.get("key"):
        return
    name, found = language.text("First weights"), beginnings.source(record, everything, row)
    if found is None:
        yield plain(name, language.text("those of another run"))
        return
    said = language.text(
        "{title}, epoch {epoch}",
        title=language.quoted(found.result.row.title),
        epoch=numbers.thousands(found.epoch),
    )
    yield plain(name, said)


def of_end(record: Record) -> Iterator[Setting]:
    """What ended a training before its planned epochs, and when."""
    if record.epochs < planned(record):
        by = record.stopped.by if record.stopped is not None else ""
        yield Setting(language.text("Training ended"), record.epochs, ended(by, str(record.epochs)), "ended")


def ended(by: str, epochs: str) -> str:
    """``by EarlyStopping, after epoch 13``."""
    if by and not by.startswith("a "):
        return language.text("by {callback}, after epoch {epoch}", callback=by, epoch=epochs)
    return language.text("early, after epoch {epoch}", epoch=epochs)


def tested(record: Record) -> Setting:
    """Of which epoch the weights were tested, and whether these were put back."""
    name, epoch = language.text("Weights tested"), numbers.thousands(record.tested_epoch)
    return Setting(name, record.tested_epoch, tested_words(epoch, put_back(record)), "tested")


def put_back(record: Record) -> bool:
    """Whether the weights of an epoch before the last one were put back at the end."""
    return record.stopped is not None and record.stopped.restored not in (None, record.epochs)


def tested_words(epoch: str, back: bool) -> str:
    """``after epoch 13``, or ``after epoch 9, put back``."""
    if back:
        return language.text("after epoch {epoch}, put back", epoch=epoch)
    return language.text("after epoch {epoch}", epoch=epoch)


def of_rates(record: Record) -> Iterator[Setting]:
    """What the learning rate did over the epochs, where it was not the same in all of them."""
    changed = rates.changes(record)
    if not changed:
        return
    lowered = rates.reductions(record)
    if lowered and len(lowered) == len(changed) <= MOST_CHANGES:
        steps = [
            language.text("{rate} from epoch {epoch}", rate=short(one.after), epoch=numbers.plain(one.epoch))
            for one in lowered
        ]
        said = lists.series(steps)
    elif lowered and len(lowered) == len(changed):
        said = language.text(
            "lowered {n} times, first from epoch {epoch}, to {rate} in the end",
            n=numbers.plain(len(lowered)),
            epoch=numbers.plain(lowered[0].epoch),
            rate=short(lowered[-1].after),
        )
    else:
        found = rates.rates(record)
        assert found is not None
        said = lists.between(short(float(found[0])), short(float(found[-1])))
    if (dead := rates.dead_from(record)) is not None:
        said = language.text("{rates}; dead from epoch {epoch}", rates=said, epoch=numbers.plain(dead))
    yield plain(language.text("Rate by epoch"), said)


def short(value: float) -> str:
    """A rate in print with four digits: without those that float32 adds."""
    return numbers.plain(float(f"{value:.4g}"))
