"""Calls that a row names, as Python that makes the same things with Keras."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from reportgen.calls.bound import Bound, short_name
from reportgen.records import Record

_MODULES = {"schedules": "optimizers.schedules"}
"""Where Keras keeps what a family names, unless the module is called as the family."""

_RATES: Mapping[str, tuple[str, ...]] = {
    "StepwisePerEpoch": ("    return {after}.get(epoch, current)",),
    "MultiplyEachEpoch": (
        "    factors = [factor for after, factor in {after}.items() if after <= epoch]",
        "    return current * factors[-1] if factors else current",
    ),
    "ExponentialPerEpoch": ("    return current * {factor} if epoch >= {after} else current",),
    "CosinePerEpoch": (
        "    height = 0.5 * (1 + math.cos(math.pi * min(epoch / {decay_epochs}, 1)))",
        "    return {initial} * ((1 - {alpha}) * height + {alpha})",
    ),
}
"""What the rate of an epoch is under the schedules that go by epochs; Keras counts these from 0 here."""


def python(value: Any, written: Any) -> str:
    """Return a value of a call as Python; `written` writes what is no call."""
    if isinstance(value, Bound):
        if value.bare or (value.signature.family == "initializers" and not value.given):
            return str(written(short_name(value.signature)))
        return call(value, written)
    if isinstance(value, tuple):
        inner = ", ".join(python(each, written) for each in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    return str(written(value))


def call(made: Bound, written: Any) -> str:
    """Return the call of a thing of Keras with the names of its arguments."""
    module = _MODULES.get(made.signature.family, made.signature.family)
    given = ", ".join(f"{name}={python(value, written)}" for name, value in made.given.items())
    return f"keras.{module}.{made.name}({given})"


def layer(made: Bound, written: Any, network: str) -> str:
    """Return a layer; what Keras has no layer for as the code that does the same.

    `network` is the name of the variable that holds a network of `keras.applications`.
    """
    if made.signature.family == "applications":
        return network
    if made.name == "GrayscaleToRGB":
        return "keras.layers.Lambda(lambda images: keras.ops.repeat(images, 3, axis=-1))"
    return call(made, written)


def network(made: Bound, name: str, shape: Sequence[int], written: Any) -> Iterator[str]:
    """Yield the lines that make a network of `keras.applications` for inputs of a shape."""
    given = {key: value for key, value in made.given.items() if key not in ("trainable", "name")}
    weights = given.get("weights")
    if isinstance(weights, str) and "/" in weights:
        given["weights"] = PurePosixPath(weights).name
    arguments = ", ".join(f"{key}={python(value, written)}" for key, value in given.items())
    yield f"{name} = keras.applications.{made.name}(input_shape={tuple(shape)}, {arguments})"
    if made.get("trainable") is False:
        yield f"{name}.trainable = False"


def schedule(made: Bound, record: Record, written: Any) -> list[str]:
    """Return the lines of a function ``rate(epoch, current)``, for a callback of Keras."""
    settings = {name: python(made[name], written) for name in made.signature.defaults}
    used = record.history.get("learning_rate")
    initial = float(f"{used[0]:.7g}") if used is not None and len(used) else 0.001
    lines = [_filled(line, settings | {"initial": written(initial)}) for line in _RATES[made.name]]
    head = ["import math", ""] if made.name == "CosinePerEpoch" else []
    return [*head, "def rate(epoch, current):  # epochs count from 0 here", *lines, ""]


def _filled(line: str, settings: Mapping[str, str]) -> str:
    for name, value in settings.items():
        line = line.replace("{" + name + "}", value)
    return line
