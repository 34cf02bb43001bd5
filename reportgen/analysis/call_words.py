"""The calls of a row in print: Keras's names, and their arguments as the language in use writes them."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from functools import lru_cache
from typing import Any

from reportgen import language
from reportgen.analysis import lists, numbers
from reportgen.calls import named
from reportgen.calls.bound import Bound, short_name, text
from reportgen.calls.grammar import Value
from reportgen.calls.signatures import find
from reportgen.records import Record

_SIDES = ("height_factor", "width_factor")
_ALONE = frozenset(
    {"units", "filters", "activation", "padding", "rate", "stddev", "learning_rate", "initial_learning_rate",
     "target_shape", "monitor", "mode", "factor", "l1", "l2"}
)  # fmt: skip
"""Arguments whose value says what it is."""
_PLAIN = {"factor", "l1", "l2"}
"""Of these, the ones that do so only where their class has few others."""
_WINDOWS = frozenset({"kernel_size", "pool_size", "size", "strides"})
_LONGEST_FRACTION = 10_000


def calls(name: str, value: Any) -> tuple[Bound, ...]:
    """Return what the texts of a parameter name; empty where it holds none, or one that cannot be read.

    Parameters
    ----------
    name : str
        Of the parameter: ``layers``, ``callbacks``, ``optimizer`` ...
    value : value of the parameter
    """
    if name not in named.PARAMETERS:
        return ()
    if isinstance(value, str):
        return _read(name, (value,)) if value != "none" else ()
    if isinstance(value, Sequence) and value and all(isinstance(each, str) for each in value):
        return _read(name, tuple(value))
    return ()


@lru_cache(maxsize=4096)
def _read(name: str, texts: tuple[str, ...]) -> tuple[Bound, ...]:
    found, _ = named.bound(name, list(texts))
    made = tuple(each for each in found if each is not None)
    return made if len(made) == len(texts) else ()


def one(name: str, parameters: Mapping[str, Any]) -> Bound | None:
    """Return what the single text of a parameter names, None where there is none."""
    return next(iter(calls(name, parameters.get(name))), None)


def optimizer_of(parameters: Mapping[str, Any]) -> tuple[str, dict[str, Value]] | None:
    """Return the optimiser's class and its arguments, a bare name with the ``learning_rate`` beside it.

    ``rmsprop`` with a ``learning_rate`` of 0.001 and ``RMSprop(0.001)`` are the same.
    """
    found = one("optimizer", parameters)
    if found is None:
        return None
    arguments = {name: found[name] for name in found.signature.defaults if name != "name"}
    if found.bare and "learning_rate" in parameters:
        arguments["learning_rate"] = parameters["learning_rate"]
    return found.signature.name, arguments


def default_of(optimizer: str, argument: str) -> Value:
    """Return what Keras gives an optimiser's argument that nobody names; None where it is not known."""
    signature = find(("optimizers",), optimizer)
    return None if signature is None else signature.defaults.get(argument)


def label(call: Bound, without: Container[str] = ("name",)) -> str:
    """Return a call in words: its name, then what differs from Keras's defaults, but for some arguments.

    ``Conv2D 32, 3 × 3, same, relu``; ``EarlyStopping val_loss, patience 3, restore_best_weights``.
    """
    if call.bare or (call.signature.family in ("losses", "initializers") and not call.given):
        return short_name(call.signature)
    given = {name: value for name, value in call.given.items() if name != "name" and name not in without}
    height, width = (given.get(name) for name in _SIDES)
    alike = width == height or "width_factor" not in call.given
    parts = [numbers.plain(height)] if alike and isinstance(height, float) else []
    said = _SIDES if parts else ()  # what a change of both sides has in common is said once
    parts += [argument(call, name, value) for name, value in given.items() if name not in said]
    return f"{call.name} {lists.series(parts)}" if parts else call.name


def labels(calls: Sequence[Bound]) -> str:
    """Return several calls in words, what all of them have in common once at the end."""
    common = _common(calls)
    said = lists.clauses(label(call, common) for call in calls)
    if not common:
        return said
    shared = lists.series([argument(calls[0], name, value) for name, value in common.items()])
    return language.text("{calls}; all {arguments}", calls=said, arguments=shared)


def _common(calls: Sequence[Bound]) -> dict[str, Value]:
    """Arguments that several calls have with one value, unless it says what it is by itself."""
    if len(calls) < 2:
        return {}
    return {
        name: value
        for name, value in calls[0].given.items()
        if name not in _ALONE
        and all(name in call.given and text(call.given[name]) == text(value) for call in calls)
    }


def argument(call: Bound, name: str, given: Value) -> str:
    """Return an argument in words; its name is left out where the value says enough."""
    if name == "trainable":
        return language.text("frozen") if given is False else language.text("trainable")
    if isinstance(given, bool):
        return name if given else language.text("{argument} off", argument=name)
    if call.name == "RandomRotation" and name == "factor" and isinstance(given, float):
        return f"±{numbers.plain(float(f'{360 * given:.4g}'))}°"
    said = value(name, given)
    few = len([each for each in call.signature.defaults if each not in ("name", "trainable")]) <= 2
    alone = name in _ALONE and (name not in _PLAIN or few)
    return said if alone or name in ("kernel_size", "pool_size", "size") else f"{name} {said}"


def value(name: str, given: Value) -> str:
    """Return the value of an argument in print."""
    if isinstance(given, Bound):
        return f"({label(given)})" if len(given.given) > 1 else label(given)
    if isinstance(given, dict):
        return lists.clauses(f"{key}: {value(name, each)}" for key, each in given.items())
    if name in _WINDOWS and isinstance(given, (int, tuple)):
        sides = given if isinstance(given, tuple) else (given, given)
        return numbers.shape([int(side) for side in sides])
    if isinstance(given, tuple):
        return f"({lists.series([value(name, each) for each in given])})"
    return _fraction(given) if isinstance(given, float) else numbers.plain(given)


def _fraction(given: float) -> str:
    """A number; as a fraction where that is what was meant: 1/255."""
    below = 1 / given if 0 < given < 0.1 else 0.0
    whole = round(below)
    said = f"1/{whole}"
    meant = 0 < whole <= _LONGEST_FRACTION and given == 1 / whole
    return said if meant and len(repr(given)) > len(said) + 2 else numbers.plain(given)


def schedule(call: Bound) -> str:
    """Return in words what a schedule by epochs does, with its name; one of Keras as its call."""
    after = call.get("after")
    if call.name == "StepwisePerEpoch" and isinstance(after, dict):
        steps = [
            language.text("{rate} after epoch {epoch}", rate=numbers.plain(rate), epoch=numbers.plain(epoch))
            for epoch, rate in sorted(after.items())
        ]
        return f"{lists.series(steps)} ({call.name})"
    if call.name == "MultiplyEachEpoch" and isinstance(after, dict):
        steps = [
            language.text(
                "× {factor} in every epoch after {epoch}",
                factor=numbers.plain(factor),
                epoch=numbers.plain(epoch),
            )
            for epoch, factor in sorted(after.items())
        ]
        return f"{lists.series(steps)} ({call.name})"
    if call.name == "ExponentialPerEpoch":
        said = language.text(
            "× {factor} in every epoch after {epoch}",
            factor=numbers.plain(call["factor"]),
            epoch=numbers.plain(after),
        )
        return f"{said} ({call.name})"
    if call.name == "CosinePerEpoch":
        said = language.text(
            "half a cosine to {share} of the first rate over {epochs} epochs",
            share=numbers.plain(call["alpha"]),
            epochs=numbers.plain(call["decay_epochs"]),
        )
        return f"{said} ({call.name})"
    return label(call)


def kinds(layers: Sequence[str]) -> str:
    """Return how many layers of which class: ``2 Conv2D, 2 MaxPooling2D, Dropout``."""
    counted: dict[str, int] = {}
    for name in layers:
        counted[name] = counted.get(name, 0) + 1
    return ", ".join(name if n == 1 else f"{n}\u00a0{name}" for name, n in counted.items())


def parameter(name: str, given: Any) -> str:
    """Return the value of a parameter that holds calls, in words; ``none`` without any."""
    found = calls(name, given)
    if not found:
        return language.text("none") if given in (None, "none", [], ()) else numbers.plain(given)
    if name == "schedule":
        return schedule(found[0])
    return labels(found)


def of_record(record: Record, name: str) -> tuple[Bound, ...]:
    """Return what the texts of a run's parameter name."""
    return calls(name, record.parameters.get(name))


def written(call: Bound) -> str:
    """Return the canonical text, by which calls are compared."""
    return text(call)
