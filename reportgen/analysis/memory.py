"""What a model takes up in memory: its parameters, the outputs of its layers, the optimiser's state."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reportgen import language
from reportgen.analysis import lists, numbers
from reportgen.analysis.layers import passes_through, within
from reportgen.language import NO_BREAK_SPACE
from reportgen.records import Layer, Record

FLOAT32 = 4
"""Bytes of one value, which is what Keras computes with unless told otherwise."""

_IN_PLACE = frozenset({"Flatten", "Reshape"})
"""Layers that hold no values of their own: they give those of the layer before other places."""

_SLOTS: Mapping[str, int] = {
    "adagrad": 1, "adadelta": 2, "adam": 2, "adamw": 2, "adamax": 2, "nadam": 2, "ftrl": 2, "lamb": 2,
    "lion": 1, "rmsprop": 1, "sgd": 0,
}  # fmt: skip
"""Values that an optimiser keeps for each trained parameter, before its settings add to them."""


@dataclass(frozen=True)
class Memory:
    """Bytes that a model takes up, all in float32.

    Parameters
    ----------
    parameters : int
        All of them, frozen ones too.
    outputs : int
        Outputs of all layers for one item, kept until the gradient is computed.
    optimizers : tuple of (str, int or None)
        Each optimiser its runs used, and the bytes that it keeps beside the parameters while it
        trains; None where it is not known how many.
    peak : tuple of (int, int) or None
        Smallest and largest peak of the runs' processes, libraries and data included; None where
        it was not measured.
    """

    parameters: int
    outputs: int
    optimizers: tuple[tuple[str, int | None], ...]
    peak: tuple[int, int] | None


def memory(records: Sequence[Record]) -> Memory:
    """Return what the model of these runs, all of one architecture, takes up.

    Raises
    ------
    ValueError
        There is no record.
    """
    if not records:
        raise ValueError("no record")
    peaks = [record.peak_memory for record in records if record.peak_memory]
    used = dict.fromkeys((str(record.optimizer["name"]), optimizer_bytes(record)) for record in records)
    return Memory(
        parameters=FLOAT32 * records[0].total_params,
        outputs=sum(output_bytes(layer) for layer in records[0].layers),
        optimizers=tuple(used),
        peak=(min(peaks), max(peaks)) if peaks else None,
    )


def output_bytes(layer: Layer) -> int:
    """Return the bytes of a layer's output for one item: 4 for each value.

    Flatten, Reshape, Dropout and activations that are layers count as 0, as if they worked in place. Of a
    network that stands as one layer, the outputs of all layers within.
    """
    if layer.inner:
        return sum(map(output_bytes, within(layer)))
    in_place = layer.class_name in _IN_PLACE or passes_through(layer)
    return 0 if in_place else FLOAT32 * math.prod(layer.output_shape)


def optimizer_bytes(record: Record) -> int | None:
    """Return the bytes that the optimiser keeps beside the parameters; None for one that is not known."""
    kept = slots(str(record.optimizer["name"]), record.optimizer.get("settings", {}))
    return None if kept is None else FLOAT32 * kept * record.trainable_params


def slots(optimizer: str, settings: Mapping[str, Any]) -> int | None:
    """Return how many values an optimiser keeps for each trained parameter; None for one that is not known.

    Notes
    -----
    Values per trained parameter, as Keras 3 makes them (``build`` in ``keras/src/optimizers/*.py``):
    SGD none, with momentum one; RMSprop one, one more with momentum and one more if centred; Adagrad
    and Lion one; Adam, AdamW, Adamax, Nadam, Adadelta, Ftrl and LAMB two, AMSGrad one more; an average
    of the weights (``use_ema``) and accumulated gradients one each. Its few single numbers, such as
    the count of steps, are left out.
    """
    name = optimizer.lower()
    if name not in _SLOTS:
        return None
    kept = _SLOTS[name]
    if name in ("sgd", "rmsprop"):
        kept += bool(settings.get("momentum"))
    return kept + sum(
        bool(settings.get(switch))
        for switch in ("centered", "amsgrad", "use_ema", "gradient_accumulation_steps")
    )


def kilobytes(size: int) -> str:
    """Return a number of bytes in kB of 1000 bytes, with one decimal and without the unit."""
    return numbers.decimal(size / 1000, 1)


def in_words(size: int) -> str:
    """Return a number of bytes with its unit: ``960 B``, ``29.9 kB``, ``5.0 MB``; powers of 1000."""
    number, unit = _scaled(size)
    return f"{number}{NO_BREAK_SPACE}{unit}"


def _scaled(size: int) -> tuple[str, str]:
    """A number of bytes and its unit."""
    for unit, factor in ((language.text("GB"), 1e9), (language.text("MB"), 1e6), (language.text("kB"), 1e3)):
        # What would round to 1 000.0 of the smaller unit is one of the larger.
        if size >= 0.99995 * factor:
            return numbers.decimal(size / factor, 1), unit
    return numbers.thousands(size), language.text("B")


def explain_memory(found: Memory) -> str:
    """Return the sentences about a model's memory, computed from the figures alone."""
    sentence = language.text(
        "In float32 its parameters take {parameters} and the outputs of its layers {outputs} for one item;"
        " while it trains, {kept} beside them.",
        parameters=in_words(found.parameters),
        outputs=in_words(found.outputs),
        kept=lists.either([_kept(name, size) for name, size in found.optimizers]),
    )
    return sentence if found.peak is None else f"{sentence} {_grown(*found.peak)}"


def _grown(low: int, high: int) -> str:
    """How large the processes of the runs became."""
    if in_words(low) == in_words(high):
        return language.text(
            "The processes of its runs grew to {size}, libraries and data included.", size=in_words(high)
        )
    # Of two sizes with one unit only the second names it.
    (number, unit), (_, other) = _scaled(low), _scaled(high)
    return language.text(
        "The processes of its runs grew to between {low} and {high}, libraries and data included.",
        low=number if unit == other else in_words(low),
        high=in_words(high),
    )


def _kept(name: str, size: int | None) -> str:
    """What an optimiser keeps, as a clause."""
    if size is None:
        return language.text("{optimiser} keeps a state of a size not counted here", optimiser=name)
    if not size:
        return language.text("{optimiser} keeps nothing", optimiser=name)
    return language.text("{optimiser} keeps {size}", optimiser=name, size=in_words(size))
