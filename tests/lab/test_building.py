"""Layers, optimisers, losses and callbacks from texts: what Keras itself makes of the same words, and refusals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytestmark = [pytest.mark.kernel, pytest.mark.usefixtures("alone")]


def model_of(texts: list[str], shape: tuple[int, ...] = (28, 28, 1)) -> Any:
    """The model that a notebook builds."""
    import keras

    from reportgen.lab import built

    model = keras.Sequential([keras.Input(shape=shape)])
    for layer in built(texts, shape):
        model.add(layer)
    return model


def plain(thing: Any) -> Any:
    """A configuration without the names that Keras counts up."""
    return {name: value for name, value in thing.get_config().items() if name not in ("name", "build_config")}


def test_a_text_gives_what_keras_gives() -> None:
    import keras

    from reportgen.lab.building import build, built

    layers = keras.layers
    pairs = {
        "Conv2D(32, (3, 3), padding='same', activation='relu')": layers.Conv2D(
            32, 3, padding="same", activation="relu"
        ),
        "Dense(8, kernel_initializer=HeNormal(), kernel_regularizer=L1L2(1e-5, 1e-4), bias_constraint=MaxNorm(2))": layers.Dense(
            8,
            kernel_initializer=keras.initializers.HeNormal(),
            kernel_regularizer=keras.regularizers.L1L2(1e-5, 1e-4),
            bias_constraint=keras.constraints.MaxNorm(2),
        ),
        "Dense(8, bias_initializer=Constant(0.1))": layers.Dense(
            8, bias_initializer=keras.initializers.Constant(0.1)
        ),
        "Rescaling(1/255, offset=-1)": layers.Rescaling(1 / 255, offset=-1),
        "RandomTranslation((-0.1, 0.2), 0.1, fill_mode='nearest')": layers.RandomTranslation(
            (-0.1, 0.2), 0.1, fill_mode="nearest"
        ),
    }
    for text, expected in pairs.items():
        (layer,) = built([text], (28, 28, 1))
        assert type(layer) is type(expected)
        assert str(plain(layer)) == str(plain(expected)), text
    nadam = build("Nadam(CosineDecay(1e-3, 100), beta_1=0.8)")
    assert float(nadam.learning_rate) == pytest.approx(1e-3)
    assert nadam.beta_1 == 0.8
    stop = build("EarlyStopping(monitor='val_accuracy', patience=3, restore_best_weights=True)")
    assert (stop.monitor, stop.patience, stop.restore_best_weights) == ("val_accuracy", 3, True)
    assert build("categorical_crossentropy") == "categorical_crossentropy"
    assert build(None) is None


def test_the_rate_of_an_optimiser_is_its_own_or_the_notebooks() -> None:
    from reportgen.lab import build_optimizer

    for text, rate, name in (("rmsprop", 0.02, "RMSprop"), ("SGD(0.5, momentum=0.9)", 0.5, "SGD")):
        optimizer = build_optimizer(text, 0.02)
        assert type(optimizer).__name__ == name
        assert float(optimizer.learning_rate) == pytest.approx(rate)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("__import__('os').mkdir('evil')", "no name"),
        ("Dense(open('evil', 'w'))", "Keras .* has no open"),
        ("Dense(units)", "without a value"),
        ("Dense", "no layer"),
        ("Denze(3)", "Keras .* has no Denze"),
        ("MobileNetV2(include_top=False)", "ImageNet weights are not on this machine\nput mobilenet_v2.*1.0_224"),
        ("MobileNetV2(include_top=False, weights='own.h5')", "no file of weights"),
        ("MobileNetV2(include_top=False, weights='wrong.h5')", "cannot be loaded"),
    ],
)  # fmt: skip
def test_what_cannot_be_built_is_said_and_nothing_runs(text: str, words: str) -> None:
    from reportgen.lab.refusal import CannotRun

    Path("wrong.h5").write_bytes(b"no HDF5")
    with pytest.raises(CannotRun, match=words):
        model_of([text], (32, 32, 3))
    assert not Path("evil").exists()


def test_one_value_holds_for_every_layer_and_a_list_for_one_each() -> None:
    from reportgen.lab import per_layer
    from reportgen.lab.refusal import CannotRun

    assert per_layer("relu", [30, 20]) == ["relu", "relu"]
    assert per_layer([0.5, 0], [30, 20]) == [0.5, 0]
    with pytest.raises(CannotRun, match="1 entries for 2 layers"):
        per_layer(["relu"], [30, 20])


def test_a_network_for_photographs_takes_padded_grey_images_and_its_weights_from_a_file() -> None:
    import keras

    front = ["ZeroPadding2D(2)", "GrayscaleToRGB()", "Rescaling(2, offset=-1)"]
    back = ["GlobalAveragePooling2D()", "Dense(10, activation='softmax')"]
    source = keras.applications.MobileNetV2(
        input_shape=(32, 32, 3), alpha=0.35, include_top=False, weights=None
    )
    source.save_weights("own.weights.h5")
    text = "MobileNetV2(alpha=0.35, include_top=False, weights='own.weights.h5', trainable=False)"
    model = model_of([*front, text, *back])
    network = model.layers[3]
    assert network.input_shape[1:] == (32, 32, 3)
    for ours, theirs in zip(network.get_weights(), source.get_weights(), strict=True):
        assert np.array_equal(ours, theirs)
    assert [tuple(v.shape) for v in model.trainable_variables] == [(1280, 10), (10,)]
    images = np.linspace(0, 1, 28 * 28, dtype=np.float32).reshape(1, 28, 28, 1)
    seen = np.asarray(keras.Sequential(model.layers[:3])(images))
    assert seen.shape == (1, 32, 32, 3)
    assert np.array_equal(seen[..., 0], seen[..., 2])
    assert (seen.min(), seen.max()) == (-1.0, 1.0)
