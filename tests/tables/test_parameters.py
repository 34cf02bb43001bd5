"""Parameters of one's own notebook among the settings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reportgen import language, tables
from reportgen.records import Layer, Record
from reportgen.results import Result
from reportgen.tables.parameters import parameter_settings
from tests import samples
from tests.tables.reading import texts

OWN: dict[str, Any] = {
    "noise": 0.05,
    "units": 32,
    "backwards": True,
    "depths": [3, 4],
    "steps": {"first": 0.5},
    "word": "a",
    "no": None,
}


def lstm(dropout: float = 0.0, epochs: int = 20, **parameters: Any) -> Record:
    common = {
        "dataset": "mnist",
        "batch_size": 64,
        "epochs": epochs,
        "learning_rate": 0.001,
        "validation": 0.1,
    }
    layers = samples.lstm_layers(32, dropout)
    return samples.record(
        layers=layers, parameters=common | parameters, epochs=epochs, n_test=200, n_validation=120
    )


def lines(*records: Record) -> dict[str, str]:
    row: Result = samples.repeated(samples.row("own"), records)
    return dict(texts(tables.hyper_parameters(row)))


def test_a_parameter_that_nothing_shows_has_a_line_named_as_in_the_cell() -> None:
    found = lines(lstm(**OWN))
    assert {name: found[name] for name in OWN} == {
        "noise": "0.05", "units": "32", "backwards": "yes", "depths": "3, 4", "steps": "first: 0.5", "word": "a",
        "no": "none",
    }  # fmt: skip
    names = list(found)
    assert names.index("Dropout") < names.index("noise") < names.index("no") < names.index("Output")
    with language.use("fr"):
        french = lines(lstm(**OWN))
        assert (french["noise"], french["backwards"], french["no"]) == ("0,05", "oui", "aucun")


def test_what_another_line_shows_is_not_said_twice() -> None:
    for layers in (samples.mlp_layers(), samples.mlp_layers(hidden=(50, 40)), samples.cnn_layers()):
        record = samples.record(layers=layers, n_test=200, n_validation=120)
        assert {"hidden_units", "activation", "dropout", "epochs"} <= record.parameters.keys()
        assert parameter_settings([record]) == []


@pytest.mark.parametrize(
    ("name", "value", "printed"),
    [("activation", "tanh", "tanh"), ("hidden_units", [32], "32"), ("epochs", 50, "50"), ("filters", [4], "4"),
     ("learning_rate", 0.5, "0.5"), ("optimizer", "lion", "lion"), ("dropout", 0.5, "0.5"),
     ("orientations", 8, "8"), ("kernel_sizes", [3], "3")],
)  # fmt: skip
def test_a_known_name_has_a_line_where_the_run_did_something_else(
    name: str, value: Any, printed: str
) -> None:
    record = lstm()
    found = lines(replace(record, parameters={**record.parameters, name: value}))
    assert found[name] == printed


def test_dropout_within_a_layer_is_dropout() -> None:
    found = lines(lstm(dropout=0.25, dropout_share=0.25))
    assert (found["Dropout"], found["dropout_share"]) == ("0.25", "0.25")
    assert "dropout" not in lines(replace(lstm(0.25), parameters={"dropout": 0.25}))


def test_a_quick_look_has_no_line_for_the_epochs_it_leaves_out() -> None:
    record = samples.record(parameters={"epochs": 150}, quick=True, n_test=200, n_validation=120)
    assert parameter_settings([record]) == []


def test_what_one_of_several_runs_does_not_show_has_its_line() -> None:
    short, whole = (lstm(epochs=epochs) for epochs in (7, 20))
    stopped = replace(short, parameters=whole.parameters)
    for runs in ((stopped, whole), (whole, stopped)):
        assert lines(*runs)["epochs"] == "20"
    assert lines(lstm(units=32), lstm(units=64))["units"] == "32, 64"


def test_a_parameter_called_as_a_line_is_told_apart() -> None:
    found = lines(lstm(Loss=3))
    assert (found["Loss"], found["Loss (parameter)"]) == ("categorical cross-entropy", "3")


def test_a_custom_layer_is_of_the_kind_it_says() -> None:
    norm = Layer("n", "BatchNormalization", {}, (250,), (250,), samples.mlp_layers()[0].variables[1:])
    for layers, kind in (
        (samples.lstm_layers(), "LSTM, pixels"),
        (samples.mlp_layers(), "MLP, pixels"),
        ((*samples.mlp_layers()[:1], norm, *samples.mlp_layers()[1:]), "MLP, pixels"),
        (samples.mlp_layers(hidden=()), "No hidden layer, pixels"),
        (samples.cnn_layers(), "CNN"),
        ((*samples.cnn_layers()[:2], *samples.lstm_layers()), "CNN–LSTM, pixels"),
    ):
        record = samples.record(layers=layers, n_test=200, n_validation=120)
        table = tables.comparison_table([samples.result(samples.row("own"), "k", 42, record)])
        line = next(line for line in table.rows if line.link)
        heads = [column.full_head for column in table.columns]
        assert line.cells[heads.index("Kind")].text == kind


def stacked(**parameters: Any) -> Record:
    """A network of `layers`, with the parameters that its notebook then sets aside."""
    aside = {"filters": [9, 9], "kernel_sizes": [5, 5], "dense_units": 25, "activation": ["tanh", "relu"]}
    calls = ["Flatten()", "Dense(250, activation='tanh')", "Dropout(0.5)", "Dense(10, activation='softmax')"]
    return samples.record(
        layers=(samples.plain("f", "Flatten", (28, 28, 1), (784,)), *samples.mlp_layers()),
        parameters={"layers": calls, "augmentation": [], "callbacks": [], "schedule": None, **aside} | parameters,
        n_test=200,
        n_validation=120,
    )  # fmt: skip


def test_a_row_that_names_all_layers_has_no_line_for_what_its_notebook_sets_aside() -> None:
    assert parameter_settings([stacked()]) == []
    # A list that is not the network replaces nothing.
    other = [setting.name for setting in parameter_settings([stacked(layers=["Dense(10)"])])]
    assert other == ["layers", "filters", "kernel_sizes", "dense_units", "activation"]


def test_what_a_row_adds_to_its_network_has_a_line_in_words() -> None:
    calls = {"callbacks": ["EarlyStopping(patience=3)"], "schedule": "ExponentialPerEpoch(0.5)"}
    assert parameter_settings([stacked(**calls)]) == []
    found = lines(stacked(**calls))
    assert found["Callbacks"] == "EarlyStopping val_loss, patience 3"
    assert found["Schedule"] == "× 0.5 in every epoch after 1 (ExponentialPerEpoch)"
    # What cannot be read is printed as it stands.
    assert lines(stacked(callbacks=["Own(1)"]))["callbacks"] == "Own(1)"


def test_calls_of_the_optimiser_and_settings_by_layer_are_shown_by_what_keras_reports() -> None:
    assert parameter_settings([stacked(optimizer="RMSprop(0.01)", learning_rate=0.5)]) == []
    (wrong,) = parameter_settings([stacked(optimizer="Adam(0.01)")])
    assert (wrong.name, wrong.text) == ("optimizer", "Adam(0.01)")
    two = samples.record(layers=samples.mlp_layers(hidden=(20, 12)), n_test=200, n_validation=120)
    each = {"activation": ["tanh", "tanh"], "dropout": [0.5, 0.5], "loss": "categorical_crossentropy"}
    assert parameter_settings([replace(two, parameters=each)]) == []
    assert [
        s.name for s in parameter_settings([replace(two, parameters={**each, "dropout": [0.5, 0.0]})])
    ] == ["dropout"]
