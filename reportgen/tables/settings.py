"""The settings of a run, from what Keras reported and the record holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reportgen.analysis import numbers, words
from reportgen.analysis.layers import CONVOLUTIONS
from reportgen.analysis.metrics import best_epochs
from reportgen.records import Layer, Record
from reportgen.results import Result
from reportgen.tables.cells import text_cell
from reportgen.tables.table import Cell, Column, Line, Raw, Table

_Setting = tuple[str, Raw, str]

_OPTIMISER_WORDS = {
    "weight_decay": "weight decay", "nesterov": "Nesterov", "centered": "centred", "beta_1": "beta 1",
    "beta_2": "beta 2", "amsgrad": "AMSGrad", "clipnorm": "clip norm", "clipvalue": "clip value",
    "global_clipnorm": "global clip norm", "use_ema": "average of weights",
}  # fmt: skip
_NOT_SETTINGS = frozenset(
    {"name", "learning_rate", "jit_compile", "is_legacy_optimizer", "ema_momentum", "ema_overwrite_frequency"}
)


def hyper_parameters(result: Result) -> Table:
    """Settings of a run, one a line; empty where the run failed.

    Settings of the optimiser are those that Keras reports: every number, and every switch that is on.
    """
    record = result.record
    settings = [] if record is None else list(_settings(record))
    return Table(
        id=f"settings-{result.row.id}",
        caption="Hyper-parameters.",
        columns=(Column("Setting", kind="name"), Column("Value", align="right")),
        rows=tuple(Line((text_cell(name), Cell(value, text))) for name, value, text in settings),
    )


def _settings(record: Record) -> Iterator[_Setting]:
    yield _plain("Input", _input(record))
    yield from _layer_settings(record)
    yield _plain("Output", _output(record))
    yield _plain("Loss", str(record.loss["name"]).replace("_", " ").replace("crossentropy", "cross-entropy"))
    yield from _optimiser(record)
    if isinstance(record.parameters.get("batch_size"), int):
        yield _number("Batch size", record.parameters["batch_size"])
    yield _number("Epochs", record.epochs)
    best = best_epochs(record)
    epochs = numbers.plain((best.by_loss, best.by_accuracy))
    yield _plain("Best epoch by loss, accuracy", epochs)
    yield "Weights tested", record.tested_epoch, f"after epoch {numbers.thousands(record.tested_epoch)}"
    yield _plain("Validation", validation(record))
    yield "Training time", record.times.train, numbers.duration(record.times.train)
    threads = record.environment.get("threads")
    if threads is None:
        yield _plain("Seed", str(record.seed))
    else:
        yield _plain("Seed, threads", f"{record.seed}, {numbers.plain(threads)}")


def _plain(name: str, text: str) -> _Setting:
    return name, text, text


def _number(name: str, value: Any, plain: bool = False) -> _Setting:
    raw = (
        value
        if isinstance(value, (int, float, str)) and not isinstance(value, bool)
        else numbers.plain(value)
    )
    return name, raw, str(value) if plain else numbers.plain(value)


def _input(record: Record) -> str:
    if record.features.kind != "hog":
        return numbers.shape(record.data.image_shape) + " pixels"
    settings = record.features.settings
    parts = [f"{numbers.thousands(record.features.length)} HOG values"]
    if "orientations" in settings:
        parts.append(numbers.counted(settings["orientations"], "orientation"))
    for name, unit in (("pixels_per_cell", "pixels per cell"), ("cells_per_block", "cells per block")):
        if name in settings:
            parts.append(f"{_square(settings[name])} {unit}")
    return ", ".join(parts)


def _square(side: Any) -> str:
    sides = side if isinstance(side, (list, tuple)) else (side, side)
    return numbers.shape([int(value) for value in sides])


def _layer_settings(record: Record) -> Iterator[_Setting]:
    convolutions = [layer for layer in record.layers if layer.class_name in CONVOLUTIONS]
    dense = [layer for layer in record.layers[:-1] if layer.class_name == "Dense"]
    sizes = [_square(layer.settings.get("kernel_size", ())) for layer in convolutions]
    if sizes:
        yield _plain("Kernel sizes", _collapsed(sizes))
    for name, layers in (("Activation, convolutions", convolutions), ("Activation, hidden layers", dense)):
        used = [words.activation(str(layer.settings.get("activation", "linear"))) for layer in layers]
        if used:
            yield _plain(name, _collapsed(used))
    rates = [layer.settings["rate"] for layer in record.layers if _is_dropout(layer)]
    text = _collapsed([numbers.plain(rate) for rate in rates]) if rates else "none"
    yield "Dropout", rates[0] if len(set(rates)) == 1 else text, text


def _is_dropout(layer: Layer) -> bool:
    return "Dropout" in layer.class_name and "rate" in layer.settings


def _collapsed(values: list[str]) -> str:
    """One value where all are the same, else all in order."""
    return values[0] if len(set(values)) == 1 else ", ".join(values)


def _output(record: Record) -> str:
    last = record.layers[-1]
    units = last.output_shape[-1]
    activation = words.activation(str(last.settings.get("activation", "linear")))
    return f"{activation}, {numbers.counted(units, 'class', 'classes')}"


def _optimiser(record: Record) -> Iterator[_Setting]:
    settings: Mapping[str, Any] = record.optimizer.get("settings", {})
    yield _plain("Optimiser", str(record.optimizer["name"]))
    yield _learning_rate(record, settings.get("learning_rate"))
    used = {
        _OPTIMISER_WORDS.get(name, name): value
        for name, value in settings.items()
        if (name not in _NOT_SETTINGS and value not in (None, False)) or name == "momentum"
    }
    amounts = {
        name: value for name, value in used.items() if isinstance(value, (int, float)) and value is not True
    }
    if amounts:
        names = ", ".join(amounts)
        yield _plain(names[0].upper() + names[1:], ", ".join(map(numbers.plain, amounts.values())))
    for name, value in used.items():
        if name not in amounts:
            yield _plain(name[0].upper() + name[1:], numbers.plain(value))


def _learning_rate(record: Record, setting: Any) -> _Setting:
    used = record.history.get("learning_rate")
    if used is not None and len(used) and used.min() != used.max():
        return _plain("Learning rate", f"{_short(used[0])} to {_short(used[-1])}")
    if isinstance(setting, (int, float)) and not isinstance(setting, bool):
        # Keras keeps it as float32: 0.0010000000474974513 was given as 0.001.
        return "Learning rate", float(f"{setting:.7g}"), _short(setting)
    value = float(used[0]) if used is not None and len(used) else float("nan")
    return "Learning rate", float(f"{value:.7g}"), _short(value)


def _short(value: float) -> str:
    return numbers.plain(float(f"{value:.7g}"))


def validation(record: Record) -> str:
    """What the run was validated on, in words; a run validated on the test set says so."""
    items = numbers.counted(record.data.n_validation, "item")
    if record.data.validated_on_test:
        return f"on the test set itself, {items}"
    if isinstance(record.data.validation, str):
        return f"{record.data.validation}, {items}"
    part = numbers.plain(round(100 * float(record.data.validation), 6))
    return f"{part}{numbers.NO_BREAK_SPACE}% split, {items}"
