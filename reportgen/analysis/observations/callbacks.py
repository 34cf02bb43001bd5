"""Rules about what stood by while a row trained: callbacks, schedules, its first and its last weights."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from reportgen import language
from reportgen.analysis import beginnings, call_words, numbers, rates
from reportgen.analysis.observations.comparing import named
from reportgen.analysis.observations.rule import Everything, Said, rule
from reportgen.analysis.observations.seeds import seen, seen_in_curves, span
from reportgen.calls.bound import Bound
from reportgen.records import Record
from reportgen.results import Result


@dataclass(frozen=True)
class _Death:
    """From which epochs on a rate moves nothing; `rate` is that of the dead one, else of the idle one."""

    dead: int | None
    idle: int | None
    rate: float

    @property
    def first(self) -> int:
        return min(epoch for epoch in (self.dead, self.idle) if epoch is not None)


def _death(record: Record) -> _Death | None:
    dead, idle, found = rates.dead_from(record), rates.idle_from(record), rates.rates(record)
    if found is None or (dead is None and idle is None):
        return None
    place = dead if dead is not None else idle
    assert place is not None
    return _Death(dead, idle, float(found[place - 1]))


@rule("rate-died", importance=95)
def rate_died(subject: Result, everything: Everything) -> Iterator[Said]:
    """The learning rate is so small from some epoch on that no weight moves any more.

    Two criteria, both of `reportgen.analysis.rates`. Dead: a step as long as the rate, below 2**-31, is lost
    in rounding when it is added to a float32 weight of 0.01, since it is below half the distance to the next
    number (IEEE 754-2019, section 4.3.1); a step of Adam and its kin is about as long as the rate (Kingma and
    Ba, "Adam", ICLR 2015, section 2.1), one of SGD mostly shorter. Idle: all steps to come, each as long as
    the rate, add up to less than 1e-4, a hundredth of such a weight.
    """
    deaths = seen(subject, _death)
    if deaths is None:
        return
    facts = {
        "epochs": deaths.epochs(lambda record: record.epochs),
        "weight": numbers.plain(rates.SMALL_WEIGHT),
        "move": numbers.plain(rates.IDLE_MOVE),
        "rate": _short(rate := max(death.rate for death in deaths.found)),
    }
    dead = _span([death.dead for death in deaths.found])
    idle = _span([death.idle for death in deaths.found])
    if deaths.all(lambda death: death.dead is not None):
        sentence = language.text(
            "From epoch {epoch} of {epochs} on, the learning rate is too small to change a weight of"
            " {weight}: steps of {rate} and less are lost in rounding.",
            epoch=dead,
            **facts,
        )
        if idle and idle != dead:
            sentence += " " + language.text(
                "From epoch {epoch} on, all steps together move a weight by less than {move}.",
                epoch=idle,
                **facts,
            )
    else:
        sentence = language.text(
            "From epoch {epoch} of {epochs} on, all steps together move a weight by less than {move}, each as"
            " long as the learning rate, {rate} and less: these epochs trained next to nothing.",
            epoch=idle,
            **facts,
        )
    question = language.text(
        "How does the learning rate change over the epochs? Which epochs still trained anything?"
    )
    evidence = {"epoch": min(death.first for death in deaths.found), "rate": rate}
    yield Said(deaths.said(sentence), question, {**evidence, **deaths.evidence})


def _span(epochs: list[int | None]) -> str:
    """Epochs in print; empty unless every run has one."""
    known = [epoch for epoch in epochs if epoch is not None]
    return span(known) if known and len(known) == len(epochs) else ""


def _short(rate: float) -> str:
    return numbers.plain(float(f"{rate:.4g}"))


def _factors(record: Record) -> dict[int, float] | None:
    """The factors of a schedule that compound, by the epoch after which they hold, where they did."""
    found = call_words.of_record(record, "schedule")
    after = found[0].get("after") if found and found[0].name == "MultiplyEachEpoch" else None
    if not isinstance(after, dict) or record.epochs < min(after) + 2 or rates.rates(record) is None:
        return None
    return {int(epoch): float(factor) for epoch, factor in after.items()}


@rule("rate-compounds", importance=94)
def rate_compounds(subject: Result, everything: Everything) -> Iterator[Said]:
    """A schedule multiplies the current rate in every epoch, so that its factors compound."""
    found = seen(subject, _factors)
    if found is None:
        return
    after = found.found[0]  # the same in every run, as all that the file gives
    longest = max(record.epochs for record in subject.records)
    first = found.mean(lambda record: float(record.history["learning_rate"][0]))
    last = min(float(record.history["learning_rate"][-1]) for record in subject.records)
    once = first * math.prod(factor for epoch, factor in after.items() if epoch < longest)
    sentence = language.text(
        "The schedule multiplies the learning rate again in every epoch from {epoch} on, so that its factors"
        " compound: from {first} to {last} in epoch {epochs}. Each factor applied once would leave {once}.",
        epoch=numbers.thousands(min(after) + 1),
        first=_short(first),
        last=_short(last),
        epochs=numbers.thousands(longest),
        once=_short(once),
    )
    question = language.text(
        "By how much does the schedule change the learning rate in one epoch, and by how much in all?"
    )
    yield Said(
        found.said(sentence),
        question,
        {"first_rate": first, "last_rate": last, "once": once, **found.evidence},
    )


def _callback(record: Record, name: str) -> Bound | None:
    return next((each for each in call_words.of_record(record, "callbacks") if each.name == name), None)


@dataclass(frozen=True)
class _Left:
    """The best epoch of what a callback watched, and the last one, whose weights were tested."""

    monitor: str
    best: int
    value: float
    last: float


def _left(record: Record) -> _Left | None:
    stop = _callback(record, "EarlyStopping")
    if stop is None or record.stopped is None or record.stopped.restored is not None:
        return None
    monitor = str(stop["monitor"])
    curve = record.history.get(monitor)
    if curve is None or not np.isfinite(curve).all():
        return None
    place = int(curve.argmax() if monitor.endswith("accuracy") else curve.argmin())
    if curve[place] == curve[-1]:
        return None
    return _Left(monitor, place + 1, float(curve[place]), float(curve[-1]))


@rule("best-not-tested", importance=83)
def best_not_tested(subject: Result, everything: Everything) -> Iterator[Said]:
    """EarlyStopping watched a curve and left the last weights, though an earlier epoch was better."""
    found = seen_in_curves(subject, _left)
    if found is None:
        return
    monitor = found.found[0].monitor
    value = found.mean(lambda record: _best_and_last(record, monitor)[1])
    last = found.mean(lambda record: _best_and_last(record, monitor)[2])
    printed = numbers.percentage if monitor.endswith("accuracy") else numbers.loss
    facts = {
        "monitor": monitor,
        "best": found.epochs(lambda record: _best_and_last(record, monitor)[0]),
        "value": printed(value),
        "epochs": found.epochs(lambda record: record.epochs),
        "last": printed(last),
    }
    if monitor.endswith("accuracy"):
        sentence = language.text(
            "EarlyStopping watched {monitor} and put no earlier weights back: it was highest at epoch {best}"
            " ({value}); tested were the weights of the last epoch, {epochs} ({last}).",
            **facts,
        )
    else:
        sentence = language.text(
            "EarlyStopping watched {monitor} and put no earlier weights back: it was lowest at epoch {best}"
            " ({value}); tested were the weights of the last epoch, {epochs} ({last}).",
            **facts,
        )
    question = language.text("Which epoch’s weights were tested, and what did EarlyStopping watch?")
    evidence: dict[str, float | int | str] = {"monitor": monitor, "best": value, "last": last}
    yield Said(found.said(sentence), question, {**evidence, **found.evidence})


def _best_and_last(record: Record, monitor: str) -> tuple[int, float, float]:
    curve = record.history[monitor]
    place = int(curve.argmax() if monitor.endswith("accuracy") else curve.argmin())
    return place + 1, float(curve[place]), float(curve[-1])


def _never(record: Record) -> Bound | None:
    plateau = _callback(record, "ReduceLROnPlateau")
    # A quick look ends before any patience is used up.
    return plateau if plateau is not None and not record.data.quick and not rates.reductions(record) else None


@rule("plateau-never", importance=76)
def plateau_never(subject: Result, everything: Everything) -> Iterator[Said]:
    """ReduceLROnPlateau stood by and never lowered the rate."""
    found = seen(subject, _never)
    if found is None:
        return
    plateau, stop = found.found[0], _callback(subject.records[0], "EarlyStopping")
    facts = {"patience": numbers.thousands(int(plateau["patience"])), "monitor": str(plateau["monitor"])}
    if stop is not None and stop["monitor"] == plateau["monitor"] and stop["patience"] <= plateau["patience"]:
        sentence = language.text(
            "ReduceLROnPlateau could not act: it waits {patience} epochs for {monitor} to improve, and"
            " EarlyStopping ends the training after {sooner}.",
            sooner=numbers.thousands(int(stop["patience"])),
            **facts,
        )
    else:
        sentence = language.text(
            "ReduceLROnPlateau never lowered the learning rate: in {epochs} epochs {monitor} never stood"
            " still for its patience of {patience}. What this row shows is not its doing.",
            epochs=found.epochs(lambda record: record.epochs),
            **facts,
        )
    question = language.text("In which epochs did ReduceLROnPlateau lower the learning rate?")
    yield Said(found.said(sentence), question, {"patience": int(plateau["patience"]), **found.evidence})


@rule("warm-start", importance=88)
def warm_start(subject: Result, everything: Everything) -> Iterator[Said]:
    """The training began with the weights of another row: what it gains contains the earlier training."""
    began = seen(subject, lambda record: _began(record, subject, everything))
    if began is None:
        return
    starts = began.found
    sentence = language.text(
        "Training began with the weights of {title} after epoch {epoch}: {earlier} epochs before and {own}"
        " here, {all} in all. What it gains contains the earlier training.",
        title=named(starts[0].source.result, subject),
        epoch=span([start.source.epoch for start in starts]),
        earlier=span([start.behind - start.own for start in starts]),
        own=span([start.own for start in starts]),
        all=span([start.behind for start in starts]),
    )
    if leaks := any(start.leaks for start in starts):
        sentence += " " + language.text(
            "That had another split: it learnt from images that are validation images here."
        )
    question = language.text(
        "With which weights did the training begin? How many epochs lie behind the tested ones, and what"
        " would a fair comparison with the other rows be?"
    )
    evidence: dict[str, float | int | str] = {
        "source": starts[0].source.result.row.id,
        "epochs_in_all": max(start.behind for start in starts),
        **began.evidence,
    }
    yield Said(began.said(sentence), question, evidence, importance=97 if leaks else None)


@dataclass(frozen=True)
class _Start:
    """Where a run began, how many of its own epochs were tested, and how many there were in all."""

    source: beginnings.Source
    own: int
    behind: int
    leaks: bool


def _began(record: Record, subject: Result, everything: Everything) -> _Start | None:
    found = beginnings.source(record, everything.results, subject.row.warm_start)
    behind = beginnings.epochs_behind(record, everything.results, subject.row.warm_start)
    if found is None or behind is None:
        return None
    return _Start(found, record.tested_epoch, behind, _leaks(record, found.record))


def _leaks(record: Record, source: Record) -> bool:
    """Whether the source was trained on items that this run validates on."""
    same = record.data.digest == source.data.digest and not record.data.validated_on_test
    return same and record.data.split_digest != source.data.split_digest
