"""Optimiser, schedule and callbacks against one another: who may change the rate, and who can never act."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from reportgen.calls.bound import Bound
from reportgen.calls.grammar import Fault


@dataclass(frozen=True)
class Of:
    """A fault, and the parameter of the row whose text it stands in."""

    parameter: str
    fault: Fault


def faults(
    optimizer: Bound | None, schedule: Bound | None, callbacks: Sequence[Bound], epochs: int
) -> list[Of]:
    """Return what goes wrong between the settings of a training.

    Parameters
    ----------
    optimizer, schedule : Bound or None
    callbacks : sequence of Bound
    epochs : int
    """
    found = [Of("schedule", each) for each in _two_rates(optimizer, schedule)]
    for entry, callback in enumerate(callbacks):
        about = [*_of_plateau(callback, optimizer, schedule), *_of_callback(callback, epochs)]
        about += _overtaken(callback, callbacks)
        found += [Of("callbacks", replace(each, entry=entry)) for each in about]
    return found


def _by_step(optimizer: Bound | None) -> Bound | None:
    """The schedule that an optimiser's rate is, if it is one."""
    rate = optimizer.get("learning_rate") if optimizer is not None and not optimizer.bare else None
    return rate if isinstance(rate, Bound) else None


def _two_rates(optimizer: Bound | None, schedule: Bound | None) -> Iterator[Fault]:
    inner = _by_step(optimizer)
    if schedule is not None and inner is not None:
        message = f"the learning rate of the optimiser follows {inner.name} already"
        yield Fault("two-schedules", message, "leave one of the two out", schedule.at)


def _of_plateau(callback: Bound, optimizer: Bound | None, schedule: Bound | None) -> Iterator[Fault]:
    if callback.name != "ReduceLROnPlateau":
        return
    other = schedule or _by_step(optimizer)
    if other is not None:
        message = f"ReduceLROnPlateau and {other.name} both set the learning rate"
        yield Fault("two-schedules", message, "leave one of the two out", callback.at)
    rate = None if optimizer is None or optimizer.bare else optimizer["learning_rate"]
    if isinstance(rate, float) and callback["min_lr"] >= rate:
        message = f"ReduceLROnPlateau never acts: min_lr is not below the rate {rate:g}"
        yield Fault(
            "never-acts", message, "lower min_lr", callback.places.get("min_lr", callback.at), warning=True
        )


def _of_callback(callback: Bound, epochs: int) -> Iterator[Fault]:
    patience, begun = callback.get("patience"), callback.get("start_from_epoch", 0)
    if patience is not None and patience + begun >= epochs:
        message = f"{callback.name} never acts: its patience is {patience}, and the run has {epochs} epochs"
        yield Fault(
            "never-acts",
            message,
            "lower patience",
            callback.places.get("patience", callback.at),
            warning=True,
        )
    monitor, mode = callback.get("monitor"), callback.get("mode")
    wrong = {"min": "accuracy", "max": "loss"}.get(str(mode))
    if monitor is not None and wrong is not None and str(monitor).endswith(wrong):
        message = (
            f"{callback.name} takes a {'lower' if mode == 'min' else 'higher'} {monitor} for the better one"
        )
        yield Fault("bad-argument", message, "leave mode out", callback.places.get("mode", callback.at))
    if callback.name == "EarlyStopping" and monitor in ("loss", "accuracy"):
        message = f"EarlyStopping looks at the training {monitor}, which says nothing of overfitting"
        yield Fault(
            "training-metric",
            message,
            f"write monitor='val_{monitor}'",
            callback.places.get("monitor", callback.at),
            warning=True,
        )


def _overtaken(callback: Bound, callbacks: Sequence[Bound]) -> Iterator[Fault]:
    """A plateau that would be noticed only after the training has stopped for it."""
    if callback.name != "ReduceLROnPlateau":
        return
    for stop in callbacks:
        same = stop.name == "EarlyStopping" and stop["monitor"] == callback["monitor"]
        if same and stop["patience"] <= callback["patience"]:
            message = (
                f"ReduceLROnPlateau waits {callback['patience']} epochs for {callback['monitor']}, and"
                f" EarlyStopping stops after {stop['patience']}"
            )
            yield Fault(
                "never-acts",
                message,
                "give it less patience than EarlyStopping",
                callback.places.get("patience", callback.at),
                warning=True,
            )
