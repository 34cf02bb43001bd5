"""What a record says of a model, against what Keras says and what one counts by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from reportgen.recordfile import from_files, to_files
from reportgen.records import Record

pytestmark = pytest.mark.kernel


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any, Record]:
    """A network with every kind of variable, trained for two epochs on a few digits."""
    patch = pytest.MonkeyPatch()
    patch.chdir(tmp_path_factory.mktemp("lab"))
    patch.delenv("REPORTGEN_RUN", raising=False)
    import keras

    from reportgen.lab import load_dataset, train
    from reportgen.lab.recording import observe
    from reportgen.lab.session import Session

    data = load_dataset("digits", seed=1)
    keras.utils.set_random_seed(1)
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input(data.input_shape),
            layers.Conv2D(4, 3, padding="same", activation="relu"),
            layers.BatchNormalization(),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(data.classes, activation="softmax"),
        ]
    )
    model.compile(optimizer="rmsprop", loss="categorical_crossentropy", metrics=["accuracy"])
    history = train(model, data, batch_size=64, epochs=2)
    record = observe(
        model, data, history, Session(seed=1, started="2026-11-20T10:00:00+00:00", parameters={"epochs": 2})
    )
    return model, data, record


def test_parameters_equal_keras_and_the_hand(trained: tuple[Any, Any, Record]) -> None:
    model, _, record = trained
    assert record.total_params == model.count_params()
    counted = [(layer.weights, layer.biases, layer.non_trainable) for layer in record.layers]
    assert counted == [
        (3 * 3 * 1 * 4, 4, 0),
        (4, 4, 8),
        (0, 0, 0),
        (0, 0, 0),
        (0, 0, 0),
        (14 * 14 * 4 * 10, 10, 0),
    ]
    assert record.trainable_params == record.total_params - 8


def test_shapes_settings_and_optimiser_are_keras_own(trained: tuple[Any, Any, Record]) -> None:
    _, _, record = trained
    assert [layer.class_name for layer in record.layers][:3] == [
        "Conv2D",
        "BatchNormalization",
        "MaxPooling2D",
    ]
    assert record.layers[0].input_shape == (28, 28, 1)
    assert record.layers[2].output_shape == (14, 14, 4)
    assert record.layers[0].settings["kernel_size"] == [3, 3]
    assert record.optimizer["name"] == "RMSprop"
    assert record.optimizer["settings"]["rho"] == 0.9
    assert record.loss["name"] == "categorical_crossentropy"


def test_scores_follow_from_the_probabilities(trained: tuple[Any, Any, Record]) -> None:
    model, data, record = trained
    for part, x in (("test", data.test.x), ("validation", data.validation.x)):
        predictions = getattr(record, part)
        own = np.asarray(model(x, training=False))
        assert np.allclose(predictions.probabilities, own, atol=1e-5)
        right = predictions.probabilities[np.arange(len(own)), predictions.y_true]
        assert record.evaluation[part]["loss"] == pytest.approx(-np.log(right).mean(), abs=1e-5)
        assert record.evaluation[part]["accuracy"] == pytest.approx(
            (predictions.y_true == predictions.y_pred).mean()
        )


def test_the_history_has_rate_and_seconds(trained: tuple[Any, Any, Record]) -> None:
    _, _, record = trained
    assert set(record.history) == {"loss", "accuracy", "val_loss", "val_accuracy", "learning_rate", "seconds"}
    assert record.history["learning_rate"] == pytest.approx([0.001, 0.001])
    assert (record.history["seconds"] > 0).all()
    assert record.history["val_accuracy"][-1] == pytest.approx(record.evaluation["validation"]["accuracy"])


def test_the_record_survives_its_files(trained: tuple[Any, Any, Record]) -> None:
    _, _, record = trained
    files = to_files(record)
    assert to_files(from_files(files)) == files
