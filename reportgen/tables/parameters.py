"""Parameters of a notebook that no other line of the settings shows: those of one's own notebook."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reportgen import language
from reportgen.analysis import call_words, lists, numbers
from reportgen.analysis.layers import CONVOLUTIONS
from reportgen.records import Layer, Record
from reportgen.tables.optimisers import Setting, plain

ELSEWHERE = frozenset({"dataset", "seed", "validation", "batch_size"})
"""The page names the data set; the others have lines of the record's own facts, whatever their values."""
_CALLS = ("augmentation", "callbacks", "loss", "schedule")
"""Parameters that have lines of their own in words, where they are calls that can be read."""


def parameter_settings(records: Sequence[Record]) -> list[Setting]:
    """Return a setting for each parameter that a run was given and that what it recorded does not show.

    Parameters
    ----------
    records : sequence of Record
        Runs of one row.

    Returns
    -------
    list of Setting
        Named as in the notebook's cell, in the record's order. A name that reportgen knows is among them
        where the run did something else with it: ``activation`` of an LSTM, ``epochs`` of a training that
        stopped early.
    """
    hidden = dict.fromkeys(
        name
        for record in records
        for name, value in record.parameters.items()
        if not _shown(record, name, value)
    )
    every = parameter_values(records)
    return [plain(name, every[name]) for name in hidden]


def parameter_values(records: Sequence[Record]) -> dict[str, str]:
    """Return the values of all parameters in print; where runs have different ones, each of them."""
    found: dict[str, dict[str, None]] = {}
    for record in records:
        for name, value in record.parameters.items():
            found.setdefault(name, {})[_printed(value)] = None
    return {name: lists.series(list(texts)) for name, texts in found.items()}


def _printed(value: Any) -> str:
    """A value of the cell in words: ``64``; ``5, 5, 3``; ``yes``; ``none``."""
    if isinstance(value, (list, tuple, Mapping)) and not value:
        return language.text("none")
    if isinstance(value, Mapping):
        return lists.clauses(f"{name}: {_printed(each)}" for name, each in value.items())
    return numbers.plain(value)


def _shown(record: Record, name: str, value: Any) -> bool:
    """Whether what the run recorded says the same as its parameter, or the run made no use of it."""
    if name in ELSEWHERE or (name in _REPLACED and _whole_network(record)):
        return True
    if name in _CALLS and call_words.calls(name, value):
        return True
    return name in _RECORDED and _RECORDED[name](record, value)


def _whole_network(record: Record) -> bool:
    """Whether the parameter ``layers`` names every layer, in place of the parameters that size them."""
    named = record.parameters.get("layers")
    return (
        isinstance(named, (list, tuple))
        and bool(named)
        and len(named) == len(record.layers) - record.augmentation
    )


def _dense(record: Record) -> list[Layer]:
    return [layer for layer in record.layers[:-1] if layer.class_name == "Dense"]


def _convolutions(record: Record) -> list[Layer]:
    return [layer for layer in record.layers if layer.class_name in CONVOLUTIONS]


def _units(record: Record, value: Any) -> bool:
    return [layer.output_shape[-1] for layer in _dense(record)] == _listed(value)


def _filters(record: Record, value: Any) -> bool:
    return [layer.settings.get("filters") for layer in _convolutions(record)] == _listed(value)


def _kernels(record: Record, value: Any) -> bool:
    sizes = [list(layer.settings.get("kernel_size", ())) for layer in _convolutions(record)]
    given = [each if isinstance(each, (list, tuple)) else (each, each) for each in _listed(value)]
    return sizes == [list(each) for each in given]


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _activation(layers: Callable[[Record], list[Layer]]) -> Callable[[Record, Any], bool]:
    """The activation of some of the layers: one for all, or one each."""

    def shown(record: Record, value: Any) -> bool:
        used = [layer.settings.get("activation") for layer in layers(record)]
        return used == list(value) if isinstance(value, (list, tuple)) else set(used) == {value}

    return shown


def dropout_rates(record: Record) -> list[float]:
    """Return the rates of dropout in a network: of its own layers, and of those that drop out within."""
    return [
        layer.settings["rate"] if "Dropout" in layer.class_name else layer.settings["dropout"]
        for layer in record.layers
        if ("Dropout" in layer.class_name and "rate" in layer.settings) or layer.settings.get("dropout")
    ]


def _dropout(record: Record, value: Any) -> bool:
    rates = dropout_rates(record)
    # A rate of 0 needs no layer, and without a hidden layer there is nothing to drop.
    if isinstance(value, (list, tuple)):
        return rates == [rate for rate in value if rate]
    return set(rates) == {value} or (not rates and (not value or len(record.layers) == 1))


def _optimizer(record: Record, value: Any) -> bool:
    # Of a call its arguments are among the settings that Keras reports.
    return str(record.optimizer["name"]).lower() == str(value).partition("(")[0].lower()


def _learning_rate(record: Record, value: Any) -> bool:
    if "(" in str(record.parameters.get("optimizer", "")):
        return True  # a call has its own rate, and this one is not used
    used = record.history.get("learning_rate")
    given = record.optimizer.get("settings", {}).get("learning_rate")
    first = used[0] if used is not None and len(used) else given
    # Keras keeps it as float32.
    return any(
        isinstance(each, (int, float)) and isinstance(value, (int, float)) and f"{each:.6g}" == f"{value:.6g}"
        for each in (given, None if first is None else float(first))
    )


def _loss(record: Record, value: Any) -> bool:
    return str(record.loss["name"]) == str(value)


def _nothing(record: Record, value: Any) -> bool:
    """What a row leaves out needs no line."""
    return not value or value == "none"


def _layers(record: Record, value: Any) -> bool:
    # They are drawn, and have tables of their own.
    return not value or _whole_network(record)


def _epochs(record: Record, value: Any) -> bool:
    # A quick look trains less than its row says, and says so.
    planned = record.epochs if record.stopped is None else record.stopped.planned
    return record.data.quick or planned == value


def _feature(name: str) -> Callable[[Record, Any], bool]:
    def shown(record: Record, value: Any) -> bool:
        found = record.features.settings.get(name)
        return found is not None and set(_listed(found)) == set(_listed(value))

    return shown


_REPLACED = frozenset(
    {
        "filters", "kernel_sizes", "conv_activation", "dense_units", "dense_activation", "hidden_units",
        "activation", "dropout",
    }
)  # fmt: skip
"""Parameters that a notebook sets aside where its row names all layers."""

_RECORDED: Mapping[str, Callable[[Record, Any], bool]] = {
    "layers": _layers,
    "augmentation": _nothing,
    "callbacks": _nothing,
    "schedule": _nothing,
    "loss": _loss,
    "hidden_units": _units,
    "dense_units": _units,
    "filters": _filters,
    "kernel_sizes": _kernels,
    "activation": _activation(_dense),
    "dense_activation": _activation(_dense),
    "conv_activation": _activation(_convolutions),
    "dropout": _dropout,
    "optimizer": _optimizer,
    "learning_rate": _learning_rate,
    "epochs": _epochs,
    "orientations": _feature("orientations"),
    "pixels_per_cell": _feature("pixels_per_cell"),
    "cells_per_block": _feature("cells_per_block"),
}
"""By the name of a parameter of the notebooks that come along: whether the record shows its value."""
