"""What there is to call: Keras's layers, optimisers, losses ... as it was installed, and a few of our own.

`keras_signatures.json` is written by scripts/keras_signatures.py; a test compares it with Keras.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("keras_signatures.json")
REQUIRED = object()
"""Stands for the default of an argument that has none."""


@dataclass(frozen=True)
class Signature:
    """What a name takes.

    Parameters
    ----------
    family : str
        ``layers``, ``applications``, ``optimizers``, ``losses``, ``callbacks``, ``schedules``,
        ``epoch_schedules``, ``regularizers``, ``initializers`` or ``constraints``.
    name : str
        Keras's own, such as ``MaxPooling2D``.
    defaults : mapping of str to value
        The arguments in Keras's order, `REQUIRED` for those without a default.
    positional : int
        How many of them may go by place.
    aliases : tuple of str
    """

    family: str
    name: str
    defaults: Mapping[str, Any]
    positional: int
    aliases: tuple[str, ...] = ()


_OURS: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "layers": {"GrayscaleToRGB": {"name": None}},
    "epoch_schedules": {
        "StepwisePerEpoch": {"after": REQUIRED},
        "MultiplyEachEpoch": {"after": REQUIRED},
        "ExponentialPerEpoch": {"factor": REQUIRED, "after": 1},
        "CosinePerEpoch": {"decay_epochs": REQUIRED, "alpha": 0.0},
    },
}
"""What Keras has no name for; reportgen.lab makes them."""

_BESIDE: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("applications", "MobileNetV2"): {"include_top": REQUIRED, "trainable": True},
}
"""What differs for a row: a property set as if it were an argument, a default that it must not rely on."""

_SAME_NAMES = {"augmentation": "layers"}
"""Families that choose from the names of another."""

_BY_KEYWORD = frozenset({"trainable", "name"})
"""Arguments that a layer takes by name alone."""


@functools.cache
def _file() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return found


def keras_version() -> str:
    """The version of Keras that the signatures are those of."""
    return str(_file()["keras"])


@functools.cache
def family(name: str) -> Mapping[str, Signature]:
    """Return the signatures of a family by name."""
    if name == "augmentation":
        return {each: signature for each, signature in family("layers").items() if each.startswith("Random")}
    found = {each: _keras(name, each, entry) for each, entry in _file().get(name, {}).items()}
    for each, defaults in _OURS.get(name, {}).items():
        count = sum(argument not in _BY_KEYWORD for argument in defaults)
        found[each] = Signature(name, each, defaults, count)
    return found


def _keras(of: str, name: str, entry: Mapping[str, Any]) -> Signature:
    defaults: dict[str, Any] = {
        argument[0]: _value(argument[1]) if len(argument) > 1 else REQUIRED for argument in entry["arguments"]
    }
    places = [argument for argument in defaults if of != "layers" or argument not in _BY_KEYWORD]
    defaults |= _BESIDE.get((of, name), {})
    return Signature(of, name, defaults, len(places), tuple(entry["aliases"]))


def _value(default: Any) -> Any:
    return tuple(map(_value, default)) if isinstance(default, list) else default


@functools.cache
def _names(families: tuple[str, ...]) -> dict[str, Signature]:
    found: dict[str, Signature] = {}
    for each in families:
        for signature in family(each).values():
            for name in (signature.name, *signature.aliases):
                found.setdefault(name, signature)
    return found


def find(families: tuple[str, ...], name: str) -> Signature | None:
    """Return the signature of a name or an alias in some families, or None."""
    return _names(families).get(name)


def known(families: tuple[str, ...]) -> list[str]:
    """Every name of some families, without aliases."""
    return [name for each in families for name in family(each)]


def others(families: tuple[str, ...]) -> frozenset[str]:
    """Names that Keras has in these families and a row may not use."""
    return frozenset(
        name for each in families for name in _file()["others"].get(_SAME_NAMES.get(each, each), ())
    )
