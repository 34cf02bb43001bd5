"""The settings of a run, from what Keras reported and the record holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean
from typing import Any

from reportgen.analysis import numbers, words
from reportgen.analysis.layers import CONVOLUTIONS
from reportgen.analysis.metrics import best_epochs
from reportgen.language import NO_BREAK_SPACE
from reportgen.records import Layer, Record
from reportgen.results import Result
from reportgen.tables.cells import text_cell
from reportgen.tables.table import Cell, Column, Line, Raw, Table
from reportgen.tables.times import training_time

_Setting = tuple[str, Raw, str]

_OPTIMISER_WORDS = {
    "weight_decay": "weight decay", "nesterov": "Nesterov", "centered": "centred", "beta_1": "beta 1",
    "beta_2": "beta 2", "amsgrad": "AMSGrad", "clipnorm": "clip norm", "clipvalue": "clip value",
    "global_clipnorm": "global clip norm", "use_ema": "average of weights",
}  # fmt: skip
_NOT_SETTINGS = frozenset(
    {"name", "learning_rate", "jit_compile", "is_legacy_optimizer", "ema_momentum", "ema_overwrite_frequency"}
)


_FEW = 5
"""Seeds whose values are listed one by one; of more, the lowest and the highest number."""


def hyper_parameters(result: Result) -> Table:
    """Settings of a row, one a line; empty where every run failed.

    Settings of the optimiser are those that Keras reports: every number, and every switch that is on.
    What differs from seed to seed, such as the best epoch, is listed in the order of the seeds.
    """
    settings = _merged([list(_settings(record)) for record in result.records])
    settings += _seeds_and_threads(result.records)
    return Table(
        id=f"settings-{result.row.id}",
        caption="Hyper-parameters.",
        columns=(Column("Setting", kind="name"), Column("Value", align="right")),
        rows=tuple(Line((text_cell(name), Cell(value, text))) for name, value, text in settings),
    )


def _merged(runs: list[list[_Setting]]) -> list[_Setting]:
    """One line for each setting: what all runs have in common once, what differs for each."""
    merged = []
    for name, value, text in runs[0] if runs else []:
        same = [one for run in runs for one in run if one[0] == name]
        texts = [one[2] for one in same]
        if name == "Training time":
            merged.append(_mean_time([one[1] for one in same], texts))
        elif len(set(texts)) == 1:
            merged.append((name, value, text))
        elif name.startswith("Best epoch"):
            merged.append(_plain(name, _best([one[1] for one in same], texts)))
        elif name == "Weights tested":
            epochs = [one[1] for one in same]
            merged.append(_plain(name, f"after epoch {_between(epochs, list(map(str, epochs)))}"))
        else:
            merged.append(_plain(name, _between([one[1] for one in same], texts)))
    return merged


def _mean_time(times: list[Raw], texts: list[str]) -> _Setting:
    seconds = [time for time in times if isinstance(time, (int, float))]
    if len(texts) == 1:
        return "Training time", seconds[0], texts[0]
    mean = fmean(seconds)
    loads = {text.partition(", ")[2] for text in texts}
    load = f", {loads.pop()}" if len(loads) == 1 and "" not in loads else ""
    return "Training time, mean", mean, f"{numbers.duration(mean)}{load}"


def _best(epochs: list[Raw], texts: list[str]) -> str:
    """Best epochs of several runs: ``120, 141, 141 (all also 150)`` where the last epoch is as good."""
    ties = [text.partition(" (")[2] for text in texts]
    if not any(ties) or (len(texts) <= _FEW and len(set(ties)) > 1):
        return _between(epochs, texts)
    listed = _between(epochs, [numbers.plain(epoch) for epoch in epochs])
    last = {tie for tie in ties if tie}
    who = "all" if all(ties) else "some"
    return f"{listed} ({who} {last.pop()}" if len(last) == 1 else f"{listed} ({who} also the last)"


def _seeds_and_threads(records: Sequence[Record]) -> list[_Setting]:
    """The seed of the split has a line of its own only where it is not that of the run."""
    if not records:
        return []
    s = "s" if len(records) > 1 else ""
    seeds = [record.seed for record in records]
    splits = [record.data.split_seed for record in records if not record.data.validated_on_test]
    if splits == seeds:
        found = [_plain(f"Seed{s}, also of the split", _run_of(seeds))]
    else:
        found = [_plain(f"Seed{s}", _run_of(seeds))]
        if splits:
            one = len(set(splits)) == 1
            found.append(
                _plain("Split seed" if one else "Split seeds", _run_of(splits[:1] if one else splits))
            )
    threads = [record.environment.get("threads") for record in records]
    texts = list(dict.fromkeys(numbers.plain(each) for each in threads if each is not None))
    return [*found, _plain("Threads", ", ".join(texts))] if texts else found


def _run_of(seeds: list[int]) -> str:
    """``42``; ``42 to 44``; ``42 and 44`` where one between them failed."""
    whole = len(seeds) > 1 and seeds == list(range(seeds[0], seeds[0] + len(seeds)))
    return f"{seeds[0]} to {seeds[-1]}" if whole else " and ".join(map(str, seeds))


def _between(values: list[Raw], texts: list[str]) -> str:
    """``12, 15, 14``; of many, ``12 to 15``."""
    amounts = [value for value in values if isinstance(value, (int, float))]
    if len(texts) <= _FEW:
        return ", ".join(texts)
    if len(amounts) < len(texts):
        return f"{texts[0]} to {texts[-1]}"
    return f"{numbers.plain(min(amounts))} to {numbers.plain(max(amounts))}"


def _settings(record: Record) -> Iterator[_Setting]:
    yield from _input(record)
    yield from _layer_settings(record)
    yield _plain("Output", _output(record))
    yield _plain("Loss", str(record.loss["name"]).replace("_", " ").replace("crossentropy", "cross-entropy"))
    yield from _optimiser(record)
    if isinstance(record.parameters.get("batch_size"), int):
        yield _number("Batch size", record.parameters["batch_size"])
    yield _number("Epochs", record.epochs)
    best = best_epochs(record)
    yield _best_epoch("Best epoch by loss", best.by_loss, best.last_by_loss, record)
    yield _best_epoch("Best epoch by accuracy", best.by_accuracy, best.last_by_accuracy, record)
    yield "Weights tested", record.tested_epoch, f"after epoch {numbers.thousands(record.tested_epoch)}"
    yield _plain("Validation", validation(record))
    yield "Training time", record.times.train, training_time(record)


def _best_epoch(name: str, first: int, last: int, record: Record) -> _Setting:
    """The first of the best epochs, and the last of all where that is as good."""
    text = numbers.plain(first)
    return name, first, f"{text} (also {numbers.plain(last)})" if first < last == record.epochs else text


def _plain(name: str, text: str) -> _Setting:
    return name, text, text


def _number(name: str, value: Any, plain: bool = False) -> _Setting:
    raw = (
        value
        if isinstance(value, (int, float, str)) and not isinstance(value, bool)
        else numbers.plain(value)
    )
    return name, raw, str(value) if plain else numbers.plain(value)


def _input(record: Record) -> Iterator[_Setting]:
    settings = record.features.settings
    if record.features.kind != "hog":
        shape, scale = numbers.shape(record.data.image_shape), settings.get("scale")
        yield _plain("Input", f"{shape} pixels" if scale is None else f"{shape}, scaled by {scale}")
        return
    parts = ["HOG"]
    if "orientations" in settings:
        parts.append(numbers.counted(settings["orientations"], "orientation"))
    yield _plain("Input", ", ".join(parts))
    sides = {
        word: f"{_square(settings[name])} {unit}"
        for name, word, unit in (
            ("pixels_per_cell", "cells", "pixels"),
            ("cells_per_block", "blocks", "cells"),
        )
        if name in settings
    }
    if sides:
        yield _plain(f"HOG {', '.join(sides)}", ", ".join(sides.values()))
    if "block_norm" in settings:
        length = numbers.thousands(record.features.length)
        yield _plain("HOG values, block norm", f"{length}, {settings['block_norm']}")
    else:
        yield _number("HOG values", record.features.length)


def _square(side: Any) -> str:
    sides = side if isinstance(side, (list, tuple)) else (side, side)
    return numbers.shape([int(value) for value in sides])


def _layer_settings(record: Record) -> Iterator[_Setting]:
    convolutions = [layer for layer in record.layers if layer.class_name in CONVOLUTIONS]
    dense = [layer for layer in record.layers[:-1] if layer.class_name == "Dense"]
    sizes = [_square(layer.settings.get("kernel_size", ())) for layer in convolutions]
    if sizes:
        filters = [numbers.plain(layer.settings.get("filters")) for layer in convolutions]
        yield _plain("Filters", ", ".join(filters))
        yield _plain("Kernel sizes", _collapsed(sizes))
        yield _plain("Padding", _collapsed([str(layer.settings.get("padding")) for layer in convolutions]))
    pools = [layer for layer in record.layers if "Pooling" in layer.class_name]
    if pools:
        yield _plain("Pooling", _collapsed([_pool(layer) for layer in pools]))
    yield from _activation("Activation, convolutions", convolutions)
    if dense:
        yield _plain("Hidden units", ", ".join(numbers.thousands(layer.output_shape[-1]) for layer in dense))
    yield from _activation("Activation, hidden layers", dense)
    rates = [layer.settings["rate"] for layer in record.layers if _is_dropout(layer)]
    text = _collapsed([numbers.plain(rate) for rate in rates]) if rates else "none"
    yield "Dropout", rates[0] if len(set(rates)) == 1 else text, text


def _activation(name: str, layers: list[Layer]) -> Iterator[_Setting]:
    used = [words.activation(str(layer.settings.get("activation", "linear"))) for layer in layers]
    if used:
        yield _plain(name, _collapsed(used))


def _pool(layer: Layer) -> str:
    """``max 2 × 2``; ``global max`` where it takes the whole map."""
    what = "max" if "Max" in layer.class_name else "average"
    size = layer.settings.get("pool_size")
    return f"{what} {_square(size)}" if size is not None else f"global {what}"


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
    how = "stratified" if stratified(record) else "split"
    return f"{part}{NO_BREAK_SPACE}% {how}, {items}"


def stratified(record: Record) -> bool:
    """Whether every class gave the same share to the validation set, to the nearest item or two."""
    counts = record.data.class_counts
    pairs = list(zip(counts.get("train", ()), counts.get("validation", ()), strict=False))
    whole = sum(train + held for train, held in pairs)
    share = sum(held for _, held in pairs) / whole if whole else 0.0
    return bool(whole) and all(abs(held - share * (train + held)) <= 1 for train, held in pairs)
