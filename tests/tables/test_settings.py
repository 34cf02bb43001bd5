"""Settings of a run, and under which load its time was taken."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from reportgen import tables
from reportgen.analysis import metrics
from reportgen.records import Features
from reportgen.results import Failure, Result
from tests import samples
from tests.tables.reading import repeated, result, spaced, texts


def settings_of(record_facts: dict[str, Any]) -> dict[str, str]:
    table = tables.hyper_parameters(result("one", **record_facts))
    return {spaced(name): spaced(value) for name, value in texts(table)}


def test_hyper_parameters_of_a_perceptron() -> None:
    found = settings_of({})
    assert found["Input"] == "28 × 28 × 1 pixels"
    assert found["Activation, hidden layers"] == "tanh"
    assert found["Dropout"] == "0.5"
    assert found["Output"] == "softmax, 10 classes"
    assert (found["Optimiser"], found["Learning rate"]) == ("RMSprop", "0.001")
    assert found["Rho, momentum, epsilon"] == "0.9, 0, 1e−7"
    assert found["Hidden units"] == "250"
    assert found["Validation"] == "10 % stratified, 300 items"
    assert found["Weights tested"] == "after epoch 20"
    best = metrics.best_epochs(samples.record(n_test=500, n_validation=300))
    assert found["Best epoch by loss"] == str(best.by_loss)
    assert found["Best epoch by accuracy"] == str(best.by_accuracy)
    assert found["Training time"] == "12 s"
    assert list(found)[-2:] == ["Seed, also of the split", "Threads"]
    assert (found["Seed, also of the split"], found["Threads"]) == ("42", "1")
    assert not {"Kernel sizes", "Filters", "Padding", "Pooling"} & set(found)


def test_hyper_parameters_of_other_runs() -> None:
    found = settings_of({"layers": samples.cnn_layers(), "validation": "test"})
    assert found["Filters"] == "9, 9, 16" and found["Kernel sizes"] == "5 × 5, 5 × 5, 3 × 3"
    assert found["Padding"] == "same" and found["Pooling"] == "max 2 × 2" and found["Hidden units"] == "25"
    assert found["Activation, convolutions"] == "ReLU" and found["Dropout"] == "none"
    assert found["Validation"] == "on the test set itself, 300 items"
    assert found["Seed"] == "42" and not any("split" in name for name in found)
    settings = {"orientations": 8, "pixels_per_cell": 4, "cells_per_block": 1, "block_norm": "L2-Hys"}
    features = Features("hog", 392, settings)
    found = settings_of({"layers": samples.mlp_layers(392), "features": features})
    assert found["Input"] == "HOG, 8 orientations"
    assert found["HOG cells, blocks"] == "4 × 4 pixels, 1 × 1 cells"
    assert found["HOG values, block norm"] == "392, L2-Hys"
    scaled = settings_of({"features": Features("pixels", 784, {"scale": "1/255"})})
    assert scaled["Input"] == "28 × 28 × 1, scaled by 1/255"


def test_a_best_epoch_that_the_last_one_ties_with_says_so() -> None:
    for accuracies, said in (
        ([0.7, 0.9, 0.8, 0.9], "2 (also 4)"),
        ([0.7, 0.9, 0.9, 0.8], "2"),
        ([0.6, 0.7, 0.8, 0.9], "4"),
    ):
        record = samples.record(n_test=20, epochs=4)
        history = {
            **record.history,
            "val_accuracy": np.array(accuracies),
            "val_loss": 1 - np.array(accuracies),
        }
        row = samples.result(samples.row(), "k", 42, dataclasses.replace(record, history=history))
        found = dict(texts(tables.hyper_parameters(row)))
        assert (found["Best epoch by accuracy"], found["Best epoch by loss"]) == (said, said)


def test_a_seed_of_the_split_of_its_own_has_its_line() -> None:
    records = [samples.record(n_test=20, seed=seed) for seed in (42, 43)]
    records = [dataclasses.replace(one, data=dataclasses.replace(one.data, split_seed=42)) for one in records]
    found = dict(texts(tables.hyper_parameters(samples.repeated(samples.row(), records))))
    assert (found["Seeds"], found["Split seed"], found["Threads"]) == ("42 to 43", "42", "1")


def test_a_split_is_called_stratified_only_where_its_counts_are() -> None:
    record = samples.record(n_test=20, n_validation=300)
    train, held = record.data.class_counts["train"], list(record.data.class_counts["validation"])
    held[0], held[1] = held[0] + 5, held[1] - 5
    counts = {**record.data.class_counts, "train": train, "validation": tuple(held)}
    data = dataclasses.replace(record.data, class_counts=counts)
    table = tables.hyper_parameters(
        samples.result(samples.row(), "k", 42, dataclasses.replace(record, data=data))
    )
    found = dict(texts(table))
    assert found["Validation"] == "10 % split, 300 items"


def loaded(name: str, **load: int) -> Result:
    """A result whose record says what else ran."""
    one = result(name)
    assert one.record is not None
    environment = {**one.record.environment, **load}
    return samples.with_record(one, dataclasses.replace(one.record, environment=environment))


def test_times_say_under_which_load_they_were_taken() -> None:
    two = [loaded("a", jobs=2, cores=4), loaded("b", jobs=2, cores=4)]
    for table in (tables.comparison_table(two), tables.section_table(two)):
        assert spaced(table.note).endswith(" Times were taken with 2 runs at once on 4 cores.")
    alone = spaced(tables.times_note([loaded("a", jobs=1, cores=1)]))
    assert alone == "Times were taken with one run at a time on 1 core."
    mixed = tables.times_note([*two, loaded("c", jobs=1, cores=4)])
    assert mixed == "Times were taken under different loads; do not compare them."
    assert "not recorded" in tables.times_note([result("a")])
    assert tables.times_note([]) == ""
    row = repeated("d", name="digits")
    slow = dataclasses.replace(row.records[0], times=dataclasses.replace(row.records[0].times, train=32.0))
    uneven = dataclasses.replace(row, runs=(dataclasses.replace(row.runs[0], record=slow), *row.runs[1:]))
    sentence = "One and the same training took 13 to 32 s: do not compare the times."
    assert sentence in spaced(tables.times_note([uneven])) and "One and" not in tables.times_note([row])
    one, other = result("e", name="digits"), result("f")
    assert sentence in spaced(tables.section_table([one], [one, other, uneven]).note)
    assert "One and" not in tables.section_table([other], [one, other, uneven]).note, "another data set"
    (time,) = (text for name, text in texts(tables.hyper_parameters(two[0])) if name == "Training time")
    assert time == "12 s, 2 runs at once"


def test_hyper_parameters_show_a_rate_as_it_was_given_and_switches_that_are_on() -> None:
    record = samples.record(n_test=20, n_validation=20)
    optimizer = {
        "name": "SGD",
        "settings": {
            "name": "SGD", "learning_rate": 0.0010000000474974513, "momentum": 0.0, "nesterov": True,
            "weight_decay": None, "clipnorm": None, "use_ema": False, "ema_momentum": 0.99,
        },
    }  # fmt: skip
    table = tables.hyper_parameters(
        samples.result(samples.row(), "k", 42, dataclasses.replace(record, optimizer=optimizer))
    )
    found = dict(texts(table))
    assert (found["Learning rate"], found["Momentum"], found["Nesterov"]) == ("0.001", "0", "yes")
    assert not {"Weight decay", "Clip norm", "Average of weights", "Name"} & set(found)


def test_hyper_parameters_show_a_schedule_by_its_name_and_its_ends() -> None:
    record = samples.record(n_test=20, n_validation=20, epochs=3)
    history = dict(record.history) | {"learning_rate": np.array([0.01, 0.005, 0.0025])}
    optimizer = {
        "name": "Adam",
        "settings": {"learning_rate": {"class_name": "ExponentialDecay"}, "beta_1": 0.9},
    }
    changed = dataclasses.replace(record, history=history, optimizer=optimizer)
    found = dict(texts(tables.hyper_parameters(samples.result(samples.row(), "k", 42, changed))))
    assert found["Learning rate"] == "ExponentialDecay" and found["Beta 1"] == "0.9"
    assert found["Rate by epoch"] == "0.01 to 0.0025"


def test_hyper_parameters_of_a_failed_run_are_empty() -> None:
    assert not tables.hyper_parameters(
        samples.result(samples.row(), "k", 42, failure=Failure("timeout", ""))
    ).rows
