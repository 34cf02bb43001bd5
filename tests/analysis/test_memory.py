"""Bytes of a model against sums by hand, and the optimiser's state against Keras's own slots."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from reportgen.analysis import memory
from reportgen.records import Record
from tests import samples


def with_optimizer(name: str, **settings: Any) -> Record:
    return dataclasses.replace(samples.record(), optimizer={"name": name, "settings": settings})


def test_parameters_and_outputs_are_four_bytes_a_value() -> None:
    found = memory.memory([samples.record(layers=samples.cnn_layers(25))])
    assert found.parameters == 4 * 7465
    maps = 28 * 28 * 9 + 14 * 14 * 9 + 14 * 14 * 9 + 7 * 7 * 9 + 7 * 7 * 16 + 3 * 3 * 16
    assert found.outputs == 4 * (maps + 25 + 10) == 47_952


def test_dropout_and_flatten_hold_nothing_of_their_own() -> None:
    found = memory.memory([samples.record()])
    assert found.outputs == 4 * (250 + 10)


@pytest.mark.parametrize(
    ("name", "settings", "slots"),
    [
        ("SGD", {"momentum": 0.0}, 0),
        ("SGD", {"momentum": 0.9}, 1),
        ("RMSprop", {"momentum": 0.0, "centered": False}, 1),
        ("RMSprop", {"momentum": 0.5, "centered": True}, 3),
        ("Adam", {"amsgrad": False}, 2),
        ("Adam", {"amsgrad": True, "use_ema": True}, 4),
        ("Adagrad", {}, 1),
        ("Nadam", {"gradient_accumulation_steps": 4}, 3),
    ],
)
def test_state_of_the_optimiser(name: str, settings: dict[str, Any], slots: int) -> None:
    record = with_optimizer(name, **settings)
    assert memory.optimizer_bytes(record) == 4 * slots * 198_760


def test_state_counts_trained_parameters_only() -> None:
    record = dataclasses.replace(with_optimizer("Adam"), trainable_params=1000)
    assert memory.optimizer_bytes(record) == 8000


def test_an_optimiser_that_is_not_known_is_not_guessed() -> None:
    record = with_optimizer("Muon")
    assert memory.optimizer_bytes(record) is None
    assert "Muon keeps a state of a size not counted here" in memory.explain_memory(memory.memory([record]))


def test_peak_spans_the_runs_and_is_left_out_where_it_was_not_measured() -> None:
    low = dataclasses.replace(samples.record(), peak_memory=650_000_000)
    high = dataclasses.replace(samples.record(), peak_memory=1_100_000_000)
    none = dataclasses.replace(samples.record(), peak_memory=0)
    assert memory.memory([high, none, low]).peak == (650_000_000, 1_100_000_000)
    assert memory.memory([none]).peak is None
    with pytest.raises(ValueError, match="no record"):
        memory.memory([])


def test_sentence() -> None:
    record = dataclasses.replace(samples.record(), peak_memory=650_000_000)
    assert memory.explain_memory(memory.memory([record])).replace("\u00a0", " ") == (
        "In float32 its parameters take 795.0 kB and the outputs of its layers 1.0 kB for one item; while it"
        " trains, RMSprop keeps 795.0 kB beside them. The processes of its runs grew to 650.0 MB, libraries"
        " and data included."
    )
    larger = dataclasses.replace(record, peak_memory=800_300_000)
    said = memory.explain_memory(memory.memory([record, larger])).replace("\u00a0", " ")
    assert "grew to between 650.0 and 800.3 MB, libraries" in said
    largest = dataclasses.replace(record, peak_memory=1_100_000_000)
    said = memory.explain_memory(memory.memory([record, largest])).replace("\u00a0", " ")
    assert "grew to between 650.0 MB and 1.1 GB, libraries" in said
    both = memory.memory([record, dataclasses.replace(record, optimizer={"name": "SGD", "settings": {}})])
    assert "RMSprop keeps 795.0 kB or SGD keeps nothing beside" in memory.explain_memory(both).replace(
        "\u00a0", " "
    )


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (999_949, "999.9 kB"), (999_950, "1.0 MB"), (5_024_600, "5.0 MB"),
     (5_500_000_000, "5.5 GB")],
)  # fmt: skip
def test_units_of_a_thousand(size: int, text: str) -> None:
    assert memory.in_words(size).replace("\u00a0", " ") == text
