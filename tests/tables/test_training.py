"""Settings that are calls, and how a training went, among the settings of a run."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from reportgen import tables
from reportgen.records import Record, Stopped
from reportgen.report.changes import settings
from reportgen.results import Result
from tests import samples
from tests.tables.reading import spaced, texts

LAYERS = ["Flatten()", "Dense(250, activation='tanh')", "Dropout(0.5)", "Dense(10, activation='softmax')"]
STOP = ["EarlyStopping(patience=3, restore_best_weights=True)"]


def run(epochs: int = 20, stopped: Stopped | None = None, rates: Any = None, **parameters: Any) -> Record:
    """A run of a notebook that takes calls."""
    network = (samples.plain("flatten", "Flatten", (28, 28, 1), (784,)), *samples.mlp_layers())
    made = samples.record(
        layers=network, epochs=epochs, n_test=200, n_validation=120, stopped=stopped, rates=rates
    )
    optimizer = {"name": "RMSprop", "settings": dict(made.optimizer["settings"])}
    given = {
        "dataset": "mnist",
        "layers": LAYERS,
        "optimizer": "RMSprop(0.001)",
        "batch_size": 64,
        "validation": 0.1,
    }
    return dataclasses.replace(made, optimizer=optimizer, parameters=given | parameters)  # fmt: skip


def result(*records: Record, id: str = "one", **row: Any) -> Result:
    return samples.repeated(samples.row(id, parameters=records[0].parameters, **row), records)


def lines(*records: Record) -> dict[str, str]:
    return {spaced(name): spaced(value) for name, value in texts(tables.hyper_parameters(result(*records)))}


def test_layers_are_counted_by_class_and_not_dumped() -> None:
    found = lines(run())
    assert found["Layers"] == "4: Flatten, 2 Dense, Dropout"
    assert not {"Hidden units", "Dropout", "layers", "optimizer"} & set(found)


def test_callbacks_schedule_and_augmentation_are_in_words() -> None:
    found = lines(run(callbacks=STOP, schedule="StepwisePerEpoch({10: 1e-4})", augmentation=["RandomFlip()"]))
    assert found["Callbacks"] == "EarlyStopping val_loss, patience 3, restore_best_weights"
    assert found["Schedule"] == "0.0001 after epoch 10 (StepwisePerEpoch)"
    assert found["Augmentation"] == "RandomFlip"
    assert not {"callbacks", "schedule", "augmentation"} & set(found)


def test_what_a_row_does_without_has_no_line() -> None:
    assert not {
        "Callbacks",
        "Schedule",
        "Augmentation",
        "First weights",
        "Rate by epoch",
        "Training ended",
    } & set(lines(run(callbacks=[], schedule=None, augmentation=[])))


@pytest.mark.parametrize(
    ("stopped", "ended", "tested"),
    [
        (Stopped(20), None, "after epoch 20"),
        (Stopped(30, "EarlyStopping"), "by EarlyStopping, after epoch 20", "after epoch 20"),
        (Stopped(30, "EarlyStopping", 17), "by EarlyStopping, after epoch 20", "after epoch 17, put back"),
        (Stopped(20, "", 20), None, "after epoch 20"),
        (Stopped(30, "a callback"), "early, after epoch 20", "after epoch 20"),
    ],
)
def test_the_end_of_a_training_names_what_ended_it_and_which_weights_stayed(
    stopped: Stopped, ended: str | None, tested: str
) -> None:
    found = lines(run(stopped=stopped))
    assert (found.get("Training ended"), found["Weights tested"]) == (ended, tested)
    assert found["Epochs"] == str(stopped.planned)


def test_of_several_runs_the_ends_are_listed() -> None:
    ends = [run(epochs, Stopped(30, "EarlyStopping", epochs - 3)) for epochs in (20, 22)]
    assert lines(*ends)["Training ended"] == "by EarlyStopping, after epoch 20, 22"
    assert lines(*ends)["Weights tested"] == "after epoch 17, 19, put back"
    assert lines(ends[0], run(30, Stopped(30)))["Training ended"] == "1 of 2 by EarlyStopping, after epoch 20"


def test_rates_are_said_by_epoch_and_the_rate_as_it_was_given() -> None:
    steps = [1e-3] * 5 + [5e-4] * 5 + [2.5e-4] * 10
    found = lines(run(rates=steps, callbacks=["ReduceLROnPlateau(factor=0.5, patience=2)"]))
    assert (found["Learning rate"], found["Rate by epoch"]) == (
        "0.001", "0.0005 from epoch 6, 0.00025 from epoch 11",
    )  # fmt: skip
    many = [1e-3 * 0.5**epoch for epoch in range(20)]
    found = lines(run(rates=many, callbacks=["ReduceLROnPlateau(factor=0.5, patience=1)"]))
    assert found["Rate by epoch"] == "lowered 19 times, first from epoch 2, to 1.907e−9 in the end"
    dead = [1e-3 * 0.1**epoch for epoch in range(20)]
    found = lines(run(rates=dead, schedule="MultiplyEachEpoch({1: 0.1})"))
    assert found["Rate by epoch"] == "0.001 to 1e−22; dead from epoch 8"


def test_an_argument_that_is_not_keras_default_says_so() -> None:
    made = run(optimizer="RMSprop(0.001, rho=0.8)")
    made = dataclasses.replace(
        made, optimizer={"name": "RMSprop", "settings": {**made.optimizer["settings"], "rho": 0.8}}
    )
    assert lines(made)["Rho, momentum, epsilon"] == "0.8 (Keras’s default 0.9), 0, 1e−7"


def marked(new: Record, old: Record, **row: Any) -> dict[str, tuple[str, str]]:
    """Of a row set against another, the lines that changed; the network itself is that of the texts."""
    network = tuple(new.layers[:1]) * len(new.parameters["layers"])
    new = dataclasses.replace(new, layers=(*network[:-1], new.layers[-1]))
    other = result(old, id="two")
    found = settings(result(new, compared_with="two", **row), other, [other])
    return {name: (spaced(value), spaced(was)) for name, (value, was) in found.before.items()}


def test_against_another_row_the_layers_say_what_changed() -> None:
    new = [*LAYERS[:1], "Dense(300, activation='tanh')", "BatchNormalization()", *LAYERS[2:]]
    assert marked(run(layers=new), run()) == {
        "Layers": (
            "5: Flatten, 2 Dense, BatchNormalization, Dropout",
            "(units of Dense 1: 250 → 300; + BatchNormalization after Dense 1)",
        )
    }


def test_an_argument_alone_marks_the_layers_too() -> None:
    new = [*LAYERS[:2], "Dropout(0.4)", LAYERS[3]]
    assert marked(run(layers=new), run())["Layers"][1] == "(Dropout 0.5 → 0.4)"


def test_what_the_other_row_alone_has_is_none_here() -> None:
    found = marked(run(callbacks=[]), run(callbacks=STOP))
    assert found == {"Callbacks": ("none", "(was EarlyStopping val_loss, patience 3, restore_best_weights)")}


def test_how_a_training_ended_is_no_setting() -> None:
    early = run(15, Stopped(20, "EarlyStopping"), callbacks=STOP)
    assert marked(early, run(callbacks=STOP)) == {}
    note = settings(result(early), result(run(callbacks=STOP), id="two")).table.note
    assert note.startswith("Every setting is that of")


def test_a_warm_start_names_its_row_and_its_epoch() -> None:
    source = samples.result(
        samples.row("two", title="Before"), "key", 42, run(12, Stopped(20, "EarlyStopping", 9))
    )
    warm = dataclasses.replace(run(), initial={"key": "key", "weights": "w"})
    table = tables.hyper_parameters(result(warm, warm_start="two"), [source])
    assert dict(texts(table))["First weights"] == "“Before”, epoch 9"
    assert dict(texts(tables.hyper_parameters(result(warm))))["First weights"] == "those of another run"
