"""The settings of a run, from what Keras reported and the record holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean
from typing import Any

from reportgen import language
from reportgen.analysis import call_words, counts, lists, numbers, overlap, words
from reportgen.analysis.layers import CONVOLUTIONS
from reportgen.analysis.metrics import best_epochs
from reportgen.records import Layer, Record
from reportgen.results import Result
from reportgen.tables import training
from reportgen.tables.optimisers import Setting, optimiser_settings, plain
from reportgen.tables.parameters import dropout_rates, parameter_settings
from reportgen.tables.protocols import share_held_out
from reportgen.tables.table import Cell, Column, Line, Raw, Table
from reportgen.tables.times import training_time

_FEW = 5
"""Seeds whose values are listed one by one; of more, the lowest and the highest number."""


def hyper_parameters(result: Result, everything: Sequence[Result] = ()) -> Table:
    """Settings of a row, one a line; empty where every run failed.

    Settings of the optimiser are those that Keras reports: every number, and every switch that is on.
    A parameter of the notebook that no line shows has a line of its own, named as in its cell.
    What differs from seed to seed, such as the best epoch, is listed in the order of the seeds. The other
    rows in `everything` show whether the machine was shared while this one trained.
    """
    alone = overlap.alone(result, everything) if everything else None
    said = _lines(result, alone, everything)
    # Raw values and names are those of the source, in every language.
    with language.use(language.SOURCE):
        source = _lines(result, alone, everything)
    return Table(
        id=f"settings-{result.row.id}",
        caption=language.text("Hyper-parameters."),
        columns=(
            Column(language.text("Setting"), kind="name"),
            Column(language.text("Value"), align="right"),
        ),
        rows=tuple(
            Line((Cell(raw.name, one.name), Cell(raw.value, one.text)))
            for raw, one in zip(source, said, strict=True)
        ),
    )


def _lines(result: Result, alone: float | None, everything: Sequence[Result]) -> list[Setting]:
    """The settings in the language in use."""
    source = result.row.warm_start
    each = [list(_settings(record, everything, source)) for record in result.records]
    settings = _merged(each, result.records, alone)
    settings += _seeds_and_threads(result.records)
    own = parameter_settings(result.records)
    if not own:
        return settings
    # Below the layers, which they are mostly about.
    names = [setting.name for setting in settings]
    place = names.index(language.text("Output"))
    named = [one._replace(name=_apart(one.name, names)) for one in own]
    return [*settings[:place], *named, *settings[place:]]


def _apart(name: str, taken: Sequence[str]) -> str:
    """A parameter's name, told apart from a line that happens to be called the same."""
    return language.text("{name} (parameter)", name=name) if name in taken else name


def _merged(runs: list[list[Setting]], records: Sequence[Record], alone: float | None) -> list[Setting]:
    """One line for each setting: what all runs have in common once, what differs for each."""
    merged = []
    # What one run has, such as an end before its time, is said of the row.
    for one in max(runs, key=len, default=[]):
        same = [other for run in runs for other in run if other.name == one.name]
        values, texts = [each.value for each in same], [each.text for each in same]
        if one.merged == "time":
            merged.append(_time(records, alone))
        elif one.merged == "ended" and len(records) > 1:
            merged.append(plain(one.name, _ended(records, values)))
        elif len(set(texts)) == 1:
            merged.append(one)
        elif one.merged == "best":
            merged.append(plain(one.name, _best(records, values, texts)))
        elif one.merged == "tested":
            epochs = _between(values, list(map(str, values)))
            back = all(map(training.put_back, records))
            merged.append(plain(one.name, training.tested_words(epochs, back)))
        else:
            merged.append(plain(one.name, _between(values, texts)))
    return merged


def _ended(records: Sequence[Record], values: list[Raw]) -> str:
    """What ended the trainings of several runs, and when; not all of them need to have ended early."""
    early = [record for record in records if record.epochs < training.planned(record)]
    by = {record.stopped.by if record.stopped is not None else "" for record in early}
    said = training.ended(by.pop() if len(by) == 1 else "", _between(values, list(map(str, values))))
    if len(early) == len(records):
        return said
    return language.text("{n} of {runs} {ended}", n=len(early), runs=len(records), ended=said)


def _time(records: Sequence[Record], alone: float | None) -> Setting:
    """The time of training, a mean where there are several runs."""
    mean = fmean(record.times.train for record in records)
    name = language.text("Training time") if len(records) == 1 else language.text("Training time, mean")
    return Setting(name, mean, training_time(mean, records, alone), "time")


def _best(records: Sequence[Record], firsts: list[Raw], texts: list[str]) -> str:
    """Best epochs of several runs: ``120, 141, 141 (all also 150)`` where the last epoch is as good."""
    # A text that is more than its first epoch names the last one too.
    tied = [record.epochs for record, first, text in zip(records, firsts, texts, strict=True)
            if text != numbers.plain(first)]  # fmt: skip
    every = len(tied) == len(texts)
    if not tied or (len(texts) <= _FEW and (not every or len(set(tied)) > 1)):
        return _between(firsts, texts)
    listed = _between(firsts, [numbers.plain(epoch) for epoch in firsts])
    if len(set(tied)) > 1:
        if every:
            return language.text("{epochs} (all also the last)", epochs=listed)
        return language.text("{epochs} (some also the last)", epochs=listed)
    last = numbers.plain(tied[0])
    if every:
        return language.text("{epochs} (all also {last})", epochs=listed, last=last)
    return language.text("{epochs} (some also {last})", epochs=listed, last=last)


def _seeds_and_threads(records: Sequence[Record]) -> list[Setting]:
    """The seed of the split has a line of its own only where it is not that of the run."""
    if not records:
        return []
    seeds = [record.seed for record in records]
    splits = [record.data.split_seed for record in records if not record.data.validated_on_test]
    if splits == seeds:
        also = language.plural("Seed, also of the split", "Seeds, also of the split", len(seeds))
        found = [plain(also, _run_of(seeds))]
    else:
        found = [plain(language.plural("Seed", "Seeds", len(seeds)), _run_of(seeds))]
        if splits:
            own = splits[:1] if len(set(splits)) == 1 else splits
            found.append(plain(language.plural("Split seed", "Split seeds", len(own)), _run_of(own)))
    threads = [record.environment.get("threads") for record in records]
    texts = list(dict.fromkeys(numbers.plain(each) for each in threads if each is not None))
    return [*found, plain(language.text("Threads"), ", ".join(texts))] if texts else found


def _run_of(seeds: list[int]) -> str:
    """``42``; ``42 to 44``; ``42 and 44`` where one between them failed."""
    whole = len(seeds) > 1 and seeds == list(range(seeds[0], seeds[0] + len(seeds)))
    return lists.between(str(seeds[0]), str(seeds[-1])) if whole else language.listed(list(map(str, seeds)))


def _between(values: list[Raw], texts: list[str]) -> str:
    """``12, 15, 14``; of many, ``12 to 15``."""
    amounts = [value for value in values if isinstance(value, (int, float))]
    if len(texts) <= _FEW:
        return lists.series(texts)
    if len(amounts) < len(texts):
        return lists.between(texts[0], texts[-1])
    return lists.between(numbers.plain(min(amounts)), numbers.plain(max(amounts)))


def _settings(record: Record, everything: Sequence[Result], source: str | None) -> Iterator[Setting]:
    yield from _input(record)
    yield from training.of_augmentation(record)
    yield from (
        training.of_layers(record) if call_words.of_record(record, "layers") else _layer_settings(record)
    )
    yield plain(language.text("Output"), _output(record))
    yield training.loss(record)
    yield from optimiser_settings(record)
    yield from training.of_training(record)
    if isinstance(record.parameters.get("batch_size"), int):
        yield _number(language.text("Batch size"), record.parameters["batch_size"])
    yield _number(language.text("Epochs"), training.planned(record))
    yield from training.of_start(record, everything, source)
    yield from training.of_end(record)
    yield from training.of_rates(record)
    best = best_epochs(record)
    by_loss, by_accuracy = language.text("Best epoch by loss"), language.text("Best epoch by accuracy")
    yield _best_epoch(by_loss, best.by_loss, best.last_by_loss, record)
    yield _best_epoch(by_accuracy, best.by_accuracy, best.last_by_accuracy, record)
    yield training.tested(record)
    yield plain(language.text("Validation"), validation(record))
    yield _time([record], None)


def _best_epoch(name: str, first: int, last: int, record: Record) -> Setting:
    """The first of the best epochs, and the last of all where that is as good."""
    text = numbers.plain(first)
    if first < last == record.epochs:
        text = language.text("{epoch} (also {last})", epoch=text, last=numbers.plain(last))
    return Setting(name, first, text, "best")


def _number(name: str, value: int) -> Setting:
    return Setting(name, value, numbers.plain(value))


def _input(record: Record) -> Iterator[Setting]:
    settings = record.features.settings
    if record.features.kind != "hog":
        shape, scale = numbers.shape(record.data.image_shape), settings.get("scale")
        pixels = language.text("{shape} pixels", shape=shape)
        scaled = language.text("{shape}, scaled by {scale}", shape=shape, scale=scale)
        yield plain(language.text("Input"), pixels if scale is None else scaled)
        return
    orientations = settings.get("orientations")
    parts = ["HOG", *([counts.orientations(orientations)] if orientations is not None else [])]
    yield plain(language.text("Input"), ", ".join(parts))
    yield from _hog_sides(settings)
    if "block_norm" in settings:
        length = numbers.thousands(record.features.length)
        yield plain(language.text("HOG values, block norm"), f"{length}, {settings['block_norm']}")
    else:
        yield _number(language.text("HOG values"), record.features.length)


def _hog_sides(settings: Mapping[str, Any]) -> Iterator[Setting]:
    """Sizes of the cells and of the blocks, in one line where both are known."""
    found = {}
    if "pixels_per_cell" in settings:
        size = _square(settings["pixels_per_cell"])
        found["cells"] = language.text("HOG cells"), language.text("{shape} pixels", shape=size)
    if "cells_per_block" in settings:
        size = _square(settings["cells_per_block"])
        found["blocks"] = language.text("HOG blocks"), language.text("{shape} cells", shape=size)
    if len(found) == 2:
        name = language.text("HOG cells, blocks")
        yield plain(name, ", ".join(text for _, text in found.values()))
    for name, text in found.values() if len(found) == 1 else ():
        yield plain(name, text)


def _square(side: Any) -> str:
    sides = side if isinstance(side, (list, tuple)) else (side, side)
    return numbers.shape([int(value) for value in sides])


def _layer_settings(record: Record) -> Iterator[Setting]:
    convolutions = [layer for layer in record.layers if layer.class_name in CONVOLUTIONS]
    dense = [layer for layer in record.layers[:-1] if layer.class_name == "Dense"]
    sizes = [_square(layer.settings.get("kernel_size", ())) for layer in convolutions]
    if sizes:
        filters = [numbers.plain(layer.settings.get("filters")) for layer in convolutions]
        yield plain(language.text("Filters"), ", ".join(filters))
        yield plain(language.text("Kernel sizes"), _collapsed(sizes))
        paddings = [str(layer.settings.get("padding")) for layer in convolutions]
        yield plain(language.text("Padding"), _collapsed(paddings))
    pools = [layer for layer in record.layers if "Pooling" in layer.class_name]
    if pools:
        yield plain(language.text("Pooling"), _collapsed([_pool(layer) for layer in pools]))
    yield from _activation(language.text("Activation, convolutions"), convolutions)
    if dense:
        units = ", ".join(numbers.thousands(layer.output_shape[-1]) for layer in dense)
        yield plain(language.text("Hidden units"), units)
    yield from _activation(language.text("Activation, hidden layers"), dense)
    rates = dropout_rates(record)
    text = _collapsed([numbers.plain(rate) for rate in rates]) if rates else language.text("none")
    yield Setting(language.text("Dropout"), rates[0] if len(set(rates)) == 1 else text, text)


def _activation(name: str, layers: list[Layer]) -> Iterator[Setting]:
    used = [words.activation(str(layer.settings.get("activation", "linear"))) for layer in layers]
    if used:
        yield plain(name, _collapsed(used))


def _pool(layer: Layer) -> str:
    """``max 2 × 2``; ``global max`` where it takes the whole map."""
    largest, size = "Max" in layer.class_name, layer.settings.get("pool_size")
    if size is None:
        return language.text("global max") if largest else language.text("global average")
    shape = _square(size)
    return language.text("max {size}", size=shape) if largest else language.text("average {size}", size=shape)


def _collapsed(values: list[str]) -> str:
    """One value where all are the same, else all in order."""
    return values[0] if len(set(values)) == 1 else lists.series(values)


def _output(record: Record) -> str:
    last = record.layers[-1]
    units = last.output_shape[-1]
    activation = words.activation(str(last.settings.get("activation", "linear")))
    return f"{activation}, {counts.classes(units)}"


def validation(record: Record) -> str:
    """What the run was validated on, in words; a run validated on the test set says so."""
    items = counts.items(record.data.n_validation)
    if record.data.validated_on_test:
        return language.text("on the test set itself, {items}", items=items)
    if isinstance(record.data.validation, str):
        return f"{record.data.validation}, {items}"
    share = share_held_out(record.data)
    if stratified(record):
        return language.text("{share} stratified, {items}", share=share, items=items)
    return language.text("{share} split, {items}", share=share, items=items)


def stratified(record: Record) -> bool:
    """Whether every class gave the same share to the validation set, to the nearest item or two."""
    counts = record.data.class_counts
    pairs = list(zip(counts.get("train", ()), counts.get("validation", ()), strict=False))
    whole = sum(train + held for train, held in pairs)
    share = sum(held for _, held in pairs) / whole if whole else 0.0
    return bool(whole) and all(abs(held - share * (train + held)) <= 1 for train, held in pairs)
