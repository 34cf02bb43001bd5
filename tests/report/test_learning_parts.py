"""What steps into a training is said with its values and its rows: rates, callbacks, penalties, outputs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from reportgen import language
from reportgen.calls.bound import read
from reportgen.records import Record, Stopped
from reportgen.report.algorithm import algorithm_parts
from reportgen.report.algorithm_parts import Part
from reportgen.report.callbacks import callback_words
from reportgen.report.parts import Numbering
from reportgen.report.penalties import penalties_of
from reportgen.report.schedules import rates_words, stretches
from tests import samples


def parts(*records: Record) -> tuple[Part, ...]:
    results = [
        samples.result(samples.row(f"row-{n}", title=f"Row {n}"), f"{n:064x}", 42, record)
        for n, record in enumerate(records)
    ]
    return algorithm_parts(results, "1", "section-algorithm", Numbering())


def part(title: str, *records: Record) -> Part:
    return next(each for each in parts(*records) if each.place.title == title)


def with_parameters(record: Record, **more: Any) -> Record:
    return replace(record, parameters={**record.parameters, **more})


def words(text: str) -> str:
    call, faults = read(text, ("callbacks",))
    assert call is not None and not faults
    return callback_words(call).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("EarlyStopping(patience=5, restore_best_weights=True)",
         "Ends the training once the validation loss has not fallen below its lowest for 5 epochs. At the end the"
         " weights of the best of these epochs are put back, also after a full run."),
        ("EarlyStopping(monitor='val_accuracy', patience=1, min_delta=0.001)",
         "Ends the training once the validation accuracy has not risen by more than 0.001 above its highest for 1"
         " epoch. The weights of the last epoch stay."),
        ("EarlyStopping(monitor='loss', patience=2, baseline=0.5, start_from_epoch=3)",
         "Ends the training once the training loss has not fallen below its lowest for 2 epochs. An epoch counts"
         " only where it is better than 0.5. The first 3 epochs do not count. The weights of the last epoch stay."),
        ("ReduceLROnPlateau(monitor='val_loss', factor=0.5, patience=3, min_lr=5e-10)",
         "Multiplies the learning rate by 0.5 once the validation loss has not fallen by more than 0.0001 below its"
         " lowest for 3 epochs. It goes down to 5e−10 at most."),
        ("ReduceLROnPlateau(monitor='val_accuracy', patience=5, cooldown=2)",
         "Multiplies the learning rate by 0.1 once the validation accuracy has not risen by more than 0.0001 above"
         " its highest for 5 epochs. After that it waits 2 epochs before it counts again."),
        ("TerminateOnNaN()", "Ends the training where the loss of a batch is no number."),
    ],
)  # fmt: skip
def test_callbacks_in_words(text: str, said: str) -> None:
    assert words(text) == said


def test_callbacks_are_listed_with_their_rows_and_what_they_ended() -> None:
    stopping = "EarlyStopping(monitor='val_loss', patience=3, restore_best_weights=True)"
    one = with_parameters(
        samples.record(epochs=12, stopped=Stopped(20, "EarlyStopping", 9)), callbacks=[stopping]
    )
    other = with_parameters(samples.record(), callbacks=[stopping, "ReduceLROnPlateau(patience=2)"])
    found = part("What watches the training", one, other, samples.record())
    (table,) = [item.table for item in found.tables]
    lines = [[cell.text for cell in line.cells] for line in table.rows]
    assert [line[2] for line in lines] == ["“Row 0” and “Row 1”", "“Row 1”"]
    assert "It ended 1 of 2 trainings." in lines[0][1]
    assert "ended" not in lines[1][1]
    assert found.used_by == "Used by 2 of 3 experiments: “Row 0” and “Row 1”."


def test_rates_that_compound_have_their_rule_and_every_epoch() -> None:
    rates = [1e-3] * 3 + [1e-4, 1e-5]
    record = samples.record(epochs=5, rates=rates)
    found = part(
        "Learning rate: MultiplyEachEpoch",
        with_parameters(record, schedule="MultiplyEachEpoch({3: 0.1})"),
        samples.record(),
    )
    assert [equation.name for _, equation in found.lines] == ["rate-multiplied"]
    assert "compound" in found.idea
    assert [(one.name, one.value) for one in found.arguments] == [("after", "3: 0.1")]
    (table,) = found.tables
    assert [[cell.text for cell in line.cells] for line in table.table.rows] == [
        ["“Row 0”", "1–3: 0.001; 4: 0.0001; 5: 1e−5"]
    ]


def test_a_schedule_by_steps_stands_in_the_optimiser() -> None:
    rate = {"class_name": "CosineDecay", "config": {"initial_learning_rate": 0.001, "decay_steps": 100,
            "alpha": 0.0, "warmup_target": None, "warmup_steps": 0, "name": "CosineDecay"}}  # fmt: skip
    record = replace(
        samples.record(epochs=3, rates=[0.001, 0.0006, 0.0002]),
        optimizer={"name": "Adam", "settings": {"learning_rate": rate, "beta_1": 0.9}},
    )
    found = parts(record)
    assert found[0].arguments[0].value == "CosineDecay: 0.001 at first, 0.0002 at last"
    assert [equation.name for _, equation in found[1].lines] == ["rate-cosine"]
    assert "SGDR" in found[1].source


def test_stretches_and_the_middle_of_many() -> None:
    assert stretches([0.1, 0.1, 0.01]) == [(1, 2, 0.1), (3, 3, 0.01)]
    many = rates_words([10.0**-n for n in range(12)]).replace("\u00a0", " ")
    assert many.startswith("1: 1; 2: 0.1; ") and "; …; " in many and many.endswith("12: 1e−11")


def regularised(**regularizers: Any) -> Record:
    layers = samples.mlp_layers(hidden=(32, 16))
    settings = {**layers[0].settings, **regularizers}
    return samples.record(layers=(replace(layers[0], settings=settings), *layers[1:]), penalty=0.1)


def test_a_penalty_on_activations_is_none_on_weights() -> None:
    l1 = {"class_name": "L1", "config": {"l1": 0.0001}}
    record = regularised(activity_regularizer=l1)
    titles = [each.place.title for each in parts(record)]
    assert "Penalties on activations" in titles and "Penalties on weights" not in titles
    found = part("Penalties on activations", record)
    assert [equation.name for _, equation in found.lines] == ["activity-l1"]
    assert "not penalised" in found.idea
    assert [cell.text for cell in found.tables[0].table.rows[0].cells] == [
        "L1 0.0001", "activations of Dense", "the one experiment",
    ]  # fmt: skip


def test_penalties_on_weights_by_their_form() -> None:
    both = {"class_name": "L1L2", "config": {"l1": 0.001, "l2": 0.01}}
    found = part("Penalties on weights", regularised(kernel_regularizer=both, bias_regularizer=None))
    assert [equation.name for _, equation in found.lines] == ["penalty-l1-l2"]
    assert found.tables[0].table.rows[0].cells[0].text == "L1 0.001, L2 0.01"
    assert [d.symbol for d in found.definitions] == [
        "symbol-capital-p", "symbol-lambda-1", "symbol-lambda-2", "symbol-w-j",
    ]  # fmt: skip


def test_a_penalty_of_nothing_is_none() -> None:
    nothing = {"class_name": "L2", "config": {"l2": 0.0}}
    assert list(penalties_of(regularised(kernel_regularizer=nothing))) == []


def test_sigmoid_outputs_have_their_caveat_and_no_softmax() -> None:
    layers = (*samples.mlp_layers()[:-1], samples.dense("output", 250, 10, "sigmoid"))
    record = replace(samples.record(layers=layers), loss={"name": "binary_crossentropy", "settings": {}})
    titles = [each.place.title for each in parts(record)]
    assert "Sigmoid outputs" in titles and "Softmax" not in titles
    assert "need not sum to one" in part("Sigmoid outputs", record).remark


def test_scores_that_the_loss_makes_probabilities_of() -> None:
    layers = (*samples.mlp_layers()[:-1], samples.dense("output", 250, 10, "linear"))
    loss = {"name": "categorical_crossentropy", "settings": {"from_logits": True}}
    found = part("Softmax", replace(samples.record(layers=layers), loss=loss), samples.record())
    assert found.used_by == "Used by all 2 experiments."
    assert found.remark.startswith("In “Row 0” the loss does this (from_logits)")


def test_french_has_every_sentence() -> None:
    l2 = {"class_name": "L2", "config": {"l2": 0.01}}
    record = with_parameters(
        regularised(kernel_regularizer=l2, activity_regularizer=l2),
        callbacks=["EarlyStopping(patience=3)"],
        schedule="StepwisePerEpoch({3: 0.0001})",
    )
    record = replace(record, history={**record.history, "learning_rate": np.linspace(0.1, 0.01, 20)})
    with language.use("fr"):
        said = " ".join(
            f"{each.place.title} {each.idea} {each.used_by} {each.remark}" for each in parts(record)
        )
    assert "Pénalités sur les activations" in said and "Ce qui surveille l’entraînement" in said
    assert " the " not in said
