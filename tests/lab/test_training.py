"""Trainings with callbacks, schedules, other losses and first weights from another model, by real fits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.recordfile import digest, from_files, to_files
from reportgen.records import Record, Stopped, random_seed

pytestmark = [pytest.mark.kernel, pytest.mark.usefixtures("alone")]

SOFTMAX = "Dense(10, activation='softmax')"
SMALL = ("Flatten()", "Dense(12, activation='relu')", SOFTMAX)


@pytest.fixture(scope="module")
def data(alone: Path) -> Any:
    """A few digits."""
    from reportgen.lab import load_dataset

    whole = load_dataset("digits", validation=300, seed=1)
    few = replace(whole.train, x=whole.train.x[:256], y=whole.train.y[:256], index=whole.train.index[:256])
    return replace(whole, train=few)


def fitted(
    data: Any,
    layers: Sequence[str] = SMALL,
    *,
    optimizer: str = "SGD(0.1)",
    loss: str = "categorical_crossentropy",
    epochs: int = 3,
    **how: Any,
) -> tuple[Any, Any]:
    """A trained model and its history, as a notebook makes them."""
    import keras

    from reportgen.lab import build, build_optimizer, built, train

    keras.utils.set_random_seed(7)
    model = keras.Sequential([keras.Input(shape=data.input_shape)])
    for layer in built(layers, data.input_shape):
        model.add(layer)
    model.compile(optimizer=build_optimizer(optimizer, 0.01), loss=build(loss), metrics=["accuracy"])
    return model, train(model, data, batch_size=64, epochs=epochs, **how)


def recorded(model: Any, data: Any, history: Any) -> Record:
    """What the record of a training says, written to its files and read again."""
    from reportgen.lab.recording import observe
    from reportgen.lab.session import Session

    made = observe(model, data, history, Session(seed=7, started="2026-11-20T10:00:00+00:00"))
    again = from_files(to_files(made))
    assert digest(again) == digest(made)
    return again


@pytest.mark.parametrize(
    ("how", "rates"),
    [
        ({"schedule": "StepwisePerEpoch({1: 0.05, 3: 0.01})"}, [0.1, 0.05, 0.05, 0.01]),
        ({"schedule": "MultiplyEachEpoch({2: 0.1})"}, [0.1, 0.1, 0.01, 0.001]),
        ({"schedule": "ExponentialPerEpoch(0.5)"}, [0.1, 0.05, 0.025, 0.0125]),
        ({"schedule": "CosinePerEpoch(4)"}, [0.1, 0.0853553, 0.05, 0.0146447]),
        # 256 items in batches of 64: the rate halves after every step, and is noted at the first one.
        ({"optimizer": "SGD(ExponentialDecay(0.1, 4, 0.5))"}, [0.1, 0.05, 0.025, 0.0125]),
        # No loss falls by 9: the plateau acts after the second epoch, and the third begins with its rate.
        ({"callbacks": ["ReduceLROnPlateau(patience=1, min_delta=9, factor=0.5)"]}, [0.1, 0.1, 0.05, 0.025]),
    ],
)  # fmt: skip
def test_the_rate_of_an_epoch_is_the_one_it_begins_with(
    data: Any, how: dict[str, Any], rates: list[float]
) -> None:
    _, history = fitted(data, epochs=4, **how)
    assert history["learning_rate"] == pytest.approx(rates, rel=1e-5)
    assert history.stopped == Stopped(4)


def test_a_stop_puts_the_best_weights_back_and_the_record_says_which(data: Any) -> None:
    # The loss grows with the rate: the second epoch is not better than the first.
    grown = "StepwisePerEpoch({1: 900.0})"
    stop = "EarlyStopping(patience=2, restore_best_weights=True)"
    model, history = fitted(data, epochs=6, callbacks=[stop], schedule=grown)
    record = recorded(model, data, history)
    assert record.stopped == Stopped(6, "EarlyStopping", 1)
    assert (record.epochs, record.tested_epoch) == (3, 1)
    assert record.evaluation["validation"]["loss"] == pytest.approx(record.history["val_loss"][0], rel=1e-5)
    last, again = fitted(data, epochs=6, callbacks=[stop.replace("True", "False")], schedule=grown)
    kept = recorded(last, data, again)
    assert kept.stopped == Stopped(6, "EarlyStopping", None)
    assert kept.tested_epoch == 3
    assert kept.evaluation["validation"]["loss"] == pytest.approx(record.history["val_loss"][2], rel=1e-5)
    assert kept.weights != record.weights


@pytest.mark.parametrize("callbacks", [[], ["TerminateOnNaN()"]])
def test_a_training_that_diverges_is_no_result(data: Any, callbacks: list[str]) -> None:
    from reportgen.lab.refusal import CannotRun

    with pytest.raises(CannotRun, match=r"diverged.*from epoch 1 on\nuse a smaller learning rate"):
        fitted(data, optimizer="SGD(1e38)", epochs=2, callbacks=callbacks)


def test_class_numbers_and_logits_give_what_one_hot_labels_and_probabilities_do(data: Any) -> None:
    logits = ("Flatten()", "Dense(12, activation='relu')", "Dense(10)")
    model, history = fitted(data)
    usual = recorded(model, data, history)
    for layers, loss in (
        (SMALL, "sparse_categorical_crossentropy"),
        (SMALL, "SparseCategoricalCrossentropy()"),
        (logits, "CategoricalCrossentropy(from_logits=True)"),
        (logits, "SparseCategoricalCrossentropy(from_logits=True)"),
    ):
        other, curves = fitted(data, layers, loss=loss)
        record = recorded(other, data, curves)
        assert np.allclose(record.test.probabilities, usual.test.probabilities, atol=1e-4), loss
        assert record.test.probabilities.sum(axis=1) == pytest.approx(1, abs=1e-5)
        assert record.evaluation["test"]["loss"] == pytest.approx(usual.evaluation["test"]["loss"], rel=1e-4)
        assert curves["val_accuracy"] == pytest.approx(history["val_accuracy"], abs=0.005)


def test_binary_losses_of_logits_give_the_probability_of_each_class_alone(data: Any) -> None:
    logits = ("Flatten()", "Dense(10)")
    model, history = fitted(data, logits, loss="BinaryCrossentropy(from_logits=True)")
    record = recorded(model, data, history)
    own = 1 / (1 + np.exp(-np.asarray(model(data.test.x))))
    assert np.allclose(record.test.probabilities, own, atol=1e-5)
    assert record.evaluation["test"]["accuracy"] == pytest.approx(
        (record.test.y_true == record.test.y_pred).mean()
    )


def test_the_penalty_in_a_loss_is_what_regularisers_add(data: Any) -> None:
    layers = (
        "Flatten()",
        "Dense(12, activation='relu', kernel_regularizer=L2(0.01), activity_regularizer=L1(0.001))",
        SOFTMAX,
    )
    model, history = fitted(data, layers)
    record = recorded(model, data, history)
    kernel = np.asarray(model.layers[1].kernel)
    for part in ("test", "validation"):
        inputs = getattr(data, part).x.reshape(len(getattr(data, part).x), -1)
        active = np.maximum(inputs @ kernel + np.asarray(model.layers[1].bias), 0)
        by_hand = 0.01 * (kernel**2).sum() + 0.001 * np.abs(active).sum(axis=1).mean()
        assert record.penalty[part] == pytest.approx(by_hand, rel=1e-3)
        said = getattr(record, part)
        right = said.probabilities[np.arange(len(said.y_true)), said.y_true]
        assert record.error_loss(part) == pytest.approx(-np.log(right).mean(), abs=1e-4)


@pytest.mark.parametrize(
    "loss", ["categorical_crossentropy", "SparseCategoricalCrossentropy()", "CategoricalCrossentropy()"]
)
def test_a_penalty_stays_right_where_probabilities_are_all_but_none(data: Any, loss: str) -> None:
    layers = (
        "Flatten()",
        "Dense(12, activation='relu', activity_regularizer=L1(0.001))",
        "Dense(10, activation='softmax', kernel_regularizer=L2(0.001))",
    )
    model, history = fitted(data, layers, epochs=1, loss=loss)
    hidden, last = model.layers[1], model.layers[-1]
    last.set_weights([last.get_weights()[0] * 30, last.get_weights()[1]])
    record = recorded(model, data, history)
    images = data.test.x.reshape(len(data.test.x), -1).astype(np.float64)
    active = np.maximum(images @ np.asarray(hidden.kernel) + np.asarray(hidden.bias), 0)
    kernel = np.asarray(last.kernel, dtype=np.float64)
    scores = active @ kernel + np.asarray(last.bias)
    highest = scores.max(axis=1)
    right = scores[np.arange(len(scores)), data.test.labels]
    errors = highest + np.log(np.exp(scores - highest[:, None]).sum(axis=1)) - right
    assert errors.max() > -np.log(1e-7)
    penalty = 0.001 * (kernel**2).sum() + 0.001 * active.sum(axis=1).mean()
    assert record.penalty["test"] == pytest.approx(penalty, rel=1e-3)
    assert record.error_loss("test") == pytest.approx(errors.mean(), rel=1e-3)


def test_a_loss_without_regularisers_has_no_penalty(data: Any) -> None:
    model, history = fitted(data, epochs=1)
    assert recorded(model, data, history).penalty == {"test": 0.0, "validation": 0.0}


AUGMENTED = (
    "RandomRotation(0.05, fill_mode='nearest')",
    "RandomZoom(0.1)",
    *SMALL[:2],
    "Dropout(0.3)",
    SOFTMAX,
)


def test_augmentation_alters_images_in_training_only_and_the_same_way_each_time(data: Any) -> None:
    model, history = fitted(data, AUGMENTED)
    record = recorded(model, data, history)
    assert record.augmentation == 2
    assert np.array_equal(np.asarray(model.layers[0](data.test.x[:9], training=False)), data.test.x[:9])
    assert not np.array_equal(np.asarray(model.layers[0](data.test.x[:9], training=True)), data.test.x[:9])
    again, curves = fitted(data, AUGMENTED)
    assert recorded(again, data, curves).weights == record.weights
    assert {name: history[name] for name in ("loss", "val_loss")} == {
        name: curves[name] for name in ("loss", "val_loss")
    }


def given(monkeypatch: pytest.MonkeyPatch, folder: Path, **settings: Any) -> None:
    """Let the kernel make a run with these settings."""
    from reportgen.lab.session import Session

    session = Session(folder=folder, seed=7, started="2026-11-20T10:00:00+00:00", **settings)
    monkeypatch.setattr("reportgen.lab.session._session", session)


def test_a_kept_model_is_loaded_again_says_the_same_and_gives_its_weights_to_another(
    data: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import keras

    from reportgen.lab import record

    layers = ("RandomZoom(0.1)", "GrayscaleToRGB()", "Conv2D(4, 3)", "BatchNormalization()", *SMALL)
    given(monkeypatch, tmp_path, keep_model=True)
    model, history = fitted(data, layers, optimizer="Adam(0.003)", epochs=1)
    record(model, data, history)
    made = from_files({name: (tmp_path / name).read_bytes() for name in ("record.json", "arrays.npz")})
    loaded = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    scores = loaded.evaluate(data.test.x, data.test.y, batch_size=1000, verbose=0, return_dict=True)
    assert {name: scores[name] for name in ("loss", "accuracy")} == made.evaluation["test"]

    initial = {"path": str(tmp_path / "model.keras"), "key": "ab" * 32, "row": "first"}
    (tmp_path / "second").mkdir()
    given(monkeypatch, tmp_path / "second", initial=initial)
    plain = [layer for layer in layers if not layer.startswith("Random")]  # which has no weights
    resumed, onwards = fitted(data, plain, optimizer="SGD(1e-30)", epochs=1)
    assert onwards.initial == {"key": "ab" * 32, "weights": made.weights}
    kernels = [np.asarray(each.layers[-1].kernel) for each in (model, resumed)]
    assert np.array_equal(kernels[0], kernels[1])


def test_a_run_that_starts_from_another_draws_numbers_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reportgen.lab import prepare

    def drawn(seed: int, key: str | None) -> float:
        settings = {} if key is None else {"initial": {"path": "model.keras", "key": key, "row": "first"}}
        given(monkeypatch, tmp_path, **settings)
        prepare(seed)
        return float(np.random.rand())

    plain, first = drawn(0, None), drawn(0, "ab" * 32)
    assert plain != first
    assert first == drawn(0, "ab" * 32)
    assert len({plain, first, drawn(1, "ab" * 32), drawn(0, "cd" * 32)}) == 4
    assert random_seed(0, {"key": "ab" * 32}) == 0x9000FDF1  # of stored runs: it must not change


def damaged(path: Path) -> None:
    path.write_bytes(b"no archive")


@pytest.mark.parametrize(
    ("layers", "harm", "words"),
    [
        (("Flatten()", "Dense(13, activation='relu')", SOFTMAX), None, "layer 1 with weights is Dense"),
        (("Flatten()", SOFTMAX), None, "layer 1 with weights"),
        ((*SMALL[:2], "BatchNormalization()", SOFTMAX), None, "layer 2 with weights"),
        (SMALL, damaged, "cannot be loaded"),
    ],
)
def test_first_weights_of_another_architecture_are_refused(
    data: Any,
    layers: Sequence[str],
    harm: Callable[[Path], None] | None,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import keras

    from reportgen.lab import built
    from reportgen.lab.refusal import CannotRun

    source, path = keras.Sequential([keras.Input(shape=data.input_shape)]), tmp_path / "first.keras"
    for layer in built(SMALL, data.input_shape):
        source.add(layer)
    source.save(path)
    if harm is not None:
        harm(path)
    given(monkeypatch, tmp_path, initial={"path": str(path), "key": "ab" * 32, "row": "first"})
    with pytest.raises(CannotRun, match=f"the model of first .*{words}"):
        fitted(data, layers, epochs=1)


def test_a_file_of_another_kind_than_a_model_runs_nothing(
    data: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keras would run a Lambda's code on loading, were it not told to refuse."""
    import keras

    from reportgen.lab.refusal import CannotRun

    source = keras.Sequential([keras.Input(shape=data.input_shape), keras.layers.Lambda(lambda x: x + 1)])
    source.save(tmp_path / "first.keras")
    initial = {"path": str(tmp_path / "first.keras"), "key": "ab" * 32, "row": "first"}
    given(monkeypatch, tmp_path, initial=initial)
    with pytest.raises(CannotRun, match=r"cannot be loaded.*[Ll]ambda"):
        fitted(data, epochs=1)
