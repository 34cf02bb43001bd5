"""Calls in words, and how two lists of them differ."""

from __future__ import annotations

from typing import Any

import pytest

from reportgen import language
from reportgen.analysis import call_words
from reportgen.analysis.observations.settings import changes, listed, named
from reportgen.analysis.stack_changes import differences
from tests.analysis.observations.invented import record, row

LAYERS = ["Conv2D(8, 3, padding='same', activation='relu')", "MaxPooling2D(2)", "Dropout(0.25)", "Flatten()",
          "Dense(32, activation='relu')", "Dense(10, activation='softmax')"]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("layers", ["Conv2D(32, 3, activation='relu')"], "Conv2D 32, 3 × 3, relu"),
        ("layers", ["Rescaling(1/255)"], "Rescaling scale 1/255"),
        ("layers", ["Dense(9, use_bias=False, kernel_regularizer=L2(0.01))"],
         "Dense 9, use_bias off, kernel_regularizer L2 0.01"),
        ("augmentation", ["RandomRotation(10/360)", "RandomZoom(0.1)"], "RandomRotation ±10°; RandomZoom 0.1"),
        ("augmentation", ["RandomRotation(10/360, fill_mode='nearest')", "RandomTranslation(0.1, 0.1, fill_mode='nearest')"],
         "RandomRotation ±10°; RandomTranslation 0.1; all fill_mode nearest"),
        ("augmentation", ["RandomTranslation(0.1, 0.2)"], "RandomTranslation height_factor 0.1, width_factor 0.2"),
        ("optimizer", "Adam(1e-3, beta_1=0.8)", "Adam 0.001, beta_1 0.8"),
        ("callbacks", ["EarlyStopping(patience=3, restore_best_weights=True)"],
         "EarlyStopping val_loss, patience 3, restore_best_weights"),
        ("schedule", "StepwisePerEpoch({10: 1e-4})", "0.0001 after epoch 10 (StepwisePerEpoch)"),
        ("schedule", "MultiplyEachEpoch({10: 0.1})", "× 0.1 in every epoch after 10 (MultiplyEachEpoch)"),
        ("schedule", "CosinePerEpoch(20)", "half a cosine to 0 of the first rate over 20 epochs (CosinePerEpoch)"),
        ("schedule", None, "none"),
        ("callbacks", [], "none"),
    ],
)  # fmt: skip
def test_calls_are_said_in_keras_words_and_numbers_of_the_language(name: str, value: Any, said: str) -> None:
    assert call_words.parameter(name, value).replace("\u00a0", " ") == said


def test_numbers_are_those_of_the_language() -> None:
    with language.use("fr"):
        assert call_words.parameter("layers", ["Dropout(0.25)"]) == "Dropout 0,25"


def test_what_is_no_call_is_left_as_it_is() -> None:
    assert call_words.calls("layers", ["Own(3)"]) == () and call_words.calls("filters", [3]) == ()
    assert call_words.parameter("callbacks", ["Own(3)"]) == "Own(3)"


def told(new: list[str], old: list[str] = LAYERS) -> list[str]:
    """Differences of two rows whose layers are these, in words."""
    own, theirs = (row(id, record(), parameters={"layers": each}) for id, each in (("a", new), ("b", old)))
    return [change.valued.replace("\u00a0", " ") for change in changes(own, theirs)]


def swapped(place: int, *calls: str) -> list[str]:
    """The layers with others in place of one."""
    return [*LAYERS[:place], *calls, *LAYERS[place + 1 :]]


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (LAYERS, []),
        (swapped(2, "Dropout(0.4)"), ["Dropout 0.25 → 0.4"]),
        (swapped(0, LAYERS[0], "BatchNormalization()"), ["+ BatchNormalization after Conv2D"]),
        (["Rescaling(2)", *LAYERS], ["+ Rescaling scale 2 at the beginning"]),
        (swapped(2), ["− Dropout 0.25 after MaxPooling2D"]),
        (swapped(1, "AveragePooling2D(2)"), ["AveragePooling2D 2 × 2 for MaxPooling2D"]),
        ([each.replace("relu", "elu") for each in LAYERS], ["activation of Conv2D and Dense 1: relu → elu"]),
        (swapped(0, "Conv2D(16, 5, padding='same', activation='relu')"),
         ["filters of Conv2D: 8 → 16", "kernel_size of Conv2D: 3 × 3 → 5 × 5"]),
        (swapped(4, LAYERS[4], LAYERS[4]), ["+ Dense 32, relu after Dense 1"]),
    ],
    ids=("nothing", "rate", "added", "first", "left out", "replaced", "throughout", "two arguments", "one more"),
)  # fmt: skip
def test_layers_differ_by_what_changed(new: list[str], said: list[str]) -> None:
    assert told(new) == said


def test_the_same_change_in_several_layers_is_one() -> None:
    twice = [*LAYERS[:2], *LAYERS]
    normal = [
        each for call in twice for each in ([call, "BatchNormalization()"] if "Conv" in call else [call])
    ]
    assert told(normal, twice) == ["+ BatchNormalization after Conv2D 1 and 2"]


def test_layers_in_another_order_are_a_change() -> None:
    calls = call_words.calls("layers", ["Dense(5)", "Dropout(0.5)", "Dense(5)"])
    assert differences(calls, calls) == ()
    moved = differences((calls[1], calls[0], calls[2]), calls)
    assert moved  # whatever it is called


def test_callbacks_and_optimisers_differ_by_argument() -> None:
    base = {"optimizer": "Nadam(0.0005)", "callbacks": ["EarlyStopping(patience=3)"], "schedule": None}
    new = {"optimizer": "Adam(0.001)", "callbacks": ["EarlyStopping(patience=4)", "TerminateOnNaN()"],
           "schedule": "ExponentialPerEpoch(0.9)"}  # fmt: skip
    found = changes(row("a", record(), parameters=new), row("b", record(), parameters=base))
    assert [change.valued for change in found] == [
        "optimiser (Adam, not Nadam)", "learning rate (0.001, not 0.0005)", "schedule (ExponentialPerEpoch, not none)",
        "patience of EarlyStopping: 3 → 4", "+ TerminateOnNaN",
    ]  # fmt: skip
    assert named(found) == (
        "optimiser, learning rate, schedule, patience of EarlyStopping and + TerminateOnNaN"
    )
    assert listed(found[:1]) == "optimiser (Adam, not Nadam)"


def test_a_name_with_a_rate_beside_it_is_the_call_with_that_rate() -> None:
    bare = row("a", record(), parameters={"optimizer": "rmsprop", "learning_rate": 0.001})
    called = row("b", record(), parameters={"optimizer": "RMSprop(0.001)"})
    assert changes(bare, called) == ()


def test_first_weights_of_another_row_are_a_change() -> None:
    import dataclasses

    warm = row("a", record(), parameters={"n": 1})
    warm = dataclasses.replace(warm, row=dataclasses.replace(warm.row, warm_start="b"))
    (change,) = changes(warm, row("b", record(), parameters={"n": 1}))
    assert change.valued == "first weights (those of “B”, not random ones)"
