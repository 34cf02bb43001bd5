"""All the calls of one row: each by itself, the stack against the data, settings against one another."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reportgen.calls import named, pixel_range, schedules, stack, training
from reportgen.calls.bound import Bound
from reportgen.calls.grammar import Fault
from reportgen.calls.image_shapes import Shape
from reportgen.calls.pixel_range import Range
from reportgen.calls.stack import MOST_PARAMETERS, Stack
from reportgen.calls.training import Of


@dataclass(frozen=True)
class Seen:
    """What a row's data are, as far as it is known before anything is read.

    Parameters
    ----------
    input_shape : tuple of int
        Of one item as the notebook gives it to the network.
    classes : int
    items : int
        In the training part.
    pixels : (float, float) or None
        Between which values the inputs lie; None for features.
    """

    input_shape: Shape
    classes: int
    items: int
    pixels: Range | None = (0.0, 1.0)


@dataclass(frozen=True)
class Checked:
    """What the calls of a row come to.

    Parameters
    ----------
    bounds : mapping of str to list of (Bound or None)
        By parameter; None for a text that is wrong.
    stack : Stack or None
        None without layers, without data, or where a text of it is wrong.
    rates : tuple of float or None
        Planned rate of each epoch; None where it is not known.
    faults : tuple of Of
        Warnings among them.
    """

    bounds: Mapping[str, list[Bound | None]]
    stack: Stack | None
    rates: tuple[float, ...] | None
    faults: tuple[Of, ...]


def check_row(
    values: Mapping[str, Any],
    seen: Seen | None = None,
    *,
    given: Collection[str] = (),
    allowed: int = MOST_PARAMETERS,
) -> Checked:
    """Check every parameter of a row that holds calls.

    Parameters
    ----------
    values : mapping of str to value
        Parameters of the row with the notebook's defaults. `layers` and the others of
        `named.PARAMETERS` are looked at where they hold texts; `epochs`, `batch_size` and
        `learning_rate` are read beside them.
    seen : Seen or None
        None leaves out what needs the data.
    given : collection of str
        Parameters that the row or its section sets itself.
    allowed : int
        Most parameters of the stack.
    """
    bounds: dict[str, list[Bound | None]] = {}
    faults: list[Of] = []
    for name in named.PARAMETERS:
        value = values.get(name)
        if isinstance(value, str | list):
            bounds[name], found = named.bound(name, value)
            faults += [Of(name, fault) for fault in found]
    built = None
    if seen is not None and (bounds.get("layers") or bounds.get("augmentation")):
        built, of_stack = _built(values, bounds, seen, allowed)
        faults += of_stack
    faults += _settings(values, bounds, given)
    rates = _rates(values, bounds, seen)
    if rates is not None and seen is not None:
        schedule = _one(bounds, "schedule")
        where = "optimizer" if schedule is None else "schedule"
        warned = schedules.warnings(schedule, rates, _steps(values, seen))
        faults += [Of(where, each) for each in warned]
    return Checked(bounds, built, rates, tuple(dict.fromkeys(faults)))


def _steps(values: Mapping[str, Any], seen: Seen) -> int:
    """Batches of one epoch."""
    return -(-seen.items // int(values["batch_size"]))


def _one(bounds: Mapping[str, list[Bound | None]], name: str) -> Bound | None:
    """The thing that a single text names."""
    return next(iter(bounds.get(name, ())), None)


def _built(
    values: Mapping[str, Any], bounds: Mapping[str, list[Bound | None]], seen: Seen, allowed: int
) -> tuple[Stack | None, list[Of]]:
    """The stack behind the augmentation, and its faults."""
    random = [each for each in bounds.get("augmentation", ()) if each is not None]
    before, wrong = stack.place(random, seen.input_shape)
    found = [Of("augmentation", fault) for fault in wrong]
    if seen.pixels is not None:
        warned = pixel_range.warnings(random, seen.pixels)
        found += [Of("augmentation", fault.of(entry)) for entry, fault in warned]
    if wrong or "layers" not in bounds:
        return None, found
    built, more = stack.check(
        values["layers"],
        before.output_shape,
        seen.classes,
        loss=_one(bounds, "loss"),
        pixels=seen.pixels,
        allowed=allowed,
    )
    return built, [*found, *(Of("layers", fault) for fault in more)]


def _settings(
    values: Mapping[str, Any], bounds: Mapping[str, list[Bound | None]], given: Collection[str]
) -> Iterator[Of]:
    """What goes wrong between optimiser, schedule and callbacks."""
    epochs = values.get("epochs")
    if isinstance(epochs, int):
        callbacks = [each for each in bounds.get("callbacks", ()) if each is not None]
        yield from training.faults(_one(bounds, "optimizer"), _one(bounds, "schedule"), callbacks, epochs)
    optimizer = _one(bounds, "optimizer")
    if optimizer is not None and not optimizer.bare and "learning_rate" in given:
        message = f"the learning rate stands in {optimizer.name}(...) and as learning_rate beside it"
        yield Of("optimizer", Fault("two-rates", message, "leave one of the two out", optimizer.at))


def _rates(
    values: Mapping[str, Any], bounds: Mapping[str, list[Bound | None]], seen: Seen | None
) -> tuple[float, ...] | None:
    """The planned rates, where optimiser, epochs and steps are known."""
    optimizer, epochs, batch = _one(bounds, "optimizer"), values.get("epochs"), values.get("batch_size")
    known = isinstance(epochs, int) and isinstance(batch, int) and batch >= 1
    if optimizer is None or seen is None or not known:
        return None
    schedule = _one(bounds, "schedule")
    if not optimizer.bare:
        return schedules.planned_rates(optimizer, schedule, int(values["epochs"]), _steps(values, seen))
    rate = values.get("learning_rate")
    if not isinstance(rate, int | float) or rate <= 0:
        return None
    return schedules.epoch_rates(schedule, float(rate), int(values["epochs"]))
